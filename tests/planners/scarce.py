"""Townships that lack somebody: like t26 (one township) and s103 (103 villages), each short in one known way.
Every name is made up; functions give fresh JSON values, and nothing here knows how plans are made."""

from __future__ import annotations

import random

from planners.formats.faults import BadInput
from planners.formats.parse import parse_problem
from planners.problem import Plan
from planners.referee.check import check
from planners.rulebook.telling import BareNames, told_phrase, told_remark
from planners.rulebook.values import Remark, Said
from planners.shortage.diagnosis import Diagnosis, diagnose
from planners.solve import Progress, solve
from tests.planners.generate import Json

SLOTS: list[Json] = [
    {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]},
    {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]},
    {"id": "welfare", "name": "惠民", "min": 1, "max": 1, "needs": ["welfare"]},
    {"id": "member", "name": "村纪检委员", "min": 2, "max": 5, "target": 3, "needs": ["commissioner"]}
    | {"distinct": "home_unit"},
]
TRADES = {"discipline": "纪委", "finance": "财政所", "welfare": "民政办"}


def t26() -> Json:
    """One township, 26 villages, 7 rounds of 4 teams, 7 people per trade, who stay in the township."""
    return _county(townships=1, villages=26, rounds=7, teams=4, per_trade=7)


def s103() -> Json:
    """103 villages in 7 townships, 13 rounds of 8 teams (exactly tight); officers leave their own."""
    problem = _county(townships=7, villages=103, rounds=13, teams=8, per_trade=4)
    problem["rules"] = {"crossing": {trade: {"from": "any", "not": "area"} for trade in TRADES}}
    return problem


def finance_away(problem: Json, round_id: str, left: int) -> None:
    """Only so many people of each finance office are there in the round."""
    for row in problem["people"]:
        if "finance" in row["skills"] and int(row["id"].rsplit("-", 1)[1]) >= left:
            row["off"] = [round_id]


def kin_of(problem: Json, trade: str, unit: str) -> None:
    """Everybody of that trade has a relative who holds office in the village."""
    problem["ties"] += [
        {"person": row["id"], "unit": unit, "kind": "RC-05", "hard": True}
        for row in problem["people"]
        if trade in row["skills"]
    ]


def first_plan(problem: Json, seed: int = 0) -> Plan:
    """The first legal plan, which the referee has seen."""
    parsed, phases = parse_problem(problem), [""]

    def note(progress: Progress) -> None:
        phases.append(progress.phase)

    plan = solve(parsed, seed=seed, on_progress=note, cancelled=lambda: phases[-1] != "construct")
    assert check(parsed, plan).broken == ()
    return plan


def diagnosed(problem: Json) -> tuple[Plan, Diagnosis]:
    """The first plan and what is said of it."""
    plan = first_plan(problem)
    return plan, diagnose(parse_problem(problem), plan)


def told(problem: Json, *values: Said | Remark) -> list[str]:
    """The planner's sentences about these values."""
    names = BareNames(parse_problem(problem))
    return [told_remark(one, names) if isinstance(one, Remark) else told_phrase(one, names) for one in values]


def solvable(problem: Json) -> bool:
    """Whether the pins contradict no rule."""
    try:
        first_plan(problem)
    except BadInput:
        return False
    return True


def _county(townships: int, villages: int, rounds: int, teams: int, per_trade: int) -> Json:
    dice = random.Random(villages)
    units: list[Json] = []
    offices: list[Json] = []
    people: list[Json] = []
    seats = [(dice.uniform(0, 40), dice.uniform(0, 40)) for _ in range(townships)]
    for t, (x, y) in enumerate(seats):
        for trade, office in TRADES.items():
            name = f"O-{trade}-{t}"
            offices.append({"id": name, "name": f"{t + 1}号镇{office}", "kind": trade, "area": f"T{t}"})
            offices[-1] |= {"min_home": 1, "max_out": None}
            people += [
                {"id": f"{trade}-{t}-{i}", "name": f"{t + 1}号镇{office}{i + 1}", "office": name}
                | {"area": f"T{t}", "skills": [trade], "x_km": round(x, 1), "y_km": round(y, 1)}
                for i in range(per_trade)
            ]
    for v in range(villages):
        x, y = seats[v % townships]
        place = {"x_km": round(dice.gauss(x, 4), 1), "y_km": round(dice.gauss(y, 4), 1)}
        where = {"area": f"T{v % townships}"} | place
        unit = {"id": f"V{v:03d}", "name": f"{v + 1}村", "kind": "village", "risk": dice.randint(0, 60)}
        units.append(unit | where)
        people.append(
            {
                "id": f"commissioner-{v:03d}",
                "name": f"{v + 1}村纪检委员",
                "office": None,
                "home_unit": unit["id"],
            }
            | {"skills": ["commissioner"]}
            | where
        )
    return {
        "format": "planners.problem/1",
        "name": f"{villages} villages",
        "rounds": [{"id": f"R{i}", "name": f"第{i}轮", "teams": teams} for i in range(1, rounds + 1)],
        "template": {"name": "1+2+N", "slots": [dict(slot) for slot in SLOTS]},
        "areas": [
            {"id": f"T{t}", "name": f"{t + 1}号镇", "kind": "township", "parent": None}
            for t in range(townships)
        ],
        "units": units,
        "offices": offices,
        "people": people,
        "ties": [],
    }
