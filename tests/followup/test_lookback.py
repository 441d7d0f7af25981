"""Closed problems come due again after three months, in a cycle to which nobody of the first team is sent."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import database
from inspections.accounts.models import User
from inspections.database import today
from inspections.followup import lookback
from inspections.planning.statement import problem_of
from inspections.rounds.models import Cycle, TeamTemplate
from inspections.site.refusal import Refusal
from tests.factories import SLOTS, make_finding, make_item, make_person, make_posting
from tests.followup.course import Course

pytestmark = pytest.mark.both_databases

SignIn = Callable[[User], FlaskClient]


def test_a_unit_is_due_ninety_days_after_its_last_closing(session: orm.Session) -> None:
    item = make_item(session)
    Course(session, item).to_close()
    assert lookback.revisits(session) == []
    after = today() + dt.timedelta(days=90)
    [revisit] = [one for one in lookback.revisits(session, after) if one.unit is item.unit]
    assert (list(revisit.items), revisit.since) == ([item], after)


def test_nobody_of_the_first_team_may_go_to_the_unit_again(session: orm.Session) -> None:
    first = make_person(session)
    session.add(TeamTemplate(name="1+2+N 测试", slots=SLOTS))
    posting = make_posting(session, {first: "leader"})
    first.office.area = posting.unit.area.parent or posting.unit.area
    item = make_item(session, make_finding(session, posting, state="signed"))
    course = Course(session, item).to_close()
    later = dt.datetime.combine(today() + dt.timedelta(days=91), dt.time(4), dt.UTC)
    with database.at(later):
        cycle = lookback.cycle_of(session, [item.unit], course.planner)
        with pytest.raises(Refusal, match="已经有了"):
            lookback.cycle_of(session, [item.unit], course.planner)
    assert cycle.looks_back
    problem = problem_of(session, cycle)
    assert [(past["unit"], past["people"]) for past in problem["history"]] == [(item.unit.code, [first.code])]
    assert problem["rules"]["memory"]["person_unit"] == "forbid"
    cycle.looks_back = False
    assert problem_of(session, cycle)["rules"]["memory"]["person_unit"] == {"avoid": 40}


def test_the_page_lists_the_units_and_makes_the_cycle(session: orm.Session, sign_in: SignIn) -> None:
    item = make_item(session)
    course = Course(session, item).to_close()
    session.add(TeamTemplate(name="1+2+N 测试", slots=SLOTS))
    session.commit()
    client = sign_in(course.planner)
    later = dt.datetime.combine(today() + dt.timedelta(days=91), dt.time(4), dt.UTC)
    with database.at(later):
        assert item.unit.name in client.get("/rectification/revisits").text
        made = client.post("/rectification/revisits")
    assert made.status_code == 302
    cycle = session.scalars(select(Cycle).where(Cycle.looks_back)).one()
    assert item.unit in cycle.units
