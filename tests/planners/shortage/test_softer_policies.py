"""What a softer policy would free is named, tried, and told with what it was computed to do."""

from __future__ import annotations

from planners.books.tables import Tables
from planners.explain.relax import relaxations
from planners.explain.seats import Explainer
from planners.formats.parse import parse_problem
from planners.rulebook.telling import FileNames, told_bar
from planners.shortage.diagnosis import diagnose
from planners.shortage.precheck import seatless
from planners.solve import solve
from tests.planners.formats.test_version_2 import second_small
from tests.planners.generate import keep_units
from tests.planners.scarce import told
from tests.planners.small import Json, record


def starved() -> Json:
    """V4 of T2 alone, and of the leaders only L2, who belongs to T2."""
    problem = second_small()
    keep_units(problem, "V4")
    problem["people"] = [row for row in problem["people"] if row["id"] not in ("L1", "L3")]
    return problem


def test_a_policy_that_leaves_no_seat_is_named_before_anything_is_solved() -> None:
    found = seatless(Tables(parse_problem(starved())))
    assert [(remark.rule, "组长" in told(starved(), remark)[0]) for remark in found] == [("H06", True)]
    assert seatless(Tables(parse_problem(second_small()))) == ()


def test_the_softer_policy_is_offered_with_what_it_frees() -> None:
    problem = parse_problem(starved())
    plan = solve(problem, seconds=5)
    found = diagnose(problem, plan)
    assert [remedy.kind for remedy in found.remedies] == ["policy"]
    assert found.remedies[0].heals
    assert "组长”检查本乡镇（本地）由禁止改为尽量避免" in told(starved(), found.remedies[0].whole)[0]
    mended = solve(parse_problem(found.remedies[0].raw), seconds=5)
    assert mended.shortages == ()
    assert mended.terms["crossing"] == problem.weights.size


def test_a_unit_visited_too_lately_is_freed_by_a_softer_memory() -> None:
    problem = starved() | {"history": [{"unit": "V4", "date": "2026-02-01"}]}
    problem["rules"] = {"memory": {"unit_days": 365}}
    parsed = parse_problem(problem)
    found = diagnose(parsed, solve(parsed, seconds=5))
    assert [row.because[0].rule for row in found.rows] == ["H13"]
    assert "policy" in [remedy.kind for remedy in found.remedies]


def test_explain_names_the_policy_and_the_day_that_keep_somebody_away() -> None:
    problem = second_small() | {"history": [{"unit": "V1", "date": "2025-12-24", "people": ["F2"]}]}
    problem["rules"]["memory"] = {"person_unit_days": 365}
    record(problem, "member")["supervises"] = "must_not"
    parsed = parse_problem(problem)
    plan = solve(parsed, seconds=5)
    explainer, names = Explainer(parsed, plan), FileNames(parsed, plan.teams)
    lead = [bar for verdict in explainer.person("V1", "L1") for bar in verdict.bars if bar.rule == "H06"]
    assert "“组长”去甲村（V1）不得检查本乡镇（本地）" in told_bar(lead[0], names)
    again = [bar for verdict in explainer.person("V1", "F2") for bar in verdict.bars if bar.rule == "H14"]
    assert told_bar(again[0], names) == "2025-12-24检查过甲村（V1），应隔满365天"


def test_what_a_policy_costs_is_among_the_relaxations() -> None:
    parsed = parse_problem(second_small())
    found = relaxations(parsed, solve(parsed, seconds=5))
    assert "H06 leader area" in [row.name for row in found]
