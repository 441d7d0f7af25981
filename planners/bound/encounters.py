"""How often people must meet again at least: whoever is in many teams runs out of new people to meet.
It counts heads for one person at a time and forms no team; bounds.py adds it to the price of many teams.
"""

from __future__ import annotations

import numpy as np

from planners.books.tables import Bools, Ints, Tables

#: People × people × units up to which acquaintances are counted; beyond it pools are far from used up.
COUNTED = 250_000_000


def repeats(tables: Tables, groups: list[list[int]], number: int) -> Ints:
    """P×(R+1): twice the repeated encounters that a person has at least when in 0..R teams as one of a group.

    A team holds at least a = Σ min people of another group, so k teams bring k × a encounters; with q people
    whom one can meet at all, at least k × a − q of them are repetitions (`pair`). Convex in k. Groups share
    nobody, so the encounters between two groups are counted on one side only, that with fewer people; inside
    the own group both sides count, hence half each: the figures are doubled to stay whole.
    """
    teams = np.arange(len(tables.rounds) + 1, dtype=np.int64)
    found = np.zeros((len(tables.people), teams.size), dtype=np.int64)
    sizes = [int(_pool(tables, group).sum()) for group in groups]
    for other, group in enumerate(groups):
        met = int(tables.lowest[group].sum()) - (other == number)
        if met <= 0 or (other != number and (sizes[number], number) > (sizes[other], other)):
            continue
        mine, theirs = np.nonzero(_pool(tables, groups[number]))[0], np.nonzero(_filling(tables, group))[0]
        if mine.size * theirs.size * len(tables.units) > COUNTED:
            continue
        known = _can_meet(tables, groups[number], group, mine, theirs).sum(axis=1)
        share = 1 if other == number else 2
        found[mine] += share * np.maximum(0, met * teams[None, :] - known[:, None])
    return found


def _pool(tables: Tables, group: list[int]) -> Bools:
    return np.asarray(tables.fits[group].any(axis=0), dtype=np.bool_)


def _filling(tables: Tables, group: list[int]) -> Bools:
    """People who fit a slot of the group that must be filled."""
    return _pool(tables, [slot for slot in group if tables.lowest[slot] > 0])


def _can_meet(tables: Tables, group: list[int], other: list[int], mine: Ints, theirs: Ints) -> Bools:
    """Pairs with a common unit and a common round who may share a team (H08, `distinct`)."""
    here = np.logical_or.reduce([tables.may[slot] for slot in group])[mine].astype(np.float32)
    there = np.logical_or.reduce([tables.may[slot] for slot in other])[theirs].astype(np.float32)
    present = tables.present.astype(np.float32)
    meet: Bools = mine[:, None] != theirs[None, :]
    meet &= (here @ there.T > 0) & (present[mine] @ present[theirs].T > 0)
    for row, person in enumerate(mine.tolist()):
        if tables.foes[person]:
            meet[row] &= ~np.isin(theirs, sorted(tables.foes[person]))
    if group == other and len(group) == 1 and (attribute := tables.distinct[group[0]]) is not None:
        meet &= (attribute[mine][:, None] != attribute[theirs][None, :]) | (attribute[mine] < 0)[:, None]
    return meet
