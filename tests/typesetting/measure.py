"""Reads a PDF back in millimetres: its lines of text, its rectangles and its ink."""

import io
from dataclasses import dataclass

import numpy as np
import pdfplumber
import pypdf
from pdfplumber.page import Page

from inspections.typesetting.render import RenderedPaper

MM = 25.4 / 72
RED = (230 / 255, 0.0, 18 / 255)


@dataclass(frozen=True)
class Line:
    """One line of text: place in mm from the top left corner, size in mm, PDF font name, colour."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str
    colour: tuple[float, ...]


def text_of(data: bytes) -> str:
    """All the text of a PDF, without its spaces."""
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def pages(printed: RenderedPaper) -> list[Page]:
    """The pages of a paper."""
    return list(pdfplumber.open(io.BytesIO(printed.data)).pages)


def lines(page: Page) -> list[Line]:
    """The lines of a page from top to bottom; characters whose feet agree within 1 mm are one line."""
    rows: list[list[dict]] = []
    for char in sorted((c for c in page.chars if c["text"].strip()), key=lambda c: (c["bottom"], c["x0"])):
        if rows and abs(rows[-1][0]["bottom"] - char["bottom"]) * MM < 1:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [_line(sorted(row, key=lambda c: c["x0"])) for row in rows]


def find(page: Page, start: str) -> Line:
    """The one line that begins with these words."""
    (line,) = [line for line in lines(page) if line.text.startswith(start)]
    return line


def ink(page: Page, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in mm of what is darker than half grey inside the box."""
    dots = 300 / 25.4
    left, top, right, bottom = (round(edge * dots) for edge in box)
    grey = np.asarray(page.to_image(resolution=300).original.convert("L"))[top:bottom, left:right]
    rows, columns = np.where((grey < 128).any(axis=1))[0], np.where((grey < 128).any(axis=0))[0]
    return (
        (columns[0] + left) / dots,
        (rows[0] + top) / dots,
        (columns[-1] + 1 + left) / dots,
        (rows[-1] + 1 + top) / dots,
    )


def _line(chars: list[dict]) -> Line:
    return Line(
        text="".join(char["text"] for char in chars),
        left=chars[0]["x0"] * MM,
        right=max(char["x1"] for char in chars) * MM,
        top=min(char["top"] for char in chars) * MM,
        bottom=max(char["bottom"] for char in chars) * MM,
        size=chars[0]["size"] * MM,
        font=chars[0]["fontname"].split("+")[-1],
        colour=tuple(chars[0]["non_stroking_color"]),
    )
