"""Turns an issued letter into items of the register, takes its receipt, keeps its filing number (备案).

The letter itself is made in `documents`, which calls here when it is issued or replaced.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.findings.models import Finding
from inspections.followup import deadlines, rectification, sorting
from inspections.followup.models import DISPATCHES, Filing, Item, ItemStep
from inspections.followup.rectification import Act
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit


class Told(NamedTuple):
    """What a letter says of one problem: what was found, by which rule."""

    found: str
    basis: str


def hand_over(
    session: orm.Session,
    paper_id: int,
    letter: str,
    findings: Iterable[Finding],
    served_on: dt.date,
    actor: User,
    due: Mapping[str, dt.date] | None = None,
    at: dt.datetime | None = None,
    words: Mapping[str, Told] | None = None,
) -> list[Item]:
    """One item per working paper of an issued letter; again for the same letter changes nothing.

    `letter` is its document number, `due` the day that the letter gives a paper's number, where it gives one,
    `at` when it was issued, `words` what it says of a paper's problem.
    """
    known = {item.finding_id: item for item in session.scalars(select(Item).where(Item.paper_id == paper_id))}
    made = []
    for finding in findings:
        if finding.id in known:
            continue
        row = sorting.as_sorted(session, finding)
        told = (words or {}).get(finding.number, Told("", ""))
        limit = deadlines.to_put_right(session, row.severity, row.way, served_on)
        plan_due = deadlines.limit(session, deadlines.PLAN, served_on).day
        given = (due or {}).get(finding.number)
        day = given or limit.day
        item = Item(
            finding=finding,
            paper_id=paper_id,
            letter=letter,
            unit_id=finding.unit_id,
            township_id=finding.posting.unit.area_id,
            title=finding.current.title,
            category=row.category,
            severity=row.severity,
            responsible=row.responsible,
            way=row.way,
            office=row.office,
            found=told.found,
            basis=told.basis,
            served_on=served_on,
            plan_due=min(plan_due, day),
            due=day,
            due_basis=limit.basis if given in (None, limit.day) else f"{letter}载明",
        )
        session.add(item)
        session.flush()
        step = ItemStep(item_id=item.id, action="hand_over", state="issued", actor_id=actor.id, text=letter)
        step.at = at or now()
        session.add(step)
        session.flush()
        journal.record(session, "item.hand_over", item.uuid, actor, letter=letter)
        made.append(item)
    return made


def sign_receipt(session: orm.Session, paper_id: int, actor: User, receiver: str = "") -> list[Item]:
    """The items of the letter that its recipient has now signed for; those signed before stay as they are."""
    waiting = select(Item).where(Item.paper_id == paper_id, Item.state == "issued").order_by(Item.id)
    items = list(session.scalars(waiting))
    for item in items:
        rectification.act(session, item, "sign_receipt", actor, item.version, Act(text=receiver))
    return items


def take_over(
    session: orm.Session, old_paper: int, new_paper: int, letter: str, findings: Collection[int]
) -> None:
    """Nothing; the items of the old letter about these findings (ids) belong to the new one as they are."""
    wanted = select(Item).where(Item.paper_id == old_paper, Item.finding_id.in_(findings))
    for item in session.scalars(wanted):
        item.paper_id, item.letter = new_paper, letter
    session.flush()


def dispatch(
    session: orm.Session, item: Item, how: str, office: str, actor: User, partners: Sequence[Unit] = ()
) -> None:
    """Nothing; the item goes by 领办, 转办 (to an office) or 督办 (河西区“三办”), with units that help.

    Raises Refusal.
    """
    if how not in DISPATCHES:
        raise Refusal("请选择领办、转办或督办。")
    if not item.is_open:
        raise Refusal("已销号或已撤销的问题不再分办。")
    if how == "transfer" and not office.strip():
        raise Refusal("转办请写明承办部门。")
    if any(unit.id == item.unit_id for unit in partners):
        raise Refusal(f"{item.unit.name}是牵头单位，不必再列为配合单位。")
    item.partners = list(partners)
    item.dispatch, item.office = how, office.strip() if how == "transfer" else item.office
    session.flush()
    journal.record(
        session,
        "item.dispatch",
        item.uuid,
        actor,
        how=DISPATCHES[how],
        office=item.office,
        with_=[unit.name for unit in partners],
    )


def file(session: orm.Session, paper_id: int, number: str, filed_on: dt.date, to: str, actor: User) -> Filing:
    """The letter's filing (反馈交办问题备案), once. Raises Refusal, or Conflict for a second."""
    if not number.strip() or not to.strip():
        raise Refusal("请填写备案编号和备案部门。")
    items = list(session.scalars(select(Item).where(Item.paper_id == paper_id)))
    if not items:
        raise Refusal("这份文书没有交办问题，无需备案。")
    if filed_on < min(item.served_on for item in items):
        raise Refusal("备案日期不能早于交办日期。")
    known = session.scalar(select(Filing).where(Filing.paper_id == paper_id))
    if known is not None:
        raise Conflict(f"这份文书已备案：{known.number}。")
    filing = Filing(
        paper_id=paper_id, number=number.strip(), filed_on=filed_on, to=to.strip(), actor_id=actor.id
    )
    session.add(filing)
    session.flush()
    journal.record(session, "paper.file", None, actor, number=filing.number)
    return filing
