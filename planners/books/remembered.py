"""What past visits forbid or cost in which round, in table numbers; empty for a problem without a memory.
Counts days from the last visit to the start of each round, as rules H13 and H14 do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planners.policies import FORBID, Policies, Policy
from planners.problem import Person, Problem, Round, Unit

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Recent(NamedTuple):
    """Somebody who was at a unit not long ago: rounds in which that bars (bits), what it costs by round."""

    barred: int
    costs: tuple[int, ...]


def _soon(last: str | None, least: int | None, rounds: Sequence[Round]) -> list[bool]:
    """Per round whether it starts fewer than `least` days after the last visit."""
    if last is None or least is None:
        return [False] * len(rounds)
    then = date.fromisoformat(last)
    return [row.start is not None and (date.fromisoformat(row.start) - then).days < least for row in rounds]


def _cost(policy: Policy) -> int:
    return policy.cost if policy.kind == "avoid" else 0


def units_too_soon(policies: Policies, units: Sequence[Unit], rounds: Sequence[Round]) -> tuple[Bools, Ints]:
    """U×R: rounds in which H13 forbids the unit, and what they cost where it only avoids them."""
    memory = policies.memory
    soon = np.zeros((len(units), len(rounds)), dtype=np.bool_)
    for u, unit in enumerate(units):
        soon[u] = _soon(policies.last_visit(unit.id), memory.unit_days, rounds)
    if memory.unit == FORBID:
        return soon, np.zeros(soon.shape, dtype=np.int64)
    return np.zeros_like(soon), soon * np.int64(_cost(memory.unit))


def people_too_soon(
    policies: Policies, units: Sequence[Unit], rounds: Sequence[Round], person_at: dict[str, int]
) -> list[dict[int, Recent]]:
    """Per unit who was there so recently that H14 bars or costs something in some round."""
    memory = policies.memory
    unit_at = {unit.id: u for u, unit in enumerate(units)}
    found: list[dict[int, Recent]] = [{} for _ in units]
    for unit, person in {(visit.unit, person) for visit in policies.history for person in visit.people}:
        soon = _soon(policies.last_visit(unit, person), memory.person_unit_days, rounds)
        if not any(soon):
            continue
        barred = sum(1 << r for r, yes in enumerate(soon) if yes) if memory.person_unit == FORBID else 0
        costs = tuple(_cost(memory.person_unit) * yes for yes in soon)
        if barred or any(costs):
            found[unit_at[unit]][person_at[person]] = Recent(barred, costs)
    return found


def seats_this_year(problem: Problem, people: Sequence[Person]) -> Ints:
    """How many seats of the first round's year each person has had, where the load counts them."""
    policies = problem.policies
    had = np.zeros(len(people), dtype=np.int64)
    starts = [row.start for row in problem.rounds if row.start is not None]
    if policies is None or not policies.memory.load_year or not starts:
        return had
    at = {person.id: p for p, person in enumerate(people)}
    for visit in policies.history:
        if visit.date[:4] == min(starts)[:4]:
            for person in visit.people:
                had[at[person]] += 1
    return had
