"""What a softer policy would free: what version 2 forbids and stands in the way of a gap, avoided instead.
It promises nothing: whether a change helps is computed in remedies.py. The own unit (H05) stays forbidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.formats.softer import set_crossing, set_memory
from planners.policies import FORBID, Policies
from planners.problem import Problem
from planners.rulebook.values import Said, facts
from planners.shortage.gaps import Gap, Unvisited

Json = dict[str, Any]
Change = Callable[[Json], None]

CIRCLES = ("area", "zone")


def softer_policies(tables: Tables, found: list[Gap], lost: list[Unvisited]) -> list[tuple[Said, Problem]]:
    """(what is said, amended problem) for each policy that forbids and is named among the causes.

    A seat that it frees costs as much as an empty one beyond the target (`size`): used only where it must be.
    """
    policies = tables.problem.policies
    if policies is None:
        return []
    causes = [cause for gap in found for cause in gap.causes]
    causes += [cause for one in lost for cause in one.causes]
    rules = {cause.rule for cause in causes}
    slots = {slot for gap in found for slot in gap.slots} if found else set()
    if lost:
        slots |= {slot for slot, least in enumerate(tables.lowest.tolist()) if least}
    policy = {"avoid": tables.weights.size}
    changes = _crossings(tables, policies, sorted(slots), policy) if "H06" in rules else []
    memory = policies.memory
    if "H13" in rules and memory.unit == FORBID:
        changes.append((Said("policy unit"), partial(set_memory, "unit", policy)))
    if "H14" in rules and memory.person_unit == FORBID:
        changes.append((Said("policy person_unit"), partial(set_memory, "person_unit", policy)))
    amended = []
    for said, change in changes:
        raw = dict(tables.problem.to_dict())
        change(raw)
        amended.append((said, parse_problem(raw)))
    return amended


def _crossings(
    tables: Tables, policies: Policies, slots: list[int], policy: Json
) -> list[tuple[Said, Change]]:
    changes: list[tuple[Said, Change]] = []
    for number in slots:
        slot = tables.slots[number]
        for circle in CIRCLES:
            if getattr(policies.crossing_of(slot.id), circle) == FORBID:
                change = partial(set_crossing, slot.id, circle, policy)
                changes.append((Said("policy crossing", facts(slot=slot.id, circle=circle)), change))
    return changes
