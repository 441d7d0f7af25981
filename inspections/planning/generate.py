"""Makes plans: tables → problem → solve → referee → tables.

It approves and publishes nothing, and it draws no page.

The way of a plan, from top to bottom of this file:
1. `queue` (web request): `statement.problem_of` reads the tables into a problem; the planner's parser looks
   it over; a `Plan` row with the problem, a seed and a time limit waits for the worker.
2. `run` (worker): solves that frozen problem, writing the progress into the row, lets the referee see the
   answer, and stores answer, teams, seats and postings in one transaction. A worker may die anywhere: the
   next one runs the same row again and only the first complete answer is stored.
3. `import_plan` and `adopt`: versions from a file or made by hand, which no worker computes.
What the referee says of a stored plan stands in `verdicts.py`.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.people.models import Person
from inspections.planning.restatement import begun_rounds, onward, restated
from inspections.planning.sentences import Wording, wording
from inspections.planning.statement import problem_of
from inspections.planning.verdicts import faulty_pins, first_faults, rounds_kept, verdict_of
from inspections.rounds.models import Cycle, Plan, Posting, Seat, Team
from inspections.rounds.watch import (
    ACTIVE,
    LONGEST_SECONDS,
    OpenSession,
    Watch,
    end_without,
    is_abandoned,
    locked,
    take,
)
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from planners.books.pins import anchors
from planners.books.tables import Tables
from planners.commands.compile import prepare
from planners.formats.parse import BadInput, dump_plan, parse_plan, parse_problem, read_plan
from planners.problem import PLAN_FORMAT, PLAN_FORMAT_2, Problem, Shortage
from planners.problem import Plan as Answer
from planners.problem import Team as PlannedTeam
from planners.referee.check import Report, check
from planners.rulebook.table import RULES
from planners.rulebook.telling import lines
from planners.solve import solve

__all__ = [
    "ACTIVE",
    "BadFile",
    "adopt",
    "import_plan",
    "keep",
    "problem_of",
    "queue",
    "run",
    "solvable",
    "stop",
]

log = logging.getLogger(__name__)

#: the job's name in the queue; its key is the plan's uuid
SOLVE_JOB = "solve_plan"
BEGUN_IS_BARRED = "已开始的一轮有席位按现在的名册不再合规，不能另排；请在方案页按人员变动补位。"
#: seconds between two looks at the row while solving
BREATH = 1.0


class BadFile(Exception):
    """A file that is no plan of this cycle: one line per fault."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = list(lines)


# ---------------------------------------------------------------- 1. a run is asked for


def get_ready() -> None:
    """Nothing; the search is compiled, so that no plan of this process loses its time to that."""
    prepare()


def queue(
    session: orm.Session,
    cycle: Cycle,
    seed: int,
    seconds: int,
    user: User | None,
    seen: int | None = None,
    instead: dict[str, Any] | None = None,
) -> Plan:
    """The new plan row, waiting for the worker; the caller commits and hands its uuid to the job queue.

    `instead` is another problem than the tables state now, for trying what a change would bring; such a plan
    is approved only once the tables say the same. Once a plan is published, the rounds that have begun stay.

    `seen` is the number of the newest plan on the page that asked. Raises Conflict when another run of this
    cycle is under way or there are newer plans than that; Refusal for a cycle that states no problem.
    """
    session.refresh(cycle, with_for_update={"of": type(cycle)})
    newest = max((plan.number for plan in cycle.plans), default=0)
    for plan in cycle.plans:
        if plan.state in ACTIVE:
            raise Conflict(f"第 {plan.number} 版方案正在排程，请等它结束或先取消它。", [_who_asked(plan)])
    if seen is not None and seen != newest:
        later = [_who_asked(plan) for plan in cycle.plans if plan.number > seen]
        raise Conflict("您打开页面后，已有新的方案排出，请先查看。", later)
    published = cycle.published_plan
    if published is not None and instead is not None:
        raise Refusal(f"“{cycle.name}”已发布方案，补救办法不能再试排；请重新排程或按人员变动补位。")
    if cycle.archived_at is not None:
        raise Refusal(f"“{cycle.name}”已归档，先恢复再排程。")
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise Refusal(f"排程时限应为 1 至 {LONGEST_SECONDS} 秒。")
    if published is not None:
        statement = onward(session, published)
        _parsed(statement, begun_rounds(published))
    else:
        statement = problem_of(session, cycle) if instead is None else instead
        _parsed(statement)
    return _new(session, cycle, user, "queued", seed, seconds, statement)


def stop(session: orm.Session, plan: Plan, keep: bool, user: User | None) -> None:
    """Nothing; the run ends soon, with the best plan so far (`keep`) or none. Conflict when it has ended.

    A run that waits for its worker, or whose worker has not been heard of for long, ends at once.
    """
    session.refresh(plan, with_for_update={"of": type(plan)})
    if plan.state not in ACTIVE:
        raise Conflict(f"第 {plan.number} 版方案的排程已经结束。")
    plan.stop_asked = "keep" if keep else "drop"
    if is_abandoned(plan):
        plan.state, plan.trouble = "cancelled", "后台进程早已没有消息，没有可采用的方案。"
    elif plan.state == "queued" and not keep:
        plan.state = "cancelled"
    session.flush()
    journal.record(session, "plan.stop", plan.uuid, user, keep=keep, version=plan.version)


def _new(
    session: orm.Session,
    cycle: Cycle,
    user: User | None,
    state: str,
    seed: int,
    seconds: int,
    statement: dict[str, Any],
) -> Plan:
    if cycle.archived_at is not None:
        raise Refusal(f"“{cycle.name}”已归档，先恢复再改动。")
    number = max((plan.number for plan in cycle.plans), default=0) + 1
    plan = Plan(
        cycle=cycle,
        number=number,
        state=state,
        seed=seed,
        seconds=seconds,
        problem=statement,
        created_by_id=user.id if user else None,
    )
    session.add(plan)
    session.flush()
    journal.record(session, "plan.queue", plan.uuid, user, number=number, seed=seed, seconds=seconds)
    return plan


def _who_asked(plan: Plan) -> str:
    return f"{plan.created_by.name if plan.created_by else '命令行'}排了第 {plan.number} 版方案。"


def solvable(statement: dict[str, Any]) -> None:
    """Nothing; Refusal when the planner cannot read the statement or no plan keeps what is locked in it."""
    _parsed(statement)


def _parsed(statement: dict[str, Any], begun: Collection[str] = ()) -> Problem:
    """The problem. Raises Refusal; where a team of a `begun` round is not legal by now, with the way out."""
    try:
        problem = parse_problem(statement)
        if problem.pins:
            anchors(Tables(problem))
        return problem
    except BadInput as fault:
        if any(statement["pins"][n]["round"] in begun for n in faulty_pins(fault)):
            raise Refusal(BEGUN_IS_BARRED) from None
        raise Refusal(f"名册或各轮的数据有误，不能排程：{first_faults(fault)}") from None


# ---------------------------------------------------------------- 2. the worker's part


def run(open_session: OpenSession, name: str, breath: float = BREATH) -> None:
    """Nothing; afterwards the plan with this uuid is ready, failed or cancelled.

    Safe to call again, and by two workers at once: a finished plan is left alone, and whoever comes second
    with an answer throws it away. Own short transactions; nothing is locked while the solver works.
    """
    plan_uuid = UUID(name)
    taken = take(open_session, plan_uuid)
    if taken is None:
        return
    statement, seed, seconds = taken
    watch = Watch(open_session, plan_uuid, breath)
    try:
        problem = parse_problem(statement)
        answer = solve(problem, seconds, seed, watch.progress, watch.stopped)
        report = check(problem, answer)
        if watch.stop_asked == "drop":
            end_without(open_session, plan_uuid, "cancelled", "")
        elif report.broken:
            log.error("the referee refuses plan %s: %s", name, lines(report.broken, problem, answer.teams))
            rules = "、".join(dict.fromkeys(RULES[fault.rule].name for fault in report.broken))
            end_without(open_session, plan_uuid, "failed", f"排出的方案未通过复核（{rules}），没有采用。")
        else:
            _store(open_session, plan_uuid, dump_plan(answer))
    except BadInput as fault:
        end_without(open_session, plan_uuid, "failed", f"数据有误，不能排程：{first_faults(fault)}")
    except Refusal as refusal:
        end_without(open_session, plan_uuid, "failed", str(refusal))
    except Exception:
        log.exception("plan %s could not be solved", name)
        end_without(open_session, plan_uuid, "failed", "排程程序出现故障，已记入日志，请联系系统管理员。")


def _store(open_session: OpenSession, plan_uuid: UUID, answer: dict[str, Any]) -> None:
    with open_session() as session:
        plan = locked(session, plan_uuid)
        if plan.state in ACTIVE:
            _write(session, plan, answer)
            session.commit()


def _write(session: orm.Session, plan: Plan, answer: dict[str, Any]) -> None:
    """The plan becomes ready; its teams, seats and postings are added.

    Raises Refusal when a round, unit or person of the answer is no longer in the tables.
    """
    people = {row.code: row.id for row in session.execute(sa.select(Person.code, Person.id))}
    units = {row.code: row.id for row in session.execute(sa.select(Unit.code, Unit.id))}
    rounds = {round_.code: round_.id for round_ in plan.cycle.rounds}
    for known, used in (
        (rounds, {row["round"] for row in answer["teams"]}),
        (units, {unit for row in answer["teams"] for unit in row["units"]}),
        (people, {member["person"] for row in answer["teams"] for member in row["members"]}),
    ):
        if used - known.keys():
            gone = "、".join(sorted(used - known.keys())[:5])
            raise Refusal(f"排程期间名册或各轮有删减（{gone}），方案没有采用，请重新排程。")
    for position, row in enumerate(answer["teams"]):
        team = Team(plan_id=plan.id, round_id=rounds[row["round"]], position=position, code=row["id"])
        team.members = [
            Seat(person_id=people[member["person"]], slot=member["slot"], position=n)
            for n, member in enumerate(row["members"])
        ]
        team.postings = [Posting(unit_id=units[unit], position=n) for n, unit in enumerate(row["units"])]
        session.add(team)
    plan.answer, plan.state = answer, "ready"
    session.flush()
    journal.record(
        session,
        "plan.ready",
        plan.uuid,
        None,
        objective=answer["objective"]["total"],
        bound=answer["bound"],
        shortages=len(answer["shortages"]),
        version=plan.version,
    )


# ---------------------------------------------------------------- 3. plans from files and by hand


def import_plan(session: orm.Session, cycle: Cycle, path: Path, user: User | None) -> Plan:
    """The plan of that file as a new version of the cycle's plan, ready for approval.

    Raises BadFile for a file that is no plan of the problem which the cycle states today, Refusal with one
    line per broken rule for a plan that the referee does not pass.
    """
    session.refresh(cycle, with_for_update={"of": type(cycle)})
    statement = problem_of(session, cycle)
    problem = _parsed(statement)
    try:
        answer = read_plan(path, problem)
    except BadInput as fault:
        raise BadFile([f"{path}: {one}" for one in fault.faults]) from None
    report = check(problem, answer)
    if report.broken:
        told = Wording(problem, answer.teams)
        raise Refusal("\n".join(map(told.coded, report.broken)))
    return keep(session, cycle, user, statement, dump_plan(answer))


def keep(
    session: orm.Session,
    cycle: Cycle,
    user: User | None,
    statement: dict[str, Any],
    answer: dict[str, Any],
    replaces: Plan | None = None,
    repair: dict[str, Any] | None = None,
) -> Plan:
    """A version that no worker computed, ready for approval; the caller has had it judged.

    `replaces` is the version that it repairs and `repair` what was done (`refits.py`).
    """
    plan = _new(session, cycle, user, "solving", answer["seed"] % 2**31, round(answer["seconds"]), statement)
    plan.replaces, plan.repair = replaces, repair
    _write(session, plan, answer)
    return plan


def adopt(
    session: orm.Session,
    cycle: Cycle,
    teams: Sequence[PlannedTeam],
    user: User | None,
    proven: tuple[str, int] | None = None,
    former: Plan | None = None,
    lacking: Sequence[Shortage] = (),
) -> Plan:
    """A plan that people made by hand, ready for approval and priced by the referee.

    `proven` is another plan's problem hash and bound, which holds here too when the problem is the same;
    `lacking` is what the teams lack.
    `former` is the version it was made from: where that repairs another one, so does this, and the rounds
    before are as they were. Raises BadFile for unknown ids, Refusal for a broken rule.
    """
    past = rounds_kept(former) if former is not None else set()
    statement = restated(session, former, past) if former is not None and past else problem_of(session, cycle)
    problem, made, report = _priced(statement, teams, lacking)
    # what it says of its costs is made below
    broken = [fault for fault in verdict_of(report, past).broken if fault.rule not in ("S02", "S03")]
    if broken:
        told = wording(session, former, problem, made.teams) if former else Wording(problem, made.teams)
        raise Refusal("\n".join(map(told.broken, broken)))
    if proven is not None and proven[0] == problem.sha256 and not lacking:
        gap = (report.total - proven[1]) / proven[1] if proven[1] else None
        made = replace(made, bound=proven[1], gap=gap)
    answer = dump_plan(made)
    if former is None or former.replaces is None:
        return keep(session, cycle, user, statement, answer)
    return keep(session, cycle, user, statement, answer, former.replaces, former.repair)


def reworked(
    session: orm.Session,
    plan: Plan,
    statement: dict[str, Any],
    teams: Sequence[PlannedTeam],
    lacking: Sequence[Shortage],
    repair: dict[str, Any],
    user: User,
) -> Plan:
    """A version for another's place, with these teams and shortages, priced by the referee.

    What the roster has spoilt in it meanwhile it keeps: that is another matter, and its page says so.
    """
    _, made, _ = _priced(statement, teams, lacking)
    return keep(session, plan.cycle, user, statement, dump_plan(made), replaces=plan, repair=repair)


def _priced(
    statement: dict[str, Any], teams: Sequence[PlannedTeam], lacking: Sequence[Shortage]
) -> tuple[Problem, Answer, Report]:
    """The answer with these teams and its price. Raises BadFile for unknown ids."""
    problem = _parsed(statement)
    bare = Answer(
        problem_sha256=problem.sha256,
        seed=0,
        seconds=0,
        version="by hand",
        teams=tuple(teams),
        shortages=tuple(lacking),
        objective_total=0,
        terms=dict.fromkeys(problem.terms, 0),
        format=PLAN_FORMAT_2 if problem.policies is not None else PLAN_FORMAT,
    )
    try:
        made = parse_plan(dump_plan(bare), problem)
    except BadInput as fault:
        raise BadFile([str(one) for one in fault.faults]) from None
    report = check(problem, made)
    return problem, replace(made, objective_total=report.total, terms=dict(report.terms)), report
