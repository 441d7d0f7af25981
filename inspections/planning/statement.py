"""States the planning problem of a cycle: tables in, the dict of contracts §2 out (`planners.problem/2`).

It solves nothing and imports no planner; `generate.py` hands the dict on.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import orm, select

from inspections.database import today, whole
from inspections.people.absences import FOR_GOOD, absent_days, days_off
from inspections.people.models import Office, Person
from inspections.people.ties import TieBook, TieFact
from inspections.recusal.readiness import Standing, standings
from inspections.recusal.waivers import waived
from inspections.rounds import crossing, memory
from inspections.rounds.models import Cycle, Lock, Plan, Round, Seat, Team
from inspections.site.refusal import Refusal
from inspections.units.areas import every_area
from inspections.units.models import Area, Blackout, Unit
from inspections.units.plane import Plane

WEIGHTS = {"risk": 1, "distance": 1, "load": 20, "pair": 30, "revisit": 10, "size": 150, "change": 50}
SOFT_TIE_COST = 40


class Span(NamedTuple):
    """A round by its code, with its first and last day."""

    round: str
    start: dt.date
    end: dt.date


def problem_of(session: orm.Session, cycle: Cycle) -> dict[str, Any]:
    """The problem in the planner's file format; ids are the codes (编号) of the roster.

    What the tables say and the format does not is decided here:
    - people of another county, and of offices that the crossing mode rules out as a whole, are left out;
      an office without a township is the county's, with several counties that whose code begins its own;
    - somebody untrained, or who has not answered the cycle's declaration, gets `max_teams` 0: at home for
      the office's minimum, never in a team; whoever was trained later is off in the rounds before;
    - days off and closed days count for each round that they touch, whoever entered them, and so do the days
      that a published plan of another cycle has given the person;
    - a home village outside the cycle is null, for nobody goes there; the person's place stays;
    - a tie counts when it is in force on the first day of any round, at its hardest; a waived one costs only;
    - a unit that a published plan of another cycle visits in the same days is closed in that round; visits
      that are over are the history (rules.memory), by the days that the county chose for the cycle;
    - what the planners have locked is pinned, in the order in which they did so.
    It is the whole truth whoever asks: what the asking account may not see bars as well.
    Raises Refusal when there is no unit or no round.
    """
    with whole(session):
        return _stated(session, cycle)


def _stated(session: orm.Session, cycle: Cycle) -> dict[str, Any]:
    if not cycle.units:
        raise Refusal(f"“{cycle.name}”还没有选定单位，不能排程。")
    if not cycle.standing_rounds:
        raise Refusal(f"“{cycle.name}”还没有安排各轮，不能排程。")
    areas = every_area(session)
    units, rounds = list(cycle.units), cycle.standing_rounds
    spans = [Span(round_.code, round_.start, round_.end) for round_ in rounds]
    people = people_of(session, cycle)
    offices = sorted({person.office for person in people}, key=lambda office: office.code)
    place = Plane(units)
    known = {unit.id for unit in units}
    away = absent_days(session)
    for person_id, days in _posted_elsewhere(session, cycle).items():
        away.setdefault(person_id, []).extend(days)
    standing = standings(session, cycle.id, people)
    blackouts = list(session.scalars(select(Blackout)))
    visits, kept = memory.visits(session, units, besides=cycle), memory.memory_of(cycle)
    first = min(round_.start for round_ in rounds)
    busy = memory.busy(visits, kept, first)
    return {
        "format": "planners.problem/2",
        "name": cycle.name,
        "rounds": [_round(round_) for round_ in rounds],
        "template": {"name": cycle.template_name, "slots": [_slot(slot) for slot in cycle.slots]},
        "areas": [_area(area) for area in _with_ancestors(areas, units, offices)],
        "units": [_unit(unit, spans, place, blackouts, busy.get(unit.code, [])) for unit in units],
        "offices": [_office(office) for office in offices],
        "people": [
            _person(person, spans, known, place, days_off(person, away), standing[person.id])
            for person in people
        ],
        "ties": _ties(session, cycle, people, units, rounds),
        "history": memory.history(visits, {person.code for person in people}, first),
        "rules": {
            "crossing": crossing.rules_of(policy_of(cycle)),
            "memory": memory.rules_of(kept),
            "host_stays": True,
            "no_mutual_lead": True,
        },
        "weights": dict(WEIGHTS),
        "pins": [lock.pin for lock in locks_of(session, cycle)],
    }


def policy_of(cycle: Cycle) -> crossing.Table:
    """The cycle's crossing table, by slot of its template."""
    return crossing.table_of(cycle.crossing, cycle.slots, cycle.crossing_table)


def locks_of(session: orm.Session, cycle: Cycle) -> list[Lock]:
    """What is locked in the cycle, oldest first."""
    return list(session.scalars(select(Lock).where(Lock.cycle_id == cycle.id).order_by(Lock.id)))


def people_of(session: orm.Session, cycle: Cycle) -> list[Person]:
    """Everybody whom the cycle may ask to go, the untrained and the silent included, by code."""
    return people_by_cycle(session, [cycle])[cycle.id]


def people_by_cycle(session: orm.Session, cycles: Sequence[Cycle]) -> dict[int, list[Person]]:
    """The same of each of these cycles, by its id: whole offices, since who stays at home counts."""
    all_counties = _count_counties(session)
    wanted = select(Person).options(orm.joinedload(Person.office), orm.joinedload(Person.home_unit))
    everybody = session.scalars(wanted.order_by(Person.code)).all() if cycles else []
    found = {}
    for cycle in cycles:
        sends = _senders(cycle, all_counties)
        first = min((round_.start for round_ in cycle.rounds), default=today())
        here = (one for one in everybody if one.left_on is None or one.left_on > first)
        found[cycle.id] = [person for person in here if sends(person.office)]
    return found


def concerns(session: orm.Session, cycles: Sequence[Cycle], person: Person) -> list[Cycle]:
    """Those of the cycles that the person is one of `people_of`, without reading all people."""
    all_counties = _count_counties(session)
    return [cycle for cycle in cycles if _senders(cycle, all_counties)(person.office)]


def _count_counties(session: orm.Session) -> int:
    return sum(area.kind == "county" for area in every_area(session))


def _senders(cycle: Cycle, all_counties: int) -> Callable[[Office], bool]:
    """A function: whether an office's people can be used at all in the cycle."""
    table = policy_of(cycle)
    homes = crossing.homes_that_may_send(table, {unit.area for unit in cycle.units})
    by_area = {row.source for row in table.values()} == {"area"}
    counties = {_county(unit.area) for unit in cycle.units}

    def sends(office: Office) -> bool:
        area = office.area
        if area is None:  # belongs to no township, so no crossing rule looks at it
            return all_counties <= 1 or any(office.code.startswith(top.code) for top in counties)
        if _county(area) not in counties:
            return False
        if homes is None:
            return True
        zone = area if by_area else area.ancestor("zone")
        return zone is not None and zone.id in homes

    return sends


def _county(area: Area) -> Area:
    """The county that the area lies in; where there is none, the topmost area."""
    county = area.ancestor("county")
    while county is None:
        area, county = (area.parent, None) if area.parent is not None else (area, area)
    return county


def _with_ancestors(areas: Iterable[Area], units: list[Unit], offices: list[Office]) -> list[Area]:
    used: set[int] = set()
    for start in [*(unit.area for unit in units), *(office.area for office in offices)]:
        area = start
        while area is not None and area.id not in used:
            used.add(area.id)
            area = area.parent
    return [area for area in areas if area.id in used]


def touches(ranges: Iterable[Any], start: dt.date, end: dt.date) -> bool:
    """Whether one of the ranges [["2026-05-20", "2026-06-10"], …] shares a day with start..end."""
    return any(dt.date.fromisoformat(a) <= end and dt.date.fromisoformat(b) >= start for a, b in ranges)


def _during(ranges: Sequence[Any], spans: list[Span]) -> list[str]:
    return [span.round for span in spans if touches(ranges, span.start, span.end)] if ranges else []


def _round(round_: Round) -> dict[str, Any]:
    return {
        "id": round_.code,
        "name": round_.name,
        "start": round_.start.isoformat(),
        "end": round_.end.isoformat(),
        "teams": round_.teams,
        "visits_per_team": round_.visits_per_team,
    }


def _slot(slot: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("id", "name", "min", "max", "target", "needs", "distinct")
    return {key: slot[key] for key in wanted if slot.get(key) is not None}


def _area(area: Area) -> dict[str, Any]:
    parent = area.parent.code if area.parent else None
    return {"id": area.code, "name": area.name, "kind": area.kind, "parent": parent}


def _unit(
    unit: Unit,
    spans: list[Span],
    place: Plane,
    blackouts: Iterable[Blackout],
    busy: list[list[str]],
) -> dict[str, Any]:
    closed = busy + [[one.start.isoformat(), one.end.isoformat()] for one in blackouts if one.closes(unit)]
    if unit.ended_on is not None:
        closed.append([unit.ended_on.isoformat(), FOR_GOOD])
    return {
        "id": unit.code,
        "name": unit.called,
        "kind": unit.kind,
        "area": unit.area.code,
        **place.km(unit, unit.area),
        "risk": unit.risk,
        "closed": _during([*unit.closed, *closed], spans),
    }


def _office(office: Office) -> dict[str, Any]:
    return {
        "id": office.code,
        "name": office.name,
        "kind": office.kind,
        "area": office.area.code if office.area else None,
        "min_home": office.min_home,
        "max_out": office.max_out,
    }


def _posted_elsewhere(session: orm.Session, cycle: Cycle) -> dict[int, list[list[str]]]:
    """By person the days on which a published plan of another cycle has them in the field."""
    wanted = (
        select(Seat.person_id, Round.start, Round.end)
        .join(Seat.team)
        .join(Team.round)
        .join(Team.plan)
        .where(Plan.state == "published", Plan.cycle_id != cycle.id)
    )
    days: dict[int, list[list[str]]] = {}
    for person, start, end in session.execute(wanted):
        days.setdefault(person, []).append([start.isoformat(), end.isoformat()])
    return days


def _person(
    person: Person,
    spans: list[Span],
    units: set[int],
    place: Plane,
    off: list[list[str]],
    standing: Standing,
) -> dict[str, Any]:
    home = person.home_unit
    off_in = _during(off, spans)
    if standing.trained_on is not None:
        trained = standing.trained_on
        off_in = [span.round for span in spans if span.start < trained or span.round in off_in]
    return {
        "id": person.code,
        "name": person.called,
        "office": person.office.code,
        "area": person.area.code if person.area else None,
        "home_unit": home.code if home is not None and home.id in units else None,
        "skills": list(person.skills),
        **place.km(home, home.area if home else None, person.area),
        "off": off_in,
        "max_teams": person.max_teams if standing.ready else 0,
    }


def _ties(
    session: orm.Session, cycle: Cycle, people: list[Person], units: list[Unit], rounds: list[Round]
) -> list[dict[str, Any]]:
    """Each tie once per person, object and kind; where a hard one stands, the soft ones say nothing.

    What has been waived for the cycle bars no more, but costs.
    """
    spared = waived(session, cycle.id)
    facts = [
        replace(fact, hard=fact.hard and (fact.person.code, _other_end(fact)[2:], fact.kind) not in spared)
        for fact in TieBook(session, people, units).over(sorted({round_.start for round_ in rounds}))
    ]
    hardest = {(fact.person.code, _other_end(fact), fact.kind): fact for fact in facts}
    hard_pairs = {key[:2] for key, fact in hardest.items() if fact.hard}
    return [_tie(fact) for key, fact in sorted(hardest.items()) if fact.hard or key[:2] not in hard_pairs]


def _other_end(fact: TieFact) -> str:
    # people and units may share a code, hence the sign in front
    return f"u:{fact.unit.code}" if fact.unit else f"p:{fact.other.code}" if fact.other else ""


def _tie(fact: TieFact) -> dict[str, Any]:
    end = {"unit": fact.unit.code} if fact.unit else {"other": fact.other.code if fact.other else ""}
    strength: dict[str, Any] = {"hard": True} if fact.hard else {"hard": False, "cost": SOFT_TIE_COST}
    return {"person": fact.person.code, **end, "kind": fact.kind, **strength}
