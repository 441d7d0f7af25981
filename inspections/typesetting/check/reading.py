"""What stands in a PDF: its lines of text by their baselines, its rules and bars, and which format it has."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pdfplumber

from inspections.typesetting.fonts import ROLES
from inspections.typesetting.layout import KINDS, Base, Kind

MM = 25.4 / 72
CHARACTER = 156 / 28
PITCH = CHARACTER * 15 / 8
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
NEAR = 0.3
#: 3号 is 16 pt in an office program, and 15.79 pt where 28 characters fill the line exactly
BODY = (15.7 * MM, 16.1 * MM)
#: one character of 4号, 14 pt
ONE_4 = 14 * MM
#: in points; what is larger lies across a draft
LARGEST = 60
#: how the mark across the head of every draft begins
DRAFT = "草稿"
#: number and date of a draft
AT_SIGNING = "签发时编定"
#: the code at the foot of a sheet, which is no part of the format
_TRACE = re.compile(r"留痕码 ?[A-Z2-7]{4}(-[A-Z2-7]{4}){2}")
_NUMBER_OF_PAGE = re.compile(r"[—–-]\d+[—–-]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the standard: what it asks for, what was measured, and whether that is enough."""

    name: str
    required: str
    measured: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """One character of a line: its left edge and size in mm, its font, and whether it leans."""

    text: str
    left: float
    size: float
    font: str
    leans: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of text on a page, in mm from the top left corner; its font is that of most characters."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    font: str
    red: bool
    signs: tuple[Sign, ...] = ()

    @property
    def middle(self) -> float:
        """The middle of the line, in mm from the left."""
        return (self.left + self.right) / 2

    @property
    def in_body_size(self) -> bool:
        """Whether it is set in 3号."""
        return BODY[0] <= self.size <= BODY[1]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line or bar, in mm; `red` is the red of the standard."""

    left: float
    right: float
    top: float
    bottom: float
    red: bool

    @property
    def thickness(self) -> float:
        """Its height in mm."""
        return self.bottom - self.top


class NotReadable(Exception):
    """The file is no PDF with text, or no paper of a known format; the message says so in Chinese."""


@contextmanager
def open_pdf(data: bytes) -> Iterator["Reading"]:
    """The file as it can be measured. Raises NotReadable."""
    try:
        document = pdfplumber.open(io.BytesIO(data))
        pages = list(document.pages)
    except Exception:
        raise NotReadable("这不是 PDF 文件，或者文件已经损坏。") from None
    with document:
        if not any(page.chars for page in pages):
            raise NotReadable("这份 PDF 里没有文字，像是扫描件，量不出版面；请用原始的电子文件。")
        yield Reading(data, document, _kind(document))


def _kind(document: Any) -> Kind:
    """The kind that the file names, or the format that its first page shows."""
    subject = str((document.metadata or {}).get("Subject", ""))
    named = next((one for one in KINDS.values() if one.name == subject), None)
    if named is not None:
        return named
    first = document.pages[0]
    red = "".join(char["text"] for char in first.chars if is_red(char["non_stroking_color"])).split(DRAFT)[0]
    if not red:
        raise NotReadable("首页没有红色的发文机关标志，看不出是哪种公文，不能自检。")
    if red.rstrip().endswith("纪要"):
        return Kind("", "纪要格式", Base.MINUTES)
    if red.rstrip().endswith("文件"):
        return Kind("", "通用格式", Base.GENERAL)
    return Kind("", "信函格式", Base.LETTER)


class Reading:
    """One PDF taken apart; everything in it is read once."""

    def __init__(self, data: bytes, document: Any, kind: Kind) -> None:
        self.data, self.document, self.kind = data, document, kind
        self.pages = document.pages
        self.upright = {page.page_number for page in self.pages if page.height > page.width}

    @cached_property
    def lines(self) -> list[Seen]:
        """Every line of text that stands upright, from top to bottom, without the code at its foot."""
        return [line for page in self.pages for line in _lines(page) if not _TRACE.fullmatch(line.text)]

    @cached_property
    def rules(self) -> dict[int, list[Rule]]:
        """The horizontal lines and bars of each page, from top to bottom."""
        return {page.page_number: _rules(page) for page in self.pages}

    @cached_property
    def walls(self) -> dict[int, list[tuple[float, float, float]]]:
        """The vertical lines of each page's tables: x, top and bottom in mm."""
        return {
            page.page_number: [
                (wall["x0"] * MM, wall["top"] * MM, wall["bottom"] * MM)
                for wall in [*page.lines, *page.rects]
                if wall["width"] * MM < 1 and wall["height"] * MM > 3
            ]
            for page in self.pages
        }

    def in_table(self, line: Seen) -> bool:
        """Whether the line stands between the outer walls of a table."""
        beside = [x for x, top, bottom in self.walls[line.page] if top - 1 <= line.base <= bottom + 1]
        return len(beside) >= 2 and min(beside) - 1 <= line.middle <= max(beside) + 1

    def is_number(self, line: Seen) -> bool:
        """Whether the line is the number of its page."""
        return bool(_NUMBER_OF_PAGE.fullmatch(line.text))

    @cached_property
    def running(self) -> list[Seen]:
        """The running text: what stands upright in the type area, neither head, title, table nor tail."""
        found = []
        for line in self.lines:
            if line.page not in self.upright or line.red or line.text.startswith(DRAFT):
                continue
            if line.top > BOTTOM or line.size < 4.4 or line.size > 7 or self.in_table(line):
                continue
            found.append(line)
        return self._between(found)

    @cached_property
    def addressee(self) -> list[Seen]:
        """The lines from the left edge of the first page that end as an address does; mostly one."""
        first = [line for line in self.lines if line.page == 1 and line.page in self.upright]
        return [one for one in first if one.text.endswith(("：", ":")) and abs(one.left - LEFT) < 3][:1]

    def _between(self, lines: list[Seen]) -> list[Seen]:
        """Without what stands above the text (number, addressee) and below it (note of annexes and on)."""
        start = 0
        for at, line in enumerate(lines[:8]):
            if line.page == 1 and (line.text.endswith(("：", ":")) and abs(line.left - LEFT) < 3):
                start = at + 1
        if start == 0 and lines and "〔" in lines[0].text:
            start = 1
        kept: list[Seen] = []
        for line in lines[start:]:
            ends = line.text.startswith(("附件：", "附件:", "出席：", "抄送：")) or _DAY.match(line.text)
            if ends:
                break
            if line.text == "附件" or re.fullmatch(r"附件\d+", line.text):
                break
            kept.append(line)
        while (
            kept and not ends_text(kept[-1]) and len(kept) > 1 and kept[-1].base - kept[-2].base > 1.5 * PITCH
        ):
            kept.pop()  # the issuer above the date
        return kept


_DAY = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")


def ends_text(line: Seen) -> bool:
    """Whether the line ends as a paragraph does."""
    return line.text[-1] in "。；：！？”）…"


def in_role(font: str, role: str) -> bool:
    """Whether the PDF's font name is one of the role's families.

    What prints only where nothing of a role is installed is no font of it: 宋体 is no 仿宋.
    """
    squeezed = font.replace("-", "").replace(" ", "").replace("_", "")
    names = (
        name.replace(" R", "").replace(" ", "").replace("_", "")
        for name in (*ROLES[role][1], *_IN_FILES[role])
        if (role, name) not in _LAST
    )
    return any(squeezed.startswith(name) for name in names)


_LAST = {("fang", "Noto Serif CJK SC")}
#: what the fonts of office machines are called inside a PDF
_IN_FILES = {
    "fang": ("STFangsong", "FZFSK", "FZFSJW"),
    "title": ("FZXBSK", "FZXBSJW"),
    "hei": ("STHeiti", "FZHTK", "FZHTJW"),
    "kai": ("STKaiti", "FZKTK", "FZKTJW"),
    "song": ("STSong", "NSimSun", "FZSSK", "FZSSJW", "TimesNewRoman"),
}


def is_red(colour: Any) -> bool:
    """Whether it is a full red, in RGB or CMYK, as mark and rules have it."""
    values = tuple(colour or ())
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        return bool(cyan <= 0.15 and magenta >= 0.75 and yellow >= 0.75 and black <= 0.15)
    return len(values) == 3 and bool(values[0] >= 0.8 and values[1] <= 0.2 and values[2] <= 0.2)


def is_black(colour: Any) -> bool:
    """Whether it is black in grey, RGB or CMYK; no colour given is black."""
    values = tuple(colour or ())
    return not values or values in ((0,), (0, 0, 0), (0, 0, 0, 1)) or _near(values, (0, 0, 0), 0.15)


def within(name: str, value: float, wanted: float, near: float = NEAR) -> Element:
    """An element that is measured in millimetres."""
    return Element(name, f"{wanted:.1f} ± {near} mm", f"{value:.2f} mm", abs(value - wanted) <= near)


def listed(said: Sequence[str]) -> str:
    """The first three, and how many there are; 无 for none."""
    return "、".join(said[:3]) + (f" 等 {len(said)} 处" if len(said) > 3 else "") if said else "无"


def turned(page: Any) -> list[Seen]:
    """The text that stands on its side, as one sees it who turns the sheet upright again: a page number."""
    chars = sorted((c for c in page.chars if not c["upright"] and c["text"].strip()), key=lambda c: c["top"])
    if not chars:
        return []
    upright = [
        c | {"x0": c["top"], "x1": c["bottom"], "top": page.width - c["x1"], "bottom": page.width - c["x0"]}
        for c in chars
    ]
    return [_line(page, upright)]


def _near(colour: Any, wanted: Sequence[float], off: float = 0.02) -> bool:
    values = tuple(colour or ())
    return len(values) == 3 and all(abs(a - b) < off for a, b in zip(values, wanted, strict=True))


def _baseline(page: Any, char: dict[str, Any]) -> float:
    return float(page.height - char["matrix"][5]) * MM


def printed(page: Any) -> list[dict[str, Any]]:
    """The page's characters without its blanks and without the mark that lies across a draft."""
    return [char for char in page.chars if char["text"].strip() and char["size"] < LARGEST]


def _lines(page: Any) -> list[Seen]:
    """Characters whose baselines agree within a millimetre are one line, whatever their fonts."""
    rows: list[list[dict[str, Any]]] = []
    chars = [char for char in printed(page) if char["upright"]]
    for char in sorted(chars, key=lambda c: (_baseline(page, c), c["x0"])):
        if rows and abs(_baseline(page, rows[-1][0]) - _baseline(page, char)) < 1:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [_line(page, sorted(row, key=lambda c: c["x0"])) for row in rows]


def _line(page: Any, chars: Sequence[dict[str, Any]]) -> Seen:
    font = Counter(char["fontname"] for char in chars).most_common(1)[0][0]
    own = [char for char in chars if char["fontname"] == font]
    return Seen(
        page=page.page_number,
        text="".join(char["text"] for char in chars),
        left=chars[0]["x0"] * MM,
        right=max(char["x1"] for char in chars) * MM,
        top=min(char["top"] for char in own) * MM,
        bottom=max(char["bottom"] for char in own) * MM,
        base=_baseline(page, own[0]),
        size=Counter(round(char["size"] * MM, 3) for char in own).most_common(1)[0][0],
        font=_named(font),
        red=is_red(chars[0]["non_stroking_color"]),
        signs=tuple(
            Sign(
                text=char["text"],
                left=char["x0"] * MM,
                size=char["size"] * MM,
                font=_named(char["fontname"]),
                leans=abs(char["matrix"][2]) > 0.01 and abs(char["matrix"][1]) < 0.01,
            )
            for char in chars
        ),
    )


def _named(font: str) -> str:
    """The font's own name: without the mark of a subset, and in Chinese where a program wrote it in GBK."""
    name = font.split("+")[-1]
    try:
        return name.encode("latin-1").decode("gbk")
    except UnicodeError:
        return name


def _rules(page: Any) -> list[Rule]:
    found = []
    for bar in [*page.rects, *page.lines]:
        red = is_red(bar.get("non_stroking_color")) or is_red(bar.get("stroking_color"))
        left, right, top, bottom = (bar[side] * MM for side in ("x0", "x1", "top", "bottom"))
        if right - left > 3 * (bottom - top):
            found.append(Rule(left, right, top, bottom, red))
    return sorted(found, key=lambda rule: (rule.top, rule.left))
