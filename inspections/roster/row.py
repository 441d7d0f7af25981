"""One row of a roster sheet: what each of its cells means, and where it stands."""

from dataclasses import dataclass
from typing import Any

from inspections.people.stock import named_by
from inspections.units.sheets import Sheet


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

    @property
    def place(self) -> str:
        """人员!A7: where a fault of the whole row is shown."""
        return f"{self.title}!A{self.number}"

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the record this row is about."""
        return named_by(self.sheet, self.values)
