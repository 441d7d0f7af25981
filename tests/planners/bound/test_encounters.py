"""Repeated pairs that no plan avoids are in the bound, which is never above the optimum of tiny problems."""

from __future__ import annotations

import random

import numpy as np
import pytest

from planners.books.tables import Tables
from planners.bound import bounds
from planners.bound.bounds import lower_bound
from planners.bound.encounters import repeats
from planners.formats.parse import parse_problem
from tests.planners.exhaustive import optimum
from tests.planners.generate import FINANCE, LEADER, Json, keep_units, tiny_problem
from tests.planners.small import ok_small, record
from tests.sampled import sampled

TINY = 240


def crowded(seed: int) -> Json:
    """A tiny problem whose few people must meet again: up to three rounds, and pairs that cost much."""
    problem, dice = tiny_problem(seed), random.Random(seed + 1000)
    visits = dice.choice([1, 1, 1, 2])
    problem["rounds"] = [
        {"id": f"R{i}", "name": f"第{i + 1}轮", "teams": dice.choice([1, 1, 2]), "visits_per_team": visits}
        for i in range(3)
    ]
    problem["units"] = [
        row | {"id": f"V{i}", "closed": []}
        for i, row in enumerate((problem["units"] * 3)[: dice.randint(2, 3)])
    ]
    trades = ["discipline", "finance", "finance", "discipline", "finance"][: dice.randint(2, 5)]
    if dice.random() < 0.5:
        trades = sorted(trades)
    problem["people"] = [
        row | {"skills": [trade], "off": [], "max_teams": None, "home_unit": None}
        for row, trade in zip(problem["people"], trades, strict=False)
    ]
    if dice.random() < 0.3:
        problem["people"][-1]["skills"] = ["discipline", "finance"]
    for row in problem["offices"]:
        row["max_out"] = None
    kept = {row["id"] for row in problem["people"]}
    problem["ties"] = [
        tie
        for tie in problem["ties"]
        if tie["person"] in kept and tie.get("other") in kept and dice.random() < 0.5
    ]
    problem["template"]["slots"] = [dict(LEADER), dict(FINANCE) | {"max": 2}]
    if dice.random() < 0.3:
        problem["template"]["slots"][1] |= {"min": 2, "target": 2}
    problem["rules"] = {"host_stays": False, "no_mutual_lead": False}
    problem["weights"]["pair"] = dice.choice([30, 70, 200])
    return problem


@pytest.mark.parametrize("start", sampled(range(0, TINY, 20), 6))
def test_the_bound_with_forced_pairs_is_never_above_the_optimum(start: int) -> None:
    for seed in range(start, start + 20):
        parsed = parse_problem(crowded(seed))
        best = optimum(parsed)
        if best is not None:
            assert lower_bound(parsed).total <= best, seed


def test_forced_pairs_raise_the_bound_of_many_crowded_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    with_pairs = [lower_bound(parse_problem(crowded(seed))).total for seed in range(60)]
    monkeypatch.setattr(
        bounds, "repeats", lambda t, g, n: np.zeros((len(t.people), len(t.rounds) + 1), dtype=np.int64)
    )
    without = [lower_bound(parse_problem(crowded(seed))).total for seed in range(60)]
    assert all(one >= two for one, two in zip(with_pairs, without, strict=True))
    assert sum(one > two for one, two in zip(with_pairs, without, strict=True)) >= 15


def two_slots() -> Json:
    """Three villages in three rounds, each visited by one leader and one finance officer."""
    problem = ok_small()
    keep_units(problem, "V1", "V2", "V3")
    problem["rules"] = {"crossing": {}, "host_stays": False, "no_mutual_lead": False}
    problem["template"]["slots"] = problem["template"]["slots"][:2]
    problem["rounds"] = [row | {"teams": 1} for row in problem["rounds"]]
    return problem


def test_one_leader_and_one_finance_officer_meet_three_times() -> None:
    problem = two_slots()
    problem["people"] = [record(problem, "L3"), record(problem, "F1")]
    record(problem, "F1").update({"x_km": None, "y_km": None})
    found = lower_bound(parse_problem(problem))
    # Each in three teams, 20 × 3²; two revisits of the township each; the pair meets twice again, 30 each.
    assert sum(found.terms.values()) - found.terms["risk"] == 2 * (180 + 20) + 2 * 30
    assert found.total == optimum(parse_problem(problem))


def test_a_pair_of_one_slot_is_counted_once_and_not_from_both_sides() -> None:
    problem = two_slots()
    problem["template"]["slots"] = [problem["template"]["slots"][0] | {"min": 2, "max": 2}]
    problem["people"] = [record(problem, "L2"), record(problem, "L3")]
    parsed = parse_problem(problem)
    tables = Tables(parsed)
    assert repeats(tables, [[0]], 0)[:, 3].tolist() == [2, 2]  # doubled halves: two repetitions together
    assert lower_bound(parsed).total == optimum(parsed)


def test_people_who_can_never_meet_are_no_new_faces() -> None:
    problem = two_slots()
    problem["people"] = [record(problem, name) for name in ("L3", "F1", "F2")]
    tables = Tables(parse_problem(problem))
    leader = tables.person_at["L3"]
    free = int(repeats(tables, [[0], [1]], 0)[leader, 3])
    problem["ties"] = [{"person": "L3", "other": "F2", "kind": "RC-20", "hard": True}]
    assert free == 2 * (3 - 2)
    assert int(repeats(Tables(parse_problem(problem)), [[0], [1]], 0)[leader, 3]) in {2 * (3 - 1)}
