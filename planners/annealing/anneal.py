"""Seeded simulated annealing: small changes to a legal plan, dear ones too at first, the best plan kept.
Every change is legal; how much is tried is counted in changes, never in seconds."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from planners.annealing.compiled import compiled, compiled_and_kept
from planners.annealing.fast_books import (
    Array,
    Books,
    Given,
    books_at_address,
    given_at_address,
    laid_out,
    seat_all,
)
from planners.annealing.fast_draft import exchange, replace, settle, shift, swap
from planners.annealing.fast_seats import busy_near, kept_away
from planners.books.draft import Draft

#: Changes tried in all: so many, and more for each seat; below some eighty seats there is less to try.
TRIES, TRIES_PER_SEAT = 1_200_000, 2_000

#: Stages as (share of the tries, first temperature); each goes on from the best plan so far.
Stages = tuple[tuple[float, float], ...]
BRISK: Stages = ((0.2, 3.0),)
THOROUGH: Stages = ((2.0, 4.0), (2.0, 3.0))
COLDEST = 0.2

#: People who are tried for a seat: those whom the unit costs least.
NEAREST = 40

#: Units with which a unit is exchanged: those that lie nearest.
NEIGHBOURS = 12

#: How many changes are tried at one temperature, and between two looks at `stop`.
STRETCH, LOOK = 500, 20_000

#: Shares of the tries that go to units: exchanged between two teams, and two teams exchanging rounds.
EXCHANGES, SHIFTS = 0.05, 0.03


class _Near(NamedTuple):
    """Whom and what the search tries first: −1 beyond the last."""

    people: Array  # S×U×NEAREST: who may sit there, the cheapest first
    people_many: Array  # S×U
    units: Array  # U×NEIGHBOURS
    units_many: Array  # U


class _Best(NamedTuple):
    """The best plan met: `cost[0]`, and what moved."""

    cost: Array
    holder: Array
    round: Array
    units: Array
    many: Array


def anneal(
    draft: Draft, seed: int, stages: Stages, stop: Callable[[], bool], better: Callable[[int], None]
) -> bool:
    """Improve the draft; whether it did. `better` is called with the cost after a stretch that gained.

    The number of heads in each team stays. The same draft and seed give the same answer unless `stop` cuts.
    """
    before = draft.cost
    near = _nearest(draft)
    for number, (share, warm) in enumerate(stages):
        if stop():
            break
        _stage(draft, near, _start_of(seed, number), share, warm, stop, better)
    return draft.cost < before


def _start_of(seed: int, stage: int) -> int:
    """Where the draws of a stage begin, below 2³²; a seed may be as long as that of a public draw."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{stage}".encode()).digest()[:4])


def _stage(
    draft: Draft,
    near: _Near,
    seed: int,
    share: float,
    warm: float,
    stop: Callable[[], bool],
    better: Callable[[int], None],
) -> None:
    """One cooling from `warm`, which leaves the draft at the best plan that it met."""
    given, books, crews, holders = laid_out(draft)
    seats = len(holders)
    if seats < 2:
        return
    tries = int(share * min(TRIES + TRIES_PER_SEAT * seats, seats**3 * (0.4 + (seats / 60) ** 2)))
    cooling = (COLDEST / warm) ** (STRETCH / max(1, tries))
    best = _Best(
        books.cost.copy(),
        np.array(holders, dtype=np.int64),
        books.round.copy(),
        books.units.copy(),
        books.many.copy(),
    )
    told = draft.cost
    for done in range(0, tries, LOOK):
        heat = warm * cooling ** (done // STRETCH)
        _stretch(given, books, near, best, seed if done == 0 else -1, min(LOOK, tries - done), heat, cooling)
        if best.cost[0] < told:
            told = int(best.cost[0])
            better(told)
        if stop():
            break
    if best.cost[0] < draft.cost:
        settle(draft, crews, given, best.holder, best.round, best.units, best.many)


@compiled_and_kept
def _stretch(
    given: Given, books: Books, near: _Near, best: _Best, seed: int, tries: int, heat: float, cooling: float
) -> None:
    """So many changes, cooling every STRETCH of them; a `seed` ≥ 0 seats everybody and begins the draws."""
    g, b = given_at_address(*given), books_at_address(*books)
    if seed >= 0:
        b.dice[0] = seed
        seat_all(g, b, best.holder)
    seats = len(b.holder)
    for number in range(tries):
        if number % STRETCH == 0:
            heat *= cooling
        limit = -heat * math.log(1.0 - drawn(b))
        kind = drawn(b)
        if kind >= EXCHANGES + SHIFTS:
            _change_seat(g, b, near, below(b, seats), limit)
        elif kind < EXCHANGES:
            _exchange(g, b, near, limit)
        else:
            one, two = below(b, len(b.round)), below(b, len(b.round))
            if b.round[one] != b.round[two]:
                shift(g, b, one, two, limit)
        if b.cost[0] < best.cost[0]:
            best.cost[0] = b.cost[0]
            best.holder[:] = b.holder
            best.round[:] = b.round
            best.units[:] = b.units
            best.many[:] = b.many


@compiled
def drawn(b: Books) -> float:
    """The next number in [0, 1): SplitMix64 (Steele, Lea, Flood 2014), whatever numba's version."""
    b.dice[0] += np.uint64(0x9E3779B97F4A7C15)
    word = b.dice[0]
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    word = word ^ (word >> np.uint64(31))
    return float(word >> np.uint64(11)) / 9007199254740992.0


@compiled
def below(b: Books, many: int) -> int:
    """The next whole number in [0, many)."""
    return int(drawn(b) * many)


@compiled
def _change_seat(g: Given, b: Books, near: _Near, k: int, limit: float) -> None:
    """Somebody whom the unit costs little instead of the holder, or the two change places."""
    c, slot = g.crew[k], g.slot[k]
    if g.fixed[k] or b.many[c] == 0:
        return
    unit = b.units[c, below(b, b.many[c])]
    many = near.people_many[slot, unit]
    if many == 0:
        return
    person = near.people[slot, unit, int(drawn(b) * drawn(b) * many)]
    if person == b.holder[k]:
        return
    round_ = b.round[c]
    if b.busy[person, round_]:
        m = b.seat_of[person, round_]
    elif kept_away(g, b, person, round_) or busy_near(g, b, person, round_, -1):
        return
    elif drawn(b) < 0.5 or b.load[person] == 0:
        replace(g, b, k, person, limit)
        return
    else:
        m = _some_seat(b, person)
    if g.slot[m] == slot and not g.fixed[m] and g.crew[m] != c:
        swap(g, b, k, m, limit)


@compiled
def _some_seat(b: Books, person: int) -> int:
    """One of the seats of somebody who has some."""
    left = below(b, b.load[person])
    for round_ in range(b.busy.shape[1]):
        if b.busy[person, round_]:
            if left == 0:
                return b.seat_of[person, round_]
            left -= 1
    return -1


@compiled
def _exchange(g: Given, b: Books, near: _Near, limit: float) -> None:
    """Two near units change teams, or a unit joins a team that has room."""
    one = below(b, len(b.round))
    if b.many[one] == 0:
        return
    u = b.units[one, below(b, b.many[one])]
    many = near.units_many[u]
    if many == 0:
        return
    v = near.units[u, below(b, many)]
    two = b.crew_of[v]
    if two < 0 or two == one:
        return
    if b.many[one] > 1 and b.many[two] < g.visits[b.round[two]] and drawn(b) < 0.5:
        v = -1
    exchange(g, b, one, two, u, v, limit)


def _nearest(draft: Draft) -> _Near:
    """Per slot and unit the people who may sit there, the cheapest first; per unit those around it.

    Units without a place lie nowhere, so any will do.
    """
    tables = draft.tables
    slots, units = len(tables.slots), len(tables.units)
    people = np.full((slots, units, NEAREST), -1, dtype=np.int64)
    people_many = np.zeros((slots, units), dtype=np.int64)
    for slot, (may, price) in enumerate(zip(tables.may, tables.seat_price, strict=True)):
        for unit in range(units):
            who = np.nonzero(may[:, unit])[0]
            order = np.argsort(price[who, unit], kind="stable")[:NEAREST]
            people[slot, unit, : len(order)] = who[order]
            people_many[slot, unit] = len(order)
    x = np.array([unit.x_km or 0.0 for unit in tables.units])
    y = np.array([unit.y_km or 0.0 for unit in tables.units])
    around = np.full((units, NEIGHBOURS + 1), -1, dtype=np.int64)
    around_many = np.zeros(units, dtype=np.int64)
    for u in range(units):
        order = np.argsort((x - x[u]) ** 2 + (y - y[u]) ** 2, kind="stable")[: NEIGHBOURS + 1]
        order = order[order != u]
        around[u, : len(order)] = order
        around_many[u] = len(order)
    return _Near(people, people_many, around, around_many)
