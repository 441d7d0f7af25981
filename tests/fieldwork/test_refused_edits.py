"""Whose edit it is, and which photograph: what the ledger refuses and in which words; nothing is written."""

import uuid
from typing import Any

import pytest
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.fieldwork.ledger import Ack, record
from inspections.fieldwork.models import Operation
from tests.fieldwork.team import COUNT, YES_NO, Stay, make_stay, op

OTHER_AUTHOR = "这条记录由另一位同志填写，请由本人登录后上传。"
UNKNOWN_PHOTO = "没有找到要移除的照片。"


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def sent(session: orm.Session, stay: Stay, author: User, operation: dict[str, Any]) -> Ack:
    [ack] = record(session, stay.posting, author, [operation])
    return ack


def written(session: orm.Session) -> int:
    return session.scalar(select(func.count()).select_from(Operation)) or 0


def photo() -> dict[str, Any]:
    return op(COUNT, {}, field="photos", kind="add")


def test_a_record_of_another_person_is_refused_in_these_words_and_not_written(
    session: orm.Session, stay: Stay
) -> None:
    foreign = op(COUNT, 3, author=str(stay.member.uuid))
    ack = sent(session, stay, stay.leader, foreign)
    assert (ack.status, ack.reason, ack.sentence) == ("refused", "other_author", OTHER_AUTHOR)
    assert written(session) == 0
    assert sent(session, stay, stay.member, foreign).status == "ok"
    assert sent(session, stay, stay.leader, op(YES_NO, "yes", author=None)).status == "ok"


def test_only_a_photograph_of_this_item_is_known_to_it(session: orm.Session, stay: Stay) -> None:
    added = photo()
    assert sent(session, stay, stay.member, added).status == "ok"
    answer = op(COUNT, 3)
    assert sent(session, stay, stay.member, answer).status == "ok"
    before = written(session)
    for item, name in ((COUNT, str(uuid.uuid4())), (YES_NO, added["id"]), (COUNT, answer["id"])):
        gone = op(item, name, field="photos", kind="remove")
        ack = sent(session, stay, stay.member, gone)
        assert (ack.status, ack.reason, ack.sentence) == ("refused", "unknown_photo", UNKNOWN_PHOTO)
    assert written(session) == before


def test_a_photograph_of_another_visit_is_unknown_here(session: orm.Session, stay: Stay) -> None:
    there, added = make_stay(session), photo()
    assert sent(session, there, there.member, added).status == "ok"
    ack = sent(session, stay, stay.leader, op(COUNT, added["id"], field="photos", kind="remove"))
    assert (ack.status, ack.sentence) == ("refused", UNKNOWN_PHOTO)


def test_a_photograph_is_taken_away_by_who_took_it_or_the_leader_and_by_nobody_else(
    session: orm.Session, stay: Stay
) -> None:
    added = photo()
    sent(session, stay, stay.member, added)
    gone = op(COUNT, added["id"], field="photos", kind="remove")
    ack = sent(session, stay, stay.village, gone)
    assert (ack.status, ack.sentence) == ("refused", OTHER_AUTHOR)
    assert sent(session, stay, stay.leader, gone).status == "ok"
