"""Reads the CSV files of seeds/. It stores nothing."""

import csv
import datetime as dt
from pathlib import Path

from inspections.wording import SHANGHAI

SEEDS = Path(__file__).parents[2] / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of `seeds/<name>`, each a mapping from header to cell; cells are never None."""
    with (SEEDS / name).open(encoding="utf-8-sig", newline="") as lines:
        return [dict(row) for row in csv.DictReader(lines)]


def several(cell: str) -> list[str]:
    """The values of a cell that holds several, joined by 、."""
    return [value for value in cell.split("、") if value]


def moment(day: str, clock: str = "17:30") -> dt.datetime:
    """The instant of a local day and time, e.g. `2026-10-12` or `2026-10-12 09:05`."""
    text = day if " " in day else f"{day} {clock}"
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
