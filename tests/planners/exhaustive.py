"""The true optimum of tiny problems by trying every plan, priced and judged by the referee alone.
Shares nothing with the solver; hopeless beyond three units and half a dozen people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from planners.problem import Member, Plan, Problem, Shortage, Team
from planners.referee.check import check
from planners.referee.costs import all_terms, total_of


def optimum(problem: Problem) -> int | None:
    """The least objective of all complete legal plans, None when there is no such plan."""
    best: int | None = None
    bare = replace(problem, pins=())
    for shapes in _layouts(problem):
        choices = [list(_legal_teams(bare, number, *shape)) for number, shape in enumerate(shapes)]
        best = _cheapest(problem, [], choices, best)
    return best


def _cheapest(problem: Problem, teams: list[Team], choices: list[list[Team]], best: int | None) -> int | None:
    """Depth first; every further team only adds cost, so a branch as dear as the best plan is left."""
    total = total_of(problem, all_terms(problem, teams))
    if best is not None and total >= best:
        return best
    if not choices:
        plan = Plan(problem.sha256, 0, 0.0, "", tuple(teams), (), total, all_terms(problem, teams))
        return total if not check(problem, plan).broken else best
    for team in choices[0]:
        taken = {member.person for other in teams if other.round == team.round for member in other.members}
        if taken.isdisjoint(member.person for member in team.members):
            best = _cheapest(problem, [*teams, team], choices[1:], best)
    return best


def _layouts(problem: Problem) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    """Every way to join units into teams of rounds, as (round, units) of each team."""

    def place(
        left: list[str], teams: list[tuple[str, tuple[str, ...]]]
    ) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
        if not left:
            yield teams
            return
        for i, (round_id, units) in enumerate(teams):
            if len(units) < problem.round(round_id).visits_per_team:
                yield from place(left[1:], [*teams[:i], (round_id, (*units, left[0])), *teams[i + 1 :]])
        for round_ in problem.rounds:
            if sum(1 for round_id, _ in teams if round_id == round_.id) < round_.teams:
                yield from place(left[1:], [*teams, (round_.id, (left[0],))])

    yield from place([unit.id for unit in problem.units], [])


def _topics_tried(problem: Problem, team: Team) -> Team:
    """The team with its topics shared out in the cheapest of all ways; as it is where one finds nobody."""
    topics = problem.policies.topics if problem.policies is not None else ()
    able = [
        [i for i, m in enumerate(team.members) if set(topic.needs) & set(problem.person(m.person).skills)]
        for topic in topics
    ]
    best = min(
        product(*able), key=lambda way: sum(way.count(i) ** 2 for i in range(len(team.members))), default=None
    )
    if not topics or best is None:
        return team
    members = tuple(
        replace(m, topics=tuple(t.id for t, who in zip(topics, best, strict=True) if who == i))
        for i, m in enumerate(team.members)
    )
    return replace(team, members=members)


def _legal_teams(problem: Problem, number: int, round_id: str, units: tuple[str, ...]) -> Iterator[Team]:
    """Every staffing of one team that the referee lets pass when it is the only team of the plan."""
    per_slot = [
        [chosen for size in range(slot.min, slot.max + 1) for chosen in combinations(problem.people, size)]
        for slot in problem.template.slots
    ]
    others = tuple(Shortage(unit.id, None, None, 1, "") for unit in problem.units if unit.id not in units)
    for seats in product(*per_slot):
        members = tuple(
            Member(person.id, slot.id)
            for slot, chosen in zip(problem.template.slots, seats, strict=True)
            for person in chosen
        )
        team = _topics_tried(problem, Team(f"{round_id}-{number}", round_id, units, members))
        terms = all_terms(problem, [team])
        plan = Plan(problem.sha256, 0, 0.0, "", (team,), others, total_of(problem, terms), terms)
        if not check(problem, plan).broken:
            yield team
