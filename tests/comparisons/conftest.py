"""A small fictional county whose faults are known, compared once for all tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from inspections.comparisons.commands import compare
from inspections.sample.county.write import make


@dataclass(frozen=True)
class Compared:
    """The county's folder, what was planted in it, and the result."""

    folder: Path
    truth: list[dict[str, Any]]
    result: dict[str, Any]


def run(folder: Path, out: Path, *options: str) -> Any:
    """The command's answer."""
    return CliRunner().invoke(compare, ["run", str(folder), "--out", str(out), *options])


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("county")
    truth = make(folder / "lists", 4000, 3)
    answer = run(folder / "lists", folder / "result.json")
    assert answer.exit_code == 0, answer.output
    return Compared(folder / "lists", truth, json.loads((folder / "result.json").read_text("utf-8")))
