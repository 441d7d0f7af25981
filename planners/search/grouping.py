"""Joins the units of one round into teams that visit several units each: near ones, and such as share people.
It knows which units are in the round already, and leaves choosing the people to staffing.py."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from planners.books.pins import Anchor
from planners.books.tables import Bools, Tables

#: Passes of the exchange of units between the teams of one round.
EXCHANGE_LIMIT = 30

#: More than any sum of kilometres: one head too few in a group of units.
LACKING = 1 << 20

Teams = list[tuple[Anchor | None, list[int]]]  # (pinned or not, units) of each team of a round


def welcomes(tables: Tables, anchor: Anchor | None, round_: int) -> Bools:
    """Units that every pinned member of the anchor may visit in that round."""
    welcome = np.ones(len(tables.units), dtype=np.bool_)
    if anchor is not None:
        for person, slot in anchor.members.items():
            welcome &= tables.may_in(slot, round_)[person]
    return welcome


def group(tables: Tables, round_: int, bases: list[tuple[Anchor, list[int]]], free: list[int]) -> Teams:
    """Teams of near units that the same people may visit; few teams, since a team's load counts once."""
    visits = tables.visits[round_]
    total = len(free) + sum(len(units) for _, units in bases)
    best: tuple[int, Teams] | None = None
    fewest = max(len(bases), -(-total // visits))
    for teams in range(fewest, min(tables.teams[round_], total) + 1):
        grouping = _Grouping(tables, round_, bases, free, teams)
        grouping.exchange()
        if best is None or grouping.cost() < best[0]:
            best = (grouping.cost(), grouping.teams())
        if grouping.cost() < LACKING or visits == 1:
            break
    return best[1] if best is not None else []


class _Grouping:
    """Units of one round in a fixed number of groups, improved by moving and exchanging units."""

    def __init__(
        self, tables: Tables, round_: int, bases: list[tuple[Anchor, list[int]]], free: list[int], teams: int
    ) -> None:
        self.tables, self.round = tables, round_
        self.room = tables.visits[round_]
        self.anchors: list[Anchor | None] = [anchor for anchor, _ in bases]
        self.anchors += [None] * (teams - len(bases))
        self.fixed = {unit for _, units in bases for unit in units}
        self.groups = [list(units) for _, units in bases] + [[] for _ in range(teams - len(bases))]
        self.welcome = [welcomes(tables, anchor, round_) for anchor in self.anchors]
        self.may = [tables.may_in(slot, round_) for slot in range(len(tables.slots))]
        self.known: dict[tuple[int, frozenset[int]], int] = {}
        line = sorted(
            free, key=lambda u: (tables.unit_area[u], tables.units[u].x_km or 0, tables.units[u].y_km or 0)
        )
        empty = [group for group in self.groups if not group]
        for group in empty:
            if line:
                group.append(line.pop(0))
                while line and len(group) < self.room and len(line) > len(empty) - 1 - empty.index(group):
                    group.append(line.pop(0))
        for group in self.groups:
            while line and len(group) < self.room:
                group.append(line.pop(0))

    def teams(self) -> Teams:
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
        price = (
            LACKING
            * 64
            * sum(1 for unit in group if unit not in self.fixed and not self.welcome[number][unit])
        )
        for one, two in combinations(group, 2):
            price += _km_between(tables, one, two)
        for slot, may in enumerate(self.may):
            heads = int((may[:, group].all(axis=1) & tables.present[:, self.round]).sum())
            price += LACKING * max(0, int(tables.lowest[slot]) - heads)
        return price

    def exchange(self) -> None:
        """Move or swap units between groups as long as that is cheaper."""
        if self.room == 1:
            return
        for _ in range(EXCHANGE_LIMIT):
            gains = [self._try(a, b) for a, b in combinations(range(len(self.groups)), 2)]
            if not any(gains):
                return

    def _try(self, a: int, b: int) -> bool:
        one, two = frozenset(self.groups[a]), frozenset(self.groups[b])
        best = (self._price(a, one) + self._price(b, two), one, two)
        given = [frozenset([u]) for u in self.groups[a] if u not in self.fixed] + [frozenset()]
        taken = [frozenset([u]) for u in self.groups[b] if u not in self.fixed] + [frozenset()]
        for u in given:
            for v in taken:
                new_one, new_two = one - u | v, two - v | u
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
