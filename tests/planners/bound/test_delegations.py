"""2+5: alike people of offices that all send the same; the price is the optimum's, and never above it."""

from typing import Any

import pytest

from planners.books.tables import Tables
from planners.bound import delegations
from planners.bound.bounds import least_risk
from planners.bound.delegations import Settled, settle
from planners.formats.parse import parse_problem
from planners.referee.check import check
from planners.solve import solve
from tests.bench.families import made
from tests.planners.exhaustive import optimum
from tests.sampled import sampled

DEAR = 10**6


def three_departments(seed: int, leaders: int = 2) -> dict[str, Any]:
    """1+2 over three departments, few enough people for trying every plan."""
    raw = made("dept", seed)
    kept = {"D0", "D1", "D2"}
    raw["units"] = [row for row in raw["units"] if row["id"] in kept]
    staff = [row for row in raw["people"] if row.get("home_unit") in kept and row["id"][2] in "01"]
    raw["people"] = staff + [row for row in raw["people"] if row["id"].startswith("L")][:leaders]
    raw["offices"] = [row for row in raw["offices"] if row["id"] in {"O0", "O1", "O2", "O6"}]
    raw["rounds"] = raw["rounds"][:3]
    leader, topic = raw["template"]["slots"]
    raw["template"]["slots"] = [leader | {"min": 1, "max": 1}, topic | {"min": 2, "max": 2}]
    return raw


def settled(raw: dict[str, Any], known: int = DEAR) -> Settled | None:
    return settle(Tables(parse_problem(raw)), known, lambda: False)


@pytest.mark.parametrize("seed", sampled(range(6), 3))
def test_the_price_is_the_optimum_of_trying_every_plan(seed: int) -> None:
    raw = three_departments(seed, leaders=1 + seed % 3)
    found = settled(raw)
    best = optimum(parse_problem(raw))
    assert found is not None
    assert best is not None
    assert found.least + least_risk(Tables(parse_problem(raw))) == best
    assert found.seats is not None
    assert len(found.seats) == 9


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_departments_are_planned_at_the_proven_optimum(seed: int) -> None:
    problem = parse_problem(made("dept", seed))
    plan = solve(problem)
    assert plan.gap == 0
    assert check(problem, plan).broken == ()


def test_with_no_effort_left_the_price_is_low_but_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = made("dept", 0)
    exact = settled(raw)
    monkeypatch.setattr(delegations, "EFFORT", 50)
    hurried = settled(raw)
    assert exact is not None
    assert hurried is not None
    assert 0 <= hurried.least <= exact.least


def test_a_stage_proves_no_more_than_it_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = made("dept", 0)
    exact = settled(raw)
    assert exact is not None
    monkeypatch.setattr(delegations, "SLACKS", (60,))
    coarse = settled(raw, exact.least)
    assert coarse == Settled(exact.least - exact.least * 60 // 1000, None)


def other_home(raw: dict[str, Any]) -> None:
    raw["people"][0]["x_km"] = raw["people"][0]["x_km"] + 3


def a_tie(raw: dict[str, Any]) -> None:
    raw["ties"] = [{"person": raw["people"][0]["id"], "unit": "D3", "kind": "RC-05", "hard": True}]


def a_pin(raw: dict[str, Any]) -> None:
    raw["pins"] = [{"round": "R1", "units": ["D0"]}]


def a_limit(raw: dict[str, Any]) -> None:
    raw["people"][0]["max_teams"] = 2


def a_choice_of_heads(raw: dict[str, Any]) -> None:
    raw["template"]["slots"][1] |= {"min": 4, "target": 5}


@pytest.mark.parametrize("change", [other_home, a_tie, a_pin, a_limit, a_choice_of_heads])
def test_people_who_differ_are_no_delegation(change: Any) -> None:
    raw = made("dept", 0)
    change(raw)
    assert settled(raw) is None


def test_a_township_is_no_matter_of_delegations() -> None:
    assert settled(made("t26", 0)) is None
