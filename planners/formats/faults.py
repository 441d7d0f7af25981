"""What reading a file collects: faults with their places, ids given out and named; one cause is told once.
Knows no shape; fields.py reads values and notes here what is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

#: Faults of one kind in one list that are told one by one; the rest are counted.
ALIKE = 5

#: Where a list stands that is not at the top of its file.
LIST_PATHS = {"slots": "template.slots"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where (`units[3].risk`, counted from 0; "" for the whole) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class BadInput(ValueError):
    """A file that cannot be worked with; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class Missing:
    """Stands for a value that is not there or has a fault; it is left out of what is read."""


BAD = Missing()


@dataclass(slots=True)
class Reading:
    """What one pass over a file collects: faults, ids that lists give out, ids that fields name."""

    faults: list[Fault] = field(default_factory=list)
    given: dict[str, set[str]] = field(default_factory=dict)
    named: list[tuple[str, str, str]] = field(default_factory=list)  # path, list, id
    lost: dict[str, int] = field(default_factory=dict)  # list → the fault that hides ids of it
    other_version: Collection[str] = ()  # keys that the format has in its other version only

    def refuse(self, path: str, expected: str) -> Missing:
        """Notes a fault and answers BAD."""
        self.faults.append(Fault(path, expected))
        return BAD

    def lose(self, lists: Iterable[str]) -> None:
        """Remembers that the fault noted last hides ids of these lists: places that name them only follow."""
        for name in lists:
            self.lost.setdefault(name, len(self.faults) - 1)

    def unknown_names(self) -> None:
        """Notes a fault for every id that a field names and no list gives out: one cause, one line.

        Where a fault hides ids of the list, or it is empty, the places are counted at the cause.
        """
        unknown: dict[str, list[tuple[str, str]]] = {}
        for path, where, id in self.named:
            if id not in self.given.get(where, set()):
                unknown.setdefault(where, []).append((path, id))
        for where, places in unknown.items():
            if where in self.lost:
                cause = self.faults[self.lost[where]]
                follows = f"; {len(places)} places that name {where} unknown so far may follow from this"
                self.faults[self.lost[where]] = Fault(cause.path, cause.message + follows)
            elif not self.given.get(where) and len(places) > 1:
                expected = f"expected ids that {len(places)} places name, the first {places[0][0]}"
                self.refuse(LIST_PATHS.get(where, where), expected)
            else:
                for path, id in places:
                    self.refuse(path, f"expected the id of one of the {where}, got {show(id)}")

    def told(self) -> list[Fault]:
        """The faults, of those that are alike in one list only ALIKE and how many more there are."""
        alike: dict[tuple[str, str], list[int]] = {}
        for number, fault in enumerate(self.faults):
            kind = (re.sub(r"\[\d+\]", "[]", fault.path), fault.message.split(", got ")[0])
            alike.setdefault(kind, []).append(number)
        kept: dict[int, Fault] = {}
        for numbers in alike.values():
            kept |= {number: self.faults[number] for number in numbers[:ALIKE]}
            if len(numbers) > ALIKE:
                last = kept[numbers[ALIKE - 1]]
                more = f"{last.message}; the same at {len(numbers) - ALIKE} more places"
                kept[numbers[ALIKE - 1]] = Fault(last.path, more)
        return [kept[number] for number in sorted(kept)]


def show(value: object) -> str:
    words = {None: "null", True: "true", False: "false"}
    plain = words[value] if value is None or isinstance(value, bool) else repr(value)
    shown = f'"{value}"' if isinstance(value, str) else plain
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
