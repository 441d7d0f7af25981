"""Why this person sits here and not that one: what a seat costs by term, who comes next, who may not and why.
It changes no plan and finds no better one; what a rule or quota costs as a whole is in relax.py.

Every price is a difference of the total objective, by the referee's own cost functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from planners.books.draft import Crew
from planners.books.eligibility import Reason, why_not
from planners.books.seating import Books, opened
from planners.books.tables import Tables
from planners.problem import Member, Plan, Problem, Team
from planners.referee.broken import called
from planners.referee.costs import all_terms

#: Candidates that are named for a seat.
NEXT = 3

#: The circles that a policy of crossing speaks of.
CIRCLE_WORDS = {"unit": "本单位", "area": "本乡镇（本地）", "zone": "本片区"}

TERM_WORDS = {
    "risk": "风险先后",
    "distance": "路程",
    "load": "工作量",
    "pair": "重复搭档",
    "revisit": "重复到同一地方",
    "size": "人数偏离",
    "change": "改动",
    "soft_tie": "宜回避关系",
    "crossing": "宜交叉而未交叉",
    "memory": "近期去过",
    "pairing": "全组新人",
    "topic": "专题分担",
}


@dataclass(frozen=True, slots=True)
class Price:
    """A difference of the objective; `terms` are weighted, sum up to `total` and leave out noughts."""

    total: int
    terms: Mapping[str, int] = field(hash=False)

    def words(self) -> str:
        """`+12（路程+7、工作量+5）`."""
        inside = "、".join(f"{TERM_WORDS[term]}{cost:+d}" for term, cost in self.terms.items())
        return f"{self.total:+d}" + (f"（{inside}）" if inside else "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take the seat at once: `price` is what the plan would cost more (or less)."""

    person: str
    price: Price
    sentence: str


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
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule in somebody's way, with a sentence that names the record."""

    rule: str
    sentence: str


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
    sentence: str


def to_dict(answer: SeatAccount | Verdict) -> dict[str, object]:
    """Plain values for JSON."""
    return asdict(answer)


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
        who, seat = self.problem.person(member.person), self.problem.slot(member.slot)
        place = f"{called(self.problem.unit(unit))}“{seat.name}”：{called(who)}"
        cost = f"与此席位空缺相比，目标值{price.words()}"
        return SeatAccount(
            unit,
            team.round,
            team.id,
            member.slot,
            member.person,
            price,
            following,
            dict(sorted(barred.items())),
            f"{place}；{cost}。",
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
        verb = "换为" if member is not None else "增加"
        return Candidate(
            person, price, f"{verb}{called(self.problem.person(person))}，目标值{price.words()}。"
        )

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
        seat, who = self.problem.slot(slot), self.problem.person(person)
        holders = [Member(holder, slot) for holder in team.holders(slot)]
        free = [None] if len(holders) < seat.max else []
        options: list[Verdict] = []
        for holder in [*holders, *free]:
            bars = self._bars(crew, team, slot, person, holder)
            price = None if bars else self._price(team, holder, Member(person, slot))
            instead = holder.person if holder is not None else None
            start = f"{called(who)}未任{called(self.problem.unit(unit))}“{seat.name}”："
            if price is not None:
                whom = f"替换{called(self.problem.person(instead))}" if instead is not None else "增加此人"
                text = f"规则允许，{whom}则目标值{price.words()}"
            else:
                text = "；".join(f"{bar.sentence}（{bar.rule}）" for bar in bars)
            options.append(Verdict(unit, slot, person, instead, bars, price, f"{start}{text}。"))
        return min(options, key=lambda v: (len(v.bars), v.price.total if v.price is not None else 0))

    def _bars(
        self, crew: Crew, team: Team, slot_id: str, person_id: str, holder: Member | None
    ) -> tuple[Bar, ...]:
        """Every rule in the way if the holder's seat were free."""
        problem, draft, tables = self.problem, self.draft, self.tables
        person, slot = problem.person(person_id), problem.slot(slot_id)
        bars = []
        for unit in map(problem.unit, team.units):
            for reason in why_not(problem, person, unit, slot, team.round):
                if reason.rule != "H02":
                    bars.append(Bar(reason.rule, self._words(reason, person_id, team)))
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
            bars.append(Bar("H12", f"{called(problem.person(holder.person))}由固定安排指定在此席位"))
        return tuple(dict.fromkeys(bars))

    def _bars_now(self, crew: Crew, team: Team, slot_id: str, person_id: str) -> list[Bar]:
        """What other postings forbid: same round, number of teams, quota, host, foes, pins, mutual lead."""
        problem, draft, tables = self.problem, self.draft, self.tables
        who, slot, round_ = tables.person_at[person_id], tables.slot_at[slot_id], crew.round
        person, round_name = problem.person(person_id), problem.round(team.round).name
        bars = []
        for other in self.plan.teams:
            near = problem.round_index(other.round) in tables.near[round_]
            if near and any(m.person == person_id for m in other.members):
                units = "、".join(called(problem.unit(unit)) for unit in other.units)
                bars.append(Bar("H04", f"{round_name}已在{other.id}队（{units}）"))
        if draft.load[who] >= tables.max_teams[who]:
            bars.append(Bar("H04", f"已编入{int(draft.load[who])}个队，最多{person.max_teams}个"))
        office = int(tables.office[who])
        busy = bool(draft.busy[who, round_])
        if office >= 0 and not busy and draft.out[office, round_] >= tables.cap[office, round_]:
            record = problem.offices[office]
            limit = "" if record.max_out is None else f"、最多外派{record.max_out}人"
            bars.append(
                Bar(
                    "H09",
                    f"{called(record)}{round_name}已外派{int(draft.out[office, round_])}人，"
                    f"至少留守{record.min_home}人{limit}",
                )
            )
        if problem.rules.host_stays and draft.hosting[who, round_] and person.home_unit is not None:
            home = called(problem.unit(person.home_unit))
            bars.append(Bar("H10", f"{home}{round_name}接受检查，应留村"))
        for foe in sorted(tables.foes[who].intersection(crew.members())):
            other_id = tables.people[foe].id
            kinds = [t.kind for t in problem.ties if t.hard and {t.person, t.other} == {person_id, other_id}]
            bars.append(Bar("H08", f"与同队的{called(tables.people[foe])}不得同队（{'、'.join(kinds)}）"))
        if who in crew.banned:
            bars.append(Bar("H12", "固定安排把此人排除在该队之外"))
        attribute = tables.distinct[slot]
        if attribute is not None and attribute[who] >= 0:
            for same in crew.seats[slot]:
                if attribute[same] == attribute[who]:
                    bars.append(Bar("H03", f"与同席位的{called(tables.people[same])}来自同一单位或村"))
        if slot == 0 and draft.would_mirror(crew, who):
            bars.append(Bar("H11", f"{round_name}会形成两地互派组长"))
        return bars

    def _words(self, reason: Reason, person_id: str, team: Team) -> str:
        problem = self.problem
        unit_id = reason.fact("unit")
        unit = called(problem.unit(unit_id)) if unit_id is not None else ""
        if reason.rule == "H03":
            return f"没有所需专长（{reason.fact('needs')}）"
        if reason.rule == "H04":
            return f"{problem.round(team.round).name}不在岗"
        if reason.rule == "H05":
            return f"{unit}是本人所在村（单位）"
        if reason.rule == "H06":
            area = problem.person(person_id).area
            from_ = called(problem.area(area)) if area is not None else "无所属地"
            if reason.fact("slot") is not None:
                wanted = reason.fact("not")
                rule = (
                    f"不得检查{CIRCLE_WORDS[wanted]}"
                    if wanted
                    else f"须为{CIRCLE_WORDS[str(reason.fact('from'))]}的人"
                )
                return f"来自{from_}，“{problem.slot(str(reason.fact('slot'))).name}”去{unit}{rule}"
            return f"来自{from_}，去{unit}不符合“{reason.fact('skill')}”的交叉要求"
        if reason.rule in ("H13", "H14", "H15"):
            return _policy_words(problem, reason, unit)
        return f"与{unit}有须回避的关系（{reason.fact('kind')}）"


def _policy_words(problem: Problem, reason: Reason, unit: str) -> str:
    """What version 2 has against a seat: H13, H14 (with the day of the last visit), H15."""
    if reason.rule == "H13":
        return f"{unit}{reason.fact('date')}刚检查过，应满{reason.fact('days')}天"
    if reason.rule == "H14":
        return f"{reason.fact('date')}检查过{unit}，应隔满{reason.fact('days')}天"
    seat = problem.slot(str(reason.fact("slot"))).name
    if (kinds := reason.fact("offices")) is not None:
        return f"所在机构的性质不是“{seat}”所要的（{kinds}）"
    supervises = "不是" if reason.fact("supervises") == "must" else "是"
    return f"所在机构{supervises}{unit}的对口监督机构，不能任“{seat}”"


def _without(team: Team, member: Member) -> Team:
    return replace(team, members=tuple(other for other in team.members if other != member))
