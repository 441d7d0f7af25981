"""Where a unit could go during a repair, and for each place the fewest changes that it can bring.
It moves nothing; under_repair.py tries the places, those first that promise least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planners.books.draft import Crew, Draft
from planners.books.seating import Seats
from planners.search.mending import Move, offers


@dataclass(frozen=True, slots=True)
class Way:
    """Moves that give a unit another place. `least`: seats and rounds that change by them in any case."""

    least: int
    moves: tuple[Move, ...]


def ways(draft: Draft, unit: int, first: int, before: Seats, rounds: Mapping[int, int]) -> list[Way]:
    """All other places from round `first` on: a new team, one with room, one unit's place; fewest first.

    `before` and `rounds` are the holders and the round of each unit in the old plan.
    """
    found = []
    for moves in offers(draft, unit, partners=None):
        goals = [goal.round if isinstance(goal, Crew) else goal for _, goal in moves]
        sources = [crew.round for moved, _ in moves if (crew := draft.crew_of[moved]) is not None]
        if min(goals + sources) >= first:
            found.append(Way(_least(draft, moves, before, rounds), tuple(moves)))
    return sorted(found, key=lambda way: way.least)


def _least(draft: Draft, moves: list[Move], before: Seats, rounds: Mapping[int, int]) -> int:
    """Rounds that differ, and people who cannot stay where they were once the moves are made.

    Whoever held a seat of the new round, at a unit that stays there, must leave one of the two; so must a
    resident of a unit that comes into the round (H10). Each of them is one change at least.
    """
    tables = draft.tables
    moved = {unit for unit, _ in moves}
    changes = 0
    for unit, goal in moves:
        round_ = goal.round if isinstance(goal, Crew) else goal
        changes += rounds.get(unit) != round_
        staying = [u for u in goal.units if u not in moved] if isinstance(goal, Crew) else []
        clashing: set[int] = set()
        for slot, held in enumerate(before.get(unit, ())):
            if staying and staying[0] in before:
                there = {p for p in before[staying[0]][slot] if tables.present[p, round_]}
                changes += len(there - held)
            else:
                away = {p for p in held if not tables.present[p, round_]}
                clashing |= away | {p for p in held if _held_a_seat(draft, p, round_, moved, before)}
        if tables.problem.rules.host_stays:
            clashing |= {p for p in tables.residents[unit] if _held_a_seat(draft, p, round_, moved, before)}
        changes += len(clashing)
    return changes


def _held_a_seat(draft: Draft, person: int, round_: int, moved: set[int], before: Seats) -> bool:
    """Whether the person is, and was, in a team of the round that keeps its units."""
    return bool(draft.busy[person, round_]) and any(
        moved.isdisjoint(crew.units)
        and any(person in held for unit in crew.units for held in before.get(unit, ()))
        for crew in draft.crews[round_]
    )
