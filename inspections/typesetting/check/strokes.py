"""What is drawn, not written: red only in the head, nothing coloured, no word underlined or struck out."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from inspections.typesetting.check.reading import (
    Element,
    Reading,
    Rule,
    is_black,
    is_red,
    listed,
)
from inspections.typesetting.layout import Base
from inspections.typesetting.picture import drawn

#: the lines of a head are between so many mm thick
THIN, THICK = 0.2, 1.6
#: how much the three parts of a colour may differ in a grey
GREY = 0.06
#: dots per inch at which rules are measured as they are printed
DPI = 300
_DOTS = DPI / 25.4


def elements(reading: Reading) -> Iterator[Element]:
    """The colour of every stroke, and strokes through or below words."""
    red, coloured = set(), set()
    for page in reading.pages:
        for shape, fill, stroke in _shapes(page):
            for colour in (fill, stroke):
                if colour is None or is_black(colour) or _is_grey(colour):
                    continue
                in_head = page.page_number == 1 and _is_bar(shape)
                if not is_red(colour):
                    coloured.add(page.page_number)
                elif not in_head:
                    red.add(page.page_number)
    pages = [str(page) for page in sorted(red)]
    yield Element(
        "红线只在首页版头", "他处没有红色线条", f"第{listed(pages)}面有" if red else "相符", not red
    )
    pages = [str(page) for page in sorted(coloured)]
    yield Element("线条和底色", "黑、灰，没有彩色", f"第{listed(pages)}面有" if pages else "相符", not pages)
    words = list(_underlined(reading))
    yield Element("文字不加线", "没有下划线、删除线", listed(words), not words)
    if reading.kind.base in (Base.LETTER, Base.GENERAL):
        bars = [rule for rule in reading.rules[1] if rule.red and rule.right - rule.left > 100]
        thick = [f"{bar.thickness:.1f} mm" for bar in bars if not THIN <= bar.thickness <= THICK]
        yield Element("红色分隔线粗细", f"{THIN}—{THICK} mm", listed(thick) if thick else "相符", not thick)


def _shapes(page: Any) -> Iterator[tuple[dict[str, Any], Any, Any]]:
    """(shape, colour of its ground, colour of its stroke); None for what is not painted."""
    for shape in (*page.rects, *page.lines, *page.curves):
        fill = shape.get("non_stroking_color") if shape.get("fill") else None
        stroke = shape.get("stroking_color") if shape.get("stroke") else None
        yield shape, fill, stroke


def _is_bar(shape: dict[str, Any]) -> bool:
    return bool(shape["width"] > 20 * shape["height"])


def _is_grey(colour: Any) -> bool:
    values = tuple(colour)
    return len(values) == 1 or (len(values) == 3 and max(values) - min(values) <= GREY)


def _underlined(reading: Reading) -> Iterator[str]:
    """The words of running text and titles that a stroke runs below or through."""
    for line in reading.lines:
        if reading.in_table(line) or line.size < 4.4 or reading.is_number(line):
            continue
        for rule in reading.rules[line.page]:
            beside = min(rule.right, line.right) - max(rule.left, line.left)
            if rule.thickness < 1 and beside > 3 and line.top + 0.5 < rule.top < line.base + 0.25 * line.size:
                yield line.text[:8]
                break


def ruled(reading: Reading, page: int, left: float, right: float, top: float, bottom: float) -> list[Rule]:
    """The black lines from edge to edge in that part of the page, in mm, as they are printed."""
    box = ((left + 1) * _DOTS, top * _DOTS, (right - 1) * _DOTS, bottom * _DOTS)
    strip = drawn(reading.data, page, DPI).convert("RGB").crop(box)
    rows = strip.resize((1, strip.height)).tobytes()  # the mean colour of each row, three bytes each
    found, at = [], 0
    for dark, group in groupby(range(strip.height), key=lambda row: max(rows[3 * row : 3 * row + 3]) < 110):
        length = len(list(group))
        if dark:
            found.append(Rule(left, right, top + at / _DOTS, top + (at + length) / _DOTS, red=False))
        at += length
    return found


def unruled(reading: Reading) -> list[str]:
    """Lines of small type in three or more columns that no rules part: a table without its lines."""
    found = []
    for line in reading.lines:
        if line.size >= 4.4 or reading.in_table(line) or not line.signs:
            continue
        lefts = [sign.left for sign in line.signs]
        gaps = sum(1 for a, b in pairwise(lefts) if b - a > line.size + 2.5)
        if gaps >= 2:
            found.append(line.text[:8])
    return found if len(found) >= 2 else []
