"""`planners compare`: several problems side by side, bad files named before anything is solved."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from planners.__main__ import planners
from tests.planners.formats.test_version_2 import second_small
from tests.planners.small import Json


def written(folder: Path, name: str, data: Json) -> str:
    file = folder / name
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return str(file)


def test_a_softer_policy_is_set_beside_the_strict_one(tmp_path: Path) -> None:
    soft = second_small()
    soft["rules"]["crossing"]["leader"] = {"area": {"avoid": 5}}
    files = [written(tmp_path, "strict.json", second_small()), written(tmp_path, "soft.json", soft)]
    said = CliRunner().invoke(planners, ["compare", *files, "--seconds", "5", "--json"])
    assert said.exit_code == 0, said.output
    strict, softer = json.loads(said.output)
    assert softer["total"] <= strict["total"]
    assert strict["own_area"] < softer["own_area"]
    assert sum(strict["terms"].values()) == strict["total"]
    table = CliRunner().invoke(planners, ["compare", *files, "--seconds", "5"]).output.splitlines()
    assert [len(row.split("\t")) for row in table[:4]] == [12, 12, 12, 3]
    assert any(row.startswith("宜交叉而未交叉\t0\t") for row in table)


def test_a_problem_that_lacks_people_ends_in_3_and_a_bad_file_in_2(tmp_path: Path) -> None:
    thin = second_small()
    thin["people"] = [row for row in thin["people"] if "finance" not in row["skills"]]
    assert CliRunner().invoke(planners, ["compare", written(tmp_path, "thin.json", thin)]).exit_code == 3
    bad = written(tmp_path, "bad.json", second_small() | {"rounds": 1})
    said = CliRunner().invoke(planners, ["compare", bad, bad])
    assert said.exit_code == 2
    assert said.stderr.count("rounds: expected a list") == 2
