"""Random problems of version 2: those of generate.py with policies, a past, bodies and pairs at random."""

from __future__ import annotations

import random
from typing import Any

from tests.planners.generate import any_problem, tiny_problem

Json = dict[str, Any]


def second(problem: Json, seed: int) -> Json:
    """The problem in version 2, every new rule in it now and then; dates are given to its rounds."""
    dice = random.Random(f"second {seed}")
    slots = problem["template"]["slots"]
    for number, row in enumerate(problem["rounds"]):
        row |= {"start": f"2026-{3 + number:02d}-02", "end": f"2026-{3 + number:02d}-13"}
    for row in problem["offices"]:
        row["kind"] = dice.choice(["discipline", "room", "village"])
        row["supervises"] = [unit["id"] for unit in problem["units"] if dice.random() < 0.2]
    for row in problem["people"]:
        row["months"] = dice.choice([None, 3, 8, 40])
    kinds = sorted({row["kind"] for row in problem["offices"]})
    for slot in slots:
        if dice.random() < 0.25:
            slot["offices"] = dice.sample(kinds, min(2, len(kinds)))
        if dice.random() < 0.3:
            slot["supervises"] = dice.choice(["must_not", "must_not", "must"])
        if dice.random() < 0.5:
            slot["pair"] = {"new_below_months": 12, "avoid": dice.choice([5, 40, 200])}
    rules = problem["rules"] = {**problem.get("rules", {})}
    rules["crossing"] = {slot["id"]: _crossing(dice) for slot in slots if dice.random() < 0.7}
    rules["memory"] = {
        "unit_days": dice.choice([None, 150, 365]),
        "person_unit_days": dice.choice([None, 90, 1000]),
        "load_year": dice.random() < 0.5,
    }
    for word in ("unit", "person_unit"):
        if rules["memory"][f"{word}_days"] is not None:
            rules["memory"][word] = dice.choice(["forbid", {"avoid": 7}, {"avoid": 90}, {"avoid": 30}])
    if dice.random() < 0.3:
        _by_day(dice, problem)
    if dice.random() < 0.4:
        skills = ["discipline", "finance"]
        problem["topics"] = [
            {"id": f"X{i}", "needs": dice.sample(skills, dice.randint(1, 2))}
            for i in range(dice.randint(1, 3))
        ]
    areas = [row["id"] for row in problem["areas"]]
    if len(areas) > 1 and dice.random() < 0.5:
        roads = [[*dice.sample(areas, 2), dice.randint(5, 90)] for _ in range(2)]
        problem["travel"] = {"between": roads[: 1 + (roads[0][:2] != roads[1][:2])], "unit": "minutes"}
    people = [row["id"] for row in problem["people"]]
    problem["history"] = [
        {
            "unit": unit["id"],
            "date": dice.choice(["2024-11-02", "2025-10-12", "2026-01-20"]),
            "people": dice.sample(people, min(len(people), 3)),
        }
        for unit in problem["units"]
        if dice.random() < 0.5
    ]
    return problem | {"format": "planners.problem/2"}


def _by_day(dice: random.Random, problem: Json) -> None:
    """Rounds that share days, people away for a part of one, visits that take some days."""
    for number, row in enumerate(problem["rounds"]):
        row |= {"start": f"2026-03-{2 + 6 * number:02d}", "end": f"2026-03-{10 + 6 * number:02d}"}
    for row in problem["people"]:
        if dice.random() < 0.1:
            day = dice.randint(1, 20)
            row["off"] = [*row["off"], {"from": f"2026-03-{day:02d}", "to": f"2026-03-{day + 2:02d}"}]
    for row in problem["units"] if dice.random() < 0.5 else ():
        row["days"] = dice.choice([None, 2, 4, 4])


def _crossing(dice: random.Random) -> Json:
    """Policies that do not contradict each other: the wider the circle, the looser."""
    entry: Json = {}
    for circle in ("zone", "area", "unit"):
        if "forbid" in entry.values():
            entry[circle] = "forbid"
        elif dice.random() < 0.6:
            entry[circle] = dice.choice(["forbid", "allow", {"avoid": 15}, {"avoid": 80}])
    if dice.random() < 0.2 and "forbid" not in (entry.get("zone"), entry.get("area")):
        entry["from"] = dice.choice(["area", "zone"])
    return entry


def any_second(seed: int) -> Json:
    """`any_problem` in version 2."""
    return second(any_problem(seed), seed)


def tiny_second(seed: int) -> Json:
    """`tiny_problem` in version 2: so small that every plan can be tried."""
    return second(tiny_problem(seed), seed)
