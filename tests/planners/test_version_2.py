"""Random problems of version 2: no plan breaks a rule, no bound is above the true optimum of tiny ones."""

from __future__ import annotations

import pytest

from planners.books.tables import Tables
from planners.bound.bounds import lower_bound, tightened
from planners.formats.faults import BadInput
from planners.formats.parse import dump_plan, parse_plan, parse_problem
from planners.referee.check import check
from planners.solve import solve
from tests.planners.exhaustive import optimum
from tests.planners.generate_2 import any_second, tiny_second
from tests.sampled import sampled


def tried(seed: int) -> int | None:
    """Solves a tiny problem and holds it against its optimum; what the plan costs beyond it, None without."""
    problem = parse_problem(tiny_second(seed))
    best, found = optimum(problem), lower_bound(problem)
    plan = solve(problem, seconds=20)
    if best is None:
        assert plan.shortages
        return None
    assert found.possible and found.total <= best, (seed, found, best)
    assert tightened(Tables(problem), lambda: False) <= best
    if plan.shortages:
        # Where days are shared the planner is stricter than the rules and may miss a complete plan.
        assert Tables(problem).by_day, seed
        return None
    assert plan.bound is not None and plan.bound <= best <= plan.objective_total, seed
    return plan.objective_total - best


def test_the_bound_of_the_new_rules_is_never_above_the_optimum_of_tiny_problems() -> None:
    beyond = [tried(seed) for seed in range(40)]
    solvable = [more for more in beyond if more is not None]
    assert len(solvable) >= 8
    assert solvable.count(0) >= len(solvable) * 3 // 4


@pytest.mark.soak
@pytest.mark.parametrize("start", range(0, 500, 50))
def test_the_bound_of_the_new_rules_holds_on_five_hundred_tiny_problems(start: int) -> None:
    for seed in range(start, start + 50):
        tried(seed)


@pytest.mark.parametrize("seed", sampled(range(12), 4))
def test_plans_of_random_problems_of_version_2_break_no_rule(seed: int) -> None:
    judged(seed)


@pytest.mark.soak
@pytest.mark.parametrize("start", range(0, 300, 50))
def test_three_hundred_plans_of_version_2_break_no_rule(start: int) -> None:
    for seed in range(start, start + 50):
        judged(seed)


def judged(seed: int) -> None:
    """The referee sees the plan as it comes back from its file."""
    problem = parse_problem(any_second(seed))
    try:
        plan = solve(problem, seconds=5)
    except BadInput as refused:
        assert all(fault.path.startswith("pins[") for fault in refused.faults)
        return
    back = parse_plan(dump_plan(plan), problem)
    assert back == plan
    assert check(problem, back).broken == ()
