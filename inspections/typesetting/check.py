"""Re-reads a finished PDF and holds each element of its format against GB/T 9704-2012, in millimetres.

It trusts nothing that the program meant to print, only what stands in the file; it changes no file.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pdfplumber

from inspections.typesetting.composer import NO_END, NO_START
from inspections.typesetting.fonts import ROLES
from inspections.typesetting.layout import KINDS, Base, Kind
from inspections.typesetting.letter import gap
from inspections.typesetting.picture import drawn

MM = 25.4 / 72
CHARACTER = 156 / 28
PITCH = CHARACTER * 15 / 8
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
SIDEWAYS_BOTTOM = 184.0
#: of a sheet on its side: its type area lies between 35 and 260 mm
SIDEWAYS_MIDDLE = 147.5
NEAR = 0.3
#: dots per inch at which ink is measured
DPI = 300
LINES = 22
RED = (230 / 255, 0.0, 18 / 255)
BODY_SIZE = CHARACTER
#: one character of 4号, 14 pt
ONE_4 = 14 * MM
TITLE_SIZE = 22 * MM
#: how the mark across the head of every draft begins
DRAFT = "草稿"
#: number and date of a draft
AT_SIGNING = "签发时编定"
#: where the mark's ink begins, by format: 信函 30 mm, 通用 and 纪要 35 mm below the type area's top
MARK_TOP = {Base.LETTER: 30.0, Base.GENERAL: 72.0, Base.MINUTES: 72.0}
_NUMBER = re.compile(r"^\D+〔\d{4}〕[1-9]\d*号")
_DAY = re.compile(r"^\d{4}年[1-9]\d?月[1-9]\d?日$")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the standard: what it asks for, what was measured, and whether that is enough."""

    name: str
    required: str
    measured: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of text on a page, in mm from the top left corner."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str
    red: bool


class NotReadable(Exception):
    """The file is no PDF, or none of this program's papers; the message says so in Chinese."""


def check(data: bytes) -> list[Element]:
    """Every element with its measure, in the order of the page. Raises NotReadable."""
    try:
        document = pdfplumber.open(io.BytesIO(data))
    except Exception:
        raise NotReadable("这不是 PDF 文件，或者文件已经损坏。") from None
    with document:
        subject = str((document.metadata or {}).get("Subject", ""))
        kind = next((one for one in KINDS.values() if one.name == subject), None)
        if kind is None:
            raise NotReadable("这份 PDF 不是本系统制发的文书，没有文种，不能自检。")
        return list(_Check(data, document, kind).elements())


class _Check:
    """The elements of one paper; each method yields what it measured."""

    def __init__(self, data: bytes, document: Any, kind: Kind) -> None:
        self.data, self.document, self.kind = data, document, kind
        self.pages = document.pages
        self.lines = [line for page in self.pages for line in _lines(page)]
        self.upright = {page.page_number for page in self.pages if page.height > page.width}
        self.composed = [
            line
            for line in self.lines
            if line.page in self.upright and abs(line.size - BODY_SIZE) < 0.05 and line.top < BOTTOM
        ]

    def elements(self) -> Iterator[Element]:
        yield from self.sheet()
        yield from self.type_area()
        yield from self.running_lines()
        if self.kind.base in MARK_TOP:
            yield from self.head()
        yield from self.title()
        if self.kind.base in (Base.LETTER, Base.GENERAL):
            yield from self.signature()
        if self.kind.base in (Base.GENERAL, Base.MINUTES):
            yield from self.imprint()
        yield from self.page_numbers()
        yield from self.file()

    def sheet(self) -> Iterator[Element]:
        sizes = {tuple(sorted((round(p.width * MM, 1), round(p.height * MM, 1)))) for p in self.pages}
        said = "、".join(f"{a}×{b} mm" for a, b in sorted(sizes))
        fits = all(abs(a - 210) < 0.3 and abs(b - 297) < 0.3 for a, b in sizes)
        yield Element("纸张", "A4 210×297 mm", said, fits)

    def type_area(self) -> Iterator[Element]:
        lefts = [line.left for line in self.composed if line.text[0] not in "（《“‘【〔"]
        if self.kind.base is Base.FORM:  # its table reaches from edge to edge
            upright = [page for page in self.pages if page.page_number in self.upright]
            lefts += [edge["x0"] * MM for page in upright for edge in page.edges]
        yield _within("订口（版心左边）", min(lefts, default=LEFT), LEFT)
        if self.kind.base is not Base.NOTICE:
            deep = max((line.bottom for line in self.composed), default=0.0)
            within = deep <= BOTTOM + NEAR
            yield Element("版心下边", f"不低于 {BOTTOM} mm", f"最低 {deep:.2f} mm", within)
        later = [line for line in self.composed if line.page > 1]
        first = {n: min(one.top for one in later if one.page == n) for n in {one.page for one in later}}
        plain = [top for top in first.values() if top < TOP + 2]
        if plain:
            yield _within("天头（版心上边）", min(plain), TOP)

    def running_lines(self) -> Iterator[Element]:
        full = [a for a, b in pairwise(self.composed) if _continues(a, b)]
        off = [abs(line.right - RIGHT) for line in full]
        worst = max(off, default=0.0)
        words = f"{len(full)} 行撑满，最大偏差 {worst:.2f} mm"
        yield Element("撑满版心（右边）", f"每一整行止于 {RIGHT} ± {NEAR} mm", words, worst <= NEAR)
        starts = [b.text for a, b in pairwise(self.composed) if _continues(a, b) and b.text[0] in NO_START]
        yield Element("行首避头", "没有禁则标点", _listed(starts), not starts)
        ends = [line.text for line in full if line.text[-1] in NO_END]
        yield Element("行尾避尾", "没有禁则标点", _listed(ends), not ends)
        most = max((self._count(n) for n in self.upright), default=0)
        yield Element("每面行数", f"不多于 {LINES} 行", f"最多 {most} 行", most <= LINES)
        steps = [b.bottom - a.bottom for a, b in pairwise(self.composed) if _continues(a, b)]
        off_step = max((abs(step - PITCH) for step in steps), default=0.0)
        said = f"{len(steps)} 处，最大偏差 {off_step:.2f} mm"
        yield Element("行距", f"{PITCH:.2f} ± {NEAR} mm", said, off_step <= NEAR)
        fonts = {line.font for line in full}
        yield Element("正文字体", "3号仿宋", _listed(sorted(fonts)), all(_in_role(f, "fang") for f in fonts))

    def _count(self, page: int) -> int:
        bottoms = sorted({round(line.bottom) for line in self.composed if line.page == page})
        return sum(1 for n, one in enumerate(bottoms) if n == 0 or one - bottoms[n - 1] > 2)

    def head(self) -> Iterator[Element]:
        marks = [
            line for line in self.lines if line.page == 1 and line.red and not line.text.startswith(DRAFT)
        ]
        if not marks:
            yield Element("发文机关标志", "红色小标宋", "没有", False)
            return
        mark = marks[0]
        top = _ink_top(self.data, mark)
        yield _within("发文机关标志上边", top, MARK_TOP[self.kind.base])
        centre = (mark.left + mark.right) / 2
        yield _within("发文机关标志居中", centre, (LEFT + RIGHT) / 2, 1.0)
        yield Element("发文机关标志字体", "小标宋", mark.font, _in_role(mark.font, "title"))
        bars = _red_bars(self.pages[0])
        wanted = 4 if self.kind.base is Base.LETTER else 1
        yield Element("红色分隔线", f"{wanted} 条", f"{len(bars)} 条", len(bars) == wanted)
        number = next((line for line in self.lines if line.page == 1 and _NUMBER.match(line.text)), None)
        if number is None:
            waits = any(gap("序号") in line.text for line in self.lines)
            yield Element("发文字号", "清纪函〔2026〕18号 的样式", AT_SIGNING if waits else "没有", waits)
            return
        yield Element("发文字号", "六角括号，序号不加“第”、不编虚位", number.text, True)
        if self.kind.base is Base.LETTER:
            yield _within("发文字号右边", number.right, RIGHT)
        elif "签发人" not in number.text:
            yield _within("发文字号居中", (number.left + number.right) / 2, (LEFT + RIGHT) / 2, 1.0)

    def title(self) -> Iterator[Element]:
        size = TITLE_SIZE if self.kind.base is not Base.NOTICE else 32 * MM
        found = [one for one in self.lines if one.page == 1 and abs(one.size - size) < 0.1 and not one.red]
        if not found:
            yield Element("标题", "2号小标宋，居中", "没有", False)
            return
        middle = (LEFT + RIGHT) / 2 if 1 in self.upright else SIDEWAYS_MIDDLE
        off = max(abs((line.left + line.right) / 2 - middle) for line in found)
        said = f"{len(found)} 行，偏中 {off:.2f} mm"
        right = off <= 1.0 and all(_in_role(line.font, "title") for line in found)
        yield Element("标题", "2号小标宋，居中", said, right)

    def signature(self) -> Iterator[Element]:
        days = [line for line in self.lines if _DAY.match(line.text)]
        if not days:
            waits = any(gap("成文日期") in line.text for line in self.lines)
            yield Element("成文日期", "2026年10月30日 的样式", AT_SIGNING if waits else "没有", waits)
            return
        day = days[-1]
        yield Element("成文日期", "阿拉伯数字，月日不编虚位", day.text, True)
        above = [one for one in self.composed if one.page == day.page and one.top < day.top - 2 * PITCH + 1]
        enough = len(above) >= 2
        yield Element("落款不独立成页", "同面至少 2 行正文", f"同面 {len(above)} 行", enough)
        pictures = sum(len(page.images) for page in self.pages)
        yield Element("印章位置", "留空，不画印章", f"图像 {pictures} 个", pictures == 0)

    def imprint(self) -> Iterator[Element]:
        """版记 (7.4): its last rule is the foot of the type area, its lines stand close."""
        last = self.pages[-1]
        mine = [line for line in self.lines if line.page == last.page_number and line.text.endswith("印发")]
        printed = max(mine, key=lambda line: line.bottom, default=None)
        if printed is None:
            yield Element("版记", "印发机关和印发日期", "没有", False)
            return
        upright = last.page_number in self.upright
        foot = BOTTOM if upright else SIDEWAYS_BOTTOM
        wide = (edge for edge in last.edges if edge["orientation"] == "h" and edge["width"] * MM > 150)
        rules = sorted({round(edge["top"] * MM, 1) for edge in wide if edge["top"] * MM > foot - 40})
        below = [rule for rule in rules if rule > printed.bottom - 1]
        off = min((abs(rule - foot) for rule in below), default=99.0)
        room = min((rule - printed.bottom for rule in below), default=99.0)
        said = f"末线偏 {off:.2f} mm，行下空 {room:.1f} mm"
        yield Element("版记", f"末线在版心下边 {foot:.0f} ± 1 mm，紧随末行", said, off <= 1.0 and room < 4)

    def page_numbers(self) -> Iterator[Element]:
        """Between dashes, one character in from the outer edge, 7 mm below the type area (7.5).

        On a sheet on its side too, which is turned upright first (8); a list of this program that lies on its
        side as a whole has them at its own foot.
        """
        wrong, seen = [], 0
        for page in self.pages:
            on_its_side = page.page_number not in self.upright
            turned = on_its_side and self.kind.base is not Base.FORM
            mine = _turned(page) if turned else [one for one in self.lines if one.page == page.page_number]
            at = next((one for one in mine if re.fullmatch(r"—\d+—", one.text)), None)
            if at is None:
                continue
            seen += 1
            odd = page.page_number % 2 == 1
            if on_its_side and not turned:
                placed = odd == (at.left > page.width * MM / 2)
            else:
                off = at.right - (RIGHT - ONE_4) if odd else at.left - (LEFT + ONE_4)
                placed = abs(off) <= NEAR and abs((at.top + at.bottom) / 2 - BOTTOM - 7) <= 0.5
            if at.text != f"—{page.page_number}—" or not placed:
                wrong.append(at.text)
        unnumbered = {Base.LETTER: 1, Base.NOTICE: 1}.get(self.kind.base, 0)
        said = f"{seen} 面有页码" + (f"，{_listed(wrong)}有误" if wrong else "")
        wanted = "一字线，单页居右、双页居左，距版心下边 7 mm，信函首页不显示"
        yield Element("页码", wanted, said, not wrong and seen >= len(self.pages) - unnumbered)

    def file(self) -> Iterator[Element]:
        catalog = self.document.doc.catalog
        tagged = "StructTreeRoot" in catalog
        language = catalog.get("Lang", b"")
        words = language.decode("utf-8", "replace") if isinstance(language, bytes) else str(language)
        issued = "OutputIntents" in catalog
        yield Element("文件语言", "zh-CN", words or "没有", words.lower().startswith("zh"))
        if issued:
            yield Element("归档格式", "带标签的 PDF/A", "有标签" if tagged else "没有标签", tagged)


def _within(name: str, value: float, wanted: float, near: float = NEAR) -> Element:
    return Element(name, f"{wanted:.1f} ± {near} mm", f"{value:.2f} mm", abs(value - wanted) <= near)


def _continues(above: Seen, below: Seen) -> bool:
    """Whether the line below goes on with the paragraph above: its first sign stands at the left edge."""
    if above.page != below.page or not 8 < below.bottom - above.bottom < 13:
        return False
    starts_left = abs(below.left - LEFT) < 0.6 or (below.text[0] in "（《“‘【〔" and below.left < LEFT + 3.2)
    return starts_left and above.right > RIGHT - 25 and _in_role(below.font, "fang")


def _in_role(font: str, role: str) -> bool:
    squeezed = font.replace("-", "").replace(" ", "")
    return any(squeezed.startswith(name.replace(" R", "").replace(" ", "")) for name in ROLES[role][1])


def _lines(page: Any) -> list[Seen]:
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(
        (c for c in page.chars if c["upright"] and c["text"].strip()), key=lambda c: (c["bottom"], c["x0"])
    ):
        if rows and abs(rows[-1][0]["bottom"] - char["bottom"]) * MM < 1:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [_line(page.page_number, sorted(row, key=lambda c: c["x0"])) for row in rows]


def _turned(page: Any) -> list[Seen]:
    """The text that stands on its side, as one sees it who turns the sheet upright again: a page number."""
    chars = sorted((c for c in page.chars if not c["upright"] and c["text"].strip()), key=lambda c: c["top"])
    if not chars:
        return []
    upright = [
        c | {"x0": c["top"], "x1": c["bottom"], "top": page.width - c["x1"], "bottom": page.width - c["x0"]}
        for c in chars
    ]
    return [_line(page.page_number, upright)]


def _line(page: int, chars: Sequence[dict[str, Any]]) -> Seen:
    colour = tuple(chars[0]["non_stroking_color"] or ())
    red = len(colour) == 3 and all(abs(a - b) < 0.02 for a, b in zip(colour, RED, strict=True))
    return Seen(
        page=page,
        text="".join(char["text"] for char in chars),
        left=chars[0]["x0"] * MM,
        right=max(char["x1"] for char in chars) * MM,
        top=min(char["top"] for char in chars) * MM,
        bottom=max(char["bottom"] for char in chars) * MM,
        size=chars[0]["size"] * MM,
        font=chars[0]["fontname"].split("+")[-1],
        red=red,
    )


def _ink_top(data: bytes, line: Seen) -> float:
    """Where the line's ink begins, in mm: its box holds blank above the strokes."""
    dots = DPI / 25.4
    top = max(0.0, line.top - 1.5)
    box = (line.left * dots, top * dots, line.right * dots, (line.bottom + 1.5) * dots)
    strip = drawn(data, line.page, DPI).crop(box).convert("L")
    ink = strip.point(lambda grey: 255 if grey < 160 else 0).getbbox()
    return top + (ink[1] / dots if ink else 0.0)


def _red_bars(page: Any) -> list[Any]:
    found = []
    for bar in [*page.rects, *page.lines]:
        colour = bar.get("non_stroking_color") or bar.get("stroking_color") or ()
        is_red = len(colour) == 3 and all(abs(a - b) < 0.02 for a, b in zip(colour, RED, strict=True))
        if is_red and (bar["x1"] - bar["x0"]) * MM > 150:
            found.append(bar)
    return found


def _listed(words: Sequence[str]) -> str:
    return "、".join(words[:3]) + (f" 等 {len(words)} 处" if len(words) > 3 else "") if words else "无"
