"""What each step of a rectification must bring, who may take it, and what the register then says."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import orm

from inspections import database
from inspections.database import today
from inspections.followup import checking, rectification
from inspections.followup.proofs import receive
from inspections.followup.rectification import Act
from inspections.people.models import Tie
from inspections.site.refusal import Conflict, Refusal
from tests.factories import (
    make_finding,
    make_item,
    make_person,
    make_posting,
    make_recusal_kind,
    make_round,
    make_user,
)
from tests.followup.course import Course, photos
from tests.site import bombs


def test_a_problem_goes_from_letter_to_closing_with_every_step_kept(session: orm.Session) -> None:
    item = make_item(session)
    Course(session, item).to_close()
    assert (item.state, item.rating, item.closed_on) == ("closed", "好", today())
    assert [step.action for step in item.steps] == [
        "hand_over", "sign_receipt", "submit_plan", "accept_plan", "report_done", "assign_check", "rate_good",
        "close",
    ]  # fmt: skip


def test_a_reported_problem_is_not_closed_by_its_report(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_report()
    with pytest.raises(Refusal, match="不能办理“批准销号”"):
        course.act("close", course.leader)


def test_a_problem_to_be_mended_by_a_date_needs_a_plan_before_its_report(session: orm.Session) -> None:
    course = Course(session, make_item(session))
    course.act("sign_receipt", course.liaison)
    with pytest.raises(Refusal, match="请先报送整改方案"):
        course.act("report_done", course.liaison, text="改好了", files=photos())


def test_a_problem_mended_at_once_needs_a_photograph_before_and_one_after(session: orm.Session) -> None:
    item = make_item(session, make_finding(session, state="signed", severity="S1"))
    assert (item.way, item.due) == ("at_once", today() + dt.timedelta(days=7))
    course = Course(session, item)
    course.act("sign_receipt", course.liaison)
    only_after = photos()[1:]
    with pytest.raises(Refusal, match="整改前、整改后"):
        course.act("report_done", course.liaison, text="路灯已修", files=only_after)
    course.act("report_done", course.liaison, text="路灯已修", files=photos())
    assert item.state == "reported"


def test_the_reporter_is_never_the_one_who_verifies(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_report()
    reporter = make_user(session, "leader")
    report = course.item.steps[-1]
    assert report.actor in checking.reporters(course.item)
    assert not checking.why_not(session, course.item, reporter)
    with pytest.raises(Refusal, match="没有现场核验的职责"):
        course.act("assign_check", course.planner, checker=course.liaison)


def test_who_has_a_tie_to_the_unit_is_not_sent_to_verify(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_report()
    make_recusal_kind(session, "RC-05")
    person = make_person(session)
    session.add(Tie(person=person, unit=course.item.unit, kind_code="RC-05", hard=True))
    session.flush()
    tied = make_user(session, "member", person=person)
    with pytest.raises(Refusal, match="回避关系"):
        course.act("assign_check", course.planner, checker=tied)
    neighbour = make_user(session, "member", person=make_person(session, home_unit=course.item.unit))
    with pytest.raises(Refusal, match="应当回避"):
        course.act("assign_check", course.planner, checker=neighbour)
    assert not {tied, neighbour} & set(checking.candidates(session, course.item))


def test_a_tie_declared_after_the_assignment_stops_the_verification(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_check()
    make_recusal_kind(session, "RC-05")
    session.add(Tie(person=course.checker.person, unit=course.item.unit, kind_code="RC-05", hard=True))
    session.flush()
    with pytest.raises(Refusal, match="回避关系"):
        course.act("rate_good", course.checker, text="属实")


def test_only_the_one_who_was_sent_rates(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_check()
    with pytest.raises(Refusal, match="只有被指派的核验人"):
        course.act("rate_good", make_user(session, "leader"), text="属实")


@pytest.mark.parametrize(
    ("rating", "state"), [("rate_fair", "checked"), ("rate_weak", "returned"), ("rate_poor", "returned")]
)
def test_a_weak_rating_sends_the_problem_back(session: orm.Session, rating: str, state: str) -> None:
    course = Course(session, make_item(session)).to_check()
    course.act(rating, course.checker, text="现场查看", files=photos()[1:])
    assert course.item.state == state


def test_an_extension_is_asked_for_and_decided(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_plan()
    later = course.item.due + dt.timedelta(days=20)
    with pytest.raises(Refusal, match="没有待答复的延期申请"):
        course.act("grant_extension", course.planner, text="同意")
    with pytest.raises(Refusal, match="应晚于现时限"):
        course.act("ask_extension", course.liaison, text="汛期", until=course.item.due)
    course.act("ask_extension", course.liaison, text="汛期", until=later)
    with pytest.raises(Refusal, match="请等待答复"):
        course.act("ask_extension", course.liaison, text="汛期", until=later + dt.timedelta(days=1))
    course.act("grant_extension", course.planner, text="情况属实")
    assert (course.item.due, course.item.asked_due) == (later, None)


def test_money_and_households_add_up_over_the_steps(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_plan()
    for amount, households in ((Decimal("120.50"), 3), (Decimal("79.50"), 2)):
        course.act("report_progress", course.liaison, text="退款", recovered=amount, households=households)
    assert (course.item.recovered, course.item.households) == (Decimal("200.00"), 5)
    with pytest.raises(Refusal, match="金额应为不小于 0"):
        course.act("report_progress", course.liaison, text="退款", recovered=Decimal(-1))


def test_an_act_on_an_outdated_page_is_told_what_changed(session: orm.Session) -> None:
    course = Course(session, make_item(session))
    seen = course.item.version
    course.act("sign_receipt", course.liaison)
    with pytest.raises(Conflict) as told:
        rectification.act(session, course.item, "submit_plan", course.liaison, seen, Act())
    assert "签收" in told.value.changes[0]


def test_identity_numbers_are_refused_in_every_text(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_plan()
    with pytest.raises(Refusal, match="说明"):
        course.act("report_progress", course.liaison, text="身份证 11010519491231002X")


def test_looking_again_is_for_another_team_in_a_later_round(session: orm.Session) -> None:
    first = make_person(session)
    posting = make_posting(session, {first: "leader"})
    item = make_item(session, make_finding(session, posting, state="signed"))
    course = Course(session, item).to_close()
    other = make_person(session)
    early = make_user(session, "leader", person=other)
    with pytest.raises(Refusal, match="以后轮次"):
        course.act("recheck_failed", early, text="又坏了")
    start = posting.team.round.end + dt.timedelta(days=91)
    later = make_round(session, start=start, end=start + dt.timedelta(days=6), release_on=start)
    make_posting(session, {other: "leader", first: "member"}, item.unit, round=later)
    with database.at(dt.datetime.combine(start, dt.time(9), dt.UTC)):
        with pytest.raises(Refusal, match="当初发现问题"):
            course.act("recheck_held", make_user(session, "member", person=first), text="查看")
        course.act("recheck_failed", early, text="又坏了")
    assert (item.state, item.closed_on, item.reopened_on) == ("reopened", None, start)


def test_a_file_that_is_not_what_it_says_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=r"“收据\.pdf”的内容与扩展名不符"):
        receive("document", "收据.pdf", b"no pdf at all")
    with pytest.raises(Refusal, match=r"“空\.xlsx”是空文件"):
        receive("document", "空.xlsx", b"")
    with pytest.raises(Refusal, match="这个文件不是照片"):
        receive("after", "坏.jpg", b"no picture")
    assert receive("document", "../../x/收据.pdf", bombs.pdf()).name == "收据.pdf"
