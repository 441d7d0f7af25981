"""Units to rounds and teams, before anybody is seated: what counting heads alone can foresee."""

from __future__ import annotations

import pytest

from planners.books.pins import anchors
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.search.schedule import schedule, staffable_teams
from tests.planners.generate import keep_units
from tests.planners.small import Json, ok_small, record


def laid_out(problem: Json) -> list[list[set[str]]]:
    """Ids of the units of each team, by round."""
    tables = Tables(parse_problem(problem))
    layout = schedule(tables, anchors(tables))
    return [[{tables.units[unit].id for unit in units} for _, units in teams] for teams in layout]


@pytest.fixture
def problem() -> Json:
    return ok_small()


def test_a_round_can_staff_as_many_teams_as_its_scarcest_skill(problem: Json) -> None:
    assert staffable_teams(Tables(parse_problem(problem)), 0) == 2
    record(problem, "F1")["off"] = ["R1"]
    assert staffable_teams(Tables(parse_problem(problem)), 0) == 1


def test_h09_a_quota_limits_the_teams_of_a_round(problem: Json) -> None:
    record(problem, "O3")["max_out"] = 1
    assert staffable_teams(Tables(parse_problem(problem)), 0) == 1
    record(problem, "O3").update({"max_out": None, "min_home": 2})
    assert staffable_teams(Tables(parse_problem(problem)), 0) == 0


def test_somebody_with_two_skills_is_counted_once(problem: Json) -> None:
    problem["people"] = [
        row | {"skills": ["finance", "discipline"]} for row in problem["people"] if row["id"] in {"F1", "F2"}
    ] + [row for row in problem["people"] if row["id"].startswith("M")]
    assert staffable_teams(Tables(parse_problem(problem)), 0) == 1


def test_a_round_short_of_people_gets_fewer_units_when_another_has_room(problem: Json) -> None:
    record(problem, "F1")["off"] = ["R1"]
    problem["rounds"].append({"id": "R4", "name": "第四轮", "teams": 1})
    assert [len(teams) for teams in laid_out(problem)] == [1, 2, 2, 1]


def test_without_room_elsewhere_a_round_keeps_units_it_can_only_staff_in_part(problem: Json) -> None:
    record(problem, "F1")["off"] = ["R1"]
    assert [len(teams) for teams in laid_out(problem)] == [2, 2, 2]


def test_a_unit_waits_for_the_round_in_which_its_only_leader_is_there(problem: Json) -> None:
    problem["people"] = [row for row in problem["people"] if row["id"] != "L3"]
    record(problem, "L2")["off"] = ["R1"]  # only L2 may lead in the first township
    assert laid_out(problem)[0] == [{"V4"}, {"V5"}] or laid_out(problem)[0] == [{"V5"}, {"V4"}]


def test_h10_the_village_of_a_pinned_member_is_not_visited_in_that_round(problem: Json) -> None:
    keep = {"person": "M1", "slot": "member"}
    problem["pins"] = [{"round": "R1", "units": ["V4"], "members": [keep]}]
    assert {"V1"} not in laid_out(problem)[0]


def test_teams_with_two_visits_are_as_few_as_possible(problem: Json) -> None:
    keep_units(problem, "V1", "V2", "V3", "V4")
    for row in problem["rounds"]:
        row["visits_per_team"] = 2
    problem["rules"]["crossing"] = {}
    assert [len(teams) for teams in laid_out(problem)] == [2, 0, 0]


def test_a_pinned_team_takes_only_units_that_its_people_may_visit(problem: Json) -> None:
    for row in problem["rounds"]:
        row |= {"teams": 1, "visits_per_team": 3}
    leader = {"person": "L2", "slot": "leader"}
    problem["pins"] = [{"round": "R1", "units": ["V1"], "members": [leader]}]
    assert laid_out(problem)[0] == [{"V1", "V2", "V3"}]
