"""What is wrong with a roster file: every fault with its sheet and cell, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from inspections.site.refusal import Refusal


@dataclass(frozen=True)
class Fault:
    """One fault. `place` is 人员!D17, 人员 or 文件; the sentence says what was found and what is allowed."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


class RosterFaults(Refusal):
    """A file that cannot be imported; nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"名册有 {len(faults)} 处错误，没有导入任何内容。")
        self.faults = list(faults)


def cell(sheet: str, row: int, column: int) -> str:
    """人员!D17 for row 17 and column 4 (both counted from 1)."""
    return f"{sheet}!{get_column_letter(column)}{row}"
