"""All figures of one scope, counted from the tables into one frozen value that page and paper read.

Formulas as in practice (覆盖率、村均发现问题、整改率、按期率、反弹率 …), every rate with its denominator.
"""

import datetime as dt
import decimal
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.figures.measures import Change, Checked, Rate, Spread, Window, percentile
from inspections.figures.models import CaseCount
from inspections.figures.scope import Scope
from inspections.findings.models import FindingRevision, TaxonomyEntry
from inspections.followup.models import Item
from inspections.people.models import Office, Person
from inspections.rounds.models import Plan, Posting, Round, Seat, Team
from inspections.units.models import Area, Unit

TOP = 10
#: what counts as a village in coverage: declared villages and communities
COVERED = ("village", "community")


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A kind of problem: code, name, how many, and how many units had it."""

    code: str
    name: str
    papers: int
    units: int


@dataclass(frozen=True, slots=True)
class Heat:
    """Papers by category (rows) and township (columns); `most` is the fullest cell."""

    categories: tuple[tuple[str, str], ...]
    townships: tuple[tuple[str, str], ...]
    cells: dict[tuple[str, str], int]

    @property
    def most(self) -> int:
        return max(self.cells.values(), default=0)


@dataclass(frozen=True, slots=True)
class Town:
    """One township's line: found, handed over, due, closed, on time, overdue."""

    code: str
    name: str
    papers: int
    handed: int
    due: Rate
    on_time: Rate
    overdue: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What leadership reads of one scope."""

    name: str
    #: the day on which late is late
    on: dt.date
    #: rounds that began, and letters (交办函) that handed over what is counted in `handed`
    rounds: int
    letters: int
    visits: int
    units_visited: int
    coverage: Rate
    papers: int
    per_unit: float | None
    against_month: Change
    against_year: Change
    kinds: tuple[CategoryCount, ...]
    concentration: Rate
    heat: Heat
    handed: int
    due: Rate
    full: Rate
    on_time: Rate
    overdue: int
    days_mean: float | None
    days_p90: int | None
    at_once: Rate
    rebound: Rate
    recovered: decimal.Decimal
    households: int
    towns: tuple[Town, ...]
    loads: Spread
    home: Rate
    crossing: Rate
    violations: Checked
    leads: int
    persons: int


def figures(session: orm.Session, scope: Scope, today: dt.date) -> Figures:
    """Every figure of the scope; late is what is late on `today`, or at the window's end if earlier."""
    on = min(scope.window.end, today)
    units = _distinct_units(session, scope)
    papers = _papers(session, scope)
    kinds = _kinds(session, papers)
    visits = session.scalar(scope.visits().with_only_columns(sa.func.count(Posting.id))) or 0
    found = sum(row.papers for row in papers)
    lines = _register(session, scope, on)
    items = _items(session, scope, on, lines)
    leads, persons = _cases(session, scope)
    return Figures(
        name=scope.window.name,
        on=on,
        rounds=session.scalar(scope.visits().with_only_columns(sa.func.count(sa.distinct(Round.id)))) or 0,
        letters=session.scalar(scope.served().with_only_columns(sa.func.count(sa.distinct(Item.letter))))
        or 0,
        visits=visits,
        units_visited=units,
        coverage=_coverage(session, scope),
        papers=found,
        per_unit=found / units if units else None,
        against_month=Change(found, _before(session, scope, "month")),
        against_year=Change(found, _before(session, scope, "year")),
        kinds=tuple(kinds[:TOP]),
        concentration=Rate(sum(kind.papers for kind in kinds[:3]), found),
        heat=_heat(session, papers),
        towns=_towns(session, papers, lines),
        loads=_loads(session, scope),
        home=_home(session, scope),
        crossing=_crossing(session, scope),
        violations=_violations(session, scope),
        leads=leads,
        persons=persons,
        **items,
    )


def _distinct_units(session: orm.Session, scope: Scope) -> int:
    wanted = scope.visits().with_only_columns(sa.func.count(sa.distinct(Posting.unit_id)))
    return session.scalar(wanted) or 0


def _coverage(session: orm.Session, scope: Scope) -> Rate:
    """Villages and communities visited since the beginning of the window's year, of those there are."""
    whole = select(sa.func.count(Unit.id)).where(
        Unit.area_id.in_(scope.townships), Unit.kind.in_(COVERED), Unit.planning_only.is_(False)
    )
    year = Window(scope.window.end.replace(month=1, day=1), scope.window.end, "")
    visited = (
        scope.during(year)
        .visits()
        .where(Unit.kind.in_(COVERED))
        .with_only_columns(sa.func.count(sa.distinct(Posting.unit_id)))
    )
    return Rate(session.scalar(visited) or 0, session.scalar(whole) or 0)


def _papers(session: orm.Session, scope: Scope) -> Sequence[Any]:
    """(category, area_id, unit_id, papers) of the scope's problems."""
    wanted = scope.problems().with_only_columns(
        FindingRevision.category, Unit.area_id, Unit.id.label("unit_id"), sa.func.count().label("papers")
    )
    rows: Sequence[Any] = session.execute(
        wanted.group_by(FindingRevision.category, Unit.area_id, Unit.id)
    ).all()
    return rows


def _before(session: orm.Session, scope: Scope, which: str) -> int | None:
    if scope.round_id is not None:
        return None
    window = scope.window.month_before() if which == "month" else scope.window.year_before()
    return session.scalar(scope.during(window).problems().with_only_columns(sa.func.count()))


def _kinds(session: orm.Session, papers: Sequence[Any]) -> list[CategoryCount]:
    names = _names(session, "subcategory")
    counts: Counter[str] = Counter()
    units: dict[str, set[int]] = defaultdict(set)
    for row in papers:
        counts[row.category] += row.papers
        units[row.category].add(row.unit_id)
    kinds = [
        CategoryCount(code, names.get(code, code), count, len(units[code])) for code, count in counts.items()
    ]
    return sorted(kinds, key=lambda kind: (-kind.papers, kind.code))


def _names(session: orm.Session, kind: str) -> dict[str, str]:
    rows = session.execute(select(TaxonomyEntry.code, TaxonomyEntry.name).where(TaxonomyEntry.kind == kind))
    return {row.code: row.name for row in rows}


def _heat(session: orm.Session, papers: Sequence[Any]) -> Heat:
    parents = {
        row.code: row.parent_code
        for row in session.execute(
            select(TaxonomyEntry.code, TaxonomyEntry.parent_code).where(TaxonomyEntry.kind == "subcategory")
        )
    }
    names = _names(session, "category")
    areas = _areas(session, {row.area_id for row in papers})
    cells: Counter[tuple[str, str]] = Counter()
    for row in papers:
        cells[(parents.get(row.category, row.category), areas[row.area_id][0])] += row.papers
    used = sorted({category for category, _ in cells})
    return Heat(
        categories=tuple((code, names.get(code, code)) for code in used),
        townships=tuple(sorted(areas.values())),
        cells=dict(cells),
    )


def _areas(session: orm.Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    rows = session.execute(select(Area.id, Area.code, Area.name).where(Area.id.in_(ids)))
    return {row.id: (row.code, row.name) for row in rows}


def _register(session: orm.Session, scope: Scope, on: dt.date) -> Sequence[Any]:
    """One line per township: handed over up to now, due, closed, in time, late, money and households."""
    closed = Item.closed_on.is_not(None) & (Item.closed_on <= on)
    lines: Sequence[Any] = session.execute(
        scope.up_to_now()
        .with_only_columns(
            Item.township_id,
            sa.func.count().label("handed"),
            sa.func.count().filter(Item.due <= on).label("due"),
            sa.func.count().filter((Item.due <= on) & closed).label("due_closed"),
            sa.func.count().filter(closed).label("closed"),
            sa.func.count().filter(closed & (Item.closed_on <= Item.due)).label("in_time"),
            sa.func.count().filter(Item.overdue(on)).label("late"),
            sa.func.sum(Item.recovered).label("recovered"),
            sa.func.sum(Item.households).label("households"),
        )
        .group_by(Item.township_id)
    ).all()
    return lines


def _items(session: orm.Session, scope: Scope, on: dt.date, lines: Sequence[Any]) -> dict[str, Any]:
    """The figures of the register; what is counted up to now is the sum of the townships' lines."""
    closed = Item.closed_on.is_not(None) & (Item.closed_on <= on)
    in_time = closed & (Item.closed_on <= Item.due)

    def count(of: sa.Select[Item], *what: sa.ColumnElement[bool]) -> list[int]:
        columns = [sa.func.count(), *(sa.func.count().filter(one) for one in what)]
        return list(session.execute(of.with_only_columns(*columns)).one())

    handed, quick, quick_closed = count(
        scope.served(),
        Item.way == "at_once",
        (Item.way == "at_once") & in_time,
    )
    due, due_closed = count(scope.fell_due().where(Item.due <= on), closed)
    rechecked, reopened = count(
        scope.items().where(Item.rechecked_on.is_not(None), Item.rechecked_on <= on),
        Item.reopened_on.is_not(None) & (Item.reopened_on >= Item.rechecked_on),
    )
    pairs = (
        scope.up_to_now()
        .where(closed)
        .with_only_columns(Item.served_on, Item.closed_on, sa.func.count().label("items"))
        .group_by(Item.served_on, Item.closed_on)
    )
    days: list[int] = []
    for row in session.execute(pairs):
        days += [(row.closed_on - row.served_on).days] * row.items
    return {
        "handed": handed,
        "due": Rate(due_closed, due),
        "full": Rate(_sum(lines, "closed"), _sum(lines, "handed")),
        "on_time": Rate(_sum(lines, "in_time"), _sum(lines, "closed")),
        "overdue": _sum(lines, "late"),
        "days_mean": sum(days) / len(days) if days else None,
        "days_p90": percentile(days, 0.9),
        "at_once": Rate(quick_closed, quick),
        "rebound": Rate(reopened, rechecked),
        "recovered": sum((decimal.Decimal(line.recovered) for line in lines), decimal.Decimal(0)),
        "households": _sum(lines, "households"),
    }


def _sum(lines: Sequence[Any], column: str) -> int:
    return sum(int(getattr(line, column)) for line in lines)


def _towns(session: orm.Session, papers: Sequence[Any], lines: Sequence[Any]) -> tuple[Town, ...]:
    """One line per township with problems or items, the most overdue and least mended first."""
    found: Counter[int] = Counter()
    for one in papers:
        found[one.area_id] += one.papers
    of = {line.township_id: line for line in lines}
    areas = _areas(session, set(found) | set(of))
    towns = []
    for area, (code, name) in areas.items():
        row: Any = of.get(area)
        towns.append(
            Town(
                code=code,
                name=name,
                papers=found[area],
                handed=row.handed if row else 0,
                due=Rate(row.due_closed, row.due) if row else Rate(0, 0),
                on_time=Rate(row.in_time, row.closed) if row else Rate(0, 0),
                overdue=row.late if row else 0,
            )
        )
    return tuple(sorted(towns, key=lambda t: (-t.overdue, t.due.share if t.due.whole else 2.0, t.code)))


def _seats(scope: Scope) -> sa.Select[Any]:
    """(person, area of the person's office, township of a unit) of every member-visit of the scope."""
    return (
        scope.visits()
        .join(Seat, Seat.team_id == Team.id)
        .join(Person, Person.id == Seat.person_id)
        .join(Office, Office.id == Person.office_id)
    )


def _loads(session: orm.Session, scope: Scope) -> Spread:
    """Days in the field per person who was sent: a team counts once however many units it visits."""
    rows = session.execute(
        _seats(scope).with_only_columns(Seat.person_id, Team.id, Round.start, Round.end).distinct()
    ).all()
    days: Counter[int] = Counter()
    for row in rows:
        days[row.person_id] += (row.end - row.start).days + 1
    return Spread.of(list(days.values()))


def _crossing(session: orm.Session, scope: Scope) -> Rate:
    """Member-visits outside the own township, of all by people who have one."""
    columns = (
        sa.func.count().filter(Office.area_id != Unit.area_id),
        sa.func.count().filter(Office.area_id.is_not(None)),
    )
    outside, every = session.execute(_seats(scope).with_only_columns(*columns)).one()
    return Rate(outside, every)


def _home(session: orm.Session, scope: Scope) -> Rate:
    """Offices that kept whom they must keep (留守, H09), of all (office, round) in which one lent somebody.

    Present are those of the office who are neither in a team of the round nor away on one of its days.
    """
    rows = session.execute(
        _seats(scope)
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
    kept = 0
    for (office, least, start, end), away in out.items():
        present = sum(person not in away and not _is_off(off, start, end) for person, off in staff[office])
        kept += present >= least
    return Rate(kept, len(out))


def _is_off(off: Sequence[Any], start: dt.date, end: dt.date) -> bool:
    """Whether a stretch of days off touches these days; as in the planning problem."""
    return any(first <= end.isoformat() and last >= start.isoformat() for first, last in off)


def _violations(session: orm.Session, scope: Scope) -> Checked:
    """Broken hard rules of the plans behind the visits, as the referee counted them at publication."""
    plans = scope.visits().with_only_columns(Team.plan_id)
    wanted = select(sa.func.coalesce(sa.func.sum(Plan.violations), 0), sa.func.count(Plan.violations))
    broken, checked = session.execute(wanted.where(Plan.id.in_(plans))).one()
    return Checked(int(broken or 0), checked)


def _cases(session: orm.Session, scope: Scope) -> tuple[int, int]:
    """(leads, persons dealt with) that the case room reported for the months of the window.

    A lead never reaches the figures; these counts are all that the case room gives, of whole months.
    """
    first = scope.window.start.replace(day=1)
    wanted = select(sa.func.sum(CaseCount.leads), sa.func.sum(CaseCount.persons)).where(
        CaseCount.month.between(first, scope.window.end), CaseCount.county_id.in_(scope.townships)
    )
    leads, persons = session.execute(wanted).one()
    return leads or 0, persons or 0
