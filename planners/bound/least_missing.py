"""The least number of heads that any plan of a problem lacks, by counting heads per office and round.
It knows no single person and no pair; units to rounds are free, so a plan may lack more, never less.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from planners.books.tables import Tables


@dataclass(frozen=True, slots=True)
class Least:
    """Proven: at least `unvisited` units go unvisited, and if no more do, at least `missing` heads lack."""

    unvisited: int
    missing: int


def least_missing(tables: Tables) -> Least:
    """A lower bound by a linear program: quotas, absences, max_teams, closed rounds, ties to single units.

    The relaxation is rounded up, so it is never above what the best plan lacks.
    """
    if tables.by_day:
        tables = Tables(tables.problem, loose=True)
    solver = pywraplp.Solver.CreateSolver("GLOP")
    rounds, slots = range(len(tables.rounds)), range(len(tables.slots))
    teams = [solver.NumVar(0, tables.teams[r], "") for r in rounds]
    missing = [[solver.NumVar(0, solver.infinity(), "") for _ in rounds] for _ in slots]
    lost = _place_units(tables, solver, teams)
    sent: dict[tuple[int, int], list[pywraplp.Variable]] = defaultdict(list)  # by slot and round
    _send_people(tables, solver, sent)
    for slot in slots:
        for r in rounds:
            low = int(tables.lowest[slot])
            solver.Add(solver.Sum(sent[slot, r]) + missing[slot][r] >= low * teams[r])
        barred = _barred_heads(tables, slot)
        if barred:
            solver.Add(
                solver.Sum(missing[slot])
                >= math.ceil(barred / max(tables.visits)) - barred * solver.Sum(lost)
            )
    everything = int(tables.lowest.sum()) * (len(tables.units) + 1) + 1
    gone = solver.Sum(lost)
    solver.Minimize(gone)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return Least(0, 0)
    unvisited = _up(solver.Objective().Value())
    solver.Add(gone <= unvisited)
    solver.Minimize(solver.Sum([one for row in missing for one in row]))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return Least(unvisited, 0)
    return Least(unvisited, min(everything, _up(solver.Objective().Value())))


def _up(value: float) -> int:
    """Rounded up, but not for the sake of the solver's tolerance."""
    return max(0, math.ceil(value - 1e-5))


def _place_units(
    tables: Tables, solver: pywraplp.Solver, teams: list[pywraplp.Variable]
) -> list[pywraplp.Variable]:
    """Units with the same open rounds go into rounds with room; the answer is how many of each go nowhere."""
    patterns, counts = np.unique(tables.is_open, axis=0, return_counts=True)
    lost = []
    into: dict[int, list[pywraplp.Variable]] = defaultdict(list)
    for pattern, count in zip(patterns, counts.tolist(), strict=True):
        left = solver.NumVar(0, count, "")
        placed = {int(r): solver.NumVar(0, count, "") for r in np.nonzero(pattern)[0]}
        for r, some in placed.items():
            into[r].append(some)
        solver.Add(solver.Sum([left, *placed.values()]) == count)
        lost.append(left)
    for r, some_teams in enumerate(teams):
        solver.Add(solver.Sum(into[r]) <= tables.visits[r] * some_teams)
    return lost


def _send_people(
    tables: Tables, solver: pywraplp.Solver, sent: dict[tuple[int, int], list[pywraplp.Variable]]
) -> None:
    """People with the same office and skills as one stock; `max_teams` limits the whole cycle of a stock."""
    stocks: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for person in range(len(tables.people)):
        slots = tuple(int(s) for s in np.nonzero(tables.fits[:, person] & (tables.lowest > 0))[0])
        if slots:
            stocks[int(tables.office[person]), slots].append(person)
    out: dict[tuple[int, int], list[pywraplp.Variable]] = defaultdict(list)
    for (office, slots), people in stocks.items():
        present = tables.present[people]
        most = np.minimum(present.sum(axis=1), tables.max_teams[people])
        cycle = []
        for r, heads in enumerate(present[most > 0].sum(axis=0).tolist()):
            if not heads:
                continue
            here = [solver.NumVar(0, heads, "") for _ in slots]
            for slot, some in zip(slots, here, strict=True):
                sent[slot, r].append(some)
            if len(here) > 1:
                solver.Add(solver.Sum(here) <= heads)
            out[office, r] += here
            cycle += here
        if int(most.sum()) < int(present.sum()):
            solver.Add(solver.Sum(cycle) <= int(most.sum()))
    for (office, r), some_people in out.items():
        if office >= 0:
            solver.Add(solver.Sum(some_people) <= int(tables.cap[office, r]))


def _barred_heads(tables: Tables, slot: int) -> int:
    """Heads that lack at single units because too few people may visit them in any one open round."""
    heads = tables.may[slot].T.astype(np.float32) @ tables.present.astype(np.float32)
    heads[~tables.is_open] = 0
    best = heads.max(axis=1, initial=0)
    short = np.maximum(0, tables.lowest[slot] - best)
    return int(short[tables.is_open.any(axis=1)].sum())
