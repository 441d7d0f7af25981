"""个人驻点安排 and 监督检查公告: nothing before the release day, no names on the wall, no real place."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.models import Letterhead
from inspections.people.models import Person
from inspections.rounds.models import Posting
from inspections.typesetting.check import check
from tests import factories
from tests.typesetting.measure import text_of

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def head(session: orm.Session) -> Letterhead:
    factories.make_checklist(session)
    county = factories.make_area(session, "county", name="清河县")
    made = factories.make_letterhead(session, county)
    made.hours, made.box, made.public_address = "工作日8:30至12:00", "村部门口", "https://example.org/q"
    return made


def stay(session: orm.Session, head: Letterhead, person: Person, days: int = 0, **given: Any) -> Posting:
    """A posting in the letterhead's county that is released in so many days."""
    town = factories.make_area(session, parent=head.area, name="柳河镇")
    unit = factories.make_unit(session, town, **{"name": "柳树村"} | given)
    other = factories.make_person(session, name="钱某某")
    round_ = factories.make_round(session, start=today() + dt.timedelta(days=days))
    return factories.make_posting(session, {person: "leader", other: "finance"}, unit, round=round_)


def test_the_own_sheet_has_the_released_visits_and_no_other(
    session: orm.Session, head: Letterhead, sign_in: SignIn
) -> None:
    person = factories.make_person(session, name="赵组长")
    client = sign_in(factories.make_user(session, "leader", person=person))
    sealed = stay(session, head, person, days=1, name="还没有公布的村")
    session.commit()
    nothing = client.get("/postings/mine.pdf")
    assert nothing.status_code == 422
    assert sealed.unit.name not in nothing.text
    opened = stay(session, head, person)
    session.commit()
    answer = client.get("/postings/mine.pdf", buffered=True)
    assert answer.mimetype == "application/pdf"
    said = text_of(answer.data)
    for text in ("赵组长", "柳河镇柳树村", "组长", "财务钱某某", "共1个", "县统筹"):
        assert text in said, text
    assert sealed.unit.name not in said
    assert opened.team.round.name in said
    assert all(element.passed for element in check(answer.data))


def test_the_notice_says_when_and_what_and_whom_to_call_and_names_nobody_of_the_team(
    session: orm.Session, head: Letterhead, sign_in: SignIn
) -> None:
    person = factories.make_person(session, name="赵组长")
    posting = stay(session, head, person)
    client = sign_in(factories.make_user(session, "leader", person=person))
    data = client.get(f"/postings/{posting.uuid}/notice.pdf", buffered=True).data
    said = text_of(data)
    for text in ("柳河镇柳树村", "测试等方面", "0000-0000000", "工作日8:30至12:00", "村部门口", "扫码"):
        assert text in said, text
    for text in ("赵组长", "钱某某", "草稿", "待补"):
        assert text not in said, text
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1
    assert [e for e in check(data) if not e.passed] == []


def test_a_notice_is_a_draft_before_its_day_and_while_the_letterhead_has_gaps(
    session: orm.Session, head: Letterhead, sign_in: SignIn
) -> None:
    person = factories.make_person(session)
    early, late = stay(session, head, person, days=3), stay(session, head, person)
    planner = sign_in(factories.make_user(session))
    draft = text_of(planner.get(f"/postings/{early.uuid}/notice.pdf", buffered=True).data)
    assert "待补：成文日期" in draft
    assert "草稿" in draft
    head.box = ""
    session.commit()
    assert "待补：意见箱位置" in text_of(planner.get(f"/postings/{late.uuid}/notice.pdf", buffered=True).data)
    member = sign_in(factories.make_user(session, "leader", person=person))
    assert member.get(f"/postings/{early.uuid}/notice.pdf").status_code == 404


def test_no_notice_says_that_a_real_place_is_inspected(
    session: orm.Session, head: Letterhead, sign_in: SignIn
) -> None:
    posting = stay(session, head, factories.make_person(session), planning_only=True)
    answer = sign_in(factories.make_user(session)).get(f"/postings/{posting.uuid}/notice.pdf")
    assert answer.status_code == 422
    assert "只用于排程" in answer.text
