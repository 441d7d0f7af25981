"""The referee's prices: every term by a number counted by hand; the plan held to what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from planners.formats.parse import parse_plan, parse_problem
from planners.referee.costs import all_terms, kilometres
from tests.planners.small import (
    TERMS,
    TOTAL,
    Json,
    judged,
    ok_plan,
    ok_small,
    plan_of,
    record,
    replace_person,
    seat,
    team,
    teams_of,
    told,
    two_visits,
    unseat,
)


def terms_of(problem: Json, plan: Json) -> dict[str, int]:
    parsed = parse_problem(problem)
    return all_terms(parsed, parse_plan(plan, parsed, previous=True).teams)


def test_the_plan_made_by_hand_costs_what_was_counted_by_hand() -> None:
    report = judged(ok_small(), ok_plan())
    assert dict(report.terms) == TERMS
    assert report.total == TOTAL == 1115


def test_risk_is_risk_by_index_of_the_round() -> None:
    plan = ok_plan()
    teams_of(plan)["R3-01"]["units"] = ["V1"]  # risk 30 in the third round instead of the first
    teams_of(plan)["R1-01"]["units"] = ["V3"]
    assert terms_of(ok_small(), plan)["risk"] == 65 + 2 * 30 - 2 * 10


@pytest.mark.parametrize(
    ("x", "y", "km"), [(0, 0, 0), (3, 4, 5), (0.3, 0.4, 1), (0, 0.49, 0), (2.5, 0, 3), (10, 4, 11), (7, 4, 8)]
)
def test_distance_is_whole_kilometres_with_half_rounded_up(x: float, y: float, km: int) -> None:
    problem = ok_small()
    record(problem, "V1").update(x_km=x, y_km=y)
    parsed = parse_problem(problem)
    assert kilometres(parsed.person("L1"), parsed.unit("V1")) == km


@pytest.mark.parametrize("unknown", ["F1", "V1"])
def test_an_unknown_place_costs_no_distance(unknown: str) -> None:
    problem = ok_small()
    record(problem, unknown).update(x_km=None, y_km=None)
    parsed = parse_problem(problem)
    assert kilometres(parsed.person("F1"), parsed.unit("V1")) == 0


def test_a_team_of_two_visits_pays_every_distance_but_one_load_and_one_revisit() -> None:
    problem, plan = two_visits()
    terms = terms_of(problem, plan)
    # R1: F1 0+3, M4 10+7 · R2: L1 10+13, F2 0+3, M2 7+10 · R3: F1 4+11, M5 14 (13.60) and 5
    assert terms["distance"] == 20 + 43 + 34
    assert terms["load"] == 2 * 2 + 2 * 2 + 5  # L3 and F1 twice; L1, F2, M2, M4, M5 once
    assert terms["pair"] == 1  # L3 and F1
    assert terms["revisit"] == 2  # L3 and F1 in T1, in two of their teams


def test_load_is_the_square_of_teams_per_person() -> None:
    plan = ok_plan()
    replace_person(teams_of(plan)["R3-02"], "M2", "M4")  # from 2+1 teams to 1+2
    assert terms_of(ok_small(), plan)["load"] == 42
    replace_person(teams_of(plan)["R3-01"], "M5", "M4")  # from 2+2 (8) to 1+3 (10)
    assert terms_of(ok_small(), plan)["load"] == 44


def test_a_pair_costs_from_the_second_time_together() -> None:
    plan = ok_plan()
    replace_person(teams_of(plan)["R3-01"], "M5", "M2")  # with L3 and F1 as in R1
    replace_person(teams_of(plan)["R3-02"], "M2", "M4")
    assert terms_of(ok_small(), plan)["pair"] == 2 + 2


def test_a_revisit_costs_from_the_second_team_in_an_area_and_never_without_area() -> None:
    problem = ok_small()
    for unit in ("V4", "V5", "V6"):
        record(problem, unit)["area"] = None
    assert terms_of(problem, ok_plan())["revisit"] == 3  # L3 once and F1 twice in T1


def test_size_counts_heads_above_and_below_the_target() -> None:
    problem = ok_small()
    record(problem, "member").update(target=2)
    assert terms_of(problem, ok_plan())["size"] == 6
    record(problem, "member").update(target=1)
    plan = ok_plan()
    seat(teams_of(plan)["R3-01"], "M1")
    unseat(teams_of(plan)["R3-02"], "L1")
    assert terms_of(problem, plan)["size"] == 2


def test_a_soft_tie_costs_once_per_visit_or_once_per_shared_team() -> None:
    problem = ok_small()
    soft: dict[str, Any] = {"kind": "RC-12", "hard": False}
    problem["ties"] = [
        soft | {"person": "F1", "unit": "V3", "cost": 40},
        soft | {"person": "F1", "unit": "V6", "cost": 1000},
        soft | {"person": "F1", "other": "L3", "cost": 7},
        soft | {"person": "F1", "other": "F2", "cost": 1000},
        soft | {"person": "F1", "unit": "V6", "hard": True, "cost": 1000},
    ]
    report = judged(problem, ok_plan(problem))
    assert report.terms["soft_tie"] == 40 + 2 * 7
    assert report.total == TOTAL + 54


def test_a_hard_tie_has_no_price_even_where_it_is_broken() -> None:
    problem = ok_small()
    problem["ties"] = [{"person": "F1", "unit": "V3", "kind": "RC-05", "hard": True, "cost": 1000}]
    assert judged(problem, ok_plan(problem)).total == TOTAL


def test_the_total_weighs_every_term() -> None:
    problem = ok_small()
    problem["weights"] = {"risk": 2, "distance": 3, "load": 5, "pair": 7, "revisit": 11, "size": 13}
    assert judged(problem, ok_plan(problem)).total == 65 * 2 + 90 * 3 + 42 * 5 + 2 * 7 + 6 * 11


def test_change_counts_new_seats_and_moved_units() -> None:
    old, plan = ok_plan(), ok_plan()
    teams = teams_of(plan)
    replace_person(teams["R3-02"], "M2", "M4")  # one new seat
    teams["R1-01"]["units"], teams["R2-01"]["units"] = ["V2"], ["V1"]  # two moved, six new seats
    replace_person(teams["R1-01"], "M2", "M4")
    replace_person(teams["R2-01"], "M4", "M2")
    report = judged(ok_small(), plan_of(ok_small(), list(teams.values())), old)
    # V1: L2, F1 (was there), M2 (was there) · V2: L3, F1, M4 (was there) · V6: M4
    assert report.terms["change"] == 3 + 2
    unchanged = judged(ok_small(), ok_plan(), old)
    assert unchanged.terms["change"] == 0
    assert "change" not in judged(ok_small(), ok_plan()).terms


def test_change_counts_a_unit_that_only_one_of_the_plans_visits() -> None:
    short = plan_of(
        ok_small(),
        [row for row in ok_plan()["teams"] if row["id"] != "R3-02"],
        [{"unit": "V6", "round": None, "slot": None, "missing": 1}],
    )
    assert judged(ok_small(), short, ok_plan()).terms["change"] == 1
    assert judged(ok_small(), ok_plan(), short).terms["change"] == 3 + 1


def test_a_stated_change_is_taken_without_the_old_plan_and_checked_with_it() -> None:
    plan = ok_plan()
    plan["objective"]["terms"]["change"] = 4
    plan["objective"]["total"] = TOTAL + 4 * 50
    assert judged(ok_small(), plan).legal
    assert [broken.rule for broken in judged(ok_small(), plan, ok_plan()).broken] == ["S02", "S02"]
    plan["objective"]["terms"]["change"] = 0
    plan["objective"]["total"] = TOTAL
    assert judged(ok_small(), plan, ok_plan()).legal


def stated(change: Callable[[Json], object]) -> list[str]:
    plan = ok_plan()
    change(plan)
    return [broken.rule for broken in judged(ok_small(), plan).broken]


@pytest.mark.parametrize("term", list(TERMS))
def test_s02_a_term_that_the_teams_do_not_cost_is_broken(term: str) -> None:
    assert stated(lambda plan: plan["objective"]["terms"].update({term: TERMS[term] + 1})) == ["S02"]


def test_s02_a_total_that_is_not_the_sum_is_broken() -> None:
    assert stated(lambda plan: plan["objective"].update(total=TOTAL - 1)) == ["S02"]


@pytest.mark.parametrize(
    ("bound", "gap"),
    [
        (None, None),
        (TOTAL, 0.0),
        (1000, 0.115),
        (1000, 0.11504),
        (0, None),
        (1100, 0.0136),
        (1100, 15 / 1100),
    ],
)
def test_s03_a_bound_below_the_total_with_its_gap_is_allowed(bound: int | None, gap: float | None) -> None:
    assert stated(lambda plan: plan.update(bound=bound, gap=gap)) == []


@pytest.mark.parametrize(
    ("bound", "gap"), [(TOTAL + 1, 0.0), (1000, None), (1000, 0.1152), (1000, 0.0), (None, 0.1), (0, 0.0)]
)
def test_s03_a_bound_above_the_total_or_another_gap_is_broken(bound: int | None, gap: float | None) -> None:
    assert stated(lambda plan: plan.update(bound=bound, gap=gap)) == ["S03"]


def test_s03_a_bound_above_the_total_is_named_as_such() -> None:
    plan = ok_plan() | {"bound": TOTAL + 1, "gap": 0.0}
    assert told(ok_small(), plan) == ["S03 下界1116高于目标总值1115"]


def partial() -> tuple[Json, list[Json]]:
    """The plan without its last team, whose village is named as visited by nobody."""
    rows = [{"unit": "V6", "round": None, "slot": None, "missing": 1}]
    return plan_of(ok_small(), ok_plan()["teams"][:-1], rows), rows


def test_s03_a_partial_plan_with_a_bound_is_broken() -> None:
    plan, _ = partial()
    assert judged(ok_small(), plan).legal
    plan |= {"bound": 1, "gap": plan["objective"]["total"] - 1.0}
    assert [broken.rule for broken in judged(ok_small(), plan).broken] == ["S03"]


SHORT = {"unit": "V1", "round": "R1", "slot": "member", "missing": 1}


@pytest.mark.parametrize(
    "row",
    [
        SHORT,
        SHORT | {"unit": "V1", "round": None, "slot": None},
        SHORT | {"unit": "V6", "round": "R3", "slot": "leader"},
    ],
    ids=["a slot that is full", "a unit that is visited", "a round in which nobody comes"],
)
def test_s01_a_shortage_of_what_is_there_is_broken(row: Json) -> None:
    plan, rows = partial()
    plan["shortages"] = [*rows, row]
    assert "S01" in [broken.rule for broken in judged(ok_small(), plan).broken]


def test_s01_two_rows_for_the_same_are_broken() -> None:
    plan, rows = partial()
    plan["shortages"] = rows * 2
    assert [broken.rule for broken in judged(ok_small(), plan).broken] == ["S01"]


def test_s01_two_missing_for_a_unit_that_nobody_visits_are_broken() -> None:
    plan, rows = partial()
    plan["shortages"] = [rows[0] | {"missing": 2}]
    assert [broken.rule for broken in judged(ok_small(), plan).broken] == ["S01"]


def test_s01_more_or_fewer_than_are_missing_is_broken_and_the_true_number_allowed() -> None:
    problem = ok_small()
    record(problem, "member").update(min=2)
    crowd = [f"M{n}" for n in range(10, 16)]
    for person in crowd:
        problem["people"].append({"id": person, "skills": ["commissioner"]})
    teams = [row | {"members": row["members"][:2]} for row in ok_plan()["teams"]]
    for row, person in zip(teams[1:], crowd[1:], strict=True):
        row["members"] = [*row["members"], {"person": person, "slot": "member"}]
        seat(row, crowd[0] if row["id"] in ("R2-01", "R3-01") else crowd[1] if row["id"] == "R1-02" else "M4")
    teams[1]["members"][-1]["person"] = "M5"
    teams[3]["members"][-1]["person"] = "M1"
    for missing, expected in ((1, ["H03", "S01"]), (2, []), (3, ["S01"])):
        rows = [SHORT | {"missing": missing}]
        assert [fault.rule for fault in judged(problem, plan_of(problem, teams, rows)).broken] == expected


def test_what_a_broken_plan_says_of_its_costs_is_not_looked_at() -> None:
    plan = ok_plan()
    plan["teams"].append(team("R3-03", "R3", ["V6"], "L2", "F1", "M4"))
    assert not {"S02", "S03"} & {broken.rule for broken in judged(ok_small(), plan).broken}
