"""`plan problem` and `plan import`: the planner's files in and out, with the exit codes of the contract."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import orm

from inspections.rounds.models import Cycle
from planners.formats.parse import dump_plan, parse_problem
from planners.solve import solve
from tests.planning.county import small_county

Run = Callable[..., Result]


@pytest.fixture
def command(app: Flask, session: orm.Session) -> Run:
    def run(*words: str | Path) -> Result:
        session.commit()
        answer = app.test_cli_runner().invoke(args=["plan", *(str(word) for word in words)])
        session.expire_all()
        return answer

    return run


def planned(command: Run, cycle: Cycle, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The cycle's problem written by the command, and a plan for it as JSON values."""
    file = folder / "problem.json"
    assert command("problem", cycle.name, "--out", file).exit_code == 0
    return file, dump_plan(solve(parse_problem(json.loads(file.read_text("utf-8"))), 10))


def test_a_problem_is_written_solved_elsewhere_and_its_plan_imported(
    command: Run, session: orm.Session, tmp_path: Path
) -> None:
    cycle = small_county(session)
    _, plan = planned(command, cycle, tmp_path)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    answer = command("import", str(cycle.uuid), file)
    assert (answer.exit_code, answer.output) == (0, "第 1 版方案待批准，没有缺口\n")
    assert [made.state for made in cycle.plans] == ["ready"]
    assert len(cycle.plans[0].teams) == len(plan["teams"])


def test_a_plan_that_breaks_rules_is_refused_with_a_line_for_each(
    command: Run, session: orm.Session, tmp_path: Path
) -> None:
    cycle = small_county(session)
    _, plan = planned(command, cycle, tmp_path)
    first, second = plan["teams"][:2]
    first["members"], second["members"] = second["members"], second["members"]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    answer = command("import", cycle.name, file)
    assert answer.exit_code == 1
    assert all(line.startswith("H") for line in answer.stderr.splitlines())
    assert "H04" in answer.stderr
    assert cycle.plans == []


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda plan: plan["teams"][0].update(round="R99"), "teams[0].round"),
        (lambda plan: plan.update(problem_sha256="0" * 64), "problem_sha256"),
        (lambda plan: plan.update(surprise=1), "surprise"),
    ],
)
def test_a_file_that_is_no_plan_of_this_cycle_is_bad_input_named_by_place(
    command: Run, session: orm.Session, tmp_path: Path, spoil: Callable[[Any], None], place: str
) -> None:
    cycle = small_county(session)
    _, plan = planned(command, cycle, tmp_path)
    spoil(plan)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    answer = command("import", cycle.name, file)
    assert answer.exit_code == 2
    assert f"{file}: {place}" in answer.stderr
    assert cycle.plans == []


def test_a_plan_of_yesterdays_roster_is_bad_input(command: Run, session: orm.Session, tmp_path: Path) -> None:
    cycle = small_county(session)
    _, plan = planned(command, cycle, tmp_path)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    cycle.units[0].risk += 1
    assert command("import", cycle.name, file).exit_code == 2


def test_a_broken_or_missing_file_and_an_unknown_cycle_are_bad_input(
    command: Run, session: orm.Session, tmp_path: Path
) -> None:
    cycle = small_county(session)
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    for file in (broken, tmp_path / "missing.json"):
        assert command("import", cycle.name, file).exit_code == 2
    unknown = command("problem", "没有这一轮", "--out", tmp_path / "x.json")
    assert unknown.exit_code == 2
    assert cycle.name in unknown.stderr
    assert not (tmp_path / "x.json").exists()


def test_a_cycle_that_states_no_problem_is_refused(
    command: Run, session: orm.Session, tmp_path: Path
) -> None:
    cycle = small_county(session, rounds=0)
    answer = command("problem", cycle.name, "--out", tmp_path / "x.json")
    assert answer.exit_code == 1
    assert "没有安排各轮" in answer.stderr
