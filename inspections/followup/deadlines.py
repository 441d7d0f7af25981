"""When something is due, and why: the time limits of the catalogue (DL-…), each with the place it comes from.

The limits are settings (`seeds/catalogue/deadlines.csv`); nothing here knows an article by heart.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from inspections.fieldwork.models import Deadline
from inspections.site.refusal import Refusal
from inspections.workdays.days import calendar

PUT_RIGHT, PLAN, RECHECK, WEEKLY, HALF_MONTHLY, FILING = "DL-07", "DL-08", "DL-19", "DL-16", "DL-17", "DL-21"
#: the catalogue holds one figure for DL-07, that of S2; its source note gives the others
DAYS_OF_SEVERITY = {"S1": 7, "S3": 60}
#: 东海: 整改一般半年、不超一年; what is never finished is looked at every half year
LONG_TERM_DAYS = 180


@dataclass(frozen=True, slots=True)
class Limit:
    """A day and the sentence that says why: name of the time limit, its length and its source."""

    day: dt.date
    basis: str


def limit(session: orm.Session, code: str, start: dt.date, days: int | None = None) -> Limit:
    """The day that the time limit `code` gives from `start` on, or with `days` of one's own instead.

    Raises Refusal where the catalogue lacks the limit.
    """
    entry = session.get(Deadline, code)
    if entry is None:
        raise Refusal(f"时限目录中没有 {code}，请先导入时限目录。")
    length = entry.offset if days is None else days
    if entry.unit == "workday":
        day, unit = calendar(session).after(start, length), "个工作日"
    else:
        day, unit = start + dt.timedelta(days=length), "日"
    return Limit(day, f"{entry.name} {length} {unit}（{code}：{entry.source}）")


def to_put_right(session: orm.Session, severity: str, way: str, served_on: dt.date) -> Limit:
    """Until when a problem must be put right: S1 7, S2 30, S3 60 days, long term half a year."""
    if way == "long_term":
        return limit(session, PUT_RIGHT, served_on, LONG_TERM_DAYS)
    if way == "at_once":
        return limit(session, PUT_RIGHT, served_on, DAYS_OF_SEVERITY["S1"])
    return limit(session, PUT_RIGHT, served_on, DAYS_OF_SEVERITY.get(severity))
