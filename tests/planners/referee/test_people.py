"""The referee on who goes where (H05 to H12): a harmless, a forbidden and an allowed case of each rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.planners.small import (
    Json,
    broken,
    codes,
    judged,
    lacking,
    plan_of,
    record,
    replace_person,
    told,
    two_visits,
)

# H05 the own unit


def test_h05_the_own_unit_is_broken_whatever_the_switches_say(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R1-01"], "M2", "M1")
    problem["rules"] |= {"host_stays": False, "crossing": {"commissioner": {"from": "any", "not": "unit"}}}
    assert broken(problem, teams) == ["H05"]


def test_h05_another_unit_of_the_own_township_is_allowed(problem: Json, teams: dict[str, Json]) -> None:
    assert broken(problem, teams) == []  # M2 of V2 visits V1
    replace_person(teams["R3-01"], "M5", "M1")
    assert broken(problem, teams) == []


def test_h05_the_second_unit_of_a_team_counts_as_well() -> None:
    problem, plan = two_visits()
    problem["rules"]["host_stays"] = False
    replace_person(plan["teams"][1], "M2", "M5")
    assert codes(problem, plan["teams"]) == ["H05"]


# H06 crossing


def test_h06_a_leader_of_the_township_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R3-02"], "L1", "L2")
    assert broken(problem, teams) == ["H06"]


def test_h06_a_leader_of_another_township_or_of_none_is_allowed(
    problem: Json, teams: dict[str, Json]
) -> None:
    assert broken(problem, teams) == []  # L1 of T1 leads in T2, L3 of the county in both


def test_h06_without_an_entry_the_own_township_is_allowed(problem: Json, teams: dict[str, Json]) -> None:
    problem["rules"]["crossing"] = {}
    replace_person(teams["R3-02"], "L1", "L2")
    assert broken(problem, teams) == []


CROSSINGS: list[tuple[str, str, str, str | None, str | None, bool]] = [
    ("any", "unit", "anywhere is allowed", "T2", "T1", True),
    ("area", "unit", "the own township is allowed", "T1", "T1", True),
    ("area", "unit", "another township is broken", "T2", "T1", False),
    ("area", "unit", "a unit without township is broken", "T1", None, False),
    ("area", "unit", "a person without township is allowed", None, "T1", True),
    ("zone", "unit", "another zone is broken", "T2", "T1", False),
    ("zone", "area", "another township of the zone is allowed", "T3", "T1", True),
    ("zone", "area", "the own township is broken", "T1", "T1", False),
    ("zone", "unit", "the zone itself as the area is allowed", "Z1", "T1", True),
    ("zone", "unit", "an area without zone is broken", "C", "T1", False),
    ("zone", "unit", "no zone on either side is broken", "C", "C", False),
    ("any", "zone", "another township of the zone is broken", "T3", "T1", False),
    ("any", "zone", "another zone is allowed", "T2", "T1", True),
    ("any", "zone", "an area without zone is allowed", "C", "C", True),
    ("any", "zone", "a person without township is allowed", None, "T1", True),
    ("any", "area", "a unit without township is allowed", "T1", None, True),
]


@pytest.mark.parametrize(
    ("from_", "not_", "person_area", "unit_area", "allowed"),
    [(row[0], row[1], row[3], row[4], row[5]) for row in CROSSINGS],
    ids=[f"{row[0]} not {row[1]}: {row[2]}" for row in CROSSINGS],
)
def test_h06_by_where_one_comes_from_and_does_not_belong(
    problem: Json,
    teams: dict[str, Json],
    from_: str,
    not_: str,
    person_area: str | None,
    unit_area: str | None,
    allowed: bool,
) -> None:
    problem["areas"].append({"id": "T3", "name": "东山镇", "kind": "township", "parent": "Z1"})
    record(problem, "V1")["area"] = unit_area
    record(problem, "M2")["area"] = person_area
    only = [teams["R1-01"]]
    rows = [lacking(unit, None, None) for unit in ("V2", "V3", "V4", "V5", "V6")]
    problem["rules"]["crossing"]["commissioner"] = {"from": from_, "not": not_}
    assert codes(problem, only, rows) == ([] if allowed else ["H06"])


def test_h06_one_used_skill_that_passes_is_enough(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "leader")["needs"] = ["discipline", "audit"]
    record(problem, "L2")["skills"] = ["discipline", "audit"]
    replace_person(teams["R3-02"], "L1", "L2")
    problem["rules"]["crossing"]["audit"] = {"from": "any", "not": "zone"}
    assert broken(problem, teams) == ["H06"]
    problem["rules"]["crossing"]["audit"] = {"from": "zone", "not": "unit"}
    assert broken(problem, teams) == []


def test_h06_a_skill_that_the_slot_does_not_need_does_not_help(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "L2")["skills"] = ["discipline", "audit"]
    replace_person(teams["R3-02"], "L1", "L2")
    assert broken(problem, teams) == ["H06"]


# H07 and H08 ties


def tie(person: str, **more: Any) -> Json:
    return {"person": person, "kind": "RC-05", "hard": True} | more


def test_h07_a_hard_tie_to_the_unit_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    problem["ties"] = [tie("F1", unit="V3")]
    assert broken(problem, teams) == ["H07"]


def test_h07_a_hard_tie_to_another_unit_and_a_soft_tie_are_allowed(
    problem: Json, teams: dict[str, Json]
) -> None:
    problem["ties"] = [tie("F1", unit="V6"), tie("F1", unit="V3", hard=False, cost=40)]
    assert broken(problem, teams) == []


def test_h07_the_second_unit_of_a_team_counts_as_well() -> None:
    problem, plan = two_visits()
    problem["ties"] = [tie("F1", unit="V2")]
    assert codes(problem, plan["teams"]) == ["H07"]


@pytest.mark.parametrize(("person", "other"), [("L3", "M5"), ("M5", "L3")])
def test_h08_a_hard_tie_inside_a_team_is_broken_in_either_direction(
    problem: Json, teams: dict[str, Json], person: str, other: str
) -> None:
    problem["ties"] = [tie(person, other=other)]
    assert broken(problem, teams) == ["H08"]


def test_h08_two_teams_of_one_round_and_a_soft_tie_are_allowed(problem: Json, teams: dict[str, Json]) -> None:
    problem["ties"] = [tie("F1", other="F2"), tie("L3", other="M5", hard=False, cost=1)]
    assert broken(problem, teams) == []


# H09 offices


def test_h09_more_than_max_out_is_broken_and_max_out_allowed(problem: Json, teams: dict[str, Json]) -> None:
    assert broken(problem, teams) == []  # O3 sends F1 and F2 and may send two
    record(problem, "O3")["max_out"] = 1
    assert broken(problem, teams) == ["H09", "H09", "H09"]


def test_h09_fewer_than_min_home_is_broken_and_min_home_allowed(
    problem: Json, teams: dict[str, Json]
) -> None:
    problem["people"].append({"id": "F3", "office": "O3", "skills": ["finance"]})
    record(problem, "O3")["min_home"] = 1
    assert broken(problem, teams) == []
    record(problem, "F3")["off"] = ["R2"]
    assert broken(problem, teams) == ["H09"]


def test_h09_an_office_that_sends_nobody_in_a_round_is_not_looked_at(
    problem: Json, teams: dict[str, Json]
) -> None:
    record(problem, "O2")["min_home"] = 1
    assert broken(problem, teams) == ["H09"]  # L2 leads in R2 and was the only one
    problem["people"].append({"id": "L4", "office": "O2", "off": ["R1", "R3"]})
    assert broken(problem, teams) == []  # nobody at home in R1 and R3 but L2, and nobody sent
    record(problem, "L2")["off"] = ["R1", "R3"]
    assert broken(problem, teams) == []


# H10 hosts


def test_h10_a_host_in_another_team_of_the_round_is_broken(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R1-02"], "M5", "M1")  # V1 is visited in R1
    assert broken(problem, teams) == ["H10"]


def test_h10_without_the_switch_a_host_may_go(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R1-02"], "M5", "M1")
    problem["rules"]["host_stays"] = False
    assert broken(problem, teams) == []


def test_h10_a_host_may_go_in_any_other_round(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R3-02"], "M2", "M1")
    assert broken(problem, teams) == []


# H11 mutual leads


def test_h11_two_townships_that_lead_each_other_are_broken(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R1-01"], "L3", "L2")  # L2 of T2 in T1, L1 of T1 in T2
    assert broken(problem, teams) == ["H11"]


def test_h11_without_the_switch_they_may(problem: Json, teams: dict[str, Json]) -> None:
    replace_person(teams["R1-01"], "L3", "L2")
    problem["rules"]["no_mutual_lead"] = False
    assert broken(problem, teams) == []


def test_h11_in_two_rounds_they_may(problem: Json, teams: dict[str, Json]) -> None:
    assert broken(problem, teams) == []  # L1 in T2 in R1 and R3, L2 in T1 in R2


def test_h11_looks_only_at_the_first_slot(problem: Json, teams: dict[str, Json]) -> None:
    record(problem, "F1")["area"] = "T2"
    record(problem, "F2")["area"] = "T1"
    assert broken(problem, teams) == []  # F1 of T2 works in T1, F2 of T1 in T2: nobody leads


def test_h11_leading_at_home_is_not_mutual(problem: Json, teams: dict[str, Json]) -> None:
    problem["rules"]["crossing"] = {}
    replace_person(teams["R1-01"], "L3", "L1")
    replace_person(teams["R1-02"], "L1", "L2")
    assert broken(problem, teams) == []


# H12 pins


def pinned(problem: Json, **pin: Any) -> Json:
    problem["pins"] = [{"round": "R1", **pin}]
    return problem


LEADER = {"person": "L1", "slot": "leader"}


def test_h12_a_pinned_unit_in_its_round_is_allowed_and_in_another_broken(
    problem: Json, teams: dict[str, Json]
) -> None:
    assert broken(pinned(problem, units=["V4"]), teams) == []
    assert broken(pinned(problem, units=["V5"]), teams) == ["H12"]


def test_h12_pinned_units_must_be_in_one_team() -> None:
    problem, plan = two_visits()
    assert codes(pinned(problem, units=["V2", "V1"]), plan["teams"]) == []
    assert codes(pinned(problem, units=["V1", "V3"]), plan["teams"]) == ["H12"]


def test_h12_pinned_people_must_be_in_that_team_and_in_that_slot(
    problem: Json, teams: dict[str, Json]
) -> None:
    assert broken(pinned(problem, units=["V4"], members=[LEADER]), teams) == []
    assert broken(pinned(problem, units=["V1"], members=[LEADER]), teams) == ["H12"]
    record(problem, "L1")["skills"] = ["discipline", "finance"]
    wrong_slot = [{"person": "L1", "slot": "finance"}]
    assert broken(pinned(problem, units=["V4"], members=wrong_slot), teams) == ["H12"]


def test_h12_excluded_people_may_be_in_other_teams_only(problem: Json, teams: dict[str, Json]) -> None:
    assert broken(pinned(problem, units=["V4"], exclude=["F1"]), teams) == []
    assert broken(pinned(problem, units=["V4"], exclude=["M5", "F1"]), teams) == ["H12"]


def test_h12_a_pin_without_units_asks_for_any_one_team_with_these_people(
    problem: Json, teams: dict[str, Json]
) -> None:
    together = [LEADER, {"person": "M5", "slot": "member"}]
    apart = [LEADER, {"person": "M2", "slot": "member"}]
    assert broken(pinned(problem, members=together), teams) == []
    assert broken(pinned(problem, members=together, exclude=["F2"]), teams) == ["H12"]
    assert broken(pinned(problem, members=apart), teams) == ["H12"]


def test_h12_a_pinned_unit_named_as_a_shortage_is_still_broken(problem: Json, teams: dict[str, Json]) -> None:
    del teams["R1-02"]
    rows = [lacking("V4", None, None)]
    assert broken(problem, teams, rows) == []
    assert broken(pinned(problem, units=["V4"]), teams, rows) == ["H12"]


# the sentences


def test_a_broken_rule_names_code_people_unit_and_round_in_chinese(
    problem: Json, teams: dict[str, Json]
) -> None:
    problem["ties"] = [tie("F1", unit="V3")]
    plan = plan_of(problem, list(teams.values()))
    assert told(problem, plan) == ["H07 第3轮（R3）R3-01队的方四（F1）对丙村（V3）应当回避（RC-05）"]
    [fault] = judged(problem, plan).broken
    assert fault.where == {"round": "R3", "team": "R3-01", "person": "F1", "unit": "V3"}
