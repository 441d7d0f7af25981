"""Why this person sits here and not that one: what a seat costs by term, who comes next, who may not and why.
It changes no plan and finds no better one; what a rule or quota costs as a whole is in relax.py.

Every price is a difference of the total objective, by the referee's own cost functions; its sentences
are made in words.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from planners.books.draft import Crew
from planners.books.eligibility import why_not
from planners.books.seating import Books, opened
from planners.books.tables import Tables
from planners.problem import Member, Plan, Problem, Team
from planners.referee.costs import all_terms
from planners.rulebook.table import TERMS
from planners.rulebook.values import Bar

#: Candidates that are named for a seat.
NEXT = 3


@dataclass(frozen=True, slots=True)
class Price:
    """A difference of the objective; `terms` are weighted, sum up to `total` and leave out noughts."""

    total: int
    terms: Mapping[str, int] = field(hash=False)

    def words(self) -> str:
        """`+12（路程+7、工作量+5）`."""
        inside = "、".join(f"{TERMS[term]}{cost:+d}" for term, cost in self.terms.items())
        return f"{self.total:+d}" + (f"（{inside}）" if inside else "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take the seat of `instead_of` (None: a free one) at once.

    `price` is what the plan would cost more (or less).
    """

    person: str
    price: Price
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class SeatAccount:
    """One seat: its `price` against leaving it empty, the next candidates, and how many each rule bars.

    `barred` counts people with a needed skill by the first rule in their way.
    """

    unit: str
    round: str
    team: str
    slot: str
    person: str
    price: Price
    next: tuple[Candidate, ...]
    barred: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a person does not hold a slot at a unit: `bars`, or, without any, the price of taking the seat.

    `instead_of` is the holder whose seat is meant, None for a seat that is free.
    """

    unit: str
    slot: str
    person: str
    instead_of: str | None
    bars: tuple[Bar, ...]
    price: Price | None


class Explainer:
    """Answers about one plan. A unit that nobody visits has no seats: both answers are empty for it."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.tables = Tables(problem)
        self.books: Books = opened(self.tables, plan)
        self.draft = self.books.draft

    def seats(self, unit: str, slot: str | None = None, first: int = NEXT) -> tuple[SeatAccount, ...]:
        """An account of each seat of the unit's team, or of one slot of it, with the `first` candidates.

        KeyError for unknown ids.
        """
        crew, team = self._team(unit)
        if crew is None or team is None:
            return ()
        wanted = self.problem.slot(slot).id if slot is not None else None
        return tuple(
            self._account(crew, team, unit, member, first)
            for member in team.members
            if wanted in (None, member.slot)
        )

    def person(self, unit: str, person: str, slot: str | None = None) -> tuple[Verdict, ...]:
        """Why the person is not in the slot, or in none for which a skill would do; empty for who is.

        KeyError for unknown ids.
        """
        crew, team = self._team(unit)
        who = self.problem.person(person)
        slots = [self.problem.slot(slot)] if slot is not None else list(self.problem.template.slots)
        fitting = [s for s in slots if set(s.needs) & set(who.skills)] or slots[:1]
        if crew is None or team is None:
            return ()
        return tuple(
            self._verdict(crew, team, unit, seat.id, person)
            for seat in fitting
            if person not in team.holders(seat.id)
        )

    # ------------------------------------------------------------ seats

    def _team(self, unit: str) -> tuple[Crew | None, Team | None]:
        crew = self.books.crew_of(self.tables.unit_at[self.problem.unit(unit).id])
        team = next((team for team in self.plan.teams if unit in team.units), None)
        return crew, team

    def _account(self, crew: Crew, team: Team, unit: str, member: Member, first: int) -> SeatAccount:
        slot, holder = self.tables.slot_at[member.slot], self.tables.person_at[member.person]
        price = self._price(team, None, member, base=_without(team, member))
        self.draft.unseat(crew, slot, holder)
        ranked, barred = self._ranked(crew, slot, holder)
        self.draft.seat(crew, slot, holder)
        following = tuple(self._candidate(team, member, person) for person in ranked[:first])
        return SeatAccount(
            unit,
            team.round,
            team.id,
            member.slot,
            member.person,
            price,
            following,
            dict(sorted(barred.items())),
        )

    def additions(self, unit: str, slot: str, first: int = NEXT) -> tuple[Candidate, ...]:
        """Who could be added to the unit's team in that slot, cheapest first; nobody where it is full.

        KeyError for unknown ids.
        """
        crew, team = self._team(unit)
        seat = self.problem.slot(slot)
        if crew is None or team is None or len(team.holders(slot)) >= seat.max:
            return ()
        ranked, _ = self._ranked(crew, self.tables.slot_at[slot], None)
        return tuple(self._candidate(team, None, person, slot) for person in ranked[:first])

    def _ranked(self, crew: Crew, slot: int, holder: int | None) -> tuple[list[str], Counter[str]]:
        """Who could take the free seat, cheapest first, and how many each rule bars."""
        ranked: list[tuple[int, str]] = []
        barred: Counter[str] = Counter()
        for person in range(len(self.tables.people)):
            if person == holder or not self.tables.fits[slot, person]:
                continue
            rule = "H12" if holder in crew.pinned else self.draft.bar(crew, slot, person)
            if rule is not None:
                barred[rule] += 1
            else:
                ranked.append((self.draft.price_of(crew, slot, person), self.tables.people[person].id))
        return [person for _, person in sorted(ranked)], barred

    def _candidate(self, team: Team, member: Member | None, person: str, slot: str = "") -> Candidate:
        price = self._price(team, member, Member(person, member.slot if member is not None else slot))
        return Candidate(person, price, member.person if member is not None else None)

    def _price(self, team: Team, out: Member | None, into: Member | None, base: Team | None = None) -> Price:
        """What exchanging one member costs; only costs of the teams of these two people can differ."""
        before = base if base is not None else team
        after = _without(before, out) if out is not None else before
        if into is not None:
            after = replace(after, members=(*after.members, into))
        people = {member.person for member in (out, into) if member is not None}
        others = [
            other
            for other in self.plan.teams
            if other is not team and any(member.person in people for member in other.members)
        ]
        then, now = all_terms(self.problem, [*others, before]), all_terms(self.problem, [*others, after])
        terms = {term: self.problem.weights.of(term) * (now[term] - then[term]) for term in now}
        return Price(sum(terms.values()), {term: cost for term, cost in terms.items() if cost})

    # ------------------------------------------------------------ people who were not chosen

    def _verdict(self, crew: Crew, team: Team, unit: str, slot: str, person: str) -> Verdict:
        """Against each holder in turn: whose seat comes cheapest, or is barred by the fewest rules."""
        seat = self.problem.slot(slot)
        holders = [Member(holder, slot) for holder in team.holders(slot)]
        free = [None] if len(holders) < seat.max else []
        options: list[Verdict] = []
        for holder in [*holders, *free]:
            bars = self._bars(crew, team, slot, person, holder)
            price = None if bars else self._price(team, holder, Member(person, slot))
            instead = holder.person if holder is not None else None
            options.append(Verdict(unit, slot, person, instead, bars, price))
        return min(options, key=lambda v: (len(v.bars), v.price.total if v.price is not None else 0))

    def _bars(
        self, crew: Crew, team: Team, slot_id: str, person_id: str, holder: Member | None
    ) -> tuple[Bar, ...]:
        """Every rule in the way if the holder's seat were free."""
        problem, draft, tables = self.problem, self.draft, self.tables
        person, slot = problem.person(person_id), problem.slot(slot_id)
        bars = []
        for unit in map(problem.unit, team.units):
            bars += [bar for bar in why_not(problem, person, unit, slot, team.round) if bar.rule != "H02"]
        seat = None
        if holder is not None:
            seat = (crew, tables.slot_at[slot_id], tables.person_at[holder.person])
            draft.unseat(*seat)
        try:
            bars += self._bars_now(crew, team, slot_id, person_id)
        finally:
            if seat is not None:
                draft.seat(*seat)
        if holder is not None and tables.person_at[holder.person] in crew.pinned:
            bars.append(Bar.of("H12", "held", other=holder.person))
        return tuple(dict.fromkeys(bars))

    def _bars_now(self, crew: Crew, team: Team, slot_id: str, person_id: str) -> list[Bar]:
        """What other postings forbid: same round, number of teams, quota, host, foes, pins, mutual lead."""
        problem, draft, tables = self.problem, self.draft, self.tables
        who, slot, round_ = tables.person_at[person_id], tables.slot_at[slot_id], crew.round
        person, here = problem.person(person_id), {"round": team.round}
        bars = []
        for other in self.plan.teams:
            near = problem.round_index(other.round) in tables.near[round_]
            if near and any(m.person == person_id for m in other.members):
                bars.append(Bar.of("H04", "busy", **here, team=other.id, units=other.units))
        if draft.load[who] >= tables.max_teams[who]:
            bars.append(Bar.of("H04", "limit", n=int(draft.load[who]), most=person.max_teams))
        office = int(tables.office[who])
        busy = bool(draft.busy[who, round_])
        if office >= 0 and not busy and draft.out[office, round_] >= tables.cap[office, round_]:
            record = problem.offices[office]
            quota = {"n": int(draft.out[office, round_]), "least": record.min_home}
            if record.max_out is None:
                bars.append(Bar.of("H09", "home", office=record.id, **here, **quota))
            else:
                bars.append(Bar.of("H09", "out", office=record.id, **here, **quota, most=record.max_out))
        if problem.rules.host_stays and draft.hosting[who, round_] and person.home_unit is not None:
            bars.append(Bar.of("H10", unit=person.home_unit, **here))
        for foe in sorted(tables.foes[who].intersection(crew.members())):
            other_id = tables.people[foe].id
            kinds = [t.kind for t in problem.ties if t.hard and {t.person, t.other} == {person_id, other_id}]
            bars.append(Bar.of("H08", other=other_id, kinds=kinds))
        if who in crew.banned:
            bars.append(Bar.of("H12", "excluded"))
        attribute = tables.distinct[slot]
        if attribute is not None and attribute[who] >= 0:
            for same in crew.seats[slot]:
                if attribute[same] == attribute[who]:
                    bars.append(Bar.of("H03", "alike", other=tables.people[same].id))
        if slot == 0 and draft.would_mirror(crew, who):
            bars.append(Bar.of("H11", **here))
        return bars


def _without(team: Team, member: Member) -> Team:
    return replace(team, members=tuple(other for other in team.members if other != member))
