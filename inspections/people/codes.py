"""Codes for rows whose sheet has none: the stored row's own, or one that a second import makes again."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from inspections.naming.names import key
from inspections.people.sheets import OFFICES, PEOPLE, UNITS

#: sheet → the first letter of its made codes, and which field tells namesakes apart
MADE: Mapping[str, tuple[str, str]] = {
    UNITS.name: ("D", "area"),
    OFFICES.name: ("J", "area"),
    PEOPLE.name: ("R", "office"),
}


class Codes:
    """Hands out codes for one sheet by name and place; the order of the rows does not count."""

    def __init__(self, sheet: str, stored: Iterable[Mapping[str, Any]]) -> None:
        self._sheet = sheet
        self._letter, self.place = MADE[sheet]
        self._given: dict[tuple[str, str], int] = {}
        self._stored: dict[tuple[str, str], list[str]] = {}
        self._former: dict[tuple[str, str], list[str]] = {}
        for values in stored:
            known = (key(values["name"]), values[self.place] or "")
            self._stored.setdefault(known, []).append(values["code"])
            for former in values.get("former", ()):
                before = (key(former), values[self.place] or "")
                self._former.setdefault(before, []).append(values["code"])

    def of(self, name: str, place: str) -> str:
        """The code of the next row of that name there."""
        known = (key(name), place)
        at = self._given.get(known, 0)
        self._given[known] = at + 1
        stored = sorted(self._stored.get(known) or self._former.get(known, []))
        if at < len(stored):
            return stored[at]
        digest = hashlib.sha256("|".join((self._sheet, *known, str(at))).encode()).hexdigest()
        return f"{self._letter}{int(digest[:12], 16) % 10**8:08d}"
