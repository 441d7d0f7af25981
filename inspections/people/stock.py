"""What is stored, in the plain form of the roster's rows: sheet → key → values by field.

Import compares with it, export writes it; so what was exported imports again as no difference.
"""

from typing import Any

from sqlalchemy import orm, select

from inspections.naming.names import key
from inspections.people.directory import Directory
from inspections.people.models import SKILLS, KeyPost, Kin, Office, Person, RecusalKind, Tie
from inspections.people.sheets import AREAS, KEY_POSTS, KIN, OFFICES, PEOPLE, SHEETS, TIES, UNITS
from inspections.units.entries import DEGREE_PLACES
from inspections.units.models import Area, FormerAreaName, FormerName, Unit
from inspections.units.sheets import Sheet

Values = dict[str, Any]


def named_by(sheet: Sheet, values: Values) -> tuple[Any, ...]:
    """What names a row of the sheet; names of people count by their key."""
    return tuple(
        key(values.get(part) or "") if part in ("name", "relative_name") else values.get(part)
        for part in sheet.key
    )


class Stock:
    """The stored records and their values, both by the row's key."""

    def __init__(self, session: orm.Session) -> None:
        self.records: dict[str, dict[tuple[Any, ...], Any]] = {sheet.name: {} for sheet in SHEETS}
        self.values: dict[str, dict[tuple[Any, ...], Values]] = {sheet.name: {} for sheet in SHEETS}
        areas = session.scalars(select(Area).order_by(Area.code)).all()
        units = session.scalars(select(Unit).order_by(Unit.code)).all()
        offices = session.scalars(select(Office).order_by(Office.code)).all()
        people = session.scalars(select(Person).order_by(Person.code)).all()
        self.former = _former_names(session)
        place = {area.id: area.code for area in areas}
        unit_code = {unit.id: unit.code for unit in units}
        office_code = {office.id: office.code for office in offices}
        person_code = {person.id: person.code for person in people}
        for area in areas:
            former = {"former": self.former.get((Area, area.id), [])}
            self._keep(AREAS.name, (area.code,), area, area_values(area, place) | former)
        for unit in units:
            former = {"former": self.former.get((Unit, unit.id), [])}
            self._keep(UNITS.name, (unit.code,), unit, unit_values(unit, place) | former)
        for office in offices:
            self._keep(OFFICES.name, (office.code,), office, office_values(office, place))
        for person in people:
            values = person_values(person, office_code, unit_code)
            self._keep(PEOPLE.name, (person.code,), person, values)
        for tie in session.scalars(select(Tie).order_by(Tie.id)):
            if not (tie.unit_id in unit_code or tie.other_id in person_code):
                continue  # to a place or a colleague of another county: neither shown nor compared here
            values = tie_values(tie, person_code, unit_code)
            self._keep(TIES.name, (values["person"], values["object"], values["kind"]), tie, values)
        for kin in session.scalars(select(Kin).order_by(Kin.id)):
            if kin.unit_id not in unit_code:
                continue
            values = kin_values(kin, person_code, unit_code)
            self._keep(KIN.name, named_by(KIN, values), kin, values)
        for post in session.scalars(select(KeyPost).order_by(KeyPost.id)):
            values = key_post_values(post, unit_code)
            self._keep(KEY_POSTS.name, named_by(KEY_POSTS, values), post, values)
        self.kinds = list(session.scalars(select(RecusalKind).order_by(RecusalKind.code)))

    def _keep(self, sheet: str, key: tuple[Any, ...], record: Any, values: Values) -> None:
        self.records[sheet][key] = record
        self.values[sheet][key] = values

    def directory(self) -> Directory:
        """The stored codes and names, for look-ups."""
        directory = Directory()
        names = {
            sheet.name: {values["code"]: values["name"] for values in self.values[sheet.name].values()}
            for sheet in (AREAS, OFFICES)
        }
        for what, sheet, where, in_sheet in (
            ("area", AREAS, "parent", AREAS),
            ("unit", UNITS, "area", AREAS),
            ("office", OFFICES, "area", AREAS),
            ("person", PEOPLE, "office", OFFICES),
        ):
            for values in self.values[sheet.name].values():
                place = names[in_sheet.name].get(values[where] or "", "")
                directory.add(what, values["code"], values["name"], place=place)
        for kind in self.kinds:
            directory.add("kind", kind.code, kind.name)
        for what, sheet in (("area", AREAS), ("unit", UNITS)):
            for values in self.values[sheet.name].values():
                for name in values["former"]:
                    directory.add_former(what, values["code"], name)
        return directory


def _former_names(session: orm.Session) -> dict[tuple[type[Any], int], list[str]]:
    """The names that units and areas had before, by whose they were."""
    found: dict[tuple[type[Any], int], list[str]] = {}
    for unit_id, name in session.execute(select(FormerName.unit_id, FormerName.name)):
        found.setdefault((Unit, unit_id), []).append(name)
    for area_id, name in session.execute(select(FormerAreaName.area_id, FormerAreaName.name)):
        found.setdefault((Area, area_id), []).append(name)
    return found


def _degree(value: float | None) -> float | None:
    return None if value is None else round(value, DEGREE_PLACES)


def area_values(area: Area, places: dict[int, str]) -> Values:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "parent": places.get(area.parent_id or 0),
        "lng": _degree(area.lng),
        "lat": _degree(area.lat),
    }


def unit_values(unit: Unit, places: dict[int, str]) -> Values:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "area": places[unit.area_id],
        "lng": _degree(unit.lng),
        "lat": _degree(unit.lat),
        "risk": unit.risk,
        "tier": unit.tier,
        "closed": sorted(list(period) for period in unit.closed),
        "note": unit.note,
        "planning_only": unit.planning_only,
    }


def office_values(office: Office, places: dict[int, str]) -> Values:
    return {
        "code": office.code,
        "name": office.name,
        "kind": office.kind,
        "area": places.get(office.area_id or 0),
        "min_home": office.min_home,
        "max_out": office.max_out,
        "note": office.note,
    }


def person_values(person: Person, offices: dict[int, str], units: dict[int, str]) -> Values:
    return {
        "code": person.code,
        "name": person.name,
        "office": offices[person.office_id],
        "home_unit": units.get(person.home_unit_id or 0),
        "skills": [skill for skill in SKILLS if skill in person.skills],
        "off": sorted(list(period) for period in person.off),
        "max_teams": person.max_teams,
        "trained": person.trained,
        "note": person.note,
        "gone": person.left_on is not None,
    }


def tie_values(tie: Tie, people: dict[int, str], units: dict[int, str]) -> Values:
    return {
        "person": people[tie.person_id],
        "object": units[tie.unit_id] if tie.unit_id else people[tie.other_id or 0],
        "kind": tie.kind_code,
        "evidence": tie.evidence,
        "valid_from": tie.valid_from,
        "valid_to": tie.valid_to,
        "hard": tie.hard,
        "through": tie.through,
        "note": tie.note,
        "removal": "",
    }


def kin_values(kin: Kin, people: dict[int, str], units: dict[int, str]) -> Values:
    return {
        "person": people[kin.person_id],
        "term": kin.term,
        "relative_name": kin.relative_name,
        "unit": units[kin.unit_id],
        "post": kin.post,
        "note": kin.note,
        "removal": "",
    }


def key_post_values(post: KeyPost, units: dict[int, str]) -> Values:
    return {
        "unit": units[post.unit_id],
        "post": post.post,
        "name": post.name,
        "valid_from": post.valid_from,
        "valid_to": post.valid_to,
        "removal": "",
    }
