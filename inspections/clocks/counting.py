"""How many steps run, are late or fall due within a week, and which they are: one query for all clocks."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.accounts.duties import READER
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, in_reach
from inspections.clocks.table import CLOCKS, Clock
from inspections.database import UtcDateTime, today
from inspections.fieldwork.models import Deadline
from inspections.wording import SHANGHAI
from inspections.workdays.days import Calendar, calendar

SOON = dt.timedelta(days=7)
MOST = 200


@dataclass(frozen=True, slots=True)
class Running:
    """One clock as it stands: its limit, how many steps run, are late, are late or due and this person's."""

    clock: Clock
    limit: str
    source: str
    running: int
    late: int
    mine_late: int
    mine_soon: int


@dataclass(frozen=True, slots=True)
class Owed:
    """One step that this person owes: the record, and until when."""

    clock: Clock
    uuid: uuid.UUID
    title: str
    last_day: dt.date
    late: bool


@dataclass(frozen=True, slots=True)
class _Limit:
    """The days until which a step may have begun so as to be late today, or due within the week."""

    entry: Deadline
    late: dt.date
    soon: dt.date


def running(session: orm.Session, permissions: Permissions, user: User) -> list[Running]:
    """Every clock whose rows this person may read, in the order of the work; empty where none runs."""
    limits = _limits(session)
    shown = [one for one in CLOCKS if one.code in limits and permissions.allows(user, one.action)]
    if not shown:
        return []
    counts = sa.union_all(*[_count(one, limits[one.code], permissions, user) for one in shown])
    rows: Sequence[Any] = session.execute(counts).all()
    found = {row[0]: row[1:] for row in rows}
    return [
        Running(one, _length(limits[one.code].entry), limits[one.code].entry.source, *found[one.code])
        for one in shown
        if found[one.code][0]
    ]


def owed(session: orm.Session, permissions: Permissions, user: User) -> list[Owed]:
    """The steps that are this person's and late or due within a week, the longest late first, 200 at most."""
    limits = _limits(session)
    mine = [
        one
        for one in CLOCKS
        if one.code in limits and _is_mine(one, user) and permissions.allows(user, one.action)
    ]
    if not mine:
        return []
    at = sa.union_all(*[_rows(one, limits[one.code], permissions, user) for one in mine])
    days, known = calendar(session), {one.code: one for one in mine}
    found = []
    rows: Sequence[Any] = session.execute(at).all()
    for code, name, title, moment, day, last in rows:
        entry = limits[code].entry
        since = moment.astimezone(SHANGHAI).date() if moment is not None else day
        until = last or _after(days, since, entry)
        found.append(Owed(known[code], name, title, until, until < today()))
    return sorted(found, key=lambda one: (one.last_day, one.clock.code))[:MOST]


def _limits(session: orm.Session) -> dict[str, _Limit]:
    days = calendar(session)
    yesterday = today() - dt.timedelta(days=1)
    return {
        entry.code: _Limit(entry, _latest(days, yesterday, entry), _latest(days, today() + SOON, entry))
        for entry in session.scalars(sa.select(Deadline))
    }


def _after(days: Calendar, since: dt.date, entry: Deadline) -> dt.date:
    if entry.unit == "workday":
        return days.after(since, entry.offset)
    return since + dt.timedelta(days=entry.offset)


def _latest(days: Calendar, last: dt.date, entry: Deadline) -> dt.date:
    """The latest day on which a step may begin and still be owed by the end of `last`."""
    begun = last
    while _after(days, begun, entry) > last:
        begun -= dt.timedelta(days=1)
    return begun


def _length(entry: Deadline) -> str:
    return f"{entry.offset} {'个工作日' if entry.unit == 'workday' else '日'}"


def _by(clock: Clock, limit: _Limit) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """(late, late or due within a week) as conditions."""
    if clock.last_day is not None:
        return clock.last_day < today(), clock.last_day <= today() + SOON
    if _is_day(clock):
        return clock.since <= limit.late, clock.since <= limit.soon
    return clock.since < _end(limit.late), clock.since < _end(limit.soon)


def _is_day(clock: Clock) -> bool:
    return isinstance(clock.since.type, sa.Date)


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)


def _is_mine(clock: Clock, user: User) -> bool:
    """Whether such a step can be this person's at all; whoever only reads owes none."""
    return user.role in clock.roles and user.duty != READER


def _count(clock: Clock, limit: _Limit, permissions: Permissions, user: User) -> Any:
    """The select of code, running, late, mine and late, mine and due soon."""
    late, soon = _by(clock, limit)
    own = clock.mine(user) if _is_mine(clock, user) else sa.false()
    columns = (
        sa.func.count(),
        sa.func.count().filter(late),
        sa.func.count().filter(sa.and_(late, own)),
        sa.func.count().filter(sa.and_(soon, ~late, own)),
    )
    here = in_reach(permissions, user, clock.action, clock.model)
    wanted = sa.select(sa.literal(clock.code), *columns)
    return wanted.select_from(clock.model).where(clock.runs, here)


def _rows(clock: Clock, limit: _Limit, permissions: Permissions, user: User) -> Any:
    """The select of code, name, title and since when or until when."""
    _, soon = _by(clock, limit)
    moment, day, last = (
        sa.cast(sa.null(), UtcDateTime()),
        sa.cast(sa.null(), sa.Date),
        sa.cast(sa.null(), sa.Date),
    )
    if clock.last_day is not None:
        last = clock.last_day
    elif _is_day(clock):
        day = clock.since
    else:
        moment = clock.since
    here = in_reach(permissions, user, clock.action, clock.model)
    columns = clock.model.uuid, clock.title, moment, day, last
    return sa.select(sa.literal(clock.code), *columns).where(clock.runs, here, soon, clock.mine(user))


def words(found: Sequence[Running]) -> str:
    """The sentence of the first page: late, due within a week, and who waits for it; empty for neither."""
    late = sum(one.mine_late for one in found)
    soon = sum(one.mine_soon for one in found)
    if not late and not soon:
        return ""
    said = [f"已过时限 {late} 件" if late else "", f"七日内到期 {soon} 件" if soon else ""]
    waits = list(dict.fromkeys(one.clock.waits for one in found if one.mine_late))
    held = f"；{'、'.join(waits)}在等您" if waits else ""
    return "，".join(part for part in said if part) + held
