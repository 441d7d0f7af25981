"""A plan under repair: which seats must be given up, who takes them, where a unit goes that must move.
It works on the planner's books and judges by its own standing; the referee comes after it, in replan.py.
"""

from __future__ import annotations

from planners.books.draft import Crew
from planners.books.seating import Books, Seats, seats_of
from planners.repair.moves import ways
from planners.repair.refill import Place, Seat, changed, least_lost, needed, refill
from planners.search.mending import Move

#: Other places that are tried for units which must move or cannot be staffed where they are, in all.
TRIALS = 8

#: More changes than a plan has seats.
UNKNOWN = 1 << 30

#: Units that nobody is sent to, lacking heads, changes, cost: what a repair is judged by, in this order.
Standing = tuple[int, int, int, int]


class Work:
    """A plan under repair: its books, how it was before, and from which round on seats may change."""

    def __init__(self, books: Books, first: int, seed: int) -> None:
        self.books, self.draft, self.first, self.seed = books, books.draft, first, seed
        self.tables = books.draft.tables
        self.before: Seats = seats_of(self.draft)
        self.round_before = {
            unit: crew.round for unit, crew in enumerate(self.draft.crew_of) if crew is not None
        }
        self.met: dict[Seat, str] = {}
        self.met_units: dict[Seat, tuple[int, ...]] = {}
        self.bound = 0

    def later(self) -> range:
        """The rounds that may change."""
        return range(self.first, len(self.tables.rounds))

    def seats(self, rounds: range | list[int]) -> list[Seat]:
        """All seats of these rounds but those of pinned people."""
        return [
            (crew, slot, person)
            for round_ in rounds
            for crew in self.draft.crews[round_]
            for slot, holders in enumerate(crew.seats)
            for person in holders
            if person not in crew.pinned
        ]

    def take_out(self) -> dict[Seat, str]:
        """Empties every seat that breaks a rule now, or shares in a rule that is broken; with the rule."""
        seats = self.seats(self.later())
        # Those who are away go first: their seats must not fill the quota of colleagues who may stay.
        found = {seat: "H04" for seat in seats if not self.tables.present[seat[2], seat[0].round]}
        for seat in found:
            self.draft.unseat(*seat)
        broken: dict[Seat, str] = {}
        for crew, slot, person in seats:
            if (crew, slot, person) in found:
                continue
            self.draft.unseat(crew, slot, person)
            rule = self.draft.bar(crew, slot, person)
            self.draft.seat(crew, slot, person)
            if rule is not None:
                broken[crew, slot, person] = rule
        for seat in broken:
            self.draft.unseat(*seat)
        found |= broken
        for seat in found:
            self.met_units.setdefault(seat, tuple(seat[0].units))
        self.met = found | self.met
        return found

    # ------------------------------------------------------------ filling

    def open_places(self) -> list[Place]:
        """Places from the first open round on that lost somebody or have fewer heads than they must."""
        return [
            (crew, slot)
            for crew, slot in self.places(self.later())
            if self.lacking((crew, slot)) or changed(self.draft, (crew, slot), self.before)
        ]

    def places(self, rounds: range | list[int]) -> list[Place]:
        """Every slot of every team of these rounds."""
        slots = range(len(self.tables.slots))
        return [(crew, slot) for round_ in rounds for crew in self.draft.crews[round_] for slot in slots]

    def lacking(self, place: Place) -> int:
        """Heads that the place must hold and does not; what lacked before does not count."""
        return max(0, needed(self.draft, place, self.before) - len(place[0].seats[place[1]]))

    def missing(self) -> int:
        """Heads that lack now and did not before."""
        return sum(map(self.lacking, self.places(self.later())))

    def fill(self, thorough: bool = True) -> bool:
        """Refills the open places, if need be by moving everybody of their rounds; whether that is proven."""
        places = self.open_places()
        if not places:
            return True
        filling = refill(self.draft, places, self.before, self.seed)
        if thorough:
            bounds = self._bounds(places)
            self.bound = sum(bounds.values())
        for seat in filling.seating:
            self.draft.seat(*seat)
        if not thorough:
            return False
        # Rounds are widened one by one: only max_teams joins them, and `_full_elsewhere` looks at that.
        unsettled = [round_ for round_, bound in bounds.items() if not self._settled(round_, bound)]
        widened = [self._widen([round_]) for round_ in unsettled]
        return all(widened)

    def _bounds(self, places: list[Place]) -> dict[int, int]:
        """Per round, before the places are filled, how many seats must be given up in any case."""
        rounds = dict.fromkeys(crew.round for crew, _ in places)
        return {
            round_: least_lost(
                self.draft, [place for place in places if place[0].round == round_], self.before, self.seed
            )
            for round_ in rounds
        }

    def _settled(self, round_: int, bound: int) -> bool:
        places = self.places([round_])
        if any(map(self.lacking, places)):
            return False
        return sum(changed(self.draft, place, self.before) for place in places) <= bound

    def _widen(self, rounds: list[int]) -> bool:
        """All seats of these rounds anew at once; keeps what there was unless that is better."""
        known = self.seats(rounds)
        standing = self.standing()
        full_elsewhere = self._full_elsewhere(rounds)
        for seat in known:
            self.draft.unseat(*seat)
        filling = refill(self.draft, self.places(rounds), self.before, self.seed, known)
        for seat in filling.seating:
            self.draft.seat(*seat)
        if self.standing() > standing:
            for seat in filling.seating:
                self.draft.unseat(*seat)
            for seat in known:
                self.draft.seat(*seat)
        return filling.proven and not full_elsewhere

    def _full_elsewhere(self, rounds: list[int]) -> bool:
        """Whether `max_teams` keeps somebody out of these rounds because of a later seat elsewhere."""
        full = {
            person for person, load in enumerate(self.draft.load) if load >= self.tables.max_teams[person]
        }
        others = [round_ for round_ in self.later() if round_ not in rounds]
        return any(person in full for _, _, person in self.seats(others))

    # ------------------------------------------------------------ units that must move

    def homeless(self) -> list[int]:
        """Units whose team comes when they are closed."""
        return [u for u, crew in enumerate(self.draft.crew_of) if crew is not None and self._closed(u, crew)]

    def _closed(self, unit: int, crew: Crew) -> bool:
        return crew.round >= self.first and not self.tables.is_open[unit, crew.round]

    def rehouse(self) -> bool:
        """Gives homeless units, then short ones, the place that changes least; whether that is proven.

        Proven: nothing lacks, and no legal plan in which the other units keep their teams changes less.
        """
        homeless = self.homeless()
        bound = len(homeless) + self._away_elsewhere(homeless)
        left = TRIALS
        for unit in homeless:
            tried, least = self._move(unit, left, must=True)
            left -= tried
            if len(homeless) == 1:
                bound += max(0, least - 1)
        for unit in [unit for crew in self._short() for unit in crew.units]:
            if left > 0 and self.draft.crew_of[unit] in self._short():
                left -= self._move(unit, left, must=False)[0]
        if not homeless:
            return not self.round_changed()
        lacking = self.missing() or any(self.draft.crew_of[unit] is None for unit in homeless)
        return not lacking and self.seats_changed() + self.round_changed() <= bound

    def _away_elsewhere(self, homeless: list[int]) -> int:
        """Seats lost in any case: their holders are away, and the units of their team stay."""
        return sum(
            len(self.met_units[seat])
            for seat in self.met
            if not self.tables.present[seat[2], seat[0].round]
            and not set(homeless).intersection(self.met_units[seat])
        )

    def _short(self) -> list[Crew]:
        return list(dict.fromkeys(place[0] for place in self.places(self.later()) if self.lacking(place)))

    def _move(self, unit: int, left: int, must: bool) -> tuple[int, int]:
        """The best place for one unit, or out of the plan if it `must` leave.

        Answers how many places were tried, and the fewest changes that moving this unit alone can bring:
        those it did bring, where a trial filled them with proof, or what `ways` says.
        """
        rounds = list(self.later())
        memory = self.draft.remember(rounds)
        best, kept, met_before = self.standing(), memory, dict(self.met)
        met = met_before
        if must and self.draft.crew_of[unit] is not None:
            self._apply([], leaving=unit)
            best, kept, met = self.standing(), self.draft.remember(rounds), self.met
            self.draft.restore(memory)
        elsewhere = self.seats_changed() - self._changed_at(unit)
        tried, least = 0, UNKNOWN
        for way in ways(self.draft, unit, self.first, self.before, self.round_before):
            settled = best[:2] == (0, 0) and elsewhere + way.least > best[2]
            if tried >= left or settled:
                if len(way.moves) == 1:
                    least = min(least, way.least)
                continue
            tried += 1
            self.met = dict(met_before)
            self._apply(list(way.moves))
            if (standing := self.standing()) < best:
                best, kept, met = standing, self.draft.remember(rounds), self.met
            if len(way.moves) == 1:
                least = min(least, way.least)
            self.draft.restore(memory)
        self.draft.restore(kept)
        self.met = met
        return tried, 0 if least == UNKNOWN else least

    def _changed_at(self, unit: int) -> int:
        crew = self.draft.crew_of[unit]
        if crew is None:
            return 0
        return sum(changed(self.draft, (crew, s), self.before) for s in range(len(self.tables.slots)))

    def _apply(self, moves: list[Move], leaving: int | None = None) -> None:
        """Carries out the moves; teams that they touch are filled anew, first by those who had the units."""
        draft = self.draft
        goals = [goal for _, goal in moves if isinstance(goal, Crew)]
        units = [unit for unit, _ in moves] + ([leaving] if leaving is not None else [])
        touched = list(dict.fromkeys([c for u in units if (c := draft.crew_of[u]) is not None] + goals))
        pinned = [
            (c, slot, p) for c in touched for slot, held in enumerate(c.seats) for p in held if p in c.pinned
        ]
        for crew in touched:
            draft.empty(crew)
        for unit in units:
            if (crew_left := draft.crew_of[unit]) is not None:
                draft.leave(crew_left, unit)
        for unit, goal in moves:
            if isinstance(goal, Crew):
                draft.visit(goal, unit)
            else:
                draft.open(goal, [unit])
        for crew in touched:
            if not crew.units:
                draft.close(crew)
        for seat in pinned:
            if seat[0].units and draft.bar(*seat) is None:
                draft.seat(*seat)
        self.take_out()
        self.fill(thorough=False)

    # ------------------------------------------------------------ how it stands

    def round_changed(self) -> int:
        """Units whose round differs, being left out included."""
        now = self._rounds()
        return sum(now.get(u) != self.round_before.get(u) for u in range(len(self.tables.units)))

    def _rounds(self) -> dict[int, int]:
        return {unit: crew.round for unit, crew in enumerate(self.draft.crew_of) if crew is not None}

    def seats_changed(self) -> int:
        """Seats lost or refilled, once per unit of the team."""
        return sum(changed(self.draft, place, self.before) for place in self.places(self.later()))

    def standing(self) -> Standing:
        """What a repair is judged by, smaller is better."""
        score = self.draft.score()
        lost = len(self.homeless())
        changes = self.seats_changed() + self.round_changed()
        return score.unvisited + lost + self._pins_hurt(), self.missing(), changes, score.cost

    def _pins_hurt(self) -> int:
        """Pinned people who lost their seat or hold it against a rule (a move can make them hosts, H10)."""
        hurt = 0
        for round_ in self.later():
            for crew in self.draft.crews[round_]:
                held = {person: slot for slot, holders in enumerate(crew.seats) for person in holders}
                for person in crew.pinned:
                    if person not in held:
                        hurt += 1
                        continue
                    self.draft.unseat(crew, held[person], person)
                    hurt += self.draft.bar(crew, held[person], person) is not None
                    self.draft.seat(crew, held[person], person)
        return hurt
