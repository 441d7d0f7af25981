"""What a letter says: one frozen value, dates and numbers still typed, and which of its facts are missing.

It reads no file, no record and no font, and knows nothing of pages.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_GAP = re.compile(r"【待补：([^【】]{1,60})】")


class Status(StrEnum):
    """A draft may be shown with gaps; an issued letter has none and is archived."""

    DRAFT = "draft"
    ISSUED = "issued"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4, without its ordinal."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Column:
    """A table column; width in mm of the printed page, align left, center or right."""

    title: str
    width_mm: Decimal | None = None
    align: str = "left"


@dataclass(frozen=True)
class Table:
    """Rows of text, as many cells each as there are columns. A landscape table has pages of its own.

    `fields`: a form of names and what is filled in; no head row, larger, with room for the pen.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str | None = None
    landscape: bool = False
    fields: bool = False


#: where somebody signs by hand; such a row of a form is higher
PEN = "（签名）　　　　　　　　年　　月　　日"


def fields(*rows: tuple[str, str]) -> Table:
    """A form of names and values; an empty value is left to the pen."""
    return Table((Column("项目", Decimal(36), "center"), Column("内容")), rows, fields=True)


@dataclass(frozen=True)
class Figure:
    """Horizontal bars: label and number, the longest bar fills the width."""

    caption: str
    bars: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class Picture:
    """A photograph of the paper's own assets, by its name there, and what is written below it."""

    photo: str
    caption: str


@dataclass(frozen=True)
class Pictures:
    """Photographs two in a row; only working papers have them, and no file of facts."""

    pictures: tuple[Picture, ...]


Block = Heading | Paragraph | Table | Figure | Pictures


@dataclass(frozen=True)
class Annex:
    """An annex: a table or running blocks under its own title."""

    title: str
    table: Table | None = None
    body: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Who answers questions; printed as a note below the date."""

    name: str
    phone: str


@dataclass(frozen=True)
class Attendance:
    """Who was at a meeting: 出席, 请假 or 列席, and the names."""

    label: str
    names: str


@dataclass(frozen=True)
class Letter:
    """Everything a paper says, in whichever format. number and date are None until it is issued."""

    issuer: str
    code: str
    year: int
    number: int | None
    title: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: dt.date | None
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()
    contact: Contact | None = None
    seal_zone: bool = True
    status: Status = Status.DRAFT
    #: who signed a report to a higher body (签发人); who printed a paper of the general format (印发机关)
    signer: str = ""
    printed_by: str = ""
    #: the county's own address that a notice shows as a square code
    qr: str = ""
    #: the number of a paper that counts in no series of letters: a working paper's
    serial: str = ""
    #: below the body of minutes (GB/T 9704-2012, 10.3)
    attendance: tuple[Attendance, ...] = ()


@dataclass(frozen=True)
class Gap:
    """A fact that is not there yet: its JSON path and its name in Chinese."""

    path: str
    words: str


def gap(words: str) -> str:
    """The mark that stands in running text for a missing fact, e.g. 【待补：整改时限】."""
    return f"【待补：{words}】"


def split_gaps(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with True when it is the mark of a missing fact; joined they give the text."""
    pieces, end = [], 0
    for mark in _GAP.finditer(text):
        pieces += [(text[end : mark.start()], False), (mark.group(), True)]
        end = mark.end()
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]


def named_gaps(text: str) -> list[str]:
    """The names of the facts that the text marks as missing."""
    return _GAP.findall(text)


def texts(letter: Letter) -> Iterator[tuple[str, str]]:
    """Every piece of text that will be printed, with its JSON path."""
    for name in ("issuer", "code", "title"):
        yield name, getattr(letter, name)
    for name in ("to", "cc"):
        yield from ((f"{name}[{at}]", text) for at, text in enumerate(getattr(letter, name)))
    yield from _block_texts("body", letter.body)
    for at, annex in enumerate(letter.annexes):
        yield f"annexes[{at}].title", annex.title
        if annex.table:
            yield from _table_texts(f"annexes[{at}].table", annex.table)
        yield from _block_texts(f"annexes[{at}].body", annex.body)
    for at, present in enumerate(letter.attendance):
        yield f"attendance[{at}].label", present.label
        yield f"attendance[{at}].names", present.names
    if letter.contact:
        yield "contact.name", letter.contact.name
        yield "contact.phone", letter.contact.phone
    yield from (
        (name, text) for name in ("signer", "printed_by", "qr", "serial") if (text := getattr(letter, name))
    )


def gaps(letter: Letter) -> list[Gap]:
    """Every missing fact, in the order of the page. An issued letter must have none."""
    found = []
    if letter.number is None and not letter.serial:
        found.append(Gap("number", "发文字号的序号"))
    if not letter.to:
        found.append(Gap("to", "主送机关"))
    if not letter.body:
        found.append(Gap("body", "正文"))
    for path, text in texts(letter):
        found += [Gap(path, words) for words in named_gaps(text)]
    if letter.date is None:
        found.append(Gap("date", "成文日期"))
    return found


def missing(letter: Letter) -> list[str]:
    """The names of the missing facts in Chinese, each once; issuing is refused while there are any."""
    return list(dict.fromkeys(found.words for found in gaps(letter)))


def _block_texts(path: str, blocks: tuple[Block, ...]) -> Iterator[tuple[str, str]]:
    for at, block in enumerate(blocks):
        match block:
            case Heading():
                yield f"{path}[{at}].text", block.text
            case Paragraph():
                yield f"{path}[{at}].para", block.text
            case Table():
                yield from _table_texts(f"{path}[{at}].table", block)
            case Figure():
                yield f"{path}[{at}].figure.caption", block.caption
                for row, (label, _) in enumerate(block.bars):
                    yield f"{path}[{at}].figure.bars[{row}][0]", label
            case Pictures():
                for row, picture in enumerate(block.pictures):
                    yield f"{path}[{at}].pictures[{row}].caption", picture.caption


def _table_texts(path: str, table: Table) -> Iterator[tuple[str, str]]:
    if table.caption:
        yield f"{path}.caption", table.caption
    for at, column in enumerate(() if table.fields else table.columns):
        yield f"{path}.columns[{at}].title", column.title
    for at, row in enumerate(table.rows):
        for cell, text in enumerate(row):
            yield f"{path}.rows[{at}][{cell}]", text
