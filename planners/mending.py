"""Moves units between teams and rounds and staffs the rounds anew, to fill seats that stayed empty.
It keeps a move only when the draft's score is better for it; which seats stay short in the end is for shortage.py to say."""

from __future__ import annotations

from collections.abc import Callable

from planners.draft import Crew, Draft
from planners.staffing import clear, staff

#: Moves and exchanges that are tried in all to fill what is missing.
TRIALS = 120

#: Units of the other round that one unit is exchanged with, those first that cost least risk.
PARTNERS = 2

Move = tuple[int, "Crew | int"]  # a unit and the team it joins, or the round in which it gets a new team


def mend(draft: Draft, stop: Callable[[], bool]) -> None:
    """Move units that are short of heads, or in no team, as long as fewer units and heads are missing afterwards."""
    trials = 0
    while not draft.score().complete:
        for moves in [moves for unit in _troubled(draft) for moves in _offers(draft, unit)]:
            if trials >= TRIALS or stop():
                return
            trials += 1
            before = draft.score()
            if attempt(draft, moves) and (draft.score().unvisited, draft.score().missing) < (
                before.unvisited,
                before.missing,
            ):
                break
        else:
            return


def attempt(draft: Draft, moves: list[Move]) -> bool:
    """Carry out the moves together and staff the rounds they touch; undone, and False, unless the score is better."""
    slots = range(len(draft.tables.slots))
    touched = [crew for unit, goal in moves for crew in (draft.crew_of[unit], goal) if isinstance(crew, Crew)]
    rounds = sorted({crew.round for crew in touched} | {goal for _, goal in moves if isinstance(goal, int)})
    before, memory = draft.score(), draft.remember(rounds)
    for round_ in rounds:
        clear(draft, round_, slots)
    pinned = [(crew, slot, p) for crew in touched for slot, held in enumerate(crew.seats) for p in held]
    pinned = list(dict.fromkeys(pinned))
    for crew in touched:
        draft.empty(crew)
    for unit, _ in moves:
        if (crew_left := draft.crew_of[unit]) is not None:
            draft.leave(crew_left, unit)
    for unit, goal in moves:
        if isinstance(goal, Crew):
            draft.visit(goal, unit)
        else:
            draft.open(goal, [unit])
    for crew in list(dict.fromkeys(touched)):
        if not crew.units and not crew.pinned:
            draft.close(crew)
    if all(_reseat(draft, *seat) for seat in pinned):
        for round_ in rounds:
            staff(draft, round_, slots)
        if draft.score() < before:
            return True
    draft.restore(memory)
    return False


def _reseat(draft: Draft, crew: Crew, slot: int, person: int) -> bool:
    if not crew.units or draft.bar(crew, slot, person) is not None:
        return False
    draft.seat(crew, slot, person)
    return True


def _troubled(draft: Draft) -> list[int]:
    """Units that could be moved and are in no team or in one that is short of heads."""
    lost = [unit for unit, crew in enumerate(draft.crew_of) if crew is None]
    short = [
        unit
        for crews in draft.crews
        for crew in crews
        if draft.lacks(crew)
        for unit in crew.units
        if unit not in crew.pinned_units and (len(crew.units) > 1 or not crew.pinned)
    ]
    return sorted(lost, key=lambda unit: -draft.tables.risk[unit]) + short


def _offers(draft: Draft, unit: int) -> list[list[Move]]:
    """Where the unit could go: a new team, a team with room, or the place of another unit."""
    tables, crew = draft.tables, draft.crew_of[unit]
    offers: list[list[Move]] = []
    for round_, row in enumerate(tables.rounds):
        if not tables.is_open[unit, round_]:
            continue
        there = draft.crews[round_]
        if len(there) < row.teams and (crew is None or crew.round != round_ or len(crew.units) > 1):
            offers.append([(unit, round_)])
        offers += [[(unit, other)] for other in there if other is not crew and len(other.units) < row.visits_per_team]
        if crew is None or (crew.round == round_ and row.visits_per_team == 1):
            continue
        partners = [
            (int(tables.risk[unit] - tables.risk[partner]) * (round_ - crew.round), partner)
            for other in there
            if other is not crew
            for partner in other.units
            if partner not in other.pinned_units and tables.is_open[partner, crew.round]
        ]
        for _, partner in sorted(partners)[:PARTNERS]:
            other_crew = draft.crew_of[partner]
            if other_crew is not None:
                offers.append([(unit, other_crew), (partner, crew)])
    return offers
