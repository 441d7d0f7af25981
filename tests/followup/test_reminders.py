"""Reminders fall on the days of the county's rules and are written exactly once, whoever writes them."""

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections import database
from inspections.database import today
from inspections.followup import reminders
from inspections.followup.models import EscalationRung, Reminder
from inspections.site.refusal import Conflict
from tests.factories import make_item, make_user
from tests.followup.course import Course, photos

pytestmark = pytest.mark.both_databases


def on(day: dt.date) -> object:
    return database.at(dt.datetime.combine(day, dt.time(1), dt.UTC))


def ladder(session: orm.Session) -> None:
    for code, days in (("E1", 1), ("E2", 15)):
        session.merge(EscalationRung(code=code, name=f"第{code}级", after_days=days, to="联络员"))
    session.flush()


def test_an_open_problem_is_reminded_weekly_half_monthly_and_then_up_the_ladder(session: orm.Session) -> None:
    ladder(session)
    item = make_item(session)
    for n in range(1, 50):
        reminders.send(session, item.served_on + dt.timedelta(days=n))
    kinds = Counter(one.kind for one in item.reminders)
    # weeks 1 to 7, the days 15, 30 and 45, one and fifteen days after the thirtieth
    assert kinds == {"DL-16": 7, "DL-17": 3, "E1": 1, "E2": 1}
    late = [one for one in item.reminders if one.kind == "E1"]
    assert late[0].due_on == item.due + dt.timedelta(days=1)


def test_running_again_on_the_same_day_writes_nothing(session: orm.Session) -> None:
    ladder(session)
    item = make_item(session)
    day = item.served_on + dt.timedelta(days=16)
    first = reminders.send(session, day)
    assert first
    assert reminders.send(session, day) == []
    with on(day):
        assert reminders.waiting(session) is None


def test_after_a_long_sleep_only_the_newest_of_each_kind_is_made_up(session: orm.Session) -> None:
    item = make_item(session)
    made = reminders.send(session, item.served_on + dt.timedelta(days=29))
    days = sorted((one.kind, (one.due_on - item.served_on).days) for one in made)
    assert days == [("DL-16", 28), ("DL-17", 15)]


def test_a_reminder_goes_to_the_side_whose_turn_it_is_and_says_what_is_asked(session: orm.Session) -> None:
    ladder(session)
    course = Course(session, make_item(session))
    item, said = course.item, {}

    def remind(weeks: int) -> None:
        made = reminders.send(session, item.served_on + dt.timedelta(days=7 * weeks))
        said[item.state, item.asked_due is not None] = {(one.side, one.to) for one in made}
        assert len({one.text for one in made}) == 1

    remind(1)
    course.act("sign_receipt", course.liaison)
    remind(2)
    course.act("submit_plan", course.liaison, measures="核对", persons="会计", until=item.due)
    remind(8)
    course.act("accept_plan", course.planner)
    course.act("ask_extension", course.liaison, text="汛期", until=item.due + dt.timedelta(days=9))
    remind(9)
    course.act("report_done", course.liaison, text="已经改正", files=photos())
    remind(10)
    course.act("assign_check", course.planner, checker=course.checker)
    remind(11)
    course.act("rate_good", course.checker, text="属实", files=photos()[1:])
    remind(12)
    course.act("close", course.leader)
    remind_none = reminders.send(session, item.served_on + dt.timedelta(days=91))
    place = {("recipient", item.responsible)}
    assert said == {
        ("issued", False): place,
        ("received", False): place,
        ("planned", False): {("planner", "县统筹")},
        ("rectifying", True): {("planner", "县统筹")},
        ("reported", False): {("planner", "县统筹")},
        ("checking", False): {("checker", course.checker.name)},
        ("checked", False): {("leadership", "领导")},
    }
    assert remind_none == []


def test_a_reminder_counts_from_the_day_on_which_it_is_sent(session: orm.Session) -> None:
    item = make_item(session)  # a weekly one that the worker sends a day late
    [one] = reminders.send(session, item.served_on + dt.timedelta(days=8))
    assert f"整改时限 {item.due}，还有 {(item.due - item.served_on).days - 8} 日" in one.text
    Course(session, item).act("sign_receipt", make_user(session, "recipient", township=item.township))
    made = reminders.send(session, item.served_on + dt.timedelta(days=15))
    assert f"报送方案时限 {item.plan_due}，今天到期" in made[-1].text


@pytest.mark.parametrize("days", [120, pytest.param(365, marks=pytest.mark.soak)])
def test_over_a_year_with_broken_runs_each_reminder_stands_once(session: orm.Session, days: int) -> None:
    ladder(session)
    items = [make_item(session, served_on=today() + dt.timedelta(days=n)) for n in range(0, 40, 4)]
    for n in range(days):
        day = today() + dt.timedelta(days=n)
        if n % 3 == 0:  # a worker that dies before its commit leaves nothing
            dying = session.begin_nested()
            reminders.send(session, day)
            dying.rollback()
        reminders.send(session, day)
        if n % 5 == 0:
            reminders.send(session, day)
    rows = session.execute(sa.select(Reminder.item_id, Reminder.kind, Reminder.due_on)).all()
    assert len(rows) == len(set(rows))
    for item in items:
        weeks = (days - 1 - (item.served_on - today()).days) // 7
        kept = [row for row in rows if row.item_id == item.id and row.kind in ("DL-16", "DL-17")]
        halves = (days - 1 - (item.served_on - today()).days) // 15
        both = (days - 1 - (item.served_on - today()).days) // 105
        assert len(kept) == weeks + halves - both


def test_a_call_is_logged_once_a_day(session: orm.Session) -> None:
    item, planner = make_item(session), make_user(session, "planner")
    reminders.log(session, item, "phone", "乡镇纪委书记", "请按期报送", planner)
    with pytest.raises(Conflict, match="今天已经登记过"):
        reminders.log(session, item, "phone", "乡镇纪委书记", "请按期报送", planner)
