"""Small changes to a draft, millions a second, each at its exact price and only if it is legal.
It knows every rule and cost that a change can touch; which changes are tried is anneal.py's business.

A move is carried out, and True, when it is legal and costs at most its limit. Compiled like fast_seats.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planners.annealing.compiled import compiled
from planners.annealing.fast_books import (
    Array,
    Books,
    Given,
    enter,
    host,
    lead,
    leave,
    leave_round,
    mirrors,
    take,
)
from planners.annealing.fast_seats import (
    again,
    barred,
    busy_near,
    fits,
    full,
    holds,
    joining,
    kept_away,
    leaving,
    way,
)
from planners.books.draft import Crew, Draft


@compiled
def replace(g: Given, b: Books, k: int, person: int, limit: float) -> bool:
    """The person instead of the holder, who goes home. The person must be free in the round."""
    c, slot, holder = g.crew[k], g.slot[k], b.holder[k]
    delta = way(g, b, person, c, slot) - way(g, b, holder, c, slot)
    more = b.load[person] + g.past[person] - b.load[holder] - g.past[holder]
    delta += 2 * g.load_weight * (more + 1)
    slack = g.pair_weight * b.repeated[holder] + g.pair_slack
    if delta - slack - g.revisit_weight * b.areas_many[c] > limit:
        return False
    if b.load[person] >= g.most[person]:
        return False
    one, two = g.office[person], g.office[holder]
    if one != two and full(g, b, one, b.round[c]):
        return False
    if not fits(g, b, person, k):
        return False
    delta += leaving(g, b, k) + joining(g, b, person, k, -1)
    if delta > limit:
        return False
    leave(g, b, k)
    if slot == 0 and mirrors(g, b, person, c):
        take(g, b, k, holder)
        return False
    take(g, b, k, person)
    b.cost[0] += delta
    return True


@compiled
def swap(g: Given, b: Books, k: int, m: int, limit: float) -> bool:
    """The holders of two seats of a slot in two teams change places, in one round or in two."""
    one, two = g.crew[k], g.crew[m]
    p, q = b.holder[k], b.holder[m]
    delta = way(g, b, q, one, g.slot[k]) - way(g, b, p, one, g.slot[k])
    delta += way(g, b, p, two, g.slot[m]) - way(g, b, q, two, g.slot[m])
    slack = 2 * g.pair_slack + g.pair_weight * (b.repeated[p] + b.repeated[q])
    if delta - slack - g.revisit_weight * (b.areas_many[one] + b.areas_many[two]) > limit:
        return False
    if b.round[one] != b.round[two] and not _may_change_rounds(g, b, k, m):
        return False
    if not fits(g, b, q, k) or not fits(g, b, p, m):
        return False
    delta += leaving(g, b, k) + leaving(g, b, m)
    delta += joining(g, b, q, k, two) + joining(g, b, p, m, one)
    if delta > limit:
        return False
    leave(g, b, k)
    leave(g, b, m)
    if _seat_both(g, b, k, q, m, p):
        b.cost[0] += delta
        return True
    take(g, b, k, p)
    take(g, b, m, q)
    return False


@compiled
def _may_change_rounds(g: Given, b: Books, k: int, m: int) -> bool:
    """H04, H09 and H10 for two people who change places between two rounds."""
    p, q = b.holder[k], b.holder[m]
    first, second = b.round[g.crew[k]], b.round[g.crew[m]]
    if kept_away(g, b, p, second) or kept_away(g, b, q, first):
        return False
    if busy_near(g, b, p, second, first) or busy_near(g, b, q, first, second):
        return False
    mine, theirs = g.office[p], g.office[q]
    return mine == theirs or not (full(g, b, mine, second) or full(g, b, theirs, first))


@compiled
def _seat_both(g: Given, b: Books, k: int, q: int, m: int, p: int) -> bool:
    """Seats two people in two empty seats, or, where that makes mutual leads (H11), neither."""
    if g.slot[k] == 0 and mirrors(g, b, q, g.crew[k]):
        return False
    take(g, b, k, q)
    if g.slot[m] == 0 and mirrors(g, b, p, g.crew[m]):
        leave(g, b, k)
        return False
    take(g, b, m, p)
    return True


@compiled
def exchange(g: Given, b: Books, one: int, two: int, u: int, v: int, limit: float) -> bool:
    """Two teams exchange a unit, u for v (v < 0: u moves), and keep their people."""
    first, second = b.round[one], b.round[two]
    if b.many[one] == 0 or g.pinned[one] or g.pinned[two]:
        return False
    if not g.is_open[u, second] or (v >= 0 and not g.is_open[v, first]):
        return False
    delta = g.round_price[u, second] - g.round_price[u, first]
    if v >= 0:
        delta += g.round_price[v, first] - g.round_price[v, second]
    delta += _priced(g, b, one, u, v) + _priced(g, b, two, v, u)
    heads = g.at_seat[one + 1] - g.at_seat[one] + g.at_seat[two + 1] - g.at_seat[two]
    if delta - g.revisit_weight * heads > limit:
        return False
    if not _may_go(g, b, one, v) or not _may_go(g, b, two, u):
        return False
    if g.remembers:
        delta += _remembered(g, b, one, u, v) + _remembered(g, b, two, v, u)
    stay = g.host_stays and first != second
    if stay and (_somebody_out(g, b, u, second) or (v >= 0 and _somebody_out(g, b, v, first))):
        return False
    mine, theirs = b.units[one].copy(), b.units[two].copy()
    many, others = b.many[one], b.many[two]
    _change_units(b, one, u, v)
    _change_units(b, two, v, u)
    delta += _visit(g, b, one) + _visit(g, b, two)
    if delta > limit or _mirrored(g, b, one) or _mirrored(g, b, two):
        b.units[one], b.units[two] = mine, theirs
        b.many[one], b.many[two] = many, others
        _visit(g, b, one)
        _visit(g, b, two)
        return False
    host(g, b, u, second)
    b.crew_of[u] = two
    if v >= 0:
        host(g, b, v, first)
        b.crew_of[v] = one
    b.cost[0] += delta
    return True


@compiled
def _priced(g: Given, b: Books, c: int, old: int, new: int) -> int:
    """What the people of team c cost more at `new` than at `old`; −1 is no unit."""
    delta = 0
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        row = g.row[g.slot[k], b.holder[k]]
        if new >= 0:
            delta += g.price[row, new]
        if old >= 0:
            delta -= g.price[row, old]
    return delta


@compiled
def _may_go(g: Given, b: Books, c: int, unit: int) -> bool:
    """Whether everybody of team c may go to the unit in the team's round."""
    if unit < 0:
        return True
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        if not g.may[g.row[g.slot[k], b.holder[k]], unit]:
            return False
        if g.remembers and barred(g, b.holder[k], unit, b.round[c]):
            return False
    return True


@compiled
def _remembered(g: Given, b: Books, c: int, old: int, new: int) -> int:
    """What the memory of the people of team c costs more at `new` than at `old`."""
    delta = 0
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        if new >= 0:
            delta += again(g, b.holder[k], new, b.round[c])
        if old >= 0:
            delta -= again(g, b.holder[k], old, b.round[c])
    return delta


@compiled
def _somebody_out(g: Given, b: Books, unit: int, round_: int) -> bool:
    """Whether somebody who lives in the unit is in a team of the round."""
    for i in range(g.at_resident[unit], g.at_resident[unit + 1]):
        if b.busy[g.resident[i], round_]:
            return True
    return False


@compiled
def _change_units(b: Books, c: int, old: int, new: int) -> None:
    """`new` in the place of `old`; −1 is no unit."""
    if old < 0:
        b.units[c, b.many[c]] = new
        b.many[c] += 1
        return
    for i in range(b.many[c]):
        if b.units[c, i] == old:
            if new >= 0:
                b.units[c, i] = new
                return
            for j in range(i, b.many[c] - 1):
                b.units[c, j] = b.units[c, j + 1]
            b.many[c] -= 1
            b.units[c, b.many[c]] = -1
            return


@compiled
def _visit(g: Given, b: Books, c: int) -> int:
    """Counts the areas of the team's units anew; what that costs in revisits."""
    old, many = b.areas[c].copy(), b.areas_many[c]
    _leads_of(g, b, c, -1)
    now = 0
    for i in range(b.many[c]):
        area = g.unit_area[b.units[c, i]]
        known = area < 0
        for j in range(now):
            known = known or b.areas[c, j] == area
        if not known:
            b.areas[c, now] = area
            now += 1
    b.areas_many[c] = now
    cost = 0
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        seen = b.seen[b.holder[k]]
        for i in range(many):
            seen[old[i]] -= 1
            if seen[old[i]] > 0:
                cost -= g.revisit_weight
        for i in range(now):
            if seen[b.areas[c, i]] > 0:
                cost += g.revisit_weight
            seen[b.areas[c, i]] += 1
    _leads_of(g, b, c, 1)
    return cost


@compiled
def _leads_of(g: Given, b: Books, c: int, step: int) -> None:
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        if g.slot[k] == 0:
            lead(g, b, b.holder[k], c, step)


@compiled
def _mirrored(g: Given, b: Books, c: int) -> bool:
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        if g.slot[k] == 0 and mirrors(g, b, b.holder[k], c):
            return True
    return False


@compiled
def shift(g: Given, b: Books, one: int, two: int, limit: float) -> bool:
    """Two teams of different rounds change rounds, people and units and all; costs risk and memory."""
    first, second = b.round[one], b.round[two]
    if g.pinned[one] or g.pinned[two]:
        return False
    delta = _later(g, b, one, first, second) + _later(g, b, two, second, first)
    if delta > limit:
        return False
    if b.many[one] > g.visits[second] or b.many[two] > g.visits[first]:
        return False
    if not _may_shift(g, b, one, two, second) or not _may_shift(g, b, two, one, first):
        return False
    _change_rounds(g, b, one, two)
    if _over_quota(g, b, one) or _over_quota(g, b, two) or _mirrored(g, b, one) or _mirrored(g, b, two):
        _change_rounds(g, b, one, two)
        return False
    for c in (one, two):
        for i in range(b.many[c]):
            host(g, b, b.units[c, i], b.round[c])
    b.cost[0] += delta
    return True


@compiled
def _later(g: Given, b: Books, c: int, here: int, there: int) -> int:
    """What team c costs more in another round."""
    delta = 0
    for i in range(b.many[c]):
        unit = b.units[c, i]
        delta += g.round_price[unit, there] - g.round_price[unit, here]
        if g.remembers:
            for k in range(g.at_seat[c], g.at_seat[c + 1]):
                delta += again(g, b.holder[k], unit, there) - again(g, b.holder[k], unit, here)
    return delta


@compiled
def _may_shift(g: Given, b: Books, c: int, other: int, there: int) -> bool:
    """Whether units and people of team c may be in the round of the other team, whose people leave it."""
    here = b.round[c]
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        person = b.holder[k]
        if kept_away(g, b, person, there):
            return False
        comes_along = holds(g, b, person, other)
        for i in range(g.at_near[there], g.at_near[there + 1]):
            near = g.near[i]
            if near != here and not (near == there and comes_along) and b.busy[person, near]:
                return False
        for i in range(b.many[c]):
            if g.remembers and barred(g, person, b.units[c, i], there):
                return False
    for i in range(b.many[c]):
        unit = b.units[c, i]
        if not g.is_open[unit, there] or (g.host_stays and _somebody_out(g, b, unit, there)):
            return False
    return True


@compiled
def _change_rounds(g: Given, b: Books, one: int, two: int) -> None:
    for c in (one, two):
        for k in range(g.at_seat[c], g.at_seat[c + 1]):
            leave_round(g, b, k, b.holder[k])
    b.round[one], b.round[two] = b.round[two], b.round[one]
    for c in (one, two):
        for k in range(g.at_seat[c], g.at_seat[c + 1]):
            enter(g, b, k, b.holder[k])


@compiled
def _over_quota(g: Given, b: Books, c: int) -> bool:
    round_ = b.round[c]
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        office = g.office[b.holder[k]]
        for i in range(g.at_near[round_], g.at_near[round_ + 1]):
            if b.out[office, g.near[i]] > g.cap[office, g.near[i]]:
                return True
    return False


def settle(
    draft: Draft, crews: Sequence[Crew], g: Given, holder: Array, rounds: Array, units: Array, many: Array
) -> None:
    """Bring the draft to what the arrays say of its teams."""
    rows = []
    for c, crew in enumerate(crews):
        seats: list[list[int]] = [[] for _ in crew.seats]
        for k in range(int(g.at_seat[c]), int(g.at_seat[c + 1])):
            seats[int(g.slot[k])].append(int(holder[k]))
        rows.append((crew, int(rounds[c]), np.asarray(units[c, : many[c]]).tolist(), seats))
    draft.rearrange(rows)
