"""The referee's view of what version 2 adds: which circles people share with a unit, what is remembered, and
the prices of it (`crossing`, `memory`, `pairing`). Knows no solver; the rules stand in policy_rules.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from planners.policies import CIRCLES, Policies
from planners.problem import Person, Problem, Team, Unit

Teams = Sequence[Team]


def circles(problem: Problem, person: Person, unit: Unit) -> list[str]:
    """The circles that person and unit share, the narrowest first; nobody shares an area or zone of None."""
    zone = problem.zone_of(person.area)
    shared = {
        "unit": person.home_unit == unit.id,
        "area": person.area is not None and person.area == unit.area,
        "zone": zone is not None and zone == problem.zone_of(unit.area),
    }
    return [circle for circle in CIRCLES if shared[circle]]


def days_since(problem: Problem, policies: Policies, team: Team, unit: str, person: str | None) -> int | None:
    """Days from the last visit of the unit (by that person) to the start of the team's round; None: never."""
    past = policies.last_visit(unit, person)
    start = problem.round(team.round).start
    if past is None or start is None:
        return None
    return (date.fromisoformat(start) - date.fromisoformat(past)).days


def past_seats(problem: Problem) -> Counter[str]:
    """How many seats of the first round's year each person has had; empty unless load counts them."""
    policies = problem.policies
    starts = [row.start for row in problem.rounds if row.start is not None]
    if policies is None or not policies.memory.load_year or not starts:
        return Counter()
    year = min(starts)[:4]
    return Counter(person for visit in policies.history if visit.date[:4] == year for person in visit.people)


def crossing_cost(problem: Problem, teams: Teams) -> int:
    """For every seat and visit the costs of the circles that the slot avoids."""
    policies = problem.policies
    if policies is None:
        return 0
    cost = 0
    for team in teams:
        for member in team.members:
            entry = policies.crossing_of(member.slot)
            for unit in team.units:
                for circle in circles(problem, problem.person(member.person), problem.unit(unit)):
                    cost += getattr(entry, circle).cost
    return cost


def memory_cost(problem: Problem, teams: Teams) -> int:
    """Units that are visited again too soon, and people who come again to a unit too soon, where avoided."""
    policies = problem.policies
    if policies is None or not policies.history:
        return 0
    memory, cost = policies.memory, 0
    for team in teams:
        for unit in team.units:
            if too_soon(days_since(problem, policies, team, unit, None), memory.unit_days):
                cost += memory.unit.cost
            for person in dict.fromkeys(member.person for member in team.members):
                if too_soon(days_since(problem, policies, team, unit, person), memory.person_unit_days):
                    cost += memory.person_unit.cost
    return cost


def too_soon(days: int | None, least: int | None) -> bool:
    """Whether fewer days have passed than must."""
    return days is not None and least is not None and days < least


def topic_cost(problem: Problem, teams: Teams) -> int:
    """Squares of the numbers of topics that each member of each team has: even shares cost least."""
    return sum(len(member.topics) ** 2 for team in teams for member in team.members)


def minutes_by_road(problem: Problem, person: Person, unit: Unit) -> int | None:
    """Minutes from the person's area to the unit's; None where no sheet, no area or no such pair is known."""
    minutes = problem.policies.minutes if problem.policies is not None else None
    if minutes is None or person.area is None or unit.area is None:
        return None
    return minutes.get((person.area, unit.area))


def fallbacks(problem: Problem, teams: Teams) -> int:
    """Seats and visits between two areas for which the sheet of roads names no minutes."""
    if problem.policies is None or problem.policies.minutes is None:
        return 0
    return sum(
        None not in (person.area, unit.area)
        and person.area != unit.area
        and (person.area, unit.area) not in problem.policies.minutes
        for team in teams
        for person in {member.person: problem.person(member.person) for member in team.members}.values()
        for unit in map(problem.unit, team.units)
    )


def pairing_cost(problem: Problem, teams: Teams) -> int:
    """Per team and slot that asks for it: somebody new holds it and nobody in the team is experienced."""
    policies = problem.policies
    if policies is None:
        return 0
    return sum(cost for team in teams for cost in _unpaired(policies, team))


def _unpaired(policies: Policies, team: Team) -> Iterator[int]:
    for slot, pairing in policies.pairing.items():
        new = {
            member.person
            for member in team.members
            if policies.months.get(member.person, pairing.new_below_months) < pairing.new_below_months
        }
        if any(person in new for person in team.holders(slot)) and all(m.person in new for m in team.members):
            yield pairing.avoid
