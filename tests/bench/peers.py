"""Other ways to make a plan, for comparison: at random, greedily, one CP-SAT model, HiGHS slot by slot.
Each answers with a draft, whose price and rules the same referee judges as ours; none is used by solve.py."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from planners.books.draft import Crew, Draft
from planners.books.pins import anchors
from planners.books.tables import Tables
from planners.search.schedule import lay_out, schedule

#: Booleans beyond which the model of everything at once is not even built: it needs gigabytes.
MOST_BOOLEANS = 1_500_000

Peer = Callable[[Tables, int, float], "Draft | str"]


def random_plan(tables: Tables, seed: int, seconds: float) -> Draft:
    """Units into rounds with room, people into seats, both at random; only the rules are obeyed."""
    dice = random.Random(seed)
    draft = Draft(tables)
    units = list(range(len(tables.units)))
    dice.shuffle(units)
    for unit in units:
        _house(draft, unit, dice.sample(range(len(tables.rounds)), len(tables.rounds)))
    for crew in [crew for crews in draft.crews for crew in crews]:
        people = list(range(len(tables.people)))
        dice.shuffle(people)
        _sit_down(draft, crew, people)
    return draft


def greedy_plan(tables: Tables, seed: int, seconds: float) -> Draft:
    """Units of high risk first into the first round with room, then seat by seat whoever costs least."""
    draft = Draft(tables)
    for unit in np.argsort(-tables.risk, kind="stable").tolist():
        _house(draft, unit, range(len(tables.rounds)))
    for crew in [crew for crews in draft.crews for crew in crews]:
        for slot in range(len(tables.slots)):
            for _ in range(int(tables.wanted[slot])):
                free = [p for p in range(len(tables.people)) if draft.bar(crew, slot, p) is None]
                if free:
                    draft.seat(crew, slot, min(free, key=lambda p: draft.price_of(crew, p)))
    return draft


def slots_by_highs(tables: Tables, seed: int, seconds: float) -> Draft | str:
    """Rounds and teams as ours; each slot of the whole cycle as one integer program for HiGHS (MathOpt).

    Distances, load and revisits are in the model, pairs and ties between people are not: seats that break
    a rule are given up afterwards and filled by the cheapest who may.
    """
    draft = lay_out(tables, schedule(tables, anchors(tables)))
    crews = [crew for some in draft.crews for crew in some]
    for slot in range(len(tables.slots)):
        chosen = _slot_model(tables, draft, crews, slot, seconds / len(tables.slots))
        if chosen is None:
            return "no answer in time"
        for crew, person in chosen:
            if draft.bar(crew, slot, person) is None:
                draft.seat(crew, slot, person)
    for crew in crews:
        _sit_down(draft, crew, None)
    return draft


def everything_by_cp_sat(tables: Tables, seed: int, seconds: float) -> Draft | str:
    """One Boolean per person, unit and round: the whole problem at once, pairs left out (they square it).

    Two workers; the search is stopped after twice `seconds` of processor time. One visit per team only.
    """
    if max(tables.visits, default=1) > 1:
        return "teams with several visits do not fit the model"
    rounds = len(tables.rounds)
    size = sum(int(may.sum()) for may in tables.may) * rounds
    if size > MOST_BOOLEANS:
        return f"not tried: {size / 1e6:.1f} million Booleans"
    model = cp_model.CpModel()
    y = {
        (u, r): model.new_bool_var("")
        for u in range(len(tables.units))
        for r in range(rounds)
        if tables.is_open[u, r]
    }
    x: dict[tuple[int, int, int, int], cp_model.IntVar] = {}
    for s, may in enumerate(tables.may):
        for p, u in zip(*(a.tolist() for a in np.nonzero(may)), strict=True):
            for r in range(rounds):
                if (u, r) in y and tables.present[p, r]:
                    x[s, p, u, r] = model.new_bool_var("")
    _cp_rules(model, tables, x, y)
    _cp_prices(model, tables, x, y)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = seed
    status = _with_processor_limit(solver, model, 2 * seconds)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return "no plan in time"
    draft = Draft(tables)
    team: dict[int, Crew] = {}
    for (u, r), var in y.items():
        if solver.boolean_value(var):
            team[u] = draft.open(r, [u])
    for (s, p, u, _), var in x.items():
        if solver.boolean_value(var):
            draft.seat(team[u], s, p)
    return draft


PEERS: Mapping[str, Peer] = {
    "random": random_plan,
    "greedy": greedy_plan,
    "highs": slots_by_highs,
    "cpsat": everything_by_cp_sat,
}


def _house(draft: Draft, unit: int, rounds: list[int] | range) -> None:
    """The unit into the first of these rounds that has a team, or room for one; else nowhere."""
    tables = draft.tables
    for r in rounds:
        if not tables.is_open[unit, r]:
            continue
        open_teams = [crew for crew in draft.crews[r] if len(crew.units) < tables.visits[r]]
        if open_teams:
            draft.visit(open_teams[0], unit)
            return
        if len(draft.crews[r]) < tables.teams[r]:
            draft.open(r, [unit])
            return


def _sit_down(draft: Draft, crew: Crew, people: list[int] | None) -> None:
    """Fills the empty seats of a team in the order of `people`, or else by price."""
    tables = draft.tables
    for slot in range(len(tables.slots)):
        order = people
        if order is None:
            order = sorted(range(len(tables.people)), key=lambda p: draft.price_of(crew, p))
        for person in order:
            if len(crew.seats[slot]) >= tables.wanted[slot]:
                break
            if draft.bar(crew, slot, person) is None:
                draft.seat(crew, slot, person)


def _slot_model(
    tables: Tables, draft: Draft, crews: list[Crew], slot: int, seconds: float
) -> list[tuple[Crew, int]] | None:
    model = mathopt.Model()
    by_round: dict[tuple[int, int], list[mathopt.Variable]] = {}
    by_office: dict[tuple[int, int], list[mathopt.Variable]] = {}
    by_area: dict[tuple[int, int], list[mathopt.Variable]] = {}
    of_person: dict[int, list[mathopt.Variable]] = {}
    seats: list[tuple[mathopt.Variable, Crew, int]] = []
    costs: list[mathopt.LinearTypes] = []
    for crew in crews:
        here = []
        for person in np.nonzero(tables.may[slot][:, crew.units].all(axis=1))[0].tolist():
            if draft.bar(crew, slot, person) is not None:
                continue
            var = model.add_binary_variable()
            here.append(var)
            seats.append((var, crew, person))
            costs.append(var * sum(tables.price_rows[person][unit] for unit in crew.units))
            by_round.setdefault((person, crew.round), []).append(var)
            of_person.setdefault(person, []).append(var)
            if (office := int(tables.office[person])) >= 0:
                by_office.setdefault((office, crew.round), []).append(var)
            for area in crew.areas:
                by_area.setdefault((person, area), []).append(var)
        empty = model.add_variable(lb=0, ub=int(tables.wanted[slot]))
        costs.append(10 * (tables.weights.size + 100) * empty)
        model.add_linear_constraint(mathopt.fast_sum(here) + empty == int(tables.wanted[slot]))
    for group in by_round.values():
        model.add_linear_constraint(mathopt.fast_sum(group) <= 1)
    for (office, round_), group in by_office.items():
        room = int(tables.cap[office, round_] - draft.out[office, round_])
        model.add_linear_constraint(mathopt.fast_sum(group) <= room)
    for person, group in of_person.items():
        most = min(len(tables.rounds), int(tables.max_teams[person]))
        steps = [model.add_variable(lb=0, ub=1) for _ in range(most)]
        model.add_linear_constraint(mathopt.fast_sum(group) == mathopt.fast_sum(steps))
        costs += [tables.weights.load * (2 * step + 1) * var for step, var in enumerate(steps)]
    for group in by_area.values():
        again = model.add_variable(lb=0)
        model.add_linear_constraint(again >= mathopt.fast_sum(group) - 1)
        costs.append(tables.weights.revisit * again)
    model.minimize(mathopt.fast_sum(costs))
    limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limits)
    if not result.has_primal_feasible_solution():
        return None
    value = result.variable_values()
    return [(crew, person) for var, crew, person in seats if value[var] > 0.5]


def _cp_rules(
    model: cp_model.CpModel,
    tables: Tables,
    x: dict[tuple[int, int, int, int], cp_model.IntVar],
    y: dict[tuple[int, int], cp_model.IntVar],
) -> None:
    rounds = range(len(tables.rounds))
    for u in range(len(tables.units)):
        model.add_exactly_one([y[u, r] for r in rounds if (u, r) in y])
    for r in rounds:
        model.add(sum(y[u, r] for u in range(len(tables.units)) if (u, r) in y) <= tables.teams[r])
    seats: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
    out: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    offices: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    inside: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
    leads: dict[tuple[int, int, int], list[cp_model.IntVar]] = {}
    for (s, p, u, r), var in x.items():
        seats.setdefault((s, u, r), []).append(var)
        out.setdefault((p, r), []).append(var)
        inside.setdefault((p, u, r), []).append(var)
        if (office := int(tables.office[p])) >= 0:
            offices.setdefault((office, r), []).append(var)
        home, area = int(tables.person_area[p]), int(tables.unit_area[u])
        if s == 0 and home >= 0 and area >= 0 and home != area:
            leads.setdefault((home, area, r), []).append(var)
    sharing: dict[tuple[int, int, int, int], list[cp_model.IntVar]] = {}
    for (s, p, u, r), var in x.items():
        attribute = tables.distinct[s]
        if attribute is not None and attribute[p] >= 0:
            sharing.setdefault((s, u, r, int(attribute[p])), []).append(var)
    for group in sharing.values():
        if len(group) > 1:
            model.add_at_most_one(group)
    for (s, u, r), group in seats.items():
        model.add(sum(group) == int(tables.wanted[s]) * y[u, r])
    for (u, r), var in y.items():
        if any(tables.wanted[s] and (s, u, r) not in seats for s in range(len(tables.slots))):
            model.add(var == 0)
    for (p, r), group in out.items():
        home = int(tables.home[p])
        hosting = [y[home, r]] if tables.problem.rules.host_stays and (home, r) in y else []
        model.add_at_most_one(group + hosting)
    for (office, r), group in offices.items():
        model.add(sum(group) <= int(tables.cap[office, r]))
    if tables.problem.rules.no_mutual_lead:
        for (home, area, r), there in leads.items():
            back = leads.get((area, home, r), [])
            if home < area and back:
                sent = model.new_bool_var("")
                for var in there:
                    model.add_implication(var, sent)
                for var in back:
                    model.add_implication(var, ~sent)
    for (p, u, r), group in inside.items():
        for foe in tables.foes[p]:
            if foe > p and (foe, u, r) in inside:
                model.add_at_most_one(group + inside[foe, u, r])


def _cp_prices(
    model: cp_model.CpModel,
    tables: Tables,
    x: dict[tuple[int, int, int, int], cp_model.IntVar],
    y: dict[tuple[int, int], cp_model.IntVar],
) -> None:
    weights = tables.weights
    terms = [weights.risk * int(tables.risk[u]) * r * var for (u, r), var in y.items()]
    teams: dict[int, list[cp_model.IntVar]] = {}
    areas: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for (_, p, u, _), var in x.items():
        terms.append(tables.price_rows[p][u] * var)
        teams.setdefault(p, []).append(var)
        if (area := int(tables.unit_area[u])) >= 0:
            areas.setdefault((p, area), []).append(var)
    for p, group in teams.items():
        most = min(len(tables.rounds), int(tables.max_teams[p]))
        steps = [model.new_bool_var("") for _ in range(most)]
        model.add(sum(group) == sum(steps))
        for step, var in enumerate(steps):
            terms.append(weights.load * (2 * step + 1) * var)
            if step:
                model.add_implication(var, steps[step - 1])
    for group in areas.values():
        again = model.new_int_var(0, len(tables.rounds), "")
        model.add(again >= sum(group) - 1)
        terms.append(weights.revisit * again)
    model.minimize(sum(terms))


def _with_processor_limit(solver: cp_model.CpSolver, model: cp_model.CpModel, seconds: float) -> int:
    """Solves until so many seconds of processor time of this process are used up."""
    started, ended = time.process_time(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            if time.process_time() - started > seconds:
                solver.stop_search()
                return

    guard = threading.Thread(target=watch, daemon=True)
    guard.start()
    status = int(solver.solve(model))
    ended.set()
    guard.join()
    return status
