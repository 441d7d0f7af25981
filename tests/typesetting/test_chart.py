"""Figures: bars as SVG with a text for who cannot see them; long labels wrap, many bars take more pages."""

import io
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pdfplumber
import pypdf
import pytest

from inspections.typesetting.chart import HIGHEST, LABELS, drawings
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.fonts import advance
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Figure
from inspections.typesetting.render import render_pdf
from tests.typesetting.bench import EXAMPLES

SVG = "{http://www.w3.org/2000/svg}"
MM = 25.4 / 72


def width(char: str) -> float:
    return advance("fang", char)


def drawn(*bars: tuple[str, int]) -> list[ElementTree.Element]:
    made = drawings("图", [(label, Decimal(number)) for label, number in bars], "仿宋", width)
    return [ElementTree.fromstring(each) for each in made]


def test_the_longest_bar_fills_the_width_and_the_others_their_share() -> None:
    [drawing] = drawn(("甲", 8), ("乙", 2), ("丙", 0))
    assert [float(bar.get("width", "")) for bar in drawing.iter(f"{SVG}rect")] == pytest.approx([96, 24, 0])
    assert drawing.findtext(f"{SVG}title") == "图：甲 8，乙 2，丙 0"


def test_markup_in_a_label_stays_text() -> None:
    [drawing] = drawn(("<rect/>&'\"", 1))
    assert len(list(drawing.iter(f"{SVG}rect"))) == 1
    assert "<rect/>&'\"" in [text.text for text in drawing.iter(f"{SVG}text")]


def test_all_nothing_is_drawn_without_a_bar() -> None:
    [drawing] = drawn(("甲", 0))
    assert [bar.get("width") for bar in drawing.iter(f"{SVG}rect")] == ["0.000"]


def test_sixty_bars_with_long_labels_stay_inside_their_pages() -> None:
    label = "农村集体资金资产资源管理不规范以及应收款项长期挂账没有清理"
    heights = [float(one.get("height", "").removesuffix("mm")) for one in drawn(*[(label, 1)] * 60)]
    assert len(heights) > 3
    assert max(heights) <= HIGHEST
    letter = parse_facts((EXAMPLES / "round_report.json").read_bytes())
    figure = Figure("类别", tuple((f"{n}{label}", Decimal(n)) for n in range(1, 61)))
    printed = render_pdf(letter_paper("round_report", replace(letter, body=(*letter.body, figure))))
    with pdfplumber.open(io.BytesIO(printed.data)) as document:
        small = [char for page in document.pages for char in page.chars if abs(char["size"] - 10.5) < 0.1]
        assert all(char["bottom"] * MM < 266 and char["x0"] * MM > 27.5 for char in small)
        labels = [char for char in small if char["x1"] * MM < 28 + LABELS + 0.5]
        assert len(labels) > 60 * 20


def test_who_cannot_see_the_figure_reads_it() -> None:
    letter = parse_facts((EXAMPLES / "round_report.json").read_bytes())
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(letter_paper("round_report", letter)).data))
    said = [
        found.get_object()["/Alt"]
        for number in range(1, reader.trailer["/Size"])
        if isinstance(found := reader.get_object(pypdf.generic.IndirectObject(number, 0, reader)), dict)
        and "/Alt" in found
    ]
    assert any("问题最多的类别（个）：" in text for text in said)
