"""Who may stand where: harmless, forbidden and allowed cases, and arrays that agree with the words."""

from __future__ import annotations

import pytest

from planners.books.eligibility import why_not
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.rulebook.values import refs_in
from tests.planners.generate import any_problem
from tests.planners.small import Json, ok_small, record


def rules(problem: Json, person: str, unit: str, slot: str, round: str | None = None) -> list[str]:
    parsed = parse_problem(problem)
    found = why_not(parsed, parsed.person(person), parsed.unit(unit), parsed.slot(slot), round)
    return [reason.rule for reason in found]


@pytest.fixture
def problem() -> Json:
    return ok_small()


def test_a_leader_from_the_other_township_may_lead(problem: Json) -> None:
    assert rules(problem, "L1", "V4", "leader") == []


def test_h03_somebody_without_the_skill_is_told_which_skills_the_slot_needs(problem: Json) -> None:
    parsed = parse_problem(problem)
    (bar,) = why_not(parsed, parsed.person("F1"), parsed.unit("V4"), parsed.slot("leader"))
    assert (bar.rule, [one.id for one in refs_in(bar.refs)]) == ("H03", ["leader", "discipline"])


def test_h03_one_of_several_skills_is_enough(problem: Json) -> None:
    record(problem, "F1")["skills"] = ["finance", "discipline"]
    assert rules(problem, "F1", "V4", "leader") == []


def test_h05_nobody_visits_the_own_village(problem: Json) -> None:
    assert rules(problem, "M1", "V1", "member") == ["H05"]


def test_h05_a_neighbouring_village_is_allowed(problem: Json) -> None:
    assert rules(problem, "M1", "V2", "member") == []


def test_h06_a_leader_does_not_visit_the_own_township_and_hears_the_rule(problem: Json) -> None:
    parsed = parse_problem(problem)
    (bar,) = why_not(parsed, parsed.person("L1"), parsed.unit("V1"), parsed.slot("leader"))
    assert (bar.rule, bar.where) == ("H06", {"skill": "discipline", "area": "T1", "unit": "V1"})


def test_h06_a_county_officer_without_a_township_may_lead_anywhere(problem: Json) -> None:
    assert rules(problem, "L3", "V1", "leader") == []
    assert rules(problem, "L3", "V4", "leader") == []


def test_h06_one_skill_that_may_cross_is_enough(problem: Json) -> None:
    record(problem, "L1")["skills"] = ["discipline", "audit"]
    record(problem, "leader")["needs"] = ["discipline", "audit"]
    assert rules(problem, "L1", "V1", "leader") == []


@pytest.mark.parametrize(("unit", "barred"), [("V1", []), ("V4", ["H06"])])
def test_h06_from_zone_lets_people_work_in_their_own_zone_only(
    problem: Json, unit: str, barred: list[str]
) -> None:
    problem["rules"]["crossing"]["discipline"] = {"from": "zone", "not": "unit"}
    assert rules(problem, "L1", unit, "leader") == barred


def test_h06_a_township_outside_every_zone_fails_from_zone_and_passes_not_zone(problem: Json) -> None:
    record(problem, "T1")["parent"] = "C"
    problem["rules"]["crossing"]["discipline"] = {"from": "zone", "not": "unit"}
    assert rules(problem, "L1", "V2", "leader") == ["H06"]
    problem["rules"]["crossing"]["discipline"] = {"from": "any", "not": "zone"}
    assert rules(problem, "L1", "V2", "leader") == []


def test_h07_a_hard_tie_bars_and_names_its_kind(problem: Json) -> None:
    problem["ties"] = [{"person": "F1", "unit": "V1", "kind": "RC-05", "hard": True}]
    parsed = parse_problem(problem)
    (bar,) = why_not(parsed, parsed.person("F1"), parsed.unit("V1"), parsed.slot("finance"))
    assert (bar.rule, bar.where) == ("H07", {"kind": "RC-05", "unit": "V1"})


def test_h07_a_soft_tie_bars_nobody(problem: Json) -> None:
    problem["ties"] = [{"person": "F1", "unit": "V1", "kind": "RC-05", "hard": False, "cost": 40}]
    assert rules(problem, "F1", "V1", "finance") == []


def test_h02_and_h04_a_closed_unit_and_an_absent_person_count_only_in_that_round(problem: Json) -> None:
    record(problem, "V4")["closed"] = ["R1"]
    record(problem, "L1")["off"] = ["R1"]
    assert rules(problem, "L1", "V4", "leader", "R1") == ["H02", "H04"]
    assert rules(problem, "L1", "V4", "leader", "R2") == []


def test_all_reasons_are_named_at_once(problem: Json) -> None:
    problem["ties"] = [{"person": "M1", "unit": "V1", "kind": "RC-05", "hard": True}]
    assert rules(problem, "M1", "V1", "leader") == ["H03", "H05", "H07"]


@pytest.mark.parametrize("seed", range(25))
def test_the_arrays_of_the_solver_say_the_same_as_the_reasons(seed: int) -> None:
    problem = parse_problem(any_problem(seed))
    tables = Tables(problem, seed)
    for s, slot in enumerate(tables.slots):
        for p, person in enumerate(tables.people):
            for u, unit in enumerate(tables.units):
                assert bool(tables.may[s][p, u]) == (why_not(problem, person, unit, slot) == [])
