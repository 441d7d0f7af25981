"""What is missing is named truly: round, slot, units, offices, and how many heads at least."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from planners.__main__ import planners
from planners.formats.parse import dump_plan, parse_problem
from planners.search import mending
from planners.shortage.diagnosis import diagnose
from planners.solve import solve
from tests.planners.generate import Json, any_problem
from tests.planners.scarce import (
    diagnosed,
    finance_away,
    first_plan,
    kin_of,
    s103,
    solvable,
    t26,
    told,
)
from tests.planners.small import ok_plan, ok_small, teams_of, unseat
from tests.sampled import sampled

BOTH = pytest.mark.parametrize("county", [t26, s103])


def test_a_township_with_two_finance_officers_in_a_round_names_round_slot_and_office() -> None:
    problem = t26()
    finance_away(problem, "R3", left=2)  # one must stay at home: one team instead of the two that R3 needs
    plan, found = diagnosed(problem)
    (row,) = plan.shortages
    assert (row.round, row.slot, row.missing) == ("R3", "finance", 1)
    assert row.because[0].to_dict() == {"rule": "H09", "office": "O-finance-0", "round": "R3"}
    assert {cause.rule for cause in row.because} == {"H09", "H04"}
    assert row.reason.startswith("第3轮“财务”缺1人：1号镇财政所（在岗2人须留守1人）外派已满（H09）")
    village = next(unit["name"] for unit in problem["units"] if unit["id"] == row.unit)
    assert any(line.startswith("第3轮缺1名“财务”") and village in line for line in told(problem, *found.gaps))
    assert "第3轮“财务”最多1人，满编4个组需4人。" in told(problem, *found.remarks)


def test_a_county_whose_finance_offices_are_empty_in_two_rounds_counts_both() -> None:
    problem = s103()
    finance_away(problem, "R3", left=2)
    for row in problem["people"]:
        if row.get("off") == ["R3"]:
            row["off"] = ["R3", "R5"]
    plan, found = diagnosed(problem)
    # 7 offices send one each: in both rounds one of 8 teams lacks its officer, and one team is to spare.
    assert sum(row.missing for row in plan.shortages) == found.missing == found.least.missing == 1
    (row,) = plan.shortages
    assert row.round in {"R3", "R5"} and row.slot == "finance"
    offices = {dict(cause.names).get("office") for cause in row.because if cause.rule == "H09"}
    assert offices <= {f"O-finance-{t}" for t in range(7)} and len(offices) >= 6
    assert any("全周期可组建102个组，需103个" in remark for remark in told(problem, *found.remarks))
    assert any("已证明" in sentence for sentence in told(problem, *found.gaps))


@BOTH
def test_a_village_that_is_closed_in_every_round_is_named(county: Callable[[], Json]) -> None:
    problem = county()
    problem["units"][5]["closed"] = [row["id"] for row in problem["rounds"]]
    plan, found = diagnosed(problem)
    (row,) = plan.shortages
    assert (row.unit, row.round, row.slot) == ("V005", None, None)
    assert row.because[0].to_dict() == {"rule": "H02", "unit": "V005"}
    assert "6村各轮次都不能接受检查（H02）。" in told(problem, *found.remarks)
    assert found.remedies[0].kind == "open" and found.remedies[0].heals


@BOTH
def test_a_village_where_every_welfare_officer_has_kin_is_named_with_the_ties(
    county: Callable[[], Json],
) -> None:
    problem = county()
    kin_of(problem, "welfare", "V007")
    plan, found = diagnosed(problem)
    (row,) = plan.shortages
    assert (row.unit, row.slot, row.missing) == ("V007", "welfare", 1)
    ties = [cause.to_dict() for cause in row.because if cause.rule == "H07"]
    assert ties and all(tie["unit"] == "V007" and str(tie["person"]).startswith("welfare-") for tie in ties)
    assert "与受检单位有回避关系（H07）" in row.reason
    assert any(
        remark.startswith("8村的“惠民”至少要1人，全周期只有0人可去")
        for remark in told(problem, *found.remarks)
    )
    assert found.least.missing == 1
    assert found.remedies == ()  # no county may waive a tie, and nothing else would help


def test_nothing_more_is_tried_where_it_is_proven_that_every_plan_lacks_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = t26()
    kin_of(problem, "welfare", "V007")
    monkeypatch.delattr(mending, "attempt")
    assert [row.unit for row in first_plan(problem).shortages] == ["V007"]


def test_a_search_that_was_stopped_does_not_blame_the_people() -> None:
    plan = solve(parse_problem(s103()), cancelled=lambda: True)
    assert len(plan.shortages) == 103
    assert {row.reason for row in plan.shortages} == {"有人可派，求解停止时还没有安排。"}


def test_a_complete_plan_lacks_nothing() -> None:
    _, found = diagnosed(t26())
    assert (found.rows, found.remedies, found.missing, found.gaps, found.remarks) == ((), (), 0, (), ())


@pytest.mark.parametrize("seed", sampled(range(40), 5))
def test_the_rows_of_a_plan_say_what_a_later_diagnosis_says_and_name_records_that_exist(seed: int) -> None:
    problem = any_problem(seed)
    if not solvable(problem):
        return
    plan = first_plan(problem)
    found = diagnose(parse_problem(problem), plan)
    assert [(r.unit, r.round, r.slot, r.missing) for r in found.rows] == [
        (r.unit, r.round, r.slot, r.missing) for r in plan.shortages
    ]
    assert all(row.because and row.reason.endswith("。") for row in plan.shortages)
    assert bool(found.gaps) == bool(plan.shortages)
    # Every record that a row names exists.
    parsed = parse_problem(problem)
    lists = {"unit": "units", "round": "rounds", "slot": "slots", "office": "offices", "area": "areas"}
    lists |= {"person": "people", "other": "people"}
    for row in plan.shortages:
        for cause in row.because:
            assert cause.rule in {f"H{n:02d}" for n in range(1, 13)}
            for word, value in cause.names:
                assert word not in lists or value in parsed.ids(lists[word])


# ---------------------------------------------------------------- the command


def run(tmp_path: Path, *words: str | Json) -> tuple[int, str]:
    line = []
    for number, word in enumerate(words):
        if isinstance(word, dict):
            file = tmp_path / f"{number}.json"
            file.write_text(json.dumps(word, ensure_ascii=False), "utf-8")
            word = str(file)
        line.append(word)
    result = CliRunner().invoke(planners, ["shortage", *line])
    return result.exit_code, result.output


def test_the_command_ends_in_0_when_nothing_is_missing(tmp_path: Path) -> None:
    assert run(tmp_path, ok_small(), ok_plan()) == (0, "没有缺口。\n")
    assert run(tmp_path, ok_small()) == (0, "没有缺口。\n")


def test_the_command_ends_in_3_and_prints_sentences_and_remedies(tmp_path: Path) -> None:
    problem = t26()
    finance_away(problem, "R3", left=2)
    code, output = run(tmp_path, problem)
    assert code == 3
    assert "第3轮缺1名“财务”：1号镇财政所" in output
    assert "建议1：" in output
    assert run(tmp_path, problem, dump_plan(first_plan(problem))) == (3, output)


def test_the_command_prints_json_when_asked(tmp_path: Path) -> None:
    problem = t26()
    kin_of(problem, "welfare", "V007")
    code, output = run(tmp_path, problem, "--json")
    told = json.loads(output)
    assert code == 3
    assert (told["missing"], told["least"]) == (1, {"missing": 1, "unvisited": 0})
    assert told["shortages"][0]["unit"] == "V007"


def test_the_command_refuses_a_plan_that_breaks_rules(tmp_path: Path) -> None:
    plan = ok_plan()
    unseat(teams_of(plan)["R1-01"], "M2")
    code, output = run(tmp_path, ok_small(), plan)
    assert code == 1
    assert output.startswith("H03 ")


def test_the_command_refuses_bad_input_with_its_place(tmp_path: Path) -> None:
    code, output = run(tmp_path, ok_small() | {"rounds": 7})
    assert code == 2
    assert "rounds" in output and "Traceback" not in output
