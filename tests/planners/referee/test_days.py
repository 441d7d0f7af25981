"""The referee by day: rounds that share days, people away for part of a round, visits of some days."""

from __future__ import annotations

from planners.formats.parse import parse_problem
from planners.referee.check import check
from planners.solve import solve
from tests.planners.formats.test_version_2 import second_small
from tests.planners.referee.test_policies import teams
from tests.planners.small import Json, broken, lacking, record


def overlapping() -> Json:
    """R2 begins on the last day of R1."""
    problem = second_small()
    problem["rounds"][1] |= {"start": "2026-03-13", "end": "2026-03-20"}
    return problem


def test_h04_nobody_is_in_teams_of_two_rounds_on_one_day() -> None:
    assert broken(overlapping(), teams()) == ["H04"] * 3  # F1, F2 and L3 are in both rounds


def test_h04_rounds_that_only_follow_each_other_are_allowed() -> None:
    problem = second_small()
    problem["rounds"][1] |= {"start": "2026-03-14", "end": "2026-03-20"}
    problem["people"][0]["off"] = [{"from": "2026-01-01", "to": "2026-01-02"}]
    assert broken(problem, teams()) == []


def test_h04_a_visit_that_ends_before_the_other_round_begins_is_allowed() -> None:
    problem = overlapping()
    for unit in problem["units"]:
        unit["days"] = 5
    assert broken(problem, teams()) == []


def test_h04_somebody_away_for_a_day_of_the_visit_is_broken() -> None:
    problem = second_small()
    record(problem, "M2")["off"] = [{"from": "2026-03-13", "to": "2026-03-15"}]  # in R1-01 and R3-02
    assert broken(problem, teams()) == ["H04"]
    record(problem, "V1")["days"] = 11  # 2 to 12 March
    assert broken(problem, teams()) == []
    record(problem, "V1")["days"] = 12
    assert broken(problem, teams()) == ["H04"]


def test_h09_counts_the_people_of_both_rounds_on_a_shared_day() -> None:
    problem, plan = overlapping(), teams()
    plan = {id: team for id, team in plan.items() if id in ("R1-01", "R2-02")}
    rest = [lacking(unit, None, None) for unit in ("V2", "V3", "V4", "V6")]
    plan["R2-02"]["members"][0]["person"] = "L1"
    assert broken(problem, plan, rest) == []  # F1 and F2 are out of O3, which sends two
    record(problem, "O3")["max_out"] = 1
    assert broken(problem, plan, rest) == ["H09"]
    for unit in problem["units"]:
        unit["days"] = 5
    assert broken(problem, plan, rest) == []


def test_the_planner_sends_nobody_into_two_rounds_at_once_nor_while_away() -> None:
    problem = overlapping()
    problem["people"] += [{**row, "id": f"{row['id']}x", "home_unit": None} for row in problem["people"]]
    record(problem, "O3")["max_out"] = 4
    record(problem, "F1")["off"] = [{"from": "2026-03-05", "to": "2026-03-05"}]
    parsed = parse_problem(problem)
    plan = solve(parsed, seconds=5)
    assert plan.shortages == ()
    assert check(parsed, plan).broken == ()
    assert "F1" not in [m.person for team in plan.teams if team.round == "R1" for m in team.members]
