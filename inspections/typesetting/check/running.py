"""The running text: size, fonts by level, indents, full lines, pitch, colour (5.2, 7.3.3)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from inspections.typesetting.check.reading import (
    BOTTOM,
    CHARACTER,
    DRAFT,
    LEFT,
    NEAR,
    PITCH,
    RIGHT,
    Element,
    Reading,
    Seen,
    in_role,
    is_black,
    is_red,
    listed,
    printed,
)
from inspections.typesetting.composer import NO_END, NO_START
from inspections.typesetting.layout import Base

LINES = 22
_OPENING = "（《“‘【〔"
_INDENT = LEFT + 2 * CHARACTER
#: how headings of the levels 1 and 2 begin, and in which role they stand
LEVELS = (
    (re.compile(r"^[一二三四五六七八九十]+、"), "hei"),
    (re.compile(r"^（[一二三四五六七八九十]+）"), "kai"),
)


def elements(reading: Reading) -> Iterator[Element]:
    """Nothing is yielded for a form without running text."""
    lines = reading.running
    if reading.kind.base is Base.FORM:
        yield from _colour(reading)
        return
    sizes = sorted({f"{line.size:.2f}" for line in lines if not line.in_body_size})
    some = any(line.in_body_size for line in lines)
    yield Element("正文字号", "3号", f"{listed(sizes)} mm" if sizes else "3号", some and not sizes)
    full = [a for a, b in pairwise(lines) if _continues(a, b)]
    worst = max((abs(line.right - RIGHT) for line in full), default=0.0)
    words = f"{len(full)} 行撑满，最大偏差 {worst:.2f} mm"
    yield Element("撑满版心（右边）", f"每一整行止于 {RIGHT} ± {NEAR} mm", words, worst <= NEAR)
    starts = [line.text for line in lines if line.text[0] in NO_START]
    yield Element("行首避头", "没有禁则标点", listed(starts), not starts)
    ends = [line.text for line in full if line.text[-1] in NO_END]
    yield Element("行尾避尾", "没有禁则标点", listed(ends), not ends)
    most = max((_count(reading, n) for n in reading.upright), default=0)
    yield Element("每面行数", f"不多于 {LINES} 行", f"最多 {most} 行", most <= LINES)
    yield from _pitch(reading)
    yield from _fonts(lines)
    yield from _indents(lines)
    yield from _stranded(reading)
    yield from _colour(reading)


def _continues(above: Seen, below: Seen) -> bool:
    """Whether the line below goes on with the paragraph above: its first sign stands at the left edge."""
    if above.page != below.page or not 8 < below.base - above.base < 13:
        return False
    starts_left = abs(below.left - LEFT) < 0.6 or (below.text[0] in _OPENING and below.left < LEFT + 3.2)
    return starts_left and above.right > RIGHT - 25


def _count(reading: Reading, page: int) -> int:
    bases = sorted({round(line.base) for line in reading.running if line.page == page})
    return sum(1 for n, one in enumerate(bases) if n == 0 or one - bases[n - 1] > 2)


def _pitch(reading: Reading) -> Iterator[Element]:
    """Every step from line to line of text is one pitch; none leads over a table or figure."""
    steps = [
        b.base - a.base
        for a, b in pairwise(reading.running)
        if a.page == b.page and not _between(reading, a, b)
    ]
    off = max((abs(step - PITCH) for step in steps), default=0.0)
    said = f"{len(steps)} 处，最大偏差 {off:.2f} mm"
    yield Element("行距", f"{PITCH:.2f} ± {NEAR} mm，从基线量起", said, off <= NEAR)


def _between(reading: Reading, above: Seen, below: Seen) -> bool:
    return any(
        line.page == above.page and above.base < line.base < below.base and line not in (above, below)
        for line in reading.lines
    ) or any(above.base < rule.top < below.top for rule in reading.rules[above.page])


def _role(line: Seen) -> str:
    return next((role for begins, role in LEVELS if begins.match(line.text)), "fang")


def _fonts(lines: list[Seen]) -> Iterator[Element]:
    """仿宋, the first level in 黑体, the second in 楷体; a heading's second line like its first."""
    wrong: list[str] = []
    role, above = "fang", None
    for line in lines:
        goes_on = above is not None and _continues(above, line)
        role = role if goes_on else _role(line)
        allowed = (role, "fang") if goes_on or _is_sentence(line) else (role,)
        if not any(in_role(line.font, one) for one in allowed):
            wrong.append(f"“{line.text[:6]}”{line.font}")
        above = line
    yield Element(
        "正文字体", "3号仿宋，一级标题黑体、二级标题楷体", listed(wrong) if wrong else "相符", not wrong
    )
    bold = [line.text[:6] for line in lines if any("Bold" in sign.font for sign in line.signs)]
    yield Element("正文不加粗", "不加粗", listed(bold), not bold)
    leaning = [line.text[:6] for line in lines if any(sign.leans for sign in line.signs)]
    yield Element("正文不倾斜", "不用斜体", listed(leaning), not leaning)
    mixed = list(_mixed(lines))
    yield Element("字体不混用", "一段之内字体、字号如一", listed(mixed) if mixed else "相符", not mixed)


def _mixed(lines: list[Seen]) -> Iterator[str]:
    """Words within a paragraph in another font or size than 仿宋; a heading may open it in its own.

    Characters beyond GB 2312 may come from another font, and so may figures and Latin letters.
    """
    role = "fang"
    for above, line in pairwise([None, *lines]):
        assert line is not None  # noqa: S101 - only the first of the pairs is None
        role = role if above is not None and _continues(above, line) else _role(line)
        for sign in line.signs:
            strange = not in_role(sign.font, "fang") and not in_role(sign.font, role)
            if _is_common(sign.text) and (strange or abs(sign.size - line.size) > 0.05):
                yield line.text[line.text.index(sign.text) :][:6]
                break


def _is_common(text: str) -> bool:
    """Whether it is a 汉字 that every Chinese font has."""
    if not "一" <= text <= "龥":
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _is_sentence(line: Seen) -> bool:
    """A paragraph that begins with an ordinal and goes on as a sentence is text, as in a list of advice."""
    return line.text.endswith("。") or line.right > RIGHT - 8


def _indents(lines: list[Seen]) -> Iterator[Element]:
    """A paragraph begins two characters in, every other line at the left edge."""
    wrong = []
    for above, line in pairwise([None, *lines]):
        assert line is not None  # noqa: S101 - only the first of the pairs is None
        bracket = 3.2 if line.text[0] in _OPENING else 0.0
        at_edge = LEFT - 0.6 <= line.left <= LEFT + 0.6 + bracket
        indented = _INDENT - 0.6 <= line.left <= _INDENT + 0.6 + bracket
        opens = above is None or (above.page == line.page and above.right < RIGHT - 25)
        if not (indented or (at_edge and not opens)):
            wrong.append(line.text[:6])
    yield Element("段首", "左空二字，回行顶格", listed(wrong) if wrong else "相符", not wrong)


def _stranded(reading: Reading) -> Iterator[Element]:
    """No heading is the last line of its page."""
    last = {line.page: line for line in reading.running}
    rest = {line.page for line in reading.lines if not reading.is_number(line) and not line.red}
    wrong = [
        line.text[:8]
        for page, line in last.items()
        if not in_role(line.font, "fang") and line.base > BOTTOM - 3 * PITCH and page + 1 in rest
        if not any(
            other.page == page and other.base > line.base and other.top < BOTTOM for other in reading.lines
        )
    ]
    yield Element("标题不落面末", "标题后同面至少一行", listed(wrong), not wrong)


def _colour(reading: Reading) -> Iterator[Element]:
    """Text is black; red are only the mark, the rules, and what a draft still lacks."""
    draft = any(line.text.startswith(DRAFT) for line in reading.lines)
    wrong = set()
    for page in reading.pages:
        for char in printed(page):
            colour = char["non_stroking_color"]
            if is_black(colour):
                continue
            in_head = page.page_number == 1 and char["top"] * 25.4 / 72 < 100 and char["size"] > 23
            if not (is_red(colour) and (in_head or draft)):
                wrong.add(page.page_number)
    said = f"第{listed([str(page) for page in sorted(wrong)])}面有别的颜色" if wrong else "相符"
    yield Element("颜色", "黑字，只有发文机关标志和分隔线为红色", said, not wrong)
