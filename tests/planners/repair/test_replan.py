"""A repair is legal, leaves the past alone, changes as few seats as can be and says why it changed each."""

from __future__ import annotations

import pytest

from planners.formats.faults import BadInput
from planners.formats.parse import parse_plan, parse_problem
from planners.problem import Plan, Tie
from planners.referee.check import check
from planners.repair.changes import Absence, Changes
from planners.repair.difference import Difference
from planners.repair.replan import Repair, replan
from planners.rulebook.telling import BareNames, told_phrase
from tests.planners.small import Json, lacking, ok_plan, ok_small, plan_of, record, team, two_visits


def finance(id: str, name: str, office: str | None = None) -> Json:
    return {"id": id, "name": name, "skills": ["finance"], "office": office, "area": None}


def with_spare() -> Json:
    """ok_small and one more finance officer, who sits in no team."""
    problem = ok_small()
    problem["people"].append(finance("F3", "邹十"))
    return problem


def repaired(problem: Json, changes: Changes, from_round: str, plan: Json | None = None) -> Repair:
    parsed = parse_problem(problem)
    return replan(parsed, parse_plan(plan or ok_plan(problem), parsed), changes, from_round)


def away(*words: str) -> Changes:
    """Absences, written as on the command line."""
    return Changes(tuple(Absence(*word.split("@")) for word in words))


def holders(plan: Plan, unit: str, slot: str) -> tuple[str, ...]:
    return next(team.holders(slot) for team in plan.teams if unit in team.units)


def said(repair: Repair, row: Difference) -> str:
    return told_phrase(row.said, BareNames(repair.problem, repair.plan.teams))


def test_one_absence_is_filled_by_a_free_colleague_and_nothing_else_changes() -> None:
    problem = with_spare()
    old = parse_plan(ok_plan(problem), parse_problem(problem))
    repair = repaired(problem, away("F1@R2"), "R2")
    assert [(row.team, row.slot, row.before, row.after) for row in repair.differences] == [
        ("R2-01", "finance", "F1", "F3")
    ]
    assert (repair.vacated, repair.illegal, repair.changed, repair.proven) == (1, 0, 1, True)
    assert [t for t in repair.plan.teams if t.id != "R2-01"] == [t for t in old.teams if t.id != "R2-01"]


def test_each_change_is_told_with_round_team_unit_and_reason() -> None:
    repair = repaired(with_spare(), away("F1@R2"), "R2")
    (row,) = repair.differences
    assert said(repair, row) == "第2轮R2-01队（乙村）“财务”：方四换为邹十，原因：方四第2轮缺勤。"


def test_an_absence_without_a_round_holds_from_the_first_open_round_to_the_end() -> None:
    repair = repaired(with_spare(), away("F1"), "R2")
    assert repair.problem.person("F1").off == {"R2", "R3"}
    assert [holders(repair.plan, unit, "finance") for unit in ("V1", "V2", "V3")] == [
        ("F1",),
        ("F3",),
        ("F3",),
    ]


def test_somebody_on_leave_lowers_the_heads_at_home_so_that_a_colleague_has_to_stay() -> None:
    problem = ok_small()
    record(problem, "O3").update(min_home=1)
    problem["people"] += [finance("F3", "邹十", "O3"), finance("F4", "章一")]
    repair = repaired(problem, away("F3@R2"), "R2")
    assert (repair.vacated, repair.illegal, repair.changed, repair.proven) == (0, 1, 1, True)
    (row,) = repair.differences
    assert (row.rule, row.after) == ("H09", "F4")
    assert "县财政局第2轮留守或外派超出规定（至少留守1人，最多外派2人，H09）" in said(repair, row)


def test_where_the_spare_person_may_not_go_a_colleague_changes_places_and_that_is_proven_least() -> None:
    problem = with_spare()
    problem["ties"] = [{"person": "F3", "unit": "V2", "kind": "RC-05", "hard": True}]
    repair = repaired(problem, away("F1@R2"), "R2")
    assert (holders(repair.plan, "V2", "finance"), holders(repair.plan, "V5", "finance")) == (
        ("F2",),
        ("F3",),
    )
    assert (repair.changed, repair.proven) == (2, True)
    assert any("调往R2-01队补缺" in said(repair, row) for row in repair.differences)


def test_two_new_leaders_of_a_round_do_not_lead_in_each_others_township() -> None:
    problem = ok_small()
    problem["people"] += [
        {"id": "L4", "name": "章一", "skills": ["discipline"], "area": "T1", "x_km": 10, "y_km": 0},
        {"id": "L5", "name": "郑二", "skills": ["discipline"], "area": None, "x_km": 300, "y_km": 0},
    ]
    repair = repaired(problem, away("L1@R1", "L3@R1"), "R1")
    # L2 of T2 and L4 of T1 would be the nearest for V1 and V4, and just they must not both lead.
    leaders = {person for unit in ("V1", "V4") for person in holders(repair.plan, unit, "leader")}
    assert "L5" in leaders
    assert (len(leaders), repair.changed, repair.plan.shortages) == (2, 2, ())


def test_two_newcomers_of_a_team_are_not_people_who_must_not_meet() -> None:
    problem = ok_small()
    near = {"x_km": 3, "y_km": 0}
    problem["people"] += [
        finance("F3", "邹十") | near,
        finance("F4", "章一") | {"x_km": 200, "y_km": 0},
        {"id": "M9", "name": "郑二", "skills": ["commissioner"]} | near,
    ]
    record(problem, "M2")["off"] = ["R2"]
    problem["ties"] = [{"person": "F3", "other": "M9", "kind": "RC-20", "hard": True}]
    plan = ok_plan(problem)
    repair = repaired(problem, away("F1@R2", "M4@R2", "M5@R2"), "R2", plan)
    assert not {"F3", "M9"} <= {member.person for member in repair.plan.teams[2].members}
    assert repair.plan.shortages == ()


def test_a_seat_that_nobody_can_take_stays_empty_and_is_named() -> None:
    repair = repaired(ok_small(), away("F1@R2"), "R2")
    assert [(row.unit, row.round, row.slot, row.missing) for row in repair.plan.shortages] == [
        ("V2", "R2", "finance", 1)
    ]
    assert check(repair.problem, repair.plan).legal
    assert "方四退出，暂缺" in said(repair, repair.differences[0])


def test_a_short_unit_moves_to_a_round_where_it_can_be_staffed() -> None:
    problem = ok_small()
    for id in ("R2", "R3"):
        record(problem, id)["teams"] = 3
    problem["people"] += [
        finance("F3", "邹十") | {"off": ["R2"]},
        {"id": "L4", "name": "章一", "skills": ["discipline"]},
        {"id": "M9", "name": "郑二", "skills": ["commissioner"]},
    ]
    repair = repaired(problem, away("F1@R2"), "R2")
    assert repair.plan.shortages == ()
    assert [(r.units, r.before, r.after) for r in repair.differences if r.slot is None] == [
        (("V2",), "R2", "R3")
    ]


def test_a_gap_that_the_old_plan_had_is_not_a_reason_to_change_anything() -> None:
    problem = with_spare()
    teams = ok_plan(problem)["teams"]
    teams[2]["members"] = [m for m in teams[2]["members"] if m["person"] != "F1"]
    plan = plan_of(problem, teams, [lacking("V2", "R2", "finance")])
    repair = repaired(problem, away("M4@R3"), "R2", plan)
    assert (repair.changed, repair.differences) == (0, ())
    assert [(row.unit, row.slot) for row in repair.plan.shortages] == [("V2", "finance")]


def test_a_tie_declared_late_takes_the_person_out_of_that_team_only() -> None:
    tie = Tie("F1", "V2", None, "RC-12", True)
    repair = repaired(with_spare(), Changes(ties=(tie,)), "R2")
    assert [(row.rule, row.before, row.units) for row in repair.differences] == [("H07", "F1", ("V2",))]
    assert repair.problem.ties == (tie,)


def test_two_people_who_turn_out_to_be_married_are_parted() -> None:
    repair = repaired(with_spare(), Changes(ties=(Tie("F1", None, "M4", "RC-20", True),)), "R2")
    assert repair.changed == 1
    assert {"F1", "M4"} - {member.person for member in repair.plan.teams[2].members}
    assert repair.differences[0].rule == "H08"


def test_a_late_tie_to_a_unit_already_visited_is_history_and_changes_nothing() -> None:
    repair = repaired(with_spare(), Changes(ties=(Tie("F1", "V1", None, "RC-05", True),)), "R2")
    assert [fault.rule for fault in repair.history] == ["H07"]
    assert repair.differences == ()


def test_a_unit_that_is_closed_moves_with_the_people_who_can_come_along() -> None:
    problem = ok_small()
    record(problem, "R3")["teams"] = 3
    for person in ("L4", "F4", "M9"):
        skill = {"L": "discipline", "F": "finance", "M": "commissioner"}[person[0]]
        problem["people"].append({"id": person, "name": person, "skills": [skill]})
    repair = repaired(problem, Changes(closed=(("V2", "R2"),)), "R2")
    moved = repair.differences[0]
    assert (moved.units, moved.before, moved.after, moved.rule) == (("V2",), "R2", "R3", "H02")
    assert said(repair, moved) == "乙村：由第2轮改为第3轮，原因：第2轮不能接受检查（H02）。"
    assert repair.plan.shortages == ()
    # The leader and the member have no other team in the third round: they stay with the village.
    assert holders(repair.plan, "V2", "leader") == ("L2",)
    assert holders(repair.plan, "V2", "member") == ("M4",)


def test_a_closed_unit_that_fits_nowhere_is_named_as_visited_by_nobody() -> None:
    problem = ok_small()
    for id in ("V3", "V5", "V6"):
        record(problem, id)["closed"] = [r for r in ("R1", "R2", "R3") if r != {"V5": "R2"}.get(id, "R3")]
    repair = repaired(problem, Changes(closed=(("V2", "R2"),)), "R2")
    assert [(row.unit, row.round) for row in repair.plan.shortages] == [("V2", None)]


def test_whoever_withdraws_is_in_no_later_team_and_the_reason_says_so() -> None:
    repair = repaired(with_spare(), Changes(withdrawn=("F1",)), "R2")
    assert {row.before for row in repair.differences} == {"F1"}
    assert all("方四已退出" in said(repair, row) for row in repair.differences)


def test_a_team_of_two_villages_changes_its_member_for_both() -> None:
    problem, plan = two_visits()
    problem["people"].append(finance("F3", "邹十"))
    repair = repaired(problem, away("F2@R2"), "R2", plan_of(problem, plan["teams"]))
    assert [(row.units, row.after) for row in repair.differences] in (
        [(("V4", "V5"), "F1")],
        [(("V4", "V5"), "F3")],
    )
    assert repair.vacated == repair.changed == 2


def test_the_absence_of_somebody_who_is_pinned_is_refused_and_the_pin_named() -> None:
    problem = with_spare()
    problem["pins"] = [{"round": "R2", "units": ["V2"], "members": [{"person": "F1", "slot": "finance"}]}]
    with pytest.raises(BadInput) as refused:
        repaired(problem, away("F1@R2"), "R2")
    assert [fault.path for fault in refused.value.faults] == ["pins[0].members[0].person"]


def test_a_pinned_colleague_keeps_the_seat_and_another_one_gives_way() -> None:
    problem = ok_small()
    record(problem, "O3").update(min_home=1)
    problem["people"] += [finance("F3", "邹十", "O3"), finance("F4", "章一")]
    for pinned, gives_way in (("F1", "F2"), ("F2", "F1")):
        unit = {"F1": "V2", "F2": "V5"}[pinned]
        problem["pins"] = [
            {"round": "R2", "units": [unit], "members": [{"person": pinned, "slot": "finance"}]}
        ]
        repair = repaired(problem, away("F3@R2"), "R2")
        assert [row.before for row in repair.differences] == [gives_way]


@pytest.mark.parametrize(
    ("changes", "from_round", "path"),
    [
        (away("F1@R1"), "R2", "absent[0]"),
        (away("nobody"), "R2", "absent[0]"),
        (Changes(closed=(("V2", "R1"),)), "R2", "closed[0]"),
        (Changes(withdrawn=("nobody",)), "R2", "withdrawn[0]"),
        (away("F1"), "R9", "from"),
    ],
)
def test_changes_that_name_the_past_or_nobody_are_refused(
    changes: Changes, from_round: str, path: str
) -> None:
    with pytest.raises(BadInput) as refused:
        repaired(with_spare(), changes, from_round)
    assert [fault.path for fault in refused.value.faults] == [path]


def test_a_plan_that_breaks_a_rule_is_not_repaired_but_refused_with_the_rule() -> None:
    problem = with_spare()
    teams = [
        team("R1-01", "R1", ["V1"], "L1", "F1", "M2") if t["id"] == "R1-01" else t
        for t in ok_plan()["teams"][:1]
    ]
    rows = [lacking(f"V{n}", None, None) for n in range(2, 7)]
    with pytest.raises(BadInput, match="H06"):
        repaired(problem, away("F1"), "R2", plan_of(problem, teams, rows))


def test_an_absence_that_was_known_leaves_problem_and_plan_as_they_were() -> None:
    problem = with_spare()
    record(problem, "F3")["off"] = ["R2"]
    repair = repaired(problem, away("F3@R2"), "R2")
    assert repair.problem.sha256 == parse_problem(problem).sha256
    assert repair.differences == ()
