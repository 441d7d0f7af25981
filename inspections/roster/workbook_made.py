"""Makes roster workbooks: the empty template with drop-downs and explanations, and the export.

It reads no file. Cells are written as text, so that no spreadsheet turns a code into a number or a formula.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import orm

from inspections.people.models import RecusalKind
from inspections.people.sheets import SHEETS, Column, Sheet
from inspections.people.stock import Stock
from inspections.people.tie_rules import NEVER_STORED
from inspections.units.sheets import shown

CHOICES = "选项"
#: rows prepared for entry: drop-downs and text format reach so far
PREPARED = 2000
#: spreadsheets read _x000D_ as a character; the underscore itself must then be escaped
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_HEADER_FILL = PatternFill("solid", fgColor="DCE6F4")
_REQUIRED_FONT = Font(bold=True, color="9C1C16")
_HEADER_FONT = Font(bold=True)


def template(out: Path | BinaryIO, session: orm.Session) -> None:
    """Nothing; writes an empty workbook with every sheet, drop-downs, notes and text columns."""
    book = Workbook()
    choices = _choices(book, Stock(session).kinds)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        _header(page, sheet.columns, starred=True)
        _prepare(page, sheet, choices)
    book.move_sheet(CHOICES, len(SHEETS))
    book.active = 1
    book.save(out)


def export(session: orm.Session, out: Path | BinaryIO) -> dict[str, int]:
    """Rows written by sheet; the workbook imports again as no difference at all."""
    stock = Stock(session)
    directory = stock.directory()
    book = Workbook()
    choices = _choices(book, stock.kinds)
    area_words = {key[0]: directory.word("area", key[0]) for key in stock.values["区域"]}
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        rows = list(stock.values[sheet.name].values())
        columns = [*sheet.columns, *(c for c in sheet.further if any(row[c.field] for row in rows))]
        _header(page, columns, starred=False)
        for number, row in enumerate(rows, 2):
            for place, column in enumerate(columns, 1):
                _write(page, number, place, _word(column, row, area_words))
        _prepare(page, sheet, choices)
    _zones(book["单位"], stock, area_words)
    book.move_sheet(CHOICES, len(SHEETS))
    book.active = 1
    book.save(out)
    return {name: len(rows) for name, rows in stock.values.items()}


def _word(column: Column, row: Mapping[str, Any], area_words: Mapping[str, str]) -> Any:
    if column.field == "zone":
        return ""  # follows from the township; written by _zones
    value = row[column.field]
    return area_words.get(value, "") if column.refers == "area" else shown(column, value)


def _zones(page: Worksheet, stock: Stock, area_words: Mapping[str, str]) -> None:
    """Fills 片区 from where the township belongs."""
    place = next(n for n, column in enumerate(SHEETS[1].columns, 1) if column.field == "zone")
    for number, values in enumerate(stock.values["单位"].values(), 2):
        area = stock.records["区域"][(values["area"],)]
        zone = area.ancestor("zone")
        _write(page, number, place, area_words[zone.code] if zone else "")


def _write(page: Worksheet, row: int, column: int, value: Any) -> None:
    if value == "":
        return
    cell = page.cell(row, column)
    if isinstance(value, int | float):
        cell.value = value
        return
    cell.value = _ESCAPE_LOOKALIKE.sub("_x005F_", value)
    cell.data_type = "s"  # never a formula, whatever the text begins with
    cell.number_format = "@"


def _header(page: Worksheet, columns: tuple[Column, ...] | list[Column], starred: bool) -> None:
    for place, column in enumerate(columns, 1):
        cell = page.cell(1, place, column.header + ("*" if starred and column.required else ""))
        cell.fill = _HEADER_FILL
        cell.font = _REQUIRED_FONT if column.required else _HEADER_FONT
        told = "必填。" if column.required else "可不填。"
        if column.words:
            told += f"可填：{'、'.join(column.words)}。"
        comment = Comment(told + column.note, "巡回驻点")
        comment.width, comment.height = 260, 90
        cell.comment = comment
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.freeze_panes = "C2"


def _prepare(page: Worksheet, sheet: Sheet, choices: Mapping[str, str]) -> None:
    """Drop-downs and, for codes and dates, text format below the header."""
    last = max(page.max_row, PREPARED)
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        if f"{sheet.name}.{column.field}" in choices:
            source = choices[f"{sheet.name}.{column.field}"]
            several = column.field == "skills"
            rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=not several)
            rule.error = f"可填：{'、'.join(column.words)}" if column.words else "请从下拉列表中选择"
            page.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{last}")
        if column.show is str or column.field in ("closed", "off"):
            page.column_dimensions[letter].number_format = "@"


def _choices(book: Workbook, kinds: list[RecusalKind]) -> dict[str, str]:
    """The hidden sheet with the words of the drop-downs; sheet.field → the range that holds them."""
    page = book.active
    assert isinstance(page, Worksheet)  # noqa: S101 - a new workbook has one plain sheet
    page.title = CHOICES
    page.sheet_state = "hidden"
    lists = {
        f"{sheet.name}.{column.field}": list(column.words)
        for sheet in SHEETS
        for column in sheet.columns
        if column.words
    }
    lists["回避.kind"] = [kind.code for kind in kinds if kind.code not in NEVER_STORED]
    ranges = {}
    for place, (name, words) in enumerate((pair for pair in lists.items() if pair[1]), 1):
        letter = get_column_letter(place)
        for number, word in enumerate([name, *words], 1):
            page.cell(number, place, word)
        ranges[name] = f"'{CHOICES}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges
