"""Random problems for tests and the benchmark cases in small; the same seed gives the same problem.
Every name is made up, and nothing here knows how plans are made."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]

LEADER = {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]}
FINANCE = {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]}
MEMBER = {
    "id": "member",
    "name": "村纪检委员",
    "min": 1,
    "max": 3,
    "target": 2,
    "needs": ["commissioner"],
    "distinct": "home_unit",
}


def any_problem(seed: int) -> Json:
    """A small problem with every kind of rule in it at random: quotas, ties, zones, pins, skills, absences.

    About three in five can be staffed completely; the others are short of something.
    """
    dice = random.Random(seed)
    roomy = dice.random() < 0.75
    zones = [f"Z{i}" for i in range(dice.randint(0, 2))]
    townships = [f"T{i}" for i in range(dice.randint(0, 3))]
    areas = [{"id": z, "name": z, "kind": "zone", "parent": None} for z in zones]
    areas += [
        {"id": t, "name": t, "kind": "township", "parent": dice.choice([None, *zones])} for t in townships
    ]
    rounds = [
        {
            "id": f"R{i}",
            "name": f"第{i + 1}轮",
            "start": "2026-03-02",
            "end": "2026-03-13",
            "teams": dice.randint(1, 4),
            "visits_per_team": dice.choice([1, 1, 2, 3]),
        }
        for i in range(dice.randint(1, 4))
    ]
    ids = [row["id"] for row in rounds]
    room = sum(row["teams"] * row["visits_per_team"] for row in rounds)
    count = dice.randint(0, room if roomy else room + 1)
    units = [
        {
            "id": f"V{i:02d}",
            "name": f"{i}村",
            "kind": "village",
            "area": dice.choice([None, *townships])
            if dice.random() < 0.2
            else dice.choice(townships or [None]),
            **_place(dice),
            "risk": dice.randint(0, 60),
            "closed": [r for r in ids if dice.random() < 0.08],
        }
        for i in range(count)
    ]
    offices = [
        {
            "id": f"O{i}",
            "name": f"机构{i}",
            "kind": "discipline",
            "area": dice.choice([None, *townships]),
            "min_home": dice.choice([0, 0, 1]),
            "max_out": dice.choice([None, None, 3, 2, 0]),
        }
        for i in range(dice.randint(1, 5))
    ]
    people = _people(dice, rounds, townships, units, offices, 10 if roomy else 4)
    rules: Json = {
        "crossing": {
            skill: {
                "from": dice.choice(["any", "any", "zone", "area"]),
                "not": dice.choice(["unit", "unit", "area"]),
            }
            for skill in ("discipline", "finance", "commissioner")
            if dice.random() < 0.4
        },
        "host_stays": dice.random() < 0.7,
        "no_mutual_lead": dice.random() < 0.7,
    }
    return {
        "format": "planners.problem/1",
        "name": f"random {seed}",
        "rounds": rounds,
        "template": {"name": "random", "slots": _slots(dice)},
        "areas": areas,
        "units": units,
        "offices": offices,
        "people": people,
        "ties": _ties(dice, people, units),
        "rules": rules,
        "weights": {"size": dice.choice([150, 40]), "load": dice.choice([20, 3])},
        "pins": _pins(dice, rounds, units, people),
    }


def _place(dice: random.Random) -> Json:
    if dice.random() < 0.1:
        return {"x_km": None, "y_km": None}
    return {"x_km": round(dice.uniform(0, 30), 1), "y_km": round(dice.uniform(0, 30), 1)}


def _slots(dice: random.Random) -> list[Json]:
    slots = [dict(LEADER)]
    if dice.random() < 0.2:
        slots[0] |= {"min": 2, "max": 2, "needs": ["discipline", "finance"]}
    if dice.random() < 0.6:
        slots.append(dict(FINANCE))
    if dice.random() < 0.7:
        slots.append(
            dict(MEMBER) | {"min": dice.randint(0, 1), "distinct": dice.choice([None, "office", "home_unit"])}
        )
    return slots


def _people(
    dice: random.Random,
    rounds: list[Json],
    townships: list[str],
    units: list[Json],
    offices: list[Json],
    per_team: int,
) -> list[Json]:
    skills = ["discipline", "finance", "commissioner"]
    return [
        {
            "id": f"P{i:02d}",
            "name": f"人{i}",
            "office": dice.choice(offices)["id"],
            "area": dice.choice([None, *townships])
            if dice.random() < 0.3
            else dice.choice(townships or [None]),
            "home_unit": dice.choice(units)["id"] if units and dice.random() < 0.4 else None,
            "skills": dice.sample(skills, 2) if dice.random() < 0.2 else [skills[i % 3]],
            **_place(dice),
            "off": [row["id"] for row in rounds if dice.random() < 0.08],
            "max_teams": dice.choice([None, None, None, 3, 2]),
        }
        for i in range(dice.randint(per_team, per_team * (1 + max(row["teams"] for row in rounds))))
    ]


def _ties(dice: random.Random, people: list[Json], units: list[Json]) -> list[Json]:
    ties: list[Json] = []
    for _ in range(dice.randint(0, 8)):
        person = dice.choice(people)["id"]
        tie: Json = {"person": person, "kind": "RC-05", "hard": dice.random() < 0.5}
        if not tie["hard"]:
            tie["cost"] = dice.randint(0, 60)
        other = dice.choice(people)["id"]
        if units and dice.random() < 0.5:
            ties.append(tie | {"unit": dice.choice(units)["id"]})
        elif other != person:
            ties.append(tie | {"other": other})
    return ties


def _pins(dice: random.Random, rounds: list[Json], units: list[Json], people: list[Json]) -> list[Json]:
    """At most one pin, seldom at odds with a rule; what it does to quotas is for the planner to see."""
    if not units or dice.random() < 0.6:
        return []
    row = dice.choice(rounds)
    unit = dice.choice(units)
    pin: Json = {"round": row["id"], "units": [], "members": [], "exclude": []}
    leaders = [p for p in people if "discipline" in p["skills"] and row["id"] not in p["off"]]
    if dice.random() < 0.5 and row["id"] not in unit["closed"]:
        pin["units"] = [unit["id"]]
    if leaders and dice.random() < 0.5:
        pin["members"] = [{"person": dice.choice(leaders)["id"], "slot": "leader"}]
    if dice.random() < 0.5:
        barred = dice.choice(people)["id"]
        pin["exclude"] = [barred] if barred not in [m["person"] for m in pin["members"]] else []
    return [pin] if pin["units"] or pin["members"] else []


def keep_units(problem: Json, *ids: str) -> None:
    """Leaves only these units; whoever lives elsewhere lives nowhere then."""
    problem["units"] = [row for row in problem["units"] if row["id"] in ids]
    for person in problem["people"]:
        if person.get("home_unit") not in ids:
            person["home_unit"] = None


def tiny_problem(seed: int) -> Json:
    """A problem so small that every plan can be tried: up to 3 units and 6 people, most rules at random."""
    dice = random.Random(seed)
    rounds = [
        {
            "id": f"R{i}",
            "name": f"第{i + 1}轮",
            "teams": dice.randint(1, 2),
            "visits_per_team": dice.randint(1, 2),
        }
        for i in range(dice.randint(1, 2))
    ]
    room = sum(row["teams"] * row["visits_per_team"] for row in rounds)
    areas = [{"id": t, "name": t, "kind": "township", "parent": None} for t in ("T0", "T1")]
    units = [
        {
            "id": f"V{i}",
            "name": f"{i}村",
            "kind": "village",
            "area": dice.choice(["T0", "T0", "T1", None]),
            **_place(dice),
            "risk": dice.randint(0, 40),
            "closed": [row["id"] for row in rounds if dice.random() < 0.05],
        }
        for i in range(min(room, dice.randint(1, 3)))
    ]
    offices = [
        {"id": f"O{i}", "name": f"机构{i}", "kind": "x", "area": None, "max_out": dice.choice([None, 2, 1])}
        for i in range(3)
    ]
    people: list[Json] = [
        {
            "id": f"P{i}",
            "name": f"人{i}",
            "office": dice.choice(offices)["id"],
            "area": dice.choice(["T0", "T1", None]),
            "home_unit": dice.choice(units)["id"] if dice.random() < 0.25 else None,
            "skills": ["discipline", "finance"]
            if dice.random() < 0.3
            else [["discipline", "finance"][i % 2]],
            **_place(dice),
            "off": [row["id"] for row in rounds if dice.random() < 0.05],
            "max_teams": dice.choice([None, None, 2]),
        }
        for i in range(dice.randint(4, 6))
    ]
    slots: list[Json] = [dict(LEADER), dict(FINANCE)]
    slots[1] |= dice.choice([{}, {"min": 0, "max": 2, "target": 1}, {"min": 1, "max": 2, "target": 2}])
    return {
        "format": "planners.problem/1",
        "name": f"tiny {seed}",
        "rounds": rounds,
        "template": {"name": "1+1", "slots": slots[: dice.choice([1, 2, 2])]},
        "areas": areas,
        "units": units,
        "offices": offices,
        "people": people,
        "ties": _ties(dice, people, units)[:3],
        "rules": {"crossing": {"discipline": {"from": "any", "not": dice.choice(["unit", "area"])}}},
        "weights": {
            "size": dice.choice([150, 15]),
            "load": dice.choice([20, 3]),
            "revisit": dice.choice([10, 40]),
        },
    }
