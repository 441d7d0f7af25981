"""A plan from the queue to the tables: solved once, stopped, failed, short of people, imported."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from inspections.database import at, now
from inspections.people.models import Person
from inspections.planning import generate, verdicts
from inspections.rounds import watch
from inspections.rounds.models import Cycle, Plan, Round, Seat, Team
from inspections.site.refusal import Conflict, Refusal
from planners.formats.parse import BadInput, parse_problem
from planners.solve import solve
from tests import factories
from tests.planning.county import small_county


def test_a_ready_plan_stands_in_the_tables_as_in_its_answer(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    plan = solved(small_county(session))
    assert plan.state == "ready"
    assert plan.answer is not None
    assert [team.code for team in plan.teams] == [team["id"] for team in plan.answer["teams"]]
    for team, told in zip(plan.teams, plan.answer["teams"], strict=True):
        assert [posting.unit.code for posting in team.postings] == told["units"]
        seats = [{"person": seat.person.code, "slot": seat.slot} for seat in team.members]
        assert seats == [{key: one[key] for key in ("person", "slot")} for one in told["members"]]
        assert team.round.code == told["round"]
    assert verdicts.judged(plan).broken == ()
    assert plan.progress["phase"] == "done"


def test_running_a_finished_plan_again_changes_nothing(
    app: Flask, session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    plan = solved(small_county(session))
    before = (plan.version, [team.uuid for team in plan.teams])
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert (plan.version, [team.uuid for team in plan.teams]) == before


@pytest.mark.both_databases
def test_of_two_workers_on_one_plan_only_the_first_answer_is_stored(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = generate.queue(session, small_county(session), seed=1, seconds=10, user=None)
    session.commit()
    real, sessions = generate.solve, app.extensions["sessions"]

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(generate, "solve", real)
        generate.run(sessions, str(plan.uuid))
        return real(*arguments)

    monkeypatch.setattr(generate, "solve", overtaken)
    generate.run(sessions, str(plan.uuid))
    session.expire_all()
    assert plan.progress["attempt"] == 2
    assert len(plan.teams) == 12
    assert session.scalar(sa.select(sa.func.count()).select_from(Team).where(Team.plan_id == plan.id)) == 12


def test_a_second_run_of_a_cycle_is_refused_while_one_is_under_way(session: orm.Session) -> None:
    cycle = small_county(session)
    first = factories.make_user(session, name="王统筹")
    generate.queue(session, cycle, 1, 10, first)
    with pytest.raises(Conflict, match="正在排程") as told:
        generate.queue(session, cycle, 2, 10, None)
    assert told.value.changes == ["王统筹排了第 1 版方案。"]


def test_who_has_not_seen_the_newest_plan_is_told_of_it_first(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    cycle = small_county(session)
    solved(cycle)
    with pytest.raises(Conflict, match="新的方案"):
        generate.queue(session, cycle, 2, 10, None, seen=0)
    assert generate.queue(session, cycle, 2, 10, None, seen=1).number == 2


def test_a_queued_plan_is_cancelled_at_once_and_never_solved(app: Flask, session: orm.Session) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    generate.stop(session, plan, keep=False, user=None)
    session.commit()
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert (plan.state, plan.answer, plan.teams) == ("cancelled", None, [])
    with pytest.raises(Conflict, match="已经结束"):
        generate.stop(session, plan, keep=False, user=None)


@pytest.mark.parametrize(("keep", "state"), [(True, "ready"), (False, "cancelled")])
def test_a_stop_while_solving_ends_with_the_best_plan_or_with_none(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch, keep: bool, state: str
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    session.commit()
    real = generate.solve
    seen: list[bool] = []

    def stopped_in_the_middle(problem: Any, seconds: int, seed: int, tell: Any, stopped: Any) -> Any:
        answer = real(problem, seconds, seed, tell, stopped)
        with app.extensions["sessions"]() as other:
            generate.stop(other, other.get_one(Plan, plan.id), keep, None)
            other.commit()
        seen.append(stopped())
        return answer

    monkeypatch.setattr(generate, "solve", stopped_in_the_middle)
    generate.run(app.extensions["sessions"], str(plan.uuid), breath=0)
    session.expire_all()
    assert seen == [True]
    assert plan.state == state
    assert bool(plan.teams) is keep


def test_a_plan_that_the_referee_refuses_is_never_stored(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    session.commit()
    real = generate.solve

    def unlucky(*arguments: Any) -> Any:
        answer = real(*arguments)
        object.__setattr__(answer.teams[0], "members", answer.teams[1].members)
        return answer

    monkeypatch.setattr(generate, "solve", unlucky)
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert plan.state == "failed"
    assert "未通过复核" in plan.trouble
    assert plan.teams == []


@pytest.mark.parametrize(("fault", "words"), [(RuntimeError("boom"), "出现故障"), (BadInput([]), "数据有误")])
def test_a_fault_of_the_solver_becomes_a_sentence(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    session.commit()

    def broken(*_: Any) -> Any:
        raise fault

    monkeypatch.setattr(generate, "solve", broken)
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert plan.state == "failed"
    assert words in plan.trouble


def test_a_round_that_vanished_while_solving_ends_the_run_with_a_sentence_and_frees_the_cycle(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = small_county(session)
    plan = generate.queue(session, cycle, 1, 10, None)
    session.commit()
    real = generate.solve

    def meanwhile(*arguments: Any) -> Any:
        answer = real(*arguments)
        with app.extensions["sessions"]() as other:
            other.delete(other.get_one(Round, cycle.rounds[2].id))
            other.commit()
        return answer

    monkeypatch.setattr(generate, "solve", meanwhile)
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert (plan.state, plan.teams) == ("failed", [])
    assert "有删减（R3）" in plan.trouble
    assert generate.queue(session, cycle, 1, 10, None).number == 2


def test_a_fault_while_storing_is_no_plan_for_ever_solving(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    session.commit()

    def broken(*_: Any) -> None:
        raise RuntimeError("the database is full")

    monkeypatch.setattr(generate, "_write", broken)
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert plan.state == "failed"
    assert "出现故障" in plan.trouble


@pytest.mark.parametrize("keep", [True, False])
def test_a_run_of_which_nothing_was_heard_for_long_ends_at_once_when_asked_to_stop(
    session: orm.Session, keep: bool
) -> None:
    cycle = small_county(session)
    plan = generate.queue(session, cycle, 1, 10, None)
    plan.state, plan.progress = "solving", {"attempt": 1, "heard": now().isoformat()}
    session.flush()
    with at(now() + dt.timedelta(seconds=60)):
        generate.stop(session, plan, keep, None)
    assert plan.state == "solving"
    with at(now() + dt.timedelta(minutes=3)):
        generate.stop(session, plan, keep, None)
    assert plan.state == "cancelled"
    assert "没有消息" in plan.trouble
    assert generate.queue(session, cycle, 1, 10, None).number == 2


def test_a_solver_without_news_is_heard_all_the_same_while_it_works(
    app: Flask, session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    session.commit()
    real = generate.solve
    later = now() + dt.timedelta(hours=1)
    heard: list[str] = []

    def quiet(problem: Any, seconds: int, seed: int, tell: Any, stopped: Any) -> Any:
        monkeypatch.setattr(watch, "PULSE", 0.0)
        with at(later):
            stopped()
        with app.extensions["sessions"](reading=True) as other:
            heard.append(other.get_one(Plan, plan.id).progress["heard"])
        return real(problem, seconds, seed, tell, stopped)

    monkeypatch.setattr(generate, "solve", quiet)
    generate.run(app.extensions["sessions"], str(plan.uuid))
    assert heard == [later.isoformat()]


def test_a_plan_that_takes_its_worker_down_again_and_again_is_given_up(
    app: Flask, session: orm.Session
) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    plan.state, plan.progress = "solving", {"attempt": 5}
    session.commit()
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert plan.state == "failed"
    assert "多次中断" in plan.trouble


def test_a_county_short_of_people_gets_a_plan_that_names_what_is_missing(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    cycle = small_county(session)
    for person in session.scalars(sa.select(Person).where(Person.code.isnot(None))):
        if person.skills == ["finance"]:
            person.trained = False
    plan = solved(cycle)
    assert plan.state == "ready"
    assert plan.answer is not None
    assert {row["slot"] for row in plan.answer["shortages"]} <= {"finance", None}
    assert plan.answer["shortages"]
    assert session.scalar(sa.select(sa.func.count()).where(Seat.slot == "finance")) == 0


def test_a_remedy_is_not_tried_once_a_plan_is_published_nor_anything_in_an_archived_cycle(
    session: orm.Session,
) -> None:
    cycle = small_county(session)
    plan = factories.make_posting(session, round=cycle.rounds[0]).team.plan
    session.refresh(cycle)
    with pytest.raises(Refusal, match="不能再试排"):
        generate.queue(session, cycle, 1, 10, None, instead=generate.problem_of(session, cycle))
    plan.state, cycle.archived_at = "superseded", now()
    session.flush()
    with pytest.raises(Refusal, match="已归档"):
        generate.queue(session, cycle, 1, 10, None)


def test_a_plan_made_by_hand_is_priced_and_judged_like_any_other(session: orm.Session) -> None:
    cycle = small_county(session)
    teams = list(solve(parse_problem(generate.problem_of(session, cycle)), 10).teams)
    plan = generate.adopt(session, cycle, teams, None)
    assert plan.state == "ready"
    assert verdicts.judged(plan).broken == ()
    teams[0] = replace(teams[0], members=teams[1].members)
    with pytest.raises(Refusal, match="一人一处"):
        generate.adopt(session, cycle, teams, None)


def test_a_time_limit_outside_the_allowed_is_refused(session: orm.Session) -> None:
    cycle = small_county(session)
    for seconds in (0, generate.LONGEST_SECONDS + 1):
        with pytest.raises(Refusal, match="时限"):
            generate.queue(session, cycle, 1, seconds, None)
