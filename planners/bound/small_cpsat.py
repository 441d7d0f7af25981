"""Proves more for a handful of units: all seats and all encounters of a small problem in one CP-SAT model.
It only proves, it plans nothing; rounds, quotas, hosts and leads are left out, so it is never too high."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from planners.books.tables import Tables

#: Seats × people that may hold them, and encounters, up to which a problem counts as a handful.
MOST_SEATS, MOST_ENCOUNTERS = 250, 4_000

#: CP-SAT's own count of work, which does not depend on the clock; about ten seconds.
EFFORT = 8.0

#: Seconds between two looks at `stop`.
LOOK = 0.2


def least_for_few_units(tables: Tables, stop: Callable[[], bool]) -> int | None:
    """What people cost at least in every complete plan (all terms but risk); None where it is too large.

    One unit per team only. Encounters of a person with a slot that is always full of the same offices are
    counted office by office, which is what makes repeated pairs show in the relaxation.
    """
    if max(tables.visits, default=1) > 1:
        return None
    model = _Model(tables)
    if len(model.x) > MOST_SEATS or model.encounters() > MOST_ENCOUNTERS:
        return None
    model.build()
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = EFFORT
    ended = threading.Event()
    guard = threading.Thread(target=_watch, args=(solver, stop, ended), daemon=True)
    guard.start()
    status = solver.solve(model.model)
    ended.set()
    guard.join()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
        return None
    return math.ceil(solver.best_objective_bound - 1e-6)


def _watch(solver: cp_model.CpSolver, stop: Callable[[], bool], ended: threading.Event) -> None:
    while not ended.wait(LOOK):
        if stop():
            solver.stop_search()
            return


class _Model:
    """`x` per slot, person and unit; `inside` the same whatever the slot; `met` for two people at a unit."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.model = cp_model.CpModel()
        meets = (tables.present.astype(np.int64) @ tables.is_open.T.astype(np.int64)) > 0
        self.x = {
            (slot, person, unit): self.model.new_bool_var("")
            for slot, may in enumerate(tables.may)
            for person, unit in np.argwhere(may & meets).tolist()
        }
        self.units = range(len(tables.units))
        self.costs: list[Any] = []
        self.inside: dict[tuple[int, int], Any] = {}
        self.met: dict[tuple[int, int, int], cp_model.IntVar] = {}

    def encounters(self) -> int:
        """Pairs of people who could meet, counted per unit."""
        at_unit: dict[int, set[int]] = defaultdict(set)
        for _, person, unit in self.x:
            at_unit[unit].add(person)
        return sum(len(people) * (len(people) - 1) // 2 for people in at_unit.values())

    def build(self) -> None:
        """Heads, distance, load, revisits, pairs and ties between people."""
        groups: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (slot, person, unit), var in self.x.items():
            groups[person, unit].append(var)
            self.costs.append(int(self.tables.seat_price[slot][person, unit]) * var)
        for key, group in groups.items():
            if len(group) > 1:
                self.model.add_at_most_one(group)
            self.inside[key] = sum(group)
        self._loads()
        self._encounters()
        for unit in self.units:
            for slot in range(len(self.tables.slots)):
                self._heads(slot, unit)
        self.model.minimize(sum(self.costs))

    def _heads(self, slot: int, unit: int) -> None:
        tables = self.tables
        here = [p for s, p, u in self.x if (s, u) == (slot, unit)]
        least, wanted = int(tables.lowest[slot]), int(tables.wanted[slot])
        heads = sum(self.x[slot, p, unit] for p in here)
        attribute = tables.distinct[slot]
        sharing: dict[object, list[int]] = defaultdict(list)
        for p in here:
            alone = attribute is None or attribute[p] < 0
            sharing[("person", p) if alone or attribute is None else int(attribute[p])].append(p)
        for group in sharing.values():
            if len(group) > 1:
                self.model.add_at_most_one([self.x[slot, p, unit] for p in group])
        if least < wanted:
            empty = self.model.new_int_var(0, wanted - least, "")
            self.model.add(heads + empty == wanted)
            self.costs.append(tables.weights.size * empty)
            return
        self.model.add(heads == wanted)
        alone_here = all(self._only_slot(slot, p, unit) for p in here)
        if len(sharing) == wanted and alone_here:
            for group in sharing.values():
                self._always_there(group, unit, 1)
        elif alone_here:
            self._always_there(here, unit, wanted)

    def _only_slot(self, slot: int, person: int, unit: int) -> bool:
        return all(
            other == slot or (other, person, unit) not in self.x for other in range(len(self.tables.slots))
        )

    def _always_there(self, group: list[int], unit: int, heads: int) -> None:
        """So many of the group are in every team of the unit: whoever is in it meets them."""
        members = set(group)
        for person in [p for p, u in self.inside if u == unit]:
            others = [q for q in group if q != person]
            meets = heads - (person in members)
            encounters = [self.met[min(person, q), max(person, q), unit] for q in others]
            self.model.add(sum(encounters) == meets * self.inside[person, unit])

    def _loads(self) -> None:
        tables, weights = self.tables, self.tables.weights
        teams: dict[int, list[Any]] = defaultdict(list)
        areas: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for (person, unit), inside in self.inside.items():
            teams[person].append(inside)
            if (area := int(tables.unit_area[unit])) >= 0:
                areas[person, area].append(inside)
        self.load: dict[int, Any] = {}
        for person, group in teams.items():
            most = min(len(group), int(tables.present[person].sum()), int(tables.max_teams[person]))
            steps = [self.model.new_bool_var("") for _ in range(most)]
            self.load[person] = sum(steps)
            self.model.add(sum(group) == self.load[person])
            for step, var in enumerate(steps):
                self.costs.append(weights.load * (2 * (step + int(tables.past_seats[person])) + 1) * var)
                if step:
                    self.model.add_implication(var, steps[step - 1])
        for group in areas.values():
            again = self.model.new_int_var(0, len(group), "")
            self.model.add(again >= sum(group) - 1)
            self.costs.append(weights.revisit * again)
        self._alike()

    def _alike(self) -> None:
        """Of people whom nothing tells apart, the first has the most teams: fewer plans that are the same."""
        tables, kinds = self.tables, defaultdict(list)
        for p in self.load:
            if not tables.foes[p] and not tables.friction[p]:
                rules = tuple(may[p].tobytes() for may in tables.may)
                where = (int(tables.office[p]), int(tables.home[p]), int(tables.person_area[p]))
                prices = tuple(price[p].tobytes() for price in tables.seat_price)
                kind = (rules, prices, where, tables.present[p].tobytes(), int(tables.past_seats[p]))
                kinds[(*kind, int(tables.max_teams[p]))].append(p)
        for same in kinds.values():
            for one, two in pairwise(same):
                self.model.add(self.load[one] >= self.load[two])

    def _encounters(self) -> None:
        tables, weights = self.tables, self.tables.weights
        together: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for one, unit in self.inside:
            for two in [p for p, u in self.inside if u == unit and p > one]:
                here, there = self.inside[one, unit], self.inside[two, unit]
                var = self.met[one, two, unit] = self.model.new_bool_var("")
                self.model.add(var <= here)
                self.model.add(var <= there)
                self.model.add(var >= here + there - 1)
                if two in tables.foes[one]:
                    self.model.add(var == 0)
                self.costs.append(tables.friction[one].get(two, 0) * var)
                together[one, two].append(var)
        for times in together.values():
            if len(times) > 1:
                again = self.model.new_int_var(0, len(times) - 1, "")
                self.model.add(again >= sum(times) - 1)
                self.costs.append(weights.pair * again)
