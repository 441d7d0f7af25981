"""Staffs the teams of one round at least cost, all slots at once or some of them, as one min-cost flow.
It leaves units and other rounds alone; what flows cannot say (H08, H11) it mends by forbidding seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planners.books.draft import Crew, Draft
from planners.books.network import Arcs
from planners.books.tables import Bools, Ints

#: How often a conflict may send a round back to the flow before its last seats are filled one by one.
MENDING_LIMIT = 60
#: Possible seats of a round above which the flow is first given only each team's cheapest people and each
#: person's cheapest teams, and how many of these. A county's round has 10,000, that of eighteen 800,000.
DENSE, CHEAPEST_PEOPLE, CHEAPEST_TEAMS = 200_000, 48, 6

Seating = list[tuple[int, int, int]]  # (crew within the round, slot, person)


@dataclass(slots=True)
class Bench:
    """Who could sit where in one slot of a round: `people` (n), `allowed` and `price` (teams×n)."""

    slot: int
    people: Ints
    allowed: Bools
    price: Ints
    seats: Ints  # (teams) wished for
    needed: Ints  # (teams) of them below the slot's min


def staff(draft: Draft, round_: int, slots: Sequence[int], layer: int | None = None) -> None:
    """Refill these slots of all teams of the round; pinned members stay. Legal, if short of heads at times.

    Exact for distance, load, revisit, size, quotas (H09) and `distinct`; pairs only against those who stay.
    In a very large round distance and the like are near the optimum instead; nobody is missing for that.
    With a `layer` only one holder per team and slot gives way, so that pairs within a slot count as well.
    """
    crews = draft.crews[round_]
    clear(draft, round_, slots, layer)
    benches = [_bench(draft, round_, slot) for slot in slots]
    for _ in range(MENDING_LIMIT):
        seating, _ = _solve(draft, round_, benches)
        for team, slot, person in seating:
            draft.seat(crews[team], slot, person)
        foes, mirrors = _foes(draft, round_, seating), _mirrors(draft, round_, seating, benches)
        if not foes and not mirrors:
            return
        for team, slot, person in seating:
            draft.unseat(crews[team], slot, person)
        for bench, team, places in mirrors:
            bench.allowed[team, places] = False
        if foes:
            _part(draft, round_, benches, foes)
    for team, slot, person in seating:
        if draft.bar(crews[team], slot, person) is None:
            draft.seat(crews[team], slot, person)
    for bench in benches:
        for team, crew in enumerate(crews):
            _fill(draft, bench, team, crew)


def clear(draft: Draft, round_: int, slots: Sequence[int], layer: int | None = None) -> None:
    """Empty these slots of a round's teams, or only the `layer`-th holder of each; pinned members stay."""
    for crew in draft.crews[round_]:
        for slot in slots:
            movable = [person for person in crew.seats[slot] if person not in crew.pinned]
            for person in movable if layer is None else movable[layer : layer + 1]:
                draft.unseat(crew, slot, person)


def _bench(draft: Draft, round_: int, slot: int) -> Bench:
    tables, weights, crews = draft.tables, draft.tables.weights, draft.crews[round_]
    free = (
        tables.present[:, round_]
        & ~draft.busy[:, tables.near[round_]].any(axis=1)
        & (draft.load < tables.max_teams)
    )
    if tables.problem.rules.host_stays:
        free &= ~draft.hosting[:, round_]
    people = np.nonzero(free & tables.fits[slot])[0]
    place = np.full(len(tables.people), -1, dtype=np.int64)
    place[people] = np.arange(people.size)
    allowed = np.zeros((len(crews), people.size), dtype=np.bool_)
    price = np.zeros((len(crews), people.size), dtype=np.int64)
    may, attribute = tables.may[slot][people], tables.distinct[slot]
    visit_price, seen = tables.seat_price[slot][people], draft.seen[people] >= 1
    for team, crew in enumerate(crews):
        allowed[team] = may[:, crew.units].all(axis=1)
        price[team] = visit_price[:, crew.units].sum(axis=1)
        price[team] += weights.revisit * seen[:, crew.areas].sum(axis=1)
        for member in crew.members():
            for other, times in draft.together[member].items():
                if times >= 1 and place[other] >= 0:
                    price[team, place[other]] += weights.pair
            for other, cost in tables.friction[member].items():
                if place[other] >= 0:
                    price[team, place[other]] += cost
            for foe in tables.foes[member]:
                if place[foe] >= 0:
                    allowed[team, place[foe]] = False
        for unit in crew.units if tables.remembers else ():
            for person, recent in tables.recent[unit].items():
                if place[person] >= 0:
                    price[team, place[person]] += recent.costs[round_]
                    allowed[team, place[person]] &= not recent.barred >> round_ & 1
        for person in crew.banned:
            if place[person] >= 0:
                allowed[team, place[person]] = False
        if attribute is not None:
            for holder in crew.seats[slot]:
                if attribute[holder] >= 0:
                    allowed[team] &= attribute[people] != attribute[holder]
    held = np.array([len(crew.seats[slot]) for crew in crews], dtype=np.int64)
    seats = np.maximum(tables.wanted[slot] - held, 0)
    return Bench(slot, people, allowed, price, seats, np.maximum(tables.lowest[slot] - held, 0))


def _solve(draft: Draft, round_: int, benches: list[Bench]) -> tuple[Seating, int]:
    """Seats and price; of very many possible seats only the cheapest, where these fill all that is wished."""
    possible = [bench.allowed & (bench.seats > 0)[:, None] for bench in benches]
    if sum(int(np.count_nonzero(seats)) for seats in possible) > DENSE:
        wanted = sum(int(bench.seats.sum()) for bench in benches)
        cheap = [_cheapest(draft, bench, seats) for bench, seats in zip(benches, possible, strict=True)]
        seating, cost = _flow(draft, round_, benches, cheap)
        if len(seating) == wanted:
            return seating, cost
    return _flow(draft, round_, benches, possible)


def _cheapest(draft: Draft, bench: Bench, possible: Bools) -> Bools:
    """(teams×n) of the possible seats the cheapest for their team or person, with all that cost as much."""
    dues = draft.tables.weights.load * (2 * _seats_had(draft)[bench.people] + 1)
    price = np.where(possible, bench.price + dues, np.iinfo(np.int64).max)
    teams, people = price.shape
    cheap = np.zeros_like(possible)
    if people:
        last = min(CHEAPEST_PEOPLE, people) - 1
        cheap |= price <= np.partition(price, last, axis=1)[:, last : last + 1]
        last = min(CHEAPEST_TEAMS, teams) - 1
        cheap |= price <= np.partition(price, last, axis=0)[last]
    return cheap & possible


def _flow(draft: Draft, round_: int, benches: list[Bench], possible: list[Bools]) -> tuple[Seating, int]:
    """Seats and price. Source → office (cap) → person (load) → [team and `distinct` value] → team's slot."""
    tables, weights, teams = draft.tables, draft.tables.weights, len(draft.crews[round_])
    offices = len(tables.problem.offices)
    first_person = 1 + offices
    next_node = first_person + len(tables.people)
    arcs = Arcs()
    supplies: dict[int, int] = {}
    wanted = int(sum(int(bench.seats.sum()) for bench in benches))
    dearest = max((int(bench.price.max(initial=0)) for bench in benches), default=0)
    had = _seats_had(draft)
    dearest += weights.load * (2 * (len(tables.rounds) + int(tables.past_seats.max(initial=0))) + 1)
    dearest += weights.size
    vacancy = (
        2 * (dearest + 1) * (wanted + offices + 2)
    )  # dearer than any chain of moves that would fill the seat
    useful = np.zeros(len(tables.people), dtype=np.bool_)
    for bench, seats in zip(benches, possible, strict=True):
        useful[bench.people[seats.any(axis=0)]] = True
    called = np.nonzero(useful)[0]
    near = tables.near[round_]
    room = (tables.cap[:, near] - draft.out[:, near]).min(axis=1)
    arcs.add(0, 1 + np.arange(offices), np.maximum(room, 0), 0)
    # Without an office (-1) a person is called straight from the source, which is node 0.
    arcs.add(1 + tables.office[called], first_person + called, 1, weights.load * (2 * had[called] + 1))
    drawn: list[tuple[Bench, slice, Ints, Ints]] = []
    for bench, seats in zip(benches, possible, strict=True):
        goal, next_node = next_node, next_node + teams
        team, place = np.nonzero(seats)
        person, head = bench.people[place], goal + team
        attribute = tables.distinct[bench.slot]
        if attribute is not None and team.size:
            key = attribute[person] * teams + team
            values, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
            shared = (counts > 1) & (values >= 0)
            gate = next_node + np.cumsum(shared) - 1
            next_node += int(shared.sum())
            head = np.where(shared[inverse], gate[inverse], head)
            arcs.add(gate[shared], goal + values[shared] % teams, 1, 0)
        drawn.append(
            (bench, arcs.add(first_person + person, head, 1, bench.price[team, place]), team, person)
        )
        arcs.add(0, goal + np.arange(teams), bench.needed, vacancy)
        arcs.add(0, goal + np.arange(teams), np.maximum(bench.seats - bench.needed, 0), weights.size)
        supplies.update({goal + t: -int(n) for t, n in enumerate(bench.seats)})
    supplies[0] = wanted
    flows, cost = arcs.solve(supplies)
    seating = [
        (int(team[i]), bench.slot, int(person[i]))
        for bench, part, team, person in drawn
        for i in np.nonzero(flows[part] > 0)[0]
    ]
    return seating, cost


def _seats_had(draft: Draft) -> Ints:
    """(people) teams of the draft and, where the load counts them, past seats of the year."""
    return np.asarray(draft.load + draft.tables.past_seats, dtype=np.int64)


def _foes(draft: Draft, round_: int, seating: Seating) -> Seating:
    """Seats of the first two people who must not share a team (H08); one if the other one is pinned."""
    for team, crew in enumerate(draft.crews[round_]):
        here = [seat for seat in seating if seat[0] == team]
        for seat in here:
            foes = draft.tables.foes[seat[2]].intersection(crew.members())
            if foes:
                return [seat, *[other for other in here if other[2] in foes][:1]]
    return []


def _part(draft: Draft, round_: int, benches: list[Bench], foes: Seating) -> None:
    """Forbid one of the two seats, the one whose loss costs the round less."""
    prices: list[tuple[int, int, Bench, int, Ints]] = []
    for team, slot, person in foes:
        bench = next(bench for bench in benches if bench.slot == slot)
        place = np.nonzero(bench.people == person)[0]
        bench.allowed[team, place] = False
        prices.append((_solve(draft, round_, benches)[1], len(prices), bench, team, place))
        bench.allowed[team, place] = True
    _, _, bench, team, place = min(prices, key=lambda row: row[:2])
    bench.allowed[team, place] = False


def _mirrors(
    draft: Draft, round_: int, seating: Seating, benches: list[Bench]
) -> list[tuple[Bench, int, Ints]]:
    """What to forbid so that no two areas lead each other (H11): all leaders of an area in a team."""
    crews, area_of = draft.crews[round_], draft.tables.person_area
    leading = {(id(crews[team]), person): team for team, slot, person in seating if slot == 0}
    forbidden: list[tuple[Bench, int, Ints]] = []
    settled: set[tuple[int, int]] = set()
    for one, leader, two, other in draft.mirrored(round_):
        sides = [(leading.get((id(crew), person)), person) for crew, person in ((two, other), (one, leader))]
        movable = [(team, int(area_of[person])) for team, person in sides if team is not None]
        if settled.isdisjoint(movable):
            team, area = movable[0]  # books/pins.py lets no two pinned leaders mirror each other
            settled.add((team, area))
            bench = next(bench for bench in benches if bench.slot == 0)
            forbidden.append((bench, team, np.nonzero(area_of[bench.people] == area)[0]))
    return forbidden


def _fill(draft: Draft, bench: Bench, team: int, crew: Crew) -> None:
    """Seat the cheapest people who are allowed, for seats that the flow could not settle."""
    for place in np.argsort(bench.price[team], kind="stable"):
        if len(crew.seats[bench.slot]) >= draft.tables.wanted[bench.slot]:
            return
        person = int(bench.people[place])
        if draft.bar(crew, bench.slot, person) is None:
            draft.seat(crew, bench.slot, person)
