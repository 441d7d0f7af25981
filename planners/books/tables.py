"""Lays a problem out as integers and arrays, in an order drawn from the seed, ready to build flows from.
It decides nothing: each array repeats a rule or a price; eligibility.py says the same in words."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from planners.books.by_day import away_in, near_rounds
from planners.books.crossing import Circles, avoided, passing_by_policy, passing_by_skill
from planners.books.eligibility import fits_slot, usable_skills
from planners.books.pairing import Paired, pairings_of
from planners.books.remembered import Recent, people_too_soon, seats_this_year, units_too_soon
from planners.policies import FORBID, Bodies, Policies
from planners.problem import Problem, Slot

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

    `may[s]` (P×U): H03, H05–H07 and H15 allow it, and H14 in some round. `fits` (S×P): skill and kind of
    body alone. `present` (P×R) and `is_open` (U×R): nobody off, no unit closed or visited too soon (H13).
    `cap` (O×R): how many of an office may be in teams (H09). `teams` and `visits` (R): room of a round.
    `visit_price` (P×U): weighted km plus soft person–unit ties; `seat_price[s]` (also as `price_rows`) adds
    what the slot avoids. `round_price` (U×R): risk and memory of a unit. `recent[u]`: who was there lately.
    """

    def __init__(self, problem: Problem, seed: int = 0, loose: bool = False) -> None:
        """`loose`, for what must hold of every plan: rounds that share days do not mind each other, and where
        visits may be short nobody is away for a part of a round only."""
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

        own = [(r,) for r in range(len(self.rounds))]
        self.near = own if loose else near_rounds(problem)  # per round those that share days with it
        days = problem.policies.days if problem.policies is not None else {}
        heed_days = not (loose and days)
        self.by_day = self.near != own or bool(days)
        beside = [frozenset(self.rounds[q].id for q in near) for near in self.near]
        self.present = self._marks(
            [
                [
                    beside[r].isdisjoint(p.off) and not (heed_days and away_in(problem, p, row))
                    for r, row in enumerate(self.rounds)
                ]
                for p in self.people
            ],
            len(self.rounds),
        )
        self.is_open = self._marks(
            [[r.id not in u.closed for r in self.rounds] for u in self.units], len(self.rounds)
        )
        self.cap = self._office_caps()
        self.fits = np.array(
            [[fits_slot(problem, p, slot) for p in self.people] for slot in self.slots], dtype=np.bool_
        ).reshape(len(self.slots), len(self.people))
        self.distinct = [self._distinct(slot.distinct) for slot in self.slots]
        self.km = self._distances()
        self.visit_price = self.km * self.weights.distance
        self.foes: list[set[int]] = [set() for _ in self.people]
        self.friction: list[dict[int, int]] = [{} for _ in self.people]
        self.tied = np.zeros((len(self.people), len(self.units)), dtype=np.bool_)
        self.own_forbidden = [True for _ in self.slots]
        everywhere = np.ones_like(self.tied)
        self.bodies = [everywhere for _ in self.slots]
        self.past_seats = seats_this_year(problem, self.people)
        self.round_price = self.weights.risk * self.risk[:, None] * np.arange(len(self.rounds))[None, :]
        self.too_soon = np.zeros_like(self.is_open)
        self.recent: list[dict[int, Recent]] = [{} for _ in self.units]
        self.pairings: list[Paired] = []
        if problem.policies is not None:
            self._remember(problem.policies)
        self.remembers = any(self.recent)
        self.seat_price: list[Ints] = []
        self.price_rows: list[list[list[int]]] = []
        self.may = self._seats()

    def _remember(self, policies: Policies) -> None:
        self.too_soon, dearer = units_too_soon(policies, self.units, self.rounds)
        self.is_open &= ~self.too_soon
        self.round_price = self.round_price + dearer
        self.recent = people_too_soon(policies, self.units, self.rounds, self.person_at)
        self.pairings = pairings_of(policies, self.slots, self.people)

    @staticmethod
    def _refer(ids: Sequence[str | None], at: dict[str, int]) -> Ints:
        return np.array([-1 if row is None else at[row] for row in ids], dtype=np.int64)

    @staticmethod
    def _marks(rows: list[list[bool]], width: int) -> Bools:
        return np.array(rows, dtype=np.bool_).reshape(len(rows), width)

    def _office_caps(self) -> Ints:
        """At most `max_out` out and at least `min_home` present at home, counted for each round (H09)."""
        caps = np.zeros((len(self.problem.offices), len(self.rounds)), dtype=np.int64)
        employed = self.office >= 0
        for round_, near in enumerate(self.near):
            there: Bools = np.all(self.present[employed][:, list(near)], axis=1)
            np.add.at(caps[:, round_], self.office[employed], there)
        for i, office in enumerate(self.problem.offices):
            if self.by_day and not office.min_home:
                caps[i] = (
                    NO_LIMIT  # whoever is absent in a round beside this one is no colleague kept at home
                )
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
        return self._by_road(km)

    def _by_road(self, km: Ints) -> Ints:
        """Minutes where the county's sheet of roads names them for both areas, kilometres elsewhere."""
        roads = self.problem.policies.minutes if self.problem.policies is not None else None
        if not roads:
            return km
        minutes = np.full((len(self.problem.areas) + 1,) * 2, -1, dtype=np.int64)  # the last is "no area"
        for (one, two), count in roads.items():
            minutes[self.area_at[one], self.area_at[two]] = count
        there = minutes[self.person_area[:, None], self.unit_area[None, :]]
        return np.where(there >= 0, there, km)

    def _seats(self) -> list[Bools]:
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
        circles = self._circles()
        policies = self.problem.policies
        self.seat_price = [self.visit_price for _ in self.slots]
        self.price_rows = [self.visit_price.tolist()] * len(self.slots)
        if policies is None:
            allowed = ~circles.unit & ~self.tied
            passing = {
                skill: passing_by_skill(circles, self.problem.rules.crossing_for(skill))
                for slot in self.slots
                for skill in slot.needs
            }
            return [self._seats_of(slot, passing) & allowed for slot in self.slots]
        seats = []
        self.own_forbidden = [policies.crossing_of(slot.id).unit == FORBID for slot in self.slots]
        never = self._never()
        for number, slot in enumerate(self.slots):
            entry = policies.crossing_of(slot.id)
            self.bodies[number] = self._bodies(policies, slot.id)
            passes = passing_by_policy(circles, entry) & self.bodies[number] & ~self.tied & ~never
            seats.append(passes & self.fits[number][:, None])
            if (dearer := avoided(circles, entry)) is not None:
                self.seat_price[number] = self.visit_price + dearer
                self.price_rows[number] = self.seat_price[number].tolist()
        return seats

    def _seats_of(self, slot: Slot, passing: dict[str, Bools]) -> Bools:
        passes = np.zeros((len(self.people), len(self.units)), dtype=np.bool_)
        for skill in slot.needs:
            has = np.array([skill in person.skills for person in self.people], dtype=np.bool_)
            passes |= has[:, None] & passing[skill]
        return passes

    def _circles(self) -> Circles:
        zones = [self.problem.zone_of(area.id) for area in self.problem.areas]
        zone_of = np.append(self._refer(zones, self.area_at), -1)  # the last one answers for "no area"
        person_zone, unit_zone = zone_of[self.person_area], zone_of[self.unit_area]
        nowhere = (self.person_area < 0)[:, None]
        return Circles(
            unit=self.home[:, None] == np.arange(len(self.units))[None, :],
            area=(self.person_area[:, None] == self.unit_area[None, :]) & ~nowhere,
            zone=(person_zone[:, None] == unit_zone[None, :]) & (person_zone >= 0)[:, None],
            placeless=nowhere,
        )

    def _bodies(self, policies: Policies, slot: str) -> Bools:
        """P×U: the person's office supervises the unit, or does not, as the slot asks (H15)."""
        wanted = policies.bodies.get(slot, Bodies()).supervises
        held = np.ones((len(self.people), len(self.units)), dtype=np.bool_)
        if wanted is not None:
            held[:] = wanted == "must_not"
            for p, person in enumerate(self.people):
                for unit in policies.supervised.get(person.office or "", ()):
                    held[p, self.unit_at[unit]] = wanted == "must"
        return held

    def _never(self) -> Bools:
        """P×U: in every round somebody is barred who was there too recently (H14)."""
        never = np.zeros((len(self.people), len(self.units)), dtype=np.bool_)
        for unit, recent in enumerate(self.recent):
            for person, row in recent.items():
                never[person, unit] = row.barred == (1 << len(self.rounds)) - 1
        return never

    def bars_in(self, person: int, unit: int, round_: int) -> bool:
        """Whether the person was at the unit too recently for that round (H14)."""
        row = self.recent[unit].get(person)
        return row is not None and bool(row.barred >> round_ & 1)

    def may_in(self, slot: int, round_: int) -> Bools:
        """P×U: `may` of the slot without those who were there too recently for the round (H14)."""
        if not self.remembers:
            return self.may[slot]
        may = self.may[slot].copy()
        for unit, recent in enumerate(self.recent):
            for person, row in recent.items():
                may[person, unit] &= not row.barred >> round_ & 1
        return may

    def why_barred(self, slot: int, person: int, unit: int) -> str:
        """Code of the rule that keeps somebody with the skill from this unit in every round."""
        if self.home[person] == unit and self.own_forbidden[slot]:
            return "H05"
        if self.tied[person, unit]:
            return "H07"
        if not self.bodies[slot][person, unit]:
            return "H15"
        always = (1 << len(self.rounds)) - 1
        if (row := self.recent[unit].get(person)) is not None and row.barred == always:
            return "H14"
        return "H06"

    def unfit(self, slot: int, person: int) -> str:
        """Code of the rule that keeps somebody from the slot everywhere: the skill, or the kind of body."""
        return "H15" if usable_skills(self.people[person], self.slots[slot]) else "H03"


def _or_none(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit
