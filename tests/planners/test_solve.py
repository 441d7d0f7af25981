"""Whatever the problem, solve() gives a plan that the referee lets pass, and says truly what is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planners.formats.faults import BadInput
from planners.formats.parse import dump_plan, parse_plan, parse_problem
from planners.problem import Plan
from planners.referee.check import check
from planners.solve import Progress, gap_of, solve
from tests.bench.families import made
from tests.planners.draw_cases import county
from tests.planners.generate import any_problem, keep_units
from tests.planners.small import Json, ok_small, record
from tests.sampled import sampled


def legal(problem: Json, **more: object) -> Plan:
    """The plan, after the referee has read it back from its JSON form."""
    parsed = parse_problem(problem)
    plan = solve(parsed, **more)  # type: ignore[arg-type]
    again = parse_plan(json.loads(json.dumps(dump_plan(plan))), parsed)
    report = check(parsed, again)
    assert report.broken == ()
    assert report.complete == (not plan.shortages)
    return plan


def seats(plan: Plan) -> list[tuple[str, str, tuple[str, ...], list[tuple[str, str]]]]:
    return [(t.id, t.round, t.units, [(m.person, m.slot) for m in t.members]) for t in plan.teams]


@pytest.mark.parametrize("seed", sampled(range(80), 5))
def test_random_problems_pass_the_referee(seed: int) -> None:
    try:
        legal(any_problem(seed), seed=seed)
    except BadInput as refused:
        assert all(fault.path.startswith("pins[") for fault in refused.faults)


def test_random_problems_are_solved_completely_and_partially_both() -> None:
    plans = [solve(parse_problem(any_problem(seed) | {"pins": []})) for seed in range(20)]
    assert sum(1 for plan in plans if plan.shortages) >= 4
    assert sum(1 for plan in plans if not plan.shortages) >= 7


@pytest.mark.parametrize(("family", "gap"), [("t26", 0.03), ("t26x2", 0.05), ("dept", 0.015)])
def test_the_small_families_are_staffed_completely_and_near_the_bound(family: str, gap: float) -> None:
    plan = legal(made(family, 7))
    assert plan.shortages == ()
    assert plan.gap is not None
    assert plan.gap < gap


@pytest.mark.parametrize(
    ("families", "seeds"),
    [
        (["t26", "t26x2", "dept", "z103"], 1),
        pytest.param(["t26", "t26x2", "dept", "s103", "z103", "d360", "j423"], 15, marks=pytest.mark.soak),
    ],
    ids=["few", "105"],
)
def test_no_plan_of_any_family_breaks_a_rule(families: list[str], seeds: int) -> None:
    for family in families:
        for seed in range(20, 20 + seeds):
            plan = legal(made(family, seed), seed=seed, seconds=600)
            assert plan.gap is not None, (family, seed)


def test_the_first_plan_of_a_whole_county_is_complete_and_not_far_from_the_bound() -> None:
    told: list[str] = []
    plan = legal(
        made("j423", 7),
        seconds=600,
        on_progress=lambda progress: told.append(progress.phase),
        cancelled=lambda: "improve" in told,
    )
    assert plan.shortages == ()
    assert sum(len(team.units) for team in plan.teams) == 423
    assert plan.gap is not None
    assert plan.gap < 0.08


def test_departments_never_supply_a_member_when_they_are_inspected() -> None:
    plan = legal(made("dept", 7))
    for team in plan.teams:
        offices = sorted(member.person[1] for member in team.members if member.slot == "topic")
        assert len(offices) == 5
        assert team.units[0][1] not in offices


def test_with_two_visits_a_round_of_eight_villages_needs_four_teams() -> None:
    plan = legal(made("t26x2", 7))
    assert max(len(team.units) for team in plan.teams) == 2
    assert len(plan.teams) == 13


def test_teams_and_members_stand_in_the_order_of_the_contract() -> None:
    problem = ok_small()
    plan = legal(problem)
    assert [team.id for team in plan.teams] == [f"R{r}-{n:02d}" for r in (1, 2, 3) for n in (1, 2)]
    for team in plan.teams:
        assert [member.slot for member in team.members] == sorted(
            (member.slot for member in team.members), key=["leader", "finance", "member"].index
        )


def test_the_same_seed_gives_the_same_teams_and_another_seed_may_not() -> None:
    problem = parse_problem(county(3, 9, 4, 3))
    first = solve(problem, seed=3)
    assert seats(first) == seats(solve(problem, seed=3))
    assert any(seats(first) != seats(solve(problem, seed=seed)) for seed in (4, 5, 6))


def test_the_teams_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = (
        "import hashlib; from tests.planners.draw_cases import county;"
        "from planners.formats.parse import parse_problem;"
        "from planners.solve import solve; p = solve(parse_problem(county(3, 9, 4, 3)), seed=1);"
        "print(hashlib.sha256(repr(p.teams).encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(answers) == 1


def test_a_missing_skill_is_one_row_per_unit_and_slot_with_a_reason_in_chinese() -> None:
    problem = ok_small()
    problem["people"] = [row for row in problem["people"] if row["id"] not in {"F1", "F2"}]
    plan = legal(problem)
    assert {(row.unit, row.slot, row.missing) for row in plan.shortages} == {
        (f"V{n}", "finance", 1) for n in range(1, 7)
    }
    assert plan.bound is None and plan.gap is None
    assert "“财务”缺1人" in plan.shortages[0].reason
    assert plan.shortages[0].because[0].rule == "H03"


def test_a_quota_that_leaves_seats_empty_is_named_with_its_office() -> None:
    problem = ok_small()
    record(problem, "O3")["max_out"] = 1
    plan = legal(problem)
    causes = [cause.to_dict() for row in plan.shortages for cause in row.because]
    assert {"rule": "H09", "office": "O3", "round": "R1"} in causes


def test_a_unit_that_is_never_open_has_one_row_without_round_and_slot() -> None:
    problem = ok_small()
    record(problem, "V2")["closed"] = ["R1", "R2", "R3"]
    plan = legal(problem)
    (row,) = plan.shortages
    assert (row.unit, row.round, row.slot, row.missing) == ("V2", None, None, 1)
    assert row.because[0].rule == "H02"


def test_more_units_than_visits_leave_the_least_risky_unvisited() -> None:
    problem = ok_small()
    problem["rounds"] = problem["rounds"][:2]
    plan = legal(problem)
    assert len(plan.teams) == 4
    assert sorted(row.unit for row in plan.shortages) == ["V3", "V6"]


def test_nothing_to_visit_is_an_empty_complete_plan() -> None:
    problem = ok_small()
    keep_units(problem)
    plan = legal(problem)
    assert (plan.teams, plan.shortages, plan.objective_total, plan.bound, plan.gap) == ((), (), 0, 0, None)


def test_one_unit_one_team_one_round() -> None:
    problem = ok_small()
    keep_units(problem, "V1")
    record(problem, "member")["min"] = 0
    plan = legal(problem)
    assert [team.units for team in plan.teams] == [("V1",)]
    assert plan.shortages == ()


def test_a_slot_with_min_zero_may_stay_empty() -> None:
    problem = ok_small()
    problem["people"] = [row for row in problem["people"] if "commissioner" not in row["skills"]]
    record(problem, "member").update({"min": 0, "target": 1})
    plan = legal(problem)
    assert plan.shortages == ()
    assert plan.terms["size"] == 6


def test_an_office_that_may_send_nobody_and_one_with_everybody_off_send_nobody() -> None:
    problem = ok_small()
    record(problem, "O1")["max_out"] = 0
    record(problem, "L2")["off"] = ["R1", "R2", "R3"]
    plan = legal(problem)
    assert {member.person for team in plan.teams for member in team.members}.isdisjoint({"L1", "L2"})


def test_a_problem_without_areas_and_places_is_solved() -> None:
    problem = ok_small()
    problem["areas"] = []
    for row in [*problem["units"], *problem["people"], *problem["offices"]]:
        row |= {"area": None}
    for row in [*problem["units"], *problem["people"]]:
        row |= {"x_km": None, "y_km": None}
    plan = legal(problem)
    assert plan.shortages == ()
    assert plan.terms["distance"] == plan.terms["revisit"] == 0


def test_progress_tells_phases_and_an_objective_that_only_falls() -> None:
    told: list[Progress] = []
    plan = solve(parse_problem(county(3, 9, 4, 3)), on_progress=told.append)
    assert [row.phase for row in told][:3] == ["construct", "bound", "improve"]
    assert told[-1].phase == "done"
    figures = [row.objective for row in told if row.objective is not None]
    assert figures == sorted(figures, reverse=True)
    assert figures[-1] == plan.objective_total < figures[0]
    assert told[-1].gap == plan.gap


def test_cancelling_in_the_middle_gives_the_best_legal_plan_so_far() -> None:
    told: list[Progress] = []
    plan = legal(
        made("t26", 7),
        on_progress=told.append,
        cancelled=lambda: any(p.phase == "improve" for p in told),
    )
    first = next(row.objective for row in told if row.phase == "improve")
    assert plan.shortages == ()
    assert plan.objective_total == first


def test_cancelling_at_once_gives_a_legal_plan_that_names_what_it_left_out() -> None:
    plan = legal(made("t26x2", 7), cancelled=lambda: True)
    assert plan.teams == ()
    assert len(plan.shortages) == 26


def test_no_time_at_all_is_still_a_legal_plan() -> None:
    assert legal(ok_small(), seconds=0).problem_sha256 == parse_problem(ok_small()).sha256


@pytest.mark.parametrize(
    ("total", "bound", "gap"), [(110, 100, 0.1), (5, 0, None), (5, None, None), (None, 3, None)]
)
def test_the_gap_is_null_without_a_bound_or_with_bound_zero(
    total: int | None, bound: int | None, gap: float | None
) -> None:
    assert gap_of(total, bound) == gap
