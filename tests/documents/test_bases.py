"""No paper leaves that rests on law out of force; what nobody checked leaves only by the signer's name."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.documents.course import bases, issue, signing
from inspections.documents.models import Paper
from inspections.findings import review
from inspections.law import library
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from tests import factories
from tests.documents.conftest import drafted, signed

DAY = dt.datetime(2026, 10, 15, 8, tzinfo=dt.UTC)
SUPERSEDED = "村民委员会组织法(2018)第26条"
CHECKED = "《中华人民共和国村民委员会组织法》第三十条第二款"
UNCHECKED = "《信访工作条例》第二十条"


def _draft(session: orm.Session, posting: Posting, basis: str) -> Paper:
    library.load(session)
    finding = signed(session, posting, basis=basis, summary="公开栏没有更新。")
    finding.created_at = DAY
    session.flush()
    return drafted(session, finding)


def test_a_letter_that_cites_law_out_of_force_is_not_checked(session: orm.Session, posting: Posting) -> None:
    paper = _draft(session, posting, SUPERSEDED)
    with pytest.raises(Refusal, match=r"不是现行有效.*第三十条"):
        signing.check(session, paper, paper.version, None)
    assert paper.state == "draft"


def test_what_was_checked_needs_no_confirmation(session: orm.Session, posting: Posting) -> None:
    paper = _draft(session, posting, CHECKED)
    signing.check(session, paper, paper.version, None)
    signing.sign(session, paper, paper.version, None)
    assert paper.state == "signed"


def test_the_signer_answers_by_name_for_what_nobody_checked(session: orm.Session, posting: Posting) -> None:
    paper = _draft(session, posting, f"{CHECKED}；{UNCHECKED}")
    signer = factories.make_user(session, "leadership")
    signing.check(session, paper, paper.version, None)
    with pytest.raises(Refusal, match=r"依据待核.*信访工作条例"):
        signing.sign(session, paper, paper.version, signer)
    assert paper.number is None
    signing.sign(session, paper, paper.version, signer, confirmed=[UNCHECKED])
    (entry,) = [each for each in journal.history(session, paper.uuid) if each.act == "paper.sign"]
    assert entry.detail["bases"] == [UNCHECKED]


def test_the_page_asks_the_signer_for_each_of_them(
    app: Flask, session: orm.Session, posting: Posting, sign_in: Callable[[User], FlaskClient]
) -> None:
    paper = _draft(session, posting, UNCHECKED)
    signing.check(session, paper, paper.version, None)
    signer = factories.make_user(session, "leadership")
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    page = sign_in(signer).get(f"/papers/{paper.uuid}").text
    assert f'name="basis" value="{UNCHECKED}"' in page
    assert "条文还没有核对" in page


def test_a_community_judged_by_the_villagers_law_must_be_confirmed(
    session: orm.Session, county: object
) -> None:
    township = factories.make_area(session, parent=county)
    place = factories.make_unit(session, township, kind="community")
    paper = _draft(session, factories.make_posting(session, unit=place), CHECKED)
    (each,) = bases.doubts(session, paper)
    assert "不适用于这类单位" in each.sentence


def test_a_leader_cannot_sign_a_working_paper_on_law_out_of_force(session: orm.Session) -> None:
    library.load(session)
    person = factories.make_person(session)
    leader = factories.make_user(session, "leader", person=person)
    posting = factories.make_posting(session, {person: "leader"})
    finding = factories.make_finding(session, posting, basis=SUPERSEDED, state="submitted")
    finding.created_at = DAY
    session.flush()
    with pytest.raises(Refusal, match="不能引用"):
        review.sign(session, finding, leader, finding.current.n)
