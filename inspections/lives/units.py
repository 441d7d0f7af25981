"""Units come, are renamed, joined, divided and given up: each an event with a day.

Whoever was barred from a unit is barred from what it went into: ties, homes, relatives and key posts go on to
the successors. Records of the past stay with the unit and its name of that day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.lives.models import UnitEvent
from inspections.lives.people import SAME_HOME, widen
from inspections.naming.names import key
from inspections.people.codes import Codes
from inspections.people.models import KeyPost, Kin, Person, Tie
from inspections.people.sheets import UNITS
from inspections.site.refusal import Refusal
from inspections.units.models import Area, FormerName, Unit


@dataclass(frozen=True)
class NewUnit:
    """A unit that comes to be: what and where it is, from which day, by which document."""

    name: str
    kind: str
    area: Area
    day: dt.date
    basis: str = ""


def add(session: orm.Session, new: NewUnit, actor: User | None) -> Unit:
    """The new unit, with a code of the system's own. Raises Refusal for a name that the township has."""
    taken = select(Unit.id).where(
        Unit.area == new.area, Unit.name_key == key(new.name), Unit.ended_on.is_(None)
    )
    if session.scalar(taken) is not None:
        raise Refusal(f"{new.area.name}已有{new.name}。")
    codes = Codes(UNITS.name, [])
    code = codes.of(new.name, new.area.code)
    while session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        code = codes.of(new.name, new.area.code)
    unit = Unit(code=code, name=new.name, kind=new.kind, area=new.area)
    session.add(unit)
    session.flush()
    _happened(session, UnitEvent(unit=unit, kind="added", day=new.day, basis=new.basis), actor)
    session.refresh(unit, ["namesakes"])
    return unit


def rename(
    session: orm.Session, unit: Unit, name: str, day: dt.date, actor: User | None, basis: str = ""
) -> UnitEvent:
    """The event; lists and papers from the day on have the new name. Raises Refusal for a day to come, for
    the name it has, and for one that a neighbour has."""
    _standing(unit)
    if day > today():
        raise Refusal("更名的日期还没有到，请到当天再登记。")
    if key(name) == unit.name_key:
        raise Refusal("新名称与现在的名称相同。")
    taken = select(Unit.id).where(
        Unit.area_id == unit.area_id, Unit.name_key == key(name), Unit.ended_on.is_(None)
    )
    if session.scalar(taken) is not None:
        raise Refusal(f"{unit.area.name}已有{name}。")
    former = unit.name
    unit.former_names.append(FormerName(name=former, until=day))
    unit.name = name
    return _happened(session, UnitEvent(unit=unit, kind="renamed", day=day, words=former, basis=basis), actor)


def join(
    session: orm.Session, gone: Sequence[Unit], into: Unit, day: dt.date, actor: User | None, basis: str = ""
) -> list[UnitEvent]:
    """An event for each unit that goes into `into` and is no longer inspected by itself from the day on.

    Raises Refusal for a unit that would go into itself, or one of another township.
    """
    _standing(into)
    for unit in gone:
        _standing(unit)
        if unit is into:
            raise Refusal("单位不能并入自己。")
        if unit.area_id != into.area_id:
            raise Refusal(f"{unit.called}不在{into.area.name}，不能并入{into.name}。")
    if not gone:
        raise Refusal("请写明并入的单位。")
    events = []
    for unit in gone:
        _hand_on(session, unit, [into])
        unit.ended_on = day
        event = UnitEvent(unit=unit, other=into, kind="joined", day=day, basis=basis)
        events.append(_happened(session, event, actor))
    return events


def divide(session: orm.Session, unit: Unit, parts: Sequence[NewUnit], actor: User | None) -> list[UnitEvent]:
    """An event for each new unit; the old one is no longer inspected from the day on.

    Nobody knows yet in which part a relative or a member lives: each part bars as the whole did. Raises
    Refusal for fewer than two parts.
    """
    _standing(unit)
    if len({key(part.name) for part in parts}) < 2:
        raise Refusal("请写明拆分成的至少两个单位，用、分隔。")
    unit.ended_on = parts[0].day
    session.flush()
    made = [add(session, part, actor) for part in parts]
    for each in made:
        each.tier, each.risk, each.planning_only = unit.tier, unit.risk, unit.planning_only
    _hand_on(session, unit, made)
    return [
        _happened(
            session,
            UnitEvent(unit=unit, other=each, kind="divided", day=part.day, basis=part.basis),
            actor,
        )
        for each, part in zip(made, parts, strict=True)
    ]


def end(session: orm.Session, unit: Unit, day: dt.date, actor: User | None, basis: str) -> UnitEvent:
    """The event; the unit is not inspected from the day on. Raises Refusal for one that has ended."""
    _standing(unit)
    unit.ended_on = day
    return _happened(session, UnitEvent(unit=unit, kind="ended", day=day, basis=basis), actor)


def _hand_on(session: orm.Session, old: Unit, heirs: Sequence[Unit]) -> None:
    """Nothing; who was tied to the old unit is tied to each of the heirs."""
    for tie in session.scalars(select(Tie).where(Tie.unit_id == old.id)).all():
        for heir in heirs:
            _tie(session, tie.person, heir, tie)
    for kin in session.scalars(select(Kin).where(Kin.unit_id == old.id)).all():
        for heir in heirs:
            same = select(Kin.id).where(
                Kin.person_id == kin.person_id,
                Kin.term == kin.term,
                Kin.relative_key == kin.relative_key,
                Kin.unit_id == heir.id,
            )
            if session.scalar(same) is None:
                values = {name: getattr(kin, name) for name in ("term", "relative_name", "post", "source")}
                session.add(Kin(person=kin.person, unit=heir, note=f"原登记在{old.name}", **values))
    for post in session.scalars(select(KeyPost).where(KeyPost.unit_id == old.id)).all():
        for heir in heirs:
            same = select(KeyPost.id).where(
                KeyPost.unit_id == heir.id, KeyPost.post == post.post, KeyPost.name_key == post.name_key
            )
            if session.scalar(same) is None:
                values = {name: getattr(post, name) for name in ("post", "name", "valid_from", "valid_to")}
                session.add(KeyPost(unit=heir, **values))
    for person in session.scalars(select(Person).where(Person.home_unit_id == old.id)).all():
        person.home_unit = heirs[0]
        for heir in (old, *heirs[1:]):
            _tie(session, person, heir, None, f"原所在的{old.name}合并或拆分")
    session.flush()


def _tie(session: orm.Session, person: Person, unit: Unit, like: Tie | None, evidence: str = "") -> None:
    kind = like.kind_code if like is not None else SAME_HOME
    same = select(Tie).where(Tie.person_id == person.id, Tie.unit_id == unit.id, Tie.kind_code == kind)
    known = session.scalar(same)
    if known is not None:
        widen(known, like)
        return
    values = (
        {
            name: getattr(like, name)
            for name in ("hard", "valid_from", "valid_to", "source", "through", "note")
        }
        if like is not None
        else {"hard": True}
    )
    said = evidence or (like.evidence if like is not None else "")
    session.add(Tie(person=person, unit=unit, kind_code=kind, evidence=said, **values))
    session.flush()


def _standing(unit: Unit) -> None:
    if unit.ended_on is not None:
        raise Refusal(f"{unit.called}已于 {unit.ended_on} 不再是单独的单位。")


def _happened(session: orm.Session, event: UnitEvent, actor: User | None) -> UnitEvent:
    event.entered_by_id = actor.id if actor else None
    session.add(event)
    session.flush()
    told = {"day": event.day.isoformat(), "words": event.words, "basis": event.basis}
    journal.record(session, f"unit.{event.kind}", event.unit.uuid, actor, **told)
    return event
