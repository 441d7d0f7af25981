"""What a seat costs, who comes next, why somebody was not chosen, what a rule costs: held to the referee."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planners.__main__ import planners
from planners.explain.relax import relaxations
from planners.explain.seats import Explainer, SeatAccount, Verdict
from planners.explain.words import ExplainedWords
from planners.formats.faults import BadInput
from planners.formats.parse import parse_plan, parse_problem
from planners.problem import Member, Plan, Problem, Team
from planners.referee.check import check
from planners.referee.costs import all_terms, total_of
from planners.rulebook.telling import FileNames, told_bar
from planners.solve import solve
from tests.planners.generate import any_problem
from tests.planners.small import Json, lacking, ok_plan, ok_small, plan_of, record


def explainer(problem: Json, plan: Json | None = None) -> Explainer:
    parsed = parse_problem(problem)
    return Explainer(parsed, parse_plan(plan or ok_plan(problem), parsed))


def why_not(problem: Json, unit: str, person: str, slot: str) -> Verdict:
    (verdict,) = explainer(problem).person(unit, person, slot)
    return verdict


def said(problem: Json, *verdicts: Verdict) -> list[str]:
    """The sentences of what bars them, else of their prices."""
    words = ExplainedWords(parse_problem(problem), parse_plan(ok_plan(problem), parse_problem(problem)).teams)
    bars = [bar for verdict in verdicts for bar in verdict.bars]
    return [told_bar(bar, words.names) for bar in bars] or [words.verdict(one) for one in verdicts]


def rules(problem: Json, unit: str, person: str, slot: str) -> set[str]:
    return {bar.rule for bar in why_not(problem, unit, person, slot).bars}


def swapped(plan: Plan, team_id: str, out: Member | None, into: Member | None) -> tuple[Team, ...]:
    """The teams of the plan with one member exchanged."""
    return tuple(
        team
        if team.id != team_id
        else replace(team, members=(*(m for m in team.members if m != out), *([into] if into else [])))
        for team in plan.teams
    )


def total(problem: Problem, teams: tuple[Team, ...]) -> int:
    return total_of(problem, all_terms(problem, teams))


def legal(problem: Problem, plan: Plan, teams: tuple[Team, ...]) -> bool:
    broken = check(problem, replace(plan, teams=teams)).broken
    return not [fault for fault in broken if fault.rule.startswith("H")]


def random_plans(seeds: range) -> list[tuple[Problem, Plan]]:
    """Complete plans of random problems."""
    found = []
    for seed in seeds:
        try:
            problem = parse_problem(any_problem(seed))
            plan = solve(problem)
        except BadInput:
            continue
        if plan.teams and not plan.shortages:
            found.append((problem, plan))
    return found


# ---------------------------------------------------------------- seats


def test_a_seat_costs_by_term_what_the_plan_would_save_without_its_holder() -> None:
    seats = {seat.person: seat for seat in explainer(ok_small()).seats("V1")}
    assert list(seats) == ["L3", "F1", "M2"]
    # F1 is in three teams, the third costs 20 × (9 − 4); twice with L3; all three are in one township.
    assert seats["F1"].price.terms == {"load": 100, "pair": 30, "revisit": 10, "size": -150}
    assert seats["F1"].price.total == -10
    assert ExplainedWords(parse_problem(ok_small()), ()).seat(seats["F1"]) == (
        "甲村（V1）“财务”：方四（F1）；与此席位空缺相比，"
        "目标值-10（工作量+100、重复搭档+30、重复到同一地方+10、人数偏离-150）。"
    )


def test_every_seats_price_is_the_difference_that_the_referee_counts_over_the_whole_plan() -> None:
    seen = 0
    for problem, plan in random_plans(range(10)):
        asked = Explainer(problem, plan)
        for team in plan.teams:
            for seat in asked.seats(team.units[0]):
                without = swapped(plan, team.id, Member(seat.person, seat.slot), None)
                assert seat.price.total == total(problem, plan.teams) - total(problem, without)
                assert seat.price.total == sum(seat.price.terms.values())
                seen += 1
    assert seen > 20


def test_the_next_candidates_are_the_cheapest_three_whom_the_referee_would_let_pass() -> None:
    seen = 0
    for problem, plan in random_plans(range(30, 45)):
        asked = Explainer(problem, plan)
        for team in plan.teams:
            for seat in asked.seats(team.units[0]):
                assert [c.price.total for c in seat.next] == cheapest(problem, plan, team, seat)
                seen += len(seat.next)
    assert seen > 20


def cheapest(problem: Problem, plan: Plan, team: Team, seat: SeatAccount) -> list[int]:
    """The three least price differences of all exchanges of one person that are legal."""
    prices = []
    for person in problem.people:
        teams = swapped(plan, team.id, Member(seat.person, seat.slot), Member(person.id, seat.slot))
        if person.id != seat.person and legal(problem, plan, teams):
            prices.append(total(problem, teams) - total(problem, plan.teams))
    return sorted(prices)[:3]


def test_one_slot_can_be_asked_for_alone() -> None:
    assert [seat.slot for seat in explainer(ok_small()).seats("V1", "finance")] == ["finance"]


def test_a_unit_that_nobody_visits_has_no_seats() -> None:
    problem = ok_small()
    plan = plan_of(problem, ok_plan()["teams"][:-1], [lacking("V6", None, None)])
    asked = explainer(problem, plan)
    assert (asked.seats("V6"), asked.person("V6", "L1")) == ((), ())


def test_a_pinned_seat_has_no_candidates() -> None:
    problem = ok_small()
    problem["people"].append({"id": "F3", "name": "邹十", "skills": ["finance"]})
    assert [c.person for c in explainer(problem).seats("V1", "finance")[0].next] == ["F3"]
    problem["pins"] = [{"round": "R1", "units": ["V1"], "members": [{"person": "F1", "slot": "finance"}]}]
    (seat,) = explainer(problem).seats("V1", "finance")
    assert (seat.next, seat.barred) == ((), {"H12": 2})


# ---------------------------------------------------------------- people who were not chosen


def test_without_a_needed_skill_nobody_is_chosen() -> None:
    assert rules(ok_small(), "V3", "M4", "finance") == {"H03"}


def test_somebody_absent_is_not_chosen() -> None:
    problem = ok_small()
    record(problem, "M4")["off"] = ["R3"]
    parsed = parse_problem(problem)
    words = ExplainedWords(parsed, parse_plan(ok_plan(problem), parsed).teams)
    assert words.verdict(why_not(problem, "V3", "M4", "member")) == (
        "白八（M4）未任丙村（V3）“村纪检委员”：第3轮不在岗（H04）。"
    )


def test_somebody_in_another_team_of_the_round_is_not_chosen_and_the_team_is_named() -> None:
    verdict = why_not(ok_small(), "V3", "M2", "member")
    assert [bar.rule for bar in verdict.bars] == ["H04"]
    assert said(ok_small(), verdict) == ["第3轮已在R3-02队（己村（V6））"]


def test_somebody_whose_teams_are_used_up_is_not_chosen() -> None:
    problem = ok_small()
    record(problem, "M4")["max_teams"] = 1
    verdict = why_not(problem, "V3", "M4", "member")
    assert [bar.rule for bar in verdict.bars] == ["H04"]
    assert said(problem, verdict) == ["已编入1个队，最多1个"]


def test_nobody_is_chosen_for_the_own_village_or_while_it_is_visited() -> None:
    assert rules(ok_small(), "V1", "M1", "member") == {"H05", "H10"}
    assert rules(ok_small(), "V4", "M1", "member") == {"H10"}


def test_a_leader_from_the_same_township_is_not_chosen() -> None:
    (bar,) = [b for b in why_not(ok_small(), "V3", "L1", "leader").bars if b.rule == "H06"]
    assert (
        told_bar(bar, FileNames(parse_problem(ok_small())))
        == "来自北坡镇（T1），去丙村（V3）不符合“discipline”的交叉要求"
    )


def test_somebody_with_a_tie_is_not_chosen_and_the_kind_is_named() -> None:
    problem = ok_small()
    problem["ties"] = [{"person": "M4", "unit": "V3", "kind": "RC-05", "hard": True}]
    verdict = why_not(problem, "V3", "M4", "member")
    assert [bar.rule for bar in verdict.bars] == ["H07"]
    assert said(problem, verdict) == ["与丙村（V3）有须回避的关系（RC-05）"]


def test_somebody_who_must_not_meet_a_member_is_not_chosen() -> None:
    problem = ok_small()
    problem["ties"] = [{"person": "M4", "other": "F1", "kind": "RC-20", "hard": True}]
    parsed = parse_problem(problem)
    teams = [t for t in ok_plan(problem)["teams"] if t["id"] != "R2-01"]
    plan = parse_plan(plan_of(problem, teams, [lacking("V2", None, None)]), parsed)
    (verdict,) = Explainer(parsed, plan).person("V3", "M4", "member")
    assert [bar.rule for bar in verdict.bars] == ["H08"]
    assert said(problem, verdict) == ["与同队的方四（F1）不得同队（RC-20）"]


def test_an_office_that_has_sent_enough_keeps_the_rest_and_is_named_with_its_quota() -> None:
    problem = ok_small()
    record(problem, "O3").update(min_home=1, max_out=2)
    problem["people"].append(
        {"id": "F3", "name": "邹十", "skills": ["finance", "discipline"], "office": "O3"}
    )
    verdict = why_not(problem, "V1", "F3", "leader")
    assert [bar.rule for bar in verdict.bars] == ["H09"]
    assert said(problem, verdict) == ["县财政局（O3）第1轮已外派2人，至少留守1人、最多外派2人"]
    # In the seat of a colleague of the same office there is no quota in the way.
    assert why_not(problem, "V1", "F3", "finance").bars == ()


def test_two_leaders_who_would_lead_in_each_others_township_are_not_chosen() -> None:
    assert rules(ok_small(), "V1", "L2", "leader") == {"H11"}


def test_somebody_excluded_by_a_pin_is_not_chosen() -> None:
    problem = ok_small()
    problem["pins"] = [{"round": "R3", "units": ["V3"], "exclude": ["M4"]}]
    assert rules(problem, "V3", "M4", "member") == {"H12"}


def test_somebody_whom_no_rule_bars_has_a_price_instead() -> None:
    verdict = why_not(ok_small(), "V3", "M4", "member")
    assert (verdict.bars, verdict.instead_of) == ((), "M5")
    assert verdict.price is not None
    start = "白八（M4）未任丙村（V3）“村纪检委员”：规则允许，替换石九（M5）则目标值"
    assert said(ok_small(), verdict)[0].startswith(start)


def test_who_is_in_the_seat_needs_no_reason() -> None:
    assert explainer(ok_small()).person("V1", "F1") == ()


def test_bars_are_named_exactly_when_the_referee_would_let_no_exchange_pass() -> None:
    barred = priced = 0
    for problem, plan in random_plans(range(60, 75)):
        asked = Explainer(problem, plan)
        for team in plan.teams:
            for slot in problem.template.slots:
                for person in problem.people:
                    for verdict in asked.person(team.units[0], person.id, slot.id):
                        options = exchanges(problem, plan, team, slot.id, person.id)
                        assert bool(options) == (not verdict.bars), verdict
                        if verdict.price is not None:
                            assert verdict.price.total == min(options) - total(problem, plan.teams)
                        barred, priced = barred + bool(verdict.bars), priced + (not verdict.bars)
    assert barred > 100
    assert priced > 25


def exchanges(problem: Problem, plan: Plan, team: Team, slot: str, person: str) -> list[int]:
    """Totals of all legal plans in which the person takes a seat of the slot, a held or a free one."""
    holders: list[Member | None] = [Member(holder, slot) for holder in team.holders(slot)]
    if len(holders) < problem.slot(slot).max:
        holders.append(None)
    teams = [swapped(plan, team.id, out, Member(person, slot)) for out in holders]
    return [total(problem, option) for option in teams if legal(problem, plan, option)]


# ---------------------------------------------------------------- what a rule costs


def far_and_near() -> Json:
    """ok_small with two finance officers next door to V1 and V2, of an office that sends one at a time."""
    problem = ok_small()
    record(problem, "F1").update(x_km=90)
    problem["offices"].append({"id": "O4", "name": "北坡镇财政所", "kind": "finance", "max_out": 1})
    near = {"skills": ["finance"], "office": "O4", "x_km": 0, "y_km": 0}
    problem["people"] += [{"id": f"N{n}", "name": f"近{n}"} | near for n in (1, 2)]
    return problem


def saves(problem: Json, kind: str, name: str) -> int:
    parsed = parse_problem(problem)
    found = relaxations(parsed, solve(parsed, seconds=1))
    return next(row.saves for row in found if (row.kind, row.name) == (kind, name))


def test_a_quota_that_keeps_the_near_people_at_home_costs_what_the_far_ones_travel() -> None:
    problem = far_and_near()
    for row in problem["people"]:
        if row["id"] == "F2":
            row["x_km"] = 90
    saved = saves(problem, "quota", "O4")
    assert saved > 0
    parsed = parse_problem(problem)
    record(problem, "O4")["max_out"] = 2
    assert solve(parse_problem(problem), 1).objective_total <= solve(parsed, 1).objective_total - saved


def test_a_rule_that_stands_in_nobodys_way_costs_nothing() -> None:
    problem = ok_small()
    for leader in ("L1", "L2"):  # leaders from the county lead in nobody's own township
        record(problem, leader)["area"] = None
    assert saves(problem, "rule", "H11") == 0


def test_every_rule_quota_and_weight_in_force_is_accounted_for_largest_saving_first() -> None:
    parsed = parse_problem(far_and_near())
    found = relaxations(parsed, solve(parsed, seconds=1))
    assert [row.saves for row in found] == sorted((row.saves for row in found), reverse=True)
    assert {(row.kind, row.name) for row in found} >= {
        ("weight", "load"),
        ("weight", "distance"),
        ("rule", "H10"),
        ("rule", "H11"),
        ("rule", "H06 discipline"),
        ("quota", "O4"),
    }


def test_when_time_is_up_no_further_rule_is_tried() -> None:
    parsed = parse_problem(far_and_near())
    assert relaxations(parsed, parse_plan(ok_plan(far_and_near()), parsed), stop=lambda: True) == []


# ---------------------------------------------------------------- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("problem.json").write_text(json.dumps(ok_small()), "utf-8")
    Path("plan.json").write_text(json.dumps(ok_plan()), "utf-8")
    return tmp_path


def command(*words: str) -> Result:
    return CliRunner().invoke(planners, ["explain", "problem.json", "plan.json", *words])


def test_explain_prints_each_seat_with_its_price(folder: Path) -> None:
    result = command("--unit", "V1", "--slot", "finance")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0].startswith(
        "甲村（V1）“财务”：方四（F1）；与此席位空缺相比，目标值-10"
    )


def test_explain_says_why_a_person_was_not_chosen(folder: Path) -> None:
    result = command("--unit", "V3", "--person", "M2")
    assert result.stdout == "田七（M2）未任丙村（V3）“村纪检委员”：第3轮已在R3-02队（己村（V6））（H04）。\n"


def test_explain_as_json_holds_the_same(folder: Path) -> None:
    answer = json.loads(command("--unit", "V1", "--json", "--relax").stdout)
    assert [row["person"] for row in answer["seats"]] == ["L3", "F1", "M2"]
    assert answer["seats"][1]["price"] == {
        "total": -10,
        "terms": {"load": 100, "pair": 30, "revisit": 10, "size": -150},
    }
    assert {"kind", "name", "saves", "sentence"} == set(answer["relax"][0])


def test_explain_of_unknown_ids_ends_in_2_with_a_line_for_each(folder: Path) -> None:
    result = command("--unit", "V9", "--slot", "cook", "--person", "who")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    assert 'expected the id of one of the units, got "V9"' in result.stderr
