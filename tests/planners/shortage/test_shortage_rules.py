"""Each hard rule can be why a seat stays empty, and is named with the records behind it."""

from __future__ import annotations

import pytest

from planners.problem import Plan
from planners.shortage.diagnosis import Diagnosis
from tests.planners.generate import Json, keep_units
from tests.planners.scarce import diagnosed, told
from tests.planners.small import ok_small, record


@pytest.fixture
def problem() -> Json:
    """One round of two teams, without crossing, hosts and mutual leads: a test adds its rule."""
    small = ok_small()
    small["rounds"] = small["rounds"][:1]
    small["rules"] = {"crossing": {}, "host_stays": False, "no_mutual_lead": False}
    small["template"]["slots"] = small["template"]["slots"][:2]
    keep_units(small, "V1")
    return small


def keep_people(problem: Json, *ids: str) -> None:
    problem["people"] = [row for row in problem["people"] if row["id"] in ids]


def causes(plan: Plan) -> list[dict[str, str | int]]:
    return [cause.to_dict() for row in plan.shortages for cause in row.because]


def only(plan: Plan, unit: str, slot: str | None, missing: int = 1) -> None:
    """The plan lacks exactly this."""
    assert [(row.unit, row.slot, row.missing) for row in plan.shortages] == [(unit, slot, missing)]


def says(problem: Json, found: Diagnosis, *words: str) -> None:
    """One sentence holds all of the words."""
    lines = told(problem, *found.gaps)
    assert any(all(word in line for word in words) for line in lines), lines


def test_h02_more_units_than_teams_leave_units_to_nobody(problem: Json) -> None:
    problem["units"] = ok_small()["units"]
    plan, found = diagnosed(problem)
    assert [(row.unit, row.round) for row in plan.shortages] == [(f"V{n}", None) for n in (2, 3, 5, 6)]
    assert told(problem, *found.remarks)[0] == "全周期最多可组建2个组，需去6个单位（H02）。"
    assert found.least.unvisited == found.unvisited == 4
    assert {"rule": "H02", "room": 2, "units": 6} in causes(plan)


def test_h02_units_that_are_open_in_one_round_only_crowd_it(problem: Json) -> None:
    problem["units"], problem["rounds"] = ok_small()["units"], ok_small()["rounds"]
    for unit in ("V1", "V2", "V3"):
        record(problem, unit)["closed"] = ["R2", "R3"]
    plan, found = diagnosed(problem)
    only(plan, "V3", None)
    assert causes(plan) == [{"rule": "H02", "unit": "V3", "round": "R1"}]
    says(problem, found, "丙村无人前往", "第1轮（2个组）已排满", "3个单位只能在这些轮次接受检查", "H02")
    assert found.least.unvisited == 1


def test_h03_nobody_has_the_skill(problem: Json) -> None:
    keep_people(problem, "L1", "L2", "L3")
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H03", "slot": "finance"}]
    says(problem, found, "第1轮缺1名“财务”", "没有其他具备所需专长（finance）的人（H03）", "甲村")


def test_h03_two_people_of_one_village_fill_one_seat(problem: Json) -> None:
    problem["template"]["slots"] = ok_small()["template"]["slots"]
    record(problem, "member")["min"] = 2
    problem["units"] += [row for row in ok_small()["units"] if row["id"] == "V2"]
    record(problem, "V2")["closed"] = ["R1"]
    keep_people(problem, "L1", "F1", "M1", "M2")
    record(problem, "M1")["home_unit"] = record(problem, "M2")["home_unit"] = "V2"
    plan, found = diagnosed(problem)
    assert [(row.unit, row.slot) for row in plan.shortages] == [("V1", "member"), ("V2", None)]
    assert plan.shortages[0].because[0].rule == "H03"
    says(problem, found, "缺1名“村纪检委员”", "1人与已在席位的人同村或同机构（H03）")


def test_h04_people_who_are_off_are_named(problem: Json) -> None:
    record(problem, "F1")["off"] = record(problem, "F2")["off"] = ["R1"]
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H04", "person": p, "round": "R1"} for p in ("F1", "F2")]
    says(problem, found, "2人当轮不在岗（H04）")


def test_h04_people_at_their_limit_of_teams_are_named(problem: Json) -> None:
    problem["rounds"] = ok_small()["rounds"]
    problem["units"] = ok_small()["units"][:3]
    for row in problem["rounds"]:
        row["teams"] = 1
    keep_people(problem, "L1", "F1")
    record(problem, "F1")["max_teams"] = 2
    plan, found = diagnosed(problem)
    assert [(row.slot, row.missing) for row in plan.shortages] == [("finance", 1)]
    assert causes(plan) == [{"rule": "H04", "person": "F1", "max_teams": 2}]
    assert "全周期有“财务”专长的1人最多出2人次，至少需3人次（最多组数，H04）。" in told(
        problem, *found.remarks
    )
    assert found.least.missing == 1


def test_h04_one_person_cannot_be_in_two_teams_of_a_round(problem: Json) -> None:
    problem["units"] = ok_small()["units"][:2]
    keep_people(problem, "L1", "L3", "F1")
    plan, found = diagnosed(problem)
    assert sum(row.missing for row in plan.shortages) == 1
    assert causes(plan) == [{"rule": "H04", "round": "R1", "people": 1}]
    says(problem, found, "可派的1人已全部派出（H04）")


def test_h05_the_only_officer_lives_in_the_village(problem: Json) -> None:
    keep_people(problem, "L1", "F1")
    record(problem, "F1")["home_unit"] = "V1"
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H05", "person": "F1", "unit": "V1"}]
    says(problem, found, "1人是本村本单位的人（H05）")


def test_h06_the_only_leader_belongs_to_the_township(problem: Json) -> None:
    keep_people(problem, "L1", "F1")
    problem["rules"]["crossing"] = {"discipline": {"from": "any", "not": "area"}}
    plan, found = diagnosed(problem)
    only(plan, "V1", "leader")
    assert causes(plan) == [{"rule": "H06", "person": "L1", "unit": "V1"}]
    says(problem, found, "1人不符合交叉要求（H06）")


def test_h07_everybody_has_a_tie_to_the_unit(problem: Json) -> None:
    problem["ties"] = [{"person": p, "unit": "V1", "kind": "RC-05", "hard": True} for p in ("F1", "F2")]
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H07", "person": p, "unit": "V1"} for p in ("F1", "F2")]
    says(problem, found, "2人与受检单位有回避关系（H07）", "甲村")


def test_h08_the_only_two_people_must_not_share_a_team(problem: Json) -> None:
    keep_people(problem, "L1", "F1")
    problem["ties"] = [{"person": "L1", "other": "F1", "kind": "RC-20", "hard": True}]
    plan, found = diagnosed(problem)
    (row,) = plan.shortages
    pair = {"leader": ("L1", "F1"), "finance": ("F1", "L1")}[str(row.slot)]
    assert causes(plan) == [{"rule": "H08", "person": pair[0], "other": pair[1]}]
    says(problem, found, "1人与组内人员有回避关系（H08）")


@pytest.mark.parametrize(
    ("quota", "words"),
    [({"max_out": 1}, "最多外派1人"), ({"min_home": 1, "max_out": None}, "在岗2人须留守1人")],
)
def test_h09_an_office_that_may_send_one_is_named_with_the_limit(
    problem: Json, quota: Json, words: str
) -> None:
    problem["units"] = ok_small()["units"][:2]
    record(problem, "O3").update(quota)
    plan, found = diagnosed(problem)
    assert sum(row.missing for row in plan.shortages) == 1
    assert causes(plan) == [{"rule": "H09", "office": "O3", "round": "R1"}]
    says(problem, found, f"县财政局（{words}）外派已满（H09）")


def test_h10_the_only_member_must_stay_at_home(problem: Json) -> None:
    problem["rules"]["host_stays"] = True
    problem["units"] = [row for row in ok_small()["units"] if row["id"] in {"V1", "V4"}]
    problem["template"]["slots"] = ok_small()["template"]["slots"]
    keep_people(problem, "L1", "L2", "F1", "F2", "M1", "M4")
    record(problem, "M1")["home_unit"] = "V1"
    record(problem, "M4")["home_unit"] = "V1"
    plan, found = diagnosed(problem)
    assert {(row.unit, row.slot) for row in plan.shortages} == {("V1", "member"), ("V4", "member")}
    assert {"rule": "H10", "person": "M1", "unit": "V1", "round": "R1"} in causes(plan)
    says(problem, found, "2人因本村当轮接受检查须留村（H10）")


def test_h11_two_townships_would_have_to_lead_each_other(problem: Json) -> None:
    problem["rules"] = {"crossing": {"discipline": {"from": "any", "not": "area"}}, "no_mutual_lead": True}
    problem["units"] = [row for row in ok_small()["units"] if row["id"] in {"V1", "V4"}]
    keep_people(problem, "L1", "L2", "F1", "F2")
    plan, found = diagnosed(problem)
    (row,) = plan.shortages
    assert (row.slot, row.missing) == ("leader", 1)
    barred, area = ("L2", "T2") if row.unit == "V1" else ("L1", "T1")
    assert {"rule": "H11", "person": barred, "area": area, "round": "R1"} in causes(plan)
    says(problem, found, "1人任组长会形成两地互派（H11）")


def test_h12_people_whom_a_pin_keeps_out_are_named(problem: Json) -> None:
    problem["pins"] = [{"round": "R1", "units": ["V1"], "exclude": ["F1", "F2"]}]
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H12", "person": p, "round": "R1"} for p in ("F1", "F2")]
    says(problem, found, "2人被固定安排排除（H12）")


def test_h12_somebody_pinned_to_another_team_is_named(problem: Json) -> None:
    problem["units"] = ok_small()["units"][:2]
    keep_people(problem, "L1", "L3", "F1")
    problem["pins"] = [{"round": "R1", "units": ["V2"], "members": [{"person": "F1", "slot": "finance"}]}]
    plan, found = diagnosed(problem)
    only(plan, "V1", "finance")
    assert causes(plan) == [{"rule": "H12", "person": "F1", "round": "R1"}]
    says(problem, found, "1人被固定在本轮其他组（H12）")


def test_a_team_that_nobody_could_join_leaves_its_unit_to_nobody_with_the_rules(problem: Json) -> None:
    problem["ties"] = [
        {"person": p, "unit": "V1", "kind": "RC-05", "hard": True} for p in ("L1", "L2", "L3", "F1", "F2")
    ]
    plan, found = diagnosed(problem)
    only(plan, "V1", None)
    assert {cause["rule"] for cause in causes(plan)} == {"H07"}
    says(problem, found, "甲村无人前往", "有回避关系（H07）")
