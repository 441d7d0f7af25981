"""Tables: readable type, heads repeated on every page, nothing over a rule, no page of a head alone."""

from collections.abc import Iterator
from typing import Any

from inspections.typesetting.check.reading import MM, Element, Reading, Seen, in_role, listed, printed
from inspections.typesetting.check.strokes import unruled
from inspections.typesetting.composer import NO_START

#: the type of a table, in mm: 9 to 14 pt
SMALLEST, LARGEST = 9 * MM, 14 * MM
#: from how many walls on a table has columns of its own, and so a head
COLUMNS = 4


def elements(reading: Reading) -> Iterator[Element]:
    """Nothing is yielded where there is no table."""
    bare = unruled(reading)
    if bare:
        yield Element("表格框线", "表格有框线", listed(bare), False)
    cells = [line for line in reading.lines if reading.in_table(line)]
    if not cells:
        return
    odd = [
        line.text[:6]
        for line in cells
        if any(not SMALLEST - 0.05 <= sign.size <= LARGEST + 0.05 for sign in line.signs)
    ]
    yield Element("表格字号", "9—14 pt", listed(odd) if odd else "相符", not odd)
    fonts = sorted({line.font for line in cells if not any(in_role(line.font, r) for r in ("fang", "hei"))})
    yield Element("表格字体", "仿宋，表头黑体", listed(fonts) if fonts else "相符", not fonts)
    over = [f"第{page.page_number}面“{text}”" for page in reading.pages for text in _over(reading, page)]
    yield Element("表格文字不压线", "都在格内", listed(over), not over)
    starts = [words for page in reading.pages for words in _starts(reading, page)]
    yield Element("格内避头", "格内行首没有禁则标点", listed(starts), not starts)
    yield from _heads(reading)


def _over(reading: Reading, page: Any) -> list[str]:
    """The characters that a wall runs through or that stand outside the outer walls."""
    found = []
    walls = reading.walls[page.page_number]
    for char in printed(page):
        if not char["upright"]:
            continue
        left, right = char["x0"] * MM, char["x1"] * MM
        middle = (char["top"] + char["bottom"]) * MM / 2
        beside = [x for x, top, bottom in walls if top <= middle <= bottom]
        if any(left + 0.4 < x < right - 0.4 for x in beside):
            found.append(char["text"])
    return found


def _starts(reading: Reading, page: Any) -> list[str]:
    """Lines of cells that begin with a sign that may not begin a line."""
    number = page.page_number
    walls = reading.walls[number]
    found = []
    for char in page.chars:
        if char["text"] not in NO_START or not char["upright"]:
            continue
        left, middle = char["x0"] * MM, (char["top"] + char["bottom"]) * MM / 2
        beside = [x for x, top, bottom in walls if top <= middle <= bottom]
        wall = max((x for x in beside if x <= left + 0.2), default=None)
        if wall is None or left - wall > 4 or max(beside) < left:
            continue
        before = any(
            wall < other["x0"] * MM < left - 0.2
            and abs((other["top"] + other["bottom"]) * MM / 2 - middle) < 1.5
            and other["text"].strip()
            for other in page.chars
        )
        if not before:
            found.append(char["text"])
    return found


def _heads(reading: Reading) -> Iterator[Element]:
    """A table with columns that goes over a page has its head, in 黑体, on each of them, and a row below."""
    wrong, alone, plain = [], [], []
    before = False
    for page in reading.pages:
        number = page.page_number
        columns = len({round(x) for x, _, _ in reading.walls[number]})
        rows = [line for line in reading.lines if line.page == number and reading.in_table(line)]
        if columns < COLUMNS or not rows:
            before = False
            continue
        top = min(line.base for line in rows)
        head = [line for line in rows if line.base < top + 3]
        starts_page = top < min((line.base for line in reading.lines if line.page == number), default=0) + 1
        if before and starts_page and not _is_head(head):
            wrong.append(str(number))
        if not before and reading.kind.word and not _is_head(head):
            plain.append(str(number))
        if all(_is_head([line]) for line in rows):
            alone.append(str(number))
        before = _reaches_foot(reading, number, rows)
    yield Element("表头字体", "黑体", f"第{listed(plain)}面不是" if plain else "相符", not plain)
    yield Element("续表表头", "每面重复表头", f"第{listed(wrong)}面没有" if wrong else "相符", not wrong)
    yield Element("只有表头的面", "没有", f"第{listed(alone)}面" if alone else "没有", not alone)


def _is_head(rows: list[Seen]) -> bool:
    return bool(rows) and all(in_role(line.font, "hei") for line in rows)


def _reaches_foot(reading: Reading, page: int, rows: list[Seen]) -> bool:
    """Whether the table is the last thing on its page."""
    last = max(line.base for line in rows)
    return not any(
        line.page == page and line.base > last + 1 and not reading.is_number(line) for line in reading.lines
    )
