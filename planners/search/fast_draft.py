"""Small changes to a draft, hundreds of thousands a second, each at its exact price and only if it is legal.
It knows every rule and cost that a change can touch; which changes are tried is anneal.py's business."""

from __future__ import annotations

from planners.search.fast_seats import FastSeats

Snapshot = tuple[list[int], list[int], list[list[int]]]  # holder of each seat; round and units of each team


class FastDraft(FastSeats):
    """The moves of the search; each is carried out and True when it is legal and costs at most its limit."""

    # ------------------------------------------------------------ moves: carried out when cheap enough

    def replace(self, k: int, person: int, limit: float) -> bool:
        """The person instead of the holder, who goes home, if that costs at most `limit` more."""
        c, holder = self.crew[k], self.holder[k]
        round_ = self.round[c]
        slot = self.slot[k]
        delta = self.km(person, c, slot) - self.km(holder, c, slot)
        more = self.load[person] + self.past[person] - self.load[holder] - self.past[holder]
        delta += 2 * self.load_weight * (more + 1)
        slack = self.pair_weight * self.repeated[holder] + self.pair_slack
        if delta - slack - self.revisit_weight > limit:
            return False
        if self.load[person] >= self.most[person]:
            return False
        one, two = self.office[person], self.office[holder]
        if one != two and self.full(one, round_):
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
        here, there = self.slot[k], self.slot[m]
        delta = self.km(q, one, here) - self.km(p, one, here)
        delta += self.km(p, two, there) - self.km(q, two, there)
        slack = 2 * self.pair_slack
        slack += self.pair_weight * (self.repeated[p] + self.repeated[q]) + 2 * self.revisit_weight
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
        if (self.away[p] | self.hosting[p]) >> second & 1 or (self.away[q] | self.hosting[q]) >> first & 1:
            return False
        if self.busy[p] & ~(1 << first) & self.same_days[second]:
            return False
        if self.busy[q] & ~(1 << second) & self.same_days[first]:
            return False
        mine, theirs = self.office[p], self.office[q]
        if mine == theirs:
            return True
        return not self.full(mine, second) and not self.full(theirs, first)

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
        if self.pinned[one] or self.pinned[two]:
            return False
        if not self.is_open[u][second] or (v >= 0 and not self.is_open[v][first]):
            return False
        delta = self.round_price[u][second] - self.round_price[u][first]
        if v >= 0:
            delta += self.round_price[v][first] - self.round_price[v][second]
        for c, old, new in ((one, u, v), (two, v, u)):
            for k in self.seats[c]:
                row = self.price[self.slot[k]][self.holder[k]]
                delta += (row[new] if new >= 0 else 0) - (row[old] if old >= 0 else 0)
        if delta - self.revisit_weight * (len(self.team[one]) + len(self.team[two])) > limit:
            return False
        for c, new in ((one, v), (two, u)):
            if new >= 0 and not all(self.may[self.slot[k]][self.holder[k]][new] for k in self.seats[c]):
                return False
        if self.remembers:
            for c, old, new in ((one, u, v), (two, v, u)):
                gone, come = [old] if old >= 0 else [], [new] if new >= 0 else []
                if any(self.barred(person, come, self.round[c]) for person in self.team[c]):
                    return False
                for person in self.team[c]:
                    delta += self.again(person, come, self.round[c]) - self.again(person, gone, self.round[c])
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
        """Two teams of different rounds change rounds, people and units and all; costs risk and memory."""
        first, second = self.round[one], self.round[two]
        if self.pinned[one] or self.pinned[two]:
            return False
        price = self.round_price
        delta = sum(price[u][second] - price[u][first] for u in self.units[one])
        delta += sum(price[u][first] - price[u][second] for u in self.units[two])
        for c, here, there in ((one, first, second), (two, second, first)) if self.remembers else ():
            for person in self.team[c]:
                if self.barred(person, self.units[c], there):
                    return False
                delta += self.again(person, self.units[c], there) - self.again(person, self.units[c], here)
        if delta > limit:
            return False
        if (
            len(self.units[one]) > self.tables.visits[second]
            or len(self.units[two]) > self.tables.visits[first]
        ):
            return False
        for c, other, here, there in ((one, two, first, second), (two, one, second, first)):
            for person in self.team[c]:
                gone = 1 << here | (1 << there if person in self.team[other] else 0)
                taken = self.busy[person] & ~gone & self.same_days[there]
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
        places = [self.office[person] * self.rounds + q for person in self.team[c] for q in self.near[round_]]
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
