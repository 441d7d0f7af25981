"""Repairs a plan after somebody drops out: legal first, then fewest changed seats, then least cost.
Rounds before `from_round` stay seat for seat, and the referee sees the repair before it is returned.

Somebody on leave also lowers the heads at home (H09), so seats of colleagues can become illegal: all seats
are judged anew first, then only those are refilled, then, if that is not provably enough, their whole rounds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from planners import VERSION
from planners.books.company import in_company
from planners.books.pins import expect_pins_to_hold
from planners.books.seating import opened
from planners.books.tables import Tables
from planners.formats.faults import BadInput, Fault
from planners.formats.parse import in_order
from planners.problem import PLAN_FORMAT, PLAN_FORMAT_2, Plan, Problem
from planners.referee.check import check
from planners.referee.costs import all_terms, total_of
from planners.referee.policy_costs import fallbacks
from planners.referee.rules import RULES
from planners.repair.changes import Changes, amended
from planners.repair.difference import Difference, differences
from planners.repair.under_repair import Work
from planners.rulebook.telling import lines
from planners.rulebook.values import Broken
from planners.shortage.diagnosis import shortages
from planners.solve import RefusedByReferee, gap_of


@dataclass(frozen=True, slots=True)
class Repair:
    """The amended problem, its plan and what changed.

    `vacated` seats were lost by those who are away, `illegal` ones broke a rule for another reason (both:
    the fewest that had to be given up); `changed` counts seats that were lost or refilled. `proven`: with
    all units that need not move in their teams no legal plan lacks fewer heads or changes less. `history`:
    late ties that rounds already over do not keep; nothing can be done about them.
    """

    problem: Problem
    plan: Plan
    differences: tuple[Difference, ...]
    vacated: int
    illegal: int
    changed: int
    proven: bool
    history: tuple[Broken, ...] = ()


def replan(problem: Problem, plan: Plan, changes: Changes, from_round: str, seed: int = 0) -> Repair:
    """The repair of a legal plan. Shortages are named in its plan where heads are missing.

    The same arguments and version give the same seats; nothing is limited by the clock. BadInput when the
    changes name unknown ids or rounds that are over, contradict a pin, or the plan breaks a hard rule.
    """
    faults = [fault for rule in RULES.values() for fault in rule(problem, plan)]
    if faults:
        said = lines(faults, problem, plan.teams)
        raise BadInput([Fault("", f"expected a legal plan: {line}") for line in said])
    return refit(amended(problem, changes, from_round), plan, from_round, seed, changes)


def refit(
    problem: Problem, plan: Plan, from_round: str, seed: int = 0, changes: Changes | None = None
) -> Repair:
    """The plan made to fit a problem that was stated anew, from that round on; see `replan`.

    The problem has the rounds, slots, units and people of the plan, whatever else changed. `changes` only
    gives the sentences their words. BadInput when a pin cannot hold.
    """
    started = time.monotonic()
    tables = Tables(problem, seed)
    expect_pins_to_hold(tables)
    work = Work(opened(tables, plan), tables.round_at[from_round], seed)
    met = work.take_out()
    vacated = sum(
        len(crew.units) for (crew, _, person), rule in met.items() if not tables.present[person, crew.round]
    )
    proven = work.fill()
    bound = work.bound
    if work.homeless() or work.missing():
        proven = (proven and work.rehouse()) if not work.homeless() else work.rehouse()
    final, history = _judged(problem, plan, work, seed, time.monotonic() - started)
    named = {
        (tables.units[unit].id, tables.slots[slot].id, tables.people[person].id): rule
        for (crew, slot, person), rule in work.met.items()
        for unit in work.met_units[crew, slot, person]
    }
    rows = differences(problem, plan, final, changes or Changes(), named)
    return Repair(
        problem,
        final,
        rows,
        vacated,
        max(0, bound - vacated),
        work.seats_changed(),
        proven,
        history,
    )


def _judged(
    problem: Problem, old: Plan, work: Work, seed: int, seconds: float
) -> tuple[Plan, tuple[Broken, ...]]:
    """The repaired plan with its price and what rounds already over break, as the referee found it.

    RefusedByReferee for anything else that is broken: a fault of the program.
    """
    over = {row.id for row in problem.rounds[: work.first]}
    rows = [row for row in old.shortages if row.round in over]
    rows += [row for row in shortages(work.draft) if row.round not in over]
    company = in_company(work.draft, work.books.teams())
    teams = company.teams
    rows = [row for row in rows if row.slot is not None or row.round is None] + list(company.unmet)
    terms = all_terms(problem, teams, old)
    total = total_of(problem, terms)
    # The changes only take plans away or make them dearer, so what was proven before still holds.
    bound = old.bound if old.bound is not None and not rows and old.bound <= total else None
    plan = Plan(
        problem.sha256,
        seed,
        round(seconds, 3),
        VERSION,
        teams,
        tuple(rows),
        total,
        terms,
        bound,
        gap_of(total, bound),
        PLAN_FORMAT if problem.policies is None else PLAN_FORMAT_2,
        company.robustness,
        fallbacks(problem, teams),
    )
    plan = in_order(plan, problem)
    broken = check(problem, plan, old).broken
    history = tuple(fault for fault in broken if fault.where.get("round") in over)
    if len(history) < len(broken):
        new = [fault for fault in broken if fault not in history]
        raise RefusedByReferee("; ".join(lines(new, problem, plan.teams)))
    return plan, history
