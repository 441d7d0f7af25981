"""What became known after a plan was made (absences, late ties, closed rounds), merged into its problem.
It changes nobody's seat: replan.py does that. The amended problem hashes like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planners.formats.faults import BadInput, Fault
from planners.formats.parse import parse_problem
from planners.problem import Problem, Tie


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away in one round, or without a round from the first open round to the end."""

    person: str
    round: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that became known: absences, people who left for good, ties declared late, closed units."""

    absences: tuple[Absence, ...] = ()
    withdrawn: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()  # (unit, round)


def amended(problem: Problem, changes: Changes, from_round: str) -> Problem:
    """The problem with the changes merged into `off`, `ties` and `closed`.

    New round ids follow those that stood there, in the order of the rounds; a change that says nothing new
    leaves the hash as it is. BadInput for unknown ids, for a round before `from_round` (what is over cannot
    be changed) and when a pin holds somebody who is away now.
    """
    faults = list(_faults(problem, changes, from_round))
    if faults:
        raise BadInput(faults)
    raw = dict(problem.to_dict())
    rounds = [row.id for row in problem.rounds]
    later = rounds[problem.round_index(from_round) :]
    off: dict[str, set[str]] = {}
    for absence in (*changes.absences, *map(Absence, changes.withdrawn)):
        off.setdefault(absence.person, set()).update([absence.round] if absence.round else later)
    if off:
        raw["people"] = [_longer(row, "off", off, rounds) for row in raw["people"]]
    closed: dict[str, set[str]] = {}
    for unit, round_id in changes.closed:
        closed.setdefault(unit, set()).add(round_id)
    if closed:
        raw["units"] = [_longer(row, "closed", closed, rounds) for row in raw["units"]]
    if changes.ties:
        raw["ties"] = [*raw.get("ties", ()), *map(_tie, changes.ties)]
    return parse_problem(raw)


def _longer(
    row: Mapping[str, Any], key: str, more: Mapping[str, set[str]], rounds: list[str]
) -> Mapping[str, Any]:
    known = list(row.get(key, ()))
    new = [id for id in rounds if id in more.get(row["id"], ()) and id not in known]
    return {**row, key: known + new} if new else row


def _tie(tie: Tie) -> dict[str, Any]:
    goal = {"unit": tie.unit} if tie.unit is not None else {"other": tie.other}
    cost = {} if tie.hard else {"cost": tie.cost}
    return {"person": tie.person, **goal, "kind": tie.kind, "hard": tie.hard, **cost}


def _faults(problem: Problem, changes: Changes, from_round: str) -> list[Fault]:
    faults: list[Fault] = []

    def known(path: str, where: str, id: str) -> bool:
        if id not in problem.ids(where):
            faults.append(Fault(path, f'expected the id of one of the {where}, got "{id}"'))
            return False
        return True

    open_from = problem.round_index(from_round) if known("from", "rounds", from_round) else None
    for i, absence in enumerate(changes.absences):
        known(f"absent[{i}]", "people", absence.person)
        _still_open(problem, f"absent[{i}]", absence.round, open_from, known, faults)
    for i, person in enumerate(changes.withdrawn):
        known(f"withdrawn[{i}]", "people", person)
    for i, (unit, round_id) in enumerate(changes.closed):
        known(f"closed[{i}]", "units", unit)
        _still_open(problem, f"closed[{i}]", round_id, open_from, known, faults)
    return faults


def _still_open(
    problem: Problem,
    path: str,
    round_id: str | None,
    open_from: int | None,
    known: Callable[[str, str, str], bool],
    faults: list[Fault],
) -> None:
    if round_id is None or not known(path, "rounds", round_id) or open_from is None:
        return
    if problem.round_index(round_id) < open_from:
        first = problem.rounds[open_from].id
        faults.append(Fault(path, f"expected a round from {first} on, got {round_id}, which stays as it is"))
