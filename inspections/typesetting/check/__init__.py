"""Re-reads a finished PDF and holds each element of its format against GB/T 9704-2012, in millimetres.

It trusts nothing that the program meant to print, only what stands in the file; it changes no file. A PDF of
other programs is read alike: its kind is guessed from its first page.
"""

from collections.abc import Iterator

from inspections.typesetting.check import cells, head, running, sheet, strokes, tables, tail, words
from inspections.typesetting.check.reading import DRAFT, Element, NotReadable, Reading, open_pdf
from inspections.typesetting.layout import Base

__all__ = ["Element", "NotReadable", "check", "is_draft"]


def check(data: bytes) -> list[Element]:
    """Every element with its measure, in the order of the page. Raises NotReadable."""
    with open_pdf(data) as reading:
        return list(_elements(reading))


def is_draft(data: bytes) -> bool:
    """Whether the mark of a draft stands in the head of any page. Raises NotReadable."""
    with open_pdf(data) as reading:
        return any(line.text.startswith(DRAFT) for line in reading.lines)


def _elements(reading: Reading) -> Iterator[Element]:
    base = reading.kind.base
    yield from sheet.elements(reading)
    yield from running.elements(reading)
    if base in head.MARK_TOP:
        yield from head.mark(reading)
    yield from head.title(reading)
    if base in (Base.LETTER, Base.GENERAL):
        yield from head.addressee(reading)
        yield from tail.signature(reading)
        yield from tail.note(reading)
    yield from tail.annexes(reading)
    if base is Base.LETTER:
        yield from tail.copies(reading)
    if base in (Base.GENERAL, Base.MINUTES):
        yield from tail.imprint(reading)
    yield from tables.elements(reading)
    yield from cells.elements(reading)
    yield from strokes.elements(reading)
    yield from words.elements(reading)
    yield from sheet.page_numbers(reading)
    yield from sheet.file(reading)
