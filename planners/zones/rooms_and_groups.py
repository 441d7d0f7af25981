"""Rooms (纪检监察室) and stationed groups (派驻组) to zones: staff in step with work, business alike.
Changes no zone. Each zone gets a room where there are enough; where not, as many zones as can get one. Bodies
of a kind that may all go to the same zones are spread evenly over them: no zone has two more than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from planners.zones.areas import Areas, Body

#: CP-SAT's own count of work; it does not depend on the clock.
MOST_WORK = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A zone as bodies see it."""

    group: str | None
    townships: tuple[str, ...]
    work: int


@dataclass(frozen=True, slots=True)
class Posting:
    """For each room and each stationed group the number of its zone; unweighted costs; what is proven."""

    rooms: tuple[int, ...]
    stationed: tuple[int, ...]
    staff: int
    likeness: int
    bound: int


def zones_with_room(rooms: Sequence[Body], places: Sequence[Place]) -> int:
    """The most zones that can have a room of their own."""
    zones = Counter(place.group for place in places)
    bound_to = Counter(room.group for room in rooms if room.group is not None)
    served = sum(min(count, zones[group]) for group, count in bound_to.items())
    free = sum(room.group is None for room in rooms)
    return served + min(free, len(places) - served)


def even_zones(kind: Sequence[Body], places: Sequence[Place]) -> Iterator[tuple[list[int], list[int]]]:
    """Bodies of one kind and the zones over which they are spread evenly, both by number.

    Where some serve one county and others any, evenness could cost a zone its room; then nothing is asked.
    """
    groups = {body.group for body in kind}
    if None in groups and len(groups) > 1:
        return
    for group in sorted(groups, key=lambda group: group or ""):
        here = [b for b, body in enumerate(kind) if body.group == group]
        yield here, [z for z, place in enumerate(places) if group in (None, place.group)]


def post(areas: Areas, places: Sequence[Place]) -> Posting:
    """The cheapest posting of all rooms and stationed groups.

    The staff of a zone is measured against its share of all staff by work (equal shares where there is none).
    Counties whose bodies serve nobody else are posted one by one.
    """
    bodies = areas.rooms + areas.stationed
    if not bodies:
        return Posting((), (), 0, 0, 0)
    whole = any(body.group is None for body in bodies)
    zone_of = [0] * len(bodies)
    bound = 0
    for group in [None] if whole else dict.fromkeys(place.group for place in places):
        zones = [z for z, place in enumerate(places) if whole or place.group == group]
        here = [b for b, body in enumerate(bodies) if whole or body.group == group]
        task = _Task(areas, places, zones, here)
        found, least = task.solve()
        bound += least
        for body, zone in found.items():
            zone_of[body] = zone
    staff, likeness = posting_costs(bodies, places, zone_of)
    first = len(areas.rooms)
    return Posting(tuple(zone_of[:first]), tuple(zone_of[first:]), staff, likeness, bound)


class _Task:
    """Some bodies to some zones. Bodies that nothing tells apart are counted, not named: less to search."""

    def __init__(self, areas: Areas, places: Sequence[Place], zones: list[int], here: list[int]) -> None:
        self.areas, self.places, self.zones = areas, places, zones
        self.bodies = areas.rooms + areas.stationed
        self.kinds: dict[tuple[object, ...], list[int]] = {}
        for b in here:
            body = self.bodies[b]
            alike = (b < len(areas.rooms), body.staff, body.group, tuple(sorted(body.likeness.items())))
            self.kinds.setdefault(alike, []).append(b)
        self.model = cp_model.CpModel()
        self.counts = {
            (alike, z): self.model.new_int_var(0, len(same), "")
            for alike, same in self.kinds.items()
            for z in zones
            if self._first(alike).group in (None, places[z].group)
        }

    def solve(self) -> tuple[dict[int, int], int]:
        """The zone of each body, and what no posting of these costs less than."""
        for alike, same in self.kinds.items():
            self.model.add(
                sum(self.counts[alike, z] for z in self.zones if (alike, z) in self.counts) == len(same)
            )
        self._rooms_for_zones()
        self._evenness()
        self.model.minimize(sum(self._costs()))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = MOST_WORK
        status = solver.solve(self.model)
        if status == cp_model.UNKNOWN:  # too large to find even one in time; there is one, so look on for it
            solver.parameters.max_deterministic_time = float("inf")
            solver.parameters.stop_after_first_solution = True
            status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise RuntimeError(f"posting bodies to zones ended as {solver.status_name(status)}")
        found = {}
        for alike, same in self.kinds.items():
            rest = iter(same)
            for z in self.zones:
                for _ in range(solver.value(self.counts[alike, z]) if (alike, z) in self.counts else 0):
                    found[next(rest)] = z
        return found, round(solver.best_objective_bound)

    def _first(self, alike: tuple[object, ...]) -> Body:
        return self.bodies[self.kinds[alike][0]]

    def _in_zone(self, z: int, of: Sequence[int] | None = None) -> list[tuple[Body, cp_model.IntVar]]:
        """The counts in a zone with a body that stands for each; `of` names the bodies that are meant."""
        return [
            (self._first(alike), self.counts[alike, z])
            for alike, same in self.kinds.items()
            if (alike, z) in self.counts and (of is None or same[0] in of)
        ]

    def _rooms_for_zones(self) -> None:
        rooms = [b for same in self.kinds.values() for b in same if b < len(self.areas.rooms)]
        served = []
        for z in self.zones:
            has_room = self.model.new_bool_var("")
            self.model.add(sum(count for _, count in self._in_zone(z, rooms)) >= has_room)
            served.append(has_room)
        places = [self.places[z] for z in self.zones]
        self.model.add(sum(served) == zones_with_room([self.bodies[b] for b in rooms], places))

    def _evenness(self) -> None:
        for kind, first in ((self.areas.rooms, 0), (self.areas.stationed, len(self.areas.rooms))):
            for here, zones in even_zones(kind, self.places):
                for z in sorted({*zones} & {*self.zones}):
                    count = sum(count for _, count in self._in_zone(z, [first + b for b in here]))
                    self.model.add(count >= len(here) // len(zones))
                    self.model.add(count <= -(-len(here) // len(zones)))

    def _costs(self) -> Iterator[Any]:
        weights, all_staff = self.areas.weights, sum(body.staff for body in self.bodies)
        fractions = shares(self.places)
        for z in self.zones:
            share, whole = fractions[z]
            off = self.model.new_int_var(0, all_staff + 1, "")
            excess: Any = (
                sum(whole * body.staff * count for body, count in self._in_zone(z)) - all_staff * share
            )
            for side in (excess, -excess):  # the least whole number that is |excess| / whole rounded half up
                self.model.add(2 * whole * off >= 2 * side - whole + 1)
            unlike = sum(body.unlike(self.places[z].townships) * count for body, count in self._in_zone(z))
            yield weights.staff * off + weights.likeness * unlike


def shares(places: Sequence[Place]) -> list[tuple[int, int]]:
    """For each zone its share of all work as a fraction (part, whole)."""
    whole = sum(place.work for place in places)
    return [(place.work, whole) if whole else (1, len(places)) for place in places]


def posting_costs(bodies: Sequence[Body], places: Sequence[Place], zone_of: Sequence[int]) -> tuple[int, int]:
    """The unweighted staff and likeness terms of a posting."""
    all_staff = sum(body.staff for body in bodies)
    staff = 0
    for z, (share, whole) in enumerate(shares(places)):
        here = sum(body.staff for body, zone in zip(bodies, zone_of, strict=True) if zone == z)
        staff += (2 * abs(whole * here - all_staff * share) + whole) // (2 * whole)
    likeness = sum(body.unlike(places[zone].townships) for body, zone in zip(bodies, zone_of, strict=True))
    return staff, likeness
