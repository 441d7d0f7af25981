"""The end of a paper: signature and date, annexes and the note of them, copies, imprint (7.3.4–7.4)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspections.typesetting.check.head import MIDDLE, SIDEWAYS_MIDDLE, titles
from inspections.typesetting.check.reading import (
    AT_SIGNING,
    BOTTOM,
    CHARACTER,
    DRAFT,
    LEFT,
    ONE_4,
    PITCH,
    RIGHT,
    Element,
    Reading,
    Seen,
    in_role,
    is_red,
    listed,
)
from inspections.typesetting.check.strokes import ruled
from inspections.typesetting.layout import Base
from inspections.typesetting.letter import gap

SIDEWAYS_BOTTOM = 184.0
SIDEWAYS_LEFT = 35.0
_DAY = re.compile(r"^\d{4}年[1-9]\d?月[1-9]\d?日$")
_ANY_DAY = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")
_SIGNED = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_PRINTED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日印发$")
_CC = re.compile("^抄送[：:]")
_ANNEX = re.compile(r"^附件\d*$")


def signature(reading: Reading) -> Iterator[Element]:
    """The date four characters from the right, the issuer centred on it in the line above (7.3.5)."""
    days = [line for line in reading.lines if _ANY_DAY.match(line.text)]
    if not days:
        waits = any(gap("成文日期") in line.text for line in reading.lines)
        yield Element("成文日期", "2026年10月30日 的样式", AT_SIGNING if waits else "没有", waits)
        return
    day = days[-1]
    written = bool(_DAY.match(day.text)) and in_role(day.font, "fang") and day.in_body_size
    yield Element("成文日期", "3号仿宋，阿拉伯数字，月日不编虚位", day.text, written)
    before = [one for one in reading.lines if one.page == day.page and one.base < day.base - 1]
    issuer = before[-1] if before else None
    yield _place(day, issuer)
    text = [line for line in reading.running if line.page == day.page]
    enough = len(text) >= 2
    yield Element("落款不独立成页", "同面至少 2 行正文", f"同面 {len(text)} 行", enough)
    if issuer is not None and (above := [one for one in before[:-1] if not one.red]):
        blank = (issuer.base - above[-1].base) / PITCH - 1
        yield Element("署名上空", "空一至三行", f"{blank:.1f} 行", 0.8 <= blank <= 3.2)
    pictures = sum(len(page.images) for page in reading.pages)
    round_ = sum(1 for page in reading.pages for curve in page.curves if _is_seal(curve))
    said = f"图像 {pictures} 个，红色曲线 {round_} 条"
    yield Element("印章位置", "留空，不画印章", said, pictures + round_ == 0)


def _is_seal(curve: Mapping[str, Any]) -> bool:
    """Whether something round and red is drawn."""
    red = is_red(curve.get("stroking_color")) or is_red(curve.get("non_stroking_color"))
    return red and bool(curve["width"] < 3 * curve["height"])


def note(reading: Reading) -> Iterator[Element]:
    """附注: in brackets below the date, two characters in, 3号仿宋 (7.3.6); nothing where there is none."""
    days = [line for line in reading.lines if _ANY_DAY.match(line.text)]
    if not days:
        return
    day = days[-1]
    below = [
        one
        for one in reading.lines
        if one.page == day.page and 1 < one.base - day.base < 1.6 * PITCH and one.top < BOTTOM
    ]
    if not below or below[0].text.startswith(("抄送", "附件")) or below[0].text.endswith("印发"):
        return
    first = below[0]
    said = (
        f"左空 {(first.left - LEFT) / CHARACTER:.1f} 字，{first.size * 72 / 25.4:.1f} pt，“{first.text[:4]}”"
    )
    right = (
        first.text.startswith("（")
        and LEFT + 2 * CHARACTER - 0.6 < first.left < LEFT + 2 * CHARACTER + 3.2
        and first.in_body_size
        and in_role(first.font, "fang")
    )
    yield Element("附注", "3号仿宋，左空二字，加圆括号", said, right)


def _place(day: Seen, issuer: Seen | None) -> Element:
    wanted = "日期右空四字，署名居中于日期；不盖章的，署名右空二字，日期首字右移二字"
    if issuer is None:
        return Element("署名位置", wanted, "没有署名", False)
    width = issuer.right - issuer.left
    centred = abs(issuer.middle - day.middle) <= 1.0
    sealed = centred and (
        abs(day.right - (RIGHT - 4 * CHARACTER)) <= 1.0
        or (width > day.right - day.left + 8 * CHARACTER and issuer.right <= RIGHT + 0.6)
    )
    unsealed = (
        abs(issuer.right - (RIGHT - 2 * CHARACTER)) <= 1.0
        and abs(day.left - issuer.left - 2 * CHARACTER) <= 1.0
    ) or (day.right <= RIGHT - 2 * CHARACTER + 1 and abs(day.left - issuer.left - 2 * CHARACTER) <= 1.0)
    close = abs(day.base - issuer.base - PITCH) <= 0.6
    plain = in_role(issuer.font, "fang") and issuer.in_body_size
    said = f"日期右空 {(RIGHT - day.right) / CHARACTER:.1f} 字，偏中 {abs(issuer.middle - day.middle):.1f} mm"
    return Element("署名位置", wanted, said, (sealed or unsealed) and close and plain)


def annexes(reading: Reading) -> Iterator[Element]:
    """The note two characters in below a blank line; each annex on a page of its own under 附件 in 黑体."""
    heads = [line for line in reading.lines if _ANNEX.match(line.text) and not reading.in_table(line)]
    note = next((line for line in reading.lines if line.text.startswith(("附件：", "附件:"))), None)
    if note is None and not heads:
        return
    if note is None and reading.kind.base is not Base.MINUTES:  # which name it in their text
        yield Element("附件说明", "正文下空一行左空二字", "没有", False)
    if note is not None:
        text = [line for line in reading.running if line.page == note.page]
        blank = note.base - text[-1].base if text else 2 * PITCH
        fits = (
            abs(note.left - LEFT - 2 * CHARACTER) < 0.6
            and note.text.startswith("附件：")
            and abs(blank - 2 * PITCH) < 2
            and in_role(note.font, "fang")
            and not note.text.endswith(("。", "；", "，"))
        )
        said = f"左空 {(note.left - LEFT) / CHARACTER:.1f} 字，上空 {blank / PITCH - 1:.1f} 行"
        yield Element("附件说明", "3号仿宋，正文下空一行左空二字，名称后无标点", said, fits)
        yield from _named_alike(reading, note, heads)
    wrong = [head.text for head in heads if not _opens_a_page(reading, head)]
    yield Element(
        "附件首面", "“附件”3号黑体顶格在面首，标题居中", listed(wrong) if wrong else "相符", not wrong
    )


def _named_alike(reading: Reading, first: Seen, heads: list[Seen]) -> Iterator[Element]:
    """Each annex of the note is there, in the note's order and under the name that the note gives it."""
    begun = reading.lines.index(first)
    lines = [first.text.removeprefix("附件").lstrip("：:")]
    for line in reading.lines[begun + 1 :]:
        if line.page != first.page or not 9 < line.base - reading.lines[begun].base < 12 or line.left > 120:
            break
        begun += 1
        lines.append(line.text)
    said = "".join(lines)
    numbered = re.split(r"(?:^|(?<=\D))\d{1,2}\.(?!\d)", said) if said.startswith("1.") else ["", said]
    names = [name for name in numbered[1:] if name]
    in_marks = [name for name in names if re.fullmatch(r"《[^《》]*》", name)]
    yield Element("附件名称", "不加书名号", listed(in_marks), not in_marks)
    printed_ = ["".join(line.text for line in titles(reading, head.page)) for head in heads]
    alike = names == printed_
    measured = "相符" if alike else f"所列{listed(names)}；所附{listed(printed_)}"
    yield Element("附件", "附件说明所列附件都在，名称一致", measured, alike)


def _opens_a_page(reading: Reading, head: Seen) -> bool:
    upright = head.page in reading.upright
    edge, middle = (LEFT, MIDDLE) if upright else (SIDEWAYS_LEFT, SIDEWAYS_MIDDLE)
    first = min(
        line.base for line in reading.lines if line.page == head.page and not line.text.startswith(DRAFT)
    )
    heads = titles(reading, head.page)
    return (
        abs(head.left - edge) < 0.6
        and abs(head.base - first) < 0.5
        and in_role(head.font, "hei")
        and head.in_body_size
        and bool(heads)
        and all(abs(line.middle - middle) <= 1.0 and in_role(line.font, "title") for line in heads)
    )


def copies(reading: Reading) -> Iterator[Element]:
    """抄送 of a letter: 4号 at the foot of the last page, one character in (10.1)."""
    found = next((line for line in reading.lines if line.text.startswith(("抄送：", "抄送:"))), None)
    if found is None:
        return
    last = reading.pages[-1].page_number
    edge = LEFT if found.page in reading.upright else SIDEWAYS_LEFT
    fits = (
        found.page == last
        and found.text.startswith("抄送：")
        and abs(found.left - edge - ONE_4) < 0.6
        and abs(found.size - ONE_4) < 0.1
        and in_role(found.font, "fang")
    )
    ends = [one for one in reading.lines if one.page == found.page and one.base >= found.base - 0.1]
    ends = [one for one in ends if abs(one.size - ONE_4) < 0.1 and not reading.is_number(one)]
    foot = BOTTOM if found.page in reading.upright else SIDEWAYS_BOTTOM
    deep = foot - 8 <= ends[-1].bottom <= foot + 1.6 if ends else False
    stop = bool(ends) and ends[-1].text.endswith("。")
    yield Element("抄送末尾", "句号，在版心最下方", ends[-1].text[-4:] if ends else "没有", deep and stop)
    said = f"第 {found.page} 面，左空 {(found.left - edge) / ONE_4:.1f} 字，{found.size * 72 / 25.4:.1f} pt"
    yield Element("抄送", "末面下端，4号仿宋，左空一字", said, fits)


def imprint(reading: Reading) -> Iterator[Element]:
    """版记 (7.4): rules as wide as the type area, the last one at its foot, 4号, one character in."""
    last = reading.pages[-1]
    mine = [line for line in reading.lines if line.page == last.page_number and line.text.endswith("印发")]
    printed = max(mine, key=lambda line: line.bottom, default=None)
    if printed is None:
        yield Element("版记", "印发机关和印发日期", "没有", False)
        return
    upright = last.page_number in reading.upright
    foot, edge, width = (BOTTOM, LEFT, 156.0) if upright else (SIDEWAYS_BOTTOM, SIDEWAYS_LEFT, 225.0)
    copies_ = next(
        (line for line in reading.lines if line.page == printed.page and _CC.match(line.text)), None
    )
    rules = ruled(reading, last.page_number, edge, edge + width, (copies_ or printed).top - 2.2, foot + 3)
    below = [rule for rule in rules if rule.top > printed.base]
    off = min((abs(rule.top - foot) for rule in below), default=99.0)
    room = min((rule.top - printed.bottom for rule in below), default=99.0)
    said = f"末线偏 {off:.2f} mm，行下空 {room:.1f} mm"
    yield Element("版记", f"末线在版心下边 {foot:.0f} ± 1 mm，紧随末行", said, off <= 1.0 and room < 4)
    wanted = 3 if copies_ else 2
    thick = [rule.thickness for rule in rules]
    even = len(rules) == wanted and all(0.12 <= one <= 0.6 for one in thick)
    measured = "、".join(f"{one:.2f}" for one in thick) + " mm" if thick else "没有"
    yield Element("版记分隔线", f"{wanted} 条黑线，与版心等宽，首末 0.35 mm、中间 0.25 mm", measured, even)
    if copies_:
        at = abs(copies_.left - edge - ONE_4) < 0.6 and abs(copies_.size - ONE_4) < 0.1
        ends = [
            one
            for one in reading.lines
            if one.page == printed.page and copies_.base <= one.base < printed.base - 1
        ]
        stop = ends[-1].text.endswith("。")
        yield Element("抄送", "4号仿宋，左空一字，末尾句号", ends[-1].text[-4:], at and stop)
    yield from _printed_on(reading, printed)
    placed = abs(printed.left - edge - ONE_4) < 0.6 and abs(printed.right - (edge + width - ONE_4)) < 0.6
    plain = in_role(printed.font, "fang") and abs(printed.size - ONE_4) < 0.1
    said = f"{printed.size * 72 / 25.4:.1f} pt，左空 {(printed.left - edge) / ONE_4:.1f} 字"
    yield Element("版记字体", "4号仿宋，左右各空一字", said, placed and plain)


def _printed_on(reading: Reading, printed: Seen) -> Iterator[Element]:
    """Nothing is printed before it is signed."""
    signed = next((m for line in reading.lines if (m := _SIGNED.match(line.text))), None)
    day = _PRINTED.search(printed.text)
    if signed is None or day is None:
        return
    after = tuple(map(int, day.groups())) >= tuple(map(int, signed.groups()))
    yield Element("印发日期", "不早于成文日期", day[0], after)
