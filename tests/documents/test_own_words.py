"""文书用语: a county words blocks of its papers with places from a short list; every version is kept."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import exc, orm

from inspections.accounts.models import User
from inspections.documents.course import issue, signing
from inspections.documents.models import OwnText
from inspections.documents.wording import blocks, own_words
from inspections.findings.models import Finding
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Area
from tests import factories
from tests.documents.conftest import FEEDBACK, drafted

SignIn = Callable[[User], FlaskClient]
OPENING = "按照{依据}，{检查情况}，共发现问题{问题数}。现予交办。"


def of_handover(**said: str) -> dict[str, str]:
    return {block.code: block.text for block in blocks.BLOCKS["handover"]} | said


def test_every_block_passes_its_own_rules_and_fills_all_its_places() -> None:
    for kind, rows in blocks.BLOCKS.items():
        for block in rows:
            assert blocks.faults(kind, block.code, block.text) == []
            places = (*block.needed, *block.further)
            text = blocks.filled(kind, block.code, {}, {place: f"<{place}>" for place in places})
            assert "{" not in text
            assert all(f"<{place}>" in text for place in places)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("按照{依据}，{检查情况}。", "必须保留占位“{问题数}”"),
        (OPENING + "{报送要求}", "“{报送要求}”不是这一段可用的占位，可用：{依据}、{检查情况}、{问题数}"),
        (OPENING + "{{ 7 * 7 }}", "不是这一段可用的占位"),
        (OPENING + "{", "大括号不成对"),
        (OPENING + "长" * 500, "不超过 500 字"),
    ],
)
def test_a_fault_in_a_text_is_named(text: str, fault: str) -> None:
    assert any(fault in told for told in blocks.faults("handover", "opening", text))


def test_what_fills_a_place_is_never_read_as_a_place() -> None:
    values = {"依据": "{问题数}", "检查情况": "情况", "问题数": "3个"}
    assert blocks.filled("handover", "opening", {"opening": OPENING}, values).startswith("按照{问题数}，情况")


def test_a_countys_own_text_stands_in_its_next_letters_and_can_be_given_up(
    session: orm.Session, county: Area, finding: Finding
) -> None:
    user = factories.make_user(session)
    before = drafted(session, finding)
    assert own_words.reword(session, county, "handover", of_handover(opening=OPENING), 0, user) == 1
    assert "共发现问题1个。现予交办。" not in json.dumps(before.facts, ensure_ascii=False)
    issue.revise(session, before, {}, before.version, user)
    assert "共发现问题1个。现予交办。" in json.dumps(before.facts, ensure_ascii=False)
    feedback = drafted(session, finding, "feedback")
    assert "现将检查情况反馈如下" in json.dumps(feedback.facts, ensure_ascii=False)
    assert own_words.reword(session, county, "handover", of_handover(opening=""), 1, user) == 1
    assert own_words.texts_of(session, county, "handover") == {}
    assert [row.text for row in own_words.history(session, county, "handover")] == [OPENING, ""]


def test_another_county_keeps_its_own_words(session: orm.Session, county: Area, finding: Finding) -> None:
    other = factories.make_area(session, "county")
    own_words.reword(session, other, "handover", of_handover(opening=OPENING), 0, None)
    assert "现予交办" not in json.dumps(drafted(session, finding).facts, ensure_ascii=False)


def test_a_verdict_in_an_own_text_is_only_a_suspicion_in_the_letter(
    session: orm.Session, county: Area, finding: Finding
) -> None:
    own_words.reword(session, county, "handover", of_handover(duty="对贪污行为严肃处理。"), 0, None)
    assert "对涉嫌贪污行为" in json.dumps(drafted(session, finding).facts, ensure_ascii=False)


def test_faults_an_old_page_and_a_private_number_change_nothing(session: orm.Session, county: Area) -> None:
    with pytest.raises(Refusal, match="缘由：必须保留"):
        own_words.reword(session, county, "handover", of_handover(opening="现予交办"), 0, None)
    with pytest.raises(Refusal, match="压实责任"):
        own_words.reword(session, county, "handover", of_handover(duty="卡号6222021234567890128"), 0, None)
    own_words.reword(session, county, "handover", of_handover(duty="逐项落实。"), 0, None)
    with pytest.raises(Conflict):
        own_words.reword(session, county, "handover", of_handover(duty="另一种写法。"), 0, None)
    row = session.query(OwnText).one()
    row.text = "改掉历史"
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.flush()


def test_what_was_checked_is_what_is_signed(session: orm.Session, county: Area, finding: Finding) -> None:
    paper = drafted(session, finding, "feedback")
    issue.revise(session, paper, FEEDBACK, paper.version, None)
    signing.check(session, paper, paper.version, None)
    said = {block.code: block.text for block in blocks.BLOCKS["feedback"]}
    own_words.reword(session, county, "feedback", said | {"demand": "请抓紧整改。{报送要求}"}, 0, None)
    with pytest.raises(Refusal, match="有变动"):
        signing.sign(session, paper, paper.version, None)
    signing.send_back(session, paper, "用语有变动", paper.version, None)
    signing.check(session, paper, paper.version, None)
    signing.sign(session, paper, paper.version, None, confirmed=["村组法第30条"])
    assert "请抓紧整改。" in json.dumps(paper.facts, ensure_ascii=False)


def test_the_page_keeps_what_was_typed_and_names_every_fault(
    session: orm.Session, county: Area, sign_in: SignIn
) -> None:
    client = sign_in(factories.make_user(session))
    at = f"/papers/letterheads/{county.code}/words/handover"
    assert "必须保留：{依据}" in client.get(at).text
    wrong = client.post(at, data=of_handover(opening="现予交办", follow="以后再说") | {"seen": "0"})
    assert wrong.status_code == 422
    for words in ("现予交办", "以后再说", "缘由：必须保留", "跟踪问效：必须保留"):
        assert words in wrong.text
    assert client.post(at, data=of_handover(opening=OPENING) | {"seen": "0"}).status_code == 302
    page = client.get(at).text
    assert "已改写 1 段" in page
    assert "历次版本" in page
    assert client.post(at, data=of_handover() | {"seen": "0"}).status_code == 409
    assert client.get(f"/papers/letterheads/{county.code}/words/problem_list").status_code == 404
