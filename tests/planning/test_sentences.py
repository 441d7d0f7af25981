"""What the planner found, as the desk says it, and what it does not say to whom."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import orm

from inspections.database import APART
from inspections.planning import adjusting, verdicts
from inspections.planning.sentences import UNSEEN, Wording
from inspections.planning.shortfall import lacking
from inspections.planning.steps import Step
from inspections.rounds import apart, changes
from inspections.rounds.models import Cycle, Plan
from inspections.units.models import Unit
from planners.formats.parse import parse_plan, parse_problem
from planners.rulebook.lacking import CAUSES, PARTS, REMARKS
from planners.rulebook.table import RULES
from planners.rulebook.telling import told
from planners.rulebook.values import Bar, Broken, Cause, Said, facts, refs_in
from tests import factories
from tests.planners.small import Json, ok_plan, ok_small, record
from tests.planning.county import small_county

Solve = Callable[[Cycle], Plan]


def worded(problem: Json | None = None, hidden: tuple[str, ...] = ()) -> Wording:
    problem = problem or ok_small()
    parsed = parse_problem(problem)
    return Wording(parsed, parse_plan(ok_plan(problem), parsed).teams, {"RC-04": "夫妻关系"}, hidden)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            Broken.of("H02", "closed", round="R3", team="R3-01", unit="V3"),
            "轮次和组的规模：丙村在第3轮不能接受检查，却由第1组前往",
        ),
        (
            Broken.of("H08", round="R1", team="R1-01", person="L1", other="F1", kind="RC-04"),
            "同组人员的回避关系：第1轮第1组中{L1}与方四不得同组（夫妻关系）",
        ),
        (Broken.of("H02", "teams", round="R1", n=9, most=8), "轮次和组的规模：第1轮有9个组，最多8个"),
        (Broken.of("H01", "never", unit="V1"), "每个单位去一次：甲村没有组前往，也没有列入缺口"),
        (
            Broken.of("H04", "one day", person="F1", round="R2", team="R1-01", other_team="R2-01"),
            "一人一处，不超过最多次数：方四在同一天既在第1轮第1组又在第2轮第1组",
        ),
        (
            Broken.of(
                "H03", "skill", round="R1", team="R1-01", slot="leader", person="F1", skills=["finance"]
            ),
            "席位的人数、专长和来源：第1轮第1组“组长”由方四担任，但其没有所需专长（财务）",
        ),
        (Broken.of("S02", "term", term="load", stated=1, real=2), "目标值如实：目标项 工作量 写成1，应为2"),
    ],
)
def test_codes_become_names_and_the_rule_says_what_it_is(fault: Broken, said: str) -> None:
    leader = next(row["name"] for row in ok_small()["people"] if row["id"] == "L1")
    assert worded().broken(fault) == said.replace("{L1}", leader)


def test_namesakes_are_told_apart_by_their_township_and_only_then_by_their_code() -> None:
    problem = ok_small()
    for unit in ("V2", "V4"):
        record(problem, unit)["name"] = "新村"
    for person in ("M1", "M2"):
        record(problem, person).update(name="王一", area="T1")
    names = worded(problem).names
    (two, four) = refs_in(facts(units=["V2", "V4"]))
    assert names(two).startswith("新村（") and names(four).startswith("新村（")
    assert names(two) != names(four)
    assert {names(ref) for ref in refs_in(facts(people=["M1", "M2"]))} == {"王一（M1）", "王一（M2）"}


def everything() -> Iterator[tuple[str, str]]:
    """Where words stand in the table, and the words."""
    for rule in RULES.values():
        for kind in ("barred", "bars", "broken"):
            for case, words in getattr(rule, kind).items():
                yield f"{rule.code} {kind} {case}", words
    for table in (CAUSES, REMARKS, PARTS):
        yield from table.items()


def test_no_words_of_the_desk_hold_a_code_or_the_planners_word_for_a_team() -> None:
    for where, words in everything():
        assert "队" not in words, where
        assert not any(code in words for code in RULES), where


def test_what_refers_to_a_hidden_unit_is_not_said_whatever_it_is_called() -> None:
    """V3 is visited by R3-01: its name, its code and its team stand for the same village."""
    told_all = worded(hidden=("V3",))
    for fault in (
        Broken.of("H01", "never", unit="V3"),
        Broken.of("H03", "heads", round="R3", team="R3-01", slot="leader", n=0, least=1, most=1),
        Broken.of("H01", "often", unit="V1", n=2, teams=["R1-01", "R3-01"]),
        Broken.of(
            "H12", "loose", pin="0", round="R3", team="R3-01", loose=[Said("lacks", facts(person="L1"))]
        ),
    ):
        assert told_all.broken(fault) == f"{RULES[fault.rule].name}：{UNSEEN}"
    assert told_all.bar(Bar.of("H04", "busy", round="R3", team="R3-01", units=["V3"])) == UNSEEN
    seen = Broken.of("H01", "never", unit="V1")
    assert UNSEEN not in told_all.broken(seen)


def test_a_part_of_a_sentence_hides_the_whole() -> None:
    inside = Cause.of("H02", "full", 1, rounds=[Said("open unit", facts(unit="V3", round="R3"))])
    gaps = [Said("gone", facts(unit="V1", causes=[inside])), Said("gone", facts(unit="V1", causes=[]))]
    assert worded(hidden=("V3",)).remarks(gaps) == ["甲村无人前往：。", f"另有缺口{UNSEEN}。"]
    assert len(worded().remarks(gaps)) == 2


def test_words_without_their_facts_are_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        told("{person}不在岗", facts(unit="V1"), worded().names)


# ---------------------------------------------------------------- on the desk


@pytest.fixture
def plan(session: orm.Session, solved: Solve) -> Plan:
    return solved(small_county(session))


def stay_away(session: orm.Session, code: str) -> None:
    unit = session.query(Unit).filter(Unit.code == code).one()
    session.info[APART] = frozenset({unit.id})


def test_a_step_upon_a_hidden_units_team_is_in_nobodys_history_or_list(
    session: orm.Session, plan: Plan
) -> None:
    assert plan.answer is not None
    team = plan.answer["teams"][0]
    leader = next(seat["person"] for seat in team["members"] if seat["slot"] == "leader")
    reasons = adjusting.reasons(session, plan).team(team["units"][0])
    assert reasons is not None
    into = next(seat for seat in reasons.seats if seat.person == leader).next[0].person
    step = Step("seat", leader, into, team["id"], "leader")
    adjusting.take(session, plan, step, "另有安排", factories.make_user(session), 0)
    adjusting.lock(session, plan, "visit", team["units"][0], "", factories.make_user(session))
    assert any("手工调整了一步" in line for line in changes.history(session, plan.uuid))
    stay_away(session, team["units"][0])
    try:
        assert not any("手工调整了一步" in line for line in changes.history(session, plan.uuid))
        assert not any("锁定" in line for line in changes.history(session, plan.cycle.uuid))
        assert adjusting.steps_seen(session, plan) == []
        told_all = verdicts.worded(session, plan)
        assert not told_all.sees(facts(team=team["id"]))
    finally:
        session.info.pop(APART)


def test_a_shortage_of_a_hidden_unit_is_counted_and_not_told(session: orm.Session, solved: Solve) -> None:
    cycle = small_county(session)
    cycle.rounds[-1].teams = 1
    closed = cycle.units[0]
    closed.closed = [[cycle.rounds[0].start.isoformat(), cycle.rounds[-1].end.isoformat()]]
    plan = solved(cycle)
    told_all = lacking(session, plan).sentences
    assert any(closed.name in line for line in told_all)
    stay_away(session, closed.code)
    try:
        seen = lacking(session, plan)
    finally:
        session.info.pop(APART)
    assert not any(closed.name in line or closed.code in line for line in seen.sentences)
    assert not any(closed.name in one.sentence for one in seen.remedies)
    assert seen.sentences[-1] == f"另有缺口{UNSEEN}。"


def test_what_people_typed_is_left_out_when_it_names_a_hidden_unit_by_name_or_code() -> None:
    lines = ["甲村有事", "V01 有事", "V011 有事", "都好"]
    assert apart.without(lines, {"V01": "甲村"}) == ["V011 有事", "都好"]
    assert apart.without(lines, {}) == lines
