"""The referee on units, rounds and slots (H01 to H04): a harmless, a forbidden and an allowed case each."""

from __future__ import annotations

from planners.referee.rules import RULES
from tests.planners.small import (
    Json,
    broken,
    codes,
    judged,
    lacking,
    ok_plan,
    ok_small,
    plan_of,
    record,
    replace_person,
    seat,
    team,
    two_visits,
    unseat,
)


def test_the_plan_made_by_hand_breaks_no_rule_and_is_complete() -> None:
    report = judged(ok_small(), ok_plan())
    assert report.broken == ()
    assert report.legal
    assert report.complete


def test_every_rule_of_the_contract_is_written() -> None:
    assert list(RULES) == [f"H{number:02}" for number in range(1, 16)]


# H01 every unit once


def test_h01_a_unit_that_nobody_visits_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    del teams["R3-02"]
    assert broken(problem, teams) == ["H01"]


def test_h01_a_unit_that_two_teams_visit_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    teams["R3-02"]["units"] = ["V4"]
    assert broken(problem, teams) == ["H01", "H01"]  # V4 twice, V6 never


def test_h01_a_unit_twice_in_one_team_is_broken(teams: dict[str, Json]) -> None:
    problem, plan = two_visits()
    plan["teams"][0]["units"] = ["V1", "V1"]
    assert codes(problem, plan["teams"]) == ["H01", "H01"]  # V1 twice, V2 never


def test_h01_a_unit_named_as_visited_by_nobody_is_allowed(problem: Json, teams: dict[str, Json]) -> None:
    del teams["R3-02"]
    plan = plan_of(problem, list(teams.values()), [lacking("V6", None, None)])
    report = judged(problem, plan)
    assert report.legal
    assert not report.complete


def test_h01_a_unit_named_only_as_short_of_somebody_still_has_to_be_visited(
    problem: Json, teams: dict[str, Json]
) -> None:
    del teams["R3-02"]
    assert broken(problem, teams, [lacking("V6", "R3", "leader")]) == ["H01", "S01"]


# H02 size of rounds and teams


def test_h02_more_teams_than_the_round_has_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "R3")["teams"] = 1
    assert broken(problem, teams) == ["H02"]


def test_h02_more_units_than_a_team_can_visit_is_broken() -> None:
    problem, plan = two_visits()
    plan["teams"][0]["units"] = ["V1", "V2", "V3"]
    plan["teams"][2]["units"] = ["V6"]
    assert codes(problem, plan["teams"]) == ["H02"]


def test_h02_a_team_without_units_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "R3")["teams"] = 3
    teams["R3-03"] = team("R3-03", "R3", [], "L2", "F1", "M4")
    unseat(teams["R3-03"], "F1")
    assert broken(problem, teams, []) == ["H02", "H03"]


def test_h02_a_unit_closed_in_its_round_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "V6")["closed"] = ["R1", "R3"]
    assert broken(problem, teams) == ["H02"]


def test_h02_a_unit_closed_in_other_rounds_is_allowed(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "V6")["closed"] = ["R1", "R2"]
    assert broken(problem, teams) == []


def test_h02_two_units_for_a_team_are_allowed_in_a_round_of_two_visits() -> None:
    problem, plan = two_visits()
    assert codes(problem, plan["teams"]) == []


# H03 slots


def test_h03_an_empty_slot_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    unseat(teams["R1-01"], "M2")
    assert broken(problem, teams) == ["H03"]


def test_h03_more_than_max_is_broken_and_max_is_allowed(problem: Json, teams: dict[str, Json]) -> None:
    seat(teams["R3-01"], "M1")
    assert broken(problem, teams) == []
    seat(teams["R3-01"], "M4")
    assert broken(problem, teams) == ["H03"]


def test_h03_somebody_without_the_skill_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R3-02"], "L1", "M1")
    assert broken(problem, teams) == ["H03"]


def test_h03_one_skill_of_several_needed_is_enough(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "finance")["needs"] = ["audit", "finance"]
    record(problem, "F2")["skills"] = ["welfare", "audit"]
    assert broken(problem, teams) == []


def test_h03_two_members_from_one_village_are_broken_only_where_distinct_says_so(
    problem: Json, teams: dict[str, Json]
) -> None:
    record(problem, "M1")["home_unit"] = "V2"  # visited in R2, where M1 is replaced
    replace_person(teams["R2-02"], "M1", "M4")
    replace_person(teams["R2-01"], "M4", "M5")
    record(problem, "M5")["home_unit"] = None
    seat(teams["R3-02"], "M1")
    assert broken(problem, teams) == ["H03"]
    record(problem, "member")["distinct"] = None
    assert broken(problem, teams) == []


def test_h03_two_members_without_any_village_are_allowed(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "M1")["home_unit"] = None
    record(problem, "M2")["home_unit"] = None
    seat(teams["R3-02"], "M1")
    assert broken(problem, teams) == []


def test_h03_distinct_offices_are_looked_at_as_well(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "member")["distinct"] = "office"
    record(problem, "M1")["office"] = record(problem, "M2")["office"] = "O1"
    seat(teams["R3-02"], "M1")
    assert broken(problem, teams) == ["H03"]
    record(problem, "M1")["office"] = "O2"
    assert broken(problem, teams) == []


def test_h03_a_shortage_of_one_excuses_one_and_not_two(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "finance").update(min=2, max=2, target=2)
    record(problem, "O3")["max_out"] = None
    rows = [lacking(team["units"][0], team["round"], "finance") for team in teams.values()]
    assert broken(problem, teams, rows) == []
    unseat(teams["R1-01"], "F1")
    assert broken(problem, teams, rows) == ["H03", "S01"]
    rows[0]["missing"] = 2
    assert broken(problem, teams, rows) == []


def test_h03_a_shortage_of_another_round_or_slot_excuses_nothing(
    problem: Json, teams: dict[str, Json]
) -> None:
    unseat(teams["R1-01"], "M2")
    assert "H03" in broken(problem, teams, [lacking("V1", "R2", "member")])
    assert "H03" in broken(problem, teams, [lacking("V1", "R1", "finance")])
    assert broken(problem, teams, [lacking("V1", "R1", "member")]) == []


def test_h03_in_a_team_of_two_visits_a_row_for_either_unit_or_for_both_excuses() -> None:
    problem, plan = two_visits()
    unseat(plan["teams"][0], "M4")
    rows = [lacking("V1", "R1", "member"), lacking("V2", "R1", "member")]
    assert codes(problem, plan["teams"]) == ["H03"]
    assert [codes(problem, plan["teams"], part) for part in (rows[:1], rows[1:], rows)] == [[], [], []]


# H04 one place at a time


def test_h04_two_teams_in_one_round_are_broken(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R3-01"], "F1", "F2")
    assert broken(problem, teams) == ["H04"]


def test_h04_two_slots_of_one_team_are_broken(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "F1")["skills"] = ["finance", "commissioner"]
    replace_person(teams["R3-01"], "M5", "F1")
    assert broken(problem, teams) == ["H04"]


def test_h04_a_skill_in_two_slots_is_allowed_in_two_rounds(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "F1")["skills"] = ["finance", "commissioner"]
    replace_person(teams["R3-01"], "F1", "F2")
    replace_person(teams["R3-02"], "F2", "F1")
    record(problem, "F2")["skills"] = ["finance", "commissioner"]
    assert broken(problem, teams) == []


def test_h04_a_team_in_a_round_off_is_broken_and_another_round_allowed(
    problem: Json, teams: dict[str, Json]
) -> None:
    record(problem, "M4")["off"] = ["R1", "R3"]
    assert broken(problem, teams) == []
    record(problem, "M4")["off"] = ["R2"]
    assert broken(problem, teams) == ["H04"]


def test_h04_max_teams_is_allowed_and_one_more_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "L3")["max_teams"] = 3
    assert broken(problem, teams) == []
    record(problem, "L3")["max_teams"] = 2
    assert broken(problem, teams) == ["H04"]


def test_h04_a_team_of_two_visits_is_one_team() -> None:
    problem, plan = two_visits()
    record(problem, "M4")["max_teams"] = 1
    assert codes(problem, plan["teams"]) == []
