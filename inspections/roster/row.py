"""One row of a roster sheet: what each of its cells means, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from inspections.people.stock import named_by
from inspections.units.sheets import Sheet


class Became(StrEnum):
    """What a row says of the person on record whom it may mean."""

    MOVED = "moved"
    CORRECTED = "corrected"
    ANOTHER = "another"


class Answer(NamedTuple):
    """What somebody said of one row: `who` is the code of the person on record, empty for another person.

    `day` is the day of the move, `since` when the former post began: both as they were typed.
    """

    became: Became
    who: str = ""
    day: str = ""
    since: str = ""


@dataclass
class Row:
    """One row: values by field, only for columns the file has; `cells` says where each stands.

    `title` is the sheet as the file calls it, `town` the township that the row or its sheet's title names.
    """

    sheet: Sheet
    number: int
    values: dict[str, Any]
    cells: dict[str, str]
    title: str = ""
    town: str = ""
    #: what was said of the person on record whom the row means; None for a row that asks nothing
    became: Answer | None = None

    @property
    def place(self) -> str:
        """人员!A7: where a fault of the whole row is shown."""
        return f"{self.title}!A{self.number}"

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the record this row is about."""
        return named_by(self.sheet, self.values)
