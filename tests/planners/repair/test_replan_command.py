"""`python -m planners replan`: what it prints, what it writes, and the exit codes 0, 2 and 3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planners.__main__ import planners
from planners.formats.parse import dump_plan, parse_plan, parse_problem
from tests.planners.repair.test_replan import with_spare
from tests.planners.small import ok_plan, ok_small, record

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with problem.json and plan.json, to work in."""
    monkeypatch.chdir(tmp_path)
    problem = with_spare()
    Path("problem.json").write_text(json.dumps(problem), "utf-8")
    Path("plan.json").write_text(json.dumps(ok_plan(problem)), "utf-8")
    return tmp_path


def command(*words: str) -> Result:
    return CliRunner().invoke(planners, ["replan", "problem.json", "plan.json", *words])


def test_replan_ends_in_0_and_its_plan_belongs_to_the_amended_problem(files: Path) -> None:
    result = command(
        "--absent", "F1@R2", "--from", "R2", "--out", "new.json", "--problem-out", "amended.json"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert "方四换为邹十，原因：方四第2轮缺勤" in result.stdout
    assert "共改动1席，已证明为最少" in result.stdout
    judged = CliRunner().invoke(
        planners, ["check", "amended.json", "new.json", "--previous", str(files / "plan.json")]
    )
    assert judged.exit_code == 0
    assert json.loads(Path("amended.json").read_text())["people"][3]["off"] == ["R2"]


def test_replan_ends_in_3_when_somebody_is_missing(files: Path) -> None:
    result = command("--absent", "F1@R2", "--absent", "F3", "--from", "R2", "--out", "new.json")
    assert result.exit_code == 3
    assert "缺口：第2轮 乙村 财务" in result.stdout


def test_replan_ends_in_2_with_a_line_for_each_wrong_word_and_writes_nothing(files: Path) -> None:
    result = command("--absent", "F1@R9", "--absent", "who", "--from", "R8", "--out", "new.json")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        '--from: expected the id of one of the rounds, got "R8"',
        '--absent: expected the id of one of the rounds, got "R9"',
        '--absent: expected the id of one of the people, got "who"',
    ]
    assert not Path("new.json").exists()


def test_replan_of_another_problems_plan_ends_in_2(files: Path) -> None:
    plan = dump_plan(parse_plan(ok_plan(), parse_problem(ok_small())))
    Path("plan.json").write_text(json.dumps(plan), "utf-8")
    result = command("--absent", "F1", "--from", "R2", "--out", "new.json")
    assert (result.exit_code, "problem_sha256" in result.stderr) == (2, True)


def test_a_person_whose_id_holds_an_at_sign_can_be_absent(files: Path) -> None:
    problem = with_spare()
    record(problem, "F3")["id"] = "F@R2"
    Path("problem.json").write_text(json.dumps(problem), "utf-8")
    Path("plan.json").write_text(json.dumps(ok_plan(problem)), "utf-8")
    result = command(
        "--absent", "F@R2@R3", "--from", "R2", "--out", "n.json", "--problem-out", "amended.json"
    )
    assert result.exit_code == 0
    assert json.loads(Path("amended.json").read_text())["people"][-1]["off"] == ["R3"]


def test_a_withdrawal_a_late_tie_and_a_closed_unit_are_merged_into_the_amended_problem(files: Path) -> None:
    changes = ["--withdrawn", "F3", "--tie", "L1:V2", "--closed", "V3@R3"]
    result = command(*changes, "--from", "R2", "--out", "new.json", "--problem-out", "amended.json")
    assert result.exit_code in (0, 3), result.stderr
    amended = json.loads(Path("amended.json").read_text())
    assert {"person": "L1", "unit": "V2", "kind": "迟报", "hard": True} in amended["ties"]
    assert record(amended, "V3")["closed"] == ["R3"]
    assert record(amended, "F3")["off"] == ["R2", "R3"]
    assert CliRunner().invoke(planners, ["check", "amended.json", "new.json"]).exit_code == result.exit_code


def test_changes_that_name_nobody_end_in_2_with_one_line_each(files: Path) -> None:
    result = command("--tie", "L1", "--tie", "L1:V9", "--from", "R2", "--out", "new.json")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        '--tie: expected two known ids joined by :, got "L1"',
        '--tie: expected two known ids joined by :, got "L1:V9"',
    ]


def test_the_amended_problem_keeps_the_digits_with_which_numbers_were_written(files: Path) -> None:
    text = Path("problem.json").read_text().replace('"x_km": 3,', '"x_km": 3.00,')
    Path("problem.json").write_text(text, "utf-8")
    made = CliRunner().invoke(planners, ["solve", "problem.json", "--out", "plan.json", "--quiet"])
    assert made.exit_code == 0
    assert "3.00" in text
    command("--absent", "F3@R3", "--from", "R3", "--out", "new.json", "--problem-out", "amended.json")
    assert CliRunner().invoke(planners, ["check", "amended.json", "new.json"]).exit_code == 0


def test_the_same_absence_gives_the_same_repair_in_every_process(files: Path) -> None:
    answers = []
    for hash_seed in ("1", "2"):
        subprocess.run(
            [
                *(sys.executable, "-m", "planners", "replan", str(files / "problem.json")),
                *(str(files / "plan.json"), "--absent", "F1", "--from", "R1"),
                *("--out", str(files / "new.json")),
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
        )
        answers.append(json.loads((files / "new.json").read_text())["teams"])
    assert answers[0] == answers[1]
