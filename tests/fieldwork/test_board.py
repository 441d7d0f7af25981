"""The leader's board says who did what when, what is short, differs or has not arrived, and who is silent."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now, today
from inspections.fieldwork.board import PAPERS, board
from inspections.fieldwork.ledger import record
from tests import factories
from tests.fieldwork.team import COUNT, DAYS, SAMPLE, YES_NO, Stay, make_stay, op
from tests.fieldwork.test_rights import moved_on, on
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    begun = factories.make_round(session, start=today() - dt.timedelta(days=4))
    return make_stay(session, round=begun)


def test_the_board_counts_people_sections_days_and_what_is_missing(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    picture = op(COUNT, {}, field="photos", kind="add", at=on(0))
    first = [op(COUNT, 3, at=on(2)), op(YES_NO, "no", at=on(2)), picture]
    first += [op(SAMPLE, {"checked": 4, "abnormal": 0}, at=on(1))]
    record(session, stay.posting, stay.member, first)
    record(session, stay.posting, stay.leader, [op(COUNT, 5, at=on(0))])
    made = board(session, stay.posting)
    leader, member, village = made.people
    assert (member.edits, member.by_section["X"], member.photos_missing) == (4, 4, 1)
    assert member.by_day[today() - dt.timedelta(days=2)] == 2
    assert village.last_contact is None
    assert member.last_contact is not None
    assert [each.item.code for each in made.differing] == [COUNT]
    assert [each.item.code for each in made.short_samples] == [SAMPLE]
    assert made.photos_missing == {COUNT: 1}
    assert len(made.days) >= 5

    page = sign_in(stay.leader).get(f"/postings/{stay.posting.uuid}/board")
    for words in ("填写不一致 1 项，抽查不足 1 项，未到照片 1 张", "还没有联网", "已抽 4", stay.village.name):
        assert words in page.text
    browser = sign_in(stay.member)
    assert browser.put(f"/api/photos/{picture['id']}", data=pictures.jpeg()).status_code == 200
    page = sign_in(stay.leader).get(f"/postings/{stay.posting.uuid}/board").text
    assert "未到照片 0 张" in page
    assert f"/photos/{picture['id']}/small" in page
    assert leader.slot_name == "组长"


def test_a_replaced_members_late_words_stand_under_the_own_name(session: orm.Session, stay: Stay) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=1))
    record(session, stay.posting, stay.member, [op(DAYS, 3, at=on(2)), op(DAYS, 3, at=on(0))])
    made = board(session, stay.posting)
    (gone,) = [row for row in made.people if row.name == stay.member.name]
    assert (gone.slot_name, gone.late, gone.edits) == ("已换下", 1, 1)
    assert made.refused == 1
    assert gone.by_section[PAPERS] == 0


def test_the_board_is_the_leaders_and_the_countys(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    address = f"/postings/{stay.posting.uuid}/board"
    assert sign_in(factories.make_user(session, "planner")).get(address).status_code == 200
    assert sign_in(stay.member).get(address).status_code == 403
    assert sign_in(make_stay(session).leader).get(address).status_code == 404
