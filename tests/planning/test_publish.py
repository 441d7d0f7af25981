"""Approval and publication: what was seen is signed, once, and teams learn of it on the release day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.permissions import Reach
from inspections.people.models import Person, Tie
from inspections.planning import publish, restatement, verdicts
from inspections.rounds.models import Cycle, Plan, Posting, today
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.planning.county import approve, go_public, small_county

Solve = Callable[[Cycle], Plan]


def approved(session: orm.Session, plan: Plan) -> Any:
    return approve(session, plan, factories.make_user(session, "leadership", name="李书记"))


def submitted(session: orm.Session, plan: Plan) -> Plan:
    publish.submit(session, plan, plan.version, "", factories.make_user(session))
    return plan


def test_a_plan_goes_from_a_trial_by_approval_to_publication(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    leader = approved(session, plan)
    assert (plan.state, plan.approved_by_id) == ("approved", leader.id)
    go_public(session, plan)
    assert plan.state == "published"
    acts = [entry.act for entry in journal.history(session, plan.uuid)]
    assert acts == ["plan.queue", "plan.ready", "plan.submit", "plan.approve", "plan.publish"]


def test_a_plan_cannot_be_published_before_it_is_approved(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    with pytest.raises(Refusal, match="只有“已批准”"):
        go_public(session, plan)
    with pytest.raises(Refusal, match="只有“送审中”"):
        publish.approve(session, plan, plan.version, "", factories.make_user(session))
    assert plan.state == "ready"


def test_who_approves_a_plan_that_another_has_approved_is_told_who_and_when(
    session: orm.Session, solved: Solve
) -> None:
    plan = submitted(session, solved(small_county(session)))
    seen = plan.version
    approved(session, plan)
    with pytest.raises(Conflict, match="没有生效") as told:
        publish.approve(session, plan, seen, "", factories.make_user(session, name="王统筹"))
    assert len(told.value.changes) == 1
    assert "李书记批准了方案" in told.value.changes[0]


def test_whoever_made_a_plan_does_not_approve_it_and_an_approval_has_the_next_number(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    maker = factories.make_user(session)
    plan.created_by = maker
    session.flush()
    submitted(session, plan)
    with pytest.raises(Refusal, match="编制人以外的人批准"):
        publish.approve(session, plan, plan.version, "", maker)
    assert (plan.state, plan.approval) == ("submitted", None)
    before = session.scalar(sa.select(sa.func.count()).where(Plan.approval.is_not(None)))
    approved(session, plan)
    assert plan.approval == f"{today().year}-{before + 1:03}"
    assert journal.history(session, plan.uuid)[-1].detail["number"] == plan.approval


def test_a_partial_plan_is_approved_only_with_a_reason_and_the_reason_stays(
    session: orm.Session, solved: Solve
) -> None:
    cycle = small_county(session)
    for person in session.scalars(sa.select(Person)):
        person.trained = person.trained and person.skills != ["finance"]
    plan = submitted(session, solved(cycle))
    user = factories.make_user(session)
    with pytest.raises(Refusal, match="写明理由"):
        publish.approve(session, plan, plan.version, "  ", user)
    publish.approve(session, plan, plan.version, "由县财政局另行派人", user)
    assert journal.history(session, plan.uuid)[-1].detail["reason"] == "由县财政局另行派人"


def test_a_tie_that_was_declared_after_solving_stops_the_approval(
    session: orm.Session, solved: Solve
) -> None:
    plan = submitted(session, solved(small_county(session)))
    team = plan.teams[0]
    kind = factories.make_recusal_kind(session)
    person, unit = team.members[0].person, team.postings[0].unit
    session.add(Tie(person=person, unit=unit, kind=kind, hard=True))
    session.flush()
    with pytest.raises(Refusal, match=person.name):
        publish.approve(session, plan, plan.version, "", factories.make_user(session))
    assert plan.state == "submitted"


def test_somebody_on_leave_after_the_approval_stops_the_publication(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    approved(session, plan)
    seat, start = plan.teams[0].members[0], plan.teams[0].round.start.isoformat()
    seat.person.off = [[start, start]]
    session.flush()
    with pytest.raises(Refusal, match="不再合规"):
        go_public(session, plan)


def test_a_unit_added_after_solving_stops_the_approval(session: orm.Session, solved: Solve) -> None:
    plan = submitted(session, solved(small_county(session)))
    plan.cycle.units = [*plan.cycle.units, factories.make_unit(session, plan.cycle.units[0].area)]
    session.flush()
    with pytest.raises(Refusal, match="不再合规"):
        publish.approve(session, plan, plan.version, "", factories.make_user(session))


@pytest.mark.both_databases
def test_one_version_is_handed_in_at_a_time_and_a_trial_with_gaps_is_in_nobodys_way(
    session: orm.Session, solved: Solve
) -> None:
    cycle = small_county(session)
    one, other = solved(cycle), solved(cycle)
    submitted(session, one)
    with pytest.raises(Refusal, match="第 1 版方案正在送审"):
        submitted(session, other)
    publish.recall(session, one, one.version, factories.make_user(session))
    assert (one.state, submitted(session, other).state) == ("ready", "submitted")


def test_what_is_sent_back_says_why_and_is_handed_in_again_under_the_same_number(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    approved(session, plan)
    number, leader = plan.approval, factories.make_user(session, "leadership")
    with pytest.raises(Refusal, match="写明理由"):
        publish.send_back(session, plan, plan.version, " ", leader)
    publish.send_back(session, plan, plan.version, "第二轮太密", leader)
    assert (plan.state, plan.returned_for) == ("returned", "第二轮太密")
    approved(session, plan)
    assert (plan.state, plan.returned_for, plan.approval) == ("approved", "", number)


@pytest.mark.both_databases
def test_publication_needs_the_number_typed_and_lapses_what_else_was_approved(
    session: orm.Session, solved: Solve
) -> None:
    cycle = small_county(session)
    one, other = solved(cycle), solved(cycle)
    for plan in one, other:
        approved(session, plan)
    with pytest.raises(Refusal, match="版本号“2”"):
        publish.publish(session, other, other.version, "1", factories.make_user(session))
    assert publish.outlook(other).lapsing == (1,)
    go_public(session, other)
    assert (one.state, other.state) == ("lapsed", "published")
    approved(session, one)  # handed in again, it may take the place of the other while nothing has begun
    go_public(session, one)
    assert (one.state, other.state, one.replaces_id) == ("published", "superseded", other.id)


@pytest.mark.both_databases
def test_a_round_that_has_begun_stays_as_published(
    session: orm.Session, solved: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = small_county(session)
    one, other = solved(cycle), solved(cycle)
    first = [team for team in one.teams if team.round.code == "R1"]
    assert other.answer is not None
    answer = {**other.answer, "teams": [dict(team) for team in other.answer["teams"]]}
    swapped = next(team for team in answer["teams"] if team["round"] == "R1")
    swapped["members"] = swapped["members"][:-1]
    other.answer = answer
    for plan in one, other:
        plan.state = "approved"
    session.flush()
    go_public(session, one)
    other.state = "approved"
    day = first[0].round.start
    for module in (publish, restatement, verdicts):
        monkeypatch.setattr(module, "today", lambda: day)
    session.flush()
    with pytest.raises(Refusal, match="第1轮已经开始"):
        go_public(session, other)
    late, spare = cycle.units[0], first[0].round
    spare.teams, spare.visits_per_team = spare.teams + 2, 3
    factories.make_person(session, first[0].members[0].person.office, skills=["finance", "commissioner"])
    cycle.units = [*cycle.units, factories.make_unit(session, late.area, lng=104.0, lat=39.1, risk=100)]
    session.commit()
    again = solved(cycle)
    assert publish._teams_of(again, "R1") == publish._teams_of(one, "R1")
    approve(session, again, reason="人手不足")
    go_public(session, again)
    assert (one.state, again.state) == ("superseded", "published")
    out = next(team for team in again.teams if team.round.code == "R1" and team.postings)
    out.members[0].person.home_unit = out.postings[0].unit
    session.commit()
    with pytest.raises(Refusal, match=r"已开始的一轮有席位.*请在方案页按人员变动补位"):
        solved(cycle)


def test_a_member_sees_own_postings_only_after_publication_and_from_the_release_day(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    team = plan.teams[0]
    user = factories.make_user(session, "member", person=team.members[0].person)

    def seen() -> list[int]:
        wanted = sa.select(Posting.id).where(Posting.within(Reach.TEAM, user), Posting.team_id == team.id)
        return list(session.scalars(wanted))

    team.round.release_on = today()
    approved(session, plan)
    assert seen() == []
    go_public(session, plan, user)
    assert seen() == [posting.id for posting in team.postings]
    team.round.release_on = today() + dt.timedelta(days=1)
    session.flush()
    assert seen() == []
