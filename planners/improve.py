"""Makes a legal draft cheaper: staffs one slot of one round anew, again and again, until nothing gains.
It never trades legality or completeness for price, and units keep their rounds and teams."""

from __future__ import annotations

from collections.abc import Callable

from planners.draft import Draft
from planners.staffing import clear, staff

#: Passes over all rounds and slots; two or three dozen are seen at most before nothing gains any more.
PASSES = 60


def polish(draft: Draft, stop: Callable[[], bool], better: Callable[[], None]) -> None:
    """Re-solve slot by slot and round by round while that lowers the score; `better` is called after each pass.

    The draft only ever improves, so stopping it at any moment leaves the best plan seen.
    """
    slots = len(draft.tables.slots)
    choices = [*([slot] for slot in range(slots)), *([list(range(slots))] if slots > 1 else [])]
    idle = 0
    tasks = [(round_, choice) for choice in choices for round_ in range(len(draft.tables.rounds))]
    for _ in range(PASSES):
        gained = False
        for round_, choice in tasks:
            if stop():
                return
            if _restaff(draft, round_, choice):
                gained, idle = True, 0
            elif (idle := idle + 1) >= len(tasks):
                break
        if gained:
            better()
        if not gained or idle >= len(tasks):
            return


def _restaff(draft: Draft, round_: int, slots: list[int]) -> bool:
    """One flow; True when it was a gain. Otherwise the seats are given back to those who held them."""
    before = draft.score()
    held = [[list(crew.seats[slot]) for slot in slots] for crew in draft.crews[round_]]
    staff(draft, round_, slots)
    if draft.score() < before:
        return True
    clear(draft, round_, slots)
    for crew, rows in zip(draft.crews[round_], held, strict=True):
        for slot, people in zip(slots, rows, strict=True):
            for person in people:
                if person not in crew.seats[slot]:
                    draft.seat(crew, slot, person)
    return False
