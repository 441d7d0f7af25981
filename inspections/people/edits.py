"""Changes to single people, offices, ties and relatives, each with its journal entry. No plan is touched."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.people.models import Kin, Person, RecusalKind, Tie
from inspections.people.stock import Stock
from inspections.people.tie_rules import tie_faults
from inspections.refusal import Refusal
from inspections.units.entries import EntryFault
from inspections.units.models import Unit


def add_tie(session: orm.Session, person: Person, values: Mapping[str, Any], actor: Any) -> Tie:
    """The new tie of the person. `values`: object (code of a unit or person, or a unit's name), kind,
    evidence, valid_from, valid_to, hard (None: as the kind says).

    Raises Refusal for what a roster file may not say either, an unknown object, and a tie that exists.
    """
    kind = session.get_one(RecusalKind, values["kind"])
    unit, other = _object(session, values["object"])
    code = unit.code if unit else other.code if other else ""
    for sentence in tie_faults({**values, "object": code, "person": person.code}).values():
        raise Refusal(f"{sentence}。")
    if any(tie.kind is kind and tie.unit is unit and tie.other is other for tie in person.ties):
        raise Refusal("这一回避关系已经登记，不能重复登记。")
    hard = kind.strength != "soft" if values["hard"] is None else values["hard"]
    tie = Tie(
        person=person,
        unit=unit,
        other=other,
        kind=kind,
        hard=hard,
        evidence=values["evidence"],
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
    )
    session.add(tie)
    session.flush()
    journal.record(session, "tie.add", person.uuid, actor, kind=kind.code, object=code, hard=hard)
    return tie


def remove_tie(session: orm.Session, tie: Tie, actor: Any) -> Person:
    """The person, who now has one tie less; what it was stays in the journal."""
    person, target = tie.person, tie.unit or tie.other
    code = target.code if target else ""
    journal.record(
        session, "tie.remove", person.uuid, actor, kind=tie.kind_code, object=code, evidence=tie.evidence
    )
    session.delete(tie)
    session.flush()
    return person


def add_kin(session: orm.Session, person: Person, values: Mapping[str, Any], actor: Any) -> Kin:
    """The new relative: term, relative_name, unit (code or name), post. Raises Refusal as `add_tie` does."""
    unit, _ = _object(session, values["unit"])
    if unit is None:
        raise Refusal("任职单位应为已有的单位编号或名称。")
    told = (values["term"], values["relative_name"], unit)
    if any((kin.term, kin.relative_name, kin.unit) == told for kin in person.kin):
        raise Refusal("这位亲属已经登记，不能重复登记。")
    kin = Kin(person=person, term=told[0], relative_name=told[1], unit=unit, post=values["post"])
    session.add(kin)
    session.flush()
    journal.record(session, "kin.add", person.uuid, actor, term=kin.term, unit=unit.code)
    return kin


def remove_kin(session: orm.Session, kin: Kin, actor: Any) -> Person:
    """The person, who now has one relative less on record. The journal does not keep the relative's name."""
    person = kin.person
    journal.record(session, "kin.remove", person.uuid, actor, term=kin.term, unit=kin.unit.code)
    session.delete(kin)
    session.flush()
    return person


def _object(session: orm.Session, entry: str) -> tuple[Unit | None, Person | None]:
    try:
        code = Stock(session).directory().find("object", entry)
    except EntryFault as fault:
        raise Refusal(f"{fault}。") from None
    person = session.scalar(select(Person).where(Person.code == code))
    return (None, person) if person else (session.scalars(select(Unit).where(Unit.code == code)).one(), None)
