"""Draws the bars of a figure as SVG: labels at the left, the longest bar fills the width, numbers behind.

Sizes in mm of the printed page. It knows no page but that a drawing must fit on one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from inspections.typesetting.composer import compose

WIDTH, LABELS, LEFT, LONGEST = 156.0, 36.0, 38.0, 96.0
SIZE, LINE, ROW, THICK = 3.704, 4.4, 6.0, 4.0
#: of one drawing, in mm: it does not break across pages
HIGHEST = 200.0

_DRAWING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
    'viewBox="0 0 {width:g} {height:g}" font-family="{family}" font-size="{size:g}">'
    "<title>{title}</title>{rows}</svg>"
)
_TEXT = Markup('<text x="{x:g}" y="{y:.3f}" text-anchor="{anchor}">{text}</text>')
_BAR = Markup('<rect x="{x:g}" y="{y:.3f}" width="{width:.3f}" height="{height:g}" fill="#4d4d4d"/>')


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar with its label in lines."""

    label: str
    lines: tuple[str, ...]
    number: Decimal

    @property
    def height(self) -> float:
        return max(ROW, LINE * len(self.lines) + 1)


def drawings(
    caption: str, bars: Sequence[tuple[str, Decimal]], family: str, advance: Callable[[str], float]
) -> list[Markup]:
    """The figure as one drawing, or as several where its bars are higher than a page.

    `family` is a list of font families as CSS has it, `advance` the width of a character in em. Each drawing
    has its labels and numbers as its title, for whoever cannot see it.
    """
    room = LABELS / SIZE
    pieces: list[list[_Row]] = [[]]
    for label, number in bars:
        row = _Row(label, tuple(line.text for line in compose(label, room, room, advance)), number)
        if sum(one.height for one in pieces[-1]) + row.height > HIGHEST:
            pieces.append([])
        pieces[-1].append(row)
    top = max((number for _, number in bars), default=Decimal(0)) or Decimal(1)
    return [_drawing(caption, rows, top, family) for rows in pieces]


def _drawing(caption: str, rows: Sequence[_Row], top: Decimal, family: str) -> Markup:
    drawn, y = Markup(""), 0.0
    for row in rows:
        middle = y + row.height / 2
        first = middle - LINE * (len(row.lines) - 1) / 2 + SIZE * 0.35
        for at, text in enumerate(row.lines):
            drawn += _TEXT.format(x=LABELS, y=first + LINE * at, anchor="end", text=text)
        long = float(row.number / top) * LONGEST
        drawn += _BAR.format(x=LEFT, y=middle - THICK / 2, width=long, height=THICK)
        drawn += _TEXT.format(
            x=LEFT + long + 2, y=middle + SIZE * 0.35, anchor="start", text=f"{row.number:f}"
        )
        y += row.height
    said = f"{caption}：" + "，".join(f"{row.label} {row.number:f}" for row in rows)
    return _DRAWING.format(width=WIDTH, height=y, family=family, size=SIZE, title=said, rows=drawn)
