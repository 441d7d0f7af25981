"""Which seats of a round starve, and why no exchange of people helps: the min-cut of a flow of heads (Hall).
It sees quotas, absences, hosts, max_teams, ties to units, `distinct`, exclusions; H08 and H11 it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from planners.books.draft import Crew, Draft
from planners.books.tables import Bools, Ints


@dataclass(slots=True, eq=False)
class Starved:
    """Seats of one round that lack `lacking` heads however people are exchanged; all in table numbers.

    `sent`: who serves them in the best exchange; `full`: offices whose quota is used up while they have
    `waiting` people who could serve; `alike`: who could serve but shares `distinct` with somebody sent.
    """

    round: int
    lacking: int
    seats: list[tuple[Crew, int]]
    sent: set[int] = field(default_factory=set)
    full: list[int] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)
    alike: set[int] = field(default_factory=set)

    @property
    def slots(self) -> list[int]:
        """The slots of the starved seats, in the order of the template."""
        return sorted({slot for _, slot in self.seats})


def free_in(draft: Draft, round_: int) -> Bools:
    """P: present, not at the limit of teams by other rounds, and no host of this round (H04, H10)."""
    tables = draft.tables
    elsewhere = draft.load - draft.busy[:, round_]
    free: Bools = tables.present[:, round_] & (elsewhere < tables.max_teams)
    for near in tables.near[round_]:
        free &= (near == round_) | ~draft.busy[:, near]
    if tables.problem.rules.host_stays:
        free &= ~draft.hosting[:, round_]
    return free


def starved(draft: Draft, round_: int) -> list[Starved]:
    """Every independent set of starved seats of the round, in the order of its teams; empty if none starves.

    Sound for these teams and for what the other rounds took: whatever people change seats within the round,
    each set lacks at least its number of heads. Pinned members keep their seats.
    """
    network = _Network(draft, round_)
    return network.sets() if network.lacking else []


class _Network:
    """Source → office (cap) → person → [value of `distinct`] → seat of a team → sink (heads below min)."""

    def __init__(self, draft: Draft, round_: int) -> None:
        self.draft, self.round = draft, round_
        tables = draft.tables
        self.seats = [(crew, slot) for crew in draft.crews[round_] for slot in range(len(tables.slots))]
        pinned = sorted({person for crew in draft.crews[round_] for person in crew.pinned})
        free = free_in(draft, round_)
        free[pinned] = False
        offices, people = len(tables.problem.offices), len(tables.people)
        self.first_person = 1 + offices
        self.first_seat = self.first_person + people
        self.first_gate = self.first_seat + len(self.seats)
        gates: list[int] = []  # the seat behind each gate
        wanted = np.zeros(len(self.seats), dtype=np.int64)
        rows: list[tuple[Ints, Ints]] = []
        self.allowed: list[Ints] = []
        for number, (crew, slot) in enumerate(self.seats):
            kept = [person for person in crew.seats[slot] if person in crew.pinned]
            wanted[number] = max(0, int(tables.lowest[slot]) - len(kept))
            allowed = np.nonzero(self._may(crew, slot, free, kept))[0] if wanted[number] else np.empty(0, int)
            self.allowed.append(allowed)
            heads = np.full(allowed.size, self.first_seat + number, dtype=np.int64)
            attribute = tables.distinct[slot]
            if attribute is not None and allowed.size:
                values, inverse, counts = np.unique(
                    attribute[allowed], return_inverse=True, return_counts=True
                )
                shared = (counts > 1) & (values >= 0)
                gate = self.first_gate + len(gates) + np.cumsum(shared) - 1
                heads = np.where(shared[inverse], gate[inverse], heads)
                gates += [number] * int(shared.sum())
            rows.append((self.first_person + allowed, heads))
        self.gates = np.array(gates, dtype=np.int64)
        self.sink = self.first_gate + len(gates)
        called = np.unique(np.concatenate([*self.allowed, np.empty(0, int)]))
        room = tables.cap[:, round_].copy()
        for person in pinned:
            if tables.office[person] >= 0:
                room[tables.office[person]] -= 1
        self._connect(np.maximum(room, 0), called, rows, wanted)

    def _may(self, crew: Crew, slot: int, free: Bools, kept: list[int]) -> Bools:
        tables = self.draft.tables
        may: Bools = free & tables.may_in(slot, crew.round)[:, crew.units].all(axis=1)
        may[sorted(crew.banned)] = False
        attribute = tables.distinct[slot]
        if attribute is not None:
            for holder in kept:
                if attribute[holder] >= 0:
                    may &= attribute != attribute[holder]
        return may

    def _connect(self, room: Ints, called: Ints, rows: list[tuple[Ints, Ints]], wanted: Ints) -> None:
        # Without an office (-1) a person is called straight from the source, which is node 0.
        offices = 1 + np.arange(room.size)
        parts = [
            (np.zeros(room.size, dtype=np.int64), offices, room),
            (1 + self.draft.tables.office[called], self.first_person + called, np.ones(called.size)),
            *((tails, heads, np.ones(tails.size)) for tails, heads in rows),
            (
                self.first_gate + np.arange(self.gates.size),
                self.first_seat + self.gates,
                np.ones(self.gates.size),
            ),
            (self.first_seat + np.arange(wanted.size), np.full(wanted.size, self.sink), wanted),
        ]
        self.tails, self.heads, capacities = (
            np.concatenate([np.asarray(part[i], dtype=np.int64) for part in parts]) for i in range(3)
        )
        if not self.tails.size:
            self.lacking = 0
            return
        flow = SimpleMaxFlow()
        flow.add_arcs_with_capacity(self.tails.astype(np.int32), self.heads.astype(np.int32), capacities)
        flow.solve(0, self.sink)
        self.wanted, self.flow = wanted, flow
        self.lacking = int(wanted.sum()) - int(flow.optimal_flow())

    def sets(self) -> list[Starved]:
        """The sink side of the least cut, the same for every best exchange, split where it falls apart."""
        inside = np.zeros(self.sink + 1, dtype=np.bool_)
        inside[np.asarray(self.flow.get_sink_side_min_cut(), dtype=np.int64)] = True
        inside[[0, self.sink]] = False
        joined = inside[self.tails] & inside[self.heads]
        parent = list(range(self.sink + 1))

        def root(node: int) -> int:
            while parent[node] != node:
                parent[node] = parent[parent[node]]
                node = parent[node]
            return node

        for tail, head in zip(self.tails[joined].tolist(), self.heads[joined].tolist(), strict=True):
            parent[root(tail)] = root(head)
        flows = np.asarray(self.flow.flows(np.arange(self.tails.size, dtype=np.int32)))
        filled = flows[-len(self.seats) :]
        found: dict[int, Starved] = {}
        for number, seat in enumerate(self.seats):
            if inside[self.first_seat + number]:
                one = found.setdefault(root(self.first_seat + number), Starved(self.round, 0, []))
                one.seats.append(seat)
                one.lacking += int(self.wanted[number] - filled[number])
        sent = {int(p) - self.first_person for p in self.heads[self._called(flows)]}
        for number in range(len(self.seats)):
            if inside[self.first_seat + number]:
                self._people(found[root(self.first_seat + number)], self.allowed[number], inside, sent)
        for office in range(self.first_person - 1):
            if inside[1 + office] and (held := found.get(root(1 + office))) is not None:
                held.full.append(office)
        return [one for one in found.values() if one.lacking]

    def _called(self, flows: Ints) -> Bools:
        """Arcs into people that carry somebody."""
        into: Bools = (self.heads >= self.first_person) & (self.heads < self.first_seat) & (flows > 0)
        return into

    def _people(self, one: Starved, allowed: Ints, inside: Bools, sent: set[int]) -> None:
        for person in allowed.tolist():
            if person in sent:
                one.sent.add(person)
            elif inside[self.first_person + person]:
                one.waiting.add(person)
            else:
                one.alike.add(person)
