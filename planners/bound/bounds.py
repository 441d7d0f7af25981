"""Proves what no complete plan can beat: the least risk, and for people a flow over the whole cycle at once.
It drops what it cannot price exactly (ties of people, hosts, mutual leads, most pairs): never too high."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from planners.books.network import Arcs
from planners.books.tables import Bools, Ints, Tables
from planners.bound.encounters import repeats
from planners.bound.small_cpsat import least_for_few_units
from planners.problem import Problem

#: Pairs of people and units of one slot up to which all of them are arcs; beyond it only so many per unit.
ALL_PAIRS = 2_000_000
NEAREST = 200


@dataclass(frozen=True, slots=True)
class Bound:
    """A proven lower bound of the objective of every complete plan; `terms` (weighted) add up to `total`.

    `possible` is False when the flows show that there is no complete plan; then the figures bind nothing.
    """

    total: int
    terms: Mapping[str, int] = field(hash=False)
    possible: bool = True


def lower_bound(problem: Problem) -> Bound:
    """Risk by transportation of units to rounds; per group of slots that share people one min-cost flow.

    The sum is sound because each part is a minimum over the same plans, and no cost is counted in two parts.
    """
    tables = Tables(problem, loose=True)
    terms: dict[str, int] = {}
    terms["risk"], possible = _least_risk(tables)
    groups = _slots_sharing_people(tables)
    for number, group in enumerate(groups):
        name = "+".join(tables.slots[slot].id for slot in group)
        met_again = repeats(tables, groups, number)
        terms[f"people:{name}"], enough = _least_for_people(tables, group, met_again)
        possible = possible and enough
    if past := past_squares(tables):
        terms["past_seats"] = past
    return Bound(sum(terms.values()), terms, possible)


def tightened(tables: Tables, stop: Callable[[], bool]) -> int:
    """A bound that counts every forced pair of a handful of units, in some ten seconds; 0 for larger ones."""
    people = least_for_few_units(tables, stop)
    risk, _ = _least_risk(tables)
    return 0 if people is None else risk + people + past_squares(tables)


def past_squares(tables: Tables) -> int:
    """The load of this year's past seats, which every plan has; the flows price what is added to it."""
    return int(tables.weights.load * (tables.past_seats**2).sum())


def _cheapest_price(tables: Tables, slot: int) -> Ints:
    """P×U: what a visit in the slot costs at least, in the round in which memory costs least."""
    price = tables.seat_price[slot]
    if tables.remembers:
        price = price.copy()
        for unit, recent in enumerate(tables.recent):
            for person, row in recent.items():
                price[person, unit] += min(row.costs, default=0)
    return price


def least_risk(tables: Tables) -> int:
    """What visiting units late costs at least; 0 where no plan visits all of them."""
    risk, possible = _least_risk(tables)
    return risk if possible else 0


def _least_risk(tables: Tables) -> tuple[int, bool]:
    """Every unit in one open round, each round with room for teams × visits."""
    units, rounds = len(tables.units), len(tables.rounds)
    price = tables.round_price
    lost = (int(price.max(initial=0)) + 1) * (2 * rounds + 2)
    arcs = Arcs()
    unit, round_ = np.nonzero(tables.is_open)
    sink = 1 + units + rounds
    arcs.add(0, 1 + np.arange(units), 1, 0)
    arcs.add(1 + unit, 1 + units + round_, 1, price[unit, round_])
    left = arcs.add(1 + np.arange(units), sink, 1, lost)
    room = np.array(tables.teams, dtype=np.int64) * np.array(tables.visits, dtype=np.int64)
    arcs.add(1 + units + np.arange(rounds), sink, room, 0)
    flows, cost = arcs.solve({0: units, sink: -units})
    unplaced = int(flows[left].sum())
    return cost - lost * unplaced, unplaced == 0


def _near(may: Bools, price: Ints) -> tuple[Ints, Ints, Ints]:
    """(people, units, price of the nearest who is left out per unit or −1): all pairs, or NEAREST per unit.

    In one pool of thousands all pairs would be tens of millions; who is left out still counts in `_join_far`.
    """
    people = np.nonzero(may.any(axis=1))[0]
    far = np.full(may.shape[1], -1, dtype=np.int64)
    if people.size * may.shape[1] <= ALL_PAIRS or people.size <= NEAREST:
        person, unit = np.nonzero(may)
        return person, unit, far
    nowhere = int(price.max()) + 1
    here = np.where(may[people], price[people], nowhere).astype(np.int32)
    order = np.argpartition(here, NEAREST, axis=0)[: NEAREST + 1].astype(np.int32)
    prices = np.take_along_axis(here, order, axis=0)
    far = np.where(prices[NEAREST] < nowhere, prices[NEAREST], -1).astype(np.int64)
    row, unit = np.nonzero(prices[:NEAREST] < nowhere)
    return people[order[row, unit]], unit, far


def _join_far(arcs: Arcs, hub: int, far: Ints, people: Ints, first_seat: int, scale: int) -> None:
    """Everybody reaches every unit at the price of the nearest left out, without revisits: never too dear."""
    units = np.nonzero(far >= 0)[0]
    if units.size:
        arcs.add(people, hub, far.size, 0)
        arcs.add(hub, first_seat + units, far.size, scale * far[units])


def _slots_sharing_people(tables: Tables) -> list[list[int]]:
    """Slots in groups, so that nobody fits slots of two groups."""
    groups: list[list[int]] = []
    for slot in range(len(tables.slots)):
        joined = [g for g in groups if any((tables.fits[slot] & tables.fits[other]).any() for other in g)]
        groups = [g for g in groups if g not in joined] + [sorted([s for g in joined for s in g] + [slot])]
    return sorted(groups)


def _least_for_people(tables: Tables, group: list[int], met_again: Ints) -> tuple[int, bool]:
    """Distance, load, revisits, unit ties, size and forced pairs of these slots; whether the heads suffice.

    Office → person (load ladder) → area → seats of a unit. With V visits per team at most, somebody who
    visits v units is in at least v / V teams. The price of a team is therefore shared out: every V visits
    climb one step of the load ladder, revisits and empty seats cost 1 / V each. A step also brings the
    encounters that can only be repetitions (`met_again`, doubled). Prices are multiplied by 2 × V to stay
    whole, and the sum is divided at the end.
    """
    weights, units = tables.weights, len(tables.units)
    visits = max(tables.visits, default=1)
    again = weights.pair * np.diff(met_again, axis=1)  # a team more; rises with every team, like the load
    meets = (tables.present.astype(np.float32) @ tables.is_open.T.astype(np.float32)) > 0
    may = [tables.may[slot] & meets for slot in group]
    called = np.nonzero(np.logical_or.reduce([m.any(axis=1) for m in may]))[0]
    offices, areas = len(tables.problem.offices), len(tables.problem.areas)
    first_person = 1 + offices
    first_area = first_person + len(tables.people)
    first_seat = first_area + len(tables.people) * areas
    arcs = Arcs()
    most = np.minimum(tables.present.sum(axis=1), tables.max_teams)
    arcs.add(0, 1 + np.arange(offices), (tables.cap * np.array(tables.visits, dtype=np.int64)).sum(axis=1), 0)
    for step in range(1, int(most[called].max(initial=0)) + 1):
        climbing = called[most[called] >= step]
        # Without an office (-1) a person is called straight from the source, which is node 0.
        before = 2 * tables.past_seats[climbing]
        price = 2 * weights.load * (before + 2 * step - 1) + again[climbing, step - 1]
        arcs.add(1 + tables.office[climbing], first_person + climbing, visits, price)
    entered = np.zeros((len(tables.people), areas), dtype=np.bool_)
    supplies: dict[int, int] = {}
    steps = len(tables.rounds) + int(tables.past_seats.max(initial=0))
    prices = [_cheapest_price(tables, slot) for slot in group]
    dearest = 2 * (weights.load * (2 * steps + 1) + weights.revisit + weights.size)
    dearest += 2 * visits * max(int(price.max(initial=0)) for price in prices) + int(again.max(initial=0))
    lost = 2 * (dearest + 1) * (len(group) * units + len(called) + offices + 2)
    shortfalls = []
    hub = first_seat + len(group) * units
    for number, slot in enumerate(group):
        person, unit, far = _near(may[number], prices[number])
        _join_far(arcs, hub + number, far, first_person + called, first_seat + number * units, 2 * visits)
        seat = first_seat + number * units + unit
        area = tables.unit_area[unit]
        inside = area >= 0
        entered[person[inside], area[inside]] = True
        through = np.where(inside, first_area + person * areas + area, first_person + person)
        arcs.add(through, seat, 1, 2 * visits * prices[number][person, unit])
        lowest, wanted = int(tables.lowest[slot]), int(tables.wanted[slot])
        seats: Ints = first_seat + number * units + np.arange(units)
        arcs.add(0, seats, wanted - lowest, 2 * weights.size)
        shortfalls.append(arcs.add(0, seats, lowest, lost))
        supplies.update({int(node): -wanted for node in seats})
    person, area = np.nonzero(entered)
    arcs.add(first_person + person, first_area + person * areas + area, visits, 0)
    arcs.add(
        first_person + person, first_area + person * areas + area, len(group) * units, 2 * weights.revisit
    )
    supplies[0] = -sum(supplies.values())
    flows, cost = arcs.solve(supplies)
    missing = sum(int(flows[part].sum()) for part in shortfalls)
    return -(-(cost - lost * missing) // (2 * visits)), missing == 0
