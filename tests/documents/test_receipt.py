"""签收回执: goes out with an issued paper; what was entered since is printed, the rest left to the pen."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.course import delivery
from inspections.documents.models import Paper
from inspections.findings.models import Finding
from inspections.typesetting.check import check
from tests import factories
from tests.documents.conftest import drafted
from tests.typesetting.measure import text_of

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def letter(session: orm.Session, finding: Finding) -> Paper:
    """An issued 交办函, without the seconds that printing takes."""
    paper = drafted(session, finding)
    factories.send_out(session, paper, user=factories.make_user(session))
    paper.state = "issued"
    session.flush()
    return paper


def test_the_receipt_names_the_letter_and_fills_itself(
    session: orm.Session, letter: Paper, sign_in: SignIn
) -> None:
    planner = factories.make_user(session)
    browser = sign_in(planner)
    answer = browser.get(f"/papers/{letter.uuid}/receipt.pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    empty = answer.data
    assert [one for one in check(empty) if not one.passed] == []
    for words in (
        letter.document_number,
        "".join(letter.title.split()),
        "中共河口镇委员会",
        "（签名）",
        "直接送达",
    ):
        assert words in text_of(empty)
    delivery.take(session, letter, "delivered", today(), "赵文书", planner, text="专人送达")
    delivery.take(session, letter, "received", today(), "赵文书", planner)
    session.commit()
    filled = text_of(browser.get(f"/papers/{letter.uuid}/receipt.pdf").data)
    assert "专人送达" in filled
    assert "赵文书" in filled
    assert "（签名）" not in filled


def test_a_draft_has_no_receipt_and_another_township_no_sight_of_it(
    session: orm.Session, finding: Finding, letter: Paper, sign_in: SignIn
) -> None:
    draft = drafted(session, finding, "feedback")
    browser = sign_in(factories.make_user(session))
    refused = browser.get(f"/papers/{draft.uuid}/receipt.pdf")
    assert refused.status_code == 422
    assert "随已印发的文书生成" in refused.text
    here, elsewhere = (
        sign_in(factories.make_user(session, "recipient", township=town))
        for town in (letter.township, factories.make_area(session))
    )
    assert here.get(f"/papers/{letter.uuid}/receipt.pdf").status_code == 200
    assert elsewhere.get(f"/papers/{letter.uuid}/receipt.pdf").status_code == 404
