"""A draw as an official makes it and as anybody verifies it: papers, log, refusals, forged parts named."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planners.__main__ import planners
from planners.draw.drawing import Version, nonce_sha256, running_version
from planners.draw.log import read_log
from planners.formats.parse import parse_plan, parse_problem
from planners.problem import Plan, Problem
from planners.referee.check import check
from tests.planners.draw_desk import FILES, PUBLIC, SOLVE, SOURCE, Draw, change, load, save, wrong_parts
from tests.planners.small import Json, ok_small

ROOT = Path(__file__).parents[3]


# ---------------------------------------------------------------- commitment


def test_a_commitment_fixes_hashes_source_and_jitter_and_never_tells_the_nonce(draw: Draw) -> None:
    result = draw("commit", "P.json", "--source", SOURCE, "--jitter", "5")
    assert result.exit_code == 0
    paper = load("COMMIT.json")
    nonce = Path("NONCE").read_text().strip()
    assert paper["problem_sha256"] == parse_problem(ok_small()).sha256
    assert paper["nonce_sha256"] == nonce_sha256(bytes.fromhex(nonce))
    assert (paper["jitter"], paper["source"]) == (5, SOURCE)
    assert paper["version"] == running_version().to_dict()
    assert paper["commitment"] in result.stdout
    assert all(nonce not in Path(file).read_text("utf-8") for file in ("COMMIT.json", "DRAWS.jsonl"))
    assert nonce not in result.output


def test_only_its_owner_can_read_the_nonce(draw: Draw) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    assert stat.S_IMODE(Path("NONCE").stat().st_mode) == 0o600


def test_every_commitment_has_a_nonce_of_its_own(draw: Draw) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    draw("commit", "P.json", "--source", SOURCE, "--out", "C2", "--nonce", "N2", "--reason", "试")
    assert Path("NONCE").read_text() != Path("N2").read_text()


def test_a_commitment_overwrites_neither_paper_nor_nonce_and_then_logs_nothing(draw: Draw) -> None:
    Path("COMMIT.json").write_text("alt")
    Path("NONCE").write_text("alt")
    result = draw("commit", "P.json", "--source", SOURCE)
    assert result.exit_code == 2
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == ["COMMIT.json", "NONCE"]
    assert Path("NONCE").read_text() == "alt"
    assert not Path("DRAWS.jsonl").exists()


def test_a_second_commitment_on_the_same_problem_is_refused_without_a_reason_and_numbered_with_one(
    draw: Draw,
) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    again = ("commit", "P.json", "--source", SOURCE, "--out", "C2.json", "--nonce", "N2")
    for line in (again, (*again, "--reason", "  ")):
        refused = draw(*line)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "第2次" in refused.stderr
        assert not Path("C2.json").exists()
    assert draw(*again, "--reason", "秘密数丢失").exit_code == 0
    paper = load("C2.json")
    assert (paper["number"], paper["reason"]) == (2, "秘密数丢失")
    log = read_log("DRAWS.jsonl").entries
    assert [entry.reason for entry in log] == [None, "秘密数丢失"]
    assert paper["log_before"] == log[0].sha256()


# ---------------------------------------------------------------- draw


def test_a_drawn_plan_is_legal_and_verified_from_the_published_files(drawn: Draw) -> None:
    problem = parse_problem(ok_small())
    assert check(problem, parse_plan(load("PLAN.json"), problem)).legal
    Path("NONCE").unlink()
    result = drawn("verify", *FILES, "--log", "DRAWS.jsonl")
    assert result.exit_code == 0, result.output
    assert wrong_parts(result) == []
    assert "核验通过" in result.stdout
    assert load("COMMIT.json")["commitment"] in result.stdout
    assert PUBLIC in result.stdout
    assert SOURCE in result.stdout


def test_two_processes_with_different_hash_seeds_draw_the_same_plan(draw: Draw) -> None:
    def in_a_process(hash_seed: str, *line: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "planners", "draw", *line],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()

    in_a_process("0", "commit", "P.json", "--source", SOURCE)
    plans = []
    for number in ("1", "2"):
        line = ("solve", "P.json", *SOLVE[:-1], f"PLAN{number}.json", "--log", f"LOG{number}.jsonl")
        in_a_process(number, *line)
        plans.append({key: value for key, value in load(f"PLAN{number}.json").items() if key != "seconds"})
    assert plans[0] == plans[1]


def test_a_second_draw_is_refused_without_a_reason_and_leaves_the_first_plan_alone(drawn: Draw) -> None:
    first, log = Path("PLAN.json").read_bytes(), Path("DRAWS.jsonl").read_bytes()
    refused = drawn("solve", "P.json", *SOLVE)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "第2次" in refused.stderr
    assert (Path("PLAN.json").read_bytes(), Path("DRAWS.jsonl").read_bytes()) == (first, log)


def test_a_second_draw_with_a_reason_is_counted_and_its_reason_shown_to_whoever_verifies(
    drawn: Draw,
) -> None:
    result = drawn("solve", "P.json", *SOLVE, "--reason", "公开值录入错误")
    assert result.exit_code == 0
    assert "第2次抽取" in result.stdout
    assert (load("REVEAL.json")["number"], load("REVEAL.json")["reason"]) == (2, "公开值录入错误")
    shown = drawn("verify", *FILES, "--log", "DRAWS.jsonl")
    assert shown.exit_code == 0
    assert "第2次抽取，理由：公开值录入错误" in shown.stdout


def test_a_problem_changed_by_one_digit_under_the_same_name_is_still_a_second_draw(drawn: Draw) -> None:
    data = ok_small()
    data["units"][0]["risk"] += 1
    save("P2.json", data)
    assert drawn("commit", "P2.json", "--source", SOURCE, "--out", "C2", "--nonce", "N2").exit_code == 1


def test_another_problem_in_the_same_log_is_a_first_draw(drawn: Draw) -> None:
    save("P2.json", ok_small() | {"name": "另一轮"})
    paper = ("--out", "C2", "--nonce", "N2")
    assert drawn("commit", "P2.json", "--source", SOURCE, *paper).exit_code == 0
    assert load("C2")["number"] == 1


def test_a_draw_that_is_stopped_before_its_plan_is_written_counts_all_the_same(
    draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(problem: Problem, seed: bytes, jitter: int) -> Plan:
        raise KeyboardInterrupt

    draw("commit", "P.json", "--source", SOURCE)
    with monkeypatch.context() as patched:
        patched.setattr("planners.draw.drawing.drawn_plan", stopped)
        assert draw("solve", "P.json", *SOLVE).exit_code != 0
    assert not Path("PLAN.json").exists()
    assert [entry.kind for entry in read_log("DRAWS.jsonl").entries] == ["commit", "draw"]
    assert draw("solve", "P.json", *SOLVE).exit_code == 1


def test_a_draw_that_cannot_be_staffed_writes_a_partial_plan_and_ends_in_3(draw: Draw) -> None:
    data = ok_small()
    data["rounds"][2]["teams"] = 1
    save("P.json", data)
    draw("commit", "P.json", "--source", SOURCE)
    assert draw("solve", "P.json", *SOLVE).exit_code == 3
    assert draw("verify", *FILES).exit_code == 0


# ---------------------------------------------------------------- bad input


def test_all_faults_of_all_files_are_named_at_once_with_their_paths(draw: Draw) -> None:
    data = ok_small()
    data["units"][3]["risk"] = "hoch"
    save("P.json", data)
    save("COMMIT.json", {"format": "planners.draw-commit/1", "jitter": -1, "extra": 0})
    Path("NONCE").write_text("xyz")
    line = ["--commit", "COMMIT.json", "--nonce", "NONCE", "--public", "+", "--out", "no/PLAN.json"]
    result = draw("solve", "P.json", *line)
    assert (result.exit_code, result.stdout) == (2, "")
    found = [tuple(line.split(": ")[:2]) for line in result.stderr.splitlines()]
    for place in (
        ("P.json", "units[3].risk"),
        ("COMMIT.json", "jitter"),
        ("COMMIT.json", "extra"),
        ("COMMIT.json", "nonce_sha256"),
        ("NONCE", "expected 64 hexadecimal digits in small letters"),
        ("--public", "expected at least one letter or digit"),
        ("no/PLAN.json", "expected a file in a directory that can be written to"),
    ):
        assert place in found
    assert not Path("DRAWS.jsonl").exists()


@pytest.mark.parametrize(
    ("file", "change_to", "place"),
    [
        ("COMMIT.json", {"source": "别的彩票"}, "COMMIT.json: commitment"),
        ("P.json", {"name": "别的"}, "COMMIT.json: problem_sha256"),
        ("NONCE", None, "NONCE: expected the nonce"),
    ],
)
def test_papers_that_do_not_belong_together_are_not_drawn_from(
    draw: Draw, file: str, change_to: Json | None, place: str
) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    if change_to is None:
        Path(file).chmod(0o600)
        Path(file).write_text("0" * 64)
    else:
        change(file, **change_to)
    before = Path("DRAWS.jsonl").read_bytes()
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 2
    assert place in result.stderr
    assert Path("DRAWS.jsonl").read_bytes() == before
    assert not Path("PLAN.json").exists()


def test_nobody_can_choose_the_jitter_after_the_public_value_is_known(draw: Draw) -> None:
    draw("commit", "P.json", "--source", SOURCE, "--jitter", "5")
    assert draw("solve", "P.json", *SOLVE, "--jitter", "6").exit_code == 2
    assert draw("solve", "P.json", *SOLVE, "--jitter", "5").exit_code == 0


def test_another_version_of_the_program_does_not_draw(draw: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    monkeypatch.setattr("planners.draw.drawing.running_version", lambda: Version("0", "0" * 64, "9.15"))
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 2
    assert "COMMIT.json: version.planner: " in result.stderr
    assert "COMMIT.json: version.source_sha256: " in result.stderr


def test_pins_that_contradict_the_rules_end_in_2_with_their_path(draw: Draw) -> None:
    pin = {"round": "R1", "units": ["V1"], "members": [{"person": "L1", "slot": "leader"}]}
    save("P.json", ok_small() | {"pins": [pin]})
    draw("commit", "P.json", "--source", SOURCE)
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 2
    assert result.stderr.startswith("P.json: pins[0]")


def test_verify_of_files_with_faults_ends_in_2(drawn: Draw) -> None:
    change("REVEAL.json", nonce="AB")
    change("PLAN.json", teams=3)
    result = drawn("verify", *FILES)
    assert result.exit_code == 2
    assert [line.split(": ")[:2] for line in result.stderr.splitlines()] == [["REVEAL.json", "nonce"]]
    change("REVEAL.json", nonce="0" * 64)
    assert drawn("verify", *FILES).stderr.startswith("PLAN.json: teams: ")


@pytest.mark.parametrize("words", [["commit"], ["solve"], ["verify"], ["predictability"]])
def test_every_command_of_the_draw_has_help(draw: Draw, words: list[str]) -> None:
    group = planners.commands["draw"]
    command = group.commands[words[0]]  # type: ignore[attr-defined]
    assert draw(*words, "--help").exit_code == 0
    assert command.help
    assert all(option.help for option in command.params if option.opts[0].startswith("-"))


def test_the_page_for_officials_names_every_command_and_option_of_the_draw() -> None:
    page = (ROOT / "docs" / "draw.md").read_text("utf-8")
    for name, command in planners.commands["draw"].commands.items():  # type: ignore[attr-defined]
        assert f"planners draw {name} " in page
        options = [option.opts[0] for option in command.params if option.opts[0].startswith("-")]
        assert [option for option in options if option not in page] == []


def test_predictability_prints_a_row_without_and_a_row_with_jitter(draw: Draw) -> None:
    result = draw("predictability", "P.json", "--draws", "2", "--jitter", "4")
    assert result.exit_code == 0
    rows = [line.split(" | ")[0] for line in result.stdout.splitlines()[2:]]
    assert rows == ["| 0", "| 4"]
