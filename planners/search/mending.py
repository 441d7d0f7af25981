"""Moves units between teams and rounds and staffs the rounds anew, to fill seats that stayed empty.
It keeps a move only when the score is better for it; what stays short is for shortage/diagnosis.py to say."""

from __future__ import annotations

from collections.abc import Callable

from planners.books.draft import Crew, Draft
from planners.bound.least_missing import Least
from planners.search.staffing import clear, staff

#: People × teams of a round, summed over the moves that are tried: 120 trials at most, in a county some 30.
#: Counted in work, not seconds, so that every machine makes the same plan.
MENDING_WORK = 500_000
TRIALS = 120

#: Units of the other round that one unit is exchanged with, those first that cost least risk.
PARTNERS = 2

#: What a plan lacks where nothing is proven.
NOTHING = Least(0, 0)

Move = tuple[int, "Crew | int"]  # a unit and the team it joins, or the round in which it gets a new team


def mend(draft: Draft, stop: Callable[[], bool], least: Least = NOTHING) -> None:
    """Move units that are short of heads, or in no team, until the score is as good as any plan can be.

    `least` is what every plan lacks; it also ends when no move betters the score, or by MENDING_WORK.
    """
    size = len(draft.tables.people) * max(draft.tables.teams, default=1)
    left = min(TRIALS, MENDING_WORK // max(1, size))
    while draft.unvisited > least.unvisited or draft.missing > least.missing:
        for moves in [moves for unit in _troubled(draft) for moves in offers(draft, unit)]:
            if left <= 0 or stop():
                return
            left -= 1
            if attempt(draft, moves):
                break  # the other offers speak of teams as they were
        else:
            return


def attempt(draft: Draft, moves: list[Move]) -> bool:
    """Carry out the moves and staff the rounds they touch; undone, and False, unless the score is better."""
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
    if all(_reseat(draft, *seat) for seat in pinned) and not any(
        _pins_hurt(draft, round_) for round_ in rounds
    ):
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


def _pins_hurt(draft: Draft, round_: int) -> bool:
    """Whether pinned members, the only ones seated now, are hosts (H10) or mirror each other (H11)."""
    seated = [person for crew in draft.crews[round_] for person in crew.members()]
    hosts = draft.tables.problem.rules.host_stays and any(draft.hosting[person, round_] for person in seated)
    return hosts or bool(draft.mirrored(round_))


def _troubled(draft: Draft) -> list[int]:
    """Units that could be moved: those in no team, in a short team, in the same round as a short team."""
    lost = [unit for unit, crew in enumerate(draft.crew_of) if crew is None]
    rounds = [crews for crews in draft.crews if any(draft.lacks(crew) for crew in crews)]
    short = [unit for crews in rounds for crew in crews if draft.lacks(crew) for unit in crew.units]
    beside = [unit for crews in rounds for crew in crews if not draft.lacks(crew) for unit in crew.units]
    return sorted(lost, key=lambda unit: -draft.tables.risk[unit]) + short + beside


def offers(draft: Draft, unit: int, partners: int | None = PARTNERS) -> list[list[Move]]:
    """Where the unit could go: a new team, a team with room, or the place of another unit.

    Of the units whose place it could take, `partners` in each round are offered, all of them with None.
    """
    tables, crew = draft.tables, draft.crew_of[unit]
    if crew is not None and (unit in crew.pinned_units or (crew.pinned and len(crew.units) == 1)):
        return []
    found: list[list[Move]] = []
    for round_, (teams, visits) in enumerate(zip(tables.teams, tables.visits, strict=True)):
        if not tables.is_open[unit, round_]:
            continue
        there = draft.crews[round_]
        if len(there) < teams and (crew is None or crew.round != round_ or len(crew.units) > 1):
            found.append([(unit, round_)])
        found += [[(unit, other)] for other in there if other is not crew and len(other.units) < visits]
        if crew is None or (crew.round == round_ and visits == 1):
            continue
        others = [
            (int(tables.risk[unit] - tables.risk[partner]) * (round_ - crew.round), partner)
            for other in there
            if other is not crew
            for partner in other.units
            if partner not in other.pinned_units and tables.is_open[partner, crew.round]
        ]
        for _, partner in sorted(others)[:partners]:
            other_crew = draft.crew_of[partner]
            if other_crew is not None:
                found.append([(unit, other_crew), (partner, crew)])
    return found
