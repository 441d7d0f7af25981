"""The walks that rules of the referee share: who sits where and visits what. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from planners.problem import Person, Plan, Problem, Slot, Team, Unit


def seated(problem: Problem, team: Team) -> list[tuple[Person, Slot]]:
    return [(problem.person(member.person), problem.slot(member.slot)) for member in team.members]


def each_visit(problem: Problem, plan: Plan) -> Iterator[tuple[Team, Person, Slot, Unit]]:
    """Every member of every team with every unit that the team visits."""
    for team in plan.teams:
        for person, slot in seated(problem, team):
            for unit_id in team.units:
                yield team, person, slot, problem.unit(unit_id)


def visit(team: Team, person: Person, unit: Unit) -> dict[str, str]:
    """The facts of one person at one unit."""
    return {"round": team.round, "team": team.id, "person": person.id, "unit": unit.id}
