"""Whether a day is worked, and the day so many workdays on: holidays, moved days, the county's own days.

全国年节及纪念日放假办法 sets the holidays; which weekend is worked instead is announced year by year, so that
a year may be incomplete: `is_announced` says whether it is.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import holidays
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.reading import days as reading_days
from inspections.reading import files
from inspections.reading.typed import EntryFault, tidy
from inspections.site.refusal import Refusal
from inspections.workdays.models import CalendarDay

HEADER = ("日期", "上班或休息", "说明")
_WORDS = {"上班": True, "休息": False}
SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100


@cache
def _general(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, language="zh_CN")


@dataclass(frozen=True)
class Calendar:
    """The general calendar with the county's own days over it."""

    own: Mapping[dt.date, bool]

    def works(self, day: dt.date) -> bool:
        """Whether offices work on that day."""
        if day in self.own:
            return self.own[day]
        general = _general(day.year)
        if day in general.weekend_workdays:
            return True
        return day.weekday() < SATURDAY and day not in general

    def name(self, day: dt.date) -> str:
        """The holiday on that day, e.g. 春节; empty on other days."""
        return str(_general(day.year).get(day, ""))

    def after(self, day: dt.date, workdays: int) -> dt.date:
        """The day that comes `workdays` worked days after `day`; for 0 the day or the next worked one."""
        left, at = workdays, day
        while left or not self.works(at):
            at += dt.timedelta(days=1)
            left -= left > 0 and self.works(at)
        return at

    def is_announced(self, year: int) -> bool:
        """Whether the moved workdays of that year are known, generally or from the county's own days."""
        general = any(day.year == year for day in _general(year).weekend_workdays)
        return general or any(day.year == year and works for day, works in self.own.items())


def calendar(session: orm.Session) -> Calendar:
    """The county's calendar as it stands now."""
    return Calendar({row.day: row.works for row in session.scalars(select(CalendarDay))})


def read(data: bytes) -> list[tuple[dt.date, bool, str]]:
    """The days in a CSV file with HEADER, as Excel saves it. Raises Refusal naming every faulty cell."""
    try:
        rows = [[tidy(cell) for cell in row] for row in files.rows(data)]
    except EntryFault as fault:
        raise Refusal(f"文件{fault}。") from fault
    if not rows or tuple(rows[0][:3]) != HEADER:
        raise Refusal(f"第 1 行应为：{'、'.join(HEADER)}。")
    days, faults, seen = [], [], set()
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        first, kind, note = (*row, "", "", "")[:3]
        try:
            day = reading_days.day(first)
        except EntryFault as fault:
            faults.append(f"A{number}：{fault}")
            continue
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            faults.append(f"A{number}：年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
        elif day in seen:
            faults.append(f"A{number}：{day} 在前面已经有了")
        elif kind not in _WORDS:
            faults.append(f"B{number}：“{kind}”应为 上班 或 休息")
        else:
            days.append((day, _WORDS[kind], note[:60]))
        seen.add(day)
    if faults:
        raise Refusal("文件有误，没有导入：" + "；".join(faults) + "。")
    if not days:
        raise Refusal("文件里没有日期。")
    return days


def keep(session: orm.Session, days: list[tuple[dt.date, bool, str]], actor: User | None) -> int:
    """How many of these days say something new; they stand in the county's calendar now."""
    changed = 0
    for day, works, note in days:
        row = session.get(CalendarDay, day)
        if row is None:
            session.add(CalendarDay(day=day, works=works, note=note, set_by_id=actor.id if actor else None))
        elif (row.works, row.note) == (works, note):
            continue
        else:
            row.works, row.note = works, note
        changed += 1
    session.flush()
    if changed:
        journal.record(session, "calendar.keep", None, actor, days=changed)
    return changed


def remove(session: orm.Session, day: dt.date, actor: User | None) -> None:
    """Nothing; the general calendar counts again on that day."""
    row = session.get(CalendarDay, day)
    if row is not None:
        session.delete(row)
        session.flush()
        journal.record(session, "calendar.remove", None, actor, day=day.isoformat())
