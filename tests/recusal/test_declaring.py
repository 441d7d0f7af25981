"""Everybody answers before a cycle, also those with nothing to declare; nobody is sent without an answer."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.journal import JournalEntry, history
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Person, Tie
from inspections.planning import verdicts
from inspections.planning.statement import people_of, problem_of
from inspections.recusal import declaring, readiness
from inspections.recusal.models import Declaration
from inspections.rounds.models import Cycle, Plan
from inspections.site.refusal import Refusal
from tests import factories
from tests.planning.conftest import solved  # noqa: F401 - a fixture
from tests.planning.county import small_county

Browser = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


@pytest.fixture
def cycle(session: orm.Session) -> Cycle:
    """A small county's cycle that asks for declarations and trainings and is still to come."""
    cycle = small_county(session)
    readiness.begin(session, cycle.id)
    return cycle


def teams_of(session: orm.Session, cycle: Cycle, person: Person) -> int | None:
    found = next(one for one in problem_of(session, cycle)["people"] if one["id"] == person.code)
    most: int | None = found["max_teams"]
    return most


def all_ready(session: orm.Session, cycle: Cycle, but: Person | None = None) -> None:
    """Everybody of the cycle is trained and has answered, except one who has not answered."""
    people = people_of(session, cycle)
    planner = factories.make_user(session)
    readiness.train(session, cycle.id, cycle.uuid, people, today(), "业务培训", 4, planner)
    for person in people:
        if person is not but:
            declaring.answer(session, cycle.id, cycle.uuid, person, planner, nil=True, on_paper=True)
    session.flush()


def test_nobody_without_an_answer_is_sent_and_a_nil_return_is_an_answer(
    session: orm.Session, cycle: Cycle
) -> None:
    silent = people_of(session, cycle)[0]
    all_ready(session, cycle, but=silent)
    assert teams_of(session, cycle, silent) == 0
    assert {one["max_teams"] for one in problem_of(session, cycle)["people"] if one["id"] != silent.code} == {
        None
    }
    declaring.answer(session, cycle.id, cycle.uuid, silent, factories.make_user(session), nil=True)
    assert teams_of(session, cycle, silent) is None


def test_whoever_missed_the_cycle_s_training_is_not_sent_and_who_came_late_not_before(
    session: orm.Session, cycle: Cycle
) -> None:
    early, late, never = people_of(session, cycle)[:3]
    for person in (early, late, never):
        declaring.answer(session, cycle.id, cycle.uuid, person, factories.make_user(session), nil=True)
    for round_, start in zip(cycle.rounds, (-7, 0, 7), strict=True):
        round_.start = today() + dt.timedelta(days=start)
        round_.end, round_.release_on = round_.start + dt.timedelta(days=4), round_.start
    readiness.train(session, cycle.id, cycle.uuid, [early], cycle.rounds[0].start, "第一期", 4, None)
    readiness.train(session, cycle.id, cycle.uuid, [late], today(), "第二期", 4, None)
    people = {one["id"]: one for one in problem_of(session, cycle)["people"]}
    assert (people[early.code]["max_teams"], people[early.code]["off"]) == (None, [])
    assert (people[late.code]["max_teams"], people[late.code]["off"]) == (None, ["R1"])
    assert people[never.code]["max_teams"] == 0
    with pytest.raises(Refusal, match="晚于今天"):
        readiness.train(session, cycle.id, cycle.uuid, [never], today() + dt.timedelta(days=1), "", 1, None)


def test_the_requirement_is_lifted_only_with_a_reason_that_the_journal_keeps(
    session: orm.Session, cycle: Cycle
) -> None:
    person = people_of(session, cycle)[0]
    with pytest.raises(Refusal, match="理由"):
        readiness.set_rule(session, cycle.id, cycle.uuid, False, False, " ", None)
    assert teams_of(session, cycle, person) == 0
    readiness.set_rule(session, cycle.id, cycle.uuid, False, False, "演练，不派人", None)
    assert teams_of(session, cycle, person) is None
    assert history(session, cycle.uuid)[-1].detail["reason"] == "演练，不派人"


def test_a_new_cycle_asks_for_declarations_and_an_old_one_does_not(session: orm.Session) -> None:
    old = small_county(session)
    assert not readiness.rule_of(session, old.id).declarations
    readiness.begin(session, old.id)
    assert readiness.rule_of(session, old.id).declarations


def test_a_plan_no_longer_holds_when_one_of_its_people_declares_a_cousin_there(
    session: orm.Session,
    solved: Callable[[Cycle], Plan],  # noqa: F811
    cycle: Cycle,
) -> None:
    all_ready(session, cycle)
    plan = solved(cycle)
    assert verdicts.spoiled(session, plan) == {}
    team = plan.teams[0]
    person, unit = team.members[0].person, team.postings[0].unit
    values = {"term": "堂兄", "relative_name": "", "unit": unit.code, "post": "会计"}
    declaring.declare_kin(session, person, values, factories.make_user(session, "leader", person=person))
    assert any(key.startswith("H07") for key in verdicts.spoiled(session, plan))


def test_a_member_declares_on_the_own_account_and_it_applies_at_once(
    session: orm.Session, sign_in: Browser, cycle: Cycle
) -> None:
    person, unit = people_of(session, cycle)[0], cycle.units[-1]
    user = factories.make_user(session, "leader", person=person)
    client = sign_in(user)
    assert "1 个周期等您作回避申报" in client.get("/declarations").text
    address = f"/declarations/{cycle.uuid}"
    wrong = client.post(f"{address}/kin", data={"kin-term": "侄孙", "kin-unit": unit.code})
    assert wrong.status_code == 422 and "不在公务员回避规定第五条所列亲属之内" in wrong.text
    told = {
        "kin-term": "母亲的兄弟",
        "kin-relative_name": "曾长根",
        "kin-unit": unit.code,
        "kin-post": "会计",
    }
    assert client.post(f"{address}/kin", data=told).status_code == 302
    tie = {"tie-kind": "RC-25", "tie-object": cycle.units[0].code, "tie-evidence": "包村干部"}
    assert client.post(f"{address}/ties", data=tie).status_code == 302
    barred = {(one["unit"], one["kind"]) for one in problem_of(session, cycle)["ties"]}
    assert barred == {(unit.code, "RC-06"), (cycle.units[0].code, "RC-25")}
    assert client.post(f"{address}/answer", data={"nil": "1"}).status_code == 422
    assert client.post(f"{address}/answer", data={"nil": "0"}).status_code == 302
    answer = session.scalars(sa.select(Declaration)).one()
    assert (answer.nil, answer.person_id, answer.answered_by_id) == (False, person.id, user.id)
    assert not any("曾长根" in line for line in answer.said)
    assert session.scalars(sa.select(Tie)).one().source == "self"
    forbidden = client.post(f"{address}/ties", data=tie | {"tie-kind": "RC-24"})
    assert forbidden.status_code == 422


def test_a_member_of_another_county_finds_no_such_cycle(
    session: orm.Session, sign_in: Browser, cycle: Cycle
) -> None:
    stranger = people_of(session, small_county(session, townships=1))[0]
    client = sign_in(factories.make_user(session, "leader", person=stranger))
    assert client.get(f"/declarations/{cycle.uuid}").status_code == 404
    assert client.post(f"/declarations/{cycle.uuid}/answer", data={"nil": "1"}).status_code == 404


def test_the_planner_sees_who_is_silent_and_enters_a_paper_form(
    session: orm.Session, sign_in: Browser, cycle: Cycle
) -> None:
    silent = people_of(session, cycle)[0]
    all_ready(session, cycle, but=silent)
    client = sign_in(factories.make_user(session))
    page = client.get(f"/rounds/{cycle.uuid}/readiness").text
    assert "42 人中可派 41 人：已申报 41 人，未申报 1 人，未培训 0 人" in page and silent.name in page
    assert ">1 人未申报或未培训</a>" in client.get(f"/rounds/{cycle.uuid}").text
    assert client.get(f"/rounds/{cycle.uuid}/readiness.xlsx").data.startswith(b"PK")
    told = {"person": str(silent.uuid), "checked": "y"}
    assert client.post(f"/rounds/{cycle.uuid}/readiness/stand-in", data=told).status_code == 302
    assert "可派 42 人" in client.get(f"/rounds/{cycle.uuid}/readiness").text
    trained = {"day": today().isoformat(), "topic": "补课", "hours": "2", "whom": "", "left_out": "没有"}
    refused = client.post(f"/rounds/{cycle.uuid}/trainings", data=trained)
    assert refused.status_code == 422 and "名册中没有“没有" in refused.text
    assert client.post(f"/rounds/{cycle.uuid}/trainings", data=trained | {"left_out": ""}).status_code == 302
    rule = f"/rounds/{cycle.uuid}/readiness/rule"
    assert client.post(rule, data={"declarations": "y", "reason": ""}).status_code == 422
    assert client.post(rule, data={"declarations": "y", "reason": "已集中培训"}).status_code == 302
    assert not readiness.rule_of(session, cycle.id).training
    assert session.scalars(sa.select(JournalEntry).where(JournalEntry.act == "readiness.rule")).one()
