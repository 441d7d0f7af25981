"""Who was sent where: the rows behind workload, home staffing, crossing and broken rules."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.figures.measures import Checked, Rate, Spread, Window
from inspections.figures.models import CaseCount
from inspections.figures.scope import Scope
from inspections.people.models import Office, Person
from inspections.rounds.models import Cycle, Plan, Posting, Round, Seat, Team
from inspections.units.models import Area, Unit

#: what counts as a village in coverage: declared villages and communities
COVERED = ("village", "community")


@dataclass(frozen=True, slots=True)
class Load:
    """Days in the field of one person."""

    person: int
    days: int


@dataclass(frozen=True, slots=True)
class Home:
    """One office in one round in which it lent somebody: whom it must keep and whom it kept (留守, H09)."""

    office: int
    start: dt.date
    end: dt.date
    least: int
    present: int

    @property
    def kept(self) -> bool:
        return self.present >= self.least


def seats(scope: Scope) -> sa.Select[Any]:
    """Every member-visit of the scope: Posting joined with Team, Round, Unit, Seat, Person and Office."""
    return (
        scope.visits()
        .join(Seat, Seat.team_id == Team.id)
        .join(Person, Person.id == Seat.person_id)
        .join(Office, Office.id == Person.office_id)
    )


def loads(session: orm.Session, scope: Scope) -> list[Load]:
    """Days in the field per person who was sent: a team counts once however many units it visits."""
    rows = session.execute(
        seats(scope).with_only_columns(Seat.person_id, Team.id, Round.start, Round.end).distinct()
    ).all()
    days: Counter[int] = Counter()
    for row in rows:
        days[row.person_id] += (row.end - row.start).days + 1
    return [Load(person, n) for person, n in days.most_common()]


def spread(found: Sequence[Load]) -> Spread:
    """Least, most and mean of the loads."""
    return Spread.of([one.days for one in found])


def crossing(session: orm.Session, scope: Scope) -> Rate:
    """Member-visits outside the own township, of all by people who have one."""
    columns = (
        sa.func.count().filter(Office.area_id != Unit.area_id),
        sa.func.count().filter(Office.area_id.is_not(None)),
    )
    outside, every = session.execute(seats(scope).with_only_columns(*columns)).one()
    return Rate(outside, every)


def homes(session: orm.Session, scope: Scope) -> list[Home]:
    """One line per (office, round) in which the office lent somebody.

    Present are those of the office who are neither in a team of the round nor away on one of its days.
    """
    rows = session.execute(
        seats(scope)
        .with_only_columns(Office.id, Office.min_home, Round.start, Round.end, Seat.person_id)
        .distinct()
    ).all()
    out: dict[tuple[int, int, dt.date, dt.date], set[int]] = defaultdict(set)
    for office, least, start, end, person in rows:
        out[(office, least, start, end)].add(person)
    staff: dict[int, list[tuple[int, list[Any]]]] = defaultdict(list)
    lending = {office for office, *_ in out}
    for row in session.execute(
        select(Person.office_id, Person.id, Person.off).where(Person.office_id.in_(lending))
    ):
        staff[row.office_id].append((row.id, row.off))
    return [
        Home(
            office,
            start,
            end,
            least,
            sum(person not in away and not _is_off(off, start, end) for person, off in staff[office]),
        )
        for (office, least, start, end), away in out.items()
    ]


def _is_off(off: Sequence[Any], start: dt.date, end: dt.date) -> bool:
    """Whether a stretch of days off touches these days; as in the planning problem."""
    return any(first <= end.isoformat() and last >= start.isoformat() for first, last in off)


def plans(session: orm.Session, scope: Scope) -> list[Any]:
    """(cycle's name, plan's number, broken hard rules) of the plans behind the visits; None: not counted."""
    behind = scope.visits().with_only_columns(Team.plan_id)
    wanted = select(Cycle.name, Plan.number, Plan.violations).join(Cycle, Cycle.id == Plan.cycle_id)
    return list(session.execute(wanted.where(Plan.id.in_(behind)).order_by(Plan.id)))


def checked(found: Sequence[Any]) -> Checked:
    """Broken rules of all the plans that the referee counted at publication."""
    known = [row.violations for row in found if row.violations is not None]
    return Checked(sum(known), len(known))


def covered(scope: Scope) -> sa.Select[Posting]:
    """Visits to villages and communities since the beginning of the window's year."""
    year = Window(scope.window.end.replace(month=1, day=1), scope.window.end, "")
    return scope.during(year).visits().where(Unit.kind.in_(COVERED))


def to_cover(scope: Scope) -> sa.Select[Unit]:
    """The villages and communities that there are."""
    here = Unit.area_id.in_(scope.townships)
    return select(Unit).where(here, Unit.kind.in_(COVERED), Unit.planning_only.is_(False))


def coverage(session: orm.Session, scope: Scope) -> Rate:
    """Villages and communities visited since the beginning of the window's year, of those there are."""
    visited = covered(scope).with_only_columns(sa.func.count(sa.distinct(Posting.unit_id)))
    whole = to_cover(scope).with_only_columns(sa.func.count(Unit.id))
    return Rate(session.scalar(visited) or 0, session.scalar(whole) or 0)


def cases(session: orm.Session, scope: Scope) -> list[Any]:
    """(county, month, leads, persons) that the case room reported for the months of the window.

    A lead never reaches the figures; these counts are all that the case room gives, of whole months.
    """
    first = scope.window.start.replace(day=1)
    wanted = (
        select(Area.name, CaseCount.month, CaseCount.leads, CaseCount.persons)
        .join(Area, Area.id == CaseCount.county_id)
        .where(CaseCount.month.between(first, scope.window.end), CaseCount.county_id.in_(scope.townships))
    )
    return list(session.execute(wanted.order_by(CaseCount.month, Area.code)))
