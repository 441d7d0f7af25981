"""What somebody else would cost in a seat of the search, and what somebody may not do there.
It changes nothing; which changes are worth it is fast_draft.py's business. Compiled like fast_books.py.
"""

from __future__ import annotations

from planners.annealing.compiled import compiled
from planners.annealing.fast_books import Books, Given


@compiled
def holds(g: Given, b: Books, person: int, c: int) -> bool:
    """Whether the person sits in team c."""
    for k in range(g.at_seat[c], g.at_seat[c + 1]):
        if b.holder[k] == person:
            return True
    return False


@compiled
def lies_in(b: Books, area: int, c: int) -> bool:
    """Whether team c has a unit in the area."""
    for i in range(b.areas_many[c]):
        if b.areas[c, i] == area:
            return True
    return False


@compiled
def fits(g: Given, b: Books, person: int, k: int) -> bool:
    """Whether the person may sit there instead of the holder (H03, H05–H08, H12, H14, H15)."""
    c, slot, holder = g.crew[k], g.slot[k], b.holder[k]
    row = g.row[slot, person]
    if row < 0:
        return False
    for i in range(b.many[c]):
        if not g.may[row, b.units[c, i]]:
            return False
        if g.remembers and barred(g, person, b.units[c, i], b.round[c]):
            return False
    for i in range(g.at_foe[person], g.at_foe[person + 1]):
        if g.foe[i] != holder and holds(g, b, g.foe[i], c):
            return False
    for i in range(g.at_banned[c], g.at_banned[c + 1]):
        if g.banned[i] == person:
            return False
    value = g.distinct[slot, person]
    if value >= 0:
        for m in range(g.at_seat[c], g.at_seat[c + 1]):
            if m != k and g.slot[m] == slot and g.distinct[slot, b.holder[m]] == value:
                return False
    return True


@compiled
def rubbing(g: Given, b: Books, person: int, c: int, without: int) -> int:
    """What ties of the person to members of team c cost, `without` left out."""
    cost = 0
    for i in range(g.at_friction[person], g.at_friction[person + 1]):
        if g.friction[i] != without and holds(g, b, g.friction[i], c):
            cost += g.friction_cost[i]
    return cost


@compiled
def leaving(g: Given, b: Books, k: int) -> int:
    """What is saved in revisits, pairs and ties of people when the holder leaves the seat (negative)."""
    c, person = g.crew[k], b.holder[k]
    saved = 0
    for i in range(b.areas_many[c]):
        if b.seen[person, b.areas[c, i]] > 1:
            saved -= g.revisit_weight
    if b.repeated[person]:
        for m in range(g.at_seat[c], g.at_seat[c + 1]):
            other = b.holder[m]
            if other != person and b.met[person, other] > 1:
                saved -= g.pair_weight
    return saved - rubbing(g, b, person, c, person)


@compiled
def joining(g: Given, b: Books, person: int, k: int, left: int) -> int:
    """What the person costs there instead of the holder, once gone from team `left` (−1: from none)."""
    c, holder = g.crew[k], b.holder[k]
    cost = 0
    for i in range(b.areas_many[c]):
        area = b.areas[c, i]
        times = b.seen[person, area]
        if times > 1 or (times > 0 and (left < 0 or not lies_in(b, area, left))):
            cost += g.revisit_weight
    for m in range(g.at_seat[c], g.at_seat[c + 1]):
        other = b.holder[m]
        if other == holder:
            continue
        times = b.met[person, other]
        if times > 1 or (times > 0 and (left < 0 or not holds(g, b, other, left))):
            cost += g.pair_weight
    cost += rubbing(g, b, person, c, holder)
    for pairing in range(len(g.pair_slot)):
        cost += unpaired(g, b, pairing, c, k, person) - unpaired(g, b, pairing, c, k, holder)
    return cost


@compiled
def unpaired(g: Given, b: Books, pairing: int, c: int, k: int, person: int) -> int:
    """What team c costs for lack of somebody experienced when the person sits in seat `k` of it."""
    asked = False
    for m in range(g.at_seat[c], g.at_seat[c + 1]):
        if not g.pair_new[pairing, person if m == k else b.holder[m]]:
            return 0
        asked = asked or g.slot[m] == g.pair_slot[pairing]
    return g.pair_cost[pairing] if asked else 0


@compiled
def full(g: Given, b: Books, office: int, round_: int) -> bool:
    """Whether the office can send nobody more on a day of the round (H09)."""
    for i in range(g.at_near[round_], g.at_near[round_ + 1]):
        if b.out[office, g.near[i]] >= g.cap[office, g.near[i]]:
            return True
    return False


@compiled
def busy_near(g: Given, b: Books, person: int, round_: int, without: int) -> bool:
    """Whether the person is in a team on days of the round, in another round than `without`."""
    for i in range(g.at_near[round_], g.at_near[round_ + 1]):
        if g.near[i] != without and b.busy[person, g.near[i]]:
            return True
    return False


@compiled
def kept_away(g: Given, b: Books, person: int, round_: int) -> bool:
    """Whether absence or the own unit's visit keeps the person from the round."""
    return g.away[person, round_] or b.hosting[person] == round_


@compiled
def way(g: Given, b: Books, person: int, c: int, slot: int) -> int:
    """Weighted way, ties to units, avoided crossing and memory of somebody in that team."""
    row, cost = g.row[slot, person], 0
    for i in range(b.many[c]):
        cost += g.price[row, b.units[c, i]]
        if g.remembers:
            cost += again(g, person, b.units[c, i], b.round[c])
    return cost


@compiled
def again(g: Given, person: int, unit: int, round_: int) -> int:
    """What it costs that the person was at the unit not long ago."""
    for i in range(g.at_recent[unit], g.at_recent[unit + 1]):
        if g.recent[i] == person:
            return g.recent_cost[i, round_]
    return 0


@compiled
def barred(g: Given, person: int, unit: int, round_: int) -> bool:
    """Whether the person was at the unit too recently for the round (H14)."""
    for i in range(g.at_recent[unit], g.at_recent[unit + 1]):
        if g.recent[i] == person:
            return g.recent_bars[i, round_]
    return False
