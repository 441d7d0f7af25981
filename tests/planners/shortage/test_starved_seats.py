"""Starved seats: their number is that of the best exchange of people, and their sets are really closed."""

from __future__ import annotations

import pytest

from planners.books.draft import Draft
from planners.books.seating import draft_of
from planners.books.tables import Tables
from planners.bound.least_missing import Least, least_missing
from planners.formats.parse import parse_problem
from planners.shortage.starved_seats import free_in, starved
from tests.planners.exhaustive import optimum
from tests.planners.generate import any_problem, tiny_problem
from tests.planners.scarce import first_plan, solvable


def drafts(seeds: range) -> list[Draft]:
    """Drafts of random problems with gaps; pins left out."""
    made = []
    for seed in seeds:
        problem = any_problem(seed) | {"pins": []}
        plan = first_plan(problem)
        if plan.shortages:
            made.append(draft_of(Tables(parse_problem(problem)), plan)[0])
    return made


@pytest.fixture(scope="module")
def short() -> list[Draft]:
    found = drafts(range(50))
    assert len(found) >= 12
    return found


def most_heads(draft: Draft, round_: int) -> int:
    """Most seats of a round that can be filled up to their min, by trying every seating."""
    tables, free = draft.tables, free_in(draft, round_)
    seats = [
        (crew, slot)
        for crew in draft.crews[round_]
        for slot, low in enumerate(tables.lowest)
        for _ in range(int(low))
    ]
    holder: dict[int, int] = {}  # seat → person

    def legal(seat: int, person: int) -> bool:
        crew, slot = seats[seat]
        if not free[person] or not tables.may[slot][person, crew.units].all():
            return False
        attribute = tables.distinct[slot]
        alike = [
            other
            for s, other in holder.items()
            if s != seat and seats[s] == seats[seat] and attribute is not None
            if attribute[other] == attribute[person] >= 0
        ]
        office = tables.office[person]
        out = sum(1 for s, other in holder.items() if s != seat and tables.office[other] == office)
        return not alike and (office < 0 or out < tables.cap[office, round_])

    best = 0

    def fill(seat: int, filled: int) -> None:
        nonlocal best
        best = max(best, filled)
        if seat == len(seats) or filled + len(seats) - seat <= best:
            return
        for person in range(len(tables.people)):
            if person not in holder.values() and legal(seat, person):
                holder[seat] = person
                fill(seat + 1, filled + 1)
                del holder[seat]
        fill(seat + 1, filled)

    fill(0, 0)
    return best


def test_as_many_heads_starve_as_the_best_exchange_leaves_empty(short: list[Draft]) -> None:
    compared = 0
    for draft in short:
        for round_, crews in enumerate(draft.crews):
            need = len(crews) * int(draft.tables.lowest.sum())
            if not crews or need > 4:
                continue
            sets = starved(draft, round_)
            assert sum(one.lacking for one in sets) == need - most_heads(draft, round_)
            compared += bool(sets)
    assert compared >= 5


def test_whoever_could_serve_a_starved_seat_is_sent_or_waits_behind_a_full_office(
    short: list[Draft],
) -> None:
    sets = [(draft, one) for draft in short for r in range(len(draft.crews)) for one in starved(draft, r)]
    assert len(sets) >= 10
    for draft, one in sets:
        tables, free = draft.tables, free_in(draft, one.round)
        known = one.sent | one.waiting | one.alike
        for crew, slot in one.seats:
            may = free & tables.may[slot][:, crew.units].all(axis=1)
            assert {int(p) for p in may.nonzero()[0]} <= known
        assert one.lacking > 0
        assert {int(tables.office[p]) for p in one.waiting} == set(one.full)
        for office in one.full:
            sent = sum(1 for p in one.sent if tables.office[p] == office)
            assert sent == tables.cap[office, one.round]  # its quota is used up by this set alone


def test_a_round_with_enough_heads_has_no_starved_set() -> None:
    problem = any_problem(0) | {"pins": []}
    for row in problem["people"]:
        row |= {"off": [], "max_teams": None, "home_unit": None}
    for row in problem["offices"]:
        row |= {"min_home": 0, "max_out": None}
    problem |= {"ties": [], "rules": {}}
    plan = first_plan(problem)
    draft, lost = draft_of(Tables(parse_problem(problem)), plan)
    lacking = {r for r, crews in enumerate(draft.crews) if any(draft.lacks(crew) for crew in crews)}
    assert not lost
    assert {r for r in range(len(draft.crews)) if starved(draft, r)} == lacking


def test_the_draft_of_a_plan_stands_where_the_plan_stands() -> None:
    for seed in range(30):
        problem = any_problem(seed)
        if solvable(problem):
            plan = first_plan(problem)
            draft, lost = draft_of(Tables(parse_problem(problem)), plan)
            assert lost == []
            assert draft.cost == plan.objective_total
            assert sum(len(crews) for crews in draft.crews) == len(plan.teams)


# ---------------------------------------------------------------- least missing heads


def test_no_plan_lacks_less_than_the_least_of_the_count() -> None:
    reached = 0
    for seed in range(60):
        problem = any_problem(seed) | {"pins": []}
        plan = first_plan(problem)
        least = least_missing(Tables(parse_problem(problem)))
        gone = sum(1 for row in plan.shortages if row.round is None)
        draft, _ = draft_of(Tables(parse_problem(problem)), plan)
        assert gone >= least.unvisited, seed
        if gone == least.unvisited:
            assert draft.missing >= least.missing, seed
        reached += bool(plan.shortages) and (gone, draft.missing) == (least.unvisited, least.missing)
    assert reached >= 4


def test_where_a_complete_plan_exists_the_count_finds_nothing_missing() -> None:
    complete = impossible = 0
    for seed in range(150):
        parsed = parse_problem(tiny_problem(seed))
        least = least_missing(Tables(parsed))
        if least != Least(0, 0):
            impossible += 1
            assert optimum(parsed) is None, seed
        elif seed < 60 and optimum(parsed) is not None:
            complete += 1
    assert impossible >= 3
    assert complete >= 30
