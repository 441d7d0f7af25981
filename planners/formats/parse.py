"""JSON to Problem and Plan, Plan to JSON; everything wrong with a file is said at once, by JSON path.
Judges no plan: a plan that breaks rules parses, one that names unknown people does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from planners.formats.canonical import RepeatedKeyError, canonical_sha256
from planners.formats.canonical import read_json as json_of
from planners.formats.faults import BadInput, Fault, Reading
from planners.formats.keys import PLAN, PROBLEM
from planners.formats.keys_2 import ONLY_1, ONLY_2, PLAN_2, PROBLEM_2
from planners.formats.policies import note_faults, policies_of
from planners.problem import (
    PLAN_FORMAT_2,
    PROBLEM_FORMAT_2,
    TERMS_2,
    Area,
    Because,
    Crossing,
    Member,
    Office,
    Person,
    Pin,
    PinMember,
    Plan,
    Problem,
    Round,
    Rules,
    Shortage,
    Slot,
    Team,
    Template,
    Tie,
    Unit,
    Weights,
)

__all__ = [
    "BadInput",
    "Fault",
    "dump_plan",
    "in_order",
    "knows",
    "parse_plan",
    "parse_problem",
    "read_plan",
    "read_problem",
    "written_plan",
]

Found = Mapping[str, Any]

#: Some five times a problem of three thousand villages.
MOST_BYTES = 8_000_000


def parse_problem(data: object) -> Problem:
    """The problem in parsed JSON (contracts §2). Raises BadInput with every fault of the file."""
    second = isinstance(data, Mapping) and data.get("format") == PROBLEM_FORMAT_2
    reading = Reading(other_version=ONLY_1 if second else ONLY_2)
    found = (PROBLEM_2 if second else PROBLEM).read(data, "", reading)
    reading.unknown_names()
    _areas_in_circles(found, reading)
    _pins_that_cannot_hold(found, reading)
    if second:
        note_faults(found, reading)
    if reading.faults:
        raise BadInput(reading.told())
    template, rules = found["template"], found["rules"]
    return Problem(
        name=found["name"],
        rounds=tuple(Round(**_named(row)) for row in found["rounds"]),
        template=Template(template["name"], tuple(_made(Slot, _slot(row)) for row in template["slots"])),
        areas=tuple(Area(**_named(row)) for row in found["areas"]),
        units=tuple(
            _made(Unit, _named(row) | {"closed": frozenset(row["closed"])}) for row in found["units"]
        ),
        offices=tuple(_made(Office, _named(row)) for row in found["offices"]),
        people=tuple(
            _made(Person, _named(row) | {"off": frozenset(r for r in row["off"] if isinstance(r, str))})
            for row in found["people"]
        ),
        ties=tuple(Tie(**row | {"cost": row["cost"] or 0}) for row in found["ties"]),
        rules=Rules(
            crossing={
                skill: Crossing(from_=entry["from"], not_=entry["not"])
                for skill, entry in rules["crossing"].items()
                if not second
            },
            host_stays=rules["host_stays"],
            no_mutual_lead=rules["no_mutual_lead"],
        ),
        weights=Weights(**found["weights"]),
        pins=tuple(
            Pin(**row | {"members": tuple(PinMember(**member) for member in row["members"])})
            for row in found["pins"]
        ),
        sha256=canonical_sha256(data),
        raw=data,  # type: ignore[arg-type]  # PROBLEM.read refused all but a mapping
        policies=policies_of(found) if second else None,
    )


Value = TypeVar("Value")


def _made(kind: type[Value], row: Found) -> Value:
    """The value that has these fields; what version 2 adds beside them is read by policies.py."""
    known = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]  # all kinds here are dataclasses
    return kind(**{key: value for key, value in row.items() if key in known})


def _named(row: Found) -> dict[str, Any]:
    return {**row, "name": row["id"] if row["name"] is None else row["name"]}


def _slot(row: Found) -> dict[str, Any]:
    return _named(row) | {"target": row["min"] if row["target"] is None else row["target"]}


def _areas_in_circles(found: Found, reading: Reading) -> None:
    areas = found.get("areas", ())
    parents = {area["id"]: area.get("parent") for area in areas if "id" in area}
    for i, area in enumerate(areas):
        above, seen = area.get("parent"), set()
        while above is not None and above not in seen and above != area.get("id"):
            seen.add(above)
            above = parents.get(above)
        if above is not None and above == area.get("id"):
            reading.refuse(f"areas[{i}].parent", f'expected an area that "{above}" is not part of itself')


def _pins_that_cannot_hold(found: Found, reading: Reading) -> None:
    """Notes pins that no plan can keep, so that the fault is named where it was made and not in a plan."""
    rows: dict[str, dict[str, Found]] = {
        name: {row["id"]: row for row in found.get(name, ()) if "id" in row}
        for name in ("rounds", "units", "people")
    }
    slots = {row["id"]: row for row in found.get("template", {}).get("slots", ()) if "id" in row}
    round_of_unit: dict[str, str] = {}
    for i, pin in enumerate(found.get("pins", ())):
        round_id = pin.get("round")
        most = rows["rounds"].get(round_id, {}).get("visits_per_team")
        if most is not None and len(pin.get("units", ())) > most:
            reading.refuse(f"pins[{i}].units", f"expected at most visits_per_team, {most}, of {round_id}")
        for j, unit in enumerate(pin.get("units", ())):
            if round_id in rows["units"].get(unit, {}).get("closed", ()):
                reading.refuse(f"pins[{i}].units[{j}]", f"expected a unit that is not closed in {round_id}")
            if round_of_unit.setdefault(unit, round_id) != round_id:
                reading.refuse(f"pins[{i}].units[{j}]", f"expected round {round_of_unit[unit]} as before")
        for j, member in enumerate(pin.get("members", ())):
            person = rows["people"].get(member.get("person"), {})
            if round_id in person.get("off", ()):
                reading.refuse(f"pins[{i}].members[{j}].person", f"expected nobody who is off in {round_id}")
            needs = slots.get(member.get("slot"), {}).get("needs")
            if needs is not None and "skills" in person and not set(needs) & set(person["skills"]):
                reading.refuse(
                    f"pins[{i}].members[{j}].person", f"expected somebody with a skill of {' / '.join(needs)}"
                )


def parse_plan(data: object, problem: Problem, previous: bool = False) -> Plan:
    """The plan in parsed JSON. BadInput with every fault, also for another problem's plan or unknown ids.

    A `previous` plan may have been made for an earlier form of the problem: only its own shape is looked at.
    """
    reading = Reading(
        given={name: set(problem.ids(name)) for name in ("rounds", "slots", "units", "people", "topics")}
    )
    second = problem.policies is not None
    if previous and isinstance(data, Mapping):
        second = data.get("format") == PLAN_FORMAT_2  # made before the problem learnt the other words
    found = (PLAN_2 if second else PLAN).read(data, "", reading)
    if not previous:
        reading.unknown_names()
        if found.get("problem_sha256", problem.sha256) != problem.sha256:
            reading.refuse("problem_sha256", f"expected a plan of this problem, {problem.sha256}")
    if reading.faults:
        raise BadInput(reading.told())
    return written_plan(found)


def written_plan(found: Found) -> Plan:
    """The plan that `dump_plan` wrote down so. Nothing is looked over: for what this program has stored."""
    terms = found["objective"]["terms"]
    return Plan(
        problem_sha256=found["problem_sha256"],
        seed=found["seed"],
        seconds=found["seconds"],
        version=found["version"],
        teams=tuple(map(_team, found["teams"])),
        shortages=tuple(
            Shortage(**row | {"because": tuple(_because(cause) for cause in row["because"])})
            for row in found["shortages"]
        ),
        objective_total=found["objective"]["total"],
        terms={term: terms[term] for term in TERMS_2 if terms.get(term) is not None},
        bound=found["bound"],
        gap=found["gap"],
        format=found["format"],
        robustness=found.get("robustness"),
        fallbacks=found.get("fallbacks", 0),
    )


def _team(row: Found) -> Team:
    members = tuple(
        Member(one["person"], one["slot"], tuple(one.get("topics", ()))) for one in row["members"]
    )
    return Team(row["id"], row["round"], tuple(row["units"]), members, tuple(row.get("standby", ())))


def knows(problem: Problem, plan: Plan) -> bool:
    """Whether the problem has every record that the plan's teams and shortages name."""
    rounds, units, people = (problem.ids(name) for name in ("rounds", "units", "people"))
    seats = {(slot, topic) for slot in problem.ids("slots") for topic in ("", *problem.ids("topics"))}
    return all(
        team.round in rounds
        and units.issuperset(team.units)
        and people.issuperset(team.standby)
        and all(
            one.person in people and all((one.slot, topic) in seats for topic in (one.topics or ("",)))
            for one in team.members
        )
        for team in plan.teams
    ) and all(
        row.unit in units
        and (row.round is None or row.round in rounds)
        and (row.slot is None or (row.slot, "") in seats)
        for row in plan.shortages
    )


def _because(cause: Found) -> Because:
    return Because(cause["rule"], tuple((key, value) for key, value in cause.items() if key != "rule"))


def dump_plan(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values, keys in the order of the contract. `in_order` arranges the teams."""
    second = plan.format == PLAN_FORMAT_2
    return {
        "format": plan.format,
        "problem_sha256": plan.problem_sha256,
        "seed": plan.seed,
        "seconds": plan.seconds,
        "version": plan.version,
        "teams": [
            {
                "id": team.id,
                "round": team.round,
                "units": list(team.units),
                "members": [
                    {"person": member.person, "slot": member.slot}
                    | ({"topics": list(member.topics)} if second else {})
                    for member in team.members
                ],
            }
            | ({"standby": list(team.standby)} if second else {})
            for team in plan.teams
        ],
        "shortages": [
            {
                "unit": row.unit,
                "round": row.round,
                "slot": row.slot,
                "missing": row.missing,
                "reason": row.reason,
                "because": [cause.to_dict() for cause in row.because],
            }
            for row in plan.shortages
        ],
        "objective": {
            "total": plan.objective_total,
            "terms": {term: plan.terms[term] for term in TERMS_2 if term in plan.terms},
        },
        "bound": plan.bound,
        "gap": plan.gap,
    } | ({"robustness": plan.robustness, "fallbacks": plan.fallbacks} if second else {})


def in_order(plan: Plan, problem: Problem) -> Plan:
    """The same plan, teams by round and first unit (as the problem lists them), members by slot and id."""
    place = {unit.id: i for i, unit in enumerate(problem.units)}
    slot = {entry.id: i for i, entry in enumerate(problem.template.slots)}
    teams = (
        replace(
            team,
            members=tuple(sorted(team.members, key=lambda member: (slot[member.slot], member.person))),
        )
        for team in plan.teams
    )
    first = len(place)
    return replace(
        plan,
        teams=tuple(
            sorted(
                teams,
                key=lambda team: (
                    problem.round_index(team.round),
                    place[team.units[0]] if team.units else first,
                    team.id,
                ),
            )
        ),
    )


def read_problem(path: str | Path) -> Problem:
    """The problem in that file. Raises BadInput; OSError is turned into one as well."""
    return parse_problem(json_in_file(path))


def read_plan(path: str | Path, problem: Problem, previous: bool = False) -> Plan:
    """The plan in that file, see `parse_plan`."""
    return parse_plan(json_in_file(path), problem, previous)


def json_in_file(path: str | Path) -> object:
    """The JSON value in that file, numbers as they were written. Raises BadInput, also for an OSError.

    A file beyond MOST_BYTES is refused unread, so that the wrong file is answered at once.
    """
    try:
        if (size := Path(path).stat().st_size) <= MOST_BYTES:
            return json_of(Path(path).read_text("utf-8-sig"))
        message = f"expected a file of at most {MOST_BYTES // 10**6} MB, got {size // 10**6} MB"
    except OSError as fault:
        message = f"expected a file that can be read: {fault.strerror or fault}"
    except UnicodeDecodeError as fault:
        message = f"expected text in UTF-8, got another byte at {fault.start}"
    except json.JSONDecodeError as fault:
        message = f"expected JSON: {fault.msg} at line {fault.lineno} column {fault.colno}"
    except RepeatedKeyError as fault:
        message = f'expected every key once in an object, got "{fault}" twice'
    except RecursionError:
        message = "expected JSON that is not nested so deep"
    except ValueError as fault:
        message = f"expected numbers of reasonable length: {fault}"
    raise BadInput([Fault("", message)])
