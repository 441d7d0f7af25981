"""Lays a problem out as integers and arrays, in an order drawn from the seed, ready to build flows from.
It decides nothing: each array repeats a rule or a price; eligibility.py says the same in words."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from planners.books.eligibility import usable_skills
from planners.problem import Problem

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Row = TypeVar("Row")

NO_LIMIT = 1 << 30

#: Kilometres from a half within which a rounding is counted again, digit by digit.
BESIDE_THE_HALF = 1e-6


def drawn_order(rows: Sequence[Row], seed: int, key: Callable[[Row], str]) -> tuple[Row, ...]:
    """The rows in an order that depends on the seed and their ids only; it settles every draw of equals."""
    return tuple(sorted(rows, key=lambda row: hashlib.sha256(f"{seed}:{key(row)}".encode()).digest()))


class Tables:
    """A problem in numbers. P people, U units, R rounds, S slots, O offices; absent references are -1.

    `may[s]` (P×U): H03 and H05–H07 allow it. `fits` (S×P): H03 alone. `present` (P×R) and `is_open` (U×R):
    nobody off, no unit closed. `cap` (O×R): how many of an office may be in teams (H09).
    `teams` and `visits` (R): room of a round. `visit_price` (P×U, also as `price_rows`): weighted km
    plus soft person–unit ties.
    """

    def __init__(self, problem: Problem, seed: int = 0) -> None:
        self.problem = problem
        self.weights = problem.weights
        self.rounds = problem.rounds
        self.slots = problem.template.slots
        self.people = drawn_order(problem.people, seed, lambda person: person.id)
        self.units = drawn_order(problem.units, seed, lambda unit: unit.id)
        # No round can use more teams or visits than there are units, whatever the file allows.
        most = max(1, len(self.units))
        self.teams = [min(row.teams, most + len(problem.pins)) for row in self.rounds]
        self.visits = [min(row.visits_per_team, most) for row in self.rounds]
        self.round_at = {row.id: i for i, row in enumerate(self.rounds)}
        self.slot_at = {row.id: i for i, row in enumerate(self.slots)}
        self.person_at = {row.id: i for i, row in enumerate(self.people)}
        self.unit_at = {row.id: i for i, row in enumerate(self.units)}
        self.office_at = {row.id: i for i, row in enumerate(problem.offices)}
        self.area_at = {row.id: i for i, row in enumerate(problem.areas)}

        self.person_area = self._refer([p.area for p in self.people], self.area_at)
        self.unit_area = self._refer([u.area for u in self.units], self.area_at)
        self.home = self._refer([p.home_unit for p in self.people], self.unit_at)
        self.office = self._refer([p.office for p in self.people], self.office_at)
        self.risk = np.array([u.risk for u in self.units], dtype=np.int64)
        self.max_teams = np.array([_or_none(p.max_teams) for p in self.people], dtype=np.int64)
        self.lowest = np.array([slot.min for slot in self.slots], dtype=np.int64)
        # Nobody is ever better off beyond the target: another holder only costs more.
        self.wanted = np.array([slot.target for slot in self.slots], dtype=np.int64)
        self.residents: list[list[int]] = [[] for _ in self.units]
        for person, unit in enumerate(self.home):
            if unit >= 0:
                self.residents[unit].append(person)

        self.present = self._marks(
            [[r.id not in p.off for r in self.rounds] for p in self.people], len(self.rounds)
        )
        self.is_open = self._marks(
            [[r.id not in u.closed for r in self.rounds] for u in self.units], len(self.rounds)
        )
        self.cap = self._office_caps()
        self.fits = np.array(
            [[bool(usable_skills(p, slot)) for p in self.people] for slot in self.slots], dtype=np.bool_
        ).reshape(len(self.slots), len(self.people))
        self.distinct = [self._distinct(slot.distinct) for slot in self.slots]
        self.km = self._distances()
        self.visit_price = self.km * self.weights.distance
        self.foes: list[set[int]] = [set() for _ in self.people]
        self.friction: list[dict[int, int]] = [{} for _ in self.people]
        self.tied = np.zeros((len(self.people), len(self.units)), dtype=np.bool_)
        self.may = self._seats()
        self.price_rows: list[list[int]] = self.visit_price.tolist()

    @staticmethod
    def _refer(ids: Sequence[str | None], at: dict[str, int]) -> Ints:
        return np.array([-1 if row is None else at[row] for row in ids], dtype=np.int64)

    @staticmethod
    def _marks(rows: list[list[bool]], width: int) -> Bools:
        return np.array(rows, dtype=np.bool_).reshape(len(rows), width)

    def _office_caps(self) -> Ints:
        """At most `max_out` out and at least `min_home` present at home, counted for each round (H09)."""
        caps = np.zeros((len(self.problem.offices), len(self.rounds)), dtype=np.int64)
        for person, office in enumerate(self.office):
            if office >= 0:
                caps[office] += self.present[person]
        for i, office in enumerate(self.problem.offices):
            caps[i] = np.minimum(caps[i] - office.min_home, _or_none(office.max_out))
        return np.maximum(caps, 0)

    def _distinct(self, attribute: str | None) -> Ints | None:
        return {None: None, "home_unit": self.home, "office": self.office}[attribute]

    def _distances(self) -> Ints:
        """Whole kilometres, floor(d + 0.5); 0 where a place is unknown."""
        km = np.zeros((len(self.people), len(self.units)), dtype=np.int64)
        placed = [u for u, unit in enumerate(self.units) if unit.x_km is not None and unit.y_km is not None]
        x = np.array([self.units[u].x_km for u in placed], dtype=np.float64)
        y = np.array([self.units[u].y_km for u in placed], dtype=np.float64)
        for p, person in enumerate(self.people):
            if person.x_km is None or person.y_km is None:
                continue
            exact = np.hypot(x - person.x_km, y - person.y_km)
            whole = np.floor(exact + 0.5)
            # The last digit may differ from the referee's, which only matters beside the half kilometre.
            for i in np.nonzero(np.abs(exact % 1.0 - 0.5) < BESIDE_THE_HALF)[0].tolist():
                whole[i] = math.floor(math.hypot(x[i] - person.x_km, y[i] - person.y_km) + 0.5)
            km[p, placed] = whole
        return km

    def _seats(self) -> list[Bools]:
        allowed = np.ones((len(self.people), len(self.units)), dtype=np.bool_)
        for person, unit in enumerate(self.home):
            if unit >= 0:
                allowed[person, unit] = False
        for tie in self.problem.ties:
            person = self.person_at[tie.person]
            if tie.unit is not None:
                unit = self.unit_at[tie.unit]
                if tie.hard:
                    self.tied[person, unit] = True
                else:
                    self.visit_price[person, unit] += tie.cost
            elif tie.other is not None:
                other = self.person_at[tie.other]
                for one, two in ((person, other), (other, person)):
                    if tie.hard:
                        self.foes[one].add(two)
                    else:
                        self.friction[one][two] = self.friction[one].get(two, 0) + tie.cost
        passing = {skill: self._crossing(skill) for slot in self.slots for skill in slot.needs}
        seats = []
        for slot in self.slots:
            passes = np.zeros_like(allowed)
            for skill in slot.needs:
                has = np.array([skill in person.skills for person in self.people], dtype=np.bool_)
                passes |= has[:, None] & passing[skill]
            seats.append(passes & allowed & ~self.tied)
        return seats

    def _crossing(self, skill: str) -> Bools:
        """P×U: the crossing rule of the skill lets the person visit the unit (H06)."""
        rule = self.problem.rules.crossing_for(skill)
        zones = [self.problem.zone_of(area.id) for area in self.problem.areas]
        zone_of = np.append(self._refer(zones, self.area_at), -1)  # the last one answers for "no area"
        person_zone, unit_zone = zone_of[self.person_area], zone_of[self.unit_area]
        same_area = self.person_area[:, None] == self.unit_area[None, :]
        same_zone = (person_zone[:, None] == unit_zone[None, :]) & (person_zone >= 0)[:, None]
        everywhere = np.ones_like(same_area)
        comes_from = {"any": everywhere, "area": same_area, "zone": same_zone}[rule.from_]
        belongs = {"unit": ~everywhere, "area": same_area, "zone": same_zone}[rule.not_]
        return (comes_from & ~belongs) | (self.person_area < 0)[:, None]


def _or_none(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit
