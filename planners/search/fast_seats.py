"""A draft as plain lists: each seat with its holder, what somebody else would cost there and may not do.
It changes one seat at a time and asks nobody; which changes are worth it is fast_draft.py's business."""

from __future__ import annotations

from planners.books.draft import Crew, Draft
from planners.books.pairing import unpaired
from planners.books.tables import NO_LIMIT


class FastSeats:
    """Seats (k), teams (c), people (p), units (u), rounds (r) by number; `cost` is always true.

    Sets of rounds are bits of one whole number. The number of seats never changes; seats of pinned people
    are `fixed`, and so are teams that a pin speaks of.
    """

    def __init__(self, draft: Draft) -> None:
        tables = draft.tables
        self.draft, self.tables = draft, tables
        self.cost = draft.cost
        rounds, people = len(tables.rounds), len(tables.people)
        self.rounds, self.places = rounds, len(tables.problem.areas)
        weights = tables.weights
        self.load_weight = weights.load
        self.past: list[int] = tables.past_seats.tolist()
        self.recent, self.remembers, self.pairings = tables.recent, tables.remembers, tables.pairings
        self.pair_slack = sum(row.cost for row in tables.pairings)  # what better company may save in a team
        self.pair_weight, self.revisit_weight = weights.pair, weights.revisit
        self.price = tables.price_rows
        self.may = [[row.tobytes() for row in may] for may in tables.may]
        self.is_open = [row.tobytes() for row in tables.is_open]
        self.round_price: list[list[int]] = tables.round_price.tolist()
        self.unit_area: list[int] = tables.unit_area.tolist()
        self.person_area: list[int] = tables.person_area.tolist()
        self.most: list[int] = tables.max_teams.tolist()
        self.distinct = [None if row is None else row.tolist() for row in tables.distinct]
        self.foes, self.friction = tables.foes, tables.friction
        self.host_stays = tables.problem.rules.host_stays
        self.apart = tables.problem.rules.no_mutual_lead
        # Whoever has no office gets the one after the last, which has no limit.
        offices = len(tables.problem.offices)
        self.office = [offices if o < 0 else o for o in tables.office.tolist()]
        self.cap: list[int] = [*tables.cap.ravel().tolist(), *[NO_LIMIT] * rounds]
        self.out = [0] * len(self.cap)
        self.near = tables.near
        self.same_days = [sum(1 << q for q in near) for near in tables.near]
        self.load = [0] * people
        self.busy = [0] * people
        self.away = [sum(1 << r for r in range(rounds) if not row[r]) for row in tables.present.tolist()]
        self.hosting = [0] * people
        self.seen: list[dict[int, int]] = [{} for _ in range(people)]
        self.met: list[dict[int, int]] = [{} for _ in range(people)]
        self.repeated = [0] * people  # of their pairs, those that met more than once
        self.seat_at: dict[int, int] = {}  # person × rounds + round → seat
        self.leads: list[dict[int, int]] = [{} for _ in range(rounds)]  # (home, area led in) → leaders

        self.crews: list[Crew] = [crew for crews in draft.crews for crew in crews]
        self.round: list[int] = [crew.round for crew in self.crews]
        self.units: list[list[int]] = [list(crew.units) for crew in self.crews]
        self.areas: list[list[int]] = [list(crew.areas) for crew in self.crews]
        self.pinned = [bool(c.pinned or c.pinned_units or c.banned) for c in self.crews]
        self.team: list[list[int]] = [[] for _ in self.crews]
        self.seats: list[list[int]] = [[] for _ in self.crews]
        self.crew: list[int] = []
        self.slot: list[int] = []
        self.place: list[int] = []  # of the seat in `team`
        self.holder: list[int] = []
        self.fixed: list[bool] = []
        self.crew_of = [-1] * len(tables.units)
        for c, crew in enumerate(self.crews):
            for unit in crew.units:
                self.crew_of[unit] = c
                self._host(unit, crew.round)
            for slot, holders in enumerate(crew.seats):
                for person in holders:
                    k = len(self.crew)
                    self.crew.append(c)
                    self.slot.append(slot)
                    self.place.append(len(self.team[c]))
                    self.holder.append(person)
                    self.fixed.append(person in crew.pinned)
                    self.seats[c].append(k)
                    self.team[c].append(person)
                    self._enter(k, person)
        for c, members in enumerate(self.team):
            for i, one in enumerate(members):
                for two in members[:i]:
                    self._meet(one, two)
            for area in self.areas[c]:
                for person in members:
                    self.seen[person][area] = self.seen[person].get(area, 0) + 1

    # ------------------------------------------------------------ books

    def _host(self, unit: int, round_: int) -> None:
        for person in self.tables.residents[unit]:
            self.hosting[person] = 1 << round_ if self.host_stays else 0

    def _enter(self, k: int, person: int) -> None:
        round_ = self.round[self.crew[k]]
        self.load[person] += 1
        self.busy[person] |= 1 << round_
        for q in self.near[round_]:
            self.out[self.office[person] * self.rounds + q] += 1
        self.seat_at[person * self.rounds + round_] = k
        if self.slot[k] == 0:
            self._lead(person, self.crew[k], 1)

    def _exit(self, k: int, person: int) -> None:
        round_ = self.round[self.crew[k]]
        self.load[person] -= 1
        self.busy[person] ^= 1 << round_
        for q in self.near[round_]:
            self.out[self.office[person] * self.rounds + q] -= 1
        del self.seat_at[person * self.rounds + round_]
        if self.slot[k] == 0:
            self._lead(person, self.crew[k], -1)

    def _lead(self, person: int, c: int, step: int) -> None:
        home, leads = self.person_area[person], self.leads[self.round[c]]
        if home >= 0:
            for area in self.areas[c]:
                if area != home:
                    key = home * self.places + area
                    leads[key] = leads.get(key, 0) + step

    def _mirrors(self, person: int, c: int) -> bool:
        """Whether the person would lead where somebody leads who leads in the person's area (H11)."""
        home, leads = self.person_area[person], self.leads[self.round[c]]
        return (
            self.apart
            and home >= 0
            and any(area != home and leads.get(area * self.places + home) for area in self.areas[c])
        )

    def _meet(self, one: int, two: int) -> None:
        times = self.met[one].get(two, 0) + 1
        self.met[one][two] = self.met[two][one] = times
        if times == 2:
            self.repeated[one] += 1
            self.repeated[two] += 1

    def _part(self, one: int, two: int) -> None:
        times = self.met[one][two] - 1
        if times:
            self.met[one][two] = self.met[two][one] = times
            if times == 1:
                self.repeated[one] -= 1
                self.repeated[two] -= 1
        else:
            del self.met[one][two], self.met[two][one]

    def _take(self, k: int, person: int) -> None:
        """Put the person into the seat, whose holder must have left."""
        c = self.crew[k]
        for i, other in enumerate(self.team[c]):
            if i != self.place[k] and other >= 0:
                self._meet(person, other)
        seen = self.seen[person]
        for area in self.areas[c]:
            seen[area] = seen.get(area, 0) + 1
        self.team[c][self.place[k]] = self.holder[k] = person
        self._enter(k, person)

    def _leave(self, k: int) -> None:
        c, person = self.crew[k], self.holder[k]
        self._exit(k, person)
        self.team[c][self.place[k]] = self.holder[k] = -1
        for other in self.team[c]:
            if other >= 0:
                self._part(person, other)
        seen = self.seen[person]
        for area in self.areas[c]:
            seen[area] -= 1

    # ------------------------------------------------------------ prices and rules of one seat

    def fits(self, person: int, k: int) -> bool:
        """Whether the person may sit there instead of the holder (H03, H05–H08, H12, H14, H15)."""
        c, slot = self.crew[k], self.slot[k]
        may = self.may[slot][person]
        for unit in self.units[c]:
            if not may[unit]:
                return False
        holder = self.holder[k]
        foes = self.foes[person]
        if foes and any(other in foes and other != holder for other in self.team[c]):
            return False
        if self.pinned[c] and person in self.crews[c].banned:
            return False
        if self.remembers and self.barred(person, self.units[c], self.round[c]):
            return False
        attribute = self.distinct[slot]
        if attribute is not None and (value := attribute[person]) >= 0:
            for other in self.seats[c]:
                if self.slot[other] == slot and other != k and attribute[self.holder[other]] == value:
                    return False
        return True

    def leaving(self, k: int) -> int:
        """What is saved in revisits, pairs and ties of people when the holder leaves the seat (negative)."""
        c, person = self.crew[k], self.holder[k]
        seen = self.seen[person]
        saved = 0
        for area in self.areas[c]:
            if seen[area] > 1:
                saved -= self.revisit_weight
        if self.repeated[person]:
            met = self.met[person]
            for other in self.team[c]:
                if other != person and met[other] > 1:
                    saved -= self.pair_weight
        friction = self.friction[person]
        if friction:
            for other in self.team[c]:
                saved -= friction.get(other, 0)
        return saved

    def joining(self, person: int, k: int, left: int) -> int:
        """What the person costs there instead of the holder, once gone from team `left` (−1: from none)."""
        c, holder = self.crew[k], self.holder[k]
        seen, met, friction = self.seen[person], self.met[person], self.friction[person]
        cost = 0
        for area in self.areas[c]:
            times = seen.get(area, 0)
            if times > 1 or (times and (left < 0 or area not in self.areas[left])):
                cost += self.revisit_weight
        for other in self.team[c]:
            if (
                other in met
                and other != holder
                and (met[other] > 1 or left < 0 or other not in self.team[left])
            ):
                cost += self.pair_weight
        if friction:
            for other in self.team[c]:
                if other != holder:
                    cost += friction.get(other, 0)
        if self.pairings:
            cost += self.company(c, k, person) - self.company(c, k, holder)
        return cost

    def company(self, c: int, k: int, person: int) -> int:
        """What the team costs for lack of somebody experienced when the person sits in seat `k` of it."""
        return unpaired(
            self.pairings, [(self.slot[m], person if m == k else self.holder[m]) for m in self.seats[c]]
        )

    def full(self, office: int, round_: int) -> bool:
        """Whether the office can send nobody more on a day of the round (H09)."""
        first = office * self.rounds
        return any(self.out[first + q] >= self.cap[first + q] for q in self.near[round_])

    def kept_away(self, person: int, round_: int) -> bool:
        """Whether absence, the own unit's visit or a team on the same days keeps somebody from the round."""
        kept = (self.away[person] | self.hosting[person]) >> round_ & 1
        return bool(kept or self.busy[person] & self.same_days[round_])

    def km(self, person: int, c: int, slot: int) -> int:
        """Weighted distance, ties to units, avoided crossing and memory of somebody in that team."""
        row = self.price[slot][person]
        units = self.units[c]
        if self.remembers:
            return sum([row[unit] for unit in units]) + self.again(person, units, self.round[c])
        return row[units[0]] if len(units) == 1 else sum([row[unit] for unit in units])

    def again(self, person: int, units: list[int], round_: int) -> int:
        """What it costs that the person was at these units not long ago."""
        rows = [row for unit in units if (row := self.recent[unit].get(person)) is not None]
        return sum(row.costs[round_] for row in rows)

    def barred(self, person: int, units: list[int], round_: int) -> bool:
        """Whether the person was at one of these units too recently for the round (H14)."""
        return any(self.tables.bars_in(person, unit, round_) for unit in units)
