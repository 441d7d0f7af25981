"""照此新建: this year's cycle again for the next, with its dates moved over the calendar.

What it takes over: units, template, crossing table, days between visits, and the rounds with their teams.
What happened meanwhile is told: units that have come since, days off work, a calendar not announced yet.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.people.models import Person
from inspections.rounds import cycles
from inspections.rounds.models import Cycle, Plan, Seat, Team
from inspections.units.models import Unit
from inspections.wording import date_words
from inspections.workdays.days import Calendar, calendar

#: 52 weeks: the same weekdays
A_YEAR = dt.timedelta(days=364)


@dataclass(frozen=True, slots=True)
class NextCycle:
    """What the next cycle would be: its rounds, its units, and what a planner should know before."""

    rounds: tuple[cycles.RoundSetting, ...]
    units: tuple[Unit, ...]
    added: tuple[Unit, ...]
    told: tuple[str, ...]


def first_day(cycle: Cycle) -> dt.date:
    """The first day that is proposed for the next one: a year later, on the same weekday."""
    return min(round_.start for round_ in cycle.standing_rounds) + A_YEAR


def next_of(session: orm.Session, cycle: Cycle, start: dt.date) -> NextCycle:
    """The next cycle from this day on. Rounds keep their lengths and distances, and begin on a workday."""
    days = calendar(session)
    rounds = tuple(_moved(cycle, start, days))
    added = _came_since(session, cycle)
    told = [*_calendar_words(rounds, days), *_changed(session, cycle, added)]
    return NextCycle(rounds, (*cycle.units, *added), added, tuple(told))


def copy(session: orm.Session, cycle: Cycle, name: str, start: dt.date, user: User) -> Cycle:
    """The next cycle, ready to be planned. Raises Refusal like `cycles.create`."""
    found = next_of(session, cycle, start)
    setting = cycles.Setting(name, cycle.crossing, cycle.template_name, found.units, cycle.looks_back)
    made = cycles.create(session, setting, found.rounds, user)
    made.slots = list(cycle.slots)
    made.crossing_table, made.memory = dict(cycle.crossing_table), list(cycle.memory)
    session.flush()
    journal.record(session, "cycle.copy", made.uuid, user, reason=f"照{cycle.name}", version=made.version)
    return made


def _moved(cycle: Cycle, start: dt.date, days: Calendar) -> Iterable[cycles.RoundSetting]:
    first = min(round_.start for round_ in cycle.standing_rounds)
    before = None
    for number, old in enumerate(sorted(cycle.standing_rounds, key=lambda one: one.start), 1):
        begin = start + (old.start - first)
        if before is not None and begin <= before.end:
            begin = before.end + dt.timedelta(days=1)
        while not days.works(begin):
            begin += dt.timedelta(days=1)
        before = cycles.RoundSetting(
            code=f"R{number}",
            name=old.name,
            start=begin,
            end=begin + (old.end - old.start),
            release_on=begin - (old.start - old.release_on),
            teams=old.teams,
            visits_per_team=old.visits_per_team,
        )
        yield replace(before)


def _came_since(session: orm.Session, cycle: Cycle) -> tuple[Unit, ...]:
    """Units of the same townships and kinds that have come since: where every other one takes part."""
    groups = {(unit.area_id, unit.kind) for unit in cycle.units}
    known = {unit.id for unit in cycle.units}
    areas = {area for area, _ in groups}
    wanted = sa.select(Unit).where(Unit.area_id.in_(areas)).order_by(Unit.code)
    newest = max(known, default=0)
    return tuple(
        unit for unit in session.scalars(wanted) if unit.id > newest and (unit.area_id, unit.kind) in groups
    )


def _calendar_words(rounds: Iterable[cycles.RoundSetting], days: Calendar) -> list[str]:
    told = [
        f"{year} 年的放假调休安排还没有录入工作日历，日期按一般周末推算；公布后请核对。"
        for year in sorted({one.start.year for one in rounds})
        if not days.is_announced(year)
    ]
    for one in rounds:
        span = [one.start + dt.timedelta(days=n) for n in range((one.end - one.start).days + 1)]
        named = next((day for day in span if days.name(day) and not days.works(day)), None)
        if named is not None:
            told.append(f"{one.name}遇{days.name(named)}（{date_words(named)}），请看是否避开。")
    return told


def _changed(session: orm.Session, cycle: Cycle, added: tuple[Unit, ...]) -> list[str]:
    told = []
    if added:
        names = "、".join(unit.name for unit in added[:5])
        told.append(f"新增 {len(added)} 个单位：{names}{'等' if len(added) > 5 else ''}，一并列入。")
    seated = sa.select(Seat.person_id).join(Seat.team).join(Team.plan).where(Plan.cycle_id == cycle.id)
    last = session.scalar(sa.select(sa.func.max(Person.id)).where(Person.id.in_(seated))) or 0
    came = session.scalar(sa.select(sa.func.count()).where(Person.id > last)) or 0
    if last and came:
        told.append(f"名册里新增了 {came} 人，排程时一并考虑；他们要先申报回避、参加培训。")
    return told
