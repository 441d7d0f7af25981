"""Settles problems such as 2+5, where offices send the same number of alike people to every team: what people
cost at least, and who goes where at that price.

Alike people have few different ways to share their units among them, and delegations only meet in pairs:
the best choice of one way each is a small weighted constraint problem, searched depth first with pairs of
delegations as bounds. Rounds, quotas, hosts and mutual leads are left out, so the price is never too high.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from planners.books.draft import Draft
from planners.books.tables import Bools, Ints, Tables

#: Units, delegations, ways of the largest delegation and of any other, up to which a problem is tried.
MOST_UNITS, MOST_DELEGATIONS, MOST_WAYS, MOST_OTHER_WAYS = 10, 8, 30_000, 250

#: Nodes of the search in all its stages; some thirteen seconds.
EFFORT = 520_000

#: Stages: how far under the known cost, in thousandths of it, nothing is looked for; a later one proves more.
SLACKS = (60, 14, 0)

#: Choices of three delegations up to which all of them are looked at together.
TRIPLE = 40_000

#: Nodes between two looks at `stop`.
LOOK = 500


@dataclass(frozen=True, slots=True)
class Settled:
    """No complete plan has people (all terms but risk) cheaper than `least`.

    `seats` are (slot, person, unit) of a better way than was known, or None where none was found.
    """

    least: int
    seats: tuple[tuple[int, int, int], ...] | None


@dataclass(frozen=True, slots=True)
class _Delegation:
    """People of one slot whom nothing tells apart, of whom `heads` go to each of `units`."""

    slot: int
    people: tuple[int, ...]
    units: tuple[int, ...]
    heads: int


@dataclass(slots=True)
class _Ways:
    """Every way of a delegation to share its units: a row of `masks` has each person's units as bits."""

    delegation: _Delegation
    masks: Ints
    cost: Ints


class _Spent(Exception):
    """The effort is used up, or somebody asked to stop."""


def settle(tables: Tables, known: int, stop: Callable[[], bool]) -> Settled | None:
    """What people cost at least, when a plan is known in which they cost `known`; None for other problems."""
    delegations = _delegations(tables)
    if delegations is None:
        return None
    ways = [_ways(tables, delegation) for delegation in delegations]
    ways.sort(key=lambda one: -len(one.cost))
    if len(ways[0].cost) > MOST_WAYS or any(len(one.cost) > MOST_OTHER_WAYS for one in ways[1:]):
        return None
    search = _Search(tables, ways, stop)
    least, best, chosen = 0, known, None
    try:
        for slack in SLACKS:
            spare = known * slack // 1000
            # Whatever was cut off costs more than `limit`, so no plan costs less than it or the best found.
            limit = best - spare
            found = search.below(limit)
            if found is not None:
                best, chosen = found
            least = max(least, min(best, limit))
            if least == best:
                break
    except _Spent:
        if search.best is not None and search.best[0] < best:
            best, chosen = search.best
    return Settled(least, None if chosen is None else tuple(_seats(ways, chosen)))


def reseat(draft: Draft, seats: Sequence[tuple[int, int, int]]) -> bool:
    """Whether the plan took these seats, each team in its round: only if legal, complete and cheaper."""
    before, rounds = draft.score(), list(range(len(draft.tables.rounds)))
    memory = draft.remember(rounds)
    for crews in draft.crews:
        for crew in crews:
            draft.empty(crew)
    for slot, person, unit in seats:
        goal = draft.crew_of[unit]
        if goal is None or draft.bar(goal, slot, person) is not None:
            draft.restore(memory)
            return False
        draft.seat(goal, slot, person)
    after = draft.score()
    if not after.complete or after.cost >= before.cost:
        draft.restore(memory)
        return False
    return True


# ---------------------------------------------------------------- who is a delegation


def _delegations(tables: Tables) -> list[_Delegation] | None:
    """The delegations that fill every seat, or None where the problem is not made of them."""
    units = range(len(tables.units))
    if max(tables.visits, default=1) > 1 or tables.problem.pins or tables.past_seats.any():
        return None
    if len(units) > MOST_UNITS:
        return None
    found: dict[tuple[int, tuple[int, ...], int], list[int]] = defaultdict(list)
    for slot in range(len(tables.slots)):
        heads = int(tables.wanted[slot])
        if int(tables.lowest[slot]) != heads:
            return None
        for unit in units:
            sent = _sent(tables, slot, unit, heads)
            if sent is None:
                return None
            for people, many in sent:
                found[slot, people, many].append(unit)
    made = [_Delegation(slot, people, tuple(at), many) for (slot, people, many), at in found.items()]
    everybody = [person for one in made for person in one.people]
    if len(made) > MOST_DELEGATIONS or len(set(everybody)) < len(everybody):
        return None
    return made if all(_alike(tables, one) for one in made) else None


def _sent(tables: Tables, slot: int, unit: int, heads: int) -> list[tuple[tuple[int, ...], int]] | None:
    """Who sends how many to the unit in this slot, or None where that is open."""
    here = np.nonzero(tables.may[slot][:, unit])[0].tolist()
    attribute = tables.distinct[slot]
    if attribute is None:
        return [(tuple(here), heads)]
    shared: dict[int, list[int]] = defaultdict(list)
    for person in here:
        if attribute[person] < 0:
            return None
        shared[int(attribute[person])].append(person)
    return [(tuple(people), 1) for people in shared.values()] if len(shared) == heads else None


def _alike(tables: Tables, delegation: _Delegation) -> bool:
    """Whether nothing but the name tells these people apart, and nobody else shares their units with them."""
    first = delegation.people[0]
    units = np.zeros(len(tables.units), dtype=np.bool_)
    units[list(delegation.units)] = True
    same: list[Bools | Ints] = [*tables.seat_price, tables.present, *tables.may]
    for person in delegation.people:
        if tables.foes[person] or tables.friction[person] or tables.max_teams[person] < len(tables.units):
            return False
        if any((rows[person] != rows[first]).any() for rows in same):
            return False
        if any(
            (may[person] != (units if slot == delegation.slot else False)).any()
            for slot, may in enumerate(tables.may)
        ):
            return False
    return True


# ---------------------------------------------------------------- their ways


def _ways(tables: Tables, delegation: _Delegation) -> _Ways:
    """All ways, each once: whoever is new in a team is the next of the alike people."""
    rows = list(_shared(delegation, 0, [0] * len(delegation.people), 0))
    masks = np.array(rows, dtype=np.int64).reshape(len(rows), len(delegation.people))
    count, weights = _ones(len(tables.units)), tables.weights
    loads = count[masks]
    prices = tables.seat_price[delegation.slot][delegation.people[0]]
    cost = (weights.load * loads**2).sum(axis=1)
    cost += delegation.heads * int(sum(prices[unit] for unit in delegation.units))
    for area in sorted({int(tables.unit_area[unit]) for unit in delegation.units} - {-1}):
        inside = sum(1 << unit for unit in delegation.units if tables.unit_area[unit] == area)
        cost += weights.revisit * np.maximum(count[masks & inside] - 1, 0).sum(axis=1)
    again = np.maximum(count - 1, 0) * weights.pair
    for one, two in combinations(range(len(delegation.people)), 2):
        cost += again[masks[:, one] & masks[:, two]]
    return _Ways(delegation, masks, cost)


def _shared(delegation: _Delegation, at: int, masks: list[int], used: int) -> Iterator[tuple[int, ...]]:
    if at == len(delegation.units):
        yield tuple(masks)
        return
    bit = 1 << delegation.units[at]
    for new in range(delegation.heads + 1):
        if used + new > len(masks) or delegation.heads - new > used:
            continue
        for old in combinations(range(used), delegation.heads - new):
            more = list(masks)
            for person in (*old, *range(used, used + new)):
                more[person] |= bit
            yield from _shared(delegation, at + 1, more, used + new)


def _ones(units: int) -> Ints:
    """The number of bits of every set of units."""
    sets = np.arange(1 << units, dtype=np.int64)
    return sum(((sets >> bit) & 1 for bit in range(units)), np.zeros_like(sets))


def _seats(ways: Sequence[_Ways], chosen: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    for number, row in chosen.items():
        delegation, masks = ways[number].delegation, ways[number].masks[row].tolist()
        for person, mask in zip(delegation.people, masks, strict=True):
            for unit in delegation.units:
                if mask >> unit & 1:
                    yield delegation.slot, person, unit


# ---------------------------------------------------------------- one way each


@dataclass(slots=True)
class _Search:
    """The choice of one way per delegation: the largest outermost, the others depth first."""

    tables: Tables
    ways: Sequence[_Ways]
    stop: Callable[[], bool]
    best: tuple[int, dict[int, int]] | None = None
    _nodes: int = 0
    _limit: int = 0
    _met: dict[tuple[int, int], Ints] = field(default_factory=dict)
    _three: dict[tuple[int, int, int], Ints] = field(default_factory=dict)

    def below(self, limit: int) -> tuple[int, dict[int, int]] | None:
        """The cheapest choice that costs less than `limit`, or None when there is none. Raises _Spent."""
        self.best, self._limit = None, limit
        others = range(1, len(self.ways))
        for one, two in combinations(range(len(self.ways)), 2):
            if (one, two) not in self._met:
                self._met[one, two] = self._meetings(self.ways[one].masks, self.ways[two].masks)
        alone = {two: self._met[0, two] + self.ways[two].cost[None, :].astype(np.int32) for two in others}
        cost = self.ways[0].cost
        bound = cost + sum(rows.min(axis=1) for rows in alone.values())
        for row in np.argsort(bound, kind="stable").tolist():
            if bound[row] >= self._limit:
                break
            self._search(list(others), {two: alone[two][row] for two in others}, int(cost[row]), {0: row})
        return self.best

    def _meetings(self, one: Ints, two: Ints) -> Ints:
        """What every pair of ways costs in people who meet again."""
        again = np.maximum(_ones(len(self.tables.units)) - 1, 0) * self.tables.weights.pair
        found = np.zeros((len(one), len(two)), dtype=np.int64)
        for left in range(one.shape[1]):
            for right in range(two.shape[1]):
                found += again[one[:, left][:, None] & two[:, right][None, :]]
        return found.astype(np.int32)  # half the memory to walk through

    def _search(self, open_: list[int], alone: dict[int, Ints], cost: int, chosen: dict[int, int]) -> None:
        self._nodes += 1
        if self._nodes > EFFORT or (self._nodes % LOOK == 0 and self.stop()):
            raise _Spent
        if not open_:
            self._take(cost, chosen)
            return
        if len(open_) == 3 and math.prod(len(alone[one]) for one in open_) <= TRIPLE:
            self._settle_three(open_, alone, cost, chosen)
            return
        pairs, bound = list(zip(open_[::2], open_[1::2], strict=False)), cost
        together: list[Ints] = []
        for one, two in pairs:
            both = alone[one][:, None] + alone[two][None, :] + self._met[one, two]
            together.append(both)
            bound += int(both.min())
            if bound >= self._limit:
                return
        if len(open_) == 2:
            first, second = divmod(int(together[0].argmin()), together[0].shape[1])
            self._take(bound, {**chosen, open_[0]: first, open_[1]: second})
            return
        if len(open_) % 2:
            bound += int(alone[open_[-1]].min())
        room = self._limit - bound
        if room <= 0:
            return
        least = {open_[-1]: alone[open_[-1]]}  # with the cheapest way of its partner, if it has one
        for (one, two), both in zip(pairs, together, strict=True):
            least[one], least[two] = both.min(axis=1), both.min(axis=0)
        next_ = min(open_, key=lambda one: np.count_nonzero(least[one] < least[one].min() + room))
        rest = [one for one in open_ if one != next_]
        cheapest = int(least[next_].min())
        for way in np.argsort(least[next_], kind="stable").tolist():
            if bound - cheapest + int(least[next_][way]) >= self._limit:
                break
            met = {
                one: self._met[next_, one][way] if next_ < one else self._met[one, next_][:, way]
                for one in rest
            }
            further = {one: alone[one] + met[one] for one in rest}
            self._search(rest, further, cost + int(alone[next_][way]), {**chosen, next_: way})

    def _settle_three(
        self, open_: list[int], alone: dict[int, Ints], cost: int, chosen: dict[int, int]
    ) -> None:
        one, two, three = open_
        if (one, two, three) not in self._three:
            met = self._met
            pairs = met[one, two][:, :, None] + met[one, three][:, None, :]
            self._three[one, two, three] = pairs + met[two, three][None, :, :]
        all_ = self._three[one, two, three] + (alone[one][:, None] + alone[two][None, :])[:, :, None]
        all_ += alone[three]
        at = int(all_.argmin())
        price = cost + int(all_.flat[at])
        if price < self._limit:
            ways = (int(way) for way in np.unravel_index(at, all_.shape))
            self._take(price, {**chosen, **dict(zip(open_, ways, strict=True))})

    def _take(self, cost: int, chosen: dict[int, int]) -> None:
        if cost < self._limit:
            self.best, self._limit = (cost, chosen), cost
