"""Reads the problems that 督办单, 转办单 and 建议书 are about from the register and the campaigns."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import orm, select

from inspections.database import today
from inspections.documents.models import Paper
from inspections.documents.wording import content_chasing
from inspections.documents.wording.content import outgoing
from inspections.documents.wording.facts import full_name, kind_of_problem, sender_of
from inspections.fieldwork.models import Deadline
from inspections.findings.models import Finding
from inspections.followup import sorting
from inspections.followup.models import Item
from inspections.followup.rulebook import STATES
from inspections.naming.masking import unnamed
from inspections.typesetting.letter import Letter, gap

ADVICE = "DL-10"
#: 多地做法: 自收到建议书之日起七日内提出异议
OBJECTION_DAYS = 7


def reminder(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 督办单 about the papers' problems as the register has them on `day` (today in a draft)."""
    on = day or today()
    chased = []
    for item in items_of(session, paper):
        late = (on - item.due).days
        title = outgoing(item.title)
        chased.append(
            content_chasing.Chased(item.unit.name, title, item.letter, item.due, late, STATES[item.state])
        )
    sender = sender_of(session, paper, (f"中共{paper.township.name}委员会",), number, day)
    until = _day(paper.wording.get("report_by"))
    return content_chasing.reminder(
        sender, paper.township.name, chased, until, unnamed(paper.wording.get("appraisal", ""))
    )


def transfer(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 转办单 about the one problem of the paper."""
    [finding] = paper.findings
    said, office = finding.current, paper.wording.get("to") or _office(session, finding)
    problem = content_chasing.Transferred(
        unit=finding.posting.unit.name,
        paper_number=finding.number,
        description=outgoing(said.summary),
        basis=outgoing(said.basis),
    )
    until, demand = _day(paper.wording.get("report_by")), unnamed(paper.wording.get("appraisal", ""))
    sender = sender_of(session, paper, (office,) if office else (), number, day)
    return content_chasing.transfer(sender, problem, office, until, demand)


def advice(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 建议书 about a kind of problem that several units of the round share."""
    findings, wording = paper.findings, paper.wording
    units = list(dict.fromkeys(finding.posting.unit.name for finding in findings))
    problem = kind_of_problem(session, wording.get("category", ""))
    visited = sorting.visited(session, paper.round) if paper.round else len(units)
    limit = session.get(Deadline, ADVICE)
    sender = sender_of(session, paper, (wording["to"],) if wording.get("to") else (), number, day)
    return content_chasing.advice(
        sender,
        round_name=full_name(paper.round) if paper.round else gap("轮次"),
        problem=problem,
        units=units,
        of_units=max(visited, len(units)),
        amount=sum((finding.current.amount or Decimal(0) for finding in findings), Decimal(0)),
        cause=unnamed(wording.get("appraisal", "")),
        suggestions=tuple(map(unnamed, wording.get("suggestions", ()))),
        reply_days=limit.offset if limit else 30,
        objection_days=OBJECTION_DAYS,
    )


def items_of(session: orm.Session, paper: Paper) -> Sequence[Item]:
    """The problems in the register behind the paper's findings, the longest due first."""
    wanted = select(Item).where(
        Item.finding_id.in_([finding.id for finding in paper.findings]), Item.state != "withdrawn"
    )
    return session.scalars(wanted.order_by(Item.due, Item.id)).all()


def _office(session: orm.Session, finding: Finding) -> str:
    """The department that the register or the sorting names for this problem."""
    item = session.scalar(
        select(Item).where(Item.finding_id == finding.id, Item.office != "").order_by(Item.id.desc()).limit(1)
    )
    return item.office if item is not None else sorting.as_sorted(session, finding).office


def _day(words: str | None) -> dt.date | None:
    return dt.date.fromisoformat(words) if words else None
