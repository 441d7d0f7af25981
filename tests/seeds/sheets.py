"""Reads the seed files for the tests of this folder: rows by header, and rows by their number."""

import csv
import datetime as dt
import functools
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
Row = dict[str, str]


@functools.cache
def rows(name: str) -> list[Row]:
    """The rows of a seed file, e.g. qinghe/units; a row longer or shorter than the header is refused."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        header, *body = csv.reader(lines)
    assert all(len(row) == len(header) for row in body), name
    return [dict(zip(header, row, strict=True)) for row in body]


def by_number(name: str, column: str = "编号") -> dict[str, Row]:
    """The rows by their number, which must be there and unique."""
    numbered = {row[column]: row for row in rows(name)}
    assert "" not in numbered, name
    assert len(numbered) == len(rows(name)), name
    return numbered


def header(name: str) -> list[str]:
    """The first line of a seed file."""
    return (SEEDS / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")


def day_ranges(cell: str) -> Iterator[tuple[dt.date, dt.date]]:
    """The ranges of a cell like 2026-03-02至2026-03-13、2026-05-01至2026-05-03."""
    for text in filter(None, cell.split("、")):
        first, last = text.split("至")
        yield dt.date.fromisoformat(first), dt.date.fromisoformat(last)
