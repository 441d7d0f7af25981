"""Release days do not trust a clock that jumps: a village is told on a day that was lived, or confirmed."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at, now, today
from inspections.workdays import lived
from inspections.workdays.models import LivedDay
from tests import factories

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


def days_noted(session: orm.Session) -> list[dt.date]:
    return list(session.scalars(select(LivedDay.day).order_by(LivedDay.day)))


def note_later(session: orm.Session, watch: lived.Watch, days: int) -> None:
    with at(now() + days * DAY):
        lived.note(session, watch)


def test_a_running_worker_believes_its_clock_no_faster_than_time_goes(session: orm.Session) -> None:
    passed = 0.0
    watch = lived.Watch(lambda: passed)
    lived.note(session, watch)
    lived.note(session, watch)
    note_later(session, watch, 3)  # somebody set the clock
    assert days_noted(session) == [today()]
    passed = DAY.total_seconds()
    note_later(session, watch, 1)
    assert days_noted(session) == [today(), today() + DAY]
    note_later(session, watch, -30)
    assert len(days_noted(session)) == 2


@pytest.mark.parametrize(("days", "known"), [(10, 2), (11, 1), (26_000, 1)])
def test_a_worker_that_was_away_longer_than_a_holiday_is_not_sure(
    session: orm.Session, days: int, known: int
) -> None:
    lived.note(session, lived.Watch())
    with at(now() + days * DAY):
        lived.note(session, lived.Watch())
        assert lived.is_doubtful(session) == (known == 1)
    assert len(days_noted(session)) == known


@pytest.mark.both_databases
def test_a_village_stays_secret_on_a_day_that_came_too_suddenly(
    session: orm.Session, sign_in: SignIn
) -> None:
    leader, planner = factories.make_user(session, "leader"), factories.make_user(session, "planner")
    round_ = factories.make_round(session, start=today() - DAY, release_on=today() - DAY)
    posting = factories.make_posting(session, {leader.person: "leader"}, round=round_)
    factories.make_checklist(session)
    session.add(LivedDay(day=today() - 40 * DAY))
    session.flush()
    lived.note(session, lived.Watch())
    team, desk = sign_in(leader), sign_in(planner)
    assert team.get(f"/postings/{posting.uuid}").status_code == 404
    assert team.get("/api/visits").json["visits"] == []
    assert posting.unit.name not in team.get("/postings").text
    assert "暂未公布" in desk.get("/").text and "来得突然" in desk.get("/calendar").text
    assert sign_in(factories.make_user(session, "admin")).post("/calendar/today").status_code == 403
    assert desk.post("/calendar/today").status_code == 302
    assert team.get(f"/postings/{posting.uuid}").status_code == 200
    assert desk.post("/calendar/today").status_code == 422
    assert "暂未公布" not in desk.get("/").text


def test_where_no_worker_has_noted_a_day_the_clock_decides(session: orm.Session, sign_in: SignIn) -> None:
    leader = factories.make_user(session, "leader")
    posting = factories.make_posting(session, {leader.person: "leader"})
    factories.make_checklist(session)
    assert sign_in(leader).get(f"/postings/{posting.uuid}").status_code == 200
