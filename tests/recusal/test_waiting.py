"""The first page: members are asked to answer, planners see who is silent, the leadership what to approve."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.people.catalogue import load_recusal_kinds
from inspections.planning.statement import people_of
from inspections.recusal import declaring, readiness, requests
from inspections.recusal.requests import Step
from tests import factories
from tests.planning.county import small_county

pytestmark = pytest.mark.both_databases

Browser = Callable[[User], FlaskClient]


def test_the_first_page_tells_each_what_waits(session: orm.Session, sign_in: Browser) -> None:
    load_recusal_kinds(session)
    cycle = small_county(session)
    readiness.begin(session, cycle.id)
    person = people_of(session, cycle)[0]
    member = factories.make_user(session, "leader", person=person)
    planner, boss = factories.make_user(session), factories.make_user(session, "leadership")
    told = (factories.make_unit(session), "RC-16", "unit", "某同志", "熟人")
    made = requests.apply(session, *told, planner)
    assert "1 个周期等您作回避申报" in sign_in(member).get("/").text
    page = sign_in(planner).get("/").text
    assert f"{cycle.name}还有 42 人没有作回避申报" in page and "1 件回避申请待办理" in page
    assert "待批准" not in sign_in(boss).get("/").text
    declaring.answer(session, cycle.id, cycle.uuid, person, member, nil=True)
    for step in ("checked", "decided", "substituted"):
        requests.take_step(session, made, made.version, step, Step(True, "理由", person.code), planner)
    assert "等您作回避申报" not in sign_in(member).get("/").text
    page = sign_in(planner).get("/").text
    assert "还有 41 人没有作回避申报" in page and "待办理" not in page
    assert "1 件回避决定待批准" in sign_in(boss).get("/").text
