"""What importing a roster would change: new rows, changed fields from old to new, removals, and what stays.

It compares plain values and changes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspections.people.sheets import AREAS, SHEETS, Sheet
from inspections.people.stock import Stock
from inspections.roster.faults import Told
from inspections.roster.rows import Row
from inspections.units.sheets import shown


@dataclass(frozen=True)
class Difference:
    """A row that is new (`changes` empty) or changed: (header, old, new) in the words of the sheet.

    `removal` is the reason for which the row is taken off the roster.
    """

    sheet: str
    key: tuple[Any, ...]
    title: str
    new: bool
    changes: tuple[tuple[str, str, str], ...] = ()
    removal: str = ""

    def __str__(self) -> str:
        if self.removal:
            return f"删除 {self.sheet} {self.title}：{self.removal}"
        if self.new:
            return f"新增 {self.sheet} {self.title}"
        told = "；".join(f"{header} {old or '空'} → {new or '空'}" for header, old, new in self.changes)
        return f"变更 {self.sheet} {self.title}：{told}"


@dataclass
class Differences:
    """What importing a file would do; `untouched` counts what is stored but not in the file, by sheet."""

    rows: list[Difference] = field(default_factory=list)
    same: dict[str, int] = field(default_factory=dict)
    untouched: dict[str, int] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """Sheet → 新增, 变更, 删除, 不变, 未列入."""
        kinds = [(row.sheet, "gone" if row.removal else row.new) for row in self.rows]
        return {
            sheet.name: {
                "新增": kinds.count((sheet.name, True)),
                "变更": kinds.count((sheet.name, False)),
                "删除": kinds.count((sheet.name, "gone")),
                "不变": self.same.get(sheet.name, 0),
                "未列入": self.untouched.get(sheet.name, 0),
            }
            for sheet in SHEETS
        }

    def digest(self) -> str:
        """A hash of all that would change: another one means that the roster changed after the preview."""
        return hashlib.sha256("\n".join(map(str, self.rows)).encode()).hexdigest()


def compare(stock: Stock, rows: Mapping[str, list[Row]]) -> Differences:
    """The rows of a file against what is stored. A field whose column the file lacks is not compared."""
    differences = Differences()
    areas = {key[0]: values["name"] for key, values in stock.values[AREAS.name].items()}
    areas |= {row.values["code"]: row.values["name"] for row in rows[AREAS.name]}
    for sheet in SHEETS:
        stored = stock.values[sheet.name]
        differences.same[sheet.name] = 0
        for row in rows[sheet.name]:
            old = stored.get(row.key)
            removal = row.values.get("removal") or ""
            if removal and old:
                differences.rows.append(Difference(sheet.name, row.key, _title(row), False, (), removal))
                continue
            changes = _changes(sheet, old, row.values, areas) if old else ()
            if removal or (old and not changes):  # what is gone already stays gone
                differences.same[sheet.name] += 1
            else:
                differences.rows.append(Difference(sheet.name, row.key, _title(row), not old, changes))
        named = {row.key for row in rows[sheet.name]}
        differences.untouched[sheet.name] = len(stored.keys() - named)
    return differences


def _changes(
    sheet: Sheet, old: Mapping[str, Any], new: Mapping[str, Any], areas: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    changes = []
    for column in sheet.known.values():
        if column.field in new and new[column.field] != old[column.field]:
            sides = (old[column.field], new[column.field])
            if column.refers == "area":
                before, after = (areas.get(side or "", "") for side in sides)
            else:
                before, after = (str(shown(column, side)) for side in sides)
            changes.append((column.header, before, after))
    return tuple(changes)


def _title(row: Row) -> str:
    if "code" in row.values:
        return f"{row.values['code']} {row.values.get('name', '')}".strip()
    return " ".join(str(part) for part in row.key if part)
