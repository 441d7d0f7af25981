"""Reads a sheet of changes row by row and carries each out; what is wrong is named by its cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspections.reading.typed import EntryFault, tidy
from inspections.roster.faults import Fault, RosterFaults, cell
from inspections.roster.layout import laid_out
from inspections.roster.workbook import RawSheet, raw_sheets
from inspections.site.refusal import Refusal
from inspections.units.sheets import Sheet


@dataclass(frozen=True)
class Changes:
    """A kind of sheet: its columns, the words of its kinds of change, what is counted (人, 个)."""

    sheet: Sheet
    kinds: Mapping[str, str]
    counted: str


@dataclass(frozen=True)
class Done:
    """What became of a sheet: how many changes of each kind, in Chinese words."""

    counts: Mapping[str, int]
    counted: str

    def __str__(self) -> str:
        return "，".join(f"{kind} {number} {self.counted}" for kind, number in self.counts.items())


def carried_out(file: Path, changes: Changes, do: Callable[[Mapping[str, Any]], None]) -> Done:
    """What was done, row after row. Raises RosterFaults with every fault by its cell; then the caller rolls
    back, and nothing has changed."""
    raw = _sheet(file, changes.sheet.name)
    layout = laid_out(changes.sheet, raw.rows, {})
    present, head = layout.columns.values(), layout.head or 1
    missing = [c.header for c in changes.sheet.columns if c.required and c.header not in present]
    if missing:
        raise RosterFaults([Fault(f"{raw.name}!{head}", f"缺少表头 {'、'.join(missing)}")])
    faults, counts = list(raw.faults), dict[str, int]()
    for number, line in enumerate(raw.rows[head:], head + 1):
        if number in layout.ignored or not any(tidy(value) for value in line):
            continue
        values, wrong = _values(changes.sheet, raw.name, number, line, layout.columns)
        if not wrong:
            try:
                do(values)
                word = changes.kinds[values["kind"]]
                counts[word] = counts.get(word, 0) + 1
            except Refusal as refusal:
                wrong = [Fault(f"{raw.name}!A{number}", str(refusal).rstrip("。"))]
        faults += wrong
    if faults or not counts:
        raise RosterFaults(faults or [Fault(raw.name, "没有一行变动")])
    return Done(counts, changes.counted)


def _sheet(file: Path, name: str) -> RawSheet:
    """The sheet of that name, or the only one."""
    sheets = raw_sheets(file)
    named = sheets.get(name)
    if named is not None:
        return named
    filled = [sheet for sheet in sheets.values() if any(any(map(tidy, row)) for row in sheet.rows)]
    if len(filled) != 1:
        raise RosterFaults([Fault("文件", f"应有一张名为“{name}”的工作表")])
    return filled[0]


def _values(
    sheet: Sheet, name: str, number: int, line: list[Any], columns: Mapping[int, str]
) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {column.field: column.empty for column in sheet.columns}
    faults = []
    for place, header in columns.items():
        column, value = sheet.known[header], line[place] if place < len(line) else None
        where = cell(name, number, place + 1)
        if value is None or not tidy(value):
            if column.required:
                faults.append(Fault(where, f"{header}不能为空"))
            continue
        try:
            values[column.field] = column.read(value)
        except EntryFault as fault:
            faults.append(Fault(where, str(fault)))
    return values, faults
