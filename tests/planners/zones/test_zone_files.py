"""The files and the command of zones: what they hold, print and refuse, and the exit codes 0, 1 and 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planners.__main__ import planners
from planners.formats.faults import BadInput
from planners.zones.files import dump_zones, parse_areas, parse_zones
from planners.zones.zoning import make_zones
from tests.planners.zone_cases import Json, full_areas, row_of, yongdeng

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"format": "planners.areas/2"}, "format: expected planners.areas/1"),
        ({"townships": []}, "townships: expected a list of at least 1"),
        ({"colour": 1}, "colour: unknown key"),
        ({"adjacency": [["A", "Z"]]}, "adjacency[0][1]: expected the id of one of the townships"),
        ({"adjacency": [["A", "A"]]}, 'adjacency[0]: expected two townships, got "A" twice'),
        ({"adjacency": [["A", "B"], ["B", "A"]]}, "adjacency[1]: expected every pair once"),
        ({"adjacency": [["A"]]}, "adjacency[0]: expected a list of two"),
        ({"limits": {"min": 3, "max": 2}}, "limits.max: expected at least min, 3, got 2"),
        ({"inner": {"count": 0}}, "inner.count: expected a whole number from 1"),
        ({"rooms": [{"id": "M", "staff": -1}]}, "rooms[0].staff: expected a whole number from 0"),
        (
            {"rooms": [{"id": "M", "group": "丙"}]},
            "rooms[0].group: expected the group of one of the townships",
        ),
        ({"rooms": [{"id": "M", "likeness": {"Z": 1}}]}, "rooms[0].likeness.Z: expected the id of one of"),
        ({"rooms": [{"id": "M"}, {"id": "M"}]}, "rooms[1].id: expected an id that no other of the rooms has"),
    ],
)
def test_a_fault_in_the_areas_is_named_by_its_place(change: Json, fault: str) -> None:
    with pytest.raises(BadInput) as bad:
        parse_areas(full_areas() | change)
    assert any(str(found).startswith(fault) for found in bad.value.faults), bad.value.faults


def test_a_township_without_a_place_needs_a_list_of_neighbours() -> None:
    data = row_of([5, 5, 5])
    del data["townships"][1]["x_km"], data["townships"][1]["y_km"]
    assert parse_areas(data).townships[1].place is None
    with pytest.raises(BadInput) as bad:
        parse_areas(data | {"adjacency": []})
    assert [fault.path for fault in bad.value.faults] == ["townships[1].x_km"]
    data["townships"][1]["x_km"] = 1
    with pytest.raises(BadInput, match=r"townships\[1\]\.y_km"):
        parse_areas(data)


def test_the_zones_of_a_file_are_those_that_were_written() -> None:
    areas = parse_areas(full_areas())
    found = make_zones(areas, 3)
    assert parse_zones(json.loads(json.dumps(dump_zones(found))), areas) == found
    with pytest.raises(BadInput, match="areas_sha256"):
        parse_zones(dump_zones(found), parse_areas(full_areas() | {"name": "别处"}))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A function: the command `zones` on these areas in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(data: object, count: int) -> Result:
        Path("areas.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return CliRunner().invoke(
            planners, ["zones", "areas.json", "--zones", str(count), "--out", "zones.json"]
        )

    return command


def test_the_command_writes_the_zones_and_ends_in_0(run: Callable[..., Result]) -> None:
    result = run(yongdeng(), 5)
    assert (result.exit_code, result.stderr) == (0, "")
    areas = parse_areas(yongdeng())
    found = parse_zones(json.loads(Path("zones.json").read_text("utf-8")), areas)
    assert found == make_zones(areas, 5)
    assert result.stdout.splitlines()[-1] == f"5个片区，总值{found.total}，已证明最优"
    assert all(f"{township.name}" in result.stdout for township in areas.townships)


def test_the_command_ends_in_1_with_one_sentence_and_writes_nothing(run: Callable[..., Result]) -> None:
    result = run(yongdeng(), 9)
    assert (result.exit_code, result.stdout, Path("zones.json").exists()) == (1, "", False)
    assert result.stderr == "要求的片区数9太多：每片区至少2个乡镇时，15个乡镇最多分7个片区\n"


def test_the_command_ends_in_2_with_every_fault_on_a_line(run: Callable[..., Result]) -> None:
    data = yongdeng()
    data["townships"][3]["work"] = -1
    data["limits"] = {"min": 3, "max": 2}
    result = run(data, 5)
    assert (result.exit_code, result.stdout, Path("zones.json").exists()) == (2, "", False)
    assert [line.split(" ")[1] for line in result.stderr.splitlines()] == [
        "townships[3].work:",
        "limits.max:",
    ]


def test_two_processes_with_different_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "areas.json").write_text(json.dumps(yongdeng(), ensure_ascii=False), "utf-8")
    written = []
    for seed in ("1", "2"):
        line = [sys.executable, "-m", "planners", "zones", str(tmp_path / "areas.json")]
        line += ["--zones", "5", "--out", str(tmp_path / seed)]
        subprocess.run(
            line, cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.DEVNULL
        )
        written.append((tmp_path / seed).read_bytes())
    assert written[0] == written[1]
