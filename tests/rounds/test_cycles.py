"""Setting up a cycle: rounds from a few numbers, and two planners who edit at once."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import orm

from inspections.planning import generate, verdicts
from inspections.rounds import crossing, cycles, memory, selection
from inspections.rounds.cycles import RoundSetting, Setting
from inspections.rounds.models import Cycle, Plan
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.planning.county import make_template, small_county

START = dt.date(2027, 3, 1)


def setting_of(cycle: Cycle, **given: object) -> Setting:
    values = {
        "name": cycle.name, "crossing": cycle.crossing,
        "template": cycle.template_name, "units": tuple(cycle.units),
    }  # fmt: skip
    return Setting(**{**values, **given})  # type: ignore[arg-type]


def rounds_of(cycle: Cycle) -> list[RoundSetting]:
    fields = [field.name for field in dataclasses.fields(RoundSetting)]
    return [RoundSetting(**{name: getattr(round_, name) for name in fields}) for round_ in cycle.rounds]


def test_rounds_follow_from_their_number_the_first_day_and_the_days() -> None:
    rounds = cycles.first_rounds(3, START, days=5, pause=2, teams=18, visits=1)
    assert [one.name for one in rounds] == ["第一轮", "第二轮", "第三轮"]
    assert [(str(one.start), str(one.end), str(one.release_on)) for one in rounds] == [
        ("2027-03-01", "2027-03-05", "2027-02-26"),
        ("2027-03-08", "2027-03-12", "2027-03-05"),
        ("2027-03-15", "2027-03-19", "2027-03-12"),
    ]


def test_a_new_cycle_takes_the_slots_of_its_template(session: orm.Session) -> None:
    unit, template = factories.make_unit(session), make_template(session)
    rounds = cycles.first_rounds(2, START, 5, 2, 4, 1)
    setting = Setting("新一轮", "county_wide", "1+2+N", (unit,))
    cycle = cycles.create(session, setting, rounds, factories.make_user(session))
    assert cycle.slots == template.slots
    assert [round_.code for round_ in cycle.rounds] == ["R1", "R2"]
    with pytest.raises(Refusal, match="已经有了"):
        cycles.create(session, setting, rounds, None)


@pytest.mark.both_databases
def test_the_second_of_two_planners_is_told_what_the_first_changed_and_overwrites_nothing(
    session: orm.Session,
) -> None:
    cycle = small_county(session)
    make_template(session)
    seen, old = cycle.version, cycle.name
    cycles.change(
        session,
        cycle,
        seen,
        setting_of(cycle, name="第一人所改"),
        factories.make_user(session, name="张统筹"),
    )
    with pytest.raises(Conflict, match="没有保存") as told:
        cycles.change(session, cycle, seen, setting_of(cycle, name="第二人所改"), None)
    assert cycle.name == "第一人所改"
    assert len(told.value.changes) == 1
    assert f"张统筹修改了周期设置（名称由“{old}”改为“第一人所改”）" in told.value.changes[0]


@pytest.mark.parametrize("first", ["rounds", "units"])
def test_a_change_of_rounds_or_of_units_alone_is_noticed_too(session: orm.Session, first: str) -> None:
    cycle = small_county(session)
    seen, other = cycle.version, cycle.version
    if first == "rounds":
        moved = [dataclasses.replace(one, teams=9) for one in rounds_of(cycle)]
        cycles.change_rounds(session, cycle, seen, moved, None, verdicts.spoiled)
        words = "第1轮组数由“4”改为“9”"
    else:
        cycles.change(session, cycle, seen, setting_of(cycle, units=tuple(cycle.units[1:])), None)
        words = "单位由“12 个”改为“11 个，减"
    with pytest.raises(Conflict) as told:
        cycles.change_rounds(session, cycle, other, rounds_of(cycle)[:1], None, verdicts.spoiled)
    assert words in told.value.changes[0]
    assert len(cycle.rounds) == 3


def test_saving_what_is_there_already_changes_no_version(session: orm.Session) -> None:
    cycle = small_county(session)
    before = cycle.version
    cycles.change(session, cycle, before, setting_of(cycle), None)
    cycles.change_rounds(session, cycle, before, rounds_of(cycle), None, verdicts.spoiled)
    assert cycle.version == before


def test_dates_that_contradict_each_other_are_refused(session: orm.Session) -> None:
    cycle = small_county(session)
    first, *others = rounds_of(cycle)
    day = dt.timedelta(days=1)
    for wrong, words in (
        (dataclasses.replace(first, end=first.start - day), "结束日期不能早于"),
        (dataclasses.replace(first, release_on=first.start + day), "发布日期不能晚于"),
    ):
        with pytest.raises(Refusal, match=words):
            cycles.change_rounds(session, cycle, cycle.version, [wrong, *others], None, verdicts.spoiled)


def test_a_round_can_be_added_and_an_unused_one_removed(session: orm.Session) -> None:
    cycle = small_county(session)
    rounds = rounds_of(cycle)
    extra = dataclasses.replace(
        rounds[-1], code="", name="加一轮", start=START + dt.timedelta(60), end=START + dt.timedelta(64)
    )
    cycles.change_rounds(session, cycle, cycle.version, [*rounds[1:], extra], None, verdicts.spoiled)
    assert [(round_.code, round_.position) for round_ in cycle.rounds] == [("R2", 0), ("R3", 1), ("R4", 2)]


def test_a_round_that_a_plan_uses_is_not_removed(session: orm.Session) -> None:
    cycle = small_county(session)
    factories.make_posting(session, round=cycle.rounds[0], state="ready")
    with pytest.raises(Refusal, match="已有方案用到"):
        cycles.change_rounds(session, cycle, cycle.version, rounds_of(cycle)[1:], None, verdicts.spoiled)


def test_after_publication_dates_may_move_but_teams_and_units_may_not(session: orm.Session) -> None:
    cycle = small_county(session)
    factories.make_posting(session, round=cycle.rounds[0])
    session.refresh(cycle)
    with pytest.raises(Refusal, match="已发布方案"):
        cycles.change(session, cycle, cycle.version, setting_of(cycle, units=tuple(cycle.units[1:])), None)
    fewer = [dataclasses.replace(one, teams=one.teams - 1) for one in rounds_of(cycle)]
    with pytest.raises(Refusal, match="只能增加"):
        cycles.change_rounds(session, cycle, cycle.version, fewer, None, verdicts.spoiled)
    with pytest.raises(Refusal, match="不能删除一轮"):
        cycles.change_rounds(session, cycle, cycle.version, rounds_of(cycle)[:-1], None, verdicts.spoiled)
    day = dt.timedelta(days=1)
    later = [dataclasses.replace(one, end=one.end + day) for one in rounds_of(cycle)]
    with pytest.raises(Refusal, match="第二人同意"):
        cycles.change_rounds(session, cycle, cycle.version, later, None, verdicts.spoiled)
    cycles.change_rounds(session, cycle, cycle.version, later, None, verdicts.spoiled, seconded=True)
    assert cycle.rounds[0].end == later[0].end
    more = [dataclasses.replace(one, teams=9) for one in rounds_of(cycle)]
    cycles.change_rounds(session, cycle, cycle.version, more, None, verdicts.spoiled)
    assert cycle.rounds[0].teams == 9


def test_while_a_plan_is_computed_units_rounds_and_template_stay_as_they_are(session: orm.Session) -> None:
    cycle = small_county(session)
    make_template(session)
    make_template(session, "2+5")
    plan = generate.queue(session, cycle, 1, 5, None)
    for new in (
        setting_of(cycle, units=tuple(cycle.units[1:])),
        setting_of(cycle, template="2+5"),
        setting_of(cycle, crossing="cross_zone"),
    ):
        with pytest.raises(Refusal, match="第 1 版方案正在排程"):
            cycles.change(session, cycle, cycle.version, new, None)
    with pytest.raises(Refusal, match="第 1 版方案正在排程"):
        cycles.change_rounds(session, cycle, cycle.version, rounds_of(cycle)[:2], None, verdicts.spoiled)
    assert (len(cycle.units), len(cycle.rounds), cycle.template_name) == (12, 3, "1+2+N")
    cycles.change(session, cycle, cycle.version, setting_of(cycle, name="只改名称"), None)
    generate.stop(session, plan, keep=False, user=None)
    cycles.change_rounds(session, cycle, cycle.version, rounds_of(cycle)[:2], None, verdicts.spoiled)
    assert len(cycle.rounds) == 2


def test_dates_that_would_spoil_the_published_plan_are_refused_by_name(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    cycle = small_county(session)
    plan = solved(cycle)
    plan.state = "published"
    session.flush()
    first, *others = rounds_of(cycle)
    person = plan.teams[0].members[0].person
    leave = first.end + dt.timedelta(days=1)
    person.off = [[leave.isoformat(), leave.isoformat()]]
    session.commit()
    session.refresh(cycle)
    longer = [dataclasses.replace(first, end=leave), *others]
    with pytest.raises(Refusal, match="不再合规") as told:
        cycles.change_rounds(session, cycle, cycle.version, longer, None, verdicts.spoiled, seconded=True)
    assert person.name in str(told.value)
    session.rollback()
    assert cycle.rounds[0].end == first.end


def test_what_the_roster_has_spoilt_already_does_not_stop_other_dates_nor_new_names(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    cycle = small_county(session)
    plan = solved(cycle)
    plan.state = "published"
    first, *others = rounds_of(cycle)
    plan.teams[0].members[0].person.off = [[first.start.isoformat(), first.start.isoformat()]]
    session.flush()
    assert verdicts.spoiled(session, plan)
    renamed = [
        dataclasses.replace(first, name="开局轮", release_on=first.release_on + dt.timedelta(1)),
        *others,
    ]
    cycles.change_rounds(session, cycle, cycle.version, renamed, None, verdicts.spoiled, seconded=True)
    assert cycle.rounds[0].name == "开局轮"


def test_boxes_that_stand_for_the_units_of_a_cycle_choose_them_again(session: orm.Session) -> None:
    cycle = small_county(session)
    left_out = cycle.units[3]
    chosen = [unit for unit in cycle.units if unit is not left_out]
    listed = selection.townships(session)
    ticked, without = selection.boxes_of(listed, chosen)
    assert without == [str(left_out.uuid)]
    assert {unit.id for unit in selection.selected(listed, ticked, without)} == {unit.id for unit in chosen}
    with pytest.raises(Refusal, match="重新打开"):
        selection.selected(listed, ["nonsense:village"], [])


def test_a_cycle_of_today_that_changed_since_can_still_be_queued(session: orm.Session) -> None:
    cycle = small_county(session)
    cycles.change_rounds(session, cycle, cycle.version, rounds_of(cycle)[:2], None, verdicts.spoiled)
    plan = generate.queue(session, cycle, 1, 5, None)
    assert [round_["id"] for round_ in plan.problem["rounds"]] == ["R1", "R2"]  # type: ignore[index]


def test_after_publication_no_village_is_released_earlier(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    cycle = small_county(session)
    solved(cycle).state = "published"
    session.flush()
    first, *others = rounds_of(cycle)
    sooner = dataclasses.replace(first, release_on=first.release_on - dt.timedelta(1))
    with pytest.raises(Refusal, match="不能提前"):
        cycles.change_rounds(session, cycle, cycle.version, [sooner, *others], None, verdicts.spoiled)


def test_two_rounds_never_share_a_day_h04(session: orm.Session) -> None:
    cycle = small_county(session)
    first, second, *others = rounds_of(cycle)
    early = dataclasses.replace(second, start=first.end, release_on=first.start)
    with pytest.raises(Refusal, match="重叠"):
        cycles.change_rounds(session, cycle, cycle.version, [first, early, *others], None, verdicts.spoiled)


@pytest.mark.both_databases
def test_a_round_sent_twice_or_unknown_changes_nothing(session: orm.Session) -> None:
    cycle = small_county(session)
    rounds = rounds_of(cycle)
    twice = [dataclasses.replace(one, code="R1") for one in rounds]
    strange = [*rounds[:-1], dataclasses.replace(rounds[-1], code="R99")]
    for settings in (twice, strange):
        with pytest.raises(Refusal, match="对不上"):
            cycles.change_rounds(session, cycle, cycle.version, settings, None, verdicts.spoiled)
    assert len(cycle.rounds) == len(rounds)


@pytest.mark.parametrize("start", [dt.date(1, 1, 1), dt.date(9999, 12, 30)])
def test_a_slip_in_the_year_is_told_in_a_sentence(start: dt.date) -> None:
    with pytest.raises(Refusal, match="年之间"):
        cycles.first_rounds(2, start, 5, 2, 4, 1)


def test_what_a_county_chose_stays_while_its_cycle_looks_back(session: orm.Session) -> None:
    cycle = small_county(session)
    cycle.memory, cycle.looks_back = [0, False, 200, False], True
    session.commit()
    table = crossing.table_of(cycle.crossing, cycle.slots, cycle.crossing_table)
    sent = memory.memory_of(cycle)._replace(unit_days=90)
    cycles.change_policy(session, cycle, cycle.version, table, sent, None)
    assert cycle.memory == [90, False, 200, False]
    with pytest.raises(Refusal, match="间隔应为"):
        cycles.change_policy(session, cycle, cycle.version, table, sent._replace(unit_days=-1), None)
