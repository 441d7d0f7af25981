"""A plan in the making: teams, who sits in them, and what all of it costs at this moment.
It keeps the books and says what forbids a seat; which seats are worth filling is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from planners.books.pairing import unpaired
from planners.books.tables import Tables


@dataclass(slots=True, eq=False)
class Crew:
    """One team of a draft, in table numbers: `seats[s]` are the holders of slot s; sets come from pins."""

    round: int
    units: list[int]
    seats: list[list[int]]
    pinned: set[int] = field(default_factory=set)
    banned: set[int] = field(default_factory=set)
    pinned_units: set[int] = field(default_factory=set)
    areas: list[int] = field(
        default_factory=list
    )  # of the units, kept by Draft; units without one count for none

    def members(self) -> Iterator[int]:
        """Everybody in the team, slot by slot."""
        for holders in self.seats:
            yield from holders


#: Of the rules that bar a seat at several units the one that is told.
FIRST_TOLD = ("H05", "H07", "H15", "H14", "H06")

Memory = list[tuple[int, list[tuple[Crew, list[int], list[list[int]]]]]]


@dataclass(order=True, frozen=True, slots=True)
class Score:
    """How good a draft is, smaller is better: units nobody visits, then missing heads, then the objective."""

    unvisited: int
    missing: int
    cost: int

    @property
    def complete(self) -> bool:
        return self.unvisited == 0 and self.missing == 0


class Draft:
    """The books of a plan in the making; every change goes through its methods, which keep `cost` true.

    Legal only if callers ask `bar` (or build the same conditions into a flow) before they seat somebody.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        people, rounds = len(tables.people), len(tables.rounds)
        self.crews: list[list[Crew]] = [[] for _ in tables.rounds]
        self.crew_of: list[Crew | None] = [None] * len(tables.units)
        self.load = np.zeros(people, dtype=np.int64)
        self.seen = np.zeros((people, len(tables.problem.areas)), dtype=np.int64)
        self.busy = np.zeros((people, rounds), dtype=np.bool_)
        self.hosting = np.zeros((people, rounds), dtype=np.bool_)
        self.out = np.zeros((len(tables.problem.offices), rounds), dtype=np.int64)
        self.together: list[dict[int, int]] = [{} for _ in range(people)]
        # Past seats of the year cost their squares whoever is posted now.
        self.cost = int(tables.weights.load * (tables.past_seats**2).sum())
        self.missing = 0
        self.unvisited = len(tables.units)

    def score(self) -> Score:
        """The present standing of the draft."""
        return Score(self.unvisited, self.missing, self.cost)

    def lacks(self, crew: Crew) -> bool:
        """Whether some slot of the team is below its `min`."""
        return any(len(held) < low for held, low in zip(crew.seats, self.tables.lowest, strict=True))

    # ------------------------------------------------------------ teams and units

    def open(self, round_: int, units: list[int]) -> Crew:
        """A new, empty team of the round that visits these units."""
        crew = Crew(round_, [], [[] for _ in self.tables.slots])
        self._add(crew)
        for unit in units:
            self.visit(crew, unit)
        return crew

    def _add(self, crew: Crew) -> None:
        self.crews[crew.round].append(crew)
        self.missing += int(self.tables.lowest.sum())
        self.cost += self.tables.weights.size * int(self.tables.wanted.sum())

    def close(self, crew: Crew) -> None:
        """Dissolve a team that has no members any more; its units are visited by nobody."""
        if any(crew.seats):
            raise ValueError("a team with members cannot be closed")
        for unit in list(crew.units):
            self.leave(crew, unit)
        self.crews[crew.round].remove(crew)
        self.missing -= int(self.tables.lowest.sum())
        self.cost -= self.tables.weights.size * int(self.tables.wanted.sum())

    def visit(self, crew: Crew, unit: int) -> None:
        """Add a unit to a team, which must have no members at that moment."""
        crew.units.append(unit)
        crew.areas = self._areas(crew)
        self.crew_of[unit] = crew
        self.unvisited -= 1
        self.cost += int(self.tables.round_price[unit, crew.round])
        self.hosting[self.tables.residents[unit], crew.round] = True

    def leave(self, crew: Crew, unit: int) -> None:
        """Take a unit away from a team, which must have no members at that moment."""
        crew.units.remove(unit)
        crew.areas = self._areas(crew)
        self.crew_of[unit] = None
        self.unvisited += 1
        self.cost -= int(self.tables.round_price[unit, crew.round])
        self.hosting[self.tables.residents[unit], crew.round] = False

    def remember(self, rounds: Sequence[int]) -> Memory:
        """Everything about the teams of these rounds, for `restore`."""
        return [
            (
                round_,
                [
                    (crew, list(crew.units), [list(holders) for holders in crew.seats])
                    for crew in self.crews[round_]
                ],
            )
            for round_ in rounds
        ]

    def restore(self, memory: Memory) -> None:
        """Put the remembered rounds back exactly as they were."""
        for round_, _ in memory:
            for crew in list(self.crews[round_]):
                self.empty(crew)
                self.close(crew)
        for _, rows in memory:
            for crew, units, _ in rows:
                self._add(crew)
                for unit in units:
                    self.visit(crew, unit)
        for _, rows in memory:
            for crew, _, seats in rows:
                for slot, holders in enumerate(seats):
                    for person in holders:
                        self.seat(crew, slot, person)

    def rearrange(self, rows: Sequence[tuple[Crew, int, list[int], list[list[int]]]]) -> None:
        """Give every team of the draft another round, other units and other people at once."""
        for crew, _, _, _ in rows:
            self.empty(crew)
            self.close(crew)
        for crew, round_, units, _ in rows:
            crew.round = round_
            self._add(crew)
            for unit in units:
                self.visit(crew, unit)
        for crew, _, _, seats in rows:
            for slot, holders in enumerate(seats):
                for person in holders:
                    self.seat(crew, slot, person)

    def _areas(self, crew: Crew) -> list[int]:
        return sorted({area for unit in crew.units if (area := int(self.tables.unit_area[unit])) >= 0})

    # ------------------------------------------------------------ people

    def seat(self, crew: Crew, slot: int, person: int) -> None:
        """Put a person into a team and add what that costs."""
        self._size(crew, slot, +1)
        self.cost += self.price_of(crew, slot, person)
        for area in crew.areas:
            self.seen[person, area] += 1
        for other in crew.members():
            self.together[person][other] = self.together[other][person] = (
                self.together[person].get(other, 0) + 1
            )
        self.load[person] += 1
        self.busy[person, crew.round] = True
        if (office := self.tables.office[person]) >= 0:
            self.out[office, self.tables.near[crew.round]] += 1
        crew.seats[slot].append(person)

    def unseat(self, crew: Crew, slot: int, person: int) -> None:
        """Take a person out of a team and give back exactly what seat() charged."""
        crew.seats[slot].remove(person)
        if (office := self.tables.office[person]) >= 0:
            self.out[office, self.tables.near[crew.round]] -= 1
        self.busy[person, crew.round] = False
        self.load[person] -= 1
        for other in crew.members():
            self.together[person][other] = self.together[other][person] = self.together[person][other] - 1
        for area in crew.areas:
            self.seen[person, area] -= 1
        self.cost -= self.price_of(crew, slot, person)
        self._size(crew, slot, -1)

    def empty(self, crew: Crew) -> None:
        """Take everybody out of a team, pinned members too."""
        for slot, holders in enumerate(crew.seats):
            for person in list(holders):
                self.unseat(crew, slot, person)

    def _size(self, crew: Crew, slot: int, step: int) -> None:
        held, tables = len(crew.seats[slot]) + (0 if step > 0 else 1), self.tables
        lowest, wanted = int(tables.lowest[slot]), int(tables.wanted[slot])
        self.missing += max(0, lowest - held - step) - max(0, lowest - held)
        self.cost += tables.weights.size * (abs(held + step - wanted) - abs(held - wanted))

    def price_of(self, crew: Crew, slot: int, person: int) -> int:
        """What joining the team adds to every cost but `size`; the person must not be in it."""
        tables, weights = self.tables, self.tables.weights
        price = sum(tables.price_rows[slot][person][unit] for unit in crew.units)
        price += weights.load * (2 * int(self.load[person] + tables.past_seats[person]) + 1)
        for unit in crew.units if tables.remembers else ():
            if (row := tables.recent[unit].get(person)) is not None:
                price += row.costs[crew.round]
        if tables.pairings:
            held = [(s, p) for s, holders in enumerate(crew.seats) for p in holders]
            price += unpaired(tables.pairings, [*held, (slot, person)]) - unpaired(tables.pairings, held)
        price += weights.revisit * sum(1 for area in crew.areas if self.seen[person, area] >= 1)
        known, friction = self.together[person], tables.friction[person]
        for other in crew.members():
            if known.get(other, 0) >= 1:
                price += weights.pair
            price += friction.get(other, 0)
        return price

    # ------------------------------------------------------------ what forbids a seat

    def bar(self, crew: Crew, slot: int, person: int) -> str | None:
        """Code of the first rule that keeps this person out of this seat now, None when the seat is open.

        H12 stands for "excluded by a pin". The number of seats of the slot is not looked at.
        """
        tables, round_ = self.tables, crew.round
        if not tables.fits[slot, person]:
            return tables.unfit(slot, person)
        near = tables.near[round_]
        if any(self.busy[person, q] for q in near) or not tables.present[person, round_]:
            return "H04"
        if self.load[person] >= tables.max_teams[person]:
            return "H04"
        if not all(tables.may[slot][person, unit] for unit in crew.units):
            barred = [unit for unit in crew.units if not tables.may[slot][person, unit]]
            rules = [tables.why_barred(slot, person, unit) for unit in barred]
            return min(rules, key=FIRST_TOLD.index)
        if tables.remembers and any(tables.bars_in(person, unit, round_) for unit in crew.units):
            return "H14"
        office = tables.office[person]
        if office >= 0 and any(self.out[office, q] >= tables.cap[office, q] for q in near):
            return "H09"
        if tables.problem.rules.host_stays and self.hosting[person, round_]:
            return "H10"
        if not tables.foes[person].isdisjoint(crew.members()):
            return "H08"
        if person in crew.banned:
            return "H12"
        attribute = tables.distinct[slot]
        if attribute is not None and attribute[person] in {
            value for h in crew.seats[slot] if (value := attribute[h]) >= 0
        }:
            return "H03"
        if slot == 0 and self.would_mirror(crew, person):
            return "H11"
        return None

    def would_mirror(self, crew: Crew, person: int) -> bool:
        """Whether the newcomer would lead where somebody leads who leads in the newcomer's area (H11)."""
        area = int(self.tables.person_area[person])
        if not self.tables.problem.rules.no_mutual_lead or area < 0:
            return False
        visited = set(crew.areas) - {area}
        return any(
            area in other.areas
            and any(int(self.tables.person_area[leader]) in visited for leader in other.seats[0])
            for other in self.crews[crew.round]
        )

    def mirrored(self, round_: int) -> list[tuple[Crew, int, Crew, int]]:
        """Pairs (team, leader, team, leader) of a round that lead in each other's area, which H11 forbids."""
        if not self.tables.problem.rules.no_mutual_lead:
            return []
        sent: dict[tuple[int, int], list[tuple[Crew, int]]] = {}
        for crew in self.crews[round_]:
            for leader in crew.seats[0]:
                home = int(self.tables.person_area[leader])
                for area in crew.areas:
                    if home >= 0 and area != home:
                        sent.setdefault((home, area), []).append((crew, leader))
        return [
            (one, leader, two, other)
            for (home, area), there in sent.items()
            if home < area
            for one, leader in there
            for two, other in sent.get((area, home), [])
        ]
