"""The referee's count by day, where rounds share days or people are away for part of one (H04, H09).
A team is out from the first day of its round for as long as its units take, by default to the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from planners.problem import Person, Plan, Problem, Team
from planners.rulebook.values import Broken


def counts_by_day(problem: Problem) -> bool:
    """Whether every round has dates and something makes them matter."""
    policies, rounds = problem.policies, problem.rounds
    if policies is None or any(row.start is None or row.end is None for row in rounds):
        return False
    overlap = any(
        str(one.start) <= str(two.end) and str(two.start) <= str(one.end)
        for one, two in combinations(rounds, 2)
    )
    return overlap or bool(policies.away) or bool(policies.days)


def days_out(problem: Problem, team: Team) -> range:
    """The days (ordinals) on which the team is out."""
    row, days = problem.round(team.round), problem.policies.days if problem.policies is not None else {}
    first, last = date.fromisoformat(str(row.start)).toordinal(), date.fromisoformat(str(row.end)).toordinal()
    if team.units and all(unit in days for unit in team.units):
        last = min(last, first + sum(days[unit] for unit in team.units) - 1)
    return range(first, last + 1)


def days_away(problem: Problem, person: Person) -> list[range]:
    """The days on which the person is absent: stretches, and rounds that are off."""
    ranges = list(problem.policies.away.get(person.id, ())) if problem.policies is not None else []
    ranges += [(str(problem.round(r).start), str(problem.round(r).end)) for r in person.off]
    return [
        range(date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal() + 1)
        for start, end in sorted(ranges)
    ]


def _share(one: range, two: range) -> bool:
    return one.start < two.stop and two.start < one.stop


def people_are_in_one_place_by_day(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H04 by day: nobody is in teams of two rounds on one day, nor in a team while away."""
    teams_of: dict[str, list[Team]] = {}
    for team in plan.teams:
        for person_id in {member.person for member in team.members}:
            teams_of.setdefault(person_id, []).append(team)
    for person_id in sorted(teams_of):
        person, teams = problem.person(person_id), teams_of[person_id]
        for one, two in combinations(teams, 2):
            if one.round != two.round and _share(days_out(problem, one), days_out(problem, two)):
                both = {"team": one.id, "other_team": two.id}
                yield Broken.of("H04", "one day", person=person_id, round=two.round, **both)
        for team in teams:
            out = days_out(problem, team)
            if team.round not in person.off and any(_share(out, away) for away in days_away(problem, person)):
                yield Broken.of("H04", "away", person=person_id, round=team.round, team=team.id)


def offices_keep_people_at_home_by_day(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H09 by day; an office is told once for the same people out."""
    out_on: dict[int, dict[str, str]] = {}  # day → person → round
    for team in plan.teams:
        for day in days_out(problem, team):
            out_on.setdefault(day, {}).update({member.person: team.round for member in team.members})
    away = {person.id: days_away(problem, person) for person in problem.people}
    for office in problem.offices:
        staff = [person for person in problem.people if person.office == office.id]
        told: set[tuple[str, ...]] = set()
        for day in sorted(out_on):
            out = [person for person in staff if person.id in out_on[day]]
            key = tuple(person.id for person in out)
            if not out or key in told:
                continue
            home = [
                p for p in staff if p.id not in out_on[day] and not any(day in days for days in away[p.id])
            ]
            where = {"round": out_on[day][out[0].id], "office": office.id}
            day_words = str(date.min + timedelta(day - 1))
            if office.max_out is not None and len(out) > office.max_out:
                sent = {"n": len(out), "people": list(key), "most": office.max_out}
                yield Broken.of("H09", "out day", **where, day=day_words, **sent)
                told.add(key)
            if len(home) < office.min_home:
                few = {"n": len(home), "least": office.min_home}
                yield Broken.of("H09", "home day", **where, day=day_words, **few)
                told.add(key)
