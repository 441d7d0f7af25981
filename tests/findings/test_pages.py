"""The pages of the working paper: writing it once, revising it, signing it, and who may look."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.fieldwork.models import Operation
from inspections.findings import drafting, review
from inspections.findings.drafting import Said
from inspections.findings.models import Finding, Photo
from tests import factories
from tests.fieldwork.forms import fields_of, send
from tests.fieldwork.team import Stay, make_stay
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]
TYPED: dict[str, Any] = {
    "title": "公开栏更新不及时",
    "category": "A1",
    "severity": "S2",
    "summary": "最近一次公布为5月28日。",
    "amount": "4,860.50",
    "method": ["查阅资料"],
}


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


@pytest.fixture
def finding(session: orm.Session, stay: Stay) -> Finding:
    return drafting.draft(session, stay.posting, stay.member, Said("公开栏更新不及时", "A1", "S2", "概述"))


def new(stay: Stay) -> str:
    return f"/postings/{stay.posting.uuid}/findings/new"


def at(finding: Finding, step: str = "") -> str:
    return f"/findings/{finding.uuid}{step}"


def counted(session: orm.Session) -> int:
    return session.scalar(select(func.count()).select_from(Finding)) or 0


def test_a_paper_written_on_the_page_says_what_was_typed(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(new(stay)), new(stay))
    answer = send(browser, new(stay), fields, **TYPED)
    assert answer.status_code == 302
    finding = session.scalars(select(Finding)).one()
    assert (finding.current.title, str(finding.current.amount)) == ("公开栏更新不及时", "4860.50")
    assert (finding.current.method, finding.current.place) == ("查阅资料", stay.posting.unit.name)
    assert finding.number in browser.get(answer.location).text


def test_a_paper_sent_twice_is_one_paper(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(new(stay)), new(stay))
    answers = []
    for _ in range(3):
        upload = {"photos": (io.BytesIO(pictures.jpeg()), "a.jpg")}
        answers.append(send(browser, new(stay), fields, **TYPED, **upload))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert counted(session) == 1
    assert session.scalar(select(func.count()).select_from(Photo)) == 1
    assert len(session.scalars(select(Finding)).one().revisions) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "请填写问题名称。"),
        ({"category": ""}, "请选择问题类别。"),
        ({"category": "Z9"}, "请选择问题类别。"),
        ({"severity": "S9"}, "请选择严重程度。"),
        ({"amount": "很多"}, "金额应为数字"),
        ({"amount": "-5"}, "金额应为不小于 0 的数字"),
        ({"course": "村民王某 110101199003070011"}, "不得录入身份证号、银行卡号"),
        ({"name": "no-uuid"}, "页面已失效"),
    ],
)
def test_what_cannot_be_stored_is_named_and_nothing_typed_is_lost(
    session: orm.Session, stay: Stay, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(new(stay)), new(stay))
    page = send(browser, new(stay), fields, **(TYPED | {"statement": "情况属实"} | change))
    assert page.status_code == 422
    assert sentence in page.text
    kept = fields_of(page, new(stay))
    assert (kept["statement"], kept["method"]) == ("情况属实", ["查阅资料"])
    assert kept["summary"] == TYPED["summary"]
    assert counted(session) == 0


def test_a_broken_photograph_is_refused_and_the_paper_keeps_what_was_typed(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(new(stay)), new(stay))
    upload = {"photos": (io.BytesIO(pictures.half("JPEG")), "a.jpg")}
    page = send(browser, new(stay), fields, **TYPED, **upload)
    assert page.status_code == 422
    assert "不完整或已损坏" in page.text
    assert fields_of(page, new(stay))["title"] == TYPED["title"]
    assert counted(session) == 0


def test_too_many_photographs_are_refused_and_the_paper_keeps_what_was_typed(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(new(stay)), new(stay))
    upload = {"photos": [(io.BytesIO(pictures.heavy(10, n)), f"{n}.jpg") for n in range(11)]}
    page = send(browser, new(stay), fields, **TYPED, **upload)
    assert page.status_code == 422
    assert "照片合计 110 MB，一次最多 100 MB" in page.text
    assert fields_of(page, new(stay))["summary"] == TYPED["summary"]
    assert counted(session) == 0


def test_a_paper_shows_no_empty_link_to_those_who_may_not_open_the_posting(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    page = sign_in(factories.make_user(session, "case_room")).get(at(finding)).text
    assert str(stay.posting.uuid) not in page
    assert not re.search(r"<a [^>]*>\s*</a>", page)
    assert f"返回驻点 {stay.posting.unit.name}" in sign_in(stay.member).get(at(finding)).text


def test_the_page_says_that_leads_are_not_written_here(stay: Stay, sign_in: SignIn) -> None:
    assert "线索不写入底稿" in sign_in(stay.member).get(new(stay)).text


def test_a_member_of_another_team_finds_neither_paper_nor_form_nor_photograph(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    upload = {"photos": (io.BytesIO(pictures.jpeg()), "a.jpg")}
    mine = sign_in(stay.member)
    fields = fields_of(mine.get(at(finding, "/edit")), at(finding, "/edit"))
    assert send(mine, at(finding, "/edit"), fields, **upload).status_code == 302
    photo = session.scalars(select(Photo)).one()
    other = make_stay(session)
    for browser in (sign_in(other.member), sign_in(other.leader)):
        for path in (new(stay), at(finding), at(finding, "/edit"), f"/photos/{photo.id}"):
            assert browser.get(path).status_code == 404, path
        assert finding.number not in browser.get("/findings").text
    assert sign_in(other.leader).post(at(finding, "/sign")).status_code == 404


def test_a_village_commissioner_sees_only_the_own_papers(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    browser = sign_in(stay.village)
    assert browser.get(at(finding)).status_code == 404
    fields = fields_of(browser.get(new(stay)), new(stay))
    assert browser.get(send(browser, new(stay), fields, **TYPED).location).status_code == 200


def test_a_photograph_is_served_with_its_type_and_not_kept_by_the_tablet(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    fields = fields_of(browser.get(at(finding, "/edit")), at(finding, "/edit"))
    send(browser, at(finding, "/edit"), fields, photos=(io.BytesIO(pictures.other("PNG")), "a.png"))
    photo = session.scalars(select(Photo)).one()
    whole, small = (browser.get(f"/photos/{photo.id}{tail}") for tail in ("", "/small"))
    assert (whole.content_type, small.content_type) == ("image/png", "image/jpeg")
    for answer in (whole, small):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert len(whole.data) == photo.size
    whole.close()
    small.close()


def test_editing_makes_a_revision_and_the_second_editor_is_told(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    member, leader = sign_in(stay.member), sign_in(stay.leader)
    old = fields_of(member.get(at(finding, "/edit")), at(finding, "/edit"))
    first = send(leader, at(finding, "/edit"), old, place="村部", title="组长的名称")
    assert first.status_code == 302
    page = send(member, at(finding, "/edit"), old, title="换个名称")
    assert page.status_code == 409
    assert f"底稿已由{stay.leader.name}修改" in page.text
    assert "他人改动：问题名称" in page.text
    again = fields_of(page, at(finding, "/edit"))
    assert again["title"] == "换个名称"
    assert send(member, at(finding, "/edit"), again).status_code == 302
    session.expire_all()
    assert [revision.n for revision in finding.revisions] == [1, 2, 3]


def test_two_editors_of_different_fields_are_put_together(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    member, leader = sign_in(stay.member), sign_in(stay.leader)
    old = fields_of(member.get(at(finding, "/edit")), at(finding, "/edit"))
    assert send(leader, at(finding, "/edit"), old, place="村部").status_code == 302
    assert send(member, at(finding, "/edit"), old, title="换个名称").status_code == 302
    session.expire_all()
    assert (finding.current.place, finding.current.title) == ("村部", "换个名称")


def test_what_a_page_writes_of_a_paper_stands_in_the_ledger_with_its_photographs(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    member, address = sign_in(stay.member), new(stay)
    form = fields_of(member.get(address), address)
    picture = (io.BytesIO(pictures.jpeg()), "村部.jpg")
    for _ in range(2):  # sent twice is once
        picture = (io.BytesIO(pictures.jpeg()), "村部.jpg")
        said = {"title": "账实不符", "category": "A1", "severity": "S2", "summary": "少记 3 笔"}
        answer = member.post(address, data=form | said | {"photos": picture})
        assert answer.status_code == 302
    rows = list(session.scalars(select(Operation).where(Operation.posting_id == stay.posting.id)))
    assert [(row.field, row.kind) for row in rows] == [("paper", "set"), ("photos", "add")]
    (photo,) = session.scalars(select(Photo).where(Photo.posting_id == stay.posting.id))
    assert (photo.id, rows[0].device) == (rows[1].id, "page")


def test_the_leader_returns_with_a_reason_and_signs_in_the_end(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    member, leader = sign_in(stay.member), sign_in(stay.leader)
    handed = fields_of(member.get(at(finding)), at(finding, "/submit"))
    assert member.post(at(finding, "/submit"), data=handed).status_code == 302
    page = leader.get(at(finding))
    seen = fields_of(page, at(finding, "/return"))
    empty = leader.post(at(finding, "/return"), data=seen)
    assert empty.status_code == 422
    assert "请写明原因" in empty.text
    assert leader.post(at(finding, "/return"), data=seen | {"reason": "依据不准"}).status_code == 302
    assert "依据不准" in member.get(at(finding)).text
    edit = fields_of(member.get(at(finding, "/edit")), at(finding, "/edit"))
    send(member, at(finding, "/edit"), edit, basis="村民委员会组织法第30条")
    handed = fields_of(member.get(at(finding)), at(finding, "/submit"))
    member.post(at(finding, "/submit"), data=handed)
    page = leader.get(at(finding))
    assert "上次退回后改动：定性依据" in page.text
    assert leader.post(at(finding, "/sign"), data=seen).status_code == 409  # the page before the return
    signed = leader.post(at(finding, "/sign"), data=fields_of(page, at(finding, "/sign")))
    assert signed.status_code == 302
    session.expire_all()
    assert finding.state == "signed"


def test_a_signed_paper_cannot_be_edited_from_an_old_page(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    member = sign_in(stay.member)
    old = fields_of(member.get(at(finding, "/edit")), at(finding, "/edit"))
    review.submit(session, finding, stay.member, 1)
    review.sign(session, finding, stay.leader, 1)
    session.commit()
    assert send(member, at(finding, "/edit"), old, title="改").status_code == 422
    assert member.get(at(finding, "/edit")).status_code == 422
    assert "修改</a>" not in member.get(at(finding)).text
    session.expire_all()
    assert len(finding.revisions) == 1


def test_a_member_gets_no_button_to_sign_and_no_answer_to_trying(
    session: orm.Session, stay: Stay, finding: Finding, sign_in: SignIn
) -> None:
    review.submit(session, finding, stay.member, 1)
    member = sign_in(stay.member)
    assert at(finding, "/sign") not in member.get(at(finding)).text
    assert member.post(at(finding, "/sign"), data={"seen": "1"}).status_code == 403


def test_the_list_counts_by_state_and_narrows(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    mine = [factories.make_finding(session, stay.posting, state=s) for s in ("draft", "signed", "signed")]
    browser = sign_in(stay.leader)
    page = browser.get("/findings").text
    assert "底稿共 3 份：编制中 1 份，待复核 0 份，待审签 0 份，已审签 2 份，已退回 0 份" in page
    narrowed = browser.get("/findings?state=signed").text
    assert mine[0].number not in narrowed
    assert mine[1].number in narrowed
    assert "符合条件 2 份" in narrowed
    assert "没有符合条件的底稿" in browser.get("/findings?category=B").text
    assert "没有符合条件的底稿" in browser.get("/findings?township=nowhere").text
    assert mine[0].number in browser.get(f"/findings?township={stay.posting.unit.area.code}").text


def test_the_planner_and_the_case_room_see_every_paper(
    session: orm.Session, finding: Finding, sign_in: SignIn
) -> None:
    for role in ("planner", "case_room"):
        browser = sign_in(factories.make_user(session, role))
        assert finding.number in browser.get("/findings").text
        assert browser.get(at(finding)).status_code == 200
