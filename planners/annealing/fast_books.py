"""A draft as arrays: each seat with its holder, and the books that follow from who sits where.
It changes one seat at a time and asks nobody; what that costs and whether it may be says fast_seats.py.

Seats (k), teams (c), people (p), units (u), rounds (r) by number. Functions are compiled: numbers, arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planners.annealing.compiled import by_address, compiled
from planners.books.draft import Crew, Draft
from planners.books.tables import NO_LIMIT, Tables

Array = NDArray[Any]


class Given(NamedTuple):
    """What the search never changes. Lists of lists lie end to end: those of i are at_[i] to at_[i + 1]."""

    price: Array  # N×U: weighted way, ties to units, avoided crossing; a row for each holder of a slot
    may: Array  # N×U
    row: Array  # S×P: the row, or −1
    is_open: Array  # U×R
    round_price: Array  # U×R
    unit_area: Array
    person_area: Array
    most: Array  # teams of a person at most
    past: Array  # seats of a person that count as load beforehand
    office: Array  # whoever has none gets the one after the last, which has no limit
    cap: Array  # O×R
    distinct: Array  # S×P: holders of a slot differ in this; −1 differs from everybody
    away: Array  # P×R
    visits: Array  # R: units of a team
    at_near: Array
    near: Array  # per round those that share days with it, itself included
    at_resident: Array
    resident: Array  # per unit
    at_foe: Array
    foe: Array  # per person
    at_friction: Array
    friction: Array  # per person, and what it costs
    friction_cost: Array
    at_recent: Array
    recent: Array  # per unit the people who were there lately
    recent_cost: Array  # the same × R
    recent_bars: Array  # the same × R
    pair_slot: Array  # slots that want somebody experienced
    pair_cost: Array
    pair_new: Array  # the same × P
    at_seat: Array  # per team its seats
    crew: Array  # of a seat
    slot: Array  # of a seat
    fixed: Array  # seats of pinned people
    pinned: Array  # teams that a pin speaks of
    at_banned: Array
    banned: Array  # per team
    load_weight: int
    pair_weight: int
    revisit_weight: int
    pair_slack: int  # what better company may save in a team
    host_stays: bool
    apart: bool  # no mutual leads
    remembers: bool


class Books(NamedTuple):
    """What changes with every move; `cost[0]` is always true."""

    cost: Array
    holder: Array  # K, −1 while a seat is empty
    round: Array  # C
    units: Array  # C×V
    many: Array  # C: how many of them count
    areas: Array  # C×V
    areas_many: Array  # C
    crew_of: Array  # U, −1 unvisited
    load: Array  # P
    busy: Array  # P×R
    hosting: Array  # P: the round in which the own unit is visited, or −1
    out: Array  # O×R
    seen: Array  # P×A: teams
    met: Array  # P×P: teams
    repeated: Array  # P: of the pairs, those that met more than once
    seat_of: Array  # P×R
    leads: Array  # R×A×A: leaders by home and area led in
    dice: Array  # where the draws stand


given_at_address = by_address(Given)
books_at_address = by_address(Books)


def laid_out(draft: Draft) -> tuple[Given, Books, list[Crew], list[int]]:
    """The draft in arrays, its teams in the order of their numbers, the holders whom `seat_all` seats."""
    tables = draft.tables
    crews = [crew for teams in draft.crews for crew in teams]
    seats = [
        (c, slot, person)
        for c, crew in enumerate(crews)
        for slot, holders in enumerate(crew.seats)
        for person in holders
    ]
    given = _given(tables, crews, seats)
    books = _books(tables, given, crews, draft.cost, len(seats))
    return given, books, crews, [person for _, _, person in seats]


def _joined(rows: Iterable[Iterable[int]]) -> tuple[Array, Array]:
    """Lists end to end: where each begins, and their values."""
    lists = [list(row) for row in rows]
    begin = np.zeros(len(lists) + 1, dtype=np.int64)
    begin[1:] = np.cumsum([len(row) for row in lists])
    return begin, np.array([value for row in lists for value in row], dtype=np.int64)


def _given(tables: Tables, crews: Sequence[Crew], seats: Sequence[tuple[int, int, int]]) -> Given:
    people, units, rounds = len(tables.people), len(tables.units), len(tables.rounds)
    holds = np.array(tables.fits)
    for _, slot, person in seats:
        holds[slot, person] = True
    row = np.where(holds, np.cumsum(holds.ravel()).reshape(holds.shape) - 1, -1)
    price = np.zeros((int(holds.sum()), units), dtype=np.int64)
    may = np.zeros(price.shape, dtype=np.bool_)
    distinct = np.full((len(tables.slots), people), -1, dtype=np.int64)
    for slot, attribute in enumerate(tables.distinct):
        price[row[slot, holds[slot]]] = tables.seat_price[slot][holds[slot]]
        may[row[slot, holds[slot]]] = tables.may[slot][holds[slot]]
        if attribute is not None:
            distinct[slot] = attribute
    at_near, near = _joined(tables.near)
    at_resident, resident = _joined(tables.residents)
    at_foe, foe = _joined(sorted(foes) for foes in tables.foes)
    at_friction, friction = _joined(tables.friction)
    at_recent, recent = _joined(tables.recent)
    rows = [row for past in tables.recent for row in past.values()]
    at_banned, banned = _joined(sorted(crew.banned) for crew in crews)
    offices = len(tables.problem.offices)
    return Given(
        price=price,
        may=may,
        row=row,
        is_open=tables.is_open,
        round_price=tables.round_price.astype(np.int64),
        unit_area=tables.unit_area,
        person_area=tables.person_area,
        most=tables.max_teams,
        past=tables.past_seats.astype(np.int64),
        office=np.where(tables.office < 0, offices, tables.office),
        cap=np.vstack([tables.cap, np.full((1, rounds), NO_LIMIT, dtype=np.int64)]),
        distinct=distinct,
        away=~tables.present,
        visits=np.array(tables.visits, dtype=np.int64),
        at_near=at_near,
        near=near,
        at_resident=at_resident,
        resident=resident,
        at_foe=at_foe,
        foe=foe,
        at_friction=at_friction,
        friction=friction,
        friction_cost=np.array([cost for row in tables.friction for cost in row.values()], dtype=np.int64),
        at_recent=at_recent,
        recent=recent,
        recent_cost=np.array([row.costs for row in rows], dtype=np.int64).reshape(len(rows), rounds),
        recent_bars=np.array(
            [[row.barred >> r & 1 for r in range(rounds)] for row in rows], dtype=np.bool_
        ).reshape(len(rows), rounds),
        pair_slot=np.array([pairing.slot for pairing in tables.pairings], dtype=np.int64),
        pair_cost=np.array([pairing.cost for pairing in tables.pairings], dtype=np.int64),
        pair_new=np.array([pairing.new for pairing in tables.pairings], dtype=np.bool_).reshape(
            len(tables.pairings), people
        ),
        at_seat=np.searchsorted([c for c, _, _ in seats], np.arange(len(crews) + 1)).astype(np.int64),
        crew=np.array([c for c, _, _ in seats], dtype=np.int64),
        slot=np.array([slot for _, slot, _ in seats], dtype=np.int64),
        fixed=np.array([person in crews[c].pinned for c, _, person in seats], dtype=np.bool_),
        pinned=np.array([bool(c.pinned or c.pinned_units or c.banned) for c in crews], dtype=np.bool_),
        at_banned=at_banned,
        banned=banned,
        load_weight=tables.weights.load,
        pair_weight=tables.weights.pair,
        revisit_weight=tables.weights.revisit,
        pair_slack=sum(pairing.cost for pairing in tables.pairings),
        host_stays=tables.problem.rules.host_stays,
        apart=tables.problem.rules.no_mutual_lead,
        remembers=tables.remembers,
    )


def _books(tables: Tables, given: Given, crews: Sequence[Crew], cost: int, seats: int) -> Books:
    people, units, rounds = len(tables.people), len(tables.units), len(tables.rounds)
    areas, most = max(1, len(tables.problem.areas)), max(tables.visits, default=1)
    books = Books(
        cost=np.array([cost], dtype=np.int64),
        holder=np.full(seats, -1, dtype=np.int64),
        round=np.array([crew.round for crew in crews], dtype=np.int64),
        units=np.full((len(crews), most), -1, dtype=np.int64),
        many=np.array([len(crew.units) for crew in crews], dtype=np.int64),
        areas=np.full((len(crews), most), -1, dtype=np.int64),
        areas_many=np.array([len(crew.areas) for crew in crews], dtype=np.int64),
        crew_of=np.full(units, -1, dtype=np.int64),
        load=np.zeros(people, dtype=np.int64),
        busy=np.zeros((people, rounds), dtype=np.bool_),
        hosting=np.full(people, -1, dtype=np.int64),
        out=np.zeros(given.cap.shape, dtype=np.int64),
        seen=np.zeros((people, areas), dtype=np.int16),
        met=np.zeros((people, people), dtype=np.int16),
        repeated=np.zeros(people, dtype=np.int64),
        seat_of=np.full((people, rounds), -1, dtype=np.int32),
        leads=np.zeros((rounds, areas, areas), dtype=np.int16),
        dice=np.zeros(1, dtype=np.uint64),
    )
    for c, crew in enumerate(crews):
        books.units[c, : len(crew.units)] = crew.units
        books.areas[c, : len(crew.areas)] = crew.areas
        for unit in crew.units:
            books.crew_of[unit] = c
            if given.host_stays:
                books.hosting[tables.residents[unit]] = crew.round
    return books


@compiled
def seat_all(g: Given, b: Books, holders: Array) -> None:
    """Everybody into the empty seats."""
    for k in range(len(holders)):
        take(g, b, k, holders[k])


# ---------------------------------------------------------------- books


@compiled
def host(g: Given, b: Books, unit: int, round_: int) -> None:
    """The unit is visited in the round: who lives there stays at home then (H10)."""
    if g.host_stays:
        for i in range(g.at_resident[unit], g.at_resident[unit + 1]):
            b.hosting[g.resident[i]] = round_


@compiled
def enter(g: Given, b: Books, k: int, person: int) -> None:
    """The round of the seat's team in the person's books."""
    round_ = b.round[g.crew[k]]
    office = g.office[person]
    b.load[person] += 1
    b.busy[person, round_] = True
    for i in range(g.at_near[round_], g.at_near[round_ + 1]):
        b.out[office, g.near[i]] += 1
    b.seat_of[person, round_] = k
    if g.slot[k] == 0:
        lead(g, b, person, g.crew[k], 1)


@compiled
def leave_round(g: Given, b: Books, k: int, person: int) -> None:
    """The reverse of `enter`."""
    round_ = b.round[g.crew[k]]
    office = g.office[person]
    b.load[person] -= 1
    b.busy[person, round_] = False
    for i in range(g.at_near[round_], g.at_near[round_ + 1]):
        b.out[office, g.near[i]] -= 1
    b.seat_of[person, round_] = -1
    if g.slot[k] == 0:
        lead(g, b, person, g.crew[k], -1)


@compiled
def lead(g: Given, b: Books, person: int, c: int, step: int) -> None:
    """Somebody leads team c, or no longer does (`step` −1)."""
    home = g.person_area[person]
    if home >= 0:
        for i in range(b.areas_many[c]):
            area = b.areas[c, i]
            if area != home:
                b.leads[b.round[c], home, area] += step


@compiled
def mirrors(g: Given, b: Books, person: int, c: int) -> bool:
    """Whether the person would lead where somebody leads who leads in the person's area (H11)."""
    home = g.person_area[person]
    if not g.apart or home < 0:
        return False
    for i in range(b.areas_many[c]):
        area = b.areas[c, i]
        if area != home and b.leads[b.round[c], area, home] > 0:
            return True
    return False


@compiled
def take(g: Given, b: Books, k: int, person: int) -> None:
    """Put the person into the seat, whose holder must have left."""
    c = g.crew[k]
    for m in range(g.at_seat[c], g.at_seat[c + 1]):
        other = b.holder[m]
        if m != k and other >= 0:
            times = b.met[person, other] + 1
            b.met[person, other] = times
            b.met[other, person] = times
            if times == 2:
                b.repeated[person] += 1
                b.repeated[other] += 1
    for i in range(b.areas_many[c]):
        b.seen[person, b.areas[c, i]] += 1
    b.holder[k] = person
    enter(g, b, k, person)


@compiled
def leave(g: Given, b: Books, k: int) -> None:
    """Empty the seat."""
    c, person = g.crew[k], b.holder[k]
    leave_round(g, b, k, person)
    b.holder[k] = -1
    for m in range(g.at_seat[c], g.at_seat[c + 1]):
        other = b.holder[m]
        if other >= 0:
            times = b.met[person, other] - 1
            b.met[person, other] = times
            b.met[other, person] = times
            if times == 1:
                b.repeated[person] -= 1
                b.repeated[other] -= 1
    for i in range(b.areas_many[c]):
        b.seen[person, b.areas[c, i]] -= 1
