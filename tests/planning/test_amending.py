"""What a published plan lets be changed only by two people: its withdrawal, new dates, a cancelled round."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.planning import generate, publish, verdicts
from inspections.planning.amending import amendments
from inspections.planning.amending.amendments import NewDates
from inspections.planning.amending.models import Amendment
from inspections.rounds import archive, cycles
from inspections.rounds.models import Cycle, Plan, today
from inspections.site.refusal import Conflict, Refusal
from planners.formats.faults import BadInput, Fault
from tests import factories
from tests.planning.county import approve, go_public, small_county

Browser = Callable[[User], FlaskClient]
Solve = Callable[[Cycle], Plan]


@pytest.fixture
def planner(session: orm.Session) -> User:
    return factories.make_user(session, name="王统筹")


@pytest.fixture
def plan(session: orm.Session, solved: Solve, planner: User) -> Plan:
    """The published plan of a small county."""
    made = solved(small_county(session))
    approve(session, made)
    go_public(session, made, planner)
    session.commit()
    return made


def agree(session: orm.Session, asked: Amendment | None, agreed: bool = True, answer: str = "") -> None:
    assert asked is not None
    amendments.decide(session, asked, agreed, answer, factories.make_user(session, "leadership"))


@pytest.mark.both_databases
def test_the_wrong_version_comes_back_and_the_better_one_is_published(
    session: orm.Session, solved: Solve, planner: User
) -> None:
    cycle = small_county(session)
    wrong, better = solved(cycle), solved(cycle)
    for each in wrong, better:
        approve(session, each)
    go_public(session, wrong)
    asked = amendments.ask_withdrawal(session, wrong, wrong.version, "发错了版本", planner)
    assert wrong.state == "published"
    with pytest.raises(Refusal, match="由另一人同意"):
        amendments.decide(session, asked, True, "", planner)
    agree(session, asked)
    assert (wrong.state, better.state, wrong.published_at) == ("approved", "approved", None)
    go_public(session, better)
    assert (wrong.state, better.state) == ("lapsed", "published")
    with pytest.raises(Conflict, match="已由他人决定"):
        agree(session, asked)


def test_once_a_round_is_released_nothing_is_withdrawn_any_more(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    asked = amendments.ask_withdrawal(session, plan, plan.version, "发错了版本", planner)
    plan.cycle.rounds[0].release_on = today()
    session.flush()
    with pytest.raises(Refusal, match="不能再撤回"):
        agree(session, asked)
    with pytest.raises(Refusal, match="不能再撤回"):
        amendments.ask_withdrawal(session, plan, plan.version, "发错了版本", planner)


def test_dates_of_a_published_round_move_when_a_second_person_agrees(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    cycle = plan.cycle
    second, third = cycle.rounds[1], cycle.rounds[2]
    before, week = (second.start, third.start), dt.timedelta(days=7)
    dates = NewDates(second.start + week, second.end + week, second.release_on + week, onward=True)
    with pytest.raises(Refusal, match="原因"):
        amendments.move(session, cycle, second, dates, " ", planner)
    asked = amendments.move(session, cycle, second, dates, "防汛", planner)
    assert (second.start, third.start) == before
    with pytest.raises(Refusal, match="还在等第二人"):
        amendments.cancel(session, cycle, third, "防汛", planner)
    agree(session, asked)
    assert (second.start, third.start) == (before[0] + week, before[1] + week)
    assert verdicts.spoiled(session, plan) == {}


def test_dates_with_which_the_plan_breaks_a_rule_are_refused_before_anybody_agrees(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    last = plan.cycle.rounds[-1]
    team = next(team for team in plan.teams if team.round_id == last.id)
    later = last.end + dt.timedelta(days=2)
    team.members[0].person.off = [[later.isoformat(), later.isoformat()]]
    session.commit()
    old = last.end
    with pytest.raises(Refusal, match="不再合规"):
        dates = NewDates(last.start, later, last.release_on)
        amendments.move(session, plan.cycle, last, dates, "延长", planner)
    session.rollback()
    assert (last.end, amendments.open_of(session, plan.cycle)) == (old, None)


def test_a_cancelled_round_frees_its_villages_for_the_rest(
    session: orm.Session, solved: Solve, plan: Plan, planner: User
) -> None:
    cycle = plan.cycle
    last = cycle.rounds[-1]
    freed = {unit for team in plan.teams if team.round_id == last.id for unit in team.postings}
    codes = {posting.unit.code for posting in freed}
    asked = amendments.cancel(session, cycle, last, "换届", planner)
    agree(session, asked)
    session.expire_all()
    now_ = cycle.published_plan
    assert now_ is not None
    assert now_ is not plan
    assert (plan.state, last.cancelled_at is not None) == ("superseded", True)
    assert now_.answer is not None
    assert {row["unit"] for row in now_.answer["shortages"]} == codes
    assert {team["round"] for team in now_.answer["teams"]} == {"R1", "R2"}
    assert verdicts.spoiled(session, now_) == {}
    for round_ in cycle.standing_rounds:
        round_.teams += 4
    session.flush()
    again = solved(cycle)
    assert again.answer is not None
    assert {unit for team in again.answer["teams"] for unit in team["units"]} >= codes
    approve(session, again, reason="人手不足")
    go_public(session, again)
    assert again.state == "published"


@pytest.mark.both_databases
def test_a_round_that_began_meanwhile_does_not_move_and_a_later_one_is_not_lost(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    cycle, week = plan.cycle, dt.timedelta(days=7)
    second, third = cycle.rounds[1], cycle.rounds[2]
    dates = NewDates(second.start + week, second.end + week, second.release_on + week, onward=True)
    asked = amendments.move(session, cycle, second, dates, "防汛", planner)
    factories.make_round(
        session, cycle, position=3, code="R4", name="第4轮", start=third.end + 3 * week,
        end=third.end + 3 * week, release_on=third.end + 3 * week,
    )  # fmt: skip
    session.commit()
    with session.begin_nested() as trial:
        second.start = second.release_on = today()
        session.flush()
        with pytest.raises(Refusal, match="不能再推迟或取消"):
            agree(session, asked)
        trial.rollback()
    session.expire_all()
    agree(session, asked)
    assert [each.code for each in cycle.standing_rounds] == ["R1", "R2", "R3", "R4"]


def test_dates_that_no_county_means_are_said_where_they_are_typed(
    session: orm.Session, sign_in: Browser, plan: Plan, planner: User
) -> None:
    address = f"/rounds/{plan.cycle.uuid}/{plan.cycle.rounds[1].code}/amend"
    typed = {"what": "move", "onward": "y", "reason": "防汛", "end": "9999-01-05", "release_on": "2027-03-01"}
    for start, said in (("", "改期要填写开始、结束和发布日期。"), ("9999-01-01", "2000 年至 2100 年")):
        answer = sign_in(planner).post(address, data={**typed, "start": start})
        assert answer.status_code == 422
        assert said in answer.text


def test_the_last_round_once_released_is_put_off_and_not_sent_in_a_circle(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    last = plan.cycle.rounds[-1]
    for each in plan.cycle.rounds[:-1]:
        each.cancelled_at = now()
    session.flush()
    with pytest.raises(Refusal, match="撤回发布并归档"):
        amendments.cancel(session, plan.cycle, last, "换届", planner)
    last.release_on = today()
    session.flush()
    with pytest.raises(Refusal, match="请改期"):
        amendments.cancel(session, plan.cycle, last, "换届", planner)


def test_a_version_with_a_cancelled_round_is_not_published(
    session: orm.Session, solved: Solve, planner: User
) -> None:
    cycle = small_county(session)
    plan = solved(cycle)
    assert amendments.cancel(session, cycle, cycle.rounds[-1], "换届", planner) is None
    with pytest.raises(Refusal, match="第3轮已取消"):
        publish.submit(session, plan, plan.version, "", planner)
    assert list(verdicts.spoiled(session, plan).values()) == [
        f"第3轮已取消，第 {plan.number} 版还排了这一轮；请重新排程。"
    ]


def test_what_the_parser_refuses_is_said_in_the_county_s_words() -> None:
    faults = [Fault("teams[0].round", "expected a round of the problem"), Fault("people[3].off", "bad")]
    assert verdicts.first_faults(BadInput(faults)) == (
        "方案的各组有 1 处与现在的名册、单位或各轮对不上；人员有 1 处与现在的名册、单位或各轮对不上。"
    )


def test_a_refused_change_says_why_and_changes_nothing(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    last = plan.cycle.rounds[-1]
    asked = amendments.cancel(session, plan.cycle, last, "换届", planner)
    with pytest.raises(Refusal, match="写明理由"):
        agree(session, asked, agreed=False)
    agree(session, asked, agreed=False, answer="先推迟")
    assert last.cancelled_at is None
    assert amendments.open_of(session, plan.cycle) is None
    assert journal.history(session, plan.cycle.uuid)[-1].act == "cycle.decline"


def test_what_has_begun_is_neither_put_off_nor_cancelled(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    first = plan.cycle.rounds[0]
    first.start = first.release_on = today()
    session.flush()
    for change in (
        lambda: amendments.cancel(session, plan.cycle, first, "换届", planner),
        lambda: amendments.move(
            session, plan.cycle, first, NewDates(first.end, first.end, first.start), "防汛", planner
        ),
    ):
        with pytest.raises(Refusal, match="不能再推迟或取消"):
            change()


def test_a_cycle_is_laid_by_only_when_nobody_has_to_go_out(
    session: orm.Session, plan: Plan, planner: User
) -> None:
    cycle = plan.cycle
    with pytest.raises(Refusal, match="驻点结束"):
        archive.archive(session, cycle, cycle.version, planner)
    for round_ in cycle.rounds:
        round_.start, round_.end, round_.release_on = (today() - dt.timedelta(days=9),) * 3
    session.flush()
    archive.archive(session, cycle, cycle.version, planner)
    for act in (
        lambda: cycles.change_rounds(session, cycle, cycle.version, [], planner, verdicts.spoiled),
        lambda: generate.keep(session, cycle, planner, plan.problem or {}, plan.answer or {}),
    ):
        with pytest.raises(Refusal, match="已归档，先恢复再改动"):
            act()
    archive.restore(session, cycle, cycle.version, planner)
    assert cycle.archived_at is None


def test_the_pages_ask_and_decide_and_keep_what_was_typed(
    session: orm.Session, sign_in: Browser, plan: Plan, planner: User
) -> None:
    cycle = plan.cycle
    last = cycle.rounds[-1]
    address = f"/rounds/{cycle.uuid}/{last.code}/amend"
    browser, leader = sign_in(planner), sign_in(factories.make_user(session, "leadership"))
    typed = {"what": "move", "start": "2027-04-05", "end": "2027-04-01", "release_on": "2027-04-01"}
    answer = browser.post(address, data={**typed, "reason": "清明"})
    assert answer.status_code == 422
    assert "结束日期不能早于开始日期" in answer.text
    assert "2027-04-05" in answer.text
    assert "清明" in answer.text
    assert browser.post(address, data={**typed, "what": "cancel", "reason": "清明"}).status_code == 302
    asked = amendments.open_of(session, cycle)
    assert asked is not None
    where = f"/amendments/{asked.uuid}/decide"
    assert "等第二人同意：取消第3轮" in browser.get(f"/rounds/{cycle.uuid}").text
    assert browser.post(where, data={"agreed": "1"}).status_code == 422
    answer = leader.post(where, data={"agreed": "0", "answer": ""})
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert leader.post(where, data={"agreed": "1"}).status_code == 302
    session.expire_all()
    assert last.cancelled_at is not None
