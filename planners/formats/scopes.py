"""Makes a problem of another kind from a problem: another template, a verification group, a re-inspection.
Plans nothing; what comes out is a problem file like any other, and what it changed can be read in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from planners.formats.faults import BadInput, Fault
from planners.formats.parse import parse_problem
from planners.problem import Plan, Problem

Json = dict[str, Any]

#: The recusal kind of somebody who inspected the unit the time before.
INSPECTED_BEFORE = "回头看"

#: Skills as the sample files name them; `skills` is open, so other words can be given.
DISCIPLINE, FINANCE, WELFARE, COMMISSIONER, BUSINESS, ROOM = (
    "discipline",
    "finance",
    "welfare",
    "commissioner",
    "business",
    "room",
)


def _slot(id: str, name: str, heads: tuple[int, int, int], needs: str, distinct: str | None = None) -> Json:
    least, most, target = heads
    row: Json = {"id": id, "name": name, "min": least, "max": most, "target": target, "needs": [needs]}
    return row if distinct is None else row | {"distinct": distinct}


#: Templates by name; leaders stand first in each.
TEMPLATES: Mapping[str, Json] = {
    "1+2+N": {
        "name": "1+2+N",
        "slots": [
            _slot("leader", "组长", (1, 1, 1), DISCIPLINE),
            _slot("finance", "财务", (1, 1, 1), FINANCE),
            _slot("welfare", "惠民", (1, 1, 1), WELFARE),
            _slot("member", "村纪检委员", (2, 5, 3), COMMISSIONER, "home_unit"),
        ],
    },
    "2+1+3": {
        "name": "2+1+3",
        "slots": [
            _slot("leader", "组长", (2, 2, 2), DISCIPLINE),
            _slot("finance", "财务", (1, 1, 1), FINANCE),
            _slot("member", "村纪检委员", (3, 3, 3), COMMISSIONER, "home_unit"),
        ],
    },
    "2+5": {
        "name": "2+5",
        "slots": [
            _slot("leader", "组长", (2, 2, 2), DISCIPLINE),
            _slot("topic", "专题", (5, 5, 5), BUSINESS, "office"),
        ],
    },
    "核查组": {
        "name": "核查组",
        "slots": [
            _slot("leader", "组长", (1, 1, 1), ROOM),
            _slot("officer", "核查人员", (2, 3, 2), DISCIPLINE, "office"),
        ],
    },
}


def with_template(problem: Problem, name: str) -> Problem:
    """The problem staffed after one of TEMPLATES; pins go, because they speak of slots that may be gone."""
    return parse_problem({**problem.to_dict(), "template": TEMPLATES[name], "pins": []})


def verification(problem: Problem, units: Collection[str]) -> Problem:
    """Verification groups (核查组) for leads at these units: an officer of a room leads, the officers beside
    come from other townships, each from another office.

    Everybody keeps ties, quotas and absences. BadInput for a unit that is unknown and when nobody has the
    skill `room`.
    """
    faults = _unknown(problem, units)
    if not any(ROOM in person.skills for person in problem.people):
        faults.append(Fault("people", f'expected somebody with the skill "{ROOM}" to lead the groups'))
    if faults:
        raise BadInput(faults)
    raw = _only(problem, units)
    rules = dict(raw.get("rules", {}))
    crossing = {**rules.get("crossing", {}), DISCIPLINE: {"from": "any", "not": "area"}}
    crossing[ROOM] = {"from": "any", "not": "unit"}
    return parse_problem(
        {**raw, "template": TEMPLATES["核查组"], "rules": {**rules, "crossing": crossing}, "pins": []}
    )


def reinspection(problem: Problem, plan: Plan, units: Collection[str]) -> Problem:
    """A re-inspection (回头看) of these units: nobody who was there by the plan goes there again.

    Each such person gets a hard tie (H07) of kind INSPECTED_BEFORE to the unit; units that are not named
    leave, absences, quotas and other ties stay, pins and closed rounds of the first time go. BadInput for
    an unknown unit and for one that the plan never visited.
    """
    there: dict[str, list[str]] = {}
    for team in plan.teams:
        for unit in team.units:
            there.setdefault(unit, []).extend(member.person for member in team.members)
    faults = _unknown(problem, units)
    faults += [
        Fault(
            f"units[{unit}]", "expected a unit that the plan visited, so that there is something to compare"
        )
        for unit in units
        if unit in problem.ids("units") and unit not in there
    ]
    if faults:
        raise BadInput(faults)
    raw = _only(problem, units)
    new = [
        {"person": person, "unit": unit.id, "kind": INSPECTED_BEFORE, "hard": True}
        for unit in problem.units
        if unit.id in units
        for person in dict.fromkeys(there[unit.id])
    ]
    rows = [{key: value for key, value in row.items() if key != "closed"} for row in raw["units"]]
    return parse_problem({**raw, "units": rows, "ties": [*raw["ties"], *new], "pins": []})


def riskiest(problem: Problem, count: int) -> tuple[str, ...]:
    """The units of highest risk, equals in the order of the file."""
    rows = sorted(problem.units, key=lambda unit: -unit.risk)
    return tuple(unit.id for unit in rows[:count])


def _unknown(problem: Problem, units: Collection[str]) -> list[Fault]:
    known = problem.ids("units")
    return [
        Fault(f"units[{unit}]", f'expected the id of one of the units, got "{unit}"')
        for unit in units
        if unit not in known
    ]


def _only(problem: Problem, units: Collection[str]) -> Json:
    """The file with these units alone; whoever lives elsewhere lives in no unit that is visited."""
    raw = dict(problem.to_dict())
    raw["units"] = [row for row in raw.get("units", ()) if row["id"] in units]
    raw["people"] = [
        row if row.get("home_unit") in units else {**row, "home_unit": None} for row in raw.get("people", ())
    ]
    raw["ties"] = [tie for tie in raw.get("ties", ()) if tie.get("unit") is None or tie["unit"] in units]
    return raw
