"""The check falls for no wrong print, cries wolf at no right one, and reads the PDFs of other programs."""

import io
import random
from dataclasses import replace

import pypdf
import pytest

from inspections.typesetting.check import NotReadable, check
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Heading, Letter, Paragraph, Status
from inspections.typesetting.render import render_pdf
from tests.typesetting.samples import plain, printed
from tests.typesetting.subtle_wrong_prints import SUBTLE
from tests.typesetting.subtle_wrong_tails import SUBTLE_TAILS
from tests.typesetting.wrong_prints import WRONG, facts, print_with

EVERY_WRONG = WRONG | SUBTLE | SUBTLE_TAILS

#: one of each part of the paper in every run; `make soak` prints all of them
SAMPLE = (
    *("left margin 31 mm", "body in 楷体", "body 14 pt", "headings in 仿宋", "no indent", "all text red"),
    *("red lines 5 mm off", "no blank lines around the title", "signature at the left edge", "table 5 pt"),
    *("general: red rule short", "imprint at the edge", "straight quotes", "doubled ordinals"),
    *("some words in 黑体", "red lines on every page", "a word of the title torn", "a drawn seal"),
    *("two annexes named, one there", "general: imprint without its last rule", "numbers torn"),
    *("table rules blue", "quotes never closed", "second ordinals out of order"),
)
WORDS = "检查组对村级财务公开、集体资产资源管理和惠民补贴发放等情况进行了查阅、走访和比对，"


def failing(data: bytes) -> list[str]:
    try:
        return [each.name for each in check(data) if not each.passed]
    except NotReadable as reason:
        return [str(reason)]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_wrong_print_is_found_out(name: str, printer_warnings: list[str]) -> None:
    wrong = EVERY_WRONG[name]
    assert failing(print_with(wrong.kind, wrong.css, wrong.spoil)), name
    printer_warnings.clear()


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(EVERY_WRONG) - set(SAMPLE)))
def test_every_wrong_print_is_found_out(name: str, printer_warnings: list[str]) -> None:
    wrong = EVERY_WRONG[name]
    assert failing(print_with(wrong.kind, wrong.css, wrong.spoil)), name
    printer_warnings.clear()


def some_letter(seed: int) -> Letter:
    """A letter of random headings and paragraphs; figures, quotes, units and rare names among them."""
    lot = random.Random(seed)
    odd = ["“三资”", "36.5㎡", "12345.60元", "㐂某", "2026年3月", "（2笔）", "GB/T9704", "90%", "《办法》"]
    body: list[Heading | Paragraph] = []
    for _ in range(lot.randint(1, 4)):
        body.append(Heading(1, lot.choice(["总体情况", "存在问题", "整改要求", "下步打算和需要说明的事项"])))
        if lot.random() < 0.5:
            body.append(Heading(2, lot.choice(["财务管理方面", "压实责任"])))
        for _ in range(lot.randint(1, 3)):
            text = "".join(WORDS[: lot.randint(4, 40)] + lot.choice(odd) for _ in range(lot.randint(1, 7)))
            body.append(Paragraph(text.rstrip("，、") + "。"))
    return replace(plain(1), body=tuple(body))


@pytest.mark.parametrize("seed", range(6))
def test_a_right_print_passes(seed: int) -> None:
    assert failing(printed(some_letter(seed)).data) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6, 200))
def test_two_hundred_right_prints_pass(seed: int) -> None:
    assert failing(render_pdf(letter_paper("handover", some_letter(seed))).data) == []


@pytest.mark.parametrize("kind", ["handover", "bulletin", "minutes", "register"])
def test_the_code_at_the_foot_stands_on_every_sheet_and_moves_nothing(kind: str) -> None:
    code = "K7QM-2XHD-BA3F"
    bare = letter_paper(kind, replace(facts(kind), status=Status.ISSUED))
    with_code, without = (render_pdf(replace(bare, trace=trace)) for trace in (code, ""))
    said = [
        page.extract_text().replace(" ", "") for page in pypdf.PdfReader(io.BytesIO(with_code.data)).pages
    ]
    assert with_code.pages == without.pages == len(said)
    assert all(f"留痕码{code}" in page for page in said)
    assert check(with_code.data) == check(without.data)


def test_units_and_rare_names_do_not_raise_an_alarm() -> None:
    text = "违建 36.5㎡；户主㐂某、㳇某、𫍯某、𠮷某、䶮某（化名），" + WORDS * 3
    letter = plain(1, body=(Paragraph(text.rstrip("，") + "。"), Paragraph(WORDS * 2 + "结束。")))
    assert failing(printed(letter).data) == []


def test_the_pdf_of_another_program_is_measured_by_what_its_first_page_shows() -> None:
    for kind in ("handover", "bulletin", "minutes"):
        reader = pypdf.PdfReader(io.BytesIO(print_with(kind)))
        writer = pypdf.PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.add_metadata({"/Producer": "another program"})
        out = io.BytesIO()
        writer.write(out)
        found = check(out.getvalue())
        assert len(found) > 25
        assert [each.name for each in found if not each.passed] == []


def test_a_scan_and_a_page_without_a_mark_are_answered_plainly() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NotReadable, match="扫描件"):
        check(out.getvalue())
    with pytest.raises(NotReadable, match="没有红色的发文机关标志"):
        check(without_subject(print_with("register")))


def without_subject(data: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
