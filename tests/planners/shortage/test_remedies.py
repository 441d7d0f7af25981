"""Remedies are computed, not promised: the amended file says the change, and planning it shows the effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planners.books.seating import draft_of
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.shortage import remedies
from planners.shortage.amendments import amendments
from planners.shortage.gaps import gaps, unvisited
from planners.shortage.remedies import Remedy
from tests.planners.generate import Json, any_problem, keep_units
from tests.planners.scarce import diagnosed, finance_away, first_plan, s103, solvable, t26, told
from tests.planners.small import ok_small, record
from tests.sampled import sampled


def remedy(problem: Json, kind: str) -> Remedy:
    """The remedy of that kind; the gap of its amended file must be no larger than it says."""
    _, found = diagnosed(problem)
    chosen = next((one for one in found.remedies if one.kind == kind), None)
    assert chosen is not None, told(problem, *(one.whole for one in found.remedies))
    plan = first_plan(dict(chosen.raw))
    draft, _ = draft_of(Tables(parse_problem(chosen.raw)), plan)
    assert (draft.unvisited, draft.missing) <= (chosen.unvisited, chosen.missing)
    assert (chosen.unvisited, chosen.missing) < (chosen.unvisited_before, chosen.missing_before)
    return chosen


@pytest.fixture
def problem() -> Json:
    """One round of two teams for two villages, without crossing, hosts and mutual leads."""
    small = ok_small()
    small["rounds"] = small["rounds"][:1]
    small["rules"] = {"crossing": {}, "host_stays": False, "no_mutual_lead": False}
    small["template"]["slots"] = small["template"]["slots"][:2]
    keep_units(small, "V1", "V2")
    return small


def test_one_more_person_from_a_full_office_heals_the_gap(problem: Json) -> None:
    record(problem, "O3")["max_out"] = 1
    found = remedy(problem, "quota")
    assert told(problem, found.whole)[0] == "县财政局最多外派由1人增为2人，经试算缺1人次可全部补齐。"
    assert found.heals
    assert parse_problem(found.raw).office("O3").max_out == 2


def test_one_less_at_home_is_the_remedy_when_that_is_what_binds(problem: Json) -> None:
    record(problem, "O3").update({"min_home": 1, "max_out": None})
    found = remedy(problem, "quota")
    assert told(problem, found.whole)[0] == "县财政局留守由1人降为0人，经试算缺1人次可全部补齐。"
    assert parse_problem(found.raw).office("O3").min_home == 0


def test_the_mildest_of_the_remedies_that_heal_comes_first(problem: Json) -> None:
    record(problem, "O3")["max_out"] = 1
    _, found = diagnosed(problem)
    assert [one.kind for one in found.remedies] == ["quota", "round"]
    assert all(one.heals for one in found.remedies)


def test_a_round_more_takes_the_units_that_were_short(problem: Json) -> None:
    record(problem, "O3")["max_out"] = 1
    found = remedy(problem, "round")
    (words,) = told(problem, found.whole)
    assert words.startswith("增加一轮（每轮2个组，同末轮；按全员在岗计），经试算缺1人次可全部补齐")
    assert [row.id for row in parse_problem(found.raw).rounds] == ["R1", "R2"]


def test_more_teams_are_the_remedy_where_rounds_are_full(problem: Json) -> None:
    problem["rounds"][0]["teams"] = 1
    found = remedy(problem, "teams")
    assert told(problem, found.whole)[0] == "第1轮由1个组增为2个组，经试算1个单位无人前往可全部补齐。"


def test_a_unit_that_is_always_closed_is_asked_to_open(problem: Json) -> None:
    record(problem, "V2")["closed"] = ["R1"]
    found = remedy(problem, "open")
    assert told(problem, found.whole)[0] == "请乙村在第1轮接受检查，经试算1个单位无人前往可全部补齐。"
    assert parse_problem(found.raw).unit("V2").closed == frozenset()


def test_one_more_team_for_people_at_their_limit(problem: Json) -> None:
    problem["rounds"] = [row | {"teams": 1} for row in ok_small()["rounds"][:2]]
    problem["people"] = [row for row in problem["people"] if row["id"] in {"L1", "F1"}]
    record(problem, "F1")["max_teams"] = 1
    found = remedy(problem, "limit")
    assert told(problem, found.whole)[0] == "方四的最多组数各增加1，经试算缺1人次可全部补齐。"
    assert parse_problem(found.raw).person("F1").max_teams == 2


def test_a_zone_lends_people_to_a_zone_that_must_not_look_outside(problem: Json) -> None:
    keep_units(problem, "V1")
    problem["rules"]["crossing"] = {"finance": {"from": "zone", "not": "unit"}}
    for person in ("F1", "F2"):
        record(problem, person)["area"] = "T2"
    found = remedy(problem, "loan")
    assert told(problem, found.whole)[0].startswith("从第二片区向第一片区借用1名“财务”（")
    assert found.heals
    assert {parse_problem(found.raw).person(p).area for p in ("F1", "F2")} == {"Z1", "T2"}


def test_a_pin_no_longer_keeps_people_out(problem: Json) -> None:
    problem["people"] = [row for row in problem["people"] if row["id"] in {"L1", "L3", "F1", "F2"}]
    problem["pins"] = [{"round": "R1", "units": ["V1"], "exclude": ["F1", "F2"]}]
    found = remedy(problem, "pin")
    assert told(problem, found.whole)[0] == "第1条固定安排不再排除方四、任五，经试算缺1人次可全部补齐。"
    assert parse_problem(found.raw).pins[0].exclude == ()


def test_no_remedy_waives_a_tie_or_a_crossing_rule(problem: Json) -> None:
    problem["ties"] = [{"person": p, "unit": "V1", "kind": "RC-05", "hard": True} for p in ("F1", "F2")]
    _, found = diagnosed(problem)
    assert found.rows and found.remedies == ()
    del problem["ties"]
    problem["rules"]["crossing"] = {"finance": {"from": "any", "not": "area"}}
    for person in ("F1", "F2"):
        record(problem, person)["area"] = "T1"
    _, found = diagnosed(problem)
    assert found.rows and found.remedies == ()


def test_a_county_gets_at_most_three_remedies_with_computed_effects() -> None:
    problem = s103()
    finance_away(problem, "R3", left=1)  # 7 offices, nobody to spare: none of 8 teams has its officer
    _, found = diagnosed(problem)
    assert 1 <= len(found.remedies) <= 3
    gaps_left = [(one.unvisited, one.missing) for one in found.remedies]
    assert gaps_left == sorted(gaps_left)
    assert [(one.kind, one.missing) for one in found.remedies] == [("quota", 0), ("round", 0), ("quota", 6)]
    assert told(problem, found.remedies[0].whole)[0] == (
        "1号镇财政所、2号镇财政所、3号镇财政所、4号镇财政所、5号镇财政所、6号镇财政所等7个留守各减1人，"
        "经试算缺7人次可全部补齐。"
    )
    remedy(problem, "round")


def test_in_a_large_county_the_old_plan_is_mended_and_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = s103()
    finance_away(problem, "R3", left=1)
    monkeypatch.setattr(remedies, "SMALL", 0)
    monkeypatch.delattr(remedies, "construct")
    _, found = diagnosed(problem)
    assert [(one.kind, one.missing) for one in found.remedies] == [("quota", 0), ("round", 0), ("quota", 6)]


def test_when_the_search_for_remedies_is_stopped_the_rest_is_still_said() -> None:
    from planners.shortage.diagnosis import diagnose

    problem = t26()
    finance_away(problem, "R3", left=2)
    found = diagnose(parse_problem(problem), first_plan(problem), stop=lambda: True)
    assert found.remedies == ()
    assert found.rows and found.gaps


@pytest.mark.parametrize("seed", sampled(range(30), 5))
def test_an_amended_file_says_the_same_as_the_amended_values(seed: int) -> None:
    problem = any_problem(seed)
    if not solvable(problem):
        return
    tables = Tables(parse_problem(problem))
    draft, _ = draft_of(tables, first_plan(problem))
    for change in amendments(draft, gaps(draft), unvisited(draft)):
        again = parse_problem(change.problem.raw)
        assert replace(again, sha256="") == change.problem, change.said
        assert again.sha256 != tables.problem.sha256
