"""The lists behind the figures that count no problems: visits, units, people, offices, plans, months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.figures import force
from inspections.figures.scope import Scope
from inspections.people.models import Office, Person
from inspections.rounds.models import Cycle, Posting, Round, Team
from inspections.units.models import Area, Unit, area_name_on, unit_name_on

Lines = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as it is seen: what it is, which action opens it, its head, where its lines come from."""

    words: str
    action: str
    header: tuple[str, ...]
    lines: Callable[[orm.Session, Scope], Lines]


_VISIT = (
    area_name_on(Round.start),
    unit_name_on(Round.start),
    Cycle.name,
    Round.name,
    Round.start,
    Round.end,
)
_VISIT_HEAD = ("乡镇", "单位", "周期", "轮次", "开始", "结束")


def _visits(session: orm.Session, scope: Scope) -> Lines:
    return _of_visits(session, scope.visits())


def _covered(session: orm.Session, scope: Scope) -> Lines:
    """The first visit of each unit since the beginning of the year."""
    first: dict[int, Sequence[Any]] = {}
    for unit, *line in session.execute(_columns(force.covered(scope), Unit.id)).all():
        first.setdefault(unit, line)
    return list(first.values())


def _of_visits(session: orm.Session, wanted: sa.Select[Posting]) -> Lines:
    return session.execute(_columns(wanted)).all()


def _columns(wanted: sa.Select[Posting], *more: Any) -> sa.Select[Any]:
    joined = wanted.join(Cycle, Cycle.id == Round.cycle_id).join(Area, Area.id == Unit.area_id)
    return joined.with_only_columns(*more, *_VISIT).order_by(Round.start, Unit.code)


def _units(session: orm.Session, scope: Scope) -> Lines:
    wanted = force.to_cover(scope).join(Area, Area.id == Unit.area_id)
    names = (area_name_on(scope.window.end), unit_name_on(scope.window.end))
    return session.execute(wanted.with_only_columns(*names).order_by(Unit.code)).all()


def _loads(session: orm.Session, scope: Scope) -> Lines:
    found = force.loads(session, scope)
    wanted = select(Person.id, Person.name, Office.name).join(Office, Office.id == Person.office_id)
    named = {
        row[0]: tuple(row[1:])
        for row in session.execute(wanted.where(Person.id.in_([one.person for one in found])))
    }
    return [(*named[one.person], one.days) for one in found]


def _homes(session: orm.Session, scope: Scope) -> Lines:
    found = force.homes(session, scope)
    wanted = select(Office.id, Office.name).where(Office.id.in_({one.office for one in found}))
    names = {row[0]: row[1] for row in session.execute(wanted)}
    return [
        (names[one.office], one.start, one.end, one.least, one.present, "达标" if one.kept else "不足")
        for one in sorted(found, key=lambda one: (one.kept, one.start, one.office))
    ]


def _crossing(session: orm.Session, scope: Scope) -> Lines:
    home = orm.aliased(Area)
    wanted = (
        force.seats(scope)
        .join(Area, Area.id == Unit.area_id)
        .join(home, home.id == Office.area_id)
        .with_only_columns(
            Person.name,
            home.name,
            area_name_on(Round.start),
            unit_name_on(Round.start),
            Round.start,
            Office.area_id != Unit.area_id,
        )
        .order_by(Round.start, Team.id, Person.id)
    )
    return [(*line, "外乡镇" if outside else "本乡镇") for *line, outside in session.execute(wanted)]


def _plans(session: orm.Session, scope: Scope) -> Lines:
    return [
        (row.name, row.number, "没有核查" if row.violations is None else row.violations)
        for row in force.plans(session, scope)
    ]


def _cases(session: orm.Session, scope: Scope) -> Lines:
    return [(row[0], f"{row.month:%Y-%m}", row.leads, row.persons) for row in force.cases(session, scope)]


#: name in the address → the list
LISTINGS: Mapping[str, Listing] = {
    "visits": Listing("驻点", "plan.read", _VISIT_HEAD, _visits),
    "covered": Listing("本年驻点到过的村（社区）", "plan.read", _VISIT_HEAD, _covered),
    "units": Listing("全部村（社区）", "unit.read", ("乡镇", "单位"), _units),
    "loads": Listing("派出人员", "plan.read", ("姓名", "机构", "驻点（日）"), _loads),
    "home": Listing(
        "机构和轮次的留守", "plan.read", ("机构", "开始", "结束", "应留（人）", "实留（人）", "结果"), _homes
    ),
    "crossing": Listing(
        "有所属乡镇的人次",
        "plan.read",
        ("姓名", "所属乡镇", "驻点乡镇", "单位", "开始", "结果"),
        _crossing,
    ),
    "plans": Listing("驻点所依的方案", "plan.read", ("周期", "方案", "违规（处）"), _plans),
    "cases": Listing(
        "案管室各月填报", "figures.read", ("县", "月份", "移送线索（件）", "处理处分（人）"), _cases
    ),
}
