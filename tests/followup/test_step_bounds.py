"""What each step of a rectification lacks or goes beyond, one at a time, on both sides of each limit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import orm

from inspections import database
from inspections.database import today
from inspections.followup.rectification import LONGEST_TEXT, MOST_HOUSEHOLDS, MOST_MONEY
from inspections.site.refusal import Refusal
from tests.factories import make_finding, make_item, make_person, make_posting, make_round, make_user
from tests.followup.course import Course, photos

CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("rating", "somebody_checked"), [("一般", True), ("差", True), ("", True), ("好", False), ("较好", False)]
)
def test_closing_needs_a_good_rating_and_somebody_who_checked(
    session: orm.Session, rating: str, somebody_checked: bool
) -> None:
    course = Course(session, make_item(session)).to_check()
    course.act("rate_good", course.checker, text="现场查看，属实", files=photos()[1:])
    course.item.rating = rating
    course.item.checker = course.checker if somebody_checked else None
    session.flush()
    with pytest.raises(Refusal, match="没有核验为“好”或“较好”，不能销号"):
        course.act("close", course.leader)
    assert (course.item.state, course.item.closed_on) == ("checked", None)


def test_fairly_good_is_good_enough_to_close(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_check()
    course.act("rate_fair", course.checker, text="现场查看，基本属实", files=photos()[1:])
    course.act("close", course.leader)
    assert (course.item.state, course.item.rating) == ("closed", "较好")


@pytest.mark.parametrize("reason", ["", " \n"])
def test_an_extension_needs_a_reason_from_who_asks_and_from_who_decides(
    session: orm.Session, reason: str
) -> None:
    course = Course(session, make_item(session)).to_plan()
    later = course.item.due + dt.timedelta(days=1)
    with pytest.raises(Refusal, match=r"^申请延期请写明原因。$"):
        course.act("ask_extension", course.liaison, text=reason, until=later)
    assert course.item.asked_due is None
    course.act("ask_extension", course.liaison, text="汛期", until=later)
    for answer in ("grant_extension", "refuse_extension"):
        with pytest.raises(Refusal, match="同意或不同意延期的理由"):
            course.act(answer, course.planner, text=reason)
    course.act("refuse_extension", course.planner, text="可以按期完成")
    assert (course.item.due, course.item.asked_due) == (later - dt.timedelta(days=1), None)


def test_what_is_late_is_not_extended_to_a_day_that_is_over(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_plan()
    after = course.item.due + dt.timedelta(days=3)
    with database.at(dt.datetime.combine(after, dt.time(4), dt.UTC)):
        with pytest.raises(Refusal, match="和今天"):
            course.act("ask_extension", course.liaison, text="汛期", until=after)
        course.act("ask_extension", course.liaison, text="汛期", until=after + dt.timedelta(days=1))
    assert course.item.asked_due == after + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("of", "days", "taken"),
    [("served_on", -1, False), ("served_on", 0, True), ("due", 0, True), ("due", 1, False)],
)
def test_the_day_of_a_plan_lies_between_service_and_due(
    session: orm.Session, of: str, days: int, taken: bool
) -> None:
    course = Course(session, make_item(session))
    course.act("sign_receipt", course.liaison)
    plan = {"measures": "逐户核对", "persons": "村会计"}
    day = getattr(course.item, of) + dt.timedelta(days=days)
    if taken:
        course.act("submit_plan", course.liaison, until=day, **plan)
        assert course.item.steps[-1].said["until"] == day.isoformat()
        return
    for until in (day, None):
        with pytest.raises(Refusal, match=r"计划完成日期应在 .* 至整改时限 .* 之间"):
            course.act("submit_plan", course.liaison, until=until, **plan)
    assert course.item.state == "received"


@pytest.mark.parametrize("missing", ["measures", "persons"])
def test_a_plan_says_what_is_done_and_who_answers_for_it(session: orm.Session, missing: str) -> None:
    course = Course(session, make_item(session))
    course.act("sign_receipt", course.liaison)
    plan = {"measures": "逐户核对", "persons": "村会计", "until": course.item.due} | {missing: " "}
    with pytest.raises(Refusal, match=r"^整改方案应写明整改措施和责任人。$"):
        course.act("submit_plan", course.liaison, **plan)


@pytest.mark.parametrize(
    ("figure", "value", "taken"),
    [
        ("recovered", Decimal(0), True),
        ("recovered", -CENT, False),
        ("recovered", MOST_MONEY, True),
        ("recovered", MOST_MONEY + CENT, False),
        ("households", 0, True),
        ("households", -1, False),
        ("households", MOST_HOUSEHOLDS, True),
        ("households", MOST_HOUSEHOLDS + 1, False),
    ],
)
def test_money_and_households_have_bounds(session: orm.Session, figure: str, value: Any, taken: bool) -> None:
    course = Course(session, make_item(session)).to_plan()
    said = {"text": "退款", figure: value}
    if taken:
        course.act("report_progress", course.liaison, **said)
        assert getattr(course.item, figure) == value
        return
    with pytest.raises(Refusal, match=r"清退追缴金额|涉及户数应为 0 至 1000000 的整数"):
        course.act("report_progress", course.liaison, **said)
    assert getattr(course.item, figure) == 0


@pytest.mark.parametrize(
    ("part", "name"), [("text", "说明"), ("measures", "整改措施"), ("persons", "责任人")]
)
def test_each_text_has_its_longest(session: orm.Session, part: str, name: str) -> None:
    course = Course(session, make_item(session))
    course.act("sign_receipt", course.liaison)
    plan = {"measures": "逐户核对", "persons": "村会计", "until": course.item.due}
    with pytest.raises(Refusal, match=f"^{name}最多 2000 字，现有 2001 字。$"):
        course.act("submit_plan", course.liaison, **plan | {part: "改" * (LONGEST_TEXT + 1)})
    course.act("submit_plan", course.liaison, **plan | {part: "改" * LONGEST_TEXT})
    assert course.item.state == "planned"


@pytest.mark.parametrize("days", [None, 12])
def test_what_is_reopened_is_due_in_thirty_days_unless_a_day_is_set(
    session: orm.Session, days: int | None
) -> None:
    course = Course(session, make_item(session)).to_close()
    until = None if days is None else today() + dt.timedelta(days=days)
    course.act("reopen", course.planner, text="问题反弹", until=until)
    item = course.item
    assert (item.state, item.reopened_on, item.closed_on) == ("reopened", today(), None)
    assert item.due == today() + dt.timedelta(days=30 if days is None else days)


@pytest.mark.parametrize(("days", "taken"), [(0, False), (1, True)])
def test_looking_again_is_for_a_round_that_starts_after_the_first_has_ended(
    session: orm.Session, days: int, taken: bool
) -> None:
    posting = make_posting(session, {make_person(session): "leader"})
    course = Course(session, make_item(session, make_finding(session, posting, state="signed"))).to_close()
    start = posting.team.round.end + dt.timedelta(days=days)
    again = make_round(session, start=start, end=start + dt.timedelta(days=6), release_on=start)
    other = make_person(session)
    make_posting(session, {other: "leader"}, course.item.unit, round=again)
    leader = make_user(session, "leader", person=other)
    with database.at(dt.datetime.combine(start, dt.time(4), dt.UTC)):
        if taken:
            course.act("recheck_held", leader, text="查看，没有反弹")
        else:
            with pytest.raises(Refusal, match="以后轮次"):
                course.act("recheck_held", leader, text="查看，没有反弹")
    assert course.item.rechecked_on == (start if taken else None)


def test_a_later_round_that_visits_another_unit_does_not_look_again(session: orm.Session) -> None:
    posting = make_posting(session, {make_person(session): "leader"})
    course = Course(session, make_item(session, make_finding(session, posting, state="signed"))).to_close()
    start = posting.team.round.end + dt.timedelta(days=1)
    again = make_round(session, start=start, end=start + dt.timedelta(days=6), release_on=start)
    other = make_person(session)
    make_posting(session, {other: "leader"}, round=again)
    with (
        database.at(dt.datetime.combine(start, dt.time(4), dt.UTC)),
        pytest.raises(Refusal, match="以后轮次"),
    ):
        course.act("recheck_held", make_user(session, "leader", person=other), text="查看")
