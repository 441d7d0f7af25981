"""信函格式 measured in millimetres on the finished PDF (GB/T 9704-2012, 5.2 and 10.1; ±0.3 mm)."""

import random
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest

from inspections.typesetting.composer import Line as ComposedLine
from inspections.typesetting.composer import compose
from inspections.typesetting.fonts import ROLES, advance
from inspections.typesetting.letter import Paragraph
from inspections.typesetting.render import RenderedPaper
from tests.typesetting.measure import RED, Line, find, ink, lines, pages
from tests.typesetting.samples import handover, plain, printed
from tests.typesetting.test_composer import sensible

CHAR = 156 / 28
PITCH = CHAR * 15 / 8
NEAR = 0.3


@pytest.fixture(scope="module")
def letter() -> RenderedPaper:
    return printed(handover())


@pytest.fixture(scope="module")
def running_text() -> RenderedPaper:
    return printed(plain(1, length=28 * 50))


def in_role(line: Line, role: str) -> bool:
    """True when the line's font is one of the role's families."""
    squeezed = line.font.replace("-", "").replace(" ", "")
    return any(squeezed.startswith(name.replace(" R", "").replace(" ", "")) for name in ROLES[role][1])


def test_every_sheet_is_a4(letter: RenderedPaper) -> None:
    sizes = [sorted((float(page.width), float(page.height))) for page in pages(letter)]
    assert all(size == pytest.approx([595.28, 841.89], abs=0.5) for size in sizes)


def test_the_issuers_mark_stands_thirty_millimetres_below_the_edge_in_red(letter: RenderedPaper) -> None:
    page = pages(letter)[0]
    mark = find(page, "清河县纪律检查委员会")
    assert mark.colour == pytest.approx(RED, abs=0.01)
    assert in_role(mark, "title") and "Bold" in mark.font
    left, top, right, _ = ink(page, (15, 20, 195, 43))
    assert top == pytest.approx(30, abs=NEAR)
    assert (left + right) / 2 == pytest.approx((28 + 184) / 2, abs=1)
    assert "文件" not in mark.text


def test_a_long_issuer_is_condensed_sideways_and_keeps_its_height() -> None:
    name = "清河县纪律检查委员会派出第三乡镇协作区工作委员会"
    page = pages(printed(plain(1, issuer=name)))[0]
    left, top, right, bottom = ink(page, (5, 20, 205, 43))
    assert left >= 28 - NEAR and right <= 184 + NEAR
    assert bottom - top == pytest.approx(10, abs=0.6)


def test_double_red_lines_stand_on_the_first_page_only(letter: RenderedPaper) -> None:
    first, *others = pages(letter)
    bars = [(r["x0"], r["x1"], r["top"], r["bottom"], r["non_stroking_color"]) for r in first.rects]
    mm = [[edge * 25.4 / 72 for edge in bar[:4]] for bar in bars]
    assert all(bar[4] == pytest.approx(RED, abs=0.01) for bar in bars)
    assert [bar[:2] for bar in mm] == [pytest.approx([21, 191], abs=NEAR)] * 4
    thickness = [bottom - top for _, _, top, bottom in mm]
    assert thickness[0] > 2 * thickness[1], "the upper pair is thick above thin"
    assert thickness[3] > 2 * thickness[2], "the lower pair is thin above thick"
    mark_foot = ink(first, (15, 20, 195, 43))[3]
    assert mm[0][2] - mark_foot == pytest.approx(4, abs=NEAR)
    assert 297 - mm[3][3] == pytest.approx(20, abs=NEAR)
    assert all(not _red_rects(page) for page in others)


def _red_rects(page) -> list:
    return [r for r in page.rects if r["non_stroking_color"] == pytest.approx(RED, abs=0.01)]


def test_the_number_stands_at_the_right_under_the_line(letter: RenderedPaper) -> None:
    page = pages(letter)[0]
    number = find(page, "清纪函")
    assert number.text == "清纪函〔2026〕18号"
    assert number.right == pytest.approx(184, abs=NEAR)
    assert number.top - 45.6 == pytest.approx(CHAR * 7 / 8, abs=NEAR)
    assert in_role(number, "fang") and number.size == pytest.approx(CHAR, abs=0.05)


def test_the_title_is_centred_two_lines_below_the_number(letter: RenderedPaper) -> None:
    page = pages(letter)[0]
    number, first, second = (
        find(page, "清纪函"),
        find(page, "关于交办"),
        find(page, "驻点监督检查发现问题的函"),
    )
    for line in (first, second):
        assert (line.left + line.right) / 2 == pytest.approx(106, abs=NEAR)
        assert in_role(line, "title") and line.size == pytest.approx(22 * 25.4 / 72, abs=0.05)
    title_ink = ink(page, (28, 70, 184, 90))[1]
    assert 2 * PITCH <= title_ink - number.bottom < 3 * PITCH
    assert find(page, "中共清泉镇委员会：").left == pytest.approx(28, abs=NEAR)


def test_a_full_page_holds_twenty_two_lines_of_twenty_eight_characters(running_text: RenderedPaper) -> None:
    body = [line for line in lines(pages(running_text)[1]) if line.top < 265]
    assert all(in_role(line, "fang") for line in body)
    assert len(body) == 22
    assert {len(line.text) for line in body} == {28}
    assert body[0].top == pytest.approx(37, abs=NEAR)
    assert body[-1].bottom == pytest.approx(262, abs=NEAR)
    steps = [below.top - above.top for above, below in pairwise(body)]
    assert steps == [pytest.approx(PITCH, abs=0.1)] * 21
    assert all(line.left == pytest.approx(28, abs=NEAR) for line in body)
    assert all(line.right == pytest.approx(184, abs=NEAR) for line in body)


def test_rare_characters_do_not_push_the_lines_apart() -> None:
    text = plain(1, length=28 * 30).body[0].text.replace("级", "喆").replace("务", "䶮")
    letter = plain(1)
    rare = printed(replace(letter, body=(replace(letter.body[0], text=text),)))
    body = [line for line in lines(pages(rare)[0]) if line.top > 120 and line.size < 6][:10]
    assert any("䶮" in line.text for line in body)
    steps = [below.bottom - above.bottom for above, below in pairwise(body)]
    assert steps == [pytest.approx(PITCH, abs=0.4)] * 9


def test_each_level_has_its_font_and_every_paragraph_is_indented_two_characters(
    letter: RenderedPaper,
) -> None:
    page = pages(letter)[0]
    level_one, level_two, item = find(page, "一、"), find(page, "（一）"), find(page, "1.")
    assert in_role(level_one, "hei") and in_role(level_two, "kai") and in_role(item, "fang")
    assert [line.left for line in (level_one, level_two, item)] == [
        pytest.approx(28 + 2 * CHAR, abs=1)
    ] * 3  # an opening bracket's own blank half is part of its character


def test_a_sealed_letter_leaves_the_place_of_the_seal_empty(letter: RenderedPaper) -> None:
    page = pages(letter)[-2]
    issuer, date, names = (
        find(page, "清河县纪律检查委员会"),
        find(page, "2026年10月30日"),
        find(page, "附件："),
    )
    assert date.right == pytest.approx(184 - 4 * CHAR, abs=NEAR)
    assert (issuer.left + issuer.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=NEAR)
    assert date.top - issuer.top == pytest.approx(PITCH, abs=NEAR)
    assert issuer.top - names.top == pytest.approx(3 * PITCH, abs=NEAR), "two lines stay free for the seal"
    assert find(page, "（联系人").top > date.top


def test_no_seal_is_ever_drawn(letter: RenderedPaper) -> None:
    for page in pages(letter):
        assert not page.images
        assert not page.curves
        red_text = [line for line in lines(page) if line.colour == pytest.approx(RED, abs=0.01)]
        assert [line.text for line in red_text] == ["清河县纪律检查委员会"] * (page.page_number == 1)


@pytest.mark.parametrize(
    "issuer", ["清河县纪委", "清河县纪律检查委员会", "清河县纪律检查委员会派出第三协作区工作委员会"]
)
def test_without_a_seal_the_date_begins_two_characters_after_the_issuer(issuer: str) -> None:
    page = pages(printed(plain(1, issuer=issuer, seal_zone=False)))[0]
    signed = [line for line in lines(page) if line.text == issuer][-1]
    date = find(page, "2026年10月30日")
    assert date.left - signed.left == pytest.approx(2 * CHAR, abs=NEAR)
    assert max(date.right, signed.right) == pytest.approx(184 - 2 * CHAR, abs=NEAR)


def test_a_very_long_issuer_stays_inside_the_type_area_above_its_date() -> None:
    issuer = "清河县纪律检查委员会派出第三乡镇协作区工作委员会"
    page = pages(printed(plain(1, issuer=issuer)))[0]
    signed = [line for line in lines(page) if line.text == issuer][-1]
    date = find(page, "2026年10月30日")
    assert signed.right <= 184 + NEAR
    assert (signed.left + signed.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=NEAR)


def test_every_full_line_of_prose_ends_at_the_right_edge() -> None:
    rng = random.Random(156)
    facts = handover()
    body = tuple(Paragraph(sensible(rng)) for _ in range(40))
    letter = printed(replace(facts, body=body, annexes=()))
    expected = [line.text for para in body for line in composed_lines(para.text)]
    full = {line.text for para in body for line in composed_lines(para.text) if line.full}
    found = [line for page in pages(letter) for line in lines(page) if line.text in set(expected)]
    assert len(found) == len(expected)
    for line in found:
        if line.text in full:
            assert line.right == pytest.approx(184, abs=NEAR), line.text
        else:
            assert line.right <= 184 + NEAR


def composed_lines(text: str) -> list[ComposedLine]:
    return compose(text, 28, 26, partial(advance, "fang"))
