"""Fills chosen seats of a plan: fewest missing heads, then fewest changes, then least cost, by CP-SAT.
It sees only the seats it is given, everybody else stays; which seats those are is for replan.py to say.

Exact for what it is given: a pair that first arises inside one call is the only price it leaves out. Effort
is limited in deterministic time, never by the clock, and one worker is used: the same call, the same seats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from planners.books.draft import Crew, Draft
from planners.books.seating import Seats

#: Deterministic seconds for heads and changes, and, once those are settled, for the cost.
EFFORT, EFFORT_FOR_COST = 2.0, 0.4

#: Pairs of candidates of one team whose meeting again is priced; beyond that only those who stay count.
PAIRS_PRICED = 4000

Place = tuple[Crew, int]  # a team and the number of a slot
Seat = tuple[Crew, int, int]  # team, slot, person
Terms = list[tuple[cp_model.IntVar, int]]


@dataclass(frozen=True, slots=True)
class Filling:
    """Who takes the seats. `proven`: no filling of these seats misses fewer heads or changes fewer seats."""

    seating: list[Seat]
    missing: int
    changes: int
    proven: bool


def changed(draft: Draft, place: Place, before: Seats) -> int:
    """How many seats of the place changed, per unit: those lost or those gained, whichever is more."""
    crew, slot = place
    now, count = set(crew.seats[slot]), 0
    for unit in crew.units:
        held = before[unit][slot] if unit in before else frozenset()
        count += max(len(held - now), len(now - held))
    return count


def needed(draft: Draft, place: Place, before: Seats) -> int:
    """How many the place must hold: the slot's min, or fewer where fewer did. A repair mends no old gap."""
    crew, slot = place
    lowest = int(draft.tables.lowest[slot])
    return min(lowest, max((len(before[unit][slot]) if unit in before else lowest) for unit in crew.units))


def refill(
    draft: Draft, places: Sequence[Place], before: Seats, seed: int, hint: Sequence[Seat] = ()
) -> Filling:
    """The best holders for the empty seats of these places, not yet seated. `hint` is a filling known."""
    model = _Model(draft, places, before)
    model.everybody()
    return model.best(seed, hint)


def least_lost(draft: Draft, places: Sequence[Place], before: Seats, seed: int) -> int:
    """What no repair can beat: seats of these places that cannot all go back to those who held them.

    Sound because taking somebody away never breaks H03 (but min), H04 or H08 to H11: whoever stays in any
    legal plan could also stay alone.
    """
    model = _Model(draft, places, before)
    model.only_holders()
    found = model.best(seed, (), fill=False)
    return found.changes if found.proven else 0


class _Model:
    """One CP-SAT model: a Boolean for each candidate of each place."""

    def __init__(self, draft: Draft, places: Sequence[Place], before: Seats) -> None:
        self.draft, self.places, self.before = draft, places, before
        self.model = cp_model.CpModel()
        self.x: dict[Place, dict[int, cp_model.IntVar]] = {}
        self.missing: list[cp_model.IntVar] = []
        self.changes: Terms = []
        self.cost: Terms = []

    def everybody(self) -> None:
        """Whoever may take a seat is a candidate."""
        self._candidates(lambda place: range(len(self.draft.tables.people)))

    def only_holders(self) -> None:
        """Candidates are only those who held a seat of the place."""
        self._candidates(lambda place: sorted(set().union(*self._held(place))))

    def _held(self, place: Place) -> list[frozenset[int]]:
        crew, slot = place
        return [self.before[unit][slot] if unit in self.before else frozenset() for unit in crew.units]

    def _candidates(self, who: Callable[[Place], Iterable[int]]) -> None:
        for place in self.places:
            crew, slot = place
            self.x[place] = {
                person: self.model.new_bool_var("")
                for person in who(place)
                if self.draft.bar(crew, slot, person) is None
            }

    def best(self, seed: int, hint: Sequence[Seat], fill: bool = True) -> Filling:
        """First heads and changes, then, with those fixed, the cost."""
        self._people_and_offices()
        self._teams()
        self._leaders()
        for place in self.places:
            self._heads(place, fill)
            self._changes(place)
        hinted = set(hint)
        for (crew, slot), row in self.x.items():
            for person, var in row.items():
                held = not hinted and any(person in holders for holders in self._held((crew, slot)))
                known = held or (crew, slot, person) in hinted
                self.model.add_hint(var, known)
        dear = 1 + sum(count * self._most(place) for place, count in self._weights())
        first = sum(self.missing) * dear + sum(var * times for var, times in self.changes)
        self.model.minimize(first)
        solver, status = self._run(seed, EFFORT)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Filling([], 1 << 30, 1 << 30, False)
        filling = self._answer(solver, status == cp_model.OPTIMAL)
        if not fill:
            return filling
        self.model.add(first <= filling.missing * dear + filling.changes)
        self._prices()
        self.model.minimize(sum(var * price for var, price in self.cost))
        self.model.clear_hints()
        for row in self.x.values():
            for var in row.values():
                self.model.add_hint(var, solver.boolean_value(var))
        cheaper, status = self._run(seed, EFFORT_FOR_COST)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return self._answer(cheaper, filling.proven)
        return filling

    def _run(self, seed: int, effort: float) -> tuple[cp_model.CpSolver, int]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed % (1 << 31)
        solver.parameters.max_deterministic_time = effort
        return solver, int(solver.solve(self.model))

    def _answer(self, solver: cp_model.CpSolver, proven: bool) -> Filling:
        seating = [
            (crew, slot, person)
            for (crew, slot), row in self.x.items()
            for person, var in row.items()
            if solver.boolean_value(var)
        ]
        missing = sum(solver.value(var) for var in self.missing)
        changes = sum(solver.value(var) * times for var, times in self.changes)
        return Filling(seating, missing, changes, proven)

    # ------------------------------------------------------------ hard rules

    def _people_and_offices(self) -> None:
        """One team per round and `max_teams` in all (H04), the office's quota of each round (H09)."""
        draft, tables = self.draft, self.draft.tables
        by_round: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        by_office: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        by_person: dict[int, list[cp_model.IntVar]] = {}
        for (crew, _), row in self.x.items():
            for person, var in row.items():
                for near in tables.near[crew.round]:
                    by_round.setdefault((person, near), []).append(var)
                by_person.setdefault(person, []).append(var)
                if (office := int(tables.office[person])) >= 0:
                    for near in tables.near[crew.round]:
                        by_office.setdefault((office, near), []).append(var)
        for group in by_round.values():
            if len(group) > 1:
                self.model.add_at_most_one(group)
        for (office, round_), group in by_office.items():
            room = int(tables.cap[office, round_] - draft.out[office, round_])
            if len(group) > room:
                self.model.add(sum(group) <= room)
        for person, group in by_person.items():
            room = int(tables.max_teams[person] - draft.load[person])
            if len(group) > room:
                self.model.add(sum(group) <= room)

    def _teams(self) -> None:
        """Foes not in one team (H08), no shared attribute in a slot that wants distinct holders (H03)."""
        for crew in dict.fromkeys(crew for crew, _ in self.places):
            inside = [(person, var) for place in self._of(crew) for person, var in self.x[place].items()]
            variables: dict[int, list[cp_model.IntVar]] = {}
            for person, var in inside:
                variables.setdefault(person, []).append(var)
            for one in variables:
                for two in self.draft.tables.foes[one]:
                    if one < two and two in variables:
                        self.model.add_at_most_one(variables[one] + variables[two])
        for (_, slot), row in self.x.items():
            attribute = self.draft.tables.distinct[slot]
            if attribute is None:
                continue
            sharing: dict[int, list[cp_model.IntVar]] = {}
            for person, var in row.items():
                if (value := int(attribute[person])) >= 0:
                    sharing.setdefault(value, []).append(var)
            for group in sharing.values():
                if len(group) > 1:
                    self.model.add_at_most_one(group)

    def _of(self, crew: Crew) -> list[Place]:
        return [place for place in self.places if place[0] is crew]

    def _leaders(self) -> None:
        """No two areas lead each other in a round (H11); `bar` has looked at the leaders who stay."""
        tables = self.draft.tables
        if not tables.problem.rules.no_mutual_lead:
            return
        leads: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
        for (crew, slot), row in self.x.items():
            for person, var in row.items() if slot == 0 else ():
                home = int(tables.person_area[person])
                for area in crew.areas if home >= 0 else ():
                    if area != home:
                        leads.setdefault((crew.round, home, area), []).append(var)
        for (round_, home, area), there in leads.items():
            back = leads.get((round_, area, home), [])
            if home < area and back:
                sent = self.model.new_bool_var("")
                for var in there:
                    self.model.add_implication(var, sent)
                for var in back:
                    self.model.add_implication(var, ~sent)

    # ------------------------------------------------------------ what is minimised

    def _weights(self) -> list[tuple[Place, int]]:
        return [(place, len(place[0].units)) for place in self.places]

    def _most(self, place: Place) -> int:
        """How many may hold the place: the number wished for, or as many as did."""
        tables, slot = self.draft.tables, place[1]
        held = max((len(holders) for holders in self._held(place)), default=0)
        return min(tables.slots[slot].max, max(held, int(tables.wanted[slot])))

    def _heads(self, place: Place, fill: bool) -> None:
        crew, slot = place
        tables, row = self.draft.tables, list(self.x[place].values())
        fixed = len(crew.seats[slot])
        most, wanted = self._most(place), int(tables.wanted[slot])
        lowest = needed(self.draft, place, self.before)
        self.model.add(sum(row) <= max(0, most - fixed))
        if not fill:
            return
        if lowest > fixed:
            missing = self.model.new_int_var(0, lowest - fixed, "")
            self.model.add(missing >= lowest - fixed - sum(row))
            self.missing.append(missing)
        off = self.model.new_int_var(0, max(most, wanted), "")
        self.model.add(off >= wanted - fixed - sum(row))
        self.model.add(off >= sum(row) + fixed - wanted)
        self.cost.append((off, tables.weights.size))

    def _changes(self, place: Place) -> None:
        """Per unit the seats lost or gained, whichever is more; units that had the same holders together."""
        crew, slot = place
        row, fixed = self.x[place], set(crew.seats[slot])
        same: dict[frozenset[int], int] = {}
        for held in self._held(place):
            same[held] = same.get(held, 0) + 1
        for held, times in same.items():
            staying = sum(var for person, var in row.items() if person in held)
            joining = sum(var for person, var in row.items() if person not in held)
            count = self.model.new_int_var(0, max(len(held), self._most(place)), "")
            self.model.add(count >= len(held - fixed) - staying)
            self.model.add(count >= len(fixed - held) + joining)
            self.changes.append((count, times))

    def _prices(self) -> None:
        """Each seat at its price beside those who stay, and what several seats of one person cost more."""
        draft, weights = self.draft, self.draft.tables.weights
        rounds: dict[int, list[cp_model.IntVar]] = {}
        areas: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for (crew, slot), row in self.x.items():
            for person, var in row.items():
                self.cost.append((var, draft.price_of(crew, slot, person)))
                rounds.setdefault(person, []).append(var)
                for area in crew.areas:
                    if draft.seen[person, area] < 1:
                        areas.setdefault((person, area), []).append(var)
        several = len({crew.round for crew, _ in self.places})
        for group in rounds.values():
            for step in range(1, min(several, len(group))):
                further = self.model.new_bool_var("")
                self.model.add(sum(group) - step <= (several - step) * further)
                self.cost.append((further, 2 * weights.load * step))
        for group in areas.values():
            if several > 1 and len(group) > 1:
                again = self.model.new_int_var(0, several, "")
                self.model.add(again >= sum(group) - 1)
                self.cost.append((again, weights.revisit))
        self._meetings()

    def _meetings(self) -> None:
        """Two candidates of a team who have met before, or would rather not: that costs when both come."""
        draft, weights, left = self.draft, self.draft.tables.weights, PAIRS_PRICED
        for crew in dict.fromkeys(crew for crew, _ in self.places):
            people = [(person, var) for place in self._of(crew) for person, var in self.x[place].items()]
            variables: dict[int, list[cp_model.IntVar]] = {}
            for person, var in people:
                variables.setdefault(person, []).append(var)
            for one, first in people:
                friction = draft.tables.friction[one]
                for two in {**draft.together[one], **friction}:
                    price = weights.pair if draft.together[one].get(two, 0) >= 1 else 0
                    price += friction.get(two, 0)
                    for second in variables.get(two, ()) if one < two and price else ():
                        if left <= 0:
                            return
                        left -= 1
                        both = self.model.new_bool_var("")
                        self.model.add(both >= first + second - 1)
                        self.cost.append((both, price))
