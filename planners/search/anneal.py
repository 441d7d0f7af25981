"""Seeded simulated annealing: small changes to a legal plan, dear ones too at first, the best plan kept.
Every change is legal; how much is tried is counted in changes, never in seconds."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from planners.books.draft import Draft
from planners.search.fast_draft import FastDraft

#: Changes tried in all: so many, and more for each seat; below some eighty seats there is less to try.
TRIES, TRIES_PER_SEAT = 1_200_000, 2_000

#: Stages as (share of the tries, first temperature); each goes on from the best plan so far.
Stages = tuple[tuple[float, float], ...]
BRISK: Stages = ((0.06, 12.0),)
THOROUGH: Stages = ((0.24, 12.0), (0.70, 10.0))
COLDEST = 0.8

#: People who are tried for a seat: those whom the unit costs least.
NEAREST = 40

#: Units with which a unit is exchanged: those that lie nearest.
NEIGHBOURS = 12

#: How many changes are tried between two looks at `stop`.
STRETCH = 500


#: Shares of the tries that go to units: exchanged between two teams, and two teams exchanging rounds.
EXCHANGES, SHIFTS = 0.05, 0.03


def anneal(
    draft: Draft, seed: int, stages: Stages, stop: Callable[[], bool], better: Callable[[int], None]
) -> bool:
    """Improve the draft; whether it did. `better` is called with the cost after a stretch that gained.

    The number of heads in each team stays. The same draft and seed give the same answer unless `stop` cuts.
    """
    before = draft.cost
    search = _Search(draft, seed)
    for share, warm in stages:
        if stop():
            break
        search.stage(share, warm, stop, better)
    return draft.cost < before


class _Search:
    """What is drawn from: seats, people near each unit, units near each unit."""

    def __init__(self, draft: Draft, seed: int) -> None:
        self.draft = draft
        self.dice = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.near = _nearest_people(draft)
        self.neighbours = _nearest_units(draft)

    def stage(
        self, share: float, warm: float, stop: Callable[[], bool], better: Callable[[int], None]
    ) -> None:
        """One cooling from `warm`, which leaves the draft at the best plan that it met."""
        self.fast = fast = FastDraft(self.draft)
        seats = len(fast.crew)
        if seats < 2:
            return
        tries = int(share * min(TRIES + TRIES_PER_SEAT * seats, seats**3 * (0.4 + (seats / 60) ** 2)))
        best = told = fast.cost
        kept = None
        heat, cooling = warm, (COLDEST / warm) ** (STRETCH / max(1, tries))
        rnd, log = self.dice.random, math.log
        change_seat, exchange, shift = self._change_seat, self._exchange, self._shift
        for number in range(tries):
            if number % STRETCH == 0:
                if best < told:
                    told = best
                    better(best)
                if stop():
                    break
                heat *= cooling
            limit = -heat * log(1.0 - rnd())
            kind = rnd()
            if kind >= EXCHANGES + SHIFTS:
                change_seat(int(rnd() * seats), limit)
            elif kind < EXCHANGES:
                exchange(limit)
            else:
                shift(limit)
            if fast.cost < best:
                best, kept = fast.cost, fast.snapshot()
        if kept is not None:
            fast.settle(kept)
            better(best)

    def _change_seat(self, k: int, limit: float) -> None:
        """Somebody whom the unit costs little instead of the holder, or the two change places."""
        fast, rnd = self.fast, self.dice.random
        if fast.fixed[k]:
            return
        c = fast.crew[k]
        units = fast.units[c]
        near = self.near[fast.slot[k]][units[0] if len(units) == 1 else units[int(rnd() * len(units))]]
        if not near:
            return
        person = near[int(rnd() * rnd() * len(near))]
        if person == fast.holder[k]:
            return
        round_ = fast.round[c]
        if fast.busy[person] >> round_ & 1:
            m = fast.seat_at[person * fast.rounds + round_]
        elif fast.kept_away(person, round_):
            return
        elif rnd() < 0.5 or not fast.load[person]:
            fast.replace(k, person, limit)
            return
        else:
            m = self._some_seat(person)
        if fast.slot[m] == fast.slot[k] and not fast.fixed[m] and fast.crew[m] != c:
            fast.swap(k, m, limit)

    def _some_seat(self, person: int) -> int:
        """One of the seats of somebody who has some."""
        fast = self.fast
        busy, left = fast.busy[person], int(self.dice.random() * fast.load[person])
        for _ in range(left):
            busy &= busy - 1
        return fast.seat_at[person * fast.rounds + (busy & -busy).bit_length() - 1]

    def _exchange(self, limit: float) -> None:
        """Two near units change teams, or a unit joins a team that has room."""
        fast, rnd = self.fast, self.dice.random
        one = int(rnd() * len(fast.crews))
        units = fast.units[one]
        u = units[int(rnd() * len(units))]
        near = self.neighbours[u]
        if not near:
            return
        v = near[int(rnd() * len(near))]
        two = self._crew_of(v)
        if two < 0 or two == one:
            return
        visits = self.draft.tables.visits[fast.round[two]]
        if len(units) > 1 and len(fast.units[two]) < visits and rnd() < 0.5:
            v = -1
        fast.exchange(one, two, u, v, limit)

    def _shift(self, limit: float) -> None:
        """Two teams of different rounds change rounds."""
        fast, rnd = self.fast, self.dice.random
        one, two = int(rnd() * len(fast.crews)), int(rnd() * len(fast.crews))
        if fast.round[one] != fast.round[two]:
            fast.shift(one, two, limit)

    def _crew_of(self, unit: int) -> int:
        return self.fast.crew_of[unit]


def _nearest_people(draft: Draft) -> list[list[list[int]]]:
    """Per slot and unit the people who may sit there, those first whom it costs least."""
    tables, near = draft.tables, []
    for may, price in zip(tables.may, tables.seat_price, strict=True):
        rows = []
        for unit in range(len(tables.units)):
            people = np.nonzero(may[:, unit])[0]
            order = np.argsort(price[people, unit], kind="stable")[:NEAREST]
            rows.append(people[order].tolist())
        near.append(rows)
    return near


def _nearest_units(draft: Draft) -> list[list[int]]:
    """Per unit the others that lie nearest; units without a place lie nowhere, so any will do."""
    units = draft.tables.units
    x = np.array([unit.x_km or 0.0 for unit in units])
    y = np.array([unit.y_km or 0.0 for unit in units])
    found = []
    for u in range(len(units)):
        order = np.argsort((x - x[u]) ** 2 + (y - y[u]) ** 2, kind="stable")
        found.append([int(v) for v in order[: NEIGHBOURS + 1] if v != u])
    return found
