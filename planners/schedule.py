"""Gives every unit its round by one min-cost flow, then joins the units of a round into teams.
It only counts heads, to send no round more teams than it can staff; who goes is staffing.py's business."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from planners.draft import Draft
from planners.fields import BadInput, Fault
from planners.pins import Anchor, seat_pinned
from planners.staffing import Arcs
from planners.tables import Bools, Ints, Tables

#: Passes of the exchange of units between the teams of one round.
GROUPING_LIMIT = 30

#: More than any sum of kilometres: one head too few in a group of units.
LACKING = 1 << 20

Layout = list[list[tuple[Anchor | None, list[int]]]]  # per round: (pinned or not, units) of each team


def schedule(tables: Tables, anchored: list[Anchor]) -> Layout:
    """Which units share a team in which round, anchors first. Units that fit nowhere are in no team."""
    rounds, demands = _rounds_of_units(tables, anchored)
    layout: Layout = []
    for round_ in range(len(tables.rounds)):
        here = [anchor for anchor in anchored if anchor.round == round_]
        bases = [(anchor, anchor.units or demands.get(id(anchor), [])) for anchor in here]
        taken = {unit for _, units in bases for unit in units}
        free = [unit for unit, at in enumerate(rounds) if at == round_ and unit not in taken]
        layout.append(_group(tables, round_, [(anchor, units) for anchor, units in bases if units], free))
    return layout


def lay_out(tables: Tables, layout: Layout) -> Draft:
    """A draft with the teams of the layout and nobody but pinned members in them."""
    draft = Draft(tables)
    anchored = []
    for round_, rows in enumerate(layout):
        for place, (anchor, units) in enumerate(rows):
            draft.open(round_, units)
            if anchor is not None:
                anchored.append((anchor, place))
    faults = seat_pinned(draft, anchored)
    if faults:
        raise BadInput(faults)
    return draft


def staffable_teams(tables: Tables, round_: int) -> int:
    """How many teams of the round can have every `min` filled at once, counting skills, absences and quotas only."""
    most = tables.rounds[round_].teams
    needing = np.nonzero(tables.lowest > 0)[0]
    if not needing.size:
        return most
    offices, people = len(tables.problem.offices), len(tables.people)
    first_person = 1 + offices
    first_slot = first_person + people
    sink = first_slot + len(tables.slots)
    called = np.nonzero(tables.present[:, round_] & (tables.max_teams > 0))[0]
    slot, place = np.nonzero(tables.fits[:, called])
    low, high = 0, most
    while low < high:
        teams = (low + high + 1) // 2
        tails = np.concatenate(
            [np.zeros(offices), 1 + tables.office[called], first_person + called[place], first_slot + needing]
        )
        heads = np.concatenate(
            [1 + np.arange(offices), first_person + called, first_slot + slot, np.full(needing.size, sink)]
        )
        capacities = np.concatenate(
            [tables.cap[:, round_], np.ones(called.size + place.size), teams * tables.lowest[needing]]
        )
        network = SimpleMaxFlow()
        network.add_arcs_with_capacity(
            tails.astype(np.int32), heads.astype(np.int32), capacities.astype(np.int64)
        )
        network.solve(0, sink)
        if network.optimal_flow() == teams * int(tables.lowest.sum()):
            low = teams
        else:
            high = teams - 1
    return low


def _rounds_of_units(tables: Tables, anchored: list[Anchor]) -> tuple[Ints, dict[int, list[int]]]:
    """(round of each unit or -1, the unit found for each anchor without units). Risk early, nobody lost if possible."""
    units, rounds = len(tables.units), len(tables.rounds)
    result = np.full(units, -1, dtype=np.int64)
    hungry = [anchor for anchor in anchored if not anchor.units]
    for anchor in anchored:
        result[anchor.units] = anchor.round
    free = np.nonzero(result < 0)[0]
    price = tables.weights.risk * tables.risk[:, None] * np.arange(rounds)[None, :]
    # Each penalty outweighs the longest chain of exchanges among the cheaper ones.
    chain = 2 * rounds + 2
    thin_price = chain * (int(price.max(initial=0)) + 1)
    strain_price = chain * 2 * thin_price
    lost_price = chain * 2 * strain_price
    price = price + thin_price * _thin(tables)
    open_ = tables.is_open & ~_hosts_pinned(tables, anchored)

    first_round = 1 + units
    first_hungry = first_round + rounds
    sink = first_hungry + len(hungry)
    arcs = Arcs()
    arcs.add(0, 1 + free, 1, 0)
    arcs.add(1 + free, sink, 1, lost_price)
    row, column = np.nonzero(open_[free])
    placing = arcs.add(1 + free[row], first_round + column, 1, price[free[row], column])
    fed = []
    for number, anchor in enumerate(hungry):
        fitting = free[_welcomes(tables, anchor)[free] & open_[free, anchor.round]]
        fed.append((arcs.add(1 + fitting, first_hungry + number, 1, price[fitting, anchor.round]), fitting))
        arcs.add(first_hungry + number, sink, 1, -chain * 2 * lost_price)
    for round_, row_ in enumerate(tables.rounds):
        here = [anchor for anchor in anchored if anchor.round == round_]
        used = sum(max(1, len(anchor.units)) for anchor in here)
        room = row_.teams * row_.visits_per_team - used
        easy = max(0, min(room, staffable_teams(tables, round_) * row_.visits_per_team - used))
        arcs.add(first_round + round_, sink, easy, 0)
        arcs.add(first_round + round_, sink, room - easy, strain_price)
    flows, _ = arcs.solve({0: int(free.size), sink: -int(free.size)})
    chosen = flows[placing] > 0
    result[free[row[chosen]]] = column[chosen]
    found: dict[int, list[int]] = {}
    faults = []
    for anchor, (part, fitting) in zip(hungry, fed, strict=True):
        found[id(anchor)] = [int(unit) for unit in fitting[flows[part] > 0]]
        result[found[id(anchor)]] = anchor.round
        if not found[id(anchor)]:
            faults.append(Fault(f"pins[{anchor.pins[0]}]", "no unit is left that these people may visit (H12)"))
    if faults:
        raise BadInput(faults)
    return result, found


def _thin(tables: Tables) -> Bools:
    """U×R: too few people may visit the unit and are present in the round, for at least one slot."""
    thin = np.zeros((len(tables.units), len(tables.rounds)), dtype=np.bool_)
    for slot, may in enumerate(tables.may):
        heads = may.T.astype(np.float32) @ tables.present.astype(np.float32)
        thin |= heads < tables.lowest[slot]
    return thin


def _hosts_pinned(tables: Tables, anchored: list[Anchor]) -> Bools:
    """U×R: a pinned member of the round lives there and would have to stay at home (H10)."""
    blocked = np.zeros((len(tables.units), len(tables.rounds)), dtype=np.bool_)
    if tables.problem.rules.host_stays:
        for anchor in anchored:
            for person in anchor.members:
                if tables.home[person] >= 0:
                    blocked[tables.home[person], anchor.round] = True
    return blocked


def _welcomes(tables: Tables, anchor: Anchor | None) -> Bools:
    """Units that every pinned member of the anchor may visit."""
    welcome = np.ones(len(tables.units), dtype=np.bool_)
    if anchor is not None:
        for person, slot in anchor.members.items():
            welcome &= tables.may[slot][person]
    return welcome


def _group(
    tables: Tables, round_: int, bases: list[tuple[Anchor, list[int]]], free: list[int]
) -> list[tuple[Anchor | None, list[int]]]:
    """Teams of near units that the same people may visit; as few teams as possible, since a team's load counts once."""
    row = tables.rounds[round_]
    total = len(free) + sum(len(units) for _, units in bases)
    best: tuple[int, list[tuple[Anchor | None, list[int]]]] | None = None
    fewest = max(len(bases), -(-total // row.visits_per_team))
    for teams in range(fewest, row.teams + 1):
        grouping = _Grouping(tables, round_, bases, free, teams)
        grouping.exchange()
        if best is None or grouping.cost() < best[0]:
            best = (grouping.cost(), grouping.teams())
        if grouping.cost() < LACKING or row.visits_per_team == 1:
            break
    return best[1] if best is not None else []


class _Grouping:
    """Units of one round in a fixed number of groups, improved by moving and exchanging units."""

    def __init__(
        self, tables: Tables, round_: int, bases: list[tuple[Anchor, list[int]]], free: list[int], teams: int
    ) -> None:
        self.tables, self.round = tables, round_
        self.room = tables.rounds[round_].visits_per_team
        self.anchors: list[Anchor | None] = [anchor for anchor, _ in bases]
        self.anchors += [None] * (teams - len(bases))
        self.fixed = {unit for _, units in bases for unit in units}
        self.groups = [list(units) for _, units in bases] + [[] for _ in range(teams - len(bases))]
        self.welcome = [_welcomes(tables, anchor) for anchor in self.anchors]
        self.known: dict[tuple[int, frozenset[int]], int] = {}
        line = sorted(free, key=lambda u: (tables.unit_area[u], tables.units[u].x_km or 0, tables.units[u].y_km or 0))
        empty = [group for group in self.groups if not group]
        for group in empty:
            if line:
                group.append(line.pop(0))
                while line and len(group) < self.room and len(line) > len(empty) - 1 - empty.index(group):
                    group.append(line.pop(0))
        for group in self.groups:
            while line and len(group) < self.room:
                group.append(line.pop(0))

    def teams(self) -> list[tuple[Anchor | None, list[int]]]:
        """Groups with units; a unit that a pinned team may not visit is left out."""
        kept = [
            (anchor, [unit for unit in group if unit in self.fixed or self.welcome[number][unit]])
            for number, (anchor, group) in enumerate(zip(self.anchors, self.groups, strict=True))
        ]
        return [(anchor, units) for anchor, units in kept if units]

    def cost(self) -> int:
        """Kilometres between the units of each group, plus LACKING for each head that no one could supply."""
        return sum(self._price(number, frozenset(group)) for number, group in enumerate(self.groups))

    def _price(self, number: int, group: frozenset[int]) -> int:
        key = (number if self.anchors[number] is not None else -1, group)
        if key not in self.known:
            self.known[key] = self._price_anew(number, sorted(group))
        return self.known[key]

    def _price_anew(self, number: int, group: list[int]) -> int:
        tables = self.tables
        price = LACKING * 64 * sum(1 for unit in group if unit not in self.fixed and not self.welcome[number][unit])
        for one, two in combinations(group, 2):
            price += _km_between(tables, one, two)
        for slot, may in enumerate(tables.may):
            heads = int((may[:, group].all(axis=1) & tables.present[:, self.round]).sum())
            price += LACKING * max(0, int(tables.lowest[slot]) - heads)
        return price

    def exchange(self) -> None:
        """Move or swap units between groups as long as that is cheaper."""
        if self.room == 1:
            return
        for _ in range(GROUPING_LIMIT):
            if not any([self._try(a, b) for a, b in combinations(range(len(self.groups)), 2)]):
                return

    def _try(self, a: int, b: int) -> bool:
        one, two = frozenset(self.groups[a]), frozenset(self.groups[b])
        best = (self._price(a, one) + self._price(b, two), one, two)
        loose_one: list[int | None] = [u for u in self.groups[a] if u not in self.fixed]
        loose_two: list[int | None] = [u for u in self.groups[b] if u not in self.fixed]
        for u in [*loose_one, None]:
            for v in [*loose_two, None]:
                new_one = one - {u} | ({v} - {None})
                new_two = two - {v} | ({u} - {None})
                if 0 < len(new_one) <= self.room and 0 < len(new_two) <= self.room:
                    price = self._price(a, new_one) + self._price(b, new_two)
                    if price < best[0]:
                        best = (price, new_one, new_two)
        if best[1] == one:
            return False
        self.groups[a], self.groups[b] = sorted(best[1]), sorted(best[2])
        return True


def _km_between(tables: Tables, one: int, two: int) -> int:
    a, b = tables.units[one], tables.units[two]
    if a.x_km is None or a.y_km is None or b.x_km is None or b.y_km is None:
        return 0
    return int(np.hypot(a.x_km - b.x_km, a.y_km - b.y_km) + 0.5)
