"""Many random absences: each repair is legal, and changes no more seats than it must."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import pytest

from planners.formats.faults import BadInput
from planners.formats.parse import parse_problem
from planners.problem import Plan, Problem, Team
from planners.referee.check import check
from planners.repair.changes import Absence, Changes
from planners.repair.replan import Repair, replan
from planners.solve import solve
from tests.bench.families import made
from tests.planners.exhaustive import _legal_teams
from tests.planners.generate import any_problem, tiny_problem
from tests.planners.small import Json


def random_repairs(seeds: range, make: Callable[[int], Json]) -> list[tuple[int, Problem, Plan, Repair]]:
    found = []
    for seed in seeds:
        try:
            problem = parse_problem(make(seed))
            plan = first_plan(problem)
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


def first_plan(problem: Problem) -> Plan:
    """The planner's first plan, not yet made cheaper."""
    phases: list[str] = []
    return solve(problem, None, 0, lambda told: phases.append(told.phase), lambda: "improve" in phases)


#: Families and how many absences each suffers: a sample, and all of the two hundred.
SAMPLE = {"t26": 4, "t26x2": 4, "s103": 3, "z103": 2, "dept": 3}
ALL = {"t26": 40, "t26x2": 40, "s103": 35, "z103": 35, "dept": 30, "d360": 10, "j423": 10}


@pytest.mark.parametrize("counts", [SAMPLE, pytest.param(ALL, marks=pytest.mark.soak)], ids=["few", "200"])
def test_absences_in_every_family_change_no_more_seats_than_were_lost(
    counts: dict[str, int],
) -> None:
    """In 95 of 100 cases at least; where it takes more, that is the fewest possible and proven."""
    repairs: list[Repair] = []
    for family, count in counts.items():
        problem = parse_problem(made(family, 3))
        plan = first_plan(problem)
        dice = random.Random(family)
        for number in range(count):
            person, round_ = dice.choice(problem.people).id, dice.choice(problem.rounds).id
            absence = Absence(person, round_ if number % 2 else None)
            repair = replan(problem, plan, Changes((absence,)), round_)
            assert not check(repair.problem, repair.plan, plan).broken
            repairs.append(repair)
    more = [repair for repair in repairs if repair.changed > repair.vacated + repair.illegal]
    assert sum(repair.vacated for repair in repairs) > len(repairs) // 3
    assert len(more) <= len(repairs) // 20
    assert all(repair.proven for repair in more)


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
    assert sum(repair.vacated for *_, repair in repairs) > 10
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


def test_no_place_of_a_closed_unit_changes_less_than_a_proven_repair() -> None:
    """Every place of the unit and every staffing of tiny plans is tried and judged by the referee alone."""
    tried = proven = 0
    for seed in range(100):
        try:
            problem = parse_problem(tiny_problem(seed))
        except BadInput:
            continue
        plan = first_plan(problem)
        if plan.shortages or len(problem.rounds) < 2 or not plan.teams:
            continue
        team = plan.teams[seed % len(plan.teams)]
        unit = team.units[0]
        try:
            repair = replan(problem, plan, Changes(closed=((unit, team.round),)), problem.rounds[0].id)
        except BadInput:
            continue
        if repair.plan.shortages:
            continue
        tried += 1
        if repair.proven:
            moved = sum(row.slot is None for row in repair.differences)
            assert fewest_with_a_move(repair.problem, plan, unit) >= repair.changed + moved, seed
            proven += 1
    assert tried >= 12
    assert proven >= tried * 2 // 3


def fewest_with_a_move(problem: Problem, plan: Plan, unit: str) -> int:
    """The least number of changes over all plans in which only this unit leaves its team."""
    rest = [replace(team, units=tuple(u for u in team.units if u != unit)) for team in plan.teams]
    rest = [team for team in rest if team.units]
    best = 1 << 30
    for round_ in problem.rounds:
        shapes = [[*rest, Team("new", round_.id, (unit,), ())]]
        shapes += [
            [replace(team, units=(*team.units, unit)) if team is joined else team for team in rest]
            for joined in rest
            if joined.round == round_.id
        ]
        for shape in shapes:
            choices = [list(_legal_teams(problem, 0, team.round, team.units)) for team in shape]
            for teams in product(*choices):
                numbered = [replace(team, id=str(number)) for number, team in enumerate(teams)]
                changes = changes_between(problem, plan.teams, numbered)
                if changes < best:
                    made = Plan(problem.sha256, 0, 0.0, "", tuple(numbered), (), 0, {})
                    if not [f for f in check(problem, made).broken if f.rule.startswith("H")]:
                        best = changes
    return best


def changes_between(problem: Problem, old: Sequence[Team], new: Sequence[Team]) -> int:
    """Units whose round differs, and seats lost or gained, whichever is more, unit by unit."""
    then = {unit: team for team in old for unit in team.units}
    now = {unit: team for team in new for unit in team.units}
    count = 0
    for unit, team in now.items():
        count += team.round != then[unit].round
        for slot in problem.template.slots:
            was, held = set(then[unit].holders(slot.id)), set(team.holders(slot.id))
            count += max(len(was - held), len(held - was))
    return count


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
            if not [fault for fault in broken if fault.rule.startswith("H")]:
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
