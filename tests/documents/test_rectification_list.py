"""整改台账 as a paper: what the page lists, with measures, proofs and days; long ones are narrowed first."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.documents.prints import rectification_list
from inspections.findings.models import Finding
from inspections.followup import rectification
from inspections.followup.models import Item
from inspections.followup.rectification import Act
from inspections.followup.register import Narrowing
from inspections.site.refusal import Refusal
from inspections.typesetting.check import check
from inspections.wording import date_words
from tests import factories
from tests.typesetting.measure import text_of

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def item(session: orm.Session, finding: Finding) -> Item:
    """A problem whose township has handed in its plan."""
    factories.make_deadlines(session)
    made = factories.make_item(session, finding, title="低保金由村民张伟代领")
    town = factories.make_user(session, "recipient", township=made.township)
    rectification.act(session, made, "sign_receipt", town, made.version, Act())
    plan = Act(measures="逐笔核对", persons="村会计王建国", until=made.due)
    rectification.act(session, made, "submit_plan", town, made.version, plan)
    session.commit()
    return made


def test_the_paper_lists_what_the_page_lists_with_masked_names(
    session: orm.Session, item: Item, sign_in: SignIn
) -> None:
    client = sign_in(factories.make_user(session))
    assert "打印所列（PDF）" in client.get("/rectification").text
    printed = client.get("/rectification.pdf").data
    assert [one for one in check(printed) if not one.passed] == []
    text = text_of(printed)
    for words in (
        item.finding.number,
        "张某",
        "逐笔核对",
        "王某某",
        date_words(item.due),
        "河口镇驻点监督问题整改台账",
    ):
        assert words in text
    assert "张伟" not in text
    assert "王建国" not in text


def test_an_empty_list_and_a_very_long_one_are_a_sentence(
    session: orm.Session, item: Item, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(factories.make_user(session))
    assert client.get("/rectification.pdf?state=closed").status_code == 422
    monkeypatch.setattr(rectification_list, "MOST", 0)
    with pytest.raises(Refusal, match="一次最多打印 0 个：请先按乡镇或状态筛选"):
        rectification_list.rectification_list(session, select(Item), Narrowing())


def test_a_township_prints_its_own_problems_only(session: orm.Session, item: Item, sign_in: SignIn) -> None:
    elsewhere = factories.make_item(session, title="另一乡镇的问题")
    assert elsewhere.township is not item.township
    session.commit()
    client = sign_in(factories.make_user(session, "recipient", township=item.township))
    assert "另一乡镇的问题" not in text_of(client.get("/rectification.pdf").data)
