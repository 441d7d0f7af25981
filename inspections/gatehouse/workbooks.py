"""Opens an xlsx workbook: first measures every sheet as a stream, then reads the cells.

Beside the values it tells what a reader of values alone would lose: merged cells, hidden rows, formulas
without a result, error values.
"""

import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any

import python_calamine

from . import (
    MOST_AREA,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_MERGED,
    MOST_ROWS,
    Reason,
    Turned,
)
from .xml import Ends, Starts, Walk
from .zips import Packed

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_DIRECTORY = "xl/_rels/workbook.xml.rels"


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class Measured:
    """One sheet while it streams by: where cells stand, and what a reader of values would not tell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row = self.column = 0
        self.bottom = self.right = self.cells = 0
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden: list[int] = []
        self.lost: list[tuple[int, int, str, str]] = []
        self._reference: str | None = None
        self._kind: str | None = None
        self._formula = self._valued = self._in_value = False
        self._value = ""

    def starts(self) -> Starts:
        """What is done where an element begins."""
        return {"c": self._cell, "row": self._row, "f": self._f, "v": self._v, "is": self._is} | {
            "mergeCell": self._merge
        }

    def ends(self) -> Ends:
        """What is done where an element ends."""
        return {"c": self._cell_ends, "v": self._v_ends}

    def text(self, text: str) -> None:
        """Text inside an element; only that of a value counts."""
        if self._in_value and len(self._value) < MOST_CHARACTERS:
            self._value += text

    def _row(self, said: Mapping[str, str]) -> None:
        number = said.get("r", "")
        self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
        self.column = 0
        if said.get("hidden") in ("1", "true"):
            self.hidden.append(self.row)

    def _cell(self, said: Mapping[str, str]) -> None:
        self.column += 1
        self._reference, self._kind = said.get("r"), said.get("t")
        self._formula = self._valued = False
        self._value = ""

    def _f(self, _: Mapping[str, str]) -> None:
        self._formula = True

    def _v(self, _: Mapping[str, str]) -> None:
        self._valued = self._in_value = True

    def _is(self, _: Mapping[str, str]) -> None:
        self._valued = True
        self._value = "…"

    def _v_ends(self) -> None:
        self._in_value = False

    def _cell_ends(self) -> None:
        """The end of a cell tells whether it held anything; blank formatted cells count for nothing."""
        if not (self._valued or self._formula):
            return
        if self._reference is not None:
            found = _REFERENCE.fullmatch(self._reference)
            if found is None:
                raise Turned(Reason.UNREADABLE, self.name)
            self.column, self.row = column_number(found[1]), int(found[2])
        self.cells += 1
        self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
        if self.bottom > MOST_ROWS:
            raise Turned(Reason.TOO_MANY_ROWS, self.name)
        if self.right > MOST_COLUMNS:
            raise Turned(Reason.TOO_MANY_COLUMNS, self.name)
        if self.cells > MOST_CELLS or self.bottom * self.right > MOST_AREA:
            raise Turned(Reason.TOO_MANY_CELLS, self.name)
        if self._kind == "e":
            self.lost.append((self.row, self.column, "error", self._value[:40]))
        elif self._formula and not self._value:
            self.lost.append((self.row, self.column, "formula", ""))

    def _merge(self, said: Mapping[str, str]) -> None:
        reference = said.get("ref", "")
        first, _, last = reference.partition(":")
        corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
        if len(self.merged) >= MOST_MERGED:
            raise Turned(Reason.TOO_MANY_MERGED, self.name)
        if corners[0] is not None and corners[1] is not None:
            top, bottom = int(corners[0][2]), int(corners[1][2])
            self.merged.append((top, column_number(corners[0][1]), bottom, column_number(corners[1][1])))


def measure(data: bytes) -> dict[str, Measured]:
    """Every sheet by its name, measured; nothing was read but streams. Raises Turned."""
    packed = Packed(data)
    if "[Content_Types].xml" not in packed.names:
        raise Turned(Reason.UNREADABLE)
    lowered = [name.lower() for name in packed.names]
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lowered):
        raise Turned(Reason.MACROS)
    walk = Walk()
    targets: dict[str, str] = {}
    titles: dict[str, str] = {}

    def relation(said: Mapping[str, str]) -> None:
        if said.get("Type", "").endswith("/worksheet"):
            path = said.get("Target", "").lstrip("/")
            targets[said.get("Id", "")] = path if path.startswith("xl/") else f"xl/{path}"

    def titled(said: Mapping[str, str]) -> None:
        key = next((value for name, value in said.items() if name.endswith(":id")), "")
        titles[key] = said.get("name", "")

    if _DIRECTORY in packed.names:
        walk.through(packed.pieces(_DIRECTORY), {"Relationship": relation})
    if "xl/workbook.xml" in packed.names:
        walk.through(packed.pieces("xl/workbook.xml"), {"sheet": titled})
    sheets: dict[str, Measured] = {}
    named = {path: titles.get(key, path) for key, path in targets.items()}
    _refuse_crowds(packed, named)
    for name in packed.names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            sheet = sheets.setdefault(named.get(name, name), Measured(named.get(name, name)))
            walk.through(packed.pieces(name), sheet.starts(), sheet.ends(), sheet.text)
        elif name.endswith((".xml", ".rels", ".vml")) and name not in (_DIRECTORY, "xl/workbook.xml"):
            walk.through(packed.pieces(name))
    if not sheets:
        raise Turned(Reason.UNREADABLE)
    return sheets


def _refuse_crowds(packed: Packed, named: Mapping[str, str]) -> None:
    """Nothing, or Turned when the signs of all sheets, only counted, are far too many: said at once.

    Rows count as far as values stand in them: thousands of blank ones below are only formatted.
    """
    elements = values = 0
    for name in packed.names:
        if name.startswith("xl/worksheets/"):
            rows = 0
            for piece in packed.glance(name):
                found = piece.count(b"</v>") + piece.count(b":v>") + piece.count(b"</is>")
                if found and rows > MOST_ROWS:
                    raise Turned(Reason.TOO_MANY_ROWS, named.get(name, name))
                rows += piece.count(b"<row ") + piece.count(b":row ")
                elements += piece.count(b"/>") + piece.count(b"</")
                values += found
                if elements > MOST_ELEMENTS or values > MOST_CELLS:
                    raise Turned(Reason.TOO_MANY_CELLS)


def read(data: bytes) -> list[dict[str, Any]]:
    """The sheets in the workbook's order, ready for JSON: name, rows, merged, lost, hidden. Raises Turned."""
    measured = measure(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        found = []
        for title in book.sheet_names:
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            said = measured.get(title) or Measured(title)
            found.append(
                {
                    "name": title,
                    "rows": [_row(row) for row in rows],
                    "merged": said.merged,
                    "lost": said.lost,
                    "hidden": said.hidden,
                }
            )
    except MemoryError:
        raise
    except Exception:  # the reader names no common class for what is no workbook
        raise Turned(Reason.UNREADABLE) from None
    return found


def _row(row: list[Any]) -> list[Any]:
    """The row without the blank cells at its end; what JSON cannot say is said as {kind: text}."""
    while row and row[-1] == "":
        row.pop()
    return [value if isinstance(value, (str, int, float)) else _tagged(value) for value in row]


def _tagged(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)
