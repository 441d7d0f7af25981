"""The door to the planner: a problem in, a legal plan out, with progress, a time limit and a way to cancel.
It only joins the steps (construct, bound, improve) and lets the referee see every plan before it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from planners import VERSION
from planners.books.company import in_company
from planners.books.draft import Draft
from planners.books.tables import Tables
from planners.bound.bounds import least_risk, lower_bound, tightened
from planners.bound.delegations import reseat, settle
from planners.problem import PLAN_FORMAT, PLAN_FORMAT_2, Member, Plan, Problem, Team
from planners.referee.check import check
from planners.referee.policy_costs import fallbacks
from planners.rulebook.telling import lines
from planners.search.construct import construct
from planners.search.improve import improve
from planners.search.topics import cover_topics
from planners.shortage.diagnosis import shortages

DEFAULT_SECONDS = 60.0

#: Repeated pairs matter from one such part of the cost on.
PAIRS_MATTER = 25


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: `objective` of the best plan so far, `bound` and `gap` once known.

    `phase` is `construct`, `bound`, `improve` or `done`. `objective` is None before the first plan;
    `seconds` count from the start.
    """

    phase: str
    objective: int | None
    bound: int | None
    gap: float | None
    seconds: float


class RefusedByReferee(RuntimeError):
    """The solver made a plan that breaks a rule: a fault of the program, never of the input."""


def solve(
    problem: Problem,
    seconds: float | None = None,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """A legal plan, complete or with its shortages named, as good as `seconds` (60 without) allow.

    The same problem, seed and version give the same teams unless the time limit or `cancelled` cut the
    search; then the best plan so far comes back. BadInput when the pins contradict the hard rules.
    """
    started = time.monotonic()
    limit = DEFAULT_SECONDS if seconds is None else seconds

    def elapsed() -> float:
        return round(time.monotonic() - started, 3)

    def stop() -> bool:
        return elapsed() >= limit or (cancelled is not None and cancelled())

    def tell(phase: str, objective: int | None, bound: int | None) -> None:
        if on_progress is not None:
            on_progress(Progress(phase, objective, bound, gap_of(objective, bound), elapsed()))

    tell("construct", None, None)
    tables = Tables(problem, seed)
    draft = construct(tables, stop)
    tell("bound", draft.cost, None)
    bound = lower_bound(problem).total if draft.score().complete and not stop() else None
    tell("improve", draft.cost, bound)
    improve(draft, seed, stop, lambda cost: tell("improve", cost, bound), bound)
    cover_topics(draft, stop)
    if bound is None and draft.score().complete and not stop():
        bound = lower_bound(problem).total  # the last gap was only closed while improving
    if bound is not None and _many_meet_again(draft) and not stop():
        tell("bound", draft.cost, bound)
        bound = _settled(draft, bound, seed, stop)
    plan = _plan(draft, seed, bound if draft.score().complete else None, elapsed())
    tell("done", plan.objective_total, plan.bound)
    return replace(plan, seconds=elapsed())


def _settled(draft: Draft, bound: int, seed: int, stop: Callable[[], bool]) -> int:
    """A bound that counts forced pairs. Where delegations show better seats, the draft takes them."""
    tables = draft.tables
    if tables.by_day:
        tables = Tables(tables.problem, seed, loose=True)
    risk = sum(
        int(tables.round_price[unit, crew.round])
        for crews in draft.crews
        for crew in crews
        for unit in crew.units
    )
    settled = settle(tables, draft.cost - risk, stop)
    if settled is None:
        return max(bound, tightened(tables, stop))
    if settled.seats is not None:
        reseat(draft, settled.seats)
    return max(bound, least_risk(tables) + settled.least)


def _many_meet_again(draft: Draft) -> bool:
    """Whether repeated pairs are so large a part of the cost that the bound should count them."""
    again = sum(times - 1 for known in draft.together for times in known.values() if times > 1) // 2
    return again * draft.tables.weights.pair * PAIRS_MATTER > draft.cost


def gap_of(objective: int | None, bound: int | None) -> float | None:
    """(objective − bound) / bound to four places, None where there is no bound or it is 0."""
    if objective is None or not bound:
        return None
    return round((objective - bound) / bound, 4)


def _plan(draft: Draft, seed: int, bound: int | None, seconds: float) -> Plan:
    """The draft as a plan that the referee has seen. RefusedByReferee names the rules it finds broken."""
    problem = draft.tables.problem
    company = in_company(draft, teams_of(draft))
    if company.unmet:
        bound = None
    plan = Plan(
        problem.sha256,
        seed,
        seconds,
        VERSION,
        company.teams,
        (*shortages(draft), *company.unmet),
        0,
        {},
        robustness=company.robustness,
        fallbacks=fallbacks(problem, company.teams),
        format=PLAN_FORMAT if problem.policies is None else PLAN_FORMAT_2,
    )
    found = check(problem, plan)
    plan = replace(
        plan,
        objective_total=found.total,
        terms=dict(found.terms),
        bound=bound,
        gap=gap_of(found.total, bound),
    )
    broken = lines(check(problem, plan).broken, problem, plan.teams)
    if found.total - found.terms.get("topic", 0) != draft.cost:
        broken.append(f"the books say {draft.cost}, the referee {found.total}")
    if broken:
        raise RefusedByReferee("; ".join(broken))
    return plan


def teams_of(draft: Draft) -> tuple[Team, ...]:
    """Teams in the order of their round, then of their first unit; members in slot order, then by id."""
    tables = draft.tables
    order = {unit.id: i for i, unit in enumerate(tables.problem.units)}
    teams = []
    for round_, crews in enumerate(draft.crews):
        rows = []
        for crew in crews:
            units = sorted((tables.units[unit].id for unit in crew.units), key=order.__getitem__)
            members = tuple(
                Member(person, slot.id)
                for slot, holders in zip(tables.slots, crew.seats, strict=True)
                for person in sorted(tables.people[holder].id for holder in holders)
            )
            rows.append((order[units[0]], tuple(units), members))
        name = tables.rounds[round_].id
        teams += [
            Team(f"{name}-{number:02d}", name, units, members)
            for number, (_, units, members) in enumerate(sorted(rows), start=1)
        ]
    return tuple(teams)
