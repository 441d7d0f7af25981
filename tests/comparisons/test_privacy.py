"""A number or a name put into any field, a file's name or a heading is found nowhere afterwards."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from inspections.comparisons.lists.kinds import kinds
from inspections.comparisons.lists.numbers import check_digit
from tests.comparisons.conftest import run

GOOD = {
    "identity": "",
    "name": "某",
    "month": "2024-03",
    "date": "2024-03-05",
    "year": "2024",
    "money_yuan": "12.5",
    "area": "3",
    "number": "1",
    "place": "柳村",
    "text": "道路",
    "account": "6200000000000001",
    "phone": "13000000001",
}


def canary(rng: random.Random) -> str:
    day = f"{rng.randrange(1950, 2000)}{rng.randrange(10, 13)}{rng.randrange(10, 28)}"
    first = f"629999{day}{rng.randrange(100, 999)}"
    return first + check_digit(first)


def canary_folder(folder: Path, rows: int = 30, every: int = 1) -> list[str]:
    """The list of each kind (or of every so manieth) with a canary in each of its fields in turn, in the
    file's name and a spare column."""
    rng, canaries = random.Random(5), []
    folder.mkdir()
    for kind in list(kinds().values())[::every]:
        lines = [",".join([*(column.name for column in kind.columns), f"备{canary(rng)}"])]
        for place, column in enumerate(kind.columns):
            cells = [GOOD[each.type] or canary(rng) for each in kind.columns] + [canary(rng)]
            number = canary(rng)
            cells[place] = number if column.type in ("identity", "account") else f"{number}欧阳雪莹"
            canaries.append(number)
            lines.append(",".join(cells))
        for _ in range(rows):
            lines.append(",".join([*(GOOD[c.type] or canary(rng) for c in kind.columns), ""]))
        name = canary(rng)
        canaries.append(name)
        (folder / f"{kind.name}2024-{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return canaries


def leaks(folder: Path, canaries: list[str]) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        data = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        found += [path.name for number in canaries if number.encode() in data or number[6:].encode() in data]
        if "欧阳雪莹".encode() in data:
            found.append(path.name)
    return found


def test_two_hundred_canaries_are_found_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    canaries = canary_folder(tmp_path / "lists")
    assert len(canaries) > 200
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "out").mkdir()
    answer = run(tmp_path / "lists", tmp_path / "out" / "r.json")
    assert answer.exit_code == 0, answer.output
    assert not leaks(tmp_path / "out", canaries)
    assert not any(number in answer.output for number in canaries)
    assert "欧阳雪莹" not in answer.output


def test_a_killed_run_leaves_nothing_readable_and_the_next_sweeps_up(tmp_path: Path) -> None:
    canaries = canary_folder(tmp_path / "lists", rows=4000, every=6)
    work = tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "lists")]
    for pause in (1.5,):
        job = subprocess.Popen(
            command,
            env={**os.environ, "TMPDIR": str(work)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not list(work.rglob("*.parquet")):
            time.sleep(0.05)
        time.sleep(pause / 10)
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()
        assert not leaks(work, canaries)
    left = list(work.glob("compare-*"))
    subprocess.run(
        command, env={**os.environ, "TMPDIR": str(work)}, check=True, timeout=120, stdout=subprocess.DEVNULL
    )
    assert left and not list(work.glob("compare-*"))


PROGRAM = """
import sys
from pathlib import Path
from inspections.comparisons import running
running.run(Path(sys.argv[1]), {})
"""
