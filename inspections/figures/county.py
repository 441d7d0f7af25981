"""All figures of one scope, counted from the tables into one frozen value that page and paper read.

Formulas as in practice (覆盖率、村均发现问题、整改率、按期率、反弹率 …), every rate with its denominator.
"""

import datetime as dt
import decimal
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.figures import force, table
from inspections.figures.measures import Change, Checked, Rate, Spread, percentile
from inspections.figures.scope import Scope
from inspections.findings.models import TaxonomyEntry
from inspections.followup import sorting
from inspections.followup.models import Item
from inspections.rounds.models import Posting, Round
from inspections.units.models import Area, Unit, area_name_on

TOP = 10
#: (set of `table.ITEMS`, township) → how many
Counted = Mapping[str, Mapping[int, int]]


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
    """One township's line: found, handed over up to now, due, closed, on time, overdue."""

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
    #: due and not closed, apart from what is overdue: due on the very day, the county's turn, long term
    due_today: int
    due_county: int
    due_long: int
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

    @property
    def due_open(self) -> int:
        """Due and not closed; the sum of `overdue` and the three beside it."""
        return self.due.whole - self.due.part

    def words(self, code: str) -> str:
        """The figure of that name in the table of figures, as it stands on page and in the workbook."""
        return _WORDS[code](self)

    def rate(self, code: str) -> Rate | None:
        """The figure as a rate, where it is one."""
        value = getattr(self, code, None)
        return value if isinstance(value, Rate) else None


def figures(session: orm.Session, scope: Scope, today: dt.date) -> Figures:
    """Every figure of the scope; late is what is late on `today`, or at the window's end if earlier."""
    on = min(scope.window.end, today)
    units = _distinct_units(session, scope)
    papers = _papers(session, scope)
    kinds = _kinds(session, papers)
    visits = session.scalar(scope.visits().with_only_columns(sa.func.count(Posting.id))) or 0
    found = sum(row.papers for row in papers)
    counted = count(session, scope, on)
    cases = force.cases(session, scope)
    return Figures(
        name=scope.window.name,
        on=on,
        rounds=session.scalar(scope.visits().with_only_columns(sa.func.count(sa.distinct(Round.id)))) or 0,
        letters=session.scalar(scope.served().with_only_columns(sa.func.count(sa.distinct(Item.letter))))
        or 0,
        visits=visits,
        units_visited=units,
        coverage=force.coverage(session, scope),
        papers=found,
        per_unit=found / units if units else None,
        against_month=Change(found, _before(session, scope, "month")),
        against_year=Change(found, _before(session, scope, "year")),
        kinds=tuple(kinds[:TOP]),
        concentration=Rate(sum(kind.papers for kind in kinds[:3]), found),
        heat=_heat(session, papers, scope.window.end),
        towns=_towns(session, papers, counted, scope.window.end),
        loads=force.spread(force.loads(session, scope)),
        home=_kept(force.homes(session, scope)),
        crossing=force.crossing(session, scope),
        violations=force.checked(force.plans(session, scope)),
        leads=sum(row.leads for row in cases),
        persons=sum(row.persons for row in cases),
        **_of_items(session, scope, on, counted),
    )


def _kept(homes: Sequence[force.Home]) -> Rate:
    return Rate(sum(one.kept for one in homes), len(homes))


def count(session: orm.Session, scope: Scope, on: dt.date) -> Counted:
    """How many items each set of the table of figures has, by township: one query for each span of time."""
    spans: dict[table.Span, list[str]] = defaultdict(list)
    for name, one in table.ITEMS.items():
        spans[one.span].append(name)
    found: dict[str, dict[int, int]] = {name: {} for name in table.ITEMS}
    for span, names in spans.items():
        columns = [sa.func.count().filter(table.ITEMS[name].fits(on)) for name in names]
        wanted = span(scope).with_only_columns(Item.township_id, *columns).group_by(Item.township_id)
        for township, *numbers in session.execute(wanted):
            for name, number in zip(names, numbers, strict=True):
                found[name][township] = number
    return found


def _total(counted: Counted, name: str) -> int:
    return sum(counted[name].values())


def _of_items(session: orm.Session, scope: Scope, on: dt.date, counted: Counted) -> dict[str, Any]:
    """The figures of the register, each the sum of the townships' lines."""

    def share(part: str, whole: str) -> Rate:
        return Rate(_total(counted, part), _total(counted, whole))

    closed = scope.up_to_now().where(Item.closed_by(on), Item.closed_on.is_not(None))
    pairs = closed.with_only_columns(Item.served_on, Item.closed_on, sa.func.count().label("items"))
    days: list[int] = []
    for row in session.execute(pairs.group_by(Item.served_on, Item.closed_on)):
        days += [(row.closed_on - row.served_on).days] * row.items
    money = table.items("recovered", scope, on).with_only_columns(
        sa.func.sum(Item.recovered), sa.func.sum(Item.households)
    )
    recovered, households = session.execute(money).one()
    return {
        "handed": _total(counted, "handed"),
        "due": share("due-closed", "due"),
        "full": share("full-closed", "full"),
        "on_time": share("on-time", "full-closed"),
        "overdue": _total(counted, "overdue"),
        "due_today": _total(counted, "due-today"),
        "due_county": _total(counted, "due-county"),
        "due_long": _total(counted, "due-long"),
        "days_mean": sum(days) / len(days) if days else None,
        "days_p90": percentile(days, 0.9),
        "at_once": share("at-once-in-time", "at-once"),
        "rebound": share("reopened", "rechecked"),
        "recovered": decimal.Decimal(recovered or 0),
        "households": households or 0,
    }


def _distinct_units(session: orm.Session, scope: Scope) -> int:
    wanted = scope.visits().with_only_columns(sa.func.count(sa.distinct(Posting.unit_id)))
    return session.scalar(wanted) or 0


def _papers(session: orm.Session, scope: Scope) -> Sequence[Any]:
    """(category, area_id, unit_id, papers) of the scope's problems, by the category they were sorted to."""
    wanted = scope.problems().with_only_columns(
        sorting.CATEGORY.label("category"),
        Unit.area_id,
        Unit.id.label("unit_id"),
        sa.func.count().label("papers"),
    )
    rows: Sequence[Any] = session.execute(wanted.group_by(sorting.CATEGORY, Unit.area_id, Unit.id)).all()
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


def _heat(session: orm.Session, papers: Sequence[Any], day: dt.date) -> Heat:
    parents = {
        row.code: row.parent_code
        for row in session.execute(
            select(TaxonomyEntry.code, TaxonomyEntry.parent_code).where(TaxonomyEntry.kind == "subcategory")
        )
    }
    names = _names(session, "category")
    areas = _areas(session, {row.area_id for row in papers}, day)
    cells: Counter[tuple[str, str]] = Counter()
    for row in papers:
        cells[(parents.get(row.category, row.category), areas[row.area_id][0])] += row.papers
    used = sorted({category for category, _ in cells})
    return Heat(
        categories=tuple((code, names.get(code, code)) for code in used),
        townships=tuple(sorted(areas.values())),
        cells=dict(cells),
    )


def _areas(session: orm.Session, ids: set[int], day: dt.date) -> dict[int, tuple[str, str]]:
    """Code and name of each area, as it was called on the day."""
    rows = session.execute(select(Area.id, Area.code, area_name_on(day)).where(Area.id.in_(ids)))
    return {area: (code, name) for area, code, name in rows}


def _towns(session: orm.Session, papers: Sequence[Any], counted: Counted, day: dt.date) -> tuple[Town, ...]:
    """One line per township with problems or items, the most overdue and least mended first."""
    found: Counter[int] = Counter()
    for one in papers:
        found[one.area_id] += one.papers
    areas = _areas(session, set(found) | set(counted["full"]), day)
    towns = [
        Town(
            code=code,
            name=name,
            papers=found[area],
            handed=counted["full"].get(area, 0),
            due=Rate(counted["due-closed"].get(area, 0), counted["due"].get(area, 0)),
            on_time=Rate(counted["on-time"].get(area, 0), counted["full-closed"].get(area, 0)),
            overdue=counted["overdue"].get(area, 0),
        )
        for area, (code, name) in areas.items()
    ]
    return tuple(sorted(towns, key=lambda t: (-t.overdue, t.due.share if t.due.whole else 2.0, t.code)))


def _days(found: Figures) -> str:
    if found.days_mean is None:
        return "—"
    return f"平均 {found.days_mean:.1f} 日，九成在 {found.days_p90} 日内"


def _loads(found: Figures) -> str:
    loads = found.loads
    if loads.mean is None:
        return "—"
    return f"{loads.mean:.1f} 日（{loads.people} 人，最少 {loads.least} 日，最多 {loads.most} 日）"


def _per_unit(found: Figures) -> str:
    if found.per_unit is None:
        return "—"
    return f"{found.per_unit:.1f} 个（{found.papers}/{found.units_visited}）"


_WORDS: Mapping[str, Callable[[Figures], str]] = {
    "coverage": lambda found: found.coverage.words,
    "per_unit": _per_unit,
    "against_month": lambda found: found.against_month.words,
    "against_year": lambda found: found.against_year.words,
    "concentration": lambda found: found.concentration.words,
    "handed": lambda found: f"{found.handed} 个（{found.letters} 份交办函）",
    "due": lambda found: found.due.words,
    "full": lambda found: found.full.words,
    "on_time": lambda found: found.on_time.words,
    "overdue": lambda found: f"{found.overdue} 个",
    "due_open": lambda found: (
        f"{found.due_open} 个：逾期 {found.overdue}，当日到期 {found.due_today}，"
        f"等县里 {found.due_county}，长期坚持 {found.due_long}"
    ),
    "days": _days,
    "at_once": lambda found: found.at_once.words,
    "rebound": lambda found: found.rebound.words,
    "recovered": lambda found: f"{found.recovered:,.2f} 元，{found.households} 户",
    "loads": _loads,
    "home": lambda found: found.home.words,
    "crossing": lambda found: found.crossing.words,
    "violations": lambda found: found.violations.words,
    "leads": lambda found: f"{found.leads} 件（案管室填报）",
    "persons": lambda found: f"{found.persons} 人（案管室填报）",
}
