"""A place answers a whole letter at once: the meeting, who answers for it, measures for each problem.

What each problem gets is the same step as on its own page; the letter's plan adds the signed page.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.followup import rectification
from inspections.followup.models import Item, LetterPlan
from inspections.followup.proofs import Received
from inspections.followup.rectification import Act
from inspections.site.refusal import Refusal

#: what still wants a plan; a problem put right at once may be reported without one
WANTING = ("issued", "received", "reopened")


@dataclass(frozen=True, slots=True)
class Line:
    """What is planned for one problem."""

    measures: str = ""
    persons: str = ""
    until: dt.date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.measures.strip() or self.persons.strip() or self.until)


def wanting(session: orm.Session, within: Sequence[Item]) -> list[Item]:
    """Those of the letter's problems that still want a plan."""
    return [item for item in within if item.state in WANTING]


def submit(
    session: orm.Session,
    paper_id: int,
    lines: Mapping[Item, Line],
    held_on: dt.date | None,
    leader: str,
    page: Received | None,
    actor: User,
) -> LetterPlan:
    """The letter's plan; each problem stands where its own plan would bring it, all of them or none.

    `lines` has every problem that wants a plan. Raises Refusal naming the problem and what it lacks.
    """
    if not lines:
        raise Refusal("这份文书没有等待报送方案的问题。")
    first = min(item.served_on for item in lines)
    if held_on is None or not first <= held_on <= today():
        raise Refusal(f"研究整改的党委（党组）会日期应在交办日 {first} 和今天之间。")
    if not leader.strip():
        raise Refusal("请填写负责整改的班子成员。")
    if page is None:
        raise Refusal("请上传盖章或者签名的方案扫描件（照片或 PDF）。")
    for number, (item, line) in enumerate(lines.items(), 1):
        if line.is_empty and item.way == "at_once":
            continue
        if item.state == "issued":
            rectification.act(session, item, "sign_receipt", actor, item.version, Act())
        told = Act(
            measures=line.measures.strip(),
            persons=line.persons.strip(),
            until=line.until,
            held_on=held_on,
            leader=leader.strip(),
        )
        try:
            rectification.act(session, item, "submit_plan", actor, item.version, told)
        except Refusal as refusal:
            raise Refusal(f"第 {number} 个问题（{item.unit.name}：{item.title}）：{refusal}") from None
    plan = LetterPlan(
        paper_id=paper_id,
        held_on=held_on,
        leader=leader.strip(),
        name=page.name,
        media_type=page.media_type,
        data=page.data,
        sha256=page.sha256,
        actor_id=actor.id,
    )
    session.add(plan)
    session.flush()
    journal.record(session, "letter.plan", plan.uuid, actor, problems=len(lines))
    return plan


def plans_of(session: orm.Session, paper_id: int | None) -> Sequence[LetterPlan]:
    """The plans that came for the letter, the newest first."""
    wanted = select(LetterPlan).where(LetterPlan.paper_id == paper_id).order_by(LetterPlan.id.desc())
    return session.scalars(wanted).all()
