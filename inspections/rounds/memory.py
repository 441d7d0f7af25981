"""A county's memory: who visited which unit when, and what that means for the next plan.

What a published plan of another cycle has done or will do stands in the tables by itself; what lies before
this system comes from a sheet (`PastVisit`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import orm, select

from inspections.people.models import Person
from inspections.rounds.models import Cycle, PastVisit, Plan, Posting, Round, Seat, Team
from inspections.units.models import Unit

#: what going again to the same unit costs within a year, in kilometres
AGAIN = 40
YEAR = 365
#: longer than anybody serves: a 回头看 never sends the same people
EVER = 36_500


class Memory(NamedTuple):
    """What a county chose for a cycle: days between two visits of a unit and of a person to a unit.

    0 days: not looked at. With `hard` it is forbidden, else avoided.
    """

    unit_days: int = 0
    unit_hard: bool = False
    person_days: int = YEAR
    person_hard: bool = False


class Visited(NamedTuple):
    """One visit of a unit: its days and the codes of who was there."""

    unit: str
    start: dt.date
    end: dt.date
    people: tuple[str, ...]


def chosen(cycle: Cycle) -> Memory:
    """What the cycle's county chose, whether it is a 回头看 or not."""
    return Memory(*cycle.memory) if cycle.memory else Memory()


def memory_of(cycle: Cycle) -> Memory:
    """What holds for the cycle: in a 回头看 nobody goes again where they were, whenever that was."""
    own = chosen(cycle)
    return own._replace(person_days=EVER, person_hard=True) if cycle.looks_back else own


def words(memory: Memory) -> str:
    """单位至少隔 365 天（不许）；同一人至少隔 365 天（尽量不）."""
    told = [
        f"{what}至少隔 {days} 天（{'不许' if hard else '尽量不'}）"
        for what, days, hard in (
            ("单位", memory.unit_days, memory.unit_hard),
            ("同一人", memory.person_days, memory.person_hard),
        )
        if days
    ]
    return "；".join(told) or "不看"


def rules_of(memory: Memory) -> dict[str, Any]:
    """`rules.memory` of planners.problem/2."""
    rules: dict[str, Any] = {"load_year": False}
    if memory.unit_days:
        rules |= {"unit_days": memory.unit_days, "unit": _policy(memory.unit_hard)}
    if memory.person_days:
        rules |= {"person_unit_days": memory.person_days, "person_unit": _policy(memory.person_hard)}
    return rules


def _policy(hard: bool) -> Any:
    return "forbid" if hard else {"avoid": AGAIN}


def visits(session: orm.Session, units: Sequence[Unit], besides: Cycle | None = None) -> list[Visited]:
    """Every visit of the units by published plans of other cycles, and those of the sheet; oldest first."""
    known = [unit.id for unit in units]
    planned = (
        select(Posting.id, Unit.code, Round.start, Round.end)
        .join(Posting.team)
        .join(Team.plan)
        .join(Team.round)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Plan.state == "published", Unit.id.in_(known))
    )
    if besides is not None:
        planned = planned.where(Plan.cycle_id != besides.id)
    rows = session.execute(planned).all()
    there: dict[int, list[str]] = defaultdict(list)
    seated = (
        select(Posting.id, Person.code)
        .join(Posting.team)
        .join(Team.plan)
        .join(Seat, Seat.team_id == Team.id)
        .join(Person, Person.id == Seat.person_id)
        .where(Plan.state == "published", Posting.unit_id.in_(known))
        .order_by(Person.code)
    )
    for posting, person in session.execute(seated):
        there[posting].append(person)
    found = [Visited(unit, start, end, tuple(there[posting])) for posting, unit, start, end in rows]
    before = select(PastVisit, Unit.code).join(Unit).where(PastVisit.unit_id.in_(known))
    found += [Visited(code, past.day, past.day, tuple(past.people)) for past, code in session.execute(before)]
    return sorted(found, key=lambda one: (one.end, one.unit))


def history(found: Iterable[Visited], people: Collection[str], first: dt.date) -> list[dict[str, Any]]:
    """`history` of planners.problem/2: what was over before the first round, with whom the problem knows."""
    return [
        {
            "unit": one.unit,
            "date": one.end.isoformat(),
            "people": [person for person in one.people if person in people],
        }
        for one in found
        if one.end < first
    ]


def busy(found: Iterable[Visited], memory: Memory, first: dt.date) -> dict[str, list[list[str]]]:
    """Unit → the stretches in which another cycle has it, so that two never send teams in one week.

    Where two visits must lie so many days apart, a visit to come closes the unit that long before and after.
    """
    around = dt.timedelta(days=max(0, memory.unit_days - 1) if memory.unit_hard else 0)
    closed: dict[str, list[list[str]]] = defaultdict(list)
    for one in found:
        if one.end >= first:
            days = [(one.start - around).isoformat(), (one.end + around).isoformat()]
            closed[one.unit].append(days)
    return closed
