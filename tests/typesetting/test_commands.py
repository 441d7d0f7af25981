"""The papers command: what it writes, what it refuses and how it says so."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from inspections.typesetting.commands import papers
from inspections.typesetting.facts_json import dump_facts
from inspections.typesetting.layout import KINDS
from inspections.typesetting.letter import Status
from tests.typesetting.samples import handover


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(papers, [str(argument) for argument in arguments])


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(dump_facts(handover())), encoding="utf-8")
    return file


def test_render_writes_the_letter_and_names_its_hash_and_fonts(facts: Path, tmp_path: Path) -> None:
    target = tmp_path / "letter.pdf"
    done = run("render", "handover", "--data", facts, "--out", target)
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(b"%PDF-1.7")
    assert "4 页" in done.stdout and "sha256" in done.stdout and ".otf" in done.stdout


def test_a_draft_is_written_and_its_gaps_are_listed(facts: Path, tmp_path: Path) -> None:
    value = json.loads(facts.read_text()) | {"status": Status.DRAFT.value, "number": None, "annexes": []}
    facts.write_text(json.dumps(value))
    done = run("render", "feedback", "--data", facts, "--out", tmp_path / "draft.pdf")
    assert done.exit_code == 0
    assert "草稿缺少：发文字号的序号" in done.stdout


def test_bad_facts_give_one_line_each_with_file_and_path_and_write_nothing(
    facts: Path, tmp_path: Path
) -> None:
    value = json.loads(facts.read_text()) | {"year": "2026", "number": None, "titel": "x"}
    facts.write_text(json.dumps(value))
    done = run("render", "handover", "--data", facts, "--out", tmp_path / "letter.pdf")
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        [str(facts), path] for path in ("titel", "year", "number")
    ]
    assert list(tmp_path.iterdir()) == [facts]


def test_a_character_no_font_has_is_named_by_its_path(facts: Path, tmp_path: Path) -> None:
    value = json.loads(facts.read_text())
    value["body"][0]["para"] = "已完成☑。"
    facts.write_text(json.dumps(value))
    done = run("render", "handover", "--data", facts, "--out", tmp_path / "letter.pdf")
    assert done.exit_code == 2
    assert done.stderr == f"{facts}: body[0].para: 没有字体可以印出：☑\n"


def test_files_that_cannot_be_read_or_written_are_named(facts: Path, tmp_path: Path) -> None:
    absent = run("render", "handover", "--data", tmp_path / "none.json", "--out", tmp_path / "x.pdf")
    assert absent.exit_code == 2 and "none.json" in absent.stderr
    nowhere = run("render", "handover", "--data", facts, "--out", tmp_path / "no" / "x.pdf")
    assert nowhere.exit_code == 2 and "无法写入" in nowhere.stderr
    assert run("render", "poem", "--data", facts, "--out", tmp_path / "x.pdf").exit_code == 2


def test_kinds_lists_what_can_be_made() -> None:
    listed = run("kinds").stdout.splitlines()
    assert listed == [f"{kind.word}\t{kind.name}" for kind in KINDS.values()]
    assert "handover\t交办函" in listed


def test_fonts_lists_every_role(application: Flask) -> None:
    done = application.test_cli_runner().invoke(args=["fonts", "check"])
    assert done.exit_code == 0
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [
        "仿宋",
        "小标宋",
        "黑体",
        "楷体",
        "宋体",
    ]
