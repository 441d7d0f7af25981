"""The bound is never above the optimum, which tiny problems let us find by trying every plan."""

from __future__ import annotations

import random

import pytest

from planners.books.tables import Tables
from planners.bound import small_cpsat
from planners.bound.bounds import lower_bound, tightened
from planners.formats.faults import BadInput
from planners.formats.parse import parse_problem
from planners.problem import Problem
from planners.solve import solve
from tests.bench.families import made
from tests.planners.exhaustive import optimum
from tests.planners.generate import any_problem, keep_units, tiny_problem
from tests.planners.small import Json, ok_small, record
from tests.sampled import sampled

pytestmark = pytest.mark.xdist_group("bounds")  # the optima are found once

#: tiny problems of every run; the soak tries many more
TINY, MORE = 60, 210


@pytest.fixture(scope="module", params=[TINY, pytest.param(MORE, marks=pytest.mark.soak)])
def optima(request: pytest.FixtureRequest) -> dict[int, int | None]:
    """The true optimum of each tiny problem by its seed."""
    return {seed: optimum(tiny(seed)) for seed in range(request.param)}


def tiny(seed: int) -> Problem:
    """A tiny problem; every fourth has a pin that keeps a unit in a round, every eighth a pinned person."""
    raw = tiny_problem(seed)
    if seed % 4 == 3:
        dice = random.Random(seed)
        round_, unit, person = (dice.choice(raw[name]) for name in ("rounds", "units", "people"))
        pin: Json = {"round": round_["id"], "units": [unit["id"]]}
        if seed % 8 == 7 and "discipline" in person["skills"] and person["home_unit"] != unit["id"]:
            pin["members"] = [{"person": person["id"], "slot": "leader"}]
        if round_["id"] not in unit["closed"] and round_["id"] not in person["off"]:
            raw["pins"] = [pin]
    return parse_problem(raw)


def test_the_bound_is_never_above_the_optimum_of_tiny_problems(optima: dict[int, int | None]) -> None:
    solvable = {seed: best for seed, best in optima.items() if best is not None}
    assert len(solvable) >= len(optima) * 5 // 7
    for seed, best in solvable.items():
        found = lower_bound(tiny(seed))
        assert found.possible, seed
        assert found.total <= best, seed


def test_the_bound_reaches_the_optimum_of_many_tiny_problems(optima: dict[int, int | None]) -> None:
    reached = [s for s, best in optima.items() if best == lower_bound(tiny(s)).total]
    assert len(reached) >= len(optima) // 3


def test_what_the_bound_calls_impossible_is_impossible(optima: dict[int, int | None]) -> None:
    refuted = [seed for seed in optima if not lower_bound(tiny(seed)).possible]
    assert refuted
    assert all(optima[seed] is None for seed in refuted)


def test_the_bound_of_a_handful_is_never_above_the_optimum_and_often_better(
    optima: dict[int, int | None],
) -> None:
    better = compared = 0
    for seed, best in optima.items():
        found = tightened(Tables(tiny(seed)), lambda: False)
        if best is not None and found:
            assert found <= best, seed
            compared += 1
            better += found > lower_bound(tiny(seed)).total
    assert compared >= len(optima) // 3
    assert better >= len(optima) // 60


def test_the_bound_of_a_handful_counts_the_pairs_that_departments_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small_cpsat, "EFFORT", 1.0)
    problem = parse_problem(made("dept", 0))
    assert tightened(Tables(problem), lambda: False) > lower_bound(problem).total * 1.05


def test_the_solver_never_beats_the_optimum_and_mostly_reaches_it(optima: dict[int, int | None]) -> None:
    reached = complete = 0
    for seed, best in optima.items():
        try:
            plan = solve(tiny(seed))
        except BadInput as refused:
            assert all(fault.path.startswith("pins[") for fault in refused.faults)
            assert best is None
            continue
        if best is None:
            assert plan.shortages, seed
        elif not plan.shortages:
            assert plan.objective_total >= best, seed
            complete += 1
            reached += plan.objective_total == best
    assert complete == sum(1 for best in optima.values() if best is not None)
    assert reached >= complete * 4 // 5


def test_ok_small_has_the_least_risk_of_two_units_per_round() -> None:
    found = lower_bound(parse_problem(ok_small()))
    # 30 and 25 go first, 20 and 15 second, 10 and 5 third.
    assert found.terms["risk"] == 1 * (20 + 15) + 2 * (10 + 5)
    assert found.total == sum(found.terms.values())


def test_the_load_ladder_of_one_leader_for_three_units_counts_squares() -> None:
    problem = ok_small()
    keep_units(problem, "V4", "V5", "V6")
    problem["template"]["slots"] = problem["template"]["slots"][:1]
    problem["people"] = [record(problem, "L3")]
    # One person leads three teams: 20 × 3², twice more in the same township, no places known.
    assert lower_bound(parse_problem(problem)).terms["people:leader"] == 20 * 9 + 10 * 2


def test_with_two_visits_per_team_a_team_is_counted_once() -> None:
    problem = ok_small()
    keep_units(problem, "V4", "V5")
    problem["template"]["slots"] = problem["template"]["slots"][:1]
    problem["people"] = [record(problem, "L3")]
    for row in problem["rounds"]:
        row["visits_per_team"] = 2
    found = lower_bound(parse_problem(problem))
    assert found.terms["people:leader"] == 20
    assert solve(parse_problem(problem)).objective_total == found.total


def test_somebody_with_two_skills_has_one_load_in_both_slots() -> None:
    problem = ok_small()
    problem["people"] = [
        {"id": "A", "name": "甲", "office": None, "area": None, "skills": ["discipline", "finance"]}
    ]
    keep_units(problem, "V1")
    problem["template"]["slots"] = problem["template"]["slots"][:2]
    problem["weights"] = {"pair": 0}
    # Two teams of one person: 20 × 2² together, and the second comes to the same township again.
    assert lower_bound(parse_problem(problem)).terms == {"risk": 0, "people:leader+finance": 20 * 4 + 10}


@pytest.mark.parametrize("seed", sampled(range(25), 5))
def test_complete_plans_of_random_problems_stay_above_the_bound(seed: int) -> None:
    problem = any_problem(seed)
    problem["pins"] = []
    plan = solve(parse_problem(problem))
    if not plan.shortages:
        assert plan.bound is not None
        assert plan.objective_total >= plan.bound
