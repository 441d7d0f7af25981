"""A draft as plain lists, for hundreds of thousands of small changes a second, each at its exact price.
It knows every rule and cost that a change can touch; which changes are tried is anneal.py's business."""

from __future__ import annotations

from planners.books.draft import Crew, Draft
from planners.books.tables import NO_LIMIT

Snapshot = tuple[list[int], list[int], list[list[int]]]  # holder of each seat; round and units of each team


class Floor:
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
        self.risk_weight, self.load_weight = weights.risk, weights.load
        self.pair_weight, self.revisit_weight = weights.pair, weights.revisit
        self.price = tables.price_rows
        self.may = [[row.tobytes() for row in may] for may in tables.may]
        self.is_open = [row.tobytes() for row in tables.is_open]
        self.risk: list[int] = tables.risk.tolist()
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
        self.bound = [bool(c.pinned or c.pinned_units or c.banned) for c in self.crews]
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
        self.out[self.office[person] * self.rounds + round_] += 1
        self.seat_at[person * self.rounds + round_] = k
        if self.slot[k] == 0:
            self._lead(person, self.crew[k], 1)

    def _exit(self, k: int, person: int) -> None:
        round_ = self.round[self.crew[k]]
        self.load[person] -= 1
        self.busy[person] ^= 1 << round_
        self.out[self.office[person] * self.rounds + round_] -= 1
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
        """Whether the person may sit there instead of the holder (H03, H05–H08, H12), whatever the round."""
        c, slot = self.crew[k], self.slot[k]
        may = self.may[slot][person]
        for unit in self.units[c]:
            if not may[unit]:
                return False
        holder = self.holder[k]
        foes = self.foes[person]
        if foes and any(other in foes and other != holder for other in self.team[c]):
            return False
        if self.bound[c] and person in self.crews[c].banned:
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
        return cost

    def km(self, person: int, c: int) -> int:
        """Weighted distance and ties to units of somebody in that team."""
        row = self.price[person]
        units = self.units[c]
        return row[units[0]] if len(units) == 1 else sum([row[unit] for unit in units])

    # ------------------------------------------------------------ moves: carried out when cheap enough

    def replace(self, k: int, person: int, limit: float) -> bool:
        """The person instead of the holder, who goes home, if that costs at most `limit` more."""
        c, holder = self.crew[k], self.holder[k]
        round_ = self.round[c]
        delta = self.km(person, c) - self.km(holder, c)
        delta += 2 * self.load_weight * (self.load[person] - self.load[holder] + 1)
        if delta - self.pair_weight * self.repeated[holder] - self.revisit_weight > limit:
            return False
        if self.load[person] >= self.most[person]:
            return False
        one, two = self.office[person], self.office[holder]
        place = one * self.rounds + round_
        if one != two and self.out[place] >= self.cap[place]:
            return False
        if not self.fits(person, k):
            return False
        delta += self.leaving(k) + self.joining(person, k, -1)
        if delta > limit:
            return False
        self._leave(k)
        if self.slot[k] == 0 and self._mirrors(person, c):
            self._take(k, holder)
            return False
        self._take(k, person)
        self.cost += delta
        return True

    def swap(self, k: int, m: int, limit: float) -> bool:
        """The holders of two seats change places, in one round or in two, if that costs at most `limit`."""
        one, two = self.crew[k], self.crew[m]
        p, q = self.holder[k], self.holder[m]
        delta = self.km(q, one) - self.km(p, one) + self.km(p, two) - self.km(q, two)
        slack = self.pair_weight * (self.repeated[p] + self.repeated[q]) + 2 * self.revisit_weight
        if delta - slack > limit:
            return False
        if self.round[one] != self.round[two] and not self._may_change_rounds(k, m):
            return False
        if not self.fits(q, k) or not self.fits(p, m):
            return False
        delta += self.leaving(k) + self.leaving(m) + self.joining(q, k, two) + self.joining(p, m, one)
        if delta > limit:
            return False
        self._leave(k)
        self._leave(m)
        if self._seat_both(k, q, m, p):
            self.cost += delta
            return True
        self._take(k, p)
        self._take(m, q)
        return False

    def _may_change_rounds(self, k: int, m: int) -> bool:
        """H04, H09 and H10 for two people who change places between two rounds."""
        p, q = self.holder[k], self.holder[m]
        first, second = self.round[self.crew[k]], self.round[self.crew[m]]
        if (self.busy[p] | self.away[p] | self.hosting[p]) >> second & 1:
            return False
        if (self.busy[q] | self.away[q] | self.hosting[q]) >> first & 1:
            return False
        mine, theirs = self.office[p], self.office[q]
        if mine == theirs:
            return True
        there, here = mine * self.rounds + second, theirs * self.rounds + first
        return self.out[there] < self.cap[there] and self.out[here] < self.cap[here]

    def _seat_both(self, k: int, q: int, m: int, p: int) -> bool:
        """Seats two people in two empty seats, or, where that makes mutual leads (H11), neither."""
        if self.slot[k] == 0 and self._mirrors(q, self.crew[k]):
            return False
        self._take(k, q)
        if self.slot[m] == 0 and self._mirrors(p, self.crew[m]):
            self._leave(k)
            return False
        self._take(m, p)
        return True

    def exchange(self, one: int, two: int, u: int, v: int, limit: float) -> bool:
        """Two teams exchange a unit, u for v (v < 0: u moves), and keep their people, within `limit`."""
        first, second = self.round[one], self.round[two]
        if self.bound[one] or self.bound[two]:
            return False
        if not self.is_open[u][second] or (v >= 0 and not self.is_open[v][first]):
            return False
        risk = self.risk[u] - (self.risk[v] if v >= 0 else 0)
        delta = self.risk_weight * risk * (second - first)
        for c, old, new in ((one, u, v), (two, v, u)):
            for person in self.team[c]:
                row = self.price[person]
                delta += (row[new] if new >= 0 else 0) - (row[old] if old >= 0 else 0)
        if delta - self.revisit_weight * (len(self.team[one]) + len(self.team[two])) > limit:
            return False
        for c, new in ((one, v), (two, u)):
            if new >= 0 and not all(self.may[self.slot[k]][self.holder[k]][new] for k in self.seats[c]):
                return False
        if first != second and self.host_stays:
            if any(self.busy[p] >> second & 1 for p in self.tables.residents[u]):
                return False
            if v >= 0 and any(self.busy[p] >> first & 1 for p in self.tables.residents[v]):
                return False
        before = (self.units[one], self.areas[one], self.units[two], self.areas[two])
        news = [[v if x == u else x for x in self.units[one]], [u if x == v else x for x in self.units[two]]]
        if v < 0:
            news = [[x for x in self.units[one] if x != u], [*self.units[two], u]]
        delta += self._visit(one, news[0]) + self._visit(two, news[1])
        if delta > limit or self._mirrored(one) or self._mirrored(two):
            self._visit(one, before[0])
            self._visit(two, before[2])
            return False
        self._host(u, second)
        self.crew_of[u] = two
        if v >= 0:
            self._host(v, first)
            self.crew_of[v] = one
        self.cost += delta
        return True

    def _visit(self, c: int, units: list[int]) -> int:
        """Sets the units of a team; what that costs in revisits."""
        areas = sorted({area for unit in units if (area := self.unit_area[unit]) >= 0})
        old, cost = self.areas[c], 0
        self.units[c] = units
        if areas == old:
            return 0
        self._leads_of(c, -1)
        for person in self.team[c]:
            seen = self.seen[person]
            for area in old:
                seen[area] -= 1
                if seen[area] > 0:
                    cost -= self.revisit_weight
            for area in areas:
                times = seen.get(area, 0)
                if times > 0:
                    cost += self.revisit_weight
                seen[area] = times + 1
        self.areas[c] = areas
        self._leads_of(c, 1)
        return cost

    def _leads_of(self, c: int, step: int) -> None:
        for k in self.seats[c]:
            if self.slot[k] == 0:
                self._lead(self.holder[k], c, step)

    def _mirrored(self, c: int) -> bool:
        return any(self.slot[k] == 0 and self._mirrors(self.holder[k], c) for k in self.seats[c])

    def shift(self, one: int, two: int, limit: float) -> bool:
        """Two teams of different rounds change rounds, people and units and all; costs only risk."""
        first, second = self.round[one], self.round[two]
        if self.bound[one] or self.bound[two]:
            return False
        risk = sum(self.risk[u] for u in self.units[one]) - sum(self.risk[u] for u in self.units[two])
        delta = self.risk_weight * risk * (second - first)
        if delta > limit:
            return False
        if (
            len(self.units[one]) > self.tables.visits[second]
            or len(self.units[two]) > self.tables.visits[first]
        ):
            return False
        for c, other, there in ((one, two, second), (two, one, first)):
            for person in self.team[c]:
                taken = self.busy[person] >> there & 1 and person not in self.team[other]
                if taken or (self.away[person] | self.hosting[person]) >> there & 1:
                    return False
            for unit in self.units[c]:
                if not self.is_open[unit][there]:
                    return False
                if self.host_stays and any(self.busy[p] >> there & 1 for p in self.tables.residents[unit]):
                    return False
        self._change_rounds(one, two)
        if self._over_quota(one) or self._over_quota(two) or self._mirrored(one) or self._mirrored(two):
            self._change_rounds(one, two)
            return False
        for c in (one, two):
            for unit in self.units[c]:
                self._host(unit, self.round[c])
        self.cost += delta
        return True

    def _change_rounds(self, one: int, two: int) -> None:
        for c in (one, two):
            for k in self.seats[c]:
                self._exit(k, self.holder[k])
        self.round[one], self.round[two] = self.round[two], self.round[one]
        for c in (one, two):
            for k in self.seats[c]:
                self._enter(k, self.holder[k])

    def _over_quota(self, c: int) -> bool:
        round_ = self.round[c]
        places = [self.office[person] * self.rounds + round_ for person in self.team[c]]
        return any(self.out[place] > self.cap[place] for place in places)

    # ------------------------------------------------------------ to and from the draft

    def snapshot(self) -> Snapshot:
        """All that moves, for `settle`."""
        return list(self.holder), list(self.round), list(self.units)  # lists of units are never changed

    def settle(self, snapshot: Snapshot) -> None:
        """Bring the draft to the state of a snapshot."""
        holder, rounds, units = snapshot
        rows = []
        for c, crew in enumerate(self.crews):
            seats: list[list[int]] = [[] for _ in crew.seats]
            for k in self.seats[c]:
                seats[self.slot[k]].append(holder[k])
            rows.append((crew, rounds[c], units[c], seats))
        self.draft.rearrange(rows)
