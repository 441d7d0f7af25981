"""Reporting, sending, verifying and closing are four people's, whatever accounts they have."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.documents.prints import closing_papers
from inspections.followup import checking
from inspections.site.refusal import Refusal
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.render import render_pdf
from tests.factories import make_item, make_person, make_user
from tests.followup.course import Course, photos
from tests.typesetting.measure import text_of

SignIn = Callable[[User], FlaskClient]


def checked(session: orm.Session) -> Course:
    course = Course(session, make_item(session)).to_check()
    course.act("rate_good", course.checker, text="现场查看，属实", files=photos()[1:])
    return course


def test_whoever_sends_does_not_send_the_own_person(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_report()
    with pytest.raises(Refusal, match="不能派自己核验"):
        course.act("assign_check", course.planner, checker=course.planner)
    person = make_person(session)
    course.planner.person = person
    second_account = make_user(session, "leader", person=person)
    with pytest.raises(Refusal, match="不能派自己核验"):
        course.act("assign_check", course.planner, checker=second_account)


def test_who_reported_under_another_account_does_not_verify(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_report()
    course.liaison.person = make_person(session)
    session.flush()
    same = make_user(session, "leader", person=course.liaison.person)
    assert "不能再由本人核验" in checking.why_not(session, course.item, same)
    with pytest.raises(Refusal, match="不能再由本人核验"):
        course.act("assign_check", course.planner, checker=same)


def test_a_look_on_site_without_photograph_or_document_is_none(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_check()
    for rating in ("rate_good", "rate_fair", "rate_weak", "rate_poor"):
        with pytest.raises(Refusal, match="至少一张照片或一份材料"):
            course.act(rating, course.checker, text="现场查看，属实")
    assert course.item.state == "checking"


@pytest.mark.parametrize("who", ["checker", "planner", "liaison"])
def test_who_had_a_part_in_it_does_not_close_it_under_another_account(session: orm.Session, who: str) -> None:
    course = checked(session)
    other = getattr(course, who)
    if other.person is None:
        other.person = make_person(session)
    session.flush()
    leader = make_user(session, "leadership", person=other.person)
    with pytest.raises(Refusal, match="不能再由本人批准销号"):
        course.act("close", leader)
    assert course.item.state == "checked"
    course.act("close", course.leader)
    assert course.item.state == "closed"


def test_the_desk_alone_closes_nothing(session: orm.Session) -> None:
    course = checked(session)
    for role in ("planner", "leader", "member", "recipient"):
        with pytest.raises(Refusal, match="不能办理“批准销号”"):
            course.act("close", make_user(session, role))


def test_a_request_for_more_time_lapses_with_the_report(session: orm.Session) -> None:
    course = Course(session, make_item(session)).to_plan()
    course.act("ask_extension", course.liaison, text="汛期", until=course.item.due.replace(year=2099))
    course.act("report_done", course.liaison, text="已经改正", files=photos())
    assert (course.item.state, course.item.asked_due) == ("reported", None)


def test_a_plan_that_nobody_answers_does_not_stop_the_work(session: orm.Session) -> None:
    course = Course(session, make_item(session))
    course.act("sign_receipt", course.liaison)
    course.act("submit_plan", course.liaison, measures="核对", persons="会计", until=course.item.due)
    course.act("report_done", course.liaison, text="已经改正", files=photos())
    assert course.item.state == "reported"


def test_both_forms_name_everybody_and_are_drafts_until_the_last_box(
    session: orm.Session, sign_in: SignIn
) -> None:
    course = checked(session)
    draft = closing_papers.closing(course.item, "测试县纪委", {})
    assert draft.status.name == "DRAFT"
    course.act("close", course.leader, text="同意")
    session.commit()
    made = [
        make(course.item, "测试县纪委", {}) for make in (closing_papers.acceptance, closing_papers.closing)
    ]
    for letter, kind, people in zip(
        made,
        ("acceptance", "closing"),
        ((course.checker, course.liaison), (course.liaison, course.planner, course.checker, course.leader)),
        strict=True,
    ):
        assert letter.status.name == "ISSUED"
        words = text_of(render_pdf(letter_paper(kind, letter)).data)
        assert letter.title in words.replace("\n", "")
        assert all(user.name in words for user in people)
    client = sign_in(course.leader)
    for kind, code in (("acceptance", 200), ("closing", 200), ("other", 404)):
        assert client.get(f"/rectification/{course.item.uuid}/{kind}.pdf").status_code == code
