"""Which days have really come: a clock that jumps forward releases nothing.

The worker notes each day that it lives to see. It believes its clock as long as that goes no faster than the
time since the machine was switched on, and as long as it was not away longer than the longest holiday; beyond
that somebody of the county looks at a calendar and confirms.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.site.refusal import Refusal
from inspections.wording import SHANGHAI
from inspections.workdays.models import LivedDay

#: 春节 and 国庆 with the days around them
LONGEST_PAUSE = dt.timedelta(days=10)
#: what time servers and leap seconds may put right at once
SLACK = dt.timedelta(hours=1)


def _since_switched_on() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Watch:
    """This process's own idea of the time: the clock at its start and how long it has run since."""

    def __init__(self, elapsed: Callable[[], float] = _since_switched_on) -> None:
        self.elapsed = elapsed
        self.begun, self.mark = now(), elapsed()

    def believed(self) -> dt.datetime:
        """The earlier of what the clock says and what it can say by now."""
        most = self.begun + dt.timedelta(seconds=self.elapsed() - self.mark) + SLACK
        return min(now(), most)


def note(session: orm.Session, watch: Watch) -> None:
    """Nothing; the day that the watch believes in is lived, unless it came too suddenly."""
    day = watch.believed().astimezone(SHANGHAI).date()
    if may_follow(session, day):
        session.add(LivedDay(day=day))
        session.flush()


def may_follow(session: orm.Session, day: dt.date) -> bool:
    """Whether the day comes after the last that was lived, and no longer after it than a holiday takes."""
    newest = newest_day(session)
    return newest is None or newest < day <= newest + LONGEST_PAUSE


def newest_day(session: orm.Session) -> dt.date | None:
    """The last day that was lived; None where no worker has run yet."""
    return session.scalar(sa.select(sa.func.max(LivedDay.day)))


def has_come(day: Any) -> sa.ColumnElement[bool]:
    """The condition that the day in a column has come: by the clock, and lived (where days are noted)."""
    lived = sa.select(sa.func.coalesce(sa.func.max(LivedDay.day), dt.date.max)).scalar_subquery()
    return sa.and_(day <= today(), day <= lived)


def is_doubtful(session: orm.Session) -> bool:
    """Whether the clock says a day that was not lived: nothing is released on it."""
    newest = newest_day(session)
    return newest is not None and newest < today()


def confirm(session: orm.Session, actor: User) -> None:
    """Nothing; the actor has looked at a calendar, and today is lived. Raises Refusal where it is."""
    if not is_doubtful(session):
        raise Refusal("日期已经核对，不必再确认。")
    session.add(LivedDay(day=today(), confirmed_by_id=actor.id))
    session.flush()
    journal.record(session, "clock.confirm", None, actor, day=today().isoformat())
