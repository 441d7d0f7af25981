"""补位: after people dropped out the plan fits again, few seats change, and nothing written is lost."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.people.models import Person, Tie
from inspections.planning import adjusting, refits, verdicts
from inspections.planning.reasons import stored
from inspections.planning.steps import Step
from inspections.rounds import curve
from inspections.rounds.models import Cycle, Plan, Posting, Seat, Team
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.planning.county import approve, go_public, small_county

Solve = Callable[[Cycle], Plan]


def published(session: orm.Session, plan: Plan) -> Plan:
    approve(session, plan)
    go_public(session, plan)
    return plan


def fall_ill(session: orm.Session, team: Team, slot: str = "leader") -> Person:
    """Somebody of the team, away in its round only."""
    person = next(seat.person for seat in team.members if seat.slot == slot)
    person.off = [[team.round.start.isoformat(), team.round.end.isoformat()]]
    session.flush()
    return person


def seats(plan: Plan) -> set[tuple[str, int, str, int]]:
    """Round, unit, slot and person of every seat."""
    return {
        (team.round.code, posting.unit_id, seat.slot, seat.person_id)
        for team in plan.teams
        for posting in team.postings
        for seat in team.members
    }


def refit(session: orm.Session, plan: Plan, first: str = "R2", reason: str = "住院") -> Plan:
    made = refits.refit(session, plan, first, reason, factories.make_user(session), plan.version)
    session.expire_all()
    return made


def test_one_absence_changes_as_few_seats_as_can_be_and_says_why(session: orm.Session, solved: Solve) -> None:
    plan = published(session, solved(small_county(session)))
    team = next(team for team in plan.teams if team.round.code == "R2")
    person = fall_ill(session, team)
    before = seats(plan)
    made = refit(session, plan)
    assert (made.state, made.replaces, made.number) == ("ready", plan, plan.number + 1)
    done = made.repair
    assert done["vacated"] == 1
    assert len(before - seats(made)) == len(seats(made) - before) == done["changed"]
    # where only a chain of two helps, that is proven to be the least
    assert done["changed"] == 1 + done["illegal"] or done["proven"]
    assert len(done["changes"]) == done["changed"]
    assert any(person.name in said and "缺勤" in said for said in refits.told_changes(session, made))
    assert verdicts.spoiled(session, made) == {}
    assert verdicts.judged(made).broken == ()
    assert journal.history(session, made.uuid)[-1].detail["reason"] == "住院"


def test_rounds_before_the_chosen_one_stay_though_they_fit_no_longer(
    session: orm.Session, solved: Solve
) -> None:
    plan = published(session, solved(small_county(session)))
    first, second = (next(team for team in plan.teams if team.round.code == code) for code in ("R1", "R2"))
    gone = fall_ill(session, first, "finance")
    fall_ill(session, second)
    before = {row for row in seats(plan) if row[0] == "R1"}
    made = refit(session, plan)
    assert {row for row in seats(made) if row[0] == "R1"} == before
    verdict = verdicts.judged(made)
    assert verdict.broken == ()
    told = verdicts.worded(session, made)
    assert any(gone.name in told.broken(fault) for fault in verdict.past)
    published(session, made)  # what is over does not hold it up


def test_the_new_version_takes_over_the_postings_and_what_is_written_there(
    session: orm.Session, solved: Solve
) -> None:
    plan = published(session, solved(small_county(session)))
    team = next(team for team in plan.teams if team.round.code == "R2")
    posting = team.postings[0]
    finding = factories.make_finding(session, posting)
    ids = set(session.scalars(sa.select(Posting.uuid).where(Posting.team.has(plan_id=plan.id))))
    gone = fall_ill(session, team)
    old_user = factories.make_user(session, "leader", person=gone)
    made = refit(session, plan)
    published(session, made)
    session.expire_all()
    assert (plan.state, made.state) == ("superseded", "published")
    assert set(session.scalars(sa.select(Posting.uuid).where(Posting.team.has(plan_id=made.id)))) == ids
    assert finding.posting.team.plan is made
    stands_in = next(seat.person for seat in finding.posting.team.members if seat.slot == "leader")
    assert stands_in != gone
    finding.posting.team.round.release_on = dt.date(2020, 1, 1)
    new_user = factories.make_user(session, "leader", person=stands_in)
    session.flush()
    for user, sees in ((old_user, False), (new_user, True)):
        wanted = sa.select(Posting.id).where(Posting.within(Reach.TEAM, user), Posting.id == posting.id)
        assert (session.scalar(wanted) is not None) is sees
    assert [e.act for e in journal.history(session, plan.uuid)][-1] == "plan.supersede"


def test_the_version_that_a_repair_was_made_of_need_not_be_the_published_one(
    session: orm.Session, solved: Solve
) -> None:
    cycle = small_county(session)
    plans = [solved(cycle), solved(cycle)]
    for one in plans:
        fall_ill(session, next(team for team in one.teams if team.round.code == "R2"))
    first = published(session, refit(session, plans[0]))
    other = published(session, refit(session, plans[1]))
    assert (first.state, other.state, other.replaces_id) == ("superseded", "published", first.id)


def test_somebody_who_left_the_roster_has_been_there_and_goes_nowhere_more(
    session: orm.Session, solved: Solve
) -> None:
    plan = published(session, solved(small_county(session)))
    person = next(seat.person for team in plan.teams if team.round.code == "R3" for seat in team.members)
    in_plan = sa.select(Seat).join(Seat.team).where(Team.plan_id == plan.id, Seat.person_id == person.id)
    had = len(session.scalars(in_plan).all())
    person.office = factories.make_office(session, factories.make_area(session, "county"))  # another county
    session.flush()
    assert verdicts.spoiled(session, plan)
    made = refit(session, plan, "R3")
    left = [seat for team in made.teams for seat in team.members if seat.person_id == person.id]
    assert len(left) < had
    assert all(seat.team.round.code != "R3" for seat in left)


def test_a_tie_found_late_is_a_reason_too(session: orm.Session, solved: Solve) -> None:
    plan = published(session, solved(small_county(session)))
    team = next(team for team in plan.teams if team.round.code == "R3")
    person, unit = team.members[0].person, team.postings[0].unit
    kind = factories.make_recusal_kind(session)
    session.add(Tie(person=person, unit=unit, kind=kind, hard=True))
    session.flush()
    made = refit(session, plan)
    assert (made.repair["vacated"], made.repair["illegal"]) == (0, 1)
    assert any("回避" in said for said in refits.told_changes(session, made))


def test_nothing_to_repair_no_reason_a_past_round_and_an_old_page_are_refused(
    session: orm.Session, solved: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = published(session, solved(small_county(session)))
    user = factories.make_user(session)
    with pytest.raises(Refusal, match="没有需要补位的席位"):
        refits.refit(session, plan, "R2", "住院", user, plan.version)
    fall_ill(session, next(team for team in plan.teams if team.round.code == "R2"))
    with pytest.raises(Refusal, match="原因"):
        refits.refit(session, plan, "R2", " ", user, plan.version)
    with pytest.raises(Conflict, match="已有变化"):
        refits.refit(session, plan, "R2", "住院", user, plan.version - 1)
    day_after = plan.cycle.rounds[1].end + dt.timedelta(days=1)
    monkeypatch.setattr(refits, "today", lambda: day_after)
    with pytest.raises(Refusal, match="尚未结束"):
        refits.refit(session, plan, "R2", "住院", user, plan.version)
    assert [row.code for row in refits.open_rounds(plan)] == ["R3"]


def test_a_repair_can_still_be_exchanged_by_hand_and_then_takes_the_place(
    session: orm.Session, solved: Solve
) -> None:
    plan = published(session, solved(small_county(session)))
    first, second = (next(team for team in plan.teams if team.round.code == code) for code in ("R1", "R2"))
    fall_ill(session, first, "finance")  # over, and no longer legal
    fall_ill(session, second)
    made = refit(session, plan)
    team = next(team for team in made.teams if team.round.code == "R3")
    unit = team.postings[0].unit.code
    seat = next(seat for seat in stored(session, made).team(unit).seats if seat.next)  # type: ignore[union-attr]
    user = factories.make_user(session)
    step = Step("seat", seat.person, seat.next[0].person, team.code, seat.slot)
    adjusting.take(session, made, step, "更熟悉情况", user, 0)
    changed = adjusting.save(session, made, user, 1)
    assert (changed.replaces, changed.repair) == (plan, made.repair)
    published(session, changed)
    assert plan.state == "superseded"
    over = next(team for team in made.teams if team.round.code == "R1")
    held = over.members[0]
    gone = Step("seat", held.person.code, "", over.code, held.slot)
    with pytest.raises(Refusal, match="一个席位也不能动"):
        adjusting.tried(session, made, gone)


def test_the_page_repairs_and_the_new_page_shows_each_seat(
    session: orm.Session, solved: Solve, sign_in: Callable[[User], FlaskClient]
) -> None:
    plan = published(session, solved(small_county(session)))
    session.commit()
    client = sign_in(factories.make_user(session))
    address = f"/plans/{plan.uuid}/refit"
    assert "没有需要补位的席位" in client.get(address).get_data(as_text=True)
    person = fall_ill(session, next(team for team in plan.teams if team.round.code == "R2"))
    session.commit()
    page = client.get(address).get_data(as_text=True)
    assert person.name in page
    form = {"first": "R2", "seen": plan.version, "reason": ""}
    answer = client.post(address, data=form)
    assert (answer.status_code, "请写明" in answer.get_data(as_text=True)) == (422, True)
    answer = client.post(address, data=form | {"reason": "住院"}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "上补位" in page
    assert "缺勤" in page
    against = client.get(f"/plans/{plan.uuid}/against?version=2").get_data(as_text=True)
    assert "第 2 版与第 1 版相比有" in against
    assert person.name in against
    assert client.get(f"/plans/{plan.uuid}/against?version=9").status_code == 404


def test_the_curve_goes_down_in_steps_within_its_axes() -> None:
    drawn = curve.drawn([(0.5, 0.08), (2, 0.03), (4, 0.01)], 10)
    assert drawn is not None
    assert (drawn.top, drawn.seconds) == (10, 10)
    points = [tuple(map(float, point.split(","))) for point in drawn.points.split()]
    assert points == [(28, 24), (112, 24), (112, 84), (224, 84), (224, 108)]
    assert curve.drawn([]) is None


def test_a_run_leaves_its_curve_on_the_row(session: orm.Session, solved: Solve) -> None:
    plan = solved(small_county(session))
    told = plan.progress["curve"]
    assert told
    assert [second for second, _ in told] == sorted(second for second, _ in told)
