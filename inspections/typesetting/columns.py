"""Widths of a table's columns: as stated, and wide enough that no number is torn where that can be."""

import re
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from inspections.typesetting.letter import Column, Table

#: a number with its unit, as a table may have it; what is shorter than five signs is never torn
NUMBER = re.compile(r"\d[\d.,]{3,}\d(?:万?元|[%％‰])?")
#: half an em of 10.5 pt, and what the rules and paddings of a cell take, in mm
FIGURE_MM, PADDING_MM = Decimal("1.86"), Decimal("2.9")
#: what no column is narrowed below
NARROWEST = Decimal(16)


class Width(NamedTuple):
    """A column's width in mm, and whether its longest number fits on one line."""

    millimetres: Decimal
    whole: bool


def column_widths(table: Table, full: Decimal) -> list[Width]:
    """One width a column, together `full` mm; what a number lacks comes from the columns with most room."""
    widths = _stated(table.columns, full)
    needs = [_needed(cells) for cells in zip_longest(*table.rows, fillvalue="")] or [Decimal(0)] * len(widths)
    lacking = sum(
        (max(Decimal(0), need - width) for need, width in zip(needs, widths, strict=True)), Decimal(0)
    )
    room = [max(Decimal(0), width - max(need, NARROWEST)) for need, width in zip(needs, widths, strict=True)]
    if lacking and sum(room) >= lacking:
        share = lacking / sum(room, Decimal(0))
        widths = [
            max(need, width - spare * share) for need, width, spare in zip(needs, widths, room, strict=True)
        ]
    return [Width(width, need <= width) for need, width in zip(needs, widths, strict=True)]


def _needed(cells: tuple[str, ...]) -> Decimal:
    """The width in mm of the longest number of these cells, 0 where there is none."""
    longest = max((_figures(found) for cell in cells for found in NUMBER.findall(cell)), default=Decimal(0))
    return longest * FIGURE_MM + PADDING_MM if longest else Decimal(0)


def _figures(number: str) -> Decimal:
    """Its width in figures; a character is two."""
    return Decimal(sum(1 if sign.isascii() else 2 for sign in number))


def _stated(columns: tuple[Column, ...], full: Decimal) -> list[Decimal]:
    """Stated widths first, the others share what is left (at least 12 mm each); brought to `full`."""
    stated = sum((column.width_mm or Decimal(0) for column in columns), Decimal(0))
    open_columns = sum(1 for column in columns if column.width_mm is None)
    share = max(Decimal(12), (full - stated) / open_columns) if open_columns else Decimal(0)
    widths = [column.width_mm or share for column in columns]
    return [width / sum(widths, Decimal(0)) * full for width in widths]
