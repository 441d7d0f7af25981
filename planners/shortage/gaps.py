"""What a draft lacks, gathered into gaps of one cause: starved sets, single conflicts, units nobody visits.
It names causes and units; rows of a plan and sentences for pages are diagnosis.py's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from planners.books.draft import Crew, Draft
from planners.books.tables import Tables
from planners.problem import Because
from planners.rulebook.values import Cause, Said, facts
from planners.shortage.causes import ORDER, causes_of_conflict, causes_of_starved
from planners.shortage.starved_seats import Starved, free_in, starved

Seat = tuple[Crew, int, int]  # team, slot, heads below its min


@dataclass(slots=True, eq=False)
class Gap:
    """Seats of one round that lack heads for the same causes; `proven` of them whoever is exchanged."""

    round: int
    seats: list[Seat]
    causes: list[Cause]
    proven: int = 0
    set: Starved | None = None

    @property
    def missing(self) -> int:
        """Heads that lack in all seats of the gap."""
        return sum(missing for _, _, missing in self.seats)

    @property
    def slots(self) -> list[int]:
        """Slots of the seats that lack somebody, in the order of the template."""
        return sorted({slot for _, slot, _ in self.seats})

    @property
    def units(self) -> list[int]:
        """Units whose teams lack somebody, each once."""
        return list(dict.fromkeys(unit for crew, _, _ in self.seats for unit in crew.units))


@dataclass(slots=True, eq=False)
class Unvisited:
    """A unit that nobody visits, and why no round takes it."""

    unit: int
    causes: list[Cause] = field(default_factory=list)
    rounds: list[int] = field(default_factory=list)  # full rounds in which it could be visited


def gaps(draft: Draft) -> list[Gap]:
    """All gaps in the order of rounds and teams; together they hold every seat below its min exactly once."""
    found: list[Gap] = []
    for round_, crews in enumerate(draft.crews):
        lacking = [
            (crew, slot, int(low) - len(held))
            for crew in crews
            for slot, (held, low) in enumerate(zip(crew.seats, draft.tables.lowest, strict=True))
            if len(held) < low
        ]
        if not lacking:
            continue
        for one in starved(draft, round_):
            places = {(id(crew), slot) for crew, slot in one.seats}
            here = [seat for seat in lacking if (id(seat[0]), seat[1]) in places]
            if here:
                found.append(Gap(round_, here, causes_of_starved(draft, one), one.lacking, one))
                lacking = [seat for seat in lacking if seat not in here]
        found += [Gap(round_, [seat], causes_of_conflict(draft, *seat[:2])) for seat in lacking]
    return found


def unvisited(draft: Draft) -> list[Unvisited]:
    """Units in no team, in the order of the problem."""
    tables = draft.tables
    lost = [unit for unit, crew in enumerate(draft.crew_of) if crew is None]
    order = {unit.id: i for i, unit in enumerate(tables.problem.units)}
    crowd = _crowded(tables)
    return [
        _why_unvisited(draft, unit, crowd) for unit in sorted(lost, key=lambda u: order[tables.units[u].id])
    ]


def _why_unvisited(draft: Draft, unit: int, crowd: tuple[set[int], list[int]]) -> Unvisited:
    tables = draft.tables
    unit_id = tables.units[unit].id
    if not tables.is_open[unit].any():
        rule = "H13" if tables.too_soon[unit].any() else "H02"
        because = (Because(rule, (("unit", unit_id),)),)
        return Unvisited(unit, [Cause.of(rule, "closed", 0, because)])
    room = sum(row.teams * row.visits_per_team for row in tables.rounds)
    if room < len(tables.units):
        names: tuple[tuple[str, str | int], ...] = (("room", room), ("units", len(tables.units)))
        cause = Cause.of("H02", "room", len(tables.units), (Because("H02", names),), room=room)
        return Unvisited(unit, [cause], list(range(len(tables.rounds))))
    crowd_units, crowd_rounds = crowd
    if unit in crowd_units:
        return Unvisited(unit, [_full_rounds(tables, unit, crowd_rounds, len(crowd_units))], crowd_rounds)
    open_rounds = np.nonzero(tables.is_open[unit])[0].tolist()
    free = [r for r in open_rounds if len(draft.crews[r]) < tables.teams[r]]
    if not free:
        return Unvisited(unit, [_full_rounds(tables, unit, open_rounds, 1)], open_rounds)
    return Unvisited(unit, _nobody_comes(draft, unit, free))


def _full_rounds(tables: Tables, unit: int, rounds: list[int], units: int) -> Cause:
    full = [
        Said("round with teams", facts(round=row.id, n=row.teams))
        for row in (tables.rounds[r] for r in rounds)
    ]
    records = tuple(
        Because("H02", (("unit", tables.units[unit].id), ("round", tables.rounds[r].id))) for r in rounds
    )
    return Cause.of("H02", "crowded" if units > 1 else "full", units, records, rounds=full)


def _crowded(tables: Tables) -> tuple[set[int], list[int]]:
    """(units, rounds): these units can only be visited in these rounds, which have too little room (Hall)."""
    units, rounds = len(tables.units), len(tables.rounds)
    unit, round_ = np.nonzero(tables.is_open)
    first_round, sink = 1 + units, 1 + units + rounds
    room = np.array(tables.teams, dtype=np.int64) * np.array(tables.visits, dtype=np.int64)
    if not unit.size:
        return set(), []
    flow = SimpleMaxFlow()
    tails = np.concatenate([np.zeros(units), 1 + unit, first_round + np.arange(rounds)]).astype(np.int32)
    heads = np.concatenate([1 + np.arange(units), first_round + round_, np.full(rounds, sink)]).astype(
        np.int32
    )
    flow.add_arcs_with_capacity(
        tails, heads, np.concatenate([np.ones(units + unit.size), room]).astype(np.int64)
    )
    flow.solve(0, sink)
    reached = {int(node) for node in flow.get_source_side_min_cut()}
    here = {u for u in range(units) if 1 + u in reached and tables.is_open[u].any()}
    return here, [r for r in range(rounds) if first_round + r in reached]


def _nobody_comes(draft: Draft, unit: int, free: list[int]) -> list[Cause]:
    """A team for the unit would stand empty: the rules, in the open round with room where they are fewest."""
    tables = draft.tables
    if any(_could_staff(draft, unit, round_) for round_ in free):
        # A search that was stopped leaves whole rounds like this; who is free need not be asked one by one.
        records = (Because("H03", (("unit", tables.units[unit].id),)),)
        return [Cause.of("H03", "untried", 0, records)]
    best: list[Cause] | None = None
    for round_ in free:
        crew = Crew(round_, [unit], [[] for _ in tables.slots])
        if (area := int(tables.unit_area[unit])) >= 0:
            crew.areas = [area]
        needed = [slot for slot in range(len(tables.slots)) if tables.lowest[slot] > 0]
        causes = list(
            dict.fromkeys(cause for slot in needed for cause in causes_of_conflict(draft, crew, slot))
        )
        causes.sort(key=lambda cause: _rank(cause))
        if best is None or len(causes) < len(best):
            best = causes
    return best or []


def _could_staff(draft: Draft, unit: int, round_: int) -> bool:
    """Whether every slot has enough people left in the round who may visit the unit, within the quotas."""
    tables = draft.tables
    free = free_in(draft, round_) & ~draft.busy[:, round_]
    room = np.maximum(tables.cap[:, round_] - draft.out[:, round_], 0)
    for slot in range(len(tables.slots)):
        offices = tables.office[free & tables.may_in(slot, round_)[:, unit]]
        heads = np.bincount(offices[offices >= 0], minlength=room.size)
        if int(np.minimum(heads, room).sum() + (offices < 0).sum()) < tables.lowest[slot]:
            return False
    return True


def _rank(cause: Cause) -> int:
    """Reasons of the unit itself before those of the moment."""
    order = [key[:3] for key in ORDER]
    return order.index(cause.rule) if cause.rule in order else len(order)
