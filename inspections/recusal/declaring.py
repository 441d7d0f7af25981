"""A member's answer before a cycle: what is declared applies at once; an answer without any tie is an answer.

It registers ties and relatives through people/edits, as a planner does.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.people import edits
from inspections.people.models import Kin, Person, Tie
from inspections.recusal.models import Declaration
from inspections.site.refusal import Refusal

#: what a member may say of oneself; the others follow from the roster, the plan or a decision
DECLARABLE = (
    "RC-03",
    "RC-10",
    "RC-11",
    "RC-12",
    "RC-13",
    "RC-14",
    "RC-15",
    "RC-16",
    "RC-17",
    "RC-20",
    "RC-22",
    "RC-25",
    "RC-26",
)


def declare_tie(session: orm.Session, person: Person, values: Mapping[str, Any], actor: User) -> Tie:
    """The new tie, in force at once. Raises Refusal as edits.add_tie does, and for a kind not one's own."""
    if values["kind"] not in DECLARABLE:
        raise Refusal("这一种回避关系不由本人申报。")
    return edits.add_tie(session, person, {**values, "hard": None}, actor, source="self")


def declare_kin(session: orm.Session, person: Person, values: Mapping[str, Any], actor: User) -> Kin:
    """The new relative; what follows from it is in force at once. Raises Refusal as edits.add_kin does."""
    return edits.add_kin(session, person, values, actor, source="self")


def said_by(person: Person) -> list[str]:
    """What stands on record as the person's own word, without names of relatives."""
    ties = [
        f"{tie.kind.name}：{(tie.unit or tie.other).called}"  # type: ignore[union-attr]
        for tie in person.ties
        if tie.source == "self"
    ]
    return sorted(ties) + sorted(f"亲属（{kin.term}）：{kin.unit.called}" for kin in person.kin)


def facts_of(person: Person) -> list[str]:
    """The same and what else bars the person, as codes: what must not change for an answer to hold on."""
    ties = [f"{tie.kind_code} {(tie.unit or tie.other).code}" for tie in person.ties]  # type: ignore[union-attr]
    kin = [f"{kin.term} {kin.unit.code}" for kin in person.kin]
    home = person.home_unit.code if person.home_unit else ""
    return [f"@{person.office.code} {home}", *sorted(ties), *sorted(kin)]


def answer(
    session: orm.Session,
    cycle_id: int,
    subject: UUID,
    person: Person,
    actor: User,
    nil: bool,
    on_paper: bool = False,
) -> Declaration:
    """The person's answer before the cycle; `subject` is the cycle's random name, for the journal.

    Raises Refusal for a nil return beside something declared, and for the reverse.
    """
    said = said_by(person)
    if nil and said:
        raise Refusal("已登记了亲属或回避关系，不能作“无”申报；请选择“以上已全部申报”。")
    if not nil and not said:
        raise Refusal("还没有登记任何亲属或回避关系；没有的，请选择“没有需要申报的关系”。")
    row = Declaration(
        cycle_id=cycle_id,
        person=person,
        nil=nil,
        said=said,
        facts=facts_of(person),
        on_paper=on_paper,
        answered_by_id=actor.id,
    )
    session.add(row)
    session.flush()
    told = {"person": person.code, "nil": nil, "on_paper": on_paper}
    journal.record(session, "declaration.answer", subject, actor, **told)
    return row
