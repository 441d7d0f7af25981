"""The grouping of a plan as paper and sheet, and a member's own calendar: silent before release."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.prints import plan_file
from inspections.planning import verdicts
from inspections.planning.matrix import Matrix
from inspections.rounds.models import Cycle, Plan
from tests import factories
from tests.fieldwork.team import make_stay
from tests.planning.county import approve, small_county
from tests.typesetting.measure import text_of

Solve = Callable[[Cycle], Plan]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def plan(session: orm.Session, solved: Solve) -> Plan:
    return solved(small_county(session))


def test_the_paper_has_every_unit_and_every_name_and_says_what_it_is(
    session: orm.Session, plan: Plan, sign_in: SignIn
) -> None:
    browser = sign_in(factories.make_user(session, "leadership"))
    answer = browser.get(f"/plans/{plan.uuid}/grouping.pdf")
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    for team in plan.teams:
        for posting in team.postings:
            assert posting.unit.name in text
        for seat in team.members:
            assert seat.person.name in text
    assert "批准号" not in text
    approve(session, plan)
    made = plan_file.printed(plan, Matrix(*verdicts.read(plan)), "县纪委监委")
    assert f"批准号{plan.approval}" in text_of(made.data)


def test_the_sheet_has_one_row_for_each_team(session: orm.Session, plan: Plan, sign_in: SignIn) -> None:
    answer = sign_in(factories.make_user(session)).get(f"/plans/{plan.uuid}/grouping.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert len(rows) == 1 + len(plan.answer["teams"])
    assert rows[0][:4] == ("轮次", "日期", "组别", "单位")


def test_a_member_may_not_take_the_whole_plan_away(session: orm.Session, plan: Plan, sign_in: SignIn) -> None:
    browser = sign_in(factories.make_user(session, "leader"))
    for name in ("grouping.pdf", "grouping.xlsx"):
        assert browser.get(f"/plans/{plan.uuid}/{name}").status_code == 403


def test_the_calendar_holds_the_own_visits_from_their_release_on(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = make_stay(session)
    later = factories.make_round(
        session, start=today() + dt.timedelta(days=9), release_on=today() + dt.timedelta(days=7)
    )
    hidden = factories.make_posting(session, {stay.member.person: "finance"}, round=later)
    answer = sign_in(stay.member).get("/postings.ics")
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(event["uid"]) for event in events] == [f"{stay.posting.uuid}@inspections"]
    assert events[0]["dtstart"].dt == stay.posting.team.round.start
    text = answer.data.decode()
    assert hidden.unit.name not in text.replace("\r\n ", "")
    assert str(hidden.uuid) not in text
    assert not Calendar.from_ical(sign_in(factories.make_user(session)).get("/postings.ics").data).walk(
        "VEVENT"
    )
