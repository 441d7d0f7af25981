"""A plan back on the books: as a plan again, as a legal draft, and what pins mean in both."""

from __future__ import annotations

import pytest

from planners.books.draft import Crew
from planners.books.seating import draft_of, opened
from planners.books.tables import Tables
from planners.formats.faults import BadInput
from planners.formats.parse import parse_plan, parse_problem
from planners.referee.check import check
from tests.planners.small import Json, ok_plan, ok_small

KEPT: list[Json] = [
    {"round": "R1", "units": ["V1"], "members": [{"person": "F1", "slot": "finance"}], "exclude": ["L1"]},
    {"round": "R1", "members": [{"person": "L3", "slot": "leader"}]},
    {"round": "R2", "units": ["V5"]},
    {"round": "R3", "members": [{"person": "M2", "slot": "member"}], "exclude": ["L3"]},
]
LOOSE: list[Json] = [
    {"round": "R1", "units": ["V1"], "members": [{"person": "F2", "slot": "finance"}]},
    {"round": "R2", "units": ["V2"], "exclude": ["M4"]},
    {"round": "R3", "units": ["V1"]},
    {"round": "R3", "members": [{"person": "L1", "slot": "leader"}], "exclude": ["F2"]},
]


def marked(pins: list[Json]) -> list[list[Crew]]:
    """The teams of the legal plan by either reader, with these pins, in the order of the plan."""
    problem = parse_problem(ok_small() | {"pins": pins})
    plan = parse_plan(ok_plan(ok_small() | {"pins": pins}), problem)
    draft, lost = draft_of(Tables(problem), plan)
    assert lost == []
    readers = (opened(Tables(problem), plan).draft, draft)
    return [[crew for crews in one.crews for crew in crews] for one in readers]


def test_both_readers_mark_what_the_pins_say_of_a_team() -> None:
    tables = Tables(parse_problem(ok_small() | {"pins": KEPT}))
    one, two = ([(crew.pinned, crew.banned, crew.pinned_units) for crew in crews] for crews in marked(KEPT))
    person, unit = tables.person_at, tables.unit_at
    assert one == two
    assert one[0] == ({person["F1"], person["L3"]}, {person["L1"]}, {unit["V1"]})
    assert one[3] == (set(), set(), {unit["V5"]})
    assert one[5] == ({person["M2"]}, {person["L3"]}, set())
    assert [mark for n, mark in enumerate(one) if n not in (0, 3, 5)] == [(set(), set(), set())] * 3


def test_a_pin_marks_a_team_exactly_when_the_referee_finds_it_kept() -> None:
    for pin in KEPT + LOOSE:
        problem = parse_problem(ok_small() | {"pins": [pin]})
        kept = check(problem, parse_plan(ok_plan(ok_small() | {"pins": [pin]}), problem)).legal
        for crews in marked([pin]):
            assert any(crew.pinned or crew.banned or crew.pinned_units for crew in crews) is kept, pin


def test_pins_that_no_plan_can_keep_are_refused_and_not_left_out() -> None:
    with pytest.raises(BadInput, match="H05"):
        marked([{"round": "R1", "units": ["V1"], "members": [{"person": "M1", "slot": "member"}]}])


def test_books_give_back_the_teams_that_they_were_opened_with() -> None:
    problem = parse_problem(ok_small())
    plan = parse_plan(ok_plan(), problem)
    books = opened(Tables(problem), plan)
    assert books.teams() == plan.teams
    assert books.draft.cost == plan.objective_total
