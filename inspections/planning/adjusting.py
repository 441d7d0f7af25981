"""手工调整: changes to a plan one by one, each judged by the referee and priced before it is taken.

The plan stays as it is; the steps gather beside it, the last can be undone, and together they are saved as a
version of their own. Whatever is judged is judged by the tables of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.people.ties import TieFact
from inspections.planning import generate, verdicts
from inspections.planning.reasons import Reasons, barring
from inspections.planning.restatement import restated
from inspections.planning.sentences import wording
from inspections.planning.statement import locks_of, problem_of
from inspections.planning.steps import MOVED, Step, Teams, applied, lacks
from inspections.rounds import apart, life
from inspections.rounds.models import Adjustment, Lock, Plan, team_words
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from planners.explain.seats import Price
from planners.formats.parse import BadInput, dump_plan, knows, parse_plan, parse_problem, written_plan
from planners.problem import Plan as Answer
from planners.problem import Problem
from planners.referee.check import Report, check
from planners.rulebook.values import Broken


@dataclass(frozen=True, slots=True)
class Trial:
    """What a step would do: in words, its price, the rules it newly breaks, ties that stand in the way."""

    words: str
    price: str
    total: int
    broken: tuple[str, ...]
    ties: tuple[tuple[Unit, TieFact], ...]


@dataclass(frozen=True, slots=True)
class AdjustedPlan:
    """The plan with all steps so far, judged by the tables of today: broken rules by key, and costs.

    `before` is the plan as it was made.
    """

    problem: Problem
    before: Answer
    answer: Answer
    broken: dict[str, Broken]
    report: Report


def may_be_changed(plan: Plan) -> bool:
    """Whether steps may be taken on this version: it has a result and is not published."""
    return plan.answer is not None and plan.state in life.MAY_BE_CHANGED


def steps_of(plan: Plan) -> list[dict[str, Any]]:
    """The steps taken and not undone, oldest first, as they are stored."""
    return list(plan.adjustment.steps) if plan.adjustment is not None else []


def steps_seen(session: orm.Session, plan: Plan) -> list[dict[str, Any]]:
    """The same without those upon units from which the session's account must stay away."""
    hidden = apart.hidden(session, plan).keys()
    return [row for row in steps_of(plan) if hidden.isdisjoint(row["units"])]


def standing(session: orm.Session, plan: Plan) -> AdjustedPlan:
    """The plan with its steps by the tables of today. Raises Refusal when these state no problem."""
    before = written_plan(plan.answer or {})
    try:
        problem = parse_problem(restated(session, plan, verdicts.rounds_kept(plan)))
        steps = [Step.of(row) for row in steps_of(plan)]
        return _judged(problem, plan, before, before.teams, steps)
    except BadInput as fault:
        raise Refusal(f"名册、各轮或锁定有误：{verdicts.first_faults(fault)}") from None


def reasons(session: orm.Session, plan: Plan) -> Reasons:
    """Answers about the plan with its steps by the tables of today."""
    now_ = standing(session, plan)
    return Reasons(now_.problem, now_.answer, wording(session, plan, now_.problem, now_.answer.teams))


def tried(session: orm.Session, plan: Plan, step: Step, so_far: AdjustedPlan | None = None) -> Trial:
    """What the step would do after those already taken; nothing is kept. Raises Refusal if it cannot be.

    `so_far` is what `standing` gave, where it is known already.
    """
    if not may_be_changed(plan):
        raise Refusal("只有已有结果、尚未发布的方案可以手工调整。")
    before = so_far or standing(session, plan)
    problem, teams = before.problem, before.answer.teams
    _within_reach(session, plan, teams, step)
    try:
        after = _judged(problem, plan, before.before, teams, [step])
    except BadInput as fault:
        raise Refusal(f"调整后的方案不成立：{verdicts.first_faults(fault)}") from None
    terms = {
        term: problem.weights.of(term) * (count - before.report.terms[term])
        for term, count in after.report.terms.items()
    }
    price = Price(sum(terms.values()), {term: cost for term, cost in terms.items() if cost})
    new = [fault for key, fault in after.broken.items() if key not in before.broken]
    new += _new_lacks(before, after)
    told = wording(session, plan, problem, after.answer.teams)
    return Trial(
        _words(problem, teams, step),
        price.words(),
        price.total,
        tuple(map(told.broken, new)),
        tuple(_ties(session, after.answer.teams, step)) if any(fault.rule == "H07" for fault in new) else (),
    )


def take(session: orm.Session, plan: Plan, step: Step, reason: str, user: User, seen: int) -> None:
    """Nothing; the step is taken. `seen` is the version of the steps on the page, 0 without any.

    Raises Conflict when somebody took or undid a step meanwhile, Refusal without a reason or with the rules
    that the step would break.
    """
    _as_seen(session, plan, seen)
    if not reason.strip():
        raise Refusal("请写明调整的理由。")
    so_far = standing(session, plan)
    trial = tried(session, plan, step, so_far)
    if trial.broken:
        raise Refusal("\n".join(trial.broken))
    told = {"words": trial.words, "price": trial.price, "reason": reason.strip(), "by": user.name}
    units = sorted(_units_touched(so_far.answer.teams, step))
    row = step.row() | told | {"at": now().isoformat(), "units": units}
    if plan.adjustment is None:
        plan.adjustment = Adjustment(steps=[row])
    else:
        plan.adjustment.steps = [*plan.adjustment.steps, row]
    session.flush()
    said = f"{trial.words}；{reason.strip()}"
    journal.record(session, "plan.step", plan.uuid, user, reason=said, upon=units)


def undo(session: orm.Session, plan: Plan, user: User, seen: int) -> None:
    """Nothing; the last step is undone. Raises Conflict for an old page, Refusal without any step."""
    _as_seen(session, plan, seen)
    steps = steps_of(plan)
    if plan.adjustment is None or not steps:
        raise Refusal("没有可以撤销的调整。")
    plan.adjustment.steps = steps[:-1]
    session.flush()
    last = steps[-1]
    journal.record(session, "plan.undo", plan.uuid, user, reason=last["words"], upon=last["units"])


def drop(session: orm.Session, plan: Plan, user: User, seen: int) -> None:
    """Nothing; all steps are given up. Raises Conflict for an old page."""
    _as_seen(session, plan, seen)
    if plan.adjustment is not None and plan.adjustment.steps:
        journal.record(session, "plan.drop", plan.uuid, user, number=len(plan.adjustment.steps))
        plan.adjustment.steps = []
        session.flush()


def save(session: orm.Session, plan: Plan, user: User, seen: int) -> Plan:
    """The new version with all steps, ready for approval; the old one stays, and its steps are cleared.

    Raises Conflict for an old page, Refusal without a step or with every rule that the version breaks.
    """
    _as_seen(session, plan, seen)
    rows = steps_of(plan)
    if not rows or plan.adjustment is None or plan.answer is None:
        raise Refusal("还没有调整，不必另存一版。")
    if not may_be_changed(plan):
        raise Refusal("只有已有结果、尚未发布的方案可以手工调整。")
    stored, asked = written_plan(plan.answer), parse_problem(plan.problem)
    after = _stepped(stored, stored.teams, [Step.of(row) for row in rows], asked)
    proven = (stored.problem_sha256, stored.bound) if stored.bound is not None else None
    try:
        made = generate.adopt(session, plan.cycle, after.teams, user, proven, plan, after.shortages)
    except generate.BadFile as fault:
        raise Refusal("；".join(fault.lines)) from None
    plan.adjustment.steps = []
    session.flush()
    said = "；".join(f"{row['words']}（{row['reason']}）" for row in rows)
    units = sorted({unit for row in rows for unit in row["units"]})
    journal.record(session, "plan.adjust", made.uuid, user, **{"from": plan.number}, reason=said, upon=units)
    return made


# ---------------------------------------------------------------- locks


def lock(session: orm.Session, plan: Plan, kind: str, unit: str, person: str, user: User) -> Lock:
    """What further versions of the cycle keep: `seat` the person there, `visit` the unit's round and company,
    `team` all of it. From the plan with its steps.

    Raises Refusal for a seat that has moved, what is locked already, a published cycle, and a lock that the
    tables of today or another lock do not allow.
    """
    session.refresh(plan.cycle, with_for_update={"of": type(plan.cycle)})
    if plan.cycle.is_published:
        raise Refusal("方案已发布，不再需要锁定。")
    now_ = standing(session, plan)
    team = next((team for team in now_.answer.teams if unit in team.units), None)
    held = () if team is None else tuple(seat for seat in team.members if seat.person == person)
    if team is None or kind not in ("seat", "visit", "team") or (kind == "seat" and not held):
        raise Refusal(MOVED)
    members = {"seat": held, "visit": (), "team": team.members}[kind]
    pin = {
        "round": team.round,
        "units": list(team.units),
        "members": [{"person": seat.person, "slot": seat.slot} for seat in members],
        "exclude": [],
    }
    if any(each.pin == pin for each in locks_of(session, plan.cycle)):
        raise Refusal("这一处已经锁定。")
    statement = problem_of(session, plan.cycle)
    statement["pins"].append(pin)
    generate.solvable(statement)
    problem = now_.problem
    units = "、".join(problem.unit(one).name for one in team.units)
    tail = {"visit": "的时间和编组", "team": "的全组人员"}.get(kind)
    if tail is None:
        tail = f"由{problem.person(person).name}任“{problem.slot(held[0].slot).name}”"
    made = Lock(
        cycle=plan.cycle,
        kind=kind,
        pin=pin,
        words=f"{problem.round(team.round).name}{units}{tail}",
        created_by_id=user.id,
    )
    session.add(made)
    session.flush()
    journal.record(session, "plan.lock", plan.cycle.uuid, user, reason=made.words, upon=list(team.units))
    return made


def unlock(session: orm.Session, held: Lock, user: User) -> None:
    """Nothing; the lock is lifted."""
    units = held.pin["units"]
    journal.record(session, "plan.unlock", held.cycle.uuid, user, reason=held.words, upon=units)
    session.delete(held)
    session.flush()


# ---------------------------------------------------------------- judging


def _as_seen(session: orm.Session, plan: Plan, seen: int) -> None:
    session.refresh(plan, with_for_update={"of": type(plan)})
    if (plan.adjustment.version if plan.adjustment is not None else 0) != seen:
        raise Conflict(
            "您打开页面后，调整稿已有变动，请先查看。",
            [row["words"] for row in steps_seen(session, plan)[-3:]],
        )


def _judged(
    problem: Problem, plan: Plan, before: Answer, teams: Teams, steps: Sequence[Step]
) -> AdjustedPlan:
    """The teams after the steps, before the referee. Raises Refusal as `applied` does, BadInput as the reader
    of plans does for what the problem does not know (any more)."""
    answer = _stepped(before, teams, steps, problem)
    if not knows(problem, answer):
        answer = parse_plan(dump_plan(answer), problem)
    report = check(problem, answer)
    broken = verdicts.faults_of(report, verdicts.rounds_kept(plan))
    return AdjustedPlan(problem, before, answer, broken, report)


def _stepped(before: Answer, teams: Teams, steps: Sequence[Step], problem: Problem) -> Answer:
    """The answer with the teams after the steps and what they lack, as yet without a price."""
    slots = problem.template.slots
    after = applied(teams, steps, [slot.id for slot in slots])
    return replace(
        before,
        problem_sha256=problem.sha256,
        teams=after,
        shortages=lacks(after, slots, before.shortages),
        objective_total=0,
        terms=dict.fromkeys(problem.terms, 0),
        bound=None,
        gap=None,
    )


def _within_reach(session: orm.Session, plan: Plan, teams: Teams, step: Step) -> None:
    """A repaired version leaves the rounds before its first one as they are, and nobody touches a team that
    goes to a unit from which they must stay away."""
    kept, hidden = verdicts.rounds_kept(plan), apart.hidden(session, plan)
    units = _units_touched(teams, step)
    if hidden.keys() & units:
        raise Refusal(MOVED)
    if any(team.round in kept and units.intersection(team.units) for team in teams):
        raise Refusal("这一轮在补位的轮次以前，一个席位也不能动。")


def _units_touched(teams: Teams, step: Step) -> set[str]:
    """The units of the teams that the step changes."""
    codes = {step.team, step.other} if step.act != "visit" else set()
    moved = {step.out, step.into} if step.act == "visit" else set()
    return {
        unit for team in teams if team.id in codes or moved.intersection(team.units) for unit in team.units
    }


def _new_lacks(before: AdjustedPlan, after: AdjustedPlan) -> list[Broken]:
    had = {(row.unit, row.slot): row.missing for row in before.answer.shortages}
    return [
        Broken.of("H03", "lacks", unit=row.unit, slot=row.slot, n=row.missing)
        for row in after.answer.shortages
        if row.slot is not None and row.missing > had.get((row.unit, row.slot), 0)
    ]


def _ties(session: orm.Session, teams: Teams, step: Step) -> list[tuple[Unit, TieFact]]:
    """The ties of whoever the step seats with the units of the team where they would sit."""
    found: list[tuple[Unit, TieFact]] = []
    for team in teams:
        if step.act == "visit" and {step.out, step.into}.intersection(team.units):
            moved = [unit for unit in team.units if unit in (step.out, step.into)]
            found += barring(session, [seat.person for seat in team.members], moved)
        elif step.act != "visit" and team.id in (step.team, step.other):
            into = step.out if team.id == step.other else step.into
            found += barring(session, [into], team.units)
    return found


def _words(problem: Problem, teams: Teams, step: Step) -> str:
    """第1轮第1组“财务”：张三换为李四."""
    at = {team.id: team for team in teams}

    def team(code: str) -> str:
        return team_words(problem.round(at[code].round).name, code)

    def name(person: str) -> str:
        return problem.person(person).name

    if step.act == "visit":
        round_of = {unit: problem.round(row.round).name for row in teams for unit in row.units}
        one, other = problem.unit(step.out), problem.unit(step.into)
        return f"{round_of[step.out]}{one.name}与{round_of[step.into]}{other.name}对调"
    if step.act == "trade":
        return f"{team(step.team)}{name(step.out)}与{team(step.other)}{name(step.into)}对调"
    start = f"{team(step.team)}“{problem.slot(step.slot).name}”："
    if step.out and step.into:
        return f"{start}{name(step.out)}换为{name(step.into)}"
    return f"{start}增加{name(step.into)}" if step.into else f"{start}减去{name(step.out)}"
