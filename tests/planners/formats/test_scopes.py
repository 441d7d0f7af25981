"""Other kinds of problems from one problem: templates, verification groups, re-inspections."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from planners.__main__ import planners
from planners.formats.faults import BadInput
from planners.formats.parse import dump_plan, parse_problem
from planners.formats.scopes import (
    INSPECTED_BEFORE,
    TEMPLATES,
    reinspection,
    riskiest,
    verification,
    with_template,
)
from planners.problem import Problem
from planners.referee.check import check
from planners.solve import solve
from tests.bench.families import made
from tests.planners.small import ok_plan, ok_small


@pytest.fixture
def township() -> Problem:
    return parse_problem(made("t26", 0))


def with_rooms() -> Problem:
    raw = made("s103", 0)
    for i in range(4):
        person = {"id": f"room-{i}", "name": f"第{i + 1}纪检监察室", "skills": ["room", "discipline"]}
        raw["people"].append(person | {"area": None, "office": None})
    return parse_problem(raw)


@pytest.mark.parametrize("name", ["1+2+N", "2+1+3"])
def test_the_same_villages_are_staffed_after_either_village_template(name: str) -> None:
    problem = with_template(parse_problem(made("s103", 0)), name)
    plan = solve(problem, seconds=1)
    assert not check(problem, plan).broken
    assert plan.shortages == ()
    for team in plan.teams:
        for slot in TEMPLATES[name]["slots"]:
            assert slot["min"] <= len(team.holders(slot["id"])) <= slot["max"]


def test_the_departments_are_staffed_after_2_plus_5() -> None:
    problem = with_template(parse_problem(made("dept", 0)), "2+5")
    assert solve(problem, seconds=1).shortages == ()


def test_a_verification_group_is_led_by_a_room_and_its_officers_come_from_other_townships() -> None:
    problem = verification(with_rooms(), ["V0001", "V0002", "V0013"])
    assert [unit.id for unit in problem.units] == ["V0001", "V0002", "V0013"]
    plan = solve(problem, seconds=2)
    assert plan.shortages == ()
    for team in plan.teams:
        area = problem.unit(team.units[0]).area
        assert all("room" in problem.person(p).skills for p in team.holders("leader"))
        officers = [problem.person(p) for p in team.holders("officer")]
        assert len(officers) == 2
        assert all(person.area is None or person.area != area for person in officers)


def test_without_an_officer_of_a_room_there_is_no_verification_group() -> None:
    with pytest.raises(BadInput) as refused:
        verification(parse_problem(made("s103", 0)), ["V0001", "nowhere"])
    assert [fault.path for fault in refused.value.faults] == ["units[nowhere]", "people"]


def test_nobody_is_sent_to_look_again_at_a_village_inspected_the_first_time(township: Problem) -> None:
    first = solve(township, seconds=1)
    units = riskiest(township, 8)
    again = reinspection(township, first, units)
    assert {unit.id for unit in again.units} == set(units)
    second = solve(again, seconds=1)
    assert second.shortages == ()
    assert not check(again, second).broken
    there = {unit: {m.person for m in team.members} for team in first.teams for unit in team.units}
    for team in second.teams:
        for unit in team.units:
            assert there[unit].isdisjoint(member.person for member in team.members)


def test_the_ties_of_a_look_again_are_hard_and_name_their_kind(township: Problem) -> None:
    first = solve(township, seconds=1)
    again = reinspection(township, first, ["V0003"])
    team = next(team for team in first.teams if "V0003" in team.units)
    ties = [tie for tie in again.ties if tie.kind == INSPECTED_BEFORE]
    assert {tie.person for tie in ties} == {member.person for member in team.members}
    assert all(tie.hard and tie.unit == "V0003" for tie in ties)


def test_a_unit_that_was_never_visited_cannot_be_looked_at_again(township: Problem) -> None:
    partial = solve(township, cancelled=lambda: True)
    with pytest.raises(BadInput, match="V0003"):
        reinspection(township, partial, ["V0003"])


def test_the_command_writes_a_problem_that_the_planner_reads(tmp_path: Path) -> None:
    problem, plan, new = (tmp_path / name for name in ("P.json", "PLAN.json", "NEW.json"))
    problem.write_text(json.dumps(ok_small()), "utf-8")
    plan.write_text(json.dumps(ok_plan()), "utf-8")
    line = ["scope", "reinspect", str(problem), str(plan), "--highest", "2", "--out", str(new)]
    result = CliRunner().invoke(planners, line)
    assert result.exit_code == 0, result.stderr
    written = parse_problem(json.loads(new.read_text("utf-8")))
    assert len(written.units) == 2
    plan.write_text(json.dumps(dump_plan(solve(written))), "utf-8")
    assert CliRunner().invoke(planners, ["check", str(new), str(plan)]).exit_code in (0, 3)


def test_the_command_names_an_unknown_unit_and_writes_nothing(tmp_path: Path) -> None:
    problem, new = tmp_path / "P.json", tmp_path / "NEW.json"
    problem.write_text(json.dumps(ok_small()), "utf-8")
    line = ["scope", "verify", str(problem), "--unit", "V9", "--out", str(new)]
    result = CliRunner().invoke(planners, line)
    assert result.exit_code == 2
    assert "units[V9]" in result.stderr
    assert not new.exists()
