"""What is wrong with a roster file: every fault with its sheet and cell, all of them at once."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from inspections.people.sheets import SHEETS
from inspections.site.refusal import Refusal


@dataclass(frozen=True)
class Fault:
    """One fault. `place` is 人员!D17, 人员 or 文件; the sentence says what was found and what is allowed."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


@dataclass(frozen=True)
class Told:
    """What a clerk should know although it stops nothing: 提醒, or 已更正 where something was put right."""

    sheet: str
    sentence: str
    corrected: bool = False

    def __str__(self) -> str:
        return f"{self.sheet}：{self.sentence}"


def together(told: Iterable[Told]) -> list[Told]:
    """The same, what is said of several sheets once: 柳河镇、枫林镇：A 列“序号”不导入."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for word in told:
        groups.setdefault((word.sentence, word.corrected), []).append(word.sheet)
    return [
        Told("、".join(dict.fromkeys(sheets)), sentence, corrected)
        for (sentence, corrected), sheets in groups.items()
    ]


class RosterFaults(Refusal):
    """A file that cannot be imported; nothing was changed."""

    def __init__(self, faults: Sequence[Fault], told: Sequence[Told] = ()) -> None:
        super().__init__(f"名册有 {len(faults)} 处错误，没有导入任何内容。")
        self.faults = list(faults)
        self.told = list(told)


def cell(sheet: str, row: int, column: int) -> str:
    """人员!D17 for row 17 and column 4 (both counted from 1)."""
    return f"{sheet}!{get_column_letter(column)}{row}"


@dataclass(frozen=True)
class Mend:
    """A fault that can be put right on the page: the cells that say the same wrong thing, what they say, and
    what was probably meant."""

    sentence: str
    places: tuple[str, ...]
    said: str
    meant: str


_CELL = re.compile(r".+![A-Z]{1,3}\d+")
_MEANT = re.compile("是不是“([^”]+)”？")
#: what no entry in a cell can put right
_ELSEWHERE = ("不得录入", "表头", "合并", "没有“专长”一列", "是经批准的")


def mendable(faults: Sequence[Fault], said_at: Callable[[str], str], most: int = 60) -> list[Mend]:
    """The faults that one entry each puts right, those of one sentence and one entry together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        if (
            _CELL.fullmatch(fault.place)
            and not fault.sentence.startswith("备注")
            and not any(word in fault.sentence for word in _ELSEWHERE)
        ):
            groups.setdefault((fault.sentence, said_at(fault.place)), []).append(fault.place)
    found = []
    for (sentence, said), places in list(groups.items())[:most]:
        meant = _MEANT.search(sentence)
        found.append(Mend(sentence, tuple(places), said, meant[1] if meant else said))
    return found


@dataclass(frozen=True)
class Cause:
    """Faults of one cause: what is wrong, how often, and the first cells."""

    sentence: str
    number: int
    places: tuple[str, ...]


def by_cause(faults: Sequence[Fault], shown: int = 5) -> list[Cause]:
    """The faults grouped by what is wrong, in the order of their first cells."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        column = fault.place.rstrip("0123456789")
        groups.setdefault((column, re.sub("“[^”]*”", "“…”", fault.sentence)), []).append(fault)
    return [
        Cause(
            group[0].sentence if len(group) == 1 else kind, len(group), tuple(f.place for f in group[:shown])
        )
        for (_, kind), group in groups.items()
    ]


def row_of(place: str) -> str:
    """人员!7 of 人员!D7."""
    sheet, _, at = place.partition("!")
    return f"{sheet}!{at.lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"


def column_of(place: str) -> str:
    """D of 人员!D7."""
    return place.rpartition("!")[2].rstrip("0123456789")


def reading_order(fault: Fault) -> tuple[int, int, int, str]:
    """By sheet, row and column; what concerns the whole file first."""
    name, _, place = fault.place.partition("!")
    sheet = next((number for number, found in enumerate(SHEETS) if found.name == name), -1)
    letters = place.rstrip("0123456789")
    return sheet, int(place[len(letters) :] or 0), len(letters), letters
