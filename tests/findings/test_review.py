"""The way of a working paper to its signature, and who may take which step."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.findings import drafting, review
from inspections.findings.drafting import Said
from inspections.findings.models import Finding
from inspections.journal import history
from inspections.rounds.models import Seat
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.fieldwork.forms import fields_of
from tests.fieldwork.team import Stay, make_stay

SAID = Said("公开栏更新不及时", "A1", "S2", "概述")


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


@pytest.fixture
def finding(session: orm.Session, stay: Stay) -> Finding:
    return drafting.draft(session, stay.posting, stay.member, SAID)


def states(finding: Finding) -> list[str]:
    return [step.state for step in finding.steps]


def test_a_paper_is_handed_in_and_signed(session: orm.Session, stay: Stay, finding: Finding) -> None:
    review.submit(session, finding, stay.member, 1)
    assert review.may_sign(finding, stay.leader)
    assert not review.may_sign(finding, stay.member)
    review.sign(session, finding, stay.leader, 1)
    assert finding.state == "signed"
    assert finding.steps[-1].actor == stay.leader
    acts = [entry.act for entry in history(session, finding.uuid)]
    assert acts == ["finding.draft", "finding.submitted", "finding.signed"]


def test_ten_clicks_are_one_step(session: orm.Session, stay: Stay, finding: Finding) -> None:
    for _ in range(10):
        review.submit(session, finding, stay.member, 1)
    for _ in range(10):
        review.sign(session, finding, stay.leader, 1)
    assert states(finding) == ["draft", "submitted", "signed"]


def test_a_member_cannot_sign(session: orm.Session, stay: Stay, finding: Finding) -> None:
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="只有本组组长"):
        review.sign(session, finding, stay.member, 1)


def test_a_leader_of_another_team_cannot_sign(session: orm.Session, stay: Stay, finding: Finding) -> None:
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="只有本组组长"):
        review.sign(session, finding, make_stay(session).leader, 1)


def test_a_leader_by_role_who_holds_another_seat_cannot_sign(session: orm.Session) -> None:
    stay = make_stay(session)
    second = factories.make_user(session, "leader")
    assert second.person is not None
    people = {stay.leader.person: "leader", second.person: "finance", stay.member.person: "welfare"}
    posting = factories.make_posting(session, people)
    finding = drafting.draft(session, posting, stay.member, SAID)
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="只有本组组长"):
        review.sign(session, finding, second, 1)
    assert review.sign(session, finding, stay.leader, 1).state == "signed"


def test_a_draft_cannot_be_signed(session: orm.Session, stay: Stay, finding: Finding) -> None:
    with pytest.raises(Conflict, match="编制中"):
        review.sign(session, finding, stay.leader, 1)


def test_the_leader_signs_what_was_on_the_page_and_nothing_newer(
    session: orm.Session, stay: Stay, finding: Finding
) -> None:
    review.submit(session, finding, stay.member, 1)
    review.send_back(session, finding, stay.leader, 1, "补充时间")
    drafting.revise(session, finding, stay.member, replace(SAID, period="2026年5月"), seen=1)
    review.submit(session, finding, stay.member, 2)
    with pytest.raises(Conflict, match="修改"):
        review.sign(session, finding, stay.leader, 1)
    assert review.changed_since_return(finding) == ["发生时间"]
    assert review.sign(session, finding, stay.leader, 2).state == "signed"


def test_a_paper_is_returned_only_with_a_reason(session: orm.Session, stay: Stay, finding: Finding) -> None:
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="写明原因"):
        review.send_back(session, finding, stay.leader, 1, "  ")
    with pytest.raises(Refusal, match="身份证号"):
        review.send_back(session, finding, stay.leader, 1, "核对110101199003070011")
    review.send_back(session, finding, stay.leader, 1, "依据不准")
    assert (finding.state, finding.steps[-1].reason) == ("returned", "依据不准")
    assert review.may_edit(finding, stay.member)


def test_a_signed_paper_can_be_neither_returned_nor_handed_in_again(
    session: orm.Session, stay: Stay, finding: Finding
) -> None:
    review.submit(session, finding, stay.member, 1)
    review.sign(session, finding, stay.leader, 1)
    with pytest.raises(Refusal):
        review.send_back(session, finding, stay.leader, 1, "晚了")
    with pytest.raises(Refusal):
        review.submit(session, finding, stay.member, 1)
    assert not review.may_edit(finding, stay.member)


@pytest.fixture
def deputy(session: orm.Session, stay: Stay) -> User:
    """A second specialist of the team."""
    user = factories.make_user(session, "member")
    stay.posting.team.members.append(Seat(person=user.person, slot="welfare", position=9))
    session.flush()
    return user


def test_a_second_specialist_looks_at_the_paper_before_the_leader_signs(
    session: orm.Session, stay: Stay, finding: Finding, deputy: User
) -> None:
    review.submit(session, finding, stay.member, 1)
    assert finding.state == "in_review"
    assert review.may_review(session, finding, deputy)
    for other in (stay.member, stay.leader, stay.village):
        assert not review.may_review(session, finding, other)
        with pytest.raises(Refusal, match="编制人以外的组员"):
            review.check(session, finding, other, 1)
    with pytest.raises(Conflict, match="待复核"):
        review.sign(session, finding, stay.leader, 1)
    assert review.check(session, finding, deputy, 1).state == "submitted"
    assert review.sign(session, finding, stay.leader, 1).state == "signed"
    signed_by = [stay.member.id, stay.member.id, deputy.id, stay.leader.id]
    assert [step.actor_id for step in finding.steps] == signed_by


def test_the_reviewer_returns_with_a_reason_and_cannot_review_the_own_words(
    session: orm.Session, stay: Stay, finding: Finding, deputy: User
) -> None:
    review.submit(session, finding, stay.member, 1)
    with pytest.raises(Refusal, match="由等待办理的人退回"):
        review.send_back(session, finding, stay.leader, 1, "越过复核")
    with pytest.raises(Refusal, match="写明原因"):
        review.send_back(session, finding, deputy, 1, " ")
    assert review.send_back(session, finding, deputy, 1, "金额不实").state == "returned"
    said = Said.of(finding.current)
    drafting.revise(session, finding, deputy, replace(said, title="改过的名称"), 1)
    review.submit(session, finding, deputy, 2)
    assert not review.may_review(session, finding, deputy)
    assert review.check(session, finding, stay.member, 2).state == "submitted"


def test_a_paper_whose_reviewer_has_left_is_returned_by_the_leader_and_then_needs_none(
    session: orm.Session, stay: Stay, finding: Finding, deputy: User
) -> None:
    review.submit(session, finding, stay.member, 1)
    deputy.active = False
    session.flush()
    assert review.send_back(session, finding, stay.leader, 1, "复核人已调离").state == "returned"
    assert review.submit(session, finding, stay.member, 1).state == "submitted"


def test_the_page_of_the_reviewer_and_the_task_on_the_first_page(
    session: orm.Session, stay: Stay, finding: Finding, deputy: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    review.submit(session, finding, stay.member, 1)
    browser = sign_in(deputy)
    assert "1 份底稿待您复核" in browser.get("/").text
    assert "待您复核" not in sign_in(stay.member).get("/").text
    page = browser.get(f"/findings/{finding.uuid}")
    fields = fields_of(page, f"/findings/{finding.uuid}/check")
    assert browser.post(f"/findings/{finding.uuid}/check", data=fields).status_code == 302
    assert "1 份底稿待您审签" in sign_in(stay.leader).get("/").text
    assert "组员复核" in browser.get(f"/findings/{finding.uuid}").text
