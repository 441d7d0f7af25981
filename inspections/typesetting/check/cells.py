"""The cells of tables, line by line: numbers, dates and codes whole, lines apart, rules thin and black."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from inspections.typesetting.check.reading import MM, Element, Reading, is_black, listed, printed

#: the rules of a table are at most so many mm thick
THICKEST = 1.0
#: what is shorter (mm) is no rule
SHORTEST = 20
#: lines of a cell are at least so many of its own size apart
CLOSEST = 1.0
# a fingerprint in hexadecimal may be divided anywhere
_ENDS = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9.,，]*$")
_GOES_ON = re.compile(r"^(?![0-9]*[A-Za-z])[0-9.,月日%％‰]")


@dataclass(frozen=True, slots=True)
class _CellLine:
    """A line within one column of a table: its words, baseline and size in mm."""

    text: str
    base: float
    size: float


def elements(reading: Reading) -> Iterator[Element]:
    """Nothing is yielded where there is no table."""
    torn: list[str] = []
    close: list[str] = []
    found = False
    for page in reading.pages:
        for above, below in _neighbours(reading, page):
            found = True
            if _ENDS.search(above.text) and _GOES_ON.match(below.text):
                torn.append(f"{above.text[-6:]}/{below.text[:6]}")
            if below.base - above.base < CLOSEST * below.size:
                close.append(above.text[:6])
    if found:
        yield Element("格内数字", "数字、日期不拆行", listed(torn) if torn else "相符", not torn)
        yield Element("格内行距", "行与行不相叠", listed(close) if close else "相符", not close)
    if thick := [str(page.page_number) for page in reading.pages if _thick(page)]:
        yield Element("表格线", f"不粗于 {THICKEST} mm", f"第{listed(thick)}面过粗", False)


def _neighbours(reading: Reading, page: Any) -> Iterator[tuple[_CellLine, _CellLine]]:
    """Two lines of one cell, one below the other."""
    walls = reading.walls[page.page_number]
    columns = sorted({round(x, 1) for x, _, _ in walls})
    chars = [char for char in printed(page) if char["upright"]]
    for left, right in pairwise(columns):
        if right - left < 3:
            continue
        mine = [char for char in chars if left <= (char["x0"] + char["x1"]) / 2 * MM <= right]
        rules = [rule for rule in reading.rules[page.page_number] if rule.left < right - 2 < rule.right]
        for above, below in pairwise(_rows(page, mine)):
            within = [t for x, t, b in walls if abs(x - left) < 0.3 and t - 0.5 <= above.base <= b + 0.5]
            parted = any(above.base - 1 < rule.top < below.base for rule in rules)
            if within and not parted and below.base - above.base < 4 * below.size:
                yield above, below


def _rows(page: Any, chars: list[dict[str, Any]]) -> list[_CellLine]:
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda one: (-one["matrix"][5], one["x0"])):
        if rows and abs(rows[-1][0]["matrix"][5] - char["matrix"][5]) < 2:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [
        _CellLine(
            text="".join(char["text"] for char in sorted(row, key=lambda one: one["x0"])),
            base=float(page.height - row[0]["matrix"][5]) * MM,
            size=max(char["size"] for char in row) * MM,
        )
        for row in rows
    ]


def _thick(page: Any) -> bool:
    """Whether a black bar of the page, be it a line or a filled box, is thicker than a rule may be.

    The short strokes of a square code are no rules.
    """
    for line in page.lines:
        long = max(line["width"], line["height"]) * MM > SHORTEST
        if long and is_black(line.get("stroking_color")) and (line.get("linewidth") or 0) * MM > THICKEST:
            return True
    for box in page.rects:
        thin, long = sorted((box["width"] * MM, box["height"] * MM))
        if (
            box.get("fill")
            and is_black(box.get("non_stroking_color"))
            and THICKEST < thin < 3
            and long > SHORTEST
        ):
            return True
    return False
