"""Why these people sit in a team, who could take a seat at which price, why somebody does not.

The answers come from the planner's own books. It changes no plan: `adjusting.py` does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections.people.models import Person
from inspections.people.ties import TieFact
from inspections.planning import verdicts
from inspections.planning.sentences import Wording, wording
from inspections.recusal.waivers import hard_ties
from inspections.rounds.models import Plan
from inspections.site.refusal import Refusal
from inspections.units.models import Unit
from inspections.units.plane import Place, Sketch, sketch
from planners.explain.seats import NEXT, Candidate, Explainer, SeatAccount, Verdict
from planners.problem import Plan as Answer
from planners.problem import Problem
from planners.rulebook.table import RULES
from planners.rulebook.values import Ref


@dataclass(frozen=True, slots=True)
class Next:
    """Somebody who could take the seat at once."""

    person: str
    name: str
    home: str
    words: str


@dataclass(frozen=True, slots=True)
class SeatReasons:
    """One seat of the team: who holds it, what that costs, who comes next, how many each rule bars."""

    slot: str
    slot_name: str
    person: str
    name: str
    home: str
    words: str
    next: tuple[Next, ...]
    barred: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TeamReasons:
    """The team of one unit in one plan; `code` is the plan's own id of it."""

    unit: str
    code: str
    units: tuple[str, ...]
    round: str
    seats: tuple[SeatReasons, ...]


def stored(session: orm.Session, plan: Plan) -> "Reasons":
    """Answers about a plan that has a result, for the problem it was made for."""
    problem, answer = verdicts.read(plan)
    return Reasons(problem, answer, wording(session, plan, problem, answer.teams))


class Reasons:
    """Answers about the teams of a problem. A county's plan of 427 units is opened in about 0.1 s."""

    def __init__(self, problem: Problem, answer: Answer, told: Wording) -> None:
        self.problem, self.told = problem, told
        self.explainer = Explainer(problem, answer)
        self._areas = {area.id: area.name for area in self.problem.areas}
        self._offices = {office.id: office.name for office in self.problem.offices}

    def team(self, unit: str, first: int = NEXT) -> TeamReasons | None:
        """The team that visits the unit with each seat's account and `first` candidates.

        None for an unknown or unvisited unit.
        """
        try:
            accounts = self.explainer.seats(unit, first=first)
        except KeyError:
            return None
        if not accounts:
            return None
        team = next(team for team in self.explainer.plan.teams if team.id == accounts[0].team)
        names = tuple(self.problem.unit(one).name for one in team.units)
        round_ = self.problem.round(team.round).name
        return TeamReasons(
            self.problem.unit(unit).name, team.id, names, round_, tuple(map(self._seat, accounts))
        )

    def openings(self, unit: str, slot: str, first: int) -> tuple[Next, ...]:
        """Who could be added to the unit's team in that slot, cheapest first. Empty for unknown ids."""
        try:
            found = self.explainer.additions(unit, slot, first)
        except KeyError:
            return ()
        return tuple(map(self._next, found))

    def picture(self, unit: str) -> Sketch | None:
        """The plan's units as dots, the way of the unit's team through its own, and where its members live.

        None where the unit has no team or no place is known.
        """
        team = next((team for team in self.explainer.plan.teams if unit in team.units), None)
        if team is None:
            return None
        dots: list[Place] = [
            (one.x_km, one.y_km, "none", one.name)
            for one in self.problem.units
            if one.x_km is not None and one.y_km is not None and one.id not in team.units
        ]
        own = [
            (one.x_km, one.y_km, "here", one.name)
            for one in map(self.problem.unit, team.units)
            if one.x_km is not None and one.y_km is not None
        ]
        stops = [(x, y) for x, y, *_ in own]
        ways = [stops]
        for member in team.members:
            person = self.problem.person(member.person)
            if person.x_km is not None and person.y_km is not None and stops:
                home = person.x_km, person.y_km
                dots.append((*home, "home", f"{person.name}（{self._home(person.id)}）"))
                ways.append([home, min(stops, key=lambda stop, at=home: math.dist(stop, at))])  # type: ignore[misc]
        return sketch([*dots, *own], own, ways)

    def why_not(self, unit: str, person: str) -> list[str]:
        """Why that person (by number or name) is not in the unit's team, a sentence for each slot that fits.

        Raises Refusal for somebody unknown, or who is in the team.
        """
        known = [one for one in self.problem.people if person in (one.id, one.name)]
        if not known:
            raise Refusal(f"方案的人员中没有“{person}”，请核对姓名。")
        found = [self._verdict(verdict) for one in known for verdict in self.explainer.person(unit, one.id)]
        if not found:
            raise Refusal(f"{known[0].name}就在这个小组。")
        return found

    def _verdict(self, verdict: Verdict) -> str:
        """任“组长”：… (what bars), or the price of the seat."""
        seat = f"{self._name(verdict.person)}任“{self.problem.slot(verdict.slot).name}”："
        if verdict.price is None:
            return f"{seat}{'；'.join(map(self.told.bar, verdict.bars))}。"
        instead = verdict.instead_of
        whom = f"替换{self._name(instead)}" if instead is not None else "增加此人"
        return f"{seat}规则允许，{whom}则目标值{verdict.price.words()}。"

    def _seat(self, account: SeatAccount) -> SeatReasons:
        return SeatReasons(
            slot=account.slot,
            slot_name=self.problem.slot(account.slot).name,
            person=account.person,
            name=self._name(account.person),
            home=self._home(account.person),
            words=account.price.words(),
            next=tuple(map(self._next, account.next)),
            barred=tuple((RULES[rule].barred[""], number) for rule, number in account.barred.items()),
        )

    def _next(self, one: Candidate) -> Next:
        return Next(one.person, self._name(one.person), self._home(one.person), one.price.words())

    def _name(self, person: str) -> str:
        return self.told.names(Ref("person", person))

    def _home(self, person: str) -> str:
        """The township somebody comes from, or the county's office."""
        row = self.problem.person(person)
        return self._areas.get(row.area or "") or self._offices.get(row.office or "", "")


def barring(session: orm.Session, people: Sequence[str], units: Sequence[str]) -> list[tuple[Unit, TieFact]]:
    """The ties that keep these people from these units (both by number), each with its unit."""
    persons = session.scalars(select(Person).where(Person.code.in_(people)).order_by(Person.code)).all()
    places = session.scalars(select(Unit).where(Unit.code.in_(units)).order_by(Unit.code)).all()
    return [(one, fact) for person in persons for one in places for fact in hard_ties(session, person, one)]
