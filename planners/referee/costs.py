"""The referee's prices: every term of the objective counted again from the teams alone (contracts §2).
Knows no rule and no solver; a forbidden plan has a price as well.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from planners.problem import Person, Plan, Problem, Team, Unit
from planners.referee.policy_costs import (
    crossing_cost,
    memory_cost,
    minutes_by_road,
    pairing_cost,
    past_seats,
    topic_cost,
)

Teams = Sequence[Team]


def total_of(problem: Problem, terms: Mapping[str, int]) -> int:
    """The sum of weight times term."""
    return sum(problem.weights.of(term) * count for term, count in terms.items())


def all_terms(problem: Problem, teams: Teams, previous: Plan | None = None) -> dict[str, int]:
    """The unweighted terms by name in the order of the contract; `change` only with a previous plan."""
    terms = {term: count(problem, teams) for term, count in _COUNTS.items()}
    if previous is not None:
        terms["change"] = _change(problem, teams, previous.teams)
    terms["soft_tie"] = _soft_tie(problem, teams)
    if problem.policies is not None:
        terms["crossing"] = crossing_cost(problem, teams)
        terms["memory"] = memory_cost(problem, teams)
        terms["topic"] = topic_cost(problem, teams)
        terms["pairing"] = pairing_cost(problem, teams)
    return terms


def _people(team: Team) -> list[str]:
    """Everybody in the team once, in its order."""
    return list(dict.fromkeys(member.person for member in team.members))


def _risk(problem: Problem, teams: Teams) -> int:
    return sum(problem.unit(u).risk * problem.round_index(team.round) for team in teams for u in team.units)


def kilometres(person: Person, unit: Unit) -> int:
    """Whole kilometres in a straight line, half a kilometre rounded up; 0 where a place is unknown."""
    if person.x_km is None or person.y_km is None or unit.x_km is None or unit.y_km is None:
        return 0
    return math.floor(math.hypot(person.x_km - unit.x_km, person.y_km - unit.y_km) + 0.5)


def way(problem: Problem, person: Person, unit: Unit) -> int:
    """Minutes by road where version 2 names them for the two areas, else kilometres in a straight line."""
    minutes = minutes_by_road(problem, person, unit)
    return kilometres(person, unit) if minutes is None else minutes


def _distance(problem: Problem, teams: Teams) -> int:
    return sum(
        way(problem, problem.person(person), problem.unit(unit))
        for team in teams
        for person in _people(team)
        for unit in team.units
    )


def _load(problem: Problem, teams: Teams) -> int:
    """Squares of the numbers of teams; a team counts once however many units it visits.

    With `load_year` seats of this year's earlier cycles are among them.
    """
    count = past_seats(problem) + Counter(person for team in teams for person in _people(team))
    return sum(number * number for number in count.values())


def _pair(problem: Problem, teams: Teams) -> int:
    together = Counter(pair for team in teams for pair in combinations(sorted(_people(team)), 2))
    return sum(number - 1 for number in together.values())


def _revisit(problem: Problem, teams: Teams) -> int:
    """A team counts once for an area however many of its units lie there; no area, no revisit."""
    count: Counter[tuple[str, str]] = Counter()
    for team in teams:
        areas = {area for unit in team.units if (area := problem.unit(unit).area) is not None}
        count.update((person, area) for person in _people(team) for area in areas)
    return sum(number - 1 for number in count.values())


def _size(problem: Problem, teams: Teams) -> int:
    return sum(
        abs(len(team.holders(slot.id)) - slot.target) for team in teams for slot in problem.template.slots
    )


def _soft_tie(problem: Problem, teams: Teams) -> int:
    """A tie to a unit costs once per visit, a tie to a person once per team that both are in."""
    cost = 0
    teams_of: dict[str, list[Team]] = {}
    for team in teams:
        for person in _people(team):
            teams_of.setdefault(person, []).append(team)
    for tie in problem.ties:
        if tie.hard:
            continue
        for team in teams_of.get(tie.person, []):
            if tie.unit is not None:
                cost += tie.cost * team.units.count(tie.unit)
            elif any(member.person == tie.other for member in team.members):
                cost += tie.cost
    return cost


def _change(problem: Problem, teams: Teams, before: Teams) -> int:
    """Seats (unit, person, slot) the old plan lacks, and units whose round differs (unvisited: no round)."""
    new, old = _seats(teams), _seats(before)
    round_now, round_then = _rounds(teams), _rounds(before)
    moved = sum(round_now.get(unit.id) != round_then.get(unit.id) for unit in problem.units)
    return len(new - old) + moved


def _seats(teams: Teams) -> set[tuple[str, str, str]]:
    return {(unit, m.person, m.slot) for team in teams for unit in team.units for m in team.members}


def _rounds(teams: Teams) -> dict[str, str]:
    return {unit: team.round for team in teams for unit in team.units}


_COUNTS: dict[str, Callable[[Problem, Teams], int]] = {
    "risk": _risk,
    "distance": _distance,
    "load": _load,
    "pair": _pair,
    "revisit": _revisit,
    "size": _size,
}
