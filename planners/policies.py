"""The words that planners.problem/2 adds: policies, what is remembered, bodies, topics, days, roads.
Like problem.py it reads no file and judges nothing; a problem of version 1 has none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: From the narrowest to the widest: what a person and a unit may share.
CIRCLES = ("unit", "area", "zone")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a county thinks of something: it forbids it, avoids it at `cost` each time, or allows it."""

    kind: Literal["forbid", "avoid", "allow"]
    cost: int = 0


FORBID, ALLOW = Policy("forbid"), Policy("allow")


@dataclass(frozen=True, slots=True)
class SlotCrossing:
    """Who may hold a slot where: people of the own unit (`home_unit`), area or zone, seen from the unit.

    Each circle that person and unit share is looked at by itself. `from_` asks that they share that one;
    somebody without an area shares none and may come from anywhere.
    """

    from_: Literal["any", "area", "zone"] = "any"
    unit: Policy = FORBID  # H05; the others are H06
    area: Policy = ALLOW
    zone: Policy = ALLOW


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit of an earlier cycle: who was where on which day (ISO date)."""

    unit: str
    date: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What past visits mean: days that must lie between two visits of a unit, of a person to a unit.

    Days are counted from the past date to the start of the round; None: not looked at. With `load_year`
    seats of the year in which the first round starts count as load.
    """

    unit_days: int | None = None
    unit: Policy = FORBID  # H13
    person_unit_days: int | None = None
    person_unit: Policy = FORBID  # H14
    load_year: bool = False


@dataclass(frozen=True, slots=True)
class Bodies:
    """Which bodies a slot is for: kinds of offices (none: any), and whether they supervise the unit."""

    offices: tuple[str, ...] = ()
    supervises: Literal["must", "must_not"] | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """A team with a holder of the slot who has fewer months, and nobody with as many, costs `avoid`.

    Somebody whose months are not known counts as experienced.
    """

    new_below_months: int
    avoid: int


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that one member of every team looks into, who has one of these skills."""

    id: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything that version 2 says beside version 1, by id of slot, office or person."""

    crossing: Mapping[str, SlotCrossing] = field(default_factory=dict, hash=False)
    history: tuple[PastVisit, ...] = ()
    memory: Memory = Memory()
    bodies: Mapping[str, Bodies] = field(default_factory=dict, hash=False)
    supervised: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    pairing: Mapping[str, Pairing] = field(default_factory=dict, hash=False)
    months: Mapping[str, int] = field(default_factory=dict, hash=False)

    topics: tuple[Topic, ...] = ()
    #: Minutes by road from an area to an area; None: the county has no such sheet.
    minutes: Mapping[tuple[str, str], int] | None = field(default=None, hash=False)
    #: Stretches (first and last day) in which somebody is away, and days that a visit of a unit takes.
    away: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, hash=False)
    days: Mapping[str, int] = field(default_factory=dict, hash=False)
    _last: Mapping[tuple[str, str | None], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        last: dict[tuple[str, str | None], str] = {}
        for visit in self.history:
            for person in (None, *visit.people):
                key = visit.unit, person
                last[key] = max(visit.date, last.get(key, ""))
        object.__setattr__(self, "_last", last)

    def last_visit(self, unit: str, person: str | None = None) -> str | None:
        """The day of the latest visit of the unit, or of that person to it; None without one."""
        return self._last.get((unit, person))

    def crossing_of(self, slot: str) -> SlotCrossing:
        """The entry of a slot; without one only the own unit is forbidden."""
        return self.crossing.get(slot, SlotCrossing())
