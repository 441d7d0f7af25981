"""核稿、签发、作废、替代: who may, in which order, and what becomes of the number and of the problems."""

import datetime as dt
import io
import uuid
from collections.abc import Callable

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.documents.course import issue, signing
from inspections.documents.models import NumberSeries, Paper
from inspections.findings.models import Finding
from inspections.followup.models import Item
from inspections.home import waiting
from inspections.site.refusal import Conflict, Refusal
from tests import factories
from tests.documents.conftest import drafted, signed

DAY = dt.date(2026, 11, 5)
#: what the finding rests on; nobody checked it, so whoever signs answers for it by name
BASIS = "村组法第30条"
SignIn = Callable[[User], FlaskClient]


class Office:
    """Two planners and two of the leadership."""

    def __init__(self, session: orm.Session) -> None:
        self.writer, self.other = factories.make_user(session), factories.make_user(session)
        self.leader = factories.make_user(session, "leadership")
        self.second = factories.make_user(session, "leadership")


@pytest.fixture
def office(session: orm.Session) -> Office:
    return Office(session)


@pytest.fixture
def paper(session: orm.Session, finding: Finding, office: Office) -> Paper:
    place = finding.posting
    return issue.draft(session, "handover", place.team.round, place.unit.area, office.writer)


def issued(app: Flask, session: orm.Session, paper: Paper, office: Office) -> Paper:
    factories.send_out(session, paper, DAY, office.writer)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.state == "issued"
    return paper


def words(paper: Paper) -> str:
    assert paper.file is not None
    pages = pypdf.PdfReader(io.BytesIO(paper.file.data)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_the_author_neither_checks_nor_signs_and_no_step_is_skipped(
    session: orm.Session, paper: Paper, office: Office
) -> None:
    with pytest.raises(Refusal, match="另一人核稿"):
        signing.check(session, paper, paper.version, office.writer)
    with pytest.raises(Refusal, match="还没有核稿"):
        signing.sign(session, paper, paper.version, office.leader, DAY, [BASIS])
    with pytest.raises(Refusal, match="还没有签发"):
        issue.issue(session, paper, paper.version, office.writer)
    issue.revise(session, paper, {"report_to": "县纪委一室"}, paper.version, office.other)
    with pytest.raises(Refusal, match="另一人核稿"):  # whoever wrote last is an author as well
        signing.check(session, paper, paper.version, office.other)
    signing.check(session, paper, paper.version, office.leader)
    assert (paper.state, paper.number) == ("checked", None)
    with pytest.raises(Refusal, match="先退回"):
        issue.revise(session, paper, {}, paper.version, office.writer)
    with pytest.raises(Refusal, match="另一人签发"):
        signing.sign(session, paper, paper.version, office.leader, DAY, [BASIS])
    signing.sign(session, paper, paper.version, office.second, DAY, [BASIS])
    assert (paper.state, paper.document_number) == ("signed", "测纪函〔2026〕1号")
    assert "2026-11-05" in str(paper.facts)
    issue.issue(session, paper, paper.version, office.writer)
    acts = [entry.act for entry in journal.history(session, paper.uuid)]
    assert acts == ["paper.draft", "paper.revise", "paper.check", "paper.sign", "paper.issue"]


def test_a_checked_paper_goes_back_with_a_reason_and_is_checked_anew(
    session: orm.Session, paper: Paper, office: Office
) -> None:
    seen = paper.version
    signing.check(session, paper, seen, office.other)
    with pytest.raises(Conflict):
        signing.sign(session, paper, seen, office.leader, DAY, [BASIS])
    with pytest.raises(Refusal, match="退回的理由"):
        signing.send_back(session, paper, " ", paper.version, office.leader)
    signing.send_back(session, paper, "第二项依据不准确", paper.version, office.leader)
    assert (paper.state, paper.checked_by) == ("draft", None)
    issue.revise(session, paper, {}, paper.version, office.writer)
    assert session.scalar(select(NumberSeries)) is None


def test_a_signed_paper_is_shown_as_a_draft_until_it_is_issued(
    app: Flask, session: orm.Session, paper: Paper, office: Office
) -> None:
    signing.check(session, paper, paper.version, office.other)
    signing.sign(session, paper, paper.version, office.leader, DAY, [BASIS])
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.file is not None
    assert (paper.state, paper.file.status) == ("signed", "draft")
    assert "草稿" in words(paper)
    issue.issue(session, paper, paper.version, office.writer)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.file.status == "issued"
    assert "草稿" not in words(paper)


def test_a_number_that_is_given_up_stays_on_record_and_the_problems_are_free_again(
    session: orm.Session, paper: Paper, finding: Finding, office: Office
) -> None:
    signing.check(session, paper, paper.version, office.other)
    signing.sign(session, paper, paper.version, office.leader, DAY, [BASIS])
    with pytest.raises(Refusal, match="作废的理由"):
        signing.void(session, paper, "", paper.version, office.writer)
    signing.void(session, paper, "收文单位有误", paper.version, office.writer)
    assert (paper.state, paper.number, paper.void_reason) == ("void", 1, "收文单位有误")
    with pytest.raises(Refusal, match="还没有签发"):
        issue.issue(session, paper, paper.version, office.writer)
    assert issue.unprinted(session) == []
    again = drafted(session, finding)
    factories.send_out(session, again, DAY)
    assert again.number == 2
    kept = session.scalars(select(Paper).where(Paper.number.is_not(None)).order_by(Paper.number)).all()
    assert [(one.number, one.state) for one in kept] == [(1, "void"), (2, "issuing")]


def test_a_replacement_says_whom_it_replaces_and_keeps_the_problems_in_the_register(
    app: Flask, session: orm.Session, paper: Paper, finding: Finding, office: Office
) -> None:
    with pytest.raises(Refusal, match="只有已印发"):
        issue.replace(session, paper, office.writer)
    old = issued(app, session, paper, office)
    item = session.scalars(select(Item)).one()
    name = uuid.uuid4()
    new = issue.replace(session, old, office.writer, name)
    assert issue.replace(session, old, office.writer, name) is new
    with pytest.raises(Refusal, match="已经有替代"):
        issue.replace(session, old, office.other)
    later = signed(session, finding.posting)
    issue.revise(session, new, {}, new.version, office.writer, {finding.uuid, later.uuid})
    bytes_before = old.file.data  # type: ignore[union-attr]
    issued(app, session, new, office)
    assert "本文自印发之日起替代测纪函〔2026〕1号，原件同时作废。" in words(new)
    assert old.replaced_by is new
    assert old.file is not None and old.file.data == bytes_before
    items = session.scalars(select(Item).order_by(Item.id)).all()
    assert [(one.paper_id, one.letter) for one in items] == [(new.id, "测纪函〔2026〕2号")] * 2
    assert items[0].id == item.id
    assert items[0].due == item.due


def test_everybody_sees_what_waits_for_them_and_the_page_offers_it(
    app: Flask, session: orm.Session, paper: Paper, office: Office, sign_in: SignIn
) -> None:
    def told(user: User) -> list[str]:
        found = waiting.tasks(session, app.extensions["permissions"], user)
        return [task.words for task in found if "文书" in task.words]

    at = f"/papers/{paper.uuid}"
    writer, leader = sign_in(office.writer), sign_in(office.leader)
    assert "须由另一人核稿" in writer.get(at).text
    assert told(office.leader) == ["1 份文书草稿待核稿"]
    page = leader.get(at).text
    assert "核稿通过" in page
    assert "保存草稿" not in page
    sent = {"seen": paper.version}
    assert writer.post(f"{at}/check", data=sent).status_code == 422
    assert leader.post(f"{at}/check", data=sent).status_code == 302
    session.expire_all()
    assert told(office.leader) == ["1 份文书待签发"]
    boss = sign_in(office.second)
    assert "须由另一人签发" in leader.get(at).text
    assert "由纪委分管领导或纪委书记（监委主任）签发" in sign_in(office.other).get(at).text
    assert writer.post(f"{at}/sign", data={"seen": paper.version}).status_code == 403
    assert leader.post(f"{at}/send-back", data={"seen": paper.version, "reason": ""}).status_code == 422
    assert boss.post(f"{at}/sign", data=sent | {"seen": paper.version, "basis": BASIS}).status_code == 422
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.file is not None
    shown = {"seen": paper.version, "basis": BASIS, "page": paper.file.sha256}
    assert f"签发右侧版面（{paper.file.sha256[:8]}）" in boss.get(at).text
    assert boss.post(f"{at}/sign", data=shown | {"page": "0" * 64}).status_code == 409
    assert leader.post(f"{at}/sign", data=shown).status_code == 422  # who checked it does not sign it
    assert boss.post(f"{at}/sign", data=shown).status_code == 302
    session.expire_all()
    assert told(office.writer) == ["1 份文书已签发、待印发"]
    assert "作废文号" in writer.get(at).text
    assert writer.post(f"{at}/void", data={"seen": paper.version, "reason": "有误"}).status_code == 302
    assert "作废文号 1 个" in writer.get("/papers").text
    assert "有误" in writer.get(at).text


def test_the_office_drafts_a_replacement_from_the_page_and_the_township_sees_both(
    app: Flask, session: orm.Session, paper: Paper, office: Office, sign_in: SignIn
) -> None:
    old = issued(app, session, paper, office)
    writer = sign_in(office.writer)
    assert "起草替代的文书" in writer.get(f"/papers/{old.uuid}").text
    sent = {"name": str(uuid.uuid4())}
    first, second = (writer.post(f"/papers/{old.uuid}/replace", data=sent) for _ in range(2))
    assert first.location == second.location
    session.expire_all()
    new = old.replacements[0]
    assert "正在办理" in writer.get(f"/papers/{old.uuid}").text
    recipient = sign_in(factories.make_user(session, "recipient", township=old.township))
    assert "正在办理" not in recipient.get(f"/papers/{old.uuid}").text
    assert recipient.get(f"/papers/{new.uuid}").status_code == 404
    issued(app, session, new, office)
    assert "不再有效" in recipient.get(f"/papers/{old.uuid}").text
    assert recipient.get(f"/papers/{new.uuid}").status_code == 200
    assert "已被替代" in recipient.get("/papers").text
