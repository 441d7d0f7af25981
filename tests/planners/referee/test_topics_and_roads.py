"""The referee on topics (each to one member who can, or named missing) and on distance by road."""

from __future__ import annotations

from planners.books.company import in_company
from planners.books.seating import opened
from planners.books.tables import Tables
from planners.formats.parse import parse_plan, parse_problem
from planners.referee.check import check
from planners.solve import solve
from tests.planners.formats.test_version_2 import second_small
from tests.planners.generate import keep_units
from tests.planners.referee.test_policies import teams, terms
from tests.planners.small import Json, broken, lacking, plan_of, record

ROADS = {"between": [["T1", "T2", 100]], "unit": "minutes"}


def with_topics(*needs: str) -> tuple[Json, dict[str, Json]]:
    """The problem with a topic X0, X1… for each skill, all given to the finance officer of every team."""
    problem, plan = second_small(), teams()
    problem["topics"] = [{"id": f"X{n}", "needs": [skill]} for n, skill in enumerate(needs)]
    for team in plan.values():
        team["members"][1]["topics"] = [topic["id"] for topic in problem["topics"]]
    return problem, plan


def test_topics_that_somebody_with_the_skill_takes_are_legal_and_shared_at_a_price() -> None:
    problem, plan = with_topics("finance", "finance")
    assert broken(problem, plan) == []
    assert terms(problem, plan)["topic"] == 6 * 2**2


def test_a_topic_with_somebody_without_the_skill_is_broken() -> None:
    problem, plan = with_topics("finance", "law")
    assert broken(problem, plan) == ["H03"] * 6


def test_a_topic_given_twice_is_broken() -> None:
    problem, plan = with_topics("finance")
    problem["people"][0]["skills"].append("finance")  # L1, who leads R1-02
    plan["R1-02"]["members"][0]["topics"] = ["X0"]
    assert broken(problem, plan) == ["H03"]


def test_a_topic_given_to_nobody_must_be_named_as_missing() -> None:
    problem, plan = with_topics("finance")
    plan["R1-01"]["members"][1]["topics"] = []
    assert broken(problem, plan) == ["H03"]
    assert broken(problem, plan, [lacking("V1", "R1", None)]) == []
    assert broken(problem, plan, [lacking("V1", "R1", None, 2)]) == ["S01"]


def test_the_planner_takes_somebody_who_can_and_shares_topics_evenly() -> None:
    problem = second_small()
    keep_units(problem, "V4")
    problem["topics"] = [{"id": "A", "needs": ["law"]}, {"id": "B", "needs": ["finance", "law"]}]
    for person in ("L1", "L3"):
        record(problem, person)["skills"].append("law")
    plan = solve(parse_problem(problem), seconds=5)
    assert plan.shortages == ()
    assert plan.terms["topic"] == 2  # one each
    for person in ("L1", "L3"):
        record(problem, person)["skills"].remove("law")
    plan = solve(parse_problem(problem), seconds=5)
    assert [(row.unit, row.round, row.slot, row.missing) for row in plan.shortages] == [("V4", "R1", None, 1)]
    assert plan.bound is None


def test_stand_ins_are_legal_and_the_share_of_seats_is_counted() -> None:
    parsed = parse_problem(second_small())
    plan = parse_plan(plan_of(second_small(), list(teams().values())), parsed)
    found = in_company(opened(Tables(parsed), plan).draft, plan.teams)
    standby = {team.id: set(team.standby) for team in found.teams}
    # In R3 (V3, V6) M1 and M4 are free for the members' seats; L2 would make mutual leads, F1 and F2 are out.
    # In R1 and R2 the villages of whoever is free are visited, or L1 and L2 would lead at home.
    assert standby == {team: {"M1"} if team.startswith("R3") else set() for team in standby}
    assert found.robustness == round(2 / 18, 4)


def test_the_planner_finds_somebody_for_a_topic_that_the_cheapest_team_lacks() -> None:
    problem = second_small()
    keep_units(problem, "V4")
    problem["topics"] = [{"id": "A", "needs": ["law"]}]
    record(problem, "F1")["skills"].append("law")  # F2 lives at V4, F1 does not
    without = solve(parse_problem(problem | {"topics": []}), seconds=5)
    assert "F2" in [member.person for member in without.teams[0].members]
    plan = solve(parse_problem(problem), seconds=5)
    assert plan.shortages == ()
    assert ("F1", ("A",)) in [(member.person, member.topics) for member in plan.teams[0].members]


def test_minutes_by_road_take_the_place_of_kilometres_in_both_directions() -> None:
    problem, plan = second_small() | {"travel": ROADS}, teams()
    plain = terms(second_small(), plan)["distance"]
    assert terms(problem, plan)["distance"] > plain + 400
    problem["travel"] = {"between": [["T1", "T2", 100], ["T2", "T1", 1]], "unit": "minutes"}
    one_way = terms(problem, plan)["distance"]
    problem["travel"]["between"].pop()
    assert one_way < terms(problem, plan)["distance"]


def test_ways_without_minutes_fall_back_and_are_counted() -> None:
    problem = second_small() | {"travel": {"between": [], "unit": "minutes"}}
    parsed = parse_problem(problem)
    plan = plan_of(problem, list(teams().values()))
    assert [fault.rule for fault in check(parsed, parse_plan(plan, parsed)).broken] == ["S02"]
    # L1 to V4 and V6, L2 and M4 to V2, M1 to V5, M5 to V3, M2 to V6.
    counted = check(parsed, parse_plan(plan | {"fallbacks": 7}, parsed))
    assert counted.broken == ()
    assert solve(parse_problem(second_small() | {"travel": ROADS}), seconds=5).fallbacks == 0
