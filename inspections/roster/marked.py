"""The clerk's workbook back with what is wrong in it: red cells with comments, and a list of them in front.

It is written anew from the cells that were read: nothing of a stranger's file is opened here.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from inspections.roster.faults import Fault, Told
from inspections.roster.workbook import RawSheet

_RED = PatternFill("solid", fgColor="F4B6B0")
_BOLD = Font(bold=True)
#: cells that get a comment; the list in front names every one
MOST_COMMENTS = 2000
LIST = "要改的地方"


def marked(
    sheets: Mapping[str, RawSheet],
    faults: Sequence[Fault],
    told: Iterable[Told],
    out: Path | BinaryIO,
) -> None:
    """Nothing; writes the workbook. A fault of a whole sheet or of a row stands in its first cell."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)  # noqa: S101 - a new workbook has one plain sheet
    front.title = LIST
    _line(front, 1, ("位置", "问题"), bold=True)
    for number, fault in enumerate(faults, 2):
        _line(front, number, (fault.place, fault.sentence))
    for number, word in enumerate(told, len(faults) + 3):
        _line(front, number, (word.sheet, f"提醒：{word.sentence}"))
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 20, 90
    front.freeze_panes = "A2"
    pages = {sheet.name: _copied(book, sheet) for sheet in sheets.values() if sheet.name != LIST}
    for fault in faults[:MOST_COMMENTS]:
        title, _, at = fault.place.rpartition("!")
        page = pages.get(title) or pages.get(fault.place)
        if page is not None:
            _mark(
                page, at if title and at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != at else f"A{at or 1}", fault
            )
    book.save(out)


def _copied(book: Workbook, sheet: RawSheet) -> Worksheet:
    page: Worksheet = book.create_sheet(sheet.name)
    for number, row in enumerate(sheet.rows, 1):
        _line(page, number, row)
        if number in sheet.hidden:
            page.row_dimensions[number].hidden = True
    return page


def _line(page: Worksheet, number: int, values: Sequence[Any], bold: bool = False) -> None:
    for place, value in enumerate(values, 1):
        if value is None or value == "":
            continue
        cell = page.cell(number, place)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # never a formula, whatever the text begins with
        if bold:
            cell.font = _BOLD


def _mark(page: Worksheet, at: str, fault: Fault) -> None:
    try:
        row, column = coordinate_to_tuple(at)
    except ValueError:
        row, column = 1, 1
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - nothing is merged in a copy
    cell.fill = _RED
    said = f"{cell.comment.text}\n{fault.sentence}" if cell.comment else fault.sentence
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", said)[:900], "巡回驻点", width=320, height=100)
