"""Makes the first legal plan: units to rounds, rounds to teams, then round by round people to teams.
It stops at legal and as complete as it can; making the plan cheaper is improve.py's business."""

from __future__ import annotations

from collections.abc import Callable

from planners.books.draft import Draft
from planners.books.pins import anchors
from planners.books.tables import Tables
from planners.bound.least_missing import Least, least_missing
from planners.formats.faults import BadInput
from planners.search.mending import mend
from planners.search.schedule import Layout, lay_out, schedule
from planners.search.staffing import staff

#: Orders of rounds that are tried while heads are missing; each puts the rounds that came out short first.
ORDER_LIMIT = 4


def construct(tables: Tables, stop: Callable[[], bool]) -> Draft:
    """A legal draft; what it lacks shows in its score. BadInput when the pins contradict the rules.

    When `stop` says so between two rounds, the remaining rounds keep only their pinned members.
    """
    try:
        layout = schedule(tables, anchors(tables))
    except BadInput:
        # Pins without units may have to share a team; only when that fails too do they contradict the rules.
        layout = schedule(tables, anchors(tables, sparing=True))
    best = _staff_all(tables, layout, range(len(tables.rounds)), stop)
    order = list(range(len(tables.rounds)))
    # Where it is proven that no plan lacks less, there is nothing to try.
    least = Least(0, 0) if best.score().complete else least_missing(tables)
    for _ in range(ORDER_LIMIT - 1):
        if best.score().missing <= least.missing or stop():
            break
        short = [r for r in order if any(best.lacks(crew) for crew in best.crews[r])]
        order = short + [r for r in order if r not in short]
        again = _staff_all(tables, layout, order, stop)
        if again.score() < best.score():
            best = again
    mend(best, stop, least)
    _dissolve_empty(best)
    return best


def _staff_all(tables: Tables, layout: Layout, order: list[int] | range, stop: Callable[[], bool]) -> Draft:
    draft = lay_out(tables, layout)
    for round_ in order:
        if stop():
            break
        staff(draft, round_, range(len(tables.slots)))
    return draft


def _dissolve_empty(draft: Draft) -> None:
    """A team that nobody could be found for visits nobody: its units are named as not visited instead."""
    if not draft.tables.lowest.any():
        return
    for crews in draft.crews:
        for crew in list(crews):
            if not crew.pinned_units and not any(crew.seats):
                draft.close(crew)
