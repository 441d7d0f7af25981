"""Rooms (纪检监察室) and stationed groups (派驻组) to zones: staff in step with work, business alike.
Changes no zone. Each zone gets a room where there are enough; where not, as many zones as can get one. Bodies
of a kind that may all go to the same zones are spread evenly over them: no zone has two more than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from planners.areas import Areas, Body, ZoneWeights

#: CP-SAT's own count of work; it does not depend on the clock.
MOST_WORK = 8.0


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
    """
    bodies = areas.rooms + areas.stationed
    weights = areas.weights
    if not bodies:
        return Posting((), (), 0, 0, 0)
    model = cp_model.CpModel()
    sits = {
        (b, z): model.new_bool_var(f"{body.id} in {z}")
        for b, body in enumerate(bodies)
        for z, place in enumerate(places)
        if body.group in (None, place.group)
    }
    for b in range(len(bodies)):
        model.add_exactly_one(sits[b, z] for z in range(len(places)) if (b, z) in sits)
    served = []
    for z in range(len(places)):
        has_room = model.new_bool_var(f"{z} has a room")
        own = [sits[b, z] for b in range(len(areas.rooms)) if (b, z) in sits]
        model.add(sum(own) >= has_room)
        served.append(has_room)
    model.add(sum(served) == zones_with_room(areas.rooms, places))
    for kind, first in ((areas.rooms, 0), (areas.stationed, len(areas.rooms))):
        for here, zones in even_zones(kind, places):
            for z in zones:
                count = sum(sits[first + b, z] for b in here)
                model.add(count >= len(here) // len(zones))
                model.add(count <= -(-len(here) // len(zones)))
    unlike = sum(
        body.unlike(place.townships) * sits[b, z]
        for b, body in enumerate(bodies)
        for z, place in enumerate(places)
        if (b, z) in sits
    )
    all_staff = sum(body.staff for body in bodies)
    off = []
    for z, (share, whole) in enumerate(shares(places)):
        staff = sum(body.staff * sits[b, z] for b, body in enumerate(bodies) if (b, z) in sits)
        excess = whole * staff - all_staff * share
        distance = model.new_int_var(0, all_staff + 1, f"{z} off its share")
        for side in (excess, -excess):  # the least whole number that is |excess| / whole rounded half up
            model.add(2 * whole * distance >= 2 * side - whole + 1)
        off.append(distance)
    model.minimize(weights.likeness * unlike + weights.staff * sum(off))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = MOST_WORK
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"posting bodies to zones ended as {solver.status_name(status)}")
    zone_of = [
        next(z for z in range(len(places)) if solver.value(sits.get((b, z), 0))) for b in range(len(bodies))
    ]
    staff_cost, likeness_cost = posting_costs(bodies, places, zone_of)
    total = weighted(weights, staff_cost, likeness_cost)
    first = len(areas.rooms)
    return Posting(
        tuple(zone_of[:first]),
        tuple(zone_of[first:]),
        staff_cost,
        likeness_cost,
        bound=total if status == cp_model.OPTIMAL else round(solver.best_objective_bound),
    )


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


def weighted(weights: ZoneWeights, staff: int, likeness: int) -> int:
    """The two terms at their weights."""
    return weights.staff * staff + weights.likeness * likeness
