"""Many random absences: each repair is legal, and changes no more seats than it must."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planners.changes import Absence, Changes
from planners.check import check
from planners.fields import BadInput
from planners.parse import parse_problem
from planners.problem import Plan, Problem, Team
from planners.replan import Repair, replan
from planners.solve import solve
from tests.planners.exhaustive import _legal_teams
from tests.planners.generate import any_problem, tiny_problem
from tests.planners.small import Json


def random_repairs(seeds: range, make: Callable[[int], Json]) -> list[tuple[int, Problem, Plan, Repair]]:
    found = []
    for seed in seeds:
        try:
            problem = parse_problem(make(seed))
            plan = solve(problem)
        except BadInput:
            continue
        person = problem.people[seed % len(problem.people)].id
        round_id = problem.rounds[seed % len(problem.rounds)].id
        try:
            repair = replan(problem, plan, Changes((Absence(person),)), round_id)
        except BadInput:
            continue  # the person is pinned
        found.append((seed, problem, plan, repair))
    return found


@pytest.fixture(scope="module")
def repairs() -> list[tuple[int, Problem, Plan, Repair]]:
    """One absence in each of some thirty plans, complete ones and partial ones."""
    return random_repairs(range(300, 335), any_problem)


def test_repairs_of_random_plans_are_legal_and_leave_the_past_seat_for_seat(
    repairs: list[tuple[int, Problem, Plan, Repair]],
) -> None:
    for seed, problem, plan, repair in repairs:
        assert check(repair.problem, repair.plan, plan).broken == (), seed
        over = {row.id for row in problem.rounds[: seed % len(problem.rounds)]}
        then, now = ([t for t in p.teams if t.round in over] for p in (plan, repair.plan))
        assert then == now, seed
        absent = problem.people[seed % len(problem.people)].id
        assert not [
            t for t in repair.plan.teams if t.round not in over and absent in {m.person for m in t.members}
        ]
    assert len(repairs) >= 28


def test_repairs_of_random_plans_change_no_more_seats_than_were_vacated_or_made_illegal(
    repairs: list[tuple[int, Problem, Plan, Repair]],
) -> None:
    """In 95 of 100 cases at least; where it takes more, that is the fewest possible and proven."""
    more = [repair for *_, repair in repairs if repair.changed > repair.vacated + repair.illegal]
    assert sum(repair.vacated for *_, repair in repairs) > 12
    assert len(more) <= len(repairs) // 20
    assert all(repair.proven for repair in more)


def test_no_plan_at_all_changes_fewer_seats_than_a_proven_repair() -> None:
    """Every other staffing of tiny plans is tried and judged by the referee alone."""
    tried = 0
    for seed, problem, plan, repair in random_repairs(range(110), tiny_problem):
        if plan.shortages or repair.plan.shortages or not repair.proven or not repair.changed:
            continue
        assert all(then.units == now.units for then, now in zip(plan.teams, repair.plan.teams, strict=True))
        fewest = fewest_changes(problem, plan, repair, seed)
        assert fewest == repair.changed, seed
        tried += 1
    assert tried >= 12


def fewest_changes(problem: Problem, plan: Plan, repair: Repair, seed: int) -> int:
    """The least number of seats lost or gained, per unit, over all complete legal plans with these units."""
    over = {row.id for row in problem.rounds[: seed % len(problem.rounds)]}
    best = repair.changed + 1

    def change(old: Team, new: Team) -> int:
        count = 0
        for slot in problem.template.slots:
            then, now = set(old.holders(slot.id)), set(new.holders(slot.id))
            count += max(len(then - now), len(now - then)) * len(old.units)
        return count

    def extend(chosen: list[Team], left: list[Team], changes: int) -> None:
        nonlocal best
        if changes >= best:
            return
        if not left:
            broken = check(repair.problem, parsed(chosen)).broken
            if not [fault for fault in broken if fault.code.startswith("H")]:
                best = changes
            return
        old = left[0]
        choices = [old] if old.round in over else _legal_teams(repair.problem, 0, old.round, old.units)
        for new in choices:
            extend([*chosen, new], left[1:], changes + change(old, new))

    def parsed(teams: list[Team]) -> Plan:
        return Plan(repair.problem.sha256, 0, 0.0, "", tuple(teams), (), 0, {})

    extend([], list(plan.teams), 0)
    return best
