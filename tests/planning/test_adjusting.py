"""手工调整: each step judged and priced before it is taken, undone, saved as a version; what is locked."""

import random
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.people.models import Office, Person, Tie
from inspections.planning import adjusting, generate, verdicts
from inspections.planning.statement import locks_of, problem_of
from inspections.planning.steps import Step, applied
from inspections.rounds.models import Cycle, Lock, Plan
from inspections.site.refusal import Conflict, Refusal
from planners.problem import Member, Team
from planners.rulebook.table import RULES
from tests import factories
from tests.planning.county import approve, go_public, small_county

Solve = Callable[[Cycle], Plan]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def plan(session: orm.Session, solved: Solve) -> Plan:
    return solved(small_county(session))


def seat_of(plan: Plan, slot: str = "leader", team: int = 0) -> tuple[str, str]:
    """Code of that team and who holds the slot there."""
    assert plan.answer is not None
    row = plan.answer["teams"][team]
    return row["id"], next(seat["person"] for seat in row["members"] if seat["slot"] == slot)


def cheapest(session: orm.Session, plan: Plan) -> Step:
    """The first team's leader replaced by the first candidate."""
    assert plan.answer is not None
    code, out = seat_of(plan)
    team = adjusting.reasons(session, plan).team(plan.answer["teams"][0]["units"][0])
    assert team is not None
    into = next(seat for seat in team.seats if seat.person == out).next[0].person
    return Step("seat", out, into, code, "leader")


def test_a_step_costs_what_was_said_and_the_saved_version_costs_it_too(
    session: orm.Session, plan: Plan
) -> None:
    user = factories.make_user(session)
    step = cheapest(session, plan)
    before = verdicts.judged(plan).total
    trial = adjusting.tried(session, plan, step)
    assert trial.broken == ()
    assert trial.words.startswith("第1轮第1组")
    adjusting.take(session, plan, step, "另有安排", user, 0)
    made = adjusting.save(session, plan, user, 1)
    assert verdicts.judged(made).total - before == trial.total
    assert verdicts.judged(made).broken == ()
    assert (made.number, made.state) == (plan.number + 1, "ready")
    assert seat_of(plan)[1] == step.out
    assert seat_of(made)[1] == step.into
    assert plan.answer is not None and made.answer is not None
    assert made.answer["bound"] == plan.answer["bound"]
    assert "另有安排" in str([entry.detail for entry in journal.history(session, made.uuid)])
    assert adjusting.steps_of(plan) == []


def test_every_trade_that_is_taken_is_legal_and_costs_the_difference(
    session: orm.Session, plan: Plan
) -> None:
    """Random trades of people and visits: allowed exactly when the referee finds nothing new."""
    assert plan.answer is not None
    dice = random.Random(7)
    user = factories.make_user(session)
    seen = {"taken": 0, "refused": 0}
    for number in range(60):
        now = adjusting.standing(session, plan)
        one, other = dice.sample(now.answer.teams, 2)
        slot = dice.choice(["leader", "finance", "welfare"])
        step = (
            Step("visit", dice.choice(one.units), dice.choice(other.units))
            if number % 3 == 0
            else Step(
                "trade",
                one.holders(slot)[0],
                other.holders(slot)[0],
                one.id,
                other=other.id,
            )
        )
        if step.out == step.into:
            continue
        version = plan.adjustment.version if plan.adjustment is not None else 0
        try:
            adjusting.take(session, plan, step, "试", user, version)
        except Refusal as refusal:
            assert str(refusal).partition("：")[0] in {rule.name for rule in RULES.values()}, refusal
            assert adjusting.standing(session, plan).answer == now.answer
            seen["refused"] += 1
            continue
        after = adjusting.standing(session, plan)
        assert after.broken == {}
        said = int(adjusting.steps_of(plan)[-1]["price"].partition("（")[0])
        assert after.report.total - now.report.total == said
        seen["taken"] += 1
    assert min(seen.values()) > 3
    made = adjusting.save(session, plan, user, plan.adjustment.version)  # type: ignore[union-attr]
    assert verdicts.judged(made).broken == ()


def test_undo_gives_back_what_was_before_and_an_old_page_is_refused(session: orm.Session, plan: Plan) -> None:
    user = factories.make_user(session)
    before = adjusting.standing(session, plan).answer
    adjusting.take(session, plan, cheapest(session, plan), "试一试", user, 0)
    assert adjusting.standing(session, plan).answer != before
    with pytest.raises(Conflict, match="已有变动"):
        adjusting.undo(session, plan, user, 0)
    adjusting.undo(session, plan, user, 1)
    assert adjusting.standing(session, plan).answer == before
    with pytest.raises(Refusal, match="没有可以撤销"):
        adjusting.undo(session, plan, user, 2)
    with pytest.raises(Refusal, match="还没有调整"):
        adjusting.save(session, plan, user, 2)
    assert len(plan.cycle.plans) == 1


def test_what_breaks_a_rule_is_refused_with_its_name(session: orm.Session, plan: Plan) -> None:
    user = factories.make_user(session)
    code, out = seat_of(plan)
    busy = seat_of(plan, team=1)[1]
    step = Step("seat", out, busy, code, "leader")
    with pytest.raises(Refusal, match="一人一处"):
        adjusting.take(session, plan, step, "试一试", user, 0)
    with pytest.raises(Refusal, match="理由"):
        adjusting.take(session, plan, step, " ", user, 0)
    with pytest.raises(Refusal, match="不成立"):
        adjusting.take(session, plan, Step("seat", out, "没有这个人", code, "leader"), "试", user, 0)
    with pytest.raises(Refusal, match="席位的人数、专长和来源"):
        adjusting.take(session, plan, Step("seat", out, "", code, "leader"), "减人", user, 0)
    with pytest.raises(Refusal, match="已经变动"):
        adjusting.take(session, plan, Step("seat", busy, out, code, "leader"), "试", user, 0)
    assert plan.adjustment is None


def test_a_tie_found_after_the_plan_was_made_bars_at_once(session: orm.Session, plan: Plan) -> None:
    step = cheapest(session, plan)
    assert adjusting.tried(session, plan, step).broken == ()
    assert plan.answer is not None
    unit = next(row for row in plan.cycle.units if row.code in plan.answer["teams"][0]["units"])
    person = session.query(Person).filter_by(code=step.into).one()
    session.add(Tie(person=person, unit=unit, kind=factories.make_recusal_kind(session), hard=True))
    session.flush()
    journal.record(session, "tie.add", person.uuid, None)
    trial = adjusting.tried(session, plan, step)
    assert trial.broken[0].startswith("与单位的回避关系：")
    assert [(at.code, fact.person.code) for at, fact in trial.ties] == [(unit.code, step.into)]


def test_a_gap_is_filled_by_hand(session: orm.Session, solved: Solve) -> None:
    cycle = small_county(session)
    offices = session.query(Office).filter(Office.kind == "finance").all()
    for office in offices:
        office.min_home = 3
    plan = solved(cycle)
    assert plan.answer is not None and plan.answer["shortages"]
    for office in offices:
        office.min_home = 1
    session.flush()
    journal.record(session, "office.change", offices[0].uuid, None)
    row = plan.answer["shortages"][0]
    team = next(team for team in plan.answer["teams"] if row["unit"] in team["units"])
    into = adjusting.reasons(session, plan).openings(row["unit"], row["slot"], 3)[0].person
    user = factories.make_user(session)
    adjusting.take(session, plan, Step("seat", "", into, team["id"], row["slot"]), "补缺", user, 0)
    made = adjusting.save(session, plan, user, 1)
    assert made.answer is not None
    assert len(made.answer["shortages"]) == len(plan.answer["shortages"]) - 1
    assert verdicts.judged(made).broken == ()


@pytest.mark.parametrize("kind", ["seat", "visit", "team"])
def test_what_is_locked_stays_in_the_next_version_until_publication(
    session: orm.Session, solved: Solve, plan: Plan, kind: str
) -> None:
    user = factories.make_user(session)
    assert plan.answer is not None
    team = plan.answer["teams"][-1]
    unit, person = team["units"][0], team["members"][0]["person"]
    held = adjusting.lock(session, plan, kind, unit, person, user)
    assert problem_of(session, plan.cycle)["pins"] == [held.pin]
    with pytest.raises(Refusal, match="已经锁定"):
        adjusting.lock(session, plan, kind, unit, person, user)
    session.commit()
    again = solved(plan.cycle)
    assert again.answer is not None
    same = next(row for row in again.answer["teams"] if unit in row["units"])
    assert same["round"] == team["round"]
    people = {seat["person"] for seat in same["members"]}
    wanted = {"seat": {person}, "visit": set(), "team": {seat["person"] for seat in team["members"]}}[kind]
    assert wanted <= people
    # by hand neither
    other = next(row for row in again.answer["teams"] if row["round"] != team["round"])
    lines = adjusting.tried(session, again, Step("visit", unit, other["units"][0])).broken
    assert any(line.startswith("固定安排：") for line in lines)
    approver = factories.make_user(session, "leadership")
    approve(session, again, approver)
    go_public(session, again, user)
    assert locks_of(session, plan.cycle) == []


def test_a_lock_that_the_roster_no_longer_allows_is_named_before_anything_is_solved(
    session: orm.Session, plan: Plan
) -> None:
    user = factories.make_user(session)
    assert plan.answer is not None
    team = plan.answer["teams"][0]
    adjusting.lock(session, plan, "seat", team["units"][0], team["members"][0]["person"], user)
    person = session.query(Person).filter_by(code=team["members"][0]["person"]).one()
    day = plan.cycle.rounds[0].start.isoformat()
    person.off = [[day, day]]
    session.flush()
    with pytest.raises(Refusal, match="第 1 处锁定"):
        generate.queue(session, plan.cycle, seed=1, seconds=5, user=user)
    adjusting.unlock(session, session.query(Lock).one(), user)
    assert generate.queue(session, plan.cycle, seed=1, seconds=5, user=user).state == "queued"


@pytest.mark.both_databases
def test_the_pages_try_take_undo_lock_and_save(session: orm.Session, plan: Plan, sign_in: SignIn) -> None:
    step = cheapest(session, plan)
    assert plan.answer is not None
    unit = plan.answer["teams"][0]["units"][0]
    session.commit()
    client = sign_in(factories.make_user(session, name="王统筹"))
    at = f"/plans/{plan.uuid}"
    assert f'data-try="{at}/try"' in client.get(at).text
    panel = client.get(f"{at}/seat", query_string={"unit": unit, "person": step.out, "bench": "1"}).text
    assert f'data-into="{step.into}"' in panel
    assert "锁定席位" in panel
    trial = client.post(f"{at}/try", data=step.row()).text
    assert "不违反任何规则" in trial
    worse = {**step.row(), "into": seat_of(plan, team=1)[1]}
    assert "一人一处" in client.post(f"{at}/try", data=worse).text
    assert client.post(f"{at}/try", data={"act": "seat"}).status_code == 422
    taken = client.post(f"{at}/steps", data={**step.row(), "reason": "本人申请", "seen": "0"})
    assert taken.status_code == 302
    page = client.get(taken.location).text
    for words in ("已调 1 步", "本人申请", "王统筹", "已调</small>"):
        assert words in page
    late = client.post(f"{at}/steps", data={**step.row(), "reason": "再来", "seen": "0"})
    assert late.status_code == 409
    assert client.post(f"{at}/steps", data={**worse, "reason": "再来", "seen": "1"}).status_code == 422
    assert client.post(f"{at}/adjust/undo", data={"seen": "1"}).status_code == 302
    assert "还没有调整" in client.get(f"{at}/adjust").text
    client.post(f"{at}/steps", data={**step.row(), "reason": "本人申请", "seen": "2"})
    assert client.post(f"{at}/adjust/drop", data={"seen": "3"}).location == at
    client.post(f"{at}/steps", data={**step.row(), "reason": "本人申请", "seen": "4"})
    locked = client.post(f"{at}/locks", data={"kind": "visit", "unit": unit, "person": ""})
    assert "已锁" in client.get(locked.location).text
    held = session.query(Lock).one()
    client.post(f"{at}/locks/{held.uuid}")
    assert session.query(Lock).count() == 0
    made = client.post(f"{at}/adjust/save", data={"seen": "5"})
    assert "手工调整，成为新的一版" in client.get(made.location).text
    reader = sign_in(factories.make_user(session, "leadership"))
    asked = {"unit": unit, "person": step.out, "bench": "1"}
    assert "锁定席位" not in reader.get(f"{at}/seat", query_string=asked).text
    assert reader.get(f"{at}/adjust").status_code == 403
    assert "data-try" not in reader.get(at).text


def test_a_planner_is_not_shown_the_team_of_a_unit_to_which_they_are_tied(
    session: orm.Session, plan: Plan, sign_in: SignIn
) -> None:
    assert plan.answer is not None
    home = plan.cycle.units[5]
    own = session.query(Person).filter_by(home_unit_id=home.id).one()
    team = next(row for row in plan.answer["teams"] if home.code in row["units"])
    other = next(row for row in plan.answer["teams"] if row is not team)
    session.commit()
    tied = sign_in(factories.make_user(session, person_id=own.id))
    free = sign_in(factories.make_user(session))
    at = f"/plans/{plan.uuid}"
    assert home.name in free.get(at).text
    page = tied.get(at).text
    assert home.name not in page
    assert f'data-code="{team["id"]}"' not in page
    assert f'data-code="{other["id"]}"' in page
    assert tied.get(f"{at}/teams/{home.code}").status_code == 404
    assert tied.get(f"{at}/seat", query_string={"unit": home.code}).status_code == 404
    assert tied.get(f"{at}/answer.json").status_code == 404
    assert free.get(f"{at}/answer.json").status_code == 200
    trade = Step("visit", home.code, other["units"][0])
    assert tied.post(f"{at}/try", data=trade.row()).status_code == 422
    assert home.name not in tied.post(f"{at}/try", data=trade.row()).text
    assert free.post(f"{at}/try", data=trade.row()).status_code == 200


def test_a_tied_planner_states_the_same_problem_as_anybody(
    session: orm.Session, plan: Plan, sign_in: SignIn
) -> None:
    """What an account may not see bars all the same: a run it starts knows every tie."""
    home = plan.cycle.units[5]
    own = session.query(Person).filter_by(home_unit_id=home.id).one()
    stated = problem_of(session, plan.cycle)
    client = sign_in(factories.make_user(session, person_id=own.id))
    form = {"seen": "1", "seed": "5", "seconds": "20"}
    assert client.post(f"/rounds/{plan.cycle.uuid}/solve", data=form).status_code == 302
    session.expire_all()
    assert plan.cycle.plans[-1].problem == stated


def test_steps_exchange_people_and_visits() -> None:
    teams = (Team("A", "R1", ("u",), (Member("p", "x"),)), Team("B", "R2", ("v",), (Member("q", "x"),)))
    after = applied(teams, [Step("trade", "p", "q", "A", other="B"), Step("visit", "u", "v")], ["x"])
    assert [(row.units, row.holders("x")) for row in after] == [(("v",), ("q",)), (("u",), ("p",))]
    with pytest.raises(Refusal, match="已经变动"):
        applied(after, [Step("trade", "p", "q", "A", other="B")], ["x"])
