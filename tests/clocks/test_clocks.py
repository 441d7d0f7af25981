"""Each step has a clock with a side; what is late is seen by whose turn it is, and by the county."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import database
from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions
from inspections.clocks import counting
from inspections.clocks.table import CLOCKS
from inspections.database import today
from inspections.fieldwork.models import Deadline
from inspections.findings.models import GateVoice
from inspections.followup import reminders
from inspections.home import waiting
from inspections.reading.files import own_rows
from tests.factories import make_finding, make_item, make_user
from tests.followup.course import Course, photos

CATALOGUE = Path(__file__).parents[2] / "seeds" / "catalogue" / "deadlines.csv"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def limits(session: orm.Session) -> None:
    for row in own_rows(CATALOGUE):
        values = {key: row[key] for key in ("code", "name", "start_event", "unit", "source")}
        session.merge(Deadline(**values, offset=int(row["offset"]), basis_checked=False))
    session.flush()


@pytest.fixture
def table(app: Flask) -> Permissions:
    permissions: Permissions = app.extensions["permissions"]
    return permissions


def late(session: orm.Session, table: Permissions, user: User, day: dt.date) -> dict[str, int]:
    """Code → how many steps of this user's are late on that day."""
    with database.at(dt.datetime.combine(day, dt.time(4), dt.UTC)):
        found = {one.clock.code: one for one in counting.running(session, table, user) if one.mine_late}
        rows = [one for one in counting.owed(session, table, user) if one.late]
        assert len(rows) == sum(one.mine_late for one in found.values())
        return {code: one.mine_late for code, one in found.items()}


def test_each_clock_has_its_limit_in_the_catalogue_and_each_code_is_one(limits: None) -> None:
    codes = [one.code for one in CLOCKS]
    assert len(codes) == len(set(codes))
    assert set(codes) <= {row["code"] for row in own_rows(CATALOGUE)}
    assert all((one.since is None) != (one.last_day is None) for one in CLOCKS)


@pytest.mark.both_databases
def test_every_step_of_a_problem_is_late_with_the_side_whose_turn_it_is(
    session: orm.Session, table: Permissions, limits: None
) -> None:
    course = Course(session, make_item(session))
    far = today() + dt.timedelta(days=25)
    people = {
        "liaison": course.liaison,
        "planner": course.planner,
        "checker": course.checker,
        "leader": course.leader,
    }

    def who() -> dict[str, set[str]]:
        found = {name: set(late(session, table, user, far)) - {"DL-21"} for name, user in people.items()}
        return {name: codes for name, codes in found.items() if codes}

    assert who() == {"liaison": {"DL-28"}}
    course.act("sign_receipt", course.liaison)
    assert who() == {"liaison": {"DL-08"}}
    course.act("submit_plan", course.liaison, measures="核对", persons="会计", until=course.item.due)
    assert who() == {"planner": {"DL-29"}}
    course.act("accept_plan", course.planner)
    assert who() == {}
    course.act("ask_extension", course.liaison, text="汛期", until=course.item.due + dt.timedelta(days=9))
    assert who() == {"planner": {"DL-31"}}
    course.act("report_done", course.liaison, text="已经改正", files=photos())
    assert who() == {"planner": {"DL-32"}}
    course.act("assign_check", course.planner, checker=course.checker)
    assert who() == {"checker": {"DL-33"}}
    course.act("rate_good", course.checker, text="属实", files=photos()[1:])
    assert who() == {"leader": {"DL-34"}}
    course.act("close", course.leader)
    assert who() == {}
    assert set(late(session, table, course.planner, today() + dt.timedelta(days=95))) >= {"DL-19"}


def test_a_step_is_late_on_the_day_after_its_last_workday_and_not_before(
    session: orm.Session, table: Permissions, limits: None
) -> None:
    friday = dt.date(2026, 12, 4)
    item = make_item(session, served_on=friday)
    liaison = make_user(session, "recipient", township=item.township)
    last = dt.date(2026, 12, 9)  # three workdays on, past a weekend
    assert "DL-28" not in late(session, table, liaison, last)
    assert late(session, table, liaison, last + dt.timedelta(days=1)) == {"DL-28": 1}


def test_no_late_step_is_unseen_and_each_reminder_is_sent_once_day_by_day(
    session: orm.Session, table: Permissions, limits: None
) -> None:
    """Three problems left alone in different states for three months: somebody is told every day."""
    alone = [
        Course(session, make_item(session)),
        Course(session, make_item(session)).to_plan(),
        Course(session, make_item(session)).to_report(),
    ]
    planner = make_user(session)
    sides = {course.item.id: course.item.turn for course in alone}
    seen = set()
    for n in range(1, 90):
        day = today() + dt.timedelta(days=n)
        for one in reminders.send(session, day):
            assert (one.item_id, one.kind, one.due_on) not in seen
            seen.add((one.item_id, one.kind, one.due_on))
            assert one.side == sides[one.item_id]
        if n in (5, 12, 40, 89):
            with database.at(dt.datetime.combine(day, dt.time(4), dt.UTC)):
                county = {one.clock.code: one.late for one in counting.running(session, table, planner)}
                rows = counting.owed(session, table, planner)
            past_due = sum(course.item.is_overdue or course.item.due < day for course in alone[:2])
            assert county.get("DL-07", 0) == past_due
            assert (county["DL-32"] == 1) == any(one.clock.code == "DL-32" and one.late for one in rows)
    assert {item for item, *_ in seen} == set(sides)


def test_whoever_spoke_first_of_a_grave_paper_is_not_told_to_confirm(
    session: orm.Session, table: Permissions, limits: None
) -> None:
    finding = make_finding(session, state="signed", severity="S4")
    first, second = make_user(session), make_user(session)
    session.add(GateVoice(finding_id=finding.id, verdict="problem", is_first=True, actor_id=first.id))
    session.flush()
    far = today() + dt.timedelta(days=25)
    assert "DL-24" not in late(session, table, first, far)
    assert late(session, table, second, far)["DL-24"] == 1


def test_a_rung_that_speaks_to_the_liaison_reaches_the_place() -> None:
    rungs = list(own_rows(CATALOGUE.parents[1] / "escalation.csv"))
    assert {row["side"] for row in rungs if row["to"] == "联络员"} == {"recipient"}


def test_a_place_that_owes_and_has_no_account_is_told_to_the_planner(
    session: orm.Session, table: Permissions
) -> None:
    planner = make_user(session)

    def told() -> list[str]:
        words = [task.words for task in waiting.tasks(session, table, planner)]
        return [one for one in words if "没有联络员账号" in one]

    before = told()
    item = make_item(session)
    assert len(told()) == 1 and told() != before
    liaison = make_user(session, "recipient", township=item.township)
    assert told() == before
    liaison.active = False
    session.flush()
    assert told() != before


def test_leadership_and_not_the_planner_is_told_of_what_it_may_close(
    session: orm.Session, table: Permissions
) -> None:
    course = Course(session, make_item(session)).to_report()
    course.act("assign_check", course.planner, checker=course.checker)
    course.act("rate_good", course.checker, text="属实", files=photos()[1:])

    def told(user: User) -> bool:
        return any("核验通过，等您批准销号" in task.words for task in waiting.tasks(session, table, user))

    assert [told(user) for user in (course.leader, course.planner, course.checker)] == [True, False, False]


def test_the_page_and_the_first_page_say_what_is_late_and_who_waits(
    session: orm.Session, sign_in: SignIn, limits: None
) -> None:
    with database.at(database.now() - dt.timedelta(days=40)):
        course = Course(session, make_item(session, served_on=today())).to_report()
        make_finding(session)
    session.commit()
    client = sign_in(course.planner)
    assert "已过时限" in client.get("/").text
    page = client.get("/clocks").text
    assert "审核材料、派人核验" in page
    assert "乡镇、单位在等您" in page
    assert course.item.title in page
    reminders.send(session)
    session.commit()
    assert "近 7 日发给您的提醒" in client.get("/clocks").text
    other = make_user(session, "recipient")
    session.commit()
    assert course.item.title not in sign_in(other).get("/clocks").text
