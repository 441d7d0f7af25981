"""The commands, to the letter of the published interface."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspections.comparisons.commands import compare
from tests.comparisons.conftest import Compared, run

NUMBER = "629999197803124450"  # good, of a region nobody lives in
REGISTER = "户号,乡镇,村,姓名,身份证号,关系,性别,出生日期,村码\n"
POOR = "乡镇,村,姓名,身份证号,户主身份证号,起月,止月\n"
STAFF = "姓名,身份证号,单位,进入月,离开月\n"


def write(folder: Path, **lists: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in lists.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def two(folder: Path) -> Path:
    return write(
        folder,
        户籍=REGISTER + f"H1,柳镇,柳村,李建国,{NUMBER},户主,男,1978-03-12,V1\n" * 1,
        低保=POOR + f"柳镇,柳村,李建国,{NUMBER},{NUMBER},2024-01,\n",
        财政供养=STAFF + f"李建国,{NUMBER},县一中,2020-01,\n",
    )


def test_result_has_the_published_form(tmp_path: Path) -> None:
    answer = run(two(tmp_path / "a"), tmp_path / "r.json", "--models", "M02")
    assert answer.exit_code == 0, answer.output
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert found["format"] == "comparisons.result/1"
    assert {"file": "低保.csv", "kind": "低保", "rows": 1, "bad": 0} in found["lists"]
    (hit,) = found["hits"]
    assert (
        hit["model"] == "M02"
        and hit["grade"] == "strong"
        and hit["rows"] == [["低保.csv", 2], ["财政供养.csv", 2]]
    )
    assert set(hit) <= {"model", "grade", "unit", "subject", "rows", "amount", "months", "reason"}
    text = (tmp_path / "r.json").read_text("utf-8")
    assert NUMBER not in text and "李建国" not in text


def test_the_same_lists_give_the_same_file_every_time(county: Compared, tmp_path: Path) -> None:
    assert run(county.folder, tmp_path / "again.json").exit_code == 0
    assert json.loads((tmp_path / "again.json").read_text("utf-8")) == county.result


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({}, "没有一份名单"),
        ({"没有这种": "姓名\n"}, "文件名不是任何一种名单"),
        ({"低保": ""}, "没有表头"),
        ({"低保": "乡镇,村,姓名,户主身份证号,起月,止月\n"}, "缺少“身份证号”一列"),
        ({"低保": POOR + "柳镇,柳村,李建国,6.29999E+17,,2024-01,\n"}, "已被 Excel 截断（第2行）"),
        ({"低保": POOR + f"柳镇,柳村,{NUMBER},李建国,,2024-01,\n" * 25}, "只有 0% 的值像身份证号"),
        ({"低保": POOR + '柳镇,"柳村,李建国\n'}, "引号不成对"),
    ],
)
def test_bad_input_is_one_line_a_fault_and_writes_nothing(
    tmp_path: Path, lists: dict[str, str], said: str
) -> None:
    answer = run(write(tmp_path / "a", **lists), tmp_path / "r.json")
    assert answer.exit_code == 2
    (line,) = answer.stderr.strip().splitlines()
    assert said in line
    assert not (tmp_path / "r.json").exists()
    assert NUMBER not in line and "李建国" not in line


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"from": "2024-13"}',
        '{"from": "2025-01", "to": "2024-01"}',
        '{"form": "2024-01"}',
        '{"to": 5}',
    ],
)
def test_a_bad_exercise_is_refused(tmp_path: Path, text: str) -> None:
    folder = two(tmp_path / "a")
    (folder / "exercise.json").write_text(text, encoding="utf-8")
    answer = run(folder, tmp_path / "r.json")
    assert answer.exit_code == 2 and answer.stderr.startswith("exercise.json：")


def test_unknown_models_are_refused(tmp_path: Path) -> None:
    answer = run(two(tmp_path / "a"), tmp_path / "r.json", "--models", "M02,M99")
    assert answer.exit_code == 2 and len(answer.stderr.strip().splitlines()) == 1


def test_several_files_quoted_fields_and_encodings_keep_their_lines(tmp_path: Path) -> None:
    folder = two(tmp_path / "a")
    (folder / "低保.csv").unlink()
    mine = f'"柳镇","柳村","李建国","{NUMBER}",,2024-01,\n'
    quoted = POOR + f'"柳\n镇","柳村","李建国","{NUMBER}",,2024-02,\n\n小计,,,,,,\n{mine}'
    (folder / "低保2024-一.csv").write_bytes(quoted.encode("gb18030"))
    other = f"2024年低保名单,,,,,,\n{POOR}柳镇,柳村,李建国,'{NUMBER} ,,202403,9999-12\n"
    (folder / "低保2024-二.csv").write_bytes(other.encode("utf-8-sig"))
    answer = run(folder, tmp_path / "r.json", "--models", "M02")
    assert answer.exit_code == 0, answer.output
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))
    (hit,) = found["hits"]
    places = [["低保2024-一.csv", 2], ["低保2024-一.csv", 6], ["低保2024-二.csv", 3], ["财政供养.csv", 2]]
    assert hit["rows"] == places
    assert [one["bad"] for one in found["lists"] if one["file"] == "低保2024-一.csv"] == [1]


def test_lists_models_and_report_answer(county: Compared, tmp_path: Path) -> None:
    runner = CliRunner()
    assert "流水（财政（一卡通））" in runner.invoke(compare, ["lists"]).output
    listed = runner.invoke(compare, ["models"]).output
    assert len(listed.strip().splitlines()) >= 30
    (tmp_path / "r.json").write_text(json.dumps(county.result), encoding="utf-8")
    assert "M01 死亡后领取" in runner.invoke(compare, ["report", str(tmp_path / "r.json")]).output


def test_the_command_is_mounted(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "inspections",
        "compare",
        "run",
        str(tmp_path / "none"),
        "--out",
        str(tmp_path / "r"),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 2 and "没有这个文件夹" in answer.stderr
