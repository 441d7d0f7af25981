"""A draw as an official makes it and as anybody verifies it: papers, log, refusals, forged parts named."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planners import draw_verify
from planners.__main__ import planners
from planners.canonical import canonical_sha256
from planners.check import check
from planners.draw import Version, nonce_sha256, running_version, seed_of
from planners.draw_files import parse_commitment, parse_reveal
from planners.draw_log import BEGINNING, parse_log, read_log
from planners.draw_verify import verify
from planners.fields import BadInput
from planners.parse import parse_plan, parse_problem
from planners.problem import Plan, Problem
from tests.planners.small import Json, ok_small, priced

ROOT = Path(__file__).parents[2]
SOURCE = "虚构彩票第1期，号码升序"
PUBLIC = "03 07 12 + 04"
SOLVE = ("--commit", "COMMIT.json", "--nonce", "NONCE", "--public", PUBLIC, "--out", "PLAN.json")
FILES = ("P.json", "COMMIT.json", "REVEAL.json", "PLAN.json")

Draw = Callable[..., Result]


@pytest.fixture
def draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Draw:
    """A function: one command of the draw in a folder that holds only the problem P.json."""
    monkeypatch.chdir(tmp_path)
    save("P.json", ok_small())
    return lambda *line: CliRunner().invoke(planners, ["draw", *line])


@pytest.fixture
def drawn(draw: Draw) -> Draw:
    """The same after a whole draw."""
    assert draw("commit", "P.json", "--source", SOURCE).exit_code == 0
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 0, result.stderr
    return draw


def save(file: str, data: object) -> None:
    Path(file).write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def load(file: str) -> Json:
    data: Json = json.loads(Path(file).read_text("utf-8"))
    return data


def change(file: str, **more: object) -> None:
    save(file, load(file) | more)


def wrong_parts(result: Result) -> list[str]:
    lines = [line for line in result.stdout.splitlines() if line.startswith("不符")]
    return [line.split("：")[0].removeprefix("不符  ") for line in lines]


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
    draw("commit", "P.json", "--source", SOURCE)
    plans = []
    for number in ("1", "2"):
        line = ["solve", "P.json", *SOLVE[:-1], f"PLAN{number}.json", "--log", f"LOG{number}.jsonl"]
        done = subprocess.run(
            [sys.executable, "-m", "planners", "draw", *line],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONHASHSEED": number},
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
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
        patched.setattr("planners.draw.drawn_plan", stopped)
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
    monkeypatch.setattr("planners.draw.running_version", lambda: Version("2", "0" * 64, "9.15"))
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


# ---------------------------------------------------------------- forgery


def places(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value that holds neither object nor list."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from places(value, (*path, i))
    else:
        yield path


def forged(value: object) -> object:
    """Another value of the same kind: one digit or one letter differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str) and value:
        return ("1" if value[0] == "0" else "0") + value[1:]
    return "x"


@pytest.mark.parametrize("file", FILES)
def test_no_value_in_any_published_file_can_be_changed_unseen(drawn: Draw, file: str) -> None:
    papers = {name: load(name) for name in FILES}
    log = read_log("DRAWS.jsonl")
    tried = 0
    for path in list(places(papers[file])):
        data = deepcopy(papers)
        holder: object = data[file]
        for key in path[:-1]:
            holder = holder[key]  # type: ignore[index]
        holder[path[-1]] = forged(holder[path[-1]])  # type: ignore[index]
        tried += 1
        try:
            problem = parse_problem(data["P.json"])
            commitment, stated = parse_commitment(data["COMMIT.json"])
            reveal = parse_reveal(data["REVEAL.json"])
            parse_plan(data["PLAN.json"], problem, previous=True)
        except BadInput:
            continue
        findings = verify(problem, commitment, stated, reveal, data["PLAN.json"], log)
        assert any(finding.fault and finding.tried for finding in findings), path
    assert tried >= len(papers[file])


def rehash(plan: Json | None = None, **more: object) -> None:
    """What a forger who knows the formats would do: a reveal that fits the forged files."""
    plan = plan or load("PLAN.json")
    save("PLAN.json", plan)
    change("REVEAL.json", plan_sha256=canonical_sha256(plan), **more)


def test_a_better_liked_team_is_found_out_though_plan_and_reveal_agree_with_each_other(drawn: Draw) -> None:
    problem = parse_problem(ok_small())
    plan = load("PLAN.json")
    one, two = (
        next(team for team in plan["teams"] if team["round"] == "R1" and team["id"] == id)
        for id in ("R1-01", "R1-02")
    )
    one["members"][1], two["members"][1] = two["members"][1], one["members"][1]
    forged_plan = priced(problem, parse_plan(plan | {"bound": None, "gap": None}, problem))
    assert check(problem, parse_plan(forged_plan, problem)).broken == ()  # legal, but not drawn
    rehash(forged_plan)
    result = drawn("verify", *FILES)
    assert result.exit_code == 1
    assert "重算分组" in wrong_parts(result)
    assert "R1-01、R1-02" in result.stdout


def test_another_public_value_is_found_out_though_its_seed_is_right(drawn: Draw) -> None:
    nonce = bytes.fromhex(load("REVEAL.json")["nonce"])
    seed = seed_of(parse_problem(ok_small()).sha256, running_version(), 9, nonce, "1 2 3")
    rehash(public="1 2 3", seed=seed.hex())
    result = drawn("verify", *FILES)
    assert result.exit_code == 1
    assert "重算种子" in wrong_parts(result)


@pytest.mark.parametrize(
    ("file", "more", "part"),
    [
        ("P.json", {"name": "别的"}, "问题文件"),
        ("COMMIT.json", {"source": "别的彩票"}, "承诺书"),
        ("COMMIT.json", {"commitment": "0" * 64}, "承诺书"),
        ("COMMIT.json", {"nonce_sha256": "0" * 64}, "秘密数"),
        ("REVEAL.json", {"commitment": "0" * 64}, "揭示书"),
        ("REVEAL.json", {"nonce": "0" * 64}, "秘密数"),
        ("REVEAL.json", {"public": "03 07 12 + 05"}, "种子"),
        ("REVEAL.json", {"seed": "0" * 64}, "种子"),
        ("PLAN.json", {"seconds": 99}, "方案文件"),
        ("PLAN.json", {"problem_sha256": "0" * 64}, "方案文件"),
        ("PLAN.json", {"version": "0"}, "方案文件"),
    ],
)
def test_verify_names_the_part_that_does_not_agree(drawn: Draw, file: str, more: Json, part: str) -> None:
    change(file, **more)
    result = drawn("verify", *FILES)
    assert result.exit_code == 1
    assert part in wrong_parts(result)
    assert "核验不通过" in result.stdout


def test_a_draw_of_another_version_is_said_to_be_one_and_repeated_nevertheless(
    drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw_verify, "running_version", lambda: Version("2", "0" * 64, "9.15"))
    result = drawn("verify", *FILES)
    assert result.exit_code == 1
    assert wrong_parts(result) == ["程序版本"]
    assert "相符  重算分组" in result.stdout


# ---------------------------------------------------------------- log


def test_the_log_tells_commitment_draw_and_plan_in_one_chain(drawn: Draw) -> None:
    entries = read_log("DRAWS.jsonl").entries
    assert [entry.kind for entry in entries] == ["commit", "draw", "plan"]
    assert [entry.before for entry in entries] == [BEGINNING, entries[0].sha256(), entries[1].sha256()]
    assert entries[2].plan_sha256 == canonical_sha256(load("PLAN.json"))
    assert load("REVEAL.json")["log_entry"] == entries[1].sha256()


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (lambda rows: [rows[0], rows[2]], "lines[1].before"),
        (lambda rows: rows[1:], "lines[0].before"),
        (lambda rows: [rows[1], rows[0], rows[2]], "lines[0].before"),
        (lambda rows: [*rows[:2], rows[2].replace('"kind": "plan"', '"kind": "draw"')], "lines[2].entry"),
        (lambda rows: [rows[0].replace('"line": 1', '"line": true'), *rows[1:]], "lines[0].line"),
        (lambda rows: [rows[0], "{", *rows[2:]], "lines[1]: expected one JSON object"),
        (lambda rows: [*rows, "[]"], "lines[3]: expected an object"),
    ],
)
def test_a_line_taken_out_moved_or_changed_breaks_the_log(
    drawn: Draw, tamper: Callable[[list[str]], list[str]], place: str
) -> None:
    rows = Path("DRAWS.jsonl").read_text("utf-8").splitlines()
    Path("DRAWS.jsonl").write_text("".join(f"{row}\n" for row in tamper(rows)), "utf-8")
    for line in (
        ("verify", *FILES, "--log", "DRAWS.jsonl"),
        ("solve", "P.json", *SOLVE, "--reason", "x"),
        ("commit", "P.json", "--source", "x", "--out", "C2", "--nonce", "N2", "--reason", "x"),
    ):
        result = drawn(*line)
        assert result.exit_code == 2
        assert f"DRAWS.jsonl: {place}" in result.stderr
    assert not Path("C2").exists()


def test_a_half_written_last_line_is_no_entry() -> None:
    with pytest.raises(BadInput, match="whole line"):
        parse_log('{"format": ')


def test_verify_finds_a_draw_missing_from_a_log_that_was_begun_anew(drawn: Draw) -> None:
    Path("DRAWS.jsonl").unlink()
    assert drawn("commit", "P.json", "--source", "x", "--out", "C2", "--nonce", "N2").exit_code == 0
    result = drawn("verify", *FILES, "--log", "DRAWS.jsonl")
    assert result.exit_code == 1
    assert wrong_parts(result) == ["日志中的承诺", "日志中的抽取", "日志中的方案"]


def test_a_draw_whose_commitment_is_not_in_the_log_says_so(draw: Draw) -> None:
    draw("commit", "P.json", "--source", SOURCE)
    Path("DRAWS.jsonl").unlink()
    result = draw("solve", "P.json", *SOLVE)
    assert result.exit_code == 0
    assert "没有这份承诺书" in result.stderr


def test_a_number_or_reason_that_differs_from_the_log_is_found_out(drawn: Draw) -> None:
    drawn("solve", "P.json", *SOLVE, "--reason", "停电")
    change("REVEAL.json", number=1, reason=None)
    result = drawn("verify", *FILES, "--log", "DRAWS.jsonl")
    assert result.exit_code == 1
    assert wrong_parts(result) == ["日志中的抽取"]


def test_two_processes_never_write_into_the_log_at_once(draw: Draw) -> None:
    names = [str(number) for number in range(3)]
    for name in names:
        save(f"P{name}.json", ok_small() | {"name": f"第{name}题"})
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "planners", "draw", "commit", f"P{name}.json", "--source", "x"),
                *("--out", f"C{name}", "--nonce", f"N{name}"),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            stdout=subprocess.DEVNULL,
        )
        for name in names
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert [entry.line for entry in read_log("DRAWS.jsonl").entries] == [1, 2, 3]
