"""A plain workbook of a table as it is seen on a page. The roster's own workbook is people/workbook_made."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter


def table_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> io.BytesIO:
    """The xlsx bytes, at their start. Text stays text, whatever it begins with."""
    return tables_xlsx([(title, header, rows)])


def tables_xlsx(tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> io.BytesIO:
    """The same of several tables, each on a sheet of its own."""
    book = Workbook(write_only=True)
    for title, header, rows in tables:
        _sheet(book, title, header, rows)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def _sheet(book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for place in range(1, len(header) + 1):
        page.column_dimensions[get_column_letter(place)].width = 18
    bold = []
    for word in header:
        cell = WriteOnlyCell(page, word)
        cell.font = Font(bold=True)
        bold.append(cell)
    page.append(bold)
    for row in rows:
        line = []
        for value in row:
            cell = WriteOnlyCell(page, "" if value is None else value)
            if isinstance(value, str):
                cell.data_type = "s"
            line.append(cell)
        page.append(line)
