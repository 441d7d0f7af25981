"""Whoever changes a published file or the log of a draw is found out, and the changed part is named."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from planners.draw import verify as verifying
from planners.draw.drawing import Version, running_version, seed_of
from planners.draw.files import parse_commitment, parse_reveal
from planners.draw.log import BEGINNING, parse_log, read_log
from planners.draw.verify import verify
from planners.formats.canonical import canonical_sha256
from planners.formats.faults import BadInput
from planners.formats.parse import parse_plan, parse_problem
from planners.referee.check import check
from tests.planners.draw_desk import FILES, SOLVE, SOURCE, Draw, change, load, save, wrong_parts
from tests.planners.small import Json, ok_small, priced

ROOT = Path(__file__).parents[3]


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
    monkeypatch.setattr(verifying, "running_version", lambda: Version("0", "0" * 64, "9.15"))
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
