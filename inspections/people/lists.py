"""Which people and offices a list shows, and the figures in its first line. It changes nothing."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import today
from inspections.naming.names import key
from inspections.people.models import Kin, Office, Person, Tie
from inspections.units.lists import ids_within, in_order
from inspections.units.models import Area, Unit

_STAFF = sa.select(sa.func.count()).where(Person.office_id == Office.id, Person.left_on.is_(None))
#: what the lists of people and offices can be sorted by: name in the address → column
SORTS: Mapping[str, Any] = {
    "code": Person.code,
    "office": Office.code,
    "area": sa.select(Area.code).where(Area.id == Office.area_id).scalar_subquery(),
    "home": sa.select(Unit.code).where(Unit.id == Person.home_unit_id).scalar_subquery(),
    "max": Person.max_teams,
    "trained": Person.trained,
}
OFFICE_SORTS: Mapping[str, Any] = {
    "code": Office.code,
    "kind": Office.kind,
    "area": sa.select(Area.code).where(Area.id == Office.area_id).scalar_subquery(),
    "staff": _STAFF.correlate(Office).scalar_subquery(),
    "home": Office.min_home,
    "out": Office.max_out,
}


def narrowed(session: orm.Session, people: sa.Select[Person], asked: Mapping[str, Any]) -> sa.Select[Person]:
    """The people that match what the address asks for: area, skill, trained, ties, state (left, all;
    else those on the roster), q (name, code, office)."""
    areas = ids_within(session, asked.get("area", ""))
    people = people.join(Person.office).options(
        orm.contains_eager(Person.office).joinedload(Office.area), orm.joinedload(Person.home_unit)
    )
    if areas is not None:
        people = people.where(Office.area_id.in_(areas))
    if asked.get("skill"):
        # the list is stored as JSON text; a skill's word stands in it between quotation marks
        people = people.where(
            sa.cast(Person.skills, sa.String).contains(f'"{asked["skill"]}"', autoescape=True)
        )
    if asked.get("trained") in ("yes", "no"):
        people = people.where(Person.trained.is_(asked["trained"] == "yes"))
    people = people.where(Person.same_as_id.is_(None))
    if asked.get("state") == "left":
        people = people.where(Person.left_on.is_not(None))
    elif asked.get("state") != "all":
        people = people.where(Person.left_on.is_(None) | (Person.left_on > today()))
    if asked.get("ties") == "yes":
        people = people.where(
            sa.exists().where(Tie.person_id == Person.id) | sa.exists().where(Kin.person_id == Person.id)
        )
    if asked.get("q", "").strip():
        part = asked["q"].strip()
        columns = (Person.name_key, Office.name_key)
        by_name = (column.contains(key(part), autoescape=True) for column in columns)
        people = people.where(sa.or_(Person.code.contains(part, autoescape=True), *by_name))
    return in_order(people, asked, SORTS, Person.code)


def tie_counts(session: orm.Session) -> dict[int, int]:
    """Person id → declared ties and relatives, for those who have any."""
    counts: dict[int, int] = {}
    for model in (Tie, Kin):
        found = session.execute(sa.select(model.person_id, sa.func.count()).group_by(model.person_id))
        for person, number in found:
            counts[person] = counts.get(person, 0) + number
    return counts


def office_sizes(session: orm.Session) -> dict[int, int]:
    """Office id → people on its roster."""
    wanted = sa.select(Person.office_id, sa.func.count()).where(Person.left_on.is_(None))
    return dict(session.execute(wanted.group_by(Person.office_id)).all())


def narrowed_offices(
    session: orm.Session, offices: sa.Select[Office], asked: Mapping[str, Any]
) -> sa.Select[Office]:
    """The offices that match what stands in the address: area, kind, q (part of name or code)."""
    areas = ids_within(session, asked.get("area", ""))
    offices = offices.options(orm.joinedload(Office.area))
    if areas is not None:
        offices = offices.where(Office.area_id.in_(areas))
    if asked.get("kind"):
        offices = offices.where(Office.kind == asked["kind"])
    if asked.get("q", "").strip():
        part = asked["q"].strip()
        offices = offices.where(
            Office.name_key.contains(key(part), autoescape=True) | Office.code.contains(part, autoescape=True)
        )
    return in_order(offices, asked, OFFICE_SORTS, Office.code)


def same_county(session: orm.Session, unit: Unit) -> list[Person]:
    """The people whose office lies in the unit's county, or in no area at all."""
    county = unit.area.ancestor("county")
    areas = ids_within(session, str(county.uuid)) if county else None
    people = sa.select(Person).join(Person.office).options(orm.contains_eager(Person.office))
    if areas is not None:
        people = people.where(Office.area_id.in_(areas) | Office.area_id.is_(None))
    return list(session.scalars(people.where(Person.same_as_id.is_(None)).order_by(Person.code)))


def area_name(area: Area | None) -> str:
    """The area's name, or 县（市）直 for an office that belongs to none."""
    return area.name if area else "县（市）直"
