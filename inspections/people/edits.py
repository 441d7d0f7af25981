"""Changes to single people, offices, ties and relatives, each with its journal entry. No plan is touched."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.naming.names import key
from inspections.people.models import KeyPost, Kin, KinSet, Person, RecusalKind, Tie
from inspections.people.stock import Stock
from inspections.people.tie_rules import tie_faults
from inspections.site.refusal import Refusal
from inspections.units.entries import EntryFault
from inspections.units.models import Unit


def add_tie(
    session: orm.Session, person: Person, values: Mapping[str, Any], actor: Any, source: str = "planner"
) -> Tie:
    """The new tie of the person. `values`: object (code of a unit or person, or a unit's name), kind,
    evidence, valid_from, valid_to, hard (None: as the kind says), through (near relative, RC-10 only).

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
        source=source,
        through=values.get("through") or "",
    )
    session.add(tie)
    session.flush()
    told = {"kind": kind.code, "object": code, "hard": hard, "source": source}
    journal.record(session, "tie.add", person.uuid, actor, **told)
    return tie


def remove_tie(session: orm.Session, tie: Tie, reason: str, actor: Any) -> Person:
    """The person, who now has one tie less; what it was and why it went stay in the journal.

    Raises Refusal without a reason.
    """
    person, target = tie.person, tie.unit or tie.other
    told = {"kind": tie.kind_code, "object": target.code if target else "", "evidence": tie.evidence}
    journal.record(session, "tie.remove", person.uuid, actor, **told, reason=_given(reason))
    session.delete(tie)
    session.flush()
    return person


def add_kin(
    session: orm.Session, person: Person, values: Mapping[str, Any], actor: Any, source: str = "planner"
) -> Kin:
    """The new relative: term, relative_name, unit (code or name), post. Raises Refusal as `add_tie` does."""
    unit, _ = _object(session, values["unit"])
    if unit is None:
        raise Refusal("任职单位应为已有的单位名称。")
    told = (values["term"], values["relative_name"], unit)
    known = {(kin.term, kin.relative_key, kin.unit) for kin in person.kin}
    if (told[0], key(told[1]), unit) in known:
        raise Refusal("这位亲属已经登记，不能重复登记。")
    kin = Kin(
        person=person, term=told[0], relative_name=told[1], unit=unit, post=values["post"], source=source
    )
    session.add(kin)
    session.flush()
    journal.record(session, "kin.add", person.uuid, actor, term=kin.term, unit=unit.code, source=source)
    return kin


def remove_kin(session: orm.Session, kin: Kin, reason: str, actor: Any) -> Person:
    """The person, who now has one relative less on record. The journal does not keep the relative's name.

    Raises Refusal without a reason.
    """
    person = kin.person
    told = {"term": kin.term, "unit": kin.unit.code, "reason": _given(reason)}
    journal.record(session, "kin.remove", person.uuid, actor, **told)
    session.delete(kin)
    session.flush()
    return person


def add_key_post(session: orm.Session, unit: Unit, values: Mapping[str, Any], actor: Any) -> KeyPost:
    """The new holder of a key post of the unit: post, name, valid_from, valid_to. Refusal when it exists."""
    held = select(KeyPost.id).where(KeyPost.unit_id == unit.id, KeyPost.post == values["post"])
    if session.scalar(held.where(KeyPost.name_key == key(values["name"]))) is not None:
        raise Refusal("这一任职已经登记，不能重复登记。")
    if values["valid_from"] and values["valid_to"] and values["valid_to"] < values["valid_from"]:
        raise Refusal("止的日期早于起的日期。")
    row = KeyPost(unit=unit, **values)
    session.add(row)
    session.flush()
    journal.record(session, "key_post.add", unit.uuid, actor, post=row.post)
    return row


def end_key_post(session: orm.Session, row: KeyPost, reason: str, actor: Any) -> Unit:
    """The unit; the holder is off its register, and why stands in the journal. Refusal without a reason."""
    unit = row.unit
    journal.record(session, "key_post.remove", unit.uuid, actor, post=row.post, reason=_given(reason))
    session.delete(row)
    session.flush()
    return unit


def choose_kin_set(session: orm.Session, chosen: str, reason: str, actor: Any) -> None:
    """Nothing; these relatives count from the next plan on. Raises Refusal without a reason."""
    session.add(KinSet(chosen=chosen, reason=_given(reason), chosen_by_id=actor.id if actor else None))
    session.flush()
    journal.record(session, "kin_set.choose", None, actor, chosen=chosen, reason=reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refusal("请写明理由。")
    return reason.strip()


def _object(session: orm.Session, entry: str) -> tuple[Unit | None, Person | None]:
    try:
        code = Stock(session).directory().find("object", entry)
    except EntryFault as fault:
        raise Refusal(f"{fault}。") from None
    person = session.scalar(select(Person).where(Person.code == code))
    return (None, person) if person else (session.scalars(select(Unit).where(Unit.code == code)).one(), None)
