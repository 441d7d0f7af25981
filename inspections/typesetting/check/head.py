"""The head of a paper: mark, red lines, number, title, addressee (7.2, 7.3.1, 7.3.2, 10.1)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from inspections.typesetting.check.reading import (
    AT_SIGNING,
    CHARACTER,
    DRAFT,
    LEFT,
    MM,
    NEAR,
    PITCH,
    RIGHT,
    Element,
    Reading,
    Rule,
    Seen,
    in_role,
    within,
)
from inspections.typesetting.layout import Base
from inspections.typesetting.letter import gap
from inspections.typesetting.picture import drawn
from inspections.typesetting.title import shape_cost, title_lines

#: dots per inch at which ink is measured
DPI = 300
#: where the mark's ink begins, by format: 信函 30 mm, 通用 and 纪要 35 mm below the type area's top
MARK_TOP = {Base.LETTER: 30.0, Base.GENERAL: 72.0, Base.MINUTES: 72.0}
#: of a sheet on its side: its type area lies between 35 and 260 mm
SIDEWAYS_MIDDLE = 147.5
MIDDLE = (LEFT + RIGHT) / 2
TITLE_SIZE = 22 * MM
#: by so much another division of the title into lines would have to be better
CLUMSY = 10.0
_NUMBER = re.compile(r"^\D+〔\d{4}〕[1-9]\d*号")


def mark(reading: Reading) -> Iterator[Element]:
    """The issuer's mark, the red lines and the number."""
    marks = [
        line for line in reading.lines if line.page == 1 and line.red and not line.text.startswith(DRAFT)
    ]
    if not marks:
        yield Element("发文机关标志", "红色小标宋", "没有", False)
        return
    top, bottom = _ink(reading.data, marks[0])
    base = reading.kind.base
    yield within("发文机关标志上边", top, MARK_TOP[base])
    yield within("发文机关标志居中", marks[0].middle, MIDDLE, 1.0)
    yield Element("发文机关标志字体", "小标宋", marks[0].font, in_role(marks[0].font, "title"))
    larger = marks[0].size > TITLE_SIZE
    yield Element("发文机关标志字号", "大于标题", f"{marks[0].size / MM:.0f} pt", larger)
    if base is Base.LETTER:
        bare = not marks[0].text.endswith("文件")
        yield Element("发文机关标志文字", "信函格式不加“文件”", marks[0].text[-4:], bare)
    bars = [rule for rule in reading.rules[1] if rule.red and rule.right - rule.left > 100]
    wanted = 4 if base is Base.LETTER else 1
    yield Element("红色分隔线", f"{wanted} 条", f"{len(bars)} 条", len(bars) == wanted)
    number = next((line for line in reading.lines if line.page == 1 and _NUMBER.match(line.text)), None)
    if len(bars) == wanted:
        yield from (_double_lines(bars, bottom) if wanted == 4 else _single_line(bars[0], number))
    if base is not Base.LETTER and number is not None:
        blank = (number.top - bottom) / PITCH
        yield Element("发文字号上空", "空二行", f"{blank:.1f} 行", 1.7 <= blank <= 2.5)
    yield from _number(reading, number, bars)


def _double_lines(bars: list[Rule], mark_bottom: float) -> Iterator[Element]:
    """170 mm wide, thick above thin 4 mm below the mark; thin above thick 20 mm above the foot (10.1)."""
    sides = max(max(abs(bar.left - 21), abs(bar.right - 191)) for bar in bars)
    yield Element("红色双线宽", "170 mm，居中", f"偏差 {sides:.2f} mm", sides <= NEAR)
    yield within("红色双线距标志", bars[0].top - mark_bottom, 4.0, 0.5)
    yield within("下方双线距页边", 297 - bars[3].bottom, 20.0)
    thick = bars[0].thickness > 1.5 * bars[1].thickness and bars[3].thickness > 1.5 * bars[2].thickness
    gaps = [bars[1].top - bars[0].bottom, bars[3].top - bars[2].bottom]
    close = all(0.1 < one < 1.5 for one in gaps)
    yield Element(
        "红色双线粗细", "上方上粗下细，下方上细下粗", "相符" if thick and close else "不符", thick and close
    )


def _single_line(bar: Rule, number: Seen | None) -> Iterator[Element]:
    """156 mm wide, 4 mm below the number (7.2.7)."""
    off = max(abs(bar.left - LEFT), abs(bar.right - RIGHT))
    yield Element("版头分隔线宽", "156 mm，与版心等宽", f"偏差 {off:.2f} mm", off <= NEAR)
    if number is not None:
        yield within("版头分隔线距文号", bar.top - number.bottom, 4.0)


def _number(reading: Reading, number: Seen | None, bars: list[Rule]) -> Iterator[Element]:
    if number is None:
        waits = any(gap("序号") in line.text for line in reading.lines)
        yield Element("发文字号", "清纪函〔2026〕18号 的样式", AT_SIGNING if waits else "没有", waits)
        return
    right = in_role(number.font, "fang") and number.in_body_size
    yield Element("发文字号", "3号仿宋，六角括号，序号不加“第”、不编虚位", number.text, right)
    if reading.kind.base is Base.LETTER:
        yield within("发文字号右边", number.right, RIGHT)
        if len(bars) == 4:
            yield within("发文字号距双线", number.top - bars[1].bottom, CHARACTER * 7 / 8, 0.5)
    elif "签发人" in number.text:
        yield within("发文字号左空一字", number.left, LEFT + CHARACTER, 0.6)
    else:
        yield within("发文字号居中", number.middle, MIDDLE, 1.0)


def title(reading: Reading) -> Iterator[Element]:
    """2号小标宋, centred, two lines below what stands above it, whole lines a pitch apart."""
    base = reading.kind.base
    size = TITLE_SIZE if base is not Base.NOTICE else 32 * MM
    found = titles(reading, 1, size)
    if not found:
        yield Element("标题", "2号小标宋，居中", "没有", False)
        return
    middle = MIDDLE if 1 in reading.upright else SIDEWAYS_MIDDLE
    off = max(abs(line.middle - middle) for line in found)
    said = f"{len(found)} 行，偏中 {off:.2f} mm"
    right = off <= 1.0 and all(in_role(line.font, "title") for line in found)
    yield Element("标题", "2号小标宋，居中", said, right)
    steps = [b.base - a.base for a, b in pairwise(found)]
    wanted = PITCH if base is not Base.NOTICE else 15.0
    yield Element(
        "标题行距", f"{wanted:.1f} mm", listed_mm(steps), all(abs(step - wanted) <= NEAR for step in steps)
    )
    lines = [line.text for line in found]
    yield Element("标题末尾", "不加标点", lines[-1][-4:], lines[-1][-1] not in "。，；：、．.")
    clumsy = shape_cost(lines) - shape_cost(title_lines("".join(lines), max(map(len, lines))))
    shaped = "词意完整" if clumsy < CLUMSY else "有更好的分法"
    yield Element("标题分行", "词意完整，梯形或菱形", f"{'／'.join(lines)}：{shaped}", clumsy < CLUMSY)
    if base in MARK_TOP:
        yield from _blank_above(reading, found[0])


def _blank_above(reading: Reading, first: Seen) -> Iterator[Element]:
    """Two blank lines between the title and the number or rule above it (7.3.1)."""
    feet = [line.bottom for line in reading.lines if line.page == 1 and line.base < first.base - 1]
    feet += [rule.bottom for rule in reading.rules[1] if rule.red and rule.bottom < first.top]
    blank = (first.top - max(feet, default=0.0)) / PITCH
    yield Element("标题上空", "空二行", f"{blank:.1f} 行", 1.8 <= blank <= 3.0)


def titles(reading: Reading, page: int, size: float = TITLE_SIZE) -> list[Seen]:
    """The lines of the page's title."""
    return [
        one
        for one in reading.lines
        if one.page == page and abs(one.size - size) < 0.15 and not one.red and not one.text.startswith(DRAFT)
    ]


def addressee(reading: Reading) -> Iterator[Element]:
    """One blank line below the title, at the left edge, with a full-width colon (7.3.2)."""
    heads = titles(reading, 1)
    below = [one for one in reading.lines if one.page == 1 and heads and one.base > heads[-1].base + 1]
    if not below:
        yield Element("主送机关", "标题下空一行，顶格，全角冒号", "没有", False)
        return
    to = below[0]
    last = next((one for one in below[:4] if one.text.endswith(("：", ":"))), to)
    gap_mm = to.base - heads[-1].base
    fits = abs(to.left - LEFT) < 0.6 and last.text.endswith("：") and abs(gap_mm - 2 * PITCH) < 3
    right = fits and in_role(to.font, "fang") and to.in_body_size
    said = f"“{last.text[-6:]}”，左 {to.left:.1f} mm，标题下 {gap_mm / PITCH - 1:.1f} 行"
    yield Element("主送机关", "3号仿宋，标题下空一行，顶格，全角冒号", said, right)


def listed_mm(values: list[float]) -> str:
    """The measures, or 一行 where there is no step."""
    return "、".join(f"{value:.2f}" for value in values) + " mm" if values else "一行"


def _ink(data: bytes, line: Seen) -> tuple[float, float]:
    """Where the line's ink begins and ends, in mm: its box holds blank above the strokes."""
    dots = DPI / 25.4
    top = max(0.0, line.top - 1.5)
    box = (line.left * dots, top * dots, line.right * dots, (line.bottom + 1.5) * dots)
    strip = drawn(data, line.page, DPI).crop(box).convert("L")
    ink = strip.point(lambda grey: 255 if grey < 160 else 0).getbbox()
    return (top + ink[1] / dots, top + ink[3] / dots) if ink else (top, line.bottom)
