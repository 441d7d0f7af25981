"""ok_small: two townships, six villages, nine people, three rounds of two teams; and a legal plan by hand.
Functions give fresh JSON values that a test may change; nothing here calls the solver.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from planners.formats.parse import dump_plan, parse_plan, parse_problem
from planners.problem import Plan, Problem
from planners.referee.check import Report, check
from planners.referee.costs import all_terms, total_of
from planners.rulebook.telling import lines

Json = dict[str, Any]


def _person(id: str, name: str, skill: str, office: str | None, area: str | None, **more: Any) -> Json:
    return {"id": id, "name": name, "skills": [skill], "office": office, "area": area} | more


def _member(id: str, name: str, home: str, x_km: float, area: str) -> Json:
    return _person(id, name, "commissioner", None, area, home_unit=home, x_km=x_km, y_km=0)


def ok_small() -> Json:
    """The problem. Leaders (discipline) must not belong to the township they visit; L3 is from the county."""
    rounds = [{"id": f"R{n}", "name": f"第{n}轮", "teams": 2} for n in (1, 2, 3)]
    places = {"V1": (0, 0), "V2": (3, 0), "V3": (0, 4), "V4": (10, 0), "V5": (13, 0), "V6": (10, 4)}
    risks = {"V1": 30, "V2": 20, "V3": 10, "V4": 25, "V5": 15, "V6": 5}
    units = [
        {
            "id": id,
            "name": f"{'甲乙丙丁戊己'[n]}村",
            "kind": "village",
            "area": "T1" if n < 3 else "T2",
            "x_km": x,
            "y_km": y,
            "risk": risks[id],
        }
        for n, (id, (x, y)) in enumerate(places.items())
    ]
    return {
        "format": "planners.problem/1",
        "name": "两镇六村",
        "rounds": rounds,
        "template": {
            "name": "1+1+N",
            "slots": [
                {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]},
                {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]},
                {
                    "id": "member",
                    "name": "村纪检委员",
                    "min": 1,
                    "max": 2,
                    "needs": ["commissioner"],
                    "distinct": "home_unit",
                },
            ],
        },
        "areas": [
            {"id": "T1", "name": "北坡镇", "kind": "township", "parent": "Z1"},
            {"id": "T2", "name": "南河镇", "kind": "township", "parent": "Z2"},
            {"id": "Z1", "name": "第一片区", "kind": "zone", "parent": "C"},
            {"id": "Z2", "name": "第二片区", "kind": "zone", "parent": "C"},
            {"id": "C", "name": "清河县", "kind": "county", "parent": None},
        ],
        "units": units,
        "offices": [
            {"id": "O1", "name": "北坡镇纪委", "kind": "discipline", "area": "T1"},
            {"id": "O2", "name": "南河镇纪委", "kind": "discipline", "area": "T2"},
            {"id": "O3", "name": "县财政局", "kind": "finance", "max_out": 2},
        ],
        "people": [
            _person("L1", "丁一", "discipline", "O1", "T1", x_km=0, y_km=0),
            _person("L2", "马二", "discipline", "O2", "T2", x_km=10, y_km=0),
            _person("L3", "王三", "discipline", None, None),
            _person("F1", "方四", "finance", "O3", None, x_km=0, y_km=0),
            _person("F2", "任五", "finance", "O3", None, x_km=10, y_km=0),
            _member("M1", "史六", "V1", 0, "T1"),
            _member("M2", "田七", "V2", 3, "T1"),
            _member("M4", "白八", "V4", 10, "T2"),
            _member("M5", "石九", "V5", 13, "T2"),
        ],
        "ties": [],
        "rules": {"crossing": {"discipline": {"from": "any", "not": "area"}}},
        "pins": [],
    }


TEAMS = {
    "R1-01": ("R1", "V1", "L3", "F1", "M2"),
    "R1-02": ("R1", "V4", "L1", "F2", "M5"),
    "R2-01": ("R2", "V2", "L2", "F1", "M4"),
    "R2-02": ("R2", "V5", "L3", "F2", "M1"),
    "R3-01": ("R3", "V3", "L3", "F1", "M5"),
    "R3-02": ("R3", "V6", "L1", "F2", "M2"),
}
#: Counted by hand from TEAMS and the places and risks above.
TERMS = {"risk": 65, "distance": 90, "load": 42, "pair": 2, "revisit": 6, "size": 0, "soft_tie": 0}
TOTAL = 65 + 90 + 20 * 42 + 30 * 2 + 10 * 6


def team(id: str, round: str, units: list[str], leader: str, finance: str, *members: str) -> Json:
    """One team; the last names are its ordinary members."""
    seats = [(leader, "leader"), (finance, "finance"), *((person, "member") for person in members)]
    return {
        "id": id,
        "round": round,
        "units": units,
        "members": [{"person": person, "slot": slot} for person, slot in seats],
    }


def ok_plan(problem: Json | None = None) -> Json:
    """The legal plan of ok_small, or the same teams as a plan of a changed problem."""
    return plan_of(
        problem or ok_small(),
        [team(id, round, [unit], *people) for id, (round, unit, *people) in TEAMS.items()],
    )


def plan_of(problem: Json, teams: list[Json], shortages: list[Json] | None = None) -> Json:
    """A plan with these teams that says the truth about its costs and knows no bound."""
    parsed = parse_problem(deepcopy(problem))
    plan = {
        "format": "planners.plan/1" if parsed.policies is None else "planners.plan/2",
        "problem_sha256": parsed.sha256,
        "seed": 7,
        "seconds": 0.5,
        "version": "by hand",
        "teams": teams,
        "shortages": shortages or [],
        "objective": {"total": 0, "terms": {term: 0 for term in parsed.terms if term != "change"}},
        "bound": None,
        "gap": None,
    }
    return priced(parsed, parse_plan(plan, parsed))


def priced(problem: Problem, plan: Plan) -> Json:
    """The plan with its objective set to what its teams cost."""
    terms = all_terms(problem, plan.teams)
    return dump_plan(plan) | {"objective": {"total": total_of(problem, terms), "terms": terms}}


def two_visits() -> tuple[Json, Json]:
    """Three rounds of one team that visits two villages of one township, and a legal plan for them."""
    problem = ok_small()
    for round in problem["rounds"]:
        round |= {"teams": 1, "visits_per_team": 2}
    return problem, plan_of(
        problem,
        [
            team("R1-01", "R1", ["V1", "V2"], "L3", "F1", "M4"),
            team("R2-01", "R2", ["V4", "V5"], "L1", "F2", "M2"),
            team("R3-01", "R3", ["V3", "V6"], "L3", "F1", "M5"),
        ],
    )


def judged(problem: Json, plan: Json, previous: Json | None = None) -> Report:
    """What the referee says of a plan (JSON values as in files)."""
    parsed = parse_problem(problem)
    old = parse_plan(previous, parsed, previous=True) if previous else None
    return check(parsed, parse_plan(plan, parsed), old)


def told(problem: Json, plan: Json) -> list[str]:
    """What the command `check` prints of the plan."""
    parsed = parse_problem(problem)
    return lines(judged(problem, plan).broken, parsed, parse_plan(plan, parsed).teams)


def codes(problem: Json, teams: list[Json], shortages: list[Json] | None = None) -> list[str]:
    """The codes of all broken rules, in order, of a plan that tells its costs truly."""
    return [broken.rule for broken in judged(problem, plan_of(problem, teams, shortages)).broken]


def teams_of(plan: Json) -> dict[str, Json]:
    """The teams of a plan by id, to be changed in place."""
    return {team["id"]: team for team in plan["teams"]}


def seat(team: Json, person: str, slot: str = "member") -> None:
    """Puts one more person into a team."""
    team["members"].append({"person": person, "slot": slot})


def unseat(team: Json, person: str) -> None:
    """Takes a person out of a team."""
    team["members"] = [member for member in team["members"] if member["person"] != person]


def replace_person(team: Json, old: str, new: str) -> None:
    """Gives a seat to somebody else."""
    for member in team["members"]:
        if member["person"] == old:
            member["person"] = new


def record(problem: Json, id: str) -> Json:
    """The unit, office, person, round or slot of that id, to be changed in place."""
    lists = [problem[name] for name in ("rounds", "units", "offices", "people", "areas")]
    return next(row for rows in [*lists, problem["template"]["slots"]] for row in rows if row["id"] == id)


def broken(problem: Json, teams: dict[str, Json], shortages: list[Json] | None = None) -> list[str]:
    """As `codes`, of teams by id."""
    return codes(problem, list(teams.values()), shortages)


def lacking(unit: str, round: str | None, slot: str | None, missing: int = 1) -> Json:
    """A row of shortages."""
    return {"unit": unit, "round": round, "slot": slot, "missing": missing, "reason": "", "because": []}
