"""The compiled search: after many moves its books are those of a fresh count, its price the referee's."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from planners.annealing import anneal
from planners.annealing.fast_books import laid_out
from planners.annealing.fast_draft import settle
from planners.books.draft import Draft
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.referee.costs import all_terms, total_of
from planners.search.construct import construct
from planners.solve import _plan, teams_of
from tests.bench.families import made
from tests.planners.generate import Json, any_problem
from tests.planners.generate_2 import any_second

ROOT = Path(__file__).parents[3]


def _searched(draft: Draft, tries: int) -> tuple[anneal.Given, anneal.Books]:
    """The draft brought to where so many warm moves led, not to the best of them; and the books of that."""
    given, books, crews, holders = laid_out(draft)
    start = (np.array(holders, dtype=np.int64), books.round.copy(), books.units.copy(), books.many.copy())
    best = anneal._Best(books.cost.copy(), *start)
    anneal._stretch(given, books, anneal._nearest(draft), best, 7, tries, 40.0, 1.0)
    settle(draft, crews, given, books.holder, books.round, books.units, books.many)
    return given, books


@pytest.mark.parametrize(
    "problem",
    [
        *(pytest.param(any_problem(seed), id=f"first-{seed}") for seed in (1, 4, 7)),
        *(pytest.param(any_second(seed), id=f"second-{seed}") for seed in (0, 1, 3, 4)),
        pytest.param(made("t26x2", 0), id="two visits"),
        pytest.param(made("s103", 1), id="a hundred villages"),
    ],
)
def test_books_and_price_are_those_of_a_fresh_count(problem: Json) -> None:
    read = parse_problem(problem)
    draft = construct(Tables(read, 0), lambda: False)
    _, books = _searched(draft, 0)
    before = books.holder.copy()
    _, books = _searched(draft, 20_000)
    if len(before) > 20:
        assert (books.holder != before).any(), "nothing moved"
    _, fresh = _searched(draft, 0)
    assert int(books.cost[0]) == draft.cost
    _plan(draft, 0, None, 0.0)  # the referee finds no rule broken
    terms = all_terms(read, teams_of(draft))
    terms.pop("topic", None)
    assert total_of(read, terms) == draft.cost
    for name in ("load", "busy", "out", "seen", "met", "repeated", "leads", "hosting"):
        assert (getattr(books, name) == getattr(fresh, name)).all(), name
    there = [np.where(one.crew_of < 0, -1, one.round[one.crew_of]) for one in (books, fresh)]
    assert (there[0] == there[1]).all(), "the rounds of the units"


def test_the_best_plan_met_is_kept() -> None:
    draft = construct(Tables(parse_problem(made("t26", 0)), 0), lambda: False)
    before, told = draft.cost, []
    assert anneal.anneal(draft, 0, ((0.02, 30.0),), lambda: False, told.append)
    assert draft.cost < before
    assert told == sorted(told, reverse=True) and told[-1] == draft.cost


def test_far_places_and_dear_kilometres_keep_their_price() -> None:
    problem = made("t26", 0)
    problem["weights"] = {**problem.get("weights", {}), "distance": 1_000_000}
    for unit in problem["units"]:
        unit["x_km"] += 5_000.0
    draft = construct(Tables(parse_problem(problem), 0), lambda: False)
    _, books = _searched(draft, 2_000)
    assert int(books.cost[0]) == draft.cost > 1 << 31


def test_the_search_runs_where_nothing_can_be_kept(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.touch()
    script = "from planners.annealing import anneal, compiled; assert compiled.PLACE is None"
    env = {**os.environ, "NUMBA_CACHE_DIR": str(taken)}
    subprocess.run([sys.executable, "-c", script], check=True, env=env, cwd=ROOT)
