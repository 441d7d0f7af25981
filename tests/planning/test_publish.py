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
from inspections.planning import publish
from inspections.rounds.models import Cycle, Plan, Posting, today
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.planning.county import small_county

pytestmark = pytest.mark.both_databases

Solve = Callable[[Cycle], Plan]


def approved(session: orm.Session, plan: Plan) -> Any:
    user = factories.make_user(session, "leadership", name="李书记")
    publish.approve(session, plan, plan.version, "", user)
    return user


def test_a_plan_goes_from_ready_to_approved_to_published(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    leader = approved(session, plan)
    assert (plan.state, plan.approved_by_id) == ("approved", leader.id)
    publish.publish(session, plan, plan.version, factories.make_user(session))
    assert plan.state == "published"
    acts = [entry.act for entry in journal.history(session, plan.uuid)]
    assert acts == ["plan.queue", "plan.ready", "plan.approve", "plan.publish"]


def test_a_plan_cannot_be_published_before_it_is_approved(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    with pytest.raises(Conflict):
        publish.publish(session, plan, plan.version, factories.make_user(session))
    assert plan.state == "ready"


def test_who_approves_a_plan_that_another_has_approved_is_told_who_and_when(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
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
    with pytest.raises(Refusal, match="编制人以外的人批准"):
        publish.approve(session, plan, plan.version, "", maker)
    assert (plan.state, plan.approval) == ("ready", None)
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
    plan = solved(cycle)
    user = factories.make_user(session)
    with pytest.raises(Refusal, match="写明理由"):
        publish.approve(session, plan, plan.version, "  ", user)
    publish.approve(session, plan, plan.version, "由县财政局另行派人", user)
    assert journal.history(session, plan.uuid)[-1].detail["reason"] == "由县财政局另行派人"


def test_a_tie_that_was_declared_after_solving_stops_the_approval(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    team = plan.teams[0]
    kind = factories.make_recusal_kind(session)
    person, unit = team.members[0].person, team.postings[0].unit
    session.add(Tie(person=person, unit=unit, kind=kind, hard=True))
    session.flush()
    with pytest.raises(Refusal, match=person.name):
        publish.approve(session, plan, plan.version, "", factories.make_user(session))
    assert plan.state == "ready"


def test_somebody_on_leave_after_the_approval_stops_the_publication(
    session: orm.Session, solved: Solve
) -> None:
    plan = solved(small_county(session))
    approved(session, plan)
    seat, start = plan.teams[0].members[0], plan.teams[0].round.start.isoformat()
    seat.person.off = [[start, start]]
    session.flush()
    with pytest.raises(Refusal, match="不再合规"):
        publish.publish(session, plan, plan.version, factories.make_user(session))


def test_a_unit_added_after_solving_stops_the_approval(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    plan.cycle.units = [*plan.cycle.units, factories.make_unit(session, plan.cycle.units[0].area)]
    session.flush()
    with pytest.raises(Refusal, match="不再合规"):
        publish.approve(session, plan, plan.version, "", factories.make_user(session))


def test_a_cycle_has_one_published_plan(session: orm.Session, solved: Solve) -> None:
    cycle = small_county(session)
    plans = [solved(cycle), solved(cycle)]
    user = factories.make_user(session)
    for plan in plans:
        publish.approve(session, plan, plan.version, "", user)
    publish.publish(session, plans[0], plans[0].version, user)
    with pytest.raises(Refusal, match="已经发布第 1 版"):
        publish.publish(session, plans[1], plans[1].version, user)


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
    publish.publish(session, plan, plan.version, user)
    assert seen() == [posting.id for posting in team.postings]
    team.round.release_on = today() + dt.timedelta(days=1)
    session.flush()
    assert seen() == []
