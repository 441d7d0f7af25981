"""The first visible sheet of an .xlsx as lines of CSV, in constant memory but for the shared texts.

A cell is taken as it is stored: a number cut by Excel shows as `6.29999E+17` and is found by the reader.
What a
formula shows is its stored value. Hidden sheets are left alone and counted.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from inspections.comparisons.faults import BadInput, Fault

MOST_UNPACKED = 4 << 30
MOST_RATIO = 200
MOST_ROWS = 1_048_576
_PIECE = 1 << 18
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_LINES = 2000


def lines_of(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The sheet's rows as CSV in UTF-8, an empty line for a row that is not there, so that numbers agree.

    Raises BadInput for what is no workbook, is locked, too large, or has no visible sheet.
    """
    try:
        with zipfile.ZipFile(file) as book:
            for member in book.infolist():
                if member.file_size > MOST_UNPACKED or member.file_size > MOST_RATIO * max(
                    member.compress_size, 1 << 16
                ):
                    raise BadInput([Fault(name, "too_large")])
            names = set(book.namelist())
            if "xl/workbook.xml" not in names:
                raise BadInput([Fault(name, "no_workbook")])
            sheet = _first_visible(book, names, name)
            texts = _texts(book) if "xl/sharedStrings.xml" in names else []
            yield from _written(_rows(book, sheet, texts))
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, IndexError, ValueError, NotImplementedError):
        raise BadInput([Fault(name, "no_workbook")]) from None
    except RuntimeError:  # a member that asks for a password
        raise BadInput([Fault(name, "no_workbook")]) from None


def _first_visible(book: zipfile.ZipFile, names: set[str], name: str) -> str:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            sheets.append((given.get("r:id", ""), given.get("state", "visible")))

    def target(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[given["Id"]] = given["Target"].removeprefix("/xl/").removeprefix("xl/")

    _parse(book, "xl/workbook.xml", sheet)
    _parse(book, "xl/_rels/workbook.xml.rels", target)
    for key, state in sheets:
        path = f"xl/{targets.get(key, '')}"
        if state == "visible" and path in names:
            return path
    raise BadInput([Fault(name, "no_sheet")])


def _parse(book: zipfile.ZipFile, member: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(book.read(member), True)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("a document type of its own")

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    return parser


def _texts(book: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    parts: list[str] = []
    inside = phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal inside, phonetic
        if tag == "si":
            parts.clear()
        phonetic = phonetic or tag == "rPh"
        inside = tag == "t" and not phonetic

    def end(tag: str) -> None:
        nonlocal inside, phonetic
        inside = False
        phonetic = phonetic and tag != "rPh"
        if tag == "si":
            found.append("".join(parts))

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: parts.append(text) if inside else None
    with book.open("xl/sharedStrings.xml") as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece)
    return found


def _rows(book: zipfile.ZipFile, member: str, texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and cells."""
    done: list[tuple[int, list[str]]] = []
    cells: list[str] = []
    value: list[str] = []
    number = column = 0
    kind, inside = "", False

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal number, column, kind, inside
        if tag == "row":
            number = int(given.get("r") or number + 1)
            column = 0
            cells.clear()
        elif tag == "c":
            if match := _CELL.fullmatch(given.get("r", "")):
                column = 0
                for letter in match[1]:
                    column = column * 26 + ord(letter) - 64
            else:
                column += 1
            kind = given.get("t", "n")
            value.clear()
        inside = tag in ("v", "t")

    def end(tag: str) -> None:
        nonlocal inside
        inside = False
        if tag == "c":
            text = "".join(value)
            if kind == "s" and text:
                text = texts[int(text)]
            cells.extend([""] * (column - len(cells)))
            cells[column - 1] = "" if kind == "e" else text
        elif tag == "row":
            if number > MOST_ROWS:
                raise ValueError("too many rows")
            done.append((number, list(cells)))

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: value.append(text) if inside else None
    with book.open(member) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece)
            yield from done
            done.clear()


def _written(rows: Iterator[tuple[int, list[str]]]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    line = 0
    for count, (number, cells) in enumerate(rows, 1):
        out.write("\n" * (number - line - 1))
        line = number
        writer.writerow([cell.replace("\r", " ").replace("\n", " ") for cell in cells])
        if count % _LINES == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
