"""What nobody should type: it is printed whole or refused with a sentence, and no half of it is left."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner

from inspections.typesetting.commands import papers
from inspections.typesetting.facts_json import dump_facts
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Paragraph, Table
from inspections.typesetting.render import render_pdf
from tests.typesetting.measure import text_of
from tests.typesetting.samples import plain, printed
from tests.typesetting.test_kinds import example


def test_a_paragraph_of_twenty_thousand_characters_is_printed_whole() -> None:
    text = "".join(chr(0x4E00 + n % 3000) for n in range(20_000))
    said = text_of(printed(plain(0, body=(Paragraph(text),))).data)
    pages = {f"—{n}—" for n in range(1, 60)}
    for mark in pages:
        said = said.replace(mark, "")
    assert text in said


@pytest.mark.parametrize("number", [60, pytest.param(2_000, marks=pytest.mark.soak)])
def test_a_long_list_has_every_row_and_its_head_on_every_page(number: int) -> None:
    letter = example("problem_list")
    [table] = letter.body
    assert isinstance(table, Table)
    rows = tuple((str(n), f"第{n}号村", *table.rows[0][2:]) for n in range(1, number + 1))
    made = render_pdf(letter_paper("problem_list", replace(letter, body=(replace(table, rows=rows),))))
    pages = pypdf.PdfReader(io.BytesIO(made.data)).pages
    said = text_of(made.data)
    assert all(f"第{n}号村" in said for n in range(1, number + 1))
    heads = sum("问题表现" in "".join(page.extract_text().split()) for page in pages)
    assert heads >= len(pages) - 1  # the signature may have a page for itself and the last rows


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "标题\u0007", "title"),
        ("title", "标题\u202e倒写", "title"),
        ("issuer", "", "issuer"),
        ("body", [{"para": "密\u200b文"}], "body[0].para"),
        ("body", [{"para": "🏛"}], "body[0].para"),
        ("body", [{"table": {"columns": [{"title": "甲"}], "rows": [["一", "二"]]}}], "body[0].table"),
        ("date", "2026-02-30", "date"),
    ],
)
def test_a_bad_field_is_named_and_no_file_is_written(
    tmp_path: Path, field: str, value: object, sentence: str
) -> None:
    facts = dump_facts(example("handover")) | {field: value}
    (tmp_path / "facts.json").write_text(json.dumps(facts), "utf-8")
    target = tmp_path / "letter.pdf"
    command = ["render", "handover", "--data", str(tmp_path / "facts.json"), "--out", str(target)]
    done = CliRunner().invoke(papers, command)
    assert done.exit_code == 2
    assert sentence in done.output
    assert not target.exists()
