"""The command line of the planner: what it prints where, and the exit codes 0, 1, 2 and 3."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planners.__main__ import planners
from planners.commands.progress import shown_progress
from planners.commands.schema import schema_text
from planners.formats.parse import parse_plan
from planners.problem import Plan, Problem
from tests.planners.small import Json, judged, ok_plan, ok_small, plan_of, record, teams_of, unseat

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A function: one command in an empty folder. Dicts are written to files and their names passed."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str | Json) -> Result:
        line = []
        for number, word in enumerate(words):
            if isinstance(word, dict):
                Path(f"{number}.json").write_text(json.dumps(word, ensure_ascii=False), "utf-8")
                word = f"{number}.json"
            line.append(word)
        return CliRunner().invoke(planners, line)

    return command


def partial() -> Json:
    rows = [{"unit": "V6", "round": None, "slot": None, "missing": 1, "reason": "第3轮只有一个队"}]
    return plan_of(ok_small(), ok_plan()["teams"][:-1], rows)


def test_check_of_a_legal_plan_ends_in_0(run: Callable[..., Result]) -> None:
    result = run("check", ok_small(), ok_plan())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "合法完整方案，目标总值1115\n"


def test_check_of_a_broken_plan_ends_in_1_with_one_line_per_rule_code_first(
    run: Callable[..., Result],
) -> None:
    plan = ok_plan()
    unseat(teams_of(plan)["R1-01"], "M2")
    del plan["teams"][5]
    result = run("check", ok_small(), plan)
    assert result.exit_code == 1
    assert [line[:4] for line in result.stdout.splitlines()] == ["H01 ", "H03 "]


def test_check_of_a_partial_plan_ends_in_3_and_names_the_shortages(run: Callable[..., Result]) -> None:
    result = run("check", ok_small(), partial())
    assert result.exit_code == 3
    assert "缺口：己村 无人前往。第3轮只有一个队" in result.stdout


def test_check_of_a_partial_plan_with_a_broken_rule_ends_in_1(run: Callable[..., Result]) -> None:
    plan = partial()
    unseat(teams_of(plan)["R1-01"], "M2")
    assert run("check", ok_small(), plan).exit_code == 1


def test_check_with_the_old_plan_counts_the_change(run: Callable[..., Result]) -> None:
    result = run("check", ok_small(), ok_plan(), "--previous", partial())
    assert result.exit_code == 0
    assert f"目标总值{1115 + 4 * 50}" in result.stdout  # three seats and a village that moved


def test_bad_input_ends_in_2_with_one_line_per_fault_naming_file_and_path(run: Callable[..., Result]) -> None:
    problem = ok_small()
    problem["units"][3]["risk"] = "hoch"
    problem["people"][0]["offfice"] = "O1"
    for result in (
        run("check", problem, ok_plan()),
        run("solve", problem, "--out", "plan.json"),
    ):
        assert (result.exit_code, result.stdout) == (2, "")
        assert [line.split(": ")[:2] for line in result.stderr.splitlines()] == [
            ["1.json", "units[3].risk"],
            ["1.json", "people[0].offfice"],
        ]
    assert not Path("plan.json").exists()


def test_another_problems_plan_ends_in_2(run: Callable[..., Result]) -> None:
    result = run("check", ok_small() | {"name": "另一个"}, ok_plan())
    assert result.exit_code == 2
    assert result.stderr.startswith("2.json: problem_sha256: ")


def test_a_plan_that_names_somebody_unknown_ends_in_2(run: Callable[..., Result]) -> None:
    plan = ok_plan()
    plan["teams"][0]["members"][0]["person"] = "L9"
    result = run("check", ok_small(), plan)
    assert result.exit_code == 2
    assert result.stderr.startswith("2.json: teams[0].members[0].person: ")


def test_a_file_of_a_hundred_megabytes_is_refused_unread(run: Callable[..., Result]) -> None:
    with Path("P.json").open("wb") as file:
        file.truncate(100_000_000)
    result = run("solve", "P.json", "--out", "plan.json")
    assert (result.exit_code, result.stderr) == (2, "P.json: expected a file of at most 8 MB, got 100 MB\n")


def test_a_missing_file_ends_in_2(run: Callable[..., Result]) -> None:
    result = run("bound", "nothing.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("nothing.json: ")


def test_a_place_that_cannot_be_written_is_refused_before_the_search(run: Callable[..., Result]) -> None:
    result = run("solve", ok_small(), "--out", "no/such/folder/plan.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("no/such/folder/plan.json: ")


def test_solve_writes_a_plan_that_check_calls_legal(run: Callable[..., Result]) -> None:
    solved = run("solve", ok_small(), "--out", "plan.json", "--seconds", "5", "--seed", "3")
    assert solved.exit_code == 0, solved.stderr
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    assert (plan["seed"], plan["shortages"]) == (3, [])
    assert judged(ok_small(), plan).legal
    assert run("check", ok_small(), "plan.json").exit_code == 0
    assert sorted(path.name for path in Path().iterdir()) == ["1.json", "plan.json"]


def test_solve_of_what_cannot_be_staffed_writes_a_partial_plan_and_ends_in_3(
    run: Callable[..., Result],
) -> None:
    problem = ok_small()
    record(problem, "R3")["teams"] = 1
    solved = run("solve", problem, "--out", "plan.json", "--quiet")
    assert (solved.exit_code, solved.stderr) == (3, "")
    assert "无人前往" in solved.stdout
    assert run("check", problem, "plan.json").exit_code == 3


def test_progress_goes_to_standard_error_one_line_per_improvement(run: Callable[..., Result]) -> None:
    solved = run("solve", ok_small(), "--out", "plan.json")
    lines = solved.stderr.splitlines()
    assert lines
    assert all("最优" in line and "下界" in line for line in lines)
    assert "\r" not in solved.stderr


def test_one_interrupt_ends_the_search_with_the_best_plan_so_far(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bool] = []

    def interrupted(problem: Problem, *words: object, cancelled: Callable[[], bool], **more: object) -> Plan:
        heard.append(cancelled())
        signal.raise_signal(signal.SIGINT)
        heard.append(cancelled())
        return parse_plan(ok_plan(), problem)

    monkeypatch.setattr("planners.solve.solve", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert run("solve", ok_small(), "--out", "plan.json").exit_code == 0
    assert heard == [False, True]
    assert signal.getsignal(signal.SIGINT) is before
    assert Path("plan.json").exists()


def test_bound_prints_bound_terms_and_seconds_as_json(run: Callable[..., Result]) -> None:
    result = run("bound", ok_small())
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert set(printed) == {"bound", "terms", "seconds"}
    assert 0 <= printed["bound"] <= 1115


def test_schema_prints_what_stands_in_the_docs(run: Callable[..., Result]) -> None:
    assert run("schema", "plan").stdout == schema_text("plan")


@pytest.mark.parametrize("words", [[], *([name] for name in planners.commands)])
def test_every_command_has_help(run: Callable[..., Result], words: list[str]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    command = planners.commands[words[0]] if words else planners
    assert command.help
    assert all(option.help for option in command.params if getattr(option, "opts", [""])[0].startswith("-"))


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_text(json.dumps(ok_small()), "utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(partial()), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "planners", "check", "problem.json", "plan.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 3, done.stderr.decode()


@dataclass
class Told:
    """One progress message, as the solver sends them."""

    phase: str
    objective: int | None
    bound: int | None
    gap: float | None
    seconds: float


class Screen(io.StringIO):
    """A text stream that is a terminal."""

    def isatty(self) -> bool:
        return True


TOLD = [
    Told("construct", None, None, None, 0.1),
    Told("construct", 120, 100, 0.2, 1.0),
    Told("improve", 120, 100, 0.2, 30.0),
]


def _shown(stream: io.StringIO, quiet: bool = False) -> str:
    with shown_progress(stream, 60, quiet) as progress:
        for told in TOLD:
            progress(told)
    return stream.getvalue()


def test_a_log_gets_one_line_per_improvement_and_none_for_anything_else() -> None:
    assert _shown(io.StringIO()) == "构造  最优 120  下界 100  差距 20.00%  1.0s\n"


def test_a_terminal_gets_one_bar_that_fills_with_the_time() -> None:
    shown = _shown(Screen())
    assert shown.count("\r") == 3
    assert shown.count("\n") == 1
    assert "[" + "#" * 12 + "." * 12 + "] 改进" in shown


def test_quiet_shows_nothing() -> None:
    assert _shown(Screen(), quiet=True) == ""
