"""Makes a legal draft cheaper: many small changes by chance, then slots, rounds and units solved anew.
It never trades legality or completeness for price, and a draft is never worse for having been through it."""

from __future__ import annotations

from collections.abc import Callable

from planners.annealing.anneal import BRISK, THOROUGH, anneal
from planners.books.draft import Draft
from planners.search.mending import attempt, offers
from planners.search.staffing import staff

#: Passes over all rounds and slots; two or three dozen are seen at most before nothing gains any more.
PASSES = 60

#: People × teams of a round, summed over the moves of units that are tried: small cycles get hundreds of
#: trials, a county next to none. Counted in work, not seconds, so that every machine makes the same plan.
EXCHANGE_WORK = 20_000


def improve(
    draft: Draft, seed: int, stop: Callable[[], bool], better: Callable[[int], None], bound: int | None = None
) -> None:
    """A short annealing, polish, the long annealing, polish, other teams for units, polish.

    `better` is called with the cost after each stretch of work that gained; `bound` is a cost that no draft
    goes below. The draft only ever improves, so stopping it at any moment leaves the best plan seen.
    """

    def settled() -> bool:
        return stop() or (bound is not None and draft.cost <= bound)

    anneal(draft, seed, BRISK, settled, better)
    polish(draft, settled, better)
    if anneal(draft, seed + 1, THOROUGH, settled, better):
        polish(draft, settled, better)
    if exchange(draft, settled, better):
        polish(draft, settled, better)


def polish(draft: Draft, stop: Callable[[], bool], better: Callable[[int], None]) -> None:
    """Re-solve slot by slot, whole rounds, then holder by holder, while the score falls."""
    slots = range(len(draft.tables.slots))
    choices: list[tuple[list[int], int | None]] = [([slot], None) for slot in slots]
    choices += [(list(slots), None)] if len(slots) > 1 else []
    choices += [([slot], layer) for slot in slots for layer in range(_layers(draft, slot))]
    tasks = [(round_, choice) for choice in choices for round_ in range(len(draft.tables.rounds))]
    idle = 0
    for _ in range(PASSES):
        gained = False
        for round_, choice in tasks:
            if idle >= len(tasks) or stop():
                break
            if _restaff(draft, round_, *choice):
                gained, idle = True, 0
            else:
                idle += 1
        if not gained:
            return
        better(draft.cost)


def exchange(draft: Draft, stop: Callable[[], bool], better: Callable[[int], None]) -> bool:
    """Try other teams and rounds for unit after unit within EXCHANGE_WORK; True when something gained."""
    left = EXCHANGE_WORK // max(1, len(draft.tables.people) * max(draft.tables.teams, default=1))
    gained, idle, unit = False, 0, 0
    while idle < len(draft.tables.units) and left > 0 and not stop():
        idle += 1
        for moves in offers(draft, unit):
            if left <= 0 or stop():
                break
            left -= 1
            if attempt(draft, moves):
                gained, idle = True, 0
                better(draft.cost)
                break
        unit = (unit + 1) % len(draft.tables.units)
    return gained


def _layers(draft: Draft, slot: int) -> int:
    """How many holders of a slot are worth re-solving one by one: none where it has a single seat."""
    most = max((len(crew.seats[slot]) for crews in draft.crews for crew in crews), default=0)
    return most if most > 1 else 0


def _restaff(draft: Draft, round_: int, slots: list[int], layer: int | None) -> bool:
    """One flow; True when it was a gain. Otherwise the seats are given back to those who held them."""
    before = draft.score()
    held = [[list(crew.seats[slot]) for slot in slots] for crew in draft.crews[round_]]
    staff(draft, round_, slots, layer)
    if draft.score() < before:
        return True
    changed = [
        (crew, slot, old, list(crew.seats[slot]))
        for crew, rows in zip(draft.crews[round_], held, strict=True)
        for slot, old in zip(slots, rows, strict=True)
    ]
    for crew, slot, old, new in changed:
        for person in new:
            if person not in old:
                draft.unseat(crew, slot, person)
    for crew, slot, old, new in changed:
        for person in old:
            if person not in new:
                draft.seat(crew, slot, person)
    return False
