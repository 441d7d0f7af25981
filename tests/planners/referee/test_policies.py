"""The referee on what version 2 adds: a harmless, a forbidden and an allowed case of each rule; prices."""

from __future__ import annotations

from planners.formats.parse import parse_plan, parse_problem
from planners.referee.check import check
from planners.referee.costs import all_terms
from tests.planners.formats.test_version_2 import second_small
from tests.planners.small import Json, broken, ok_plan, plan_of, record, replace_person, teams_of


def teams() -> dict[str, Json]:
    return teams_of(ok_plan())


def terms(problem: Json, plan: dict[str, Json]) -> dict[str, int]:
    parsed = parse_problem(problem)
    return all_terms(parsed, parse_plan(plan_of(problem, list(plan.values())), parsed).teams)


def own_township() -> dict[str, Json]:
    """L2 of T2 leads in V6 of T2, and nobody else leads at home."""
    plan = teams()
    replace_person(plan["R3-02"], "L1", "L2")
    return plan


# H05 and H06 by the policies of a slot


def test_h06_a_plan_that_keeps_the_policies_is_legal() -> None:
    assert broken(second_small(), teams()) == []


def test_h06_the_own_township_is_broken_where_the_slot_forbids_it() -> None:
    assert broken(second_small(), own_township()) == ["H06"]


def test_h06_the_own_township_is_allowed_or_paid_for_once_a_visit() -> None:
    problem = second_small()
    problem["rules"]["crossing"]["leader"] = {"area": "allow"}
    assert broken(problem, own_township()) == []
    assert terms(problem, own_township())["crossing"] == 0
    problem["rules"]["crossing"]["leader"] = {"area": {"avoid": 60}, "zone": {"avoid": 7}}
    assert broken(problem, own_township()) == []
    assert terms(problem, own_township())["crossing"] == 67


def test_h06_somebody_of_another_zone_is_broken_where_people_must_come_from_the_zone() -> None:
    problem = second_small()
    problem["rules"]["crossing"] = {"leader": {"from": "zone"}}
    assert broken(problem, teams()) == ["H06", "H06", "H06"]  # L1, L2 cross; L3 has no area


def test_h05_the_own_unit_is_forbidden_unless_the_slot_says_otherwise() -> None:
    problem, plan = second_small(), teams()
    problem["rules"]["host_stays"] = False
    replace_person(plan["R1-01"], "M2", "M1")
    assert broken(problem, plan) == ["H05"]
    problem["rules"]["crossing"]["member"] = {"unit": {"avoid": 9}}
    assert broken(problem, plan) == []
    assert terms(problem, plan)["crossing"] == 9


# H13 a unit again, H14 a person again


def remembering(days: Json, date: str = "2026-01-01") -> Json:
    """V1 (visited in R1 by L3, F1, M2) was visited on that day by F1; R1 starts on 2026-03-02."""
    problem = second_small() | {"history": [{"unit": "V1", "date": date, "people": ["F1"]}]}
    problem["rules"]["memory"] = days
    return problem


def test_h13_a_unit_again_too_soon_is_broken_and_on_the_day_it_is_not() -> None:
    assert broken(remembering({"unit_days": 61}), teams()) == ["H13"]  # 1 January to 2 March are 60 days
    assert broken(remembering({"unit_days": 60}), teams()) == []


def test_h13_a_unit_again_too_soon_costs_where_it_is_avoided() -> None:
    problem = remembering({"unit_days": 61, "unit": {"avoid": 33}})
    assert broken(problem, teams()) == []
    assert terms(problem, teams())["memory"] == 33


def test_h14_somebody_again_too_soon_is_broken_and_somebody_else_is_not() -> None:
    problem = remembering({"person_unit_days": 1095}, "2024-05-01")
    assert broken(problem, teams()) == ["H14"]
    plan = teams()
    replace_person(plan["R1-01"], "F1", "F9")
    replace_person(plan["R1-02"], "F2", "F1")
    replace_person(plan["R1-01"], "F9", "F2")
    assert broken(problem, plan) == []


def test_h14_somebody_again_too_soon_costs_where_it_is_avoided() -> None:
    problem = remembering({"person_unit_days": 1095, "person_unit": {"avoid": 12}}, "2024-05-01")
    assert broken(problem, teams()) == []
    assert terms(problem, teams())["memory"] == 12


def test_past_seats_of_the_year_count_as_load() -> None:
    """F1 is in three teams: 3² without the past, 4² with one seat of this year, 3² with one of last year."""
    plain = terms(remembering({}), teams())["load"]
    assert terms(remembering({"load_year": True}), teams())["load"] == plain + 16 - 9
    assert terms(remembering({"load_year": True}, "2025-12-31"), teams())["load"] == plain


# H15 bodies


def test_h15_a_slot_is_only_held_by_its_kinds_of_bodies() -> None:
    problem = second_small()
    record(problem, "finance")["offices"] = ["finance"]
    assert broken(problem, teams()) == []
    record(problem, "finance")["offices"] = ["discipline"]
    assert set(broken(problem, teams())) == {"H15"}


def test_h15_whoever_has_no_office_is_of_no_kind() -> None:
    problem = second_small()
    record(problem, "leader")["offices"] = ["discipline"]
    assert broken(problem, teams()) == ["H15"] * 3  # L3 leads three teams


def test_h15_the_body_that_supervises_the_unit_must_or_must_not_be_there() -> None:
    problem = second_small()
    record(problem, "O3")["supervises"] = ["V1"]
    record(problem, "finance")["supervises"] = "must_not"
    assert broken(problem, teams()) == ["H15"]
    record(problem, "finance")["supervises"] = "must"
    assert broken(problem, teams()) == ["H15"] * 5
    record(problem, "O3")["supervises"] = ["V1", "V2", "V3", "V4", "V5", "V6"]
    assert broken(problem, teams()) == []


# pairing


def test_a_team_of_new_people_alone_costs_and_one_experienced_is_enough() -> None:
    problem = second_small()
    record(problem, "leader")["pair"] = {"new_below_months": 12, "avoid": 40}
    assert terms(problem, teams())["pairing"] == 0  # nobody's months are known
    for person in ("L3", "F1", "M2"):
        record(problem, person)["months"] = 11
    assert terms(problem, teams())["pairing"] == 40  # R1-01 alone
    record(problem, "M2")["months"] = 12
    assert terms(problem, teams())["pairing"] == 0


def test_what_a_plan_says_of_the_new_terms_is_counted_again() -> None:
    problem = second_small()
    parsed = parse_problem(problem)
    stated = plan_of(problem, list(teams().values()))
    assert not check(parsed, parse_plan(stated, parsed)).broken
    stated["objective"]["terms"]["crossing"] = 1
    assert [fault.rule for fault in check(parsed, parse_plan(stated, parsed)).broken] == ["S02"]
