"""Why this person, who comes next at which price, why not somebody; what is short and what would help."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.people.models import Office, Person
from inspections.planning import generate, shortfall, verdicts
from inspections.planning.reasons import stored
from inspections.planning.shortfall import Shortfall, lacking, try_remedy
from inspections.rounds.models import Cycle, Plan
from inspections.site.refusal import Refusal
from planners.shortage.diagnosis import diagnose
from tests import factories
from tests.planning.county import approve, small_county

Solve = Callable[[Cycle], Plan]


@pytest.fixture
def plan(session: orm.Session, solved: Solve) -> Plan:
    return solved(small_county(session))


def first(plan: Plan) -> tuple[str, str]:
    """A unit, and who leads its team."""
    assert plan.answer is not None
    team = plan.answer["teams"][0]
    leader = next(seat["person"] for seat in team["members"] if seat["slot"] == "leader")
    return team["units"][0], leader


def test_each_seat_has_its_price_and_candidates_in_the_order_of_theirs(
    session: orm.Session, plan: Plan
) -> None:
    unit, leader = first(plan)
    team = stored(session, plan).team(unit)
    assert team is not None
    seat = next(seat for seat in team.seats if seat.person == leader)
    prices = [int(one.words.partition("（")[0]) for one in seat.next]
    assert 1 <= len(prices) <= 3
    assert prices == sorted(prices)
    assert stored(session, plan).team("没有这个单位") is None


def test_why_not_names_the_rule_or_the_price(session: orm.Session, plan: Plan) -> None:
    unit, leader = first(plan)
    reasons = stored(session, plan)
    host = session.query(Person).filter(Person.home_unit.has(code=unit)).one()
    assert "是本人所在村（单位）" in " ".join(reasons.why_not(unit, host.code))
    team = reasons.team(unit)
    assert team is not None
    free = next(seat for seat in team.seats if seat.person == leader).next[0]
    assert "规则允许" in reasons.why_not(unit, free.name)[0]
    with pytest.raises(Refusal, match="没有“某某”"):
        reasons.why_not(unit, "某某")
    with pytest.raises(Refusal, match="就在这个小组"):
        reasons.why_not(unit, leader)


def test_the_page_of_a_team_is_for_whoever_reads_plans(
    session: orm.Session, plan: Plan, sign_in: Callable[[User], FlaskClient]
) -> None:
    unit, leader = first(plan)
    session.commit()
    address = f"/plans/{plan.uuid}/teams/{unit}"
    for role in ("planner", "leadership"):
        client = sign_in(factories.make_user(session, role))
        assert f'href="{address}"' in client.get(f"/plans/{plan.uuid}").text
        assert "接下来三名候选人" in client.get(address).text
        assert "就在这个小组" in client.get(f"{address}?why_not={leader}").text


def test_a_shortage_has_its_cause_and_a_remedy_that_heals_what_it_says(
    app: Flask,
    session: orm.Session,
    solved: Solve,
    sign_in: Callable[[User], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cycle = small_county(session)
    for office in session.query(Office).filter(Office.kind == "finance"):
        office.min_home = 3
    plan = solved(cycle)
    assert plan.answer is not None and plan.answer["shortages"]
    computed = diagnose(*verdicts.read(plan))
    # the worker has found it out: no page does so again
    monkeypatch.setattr(shortfall, "diagnose", None)
    found = lacking(session, plan)
    assert found is not None
    told = verdicts.worded(session, plan)
    assert list(found.sentences) == told.remarks([*computed.remarks, *computed.gaps])
    kept = shortfall._remedies(plan)
    assert kept == list(computed.remedies)
    assert [one.raw for one in kept] == [one.raw for one in computed.remedies]
    assert "外派已满" in " ".join(found.sentences)
    assert not any(re.search(r"[HS]\d\d", line) for line in found.sentences)
    best = found.remedies[0]
    assert best.may_try
    session.commit()
    client = sign_in(factories.make_user(session))
    address = f"/plans/{plan.uuid}/shortages"
    assert best.sentence in client.get(address).text
    made = client.post(address, data={"remedy": best.id})
    assert made.status_code == 302
    session.expire_all()
    again = cycle.plans[-1]
    assert again.number == plan.number + 1
    generate.run(app.extensions["sessions"], str(again.uuid), breath=0)
    session.expire_all()
    assert again.trouble == ""
    assert again.answer is not None
    assert len(again.answer["shortages"]) < len(plan.answer["shortages"])
    # the tables do not say the same yet
    with pytest.raises(Refusal, match="不再合规"):
        approve(session, again, reason="先试")


def test_an_unknown_remedy_is_refused(session: orm.Session, plan: Plan) -> None:
    with pytest.raises(Refusal, match="不适用"):
        try_remedy(session, plan, "随便写的", 5, factories.make_user(session))
    assert lacking(session, plan) == Shortfall((), ())


def test_until_the_worker_has_found_the_causes_the_page_says_so(
    session: orm.Session, plan: Plan, sign_in: Callable[[User], FlaskClient]
) -> None:
    plan.diagnosis = None
    session.commit()
    client = sign_in(factories.make_user(session))
    assert "正在查找原因" in client.get(f"/plans/{plan.uuid}/shortages").text
    assert client.post(f"/plans/{plan.uuid}/shortages", data={"remedy": "x"}).status_code == 422
