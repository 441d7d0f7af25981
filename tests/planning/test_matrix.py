"""The plan laid out for the page: figures, workload, who stays at home, costs, shortages."""

from typing import Any

from inspections.planning.matrix import LoadBar, Matrix, signs
from planners.formats.parse import parse_plan, parse_problem
from planners.problem import TERMS

SLOTS = [
    {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]},
    {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]},
]


def person(code: str, skill: str, office: str = "O1", **given: Any) -> dict[str, Any]:
    values = {"id": code, "name": f"姓名{code}", "office": office, "area": "T1", "skills": [skill]}
    return {**values, "off": [], "max_teams": None, **given}


def unit(code: str, kind: str = "village") -> dict[str, Any]:
    return {"id": code, "name": f"{code}村", "kind": kind, "area": "T1", "risk": 1}


def office(code: str, min_home: int) -> dict[str, Any]:
    return {
        "id": code,
        "name": f"{code}办",
        "kind": "bureau",
        "area": "T1",
        "min_home": min_home,
        "max_out": None,
    }


def seat(person: str, slot: str) -> dict[str, str]:
    return {"person": person, "slot": slot}


PROBLEM: dict[str, Any] = {
    "format": "planners.problem/1",
    "name": "三村",
    "rounds": [
        {"id": "R1", "name": "第一轮", "start": "2027-03-01", "end": "2027-03-05", "teams": 2},
        {"id": "R2", "name": "第二轮", "start": "2027-03-08", "end": "2027-03-12", "teams": 1},
    ],
    "template": {"name": "1+1", "slots": SLOTS},
    "areas": [{"id": "T1", "name": "甲镇", "kind": "township", "parent": None}],
    "units": [unit("V1"), unit("V2"), unit("V3")],
    "offices": [office("O1", 1), office("O2", 0)],
    "people": [
        person("P1", "discipline"), person("P2", "discipline", off=["R2"]),
        person("P3", "discipline", max_teams=0), person("P4", "finance", "O2"), person("P5", "other"),
    ],
    "weights": {"risk": 1, "load": 20},
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "format": "planners.plan/1",
    "seed": 0,
    "seconds": 0,
    "version": "by hand",
    "objective": {"total": 0, "terms": dict.fromkeys(TERMS, 0)},
    "bound": None,
    "gap": None,
    "teams": [
        {
            "id": "R1-01",
            "round": "R1",
            "units": ["V1"],
            "members": [seat("P1", "leader"), seat("P4", "finance")],
        },
        {"id": "R1-02", "round": "R1", "units": ["V2"], "members": [seat("P2", "leader")]},
        {
            "id": "R2-01",
            "round": "R2",
            "units": ["V3"],
            "members": [seat("P1", "leader"), seat("P4", "finance")],
        },
    ],
    "shortages": [
        {"unit": "V2", "round": "R1", "slot": "finance", "missing": 1, "reason": "无人可派"},
    ],
}


def drawn(problem: dict[str, Any] = PROBLEM, answer: dict[str, Any] = ANSWER) -> Matrix:
    parsed = parse_problem(problem)
    return Matrix(parsed, parse_plan({**answer, "problem_sha256": parsed.sha256}, parsed))


MATRIX = drawn()


def test_figures_count_seats_over_all_who_could_have_gone() -> None:
    figures = MATRIX.figures()
    assert (figures.units, figures.measure, figures.rounds, figures.teams) == (3, "个村（社区）", 2, "1 至 2")
    assert (figures.seats, figures.people, figures.most) == (5, 3, 2)
    assert round(figures.mean, 2) == 1.67


def test_departments_are_counted_as_units() -> None:
    problem = {**PROBLEM, "units": [*PROBLEM["units"], unit("D1", "department")]}
    assert drawn(problem).figures().measure == "个单位"


def test_each_round_is_a_column_with_its_teams_and_what_they_lack() -> None:
    first, second = MATRIX.columns()
    assert (first.name, first.days, len(first.cells), len(second.cells)) == ("第一轮", "3月1日—3月5日", 2, 1)
    assert [chip.sign for chip in first.cells[0].chips] == ["组", "财"]
    assert first.cells[0].chips[0].home == "甲镇"
    assert [lack.words for lack in first.cells[1].lacks] == ["财务缺 1"]
    assert second.cells[0].lacks == ()


def test_workload_counts_those_who_never_go_too() -> None:
    leaders, finance = MATRIX.workload()
    assert (leaders.pool, leaders.bars) == (2, (LoadBar(0, 0), LoadBar(1, 1), LoadBar(2, 1)))
    assert (finance.pool, finance.bars[-1]) == (1, LoadBar(2, 1))


def test_who_is_at_home_excludes_those_in_teams_and_those_on_leave() -> None:
    (row,) = MATRIX.staffing()
    # four people; in the first round two go out, in the second one goes and one is on leave
    assert (row.office, row.min_home, row.at_home, row.out) == ("O1办", 1, (2, 2), (2, 1))
    assert not row.is_tight


def test_costs_multiply_counts_by_weights_and_put_the_dearest_first() -> None:
    lines = MATRIX.costs({"risk": 30, "load": 4, "soft_tie": 40})
    assert [(line.count, line.weight, line.price) for line in lines] == [
        (4, 20, 80),
        (40, 1, 40),
        (30, 1, 30),
    ]


def test_a_shortage_names_village_round_and_role() -> None:
    assert MATRIX.shortages() == [("甲镇V2村（第一轮）：财务缺 1 人", "无人可派")]
    nobody = {"unit": "V3", "round": None, "slot": None, "missing": 1, "reason": "全部停检"}
    shortages = drawn(answer={**ANSWER, "shortages": [nobody]}).shortages()
    assert shortages == [("甲镇V3村：没有排进任何一轮", "全部停检")]


def test_every_role_has_a_sign_of_its_own() -> None:
    assert signs(["组长", "组员", "村纪检委员"]) == ["组", "员", "村"]
    assert signs(["组", "组"]) == ["组", "2"]
