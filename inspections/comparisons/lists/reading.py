"""A CSV as blocks of text columns with the line each row stands in, in constant memory.

UTF-8 with or without mark, or GB18030 (its trail bytes never are a comma, a quote or an end of
line, so blocks are cut
on raw bytes). A block without quotes and of even rows goes through Arrow; any other is read row by row.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from inspections.comparisons.faults import BadInput, Fault, shown
from inspections.comparisons.lists.kinds import Kind, heading

BLOCK = 8 << 20
LONGEST = 8 * BLOCK
#: a title and a few words may stand above the heading
HEADING_WITHIN = 10
#: more unreadable characters than this share and the file is refused
UNREADABLE = 1e-4
#: files that are no files of the disk: what opens each, by the name under which it came (`receiving.py`)
ARRIVED: dict[Path, Callable[[], BinaryIO]] = {}


@dataclass
class Block:
    """Some rows: the line of each, their columns as text in the kind's order, the lines that were no rows."""

    lines: np.ndarray
    columns: dict[str, pa.Array]
    ragged: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Heading:
    """Where the heading stands, how wide it is, and which place each column of the kind has."""

    line: int
    width: int
    places: dict[str, int]


def opened(path: Path) -> BinaryIO:
    """The file's bytes, unpacked when it ends in .gz."""
    raw = ARRIVED[path]() if path in ARRIVED else path.open("rb")
    return cast(BinaryIO, gzip.open(raw, "rb")) if path.suffix.lower() == ".gz" else raw


def blocks(path: Path, kind: Kind) -> Iterator[Block]:
    """The rows of the file, block by block; BadInput when it cannot be read or its heading does not fit."""
    name = shown(path.name)
    encoding = encoding_of(path)
    line, header, broken, characters = 1, None, 0, 0
    for raw in _whole_lines(path, name):
        text = raw.decode(encoding, errors="replace")
        characters += len(text)
        broken += text.count("\ufffd")
        if broken > max(2.0, characters * UNREADABLE):
            raise BadInput([Fault(name, "not_text", {"line": str(line)})])
        if header is None:
            text = text.removeprefix("\ufeff")
            header = _heading(text, kind, name)
            skipped = _position(text, header.line)
            text = text[skipped:]
            line = header.line + 1
        if text:
            yield _even(text, line, header) or _row_by_row(text, line, header)
            line += text.count("\n")
    if header is None:
        raise BadInput([_no_header(kind, name)])


def encoding_of(path: Path) -> str:
    """`utf-8` when the whole file is, else `gb18030` (GBK and GB2312 are parts of it)."""
    with opened(path) as file:
        rest = b""
        while piece := file.read(BLOCK):
            piece = rest + piece
            end = piece.rfind(b"\n") + 1 or len(piece)
            try:
                piece[:end].decode("utf-8")
            except UnicodeDecodeError:
                return "gb18030"
            rest = piece[end:]
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _whole_lines(path: Path, name: str) -> Iterator[bytes]:
    """The file in pieces that end with a row: after a line end outside quotes."""
    rest, line = b"", 1
    with opened(path) as file:
        while piece := file.read(BLOCK):
            rest += piece
            end = rest.rfind(b"\n") + 1
            if not end or rest.count(b'"', 0, end) % 2:
                if len(rest) > LONGEST:
                    raise BadInput([Fault(name, "quotes", {"line": str(line)})])
                continue
            yield rest[:end]
            line += rest.count(b"\n", 0, end)
            rest = rest[end:]
    if rest.count(b'"') % 2:
        raise BadInput([Fault(name, "quotes", {"line": str(line)})])
    if rest.strip(b"\x00\x1a \t\r\n"):
        yield rest


def _no_header(kind: Kind, name: str) -> Fault:
    return Fault(name, "no_header", {"expected": "、".join(column.name for column in kind.columns)})


def _heading(text: str, kind: Kind, name: str) -> Heading:
    reader = csv.reader(io.StringIO(text, newline=""))
    best: tuple[int, int, list[str]] | None = None
    wanted = {column.name for column in kind.columns}
    for _, cells in zip(range(HEADING_WITHIN), reader, strict=False):
        names = [heading(cell) for cell in cells]
        fit = len(wanted.intersection(names))
        if best is None or fit > best[0]:
            best = (fit, reader.line_num, names)
    if best is None or best[0] == 0:
        raise BadInput([_no_header(kind, name)])
    _, line, names = best
    at = {"line": str(line)}
    faults = [
        Fault(name, "missing_column", {**at, "column": column.name})
        for column in kind.columns
        if column.required and column.name not in names
    ]
    faults += [
        Fault(name, "double_column", {**at, "column": column.name})
        for column in kind.columns
        if names.count(column.name) > 1
    ]
    if faults:
        raise BadInput(faults)
    places = {c.name: names.index(c.name) for c in kind.columns if c.name in names}
    return Heading(line, len(names), places)


def _position(text: str, lines: int) -> int:
    place = 0
    for _ in range(lines):
        place = text.find("\n", place) + 1
        if not place:
            return len(text)
    return place


def _even(text: str, line: int, header: Heading) -> Block | None:
    """The block by Arrow, or None when a quote, an empty line or an uneven row asks for a closer look."""
    if '"' in text:
        return None
    names = [str(place) for place in range(header.width)]
    count = text.count("\n") + (not text.endswith("\n"))
    encoded = text.encode()
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(encoded),
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(encoded) + 1
            ),
            parse_options=arrow_csv.ParseOptions(quote_char=False, ignore_empty_lines=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                include_columns=[str(place) for place in header.places.values()],
            ),
        )
    except pa.ArrowInvalid:
        return None  # its words hold the row; the closer look counts the row instead
    if table.num_rows != count:
        return None
    columns = {
        name: table.column(str(place)).combine_chunks().cast(pa.string())
        for name, place in header.places.items()
    }
    return Block(np.arange(line, line + count, dtype=np.int64), columns)


def _row_by_row(text: str, line: int, header: Heading) -> Block:
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: list[int] = []
    rows: list[list[str]] = []
    ragged: list[int] = []
    start = line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            ragged.append(start)
            start = line + reader.line_num
            continue
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            if len(cells) < header.width or any(cell.strip() for cell in cells[header.width :]):
                ragged.append(start)
            else:
                lines.append(start)
                rows.append(cells)
        start = line + reader.line_num
    columns = {
        name: pa.array([row[place] for row in rows], pa.string()) for name, place in header.places.items()
    }
    return Block(np.array(lines, dtype=np.int64), columns, ragged)
