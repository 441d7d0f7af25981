"""The layout of a letter: which version a PDF shows, what happens when it fails, and how it is made again."""

import datetime as dt
import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exc, orm

from inspections.accounts.models import User
from inspections.documents.course import appearance, issue
from inspections.documents.models import Paper, PaperFile
from inspections.findings.models import Finding
from inspections.typesetting.render import PaperError, RenderedPaper
from tests import factories
from tests.documents.conftest import drafted

DAY = dt.date(2026, 11, 5)
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The printer replaced: it prints at once, or raises what stands in the list."""
    troubles: list[object] = []

    def render(_: object) -> RenderedPaper:
        if troubles:
            raise troubles[0]  # type: ignore[misc]
        return RenderedPaper(b"%PDF-1.7 test", "0" * 64, 1, {})

    monkeypatch.setattr(issue, "render_pdf", render)
    return troubles


def run(app: Flask, session: orm.Session, key: str) -> None:
    """The job as the worker runs it; the session then sees what it left."""
    session.commit()
    issue.render_job(app.extensions["sessions"], key)
    session.expire_all()


def look(app: Flask, session: orm.Session) -> None:
    """What the worker does next: whatever was printed is measured and drawn."""
    for key in appearance.waiting(session):
        appearance.look_over(app.extensions["sessions"], key)
    session.expire_all()


@pytest.mark.both_databases
def test_a_job_run_twice_stores_a_draft_once(
    app: Flask, session: orm.Session, finding: Finding, printer: list[object]
) -> None:
    paper = drafted(session, finding)
    key, seen = issue.job_key(paper), paper.version
    for _ in range(2):
        run(app, session, key)
    assert [(file.status, file.version) for file in paper.files] == [("draft", seen)]
    assert paper.version == seen, "a stored draft must not outdate the form that is open"


def test_the_page_shows_every_sheet_as_a_picture_to_those_who_may_read_the_paper(
    app: Flask,
    session: orm.Session,
    finding: Finding,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = drafted(session, finding)
    run(app, session, issue.job_key(paper))
    assert paper.file is not None
    browser = sign_in(factories.make_user(session))
    assert "正在核验和绘制" in browser.get(f"/papers/{paper.uuid}").text
    [waiting] = appearance.waiting(session)
    look(app, session)
    appearance.look_over(app.extensions["sessions"], waiting)
    assert appearance.waiting(session) == []
    # whatever is wanted of the file from now on stands beside it: no page measures or draws
    monkeypatch.setattr(appearance, "check", None)
    monkeypatch.setattr(appearance, "picture", None)
    page = browser.get(f"/papers/{paper.uuid}").text
    assert "版式自检" in page
    sheets = re.findall(rf'src="(/papers/{paper.uuid}/\d+\.png)"', page)
    assert len(sheets) == paper.file.pages > 1
    first = browser.get(sheets[0])
    assert (first.status_code, first.mimetype) == (200, "image/png")
    again = browser.get(sheets[0], headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get(f"/papers/{paper.uuid}/{paper.file.pages + 1}.png").status_code == 404
    stranger = sign_in(factories.make_user(session, "recipient"))
    assert stranger.get(sheets[0]).status_code == 404


@pytest.mark.both_databases
def test_two_pdfs_of_one_version_cannot_be_stored(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    for _ in range(2):
        session.add(PaperFile(paper=paper, version=1, status="draft", data=b"x", sha256="0", pages=1))
    with pytest.raises(exc.IntegrityError):
        session.flush()


def test_after_saving_the_old_pdf_is_called_old_until_the_new_one_is_there(
    app: Flask, session: orm.Session, finding: Finding, sign_in: SignIn, printer: list[object]
) -> None:
    paper = drafted(session, finding)
    run(app, session, issue.job_key(paper))
    look(app, session)
    browser = sign_in(factories.make_user(session))
    assert "data-waiting" not in browser.get(f"/papers/{paper.uuid}").text
    assert issue.unprinted(session) == []
    issue.revise(session, paper, {"report_to": "别的部门"}, paper.version, None)
    session.commit()
    assert issue.unprinted(session) == [issue.job_key(paper)]
    page = browser.get(f"/papers/{paper.uuid}").text
    assert "下面是修改前的版面，新版面正在生成" in page and "data-waiting" in page
    run(app, session, issue.job_key(paper))
    assert "修改前的版面" not in browser.get(f"/papers/{paper.uuid}").text


def test_an_unexpected_fault_is_logged_and_told_on_the_paper(
    app: Flask,
    session: orm.Session,
    finding: Finding,
    printer: list[object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    printer.append(ZeroDivisionError("nobody foresaw this"))
    paper = drafted(session, finding)
    seen = paper.version
    with caplog.at_level(logging.ERROR):
        run(app, session, issue.job_key(paper))
    assert "nobody foresaw this" in caplog.text
    assert paper.trouble == issue.FAULT
    assert paper.version == seen, "the office may go on editing without a conflict"
    assert issue.unprinted(session) == []


def test_facts_that_cannot_be_read_are_told_on_the_paper(
    app: Flask, session: orm.Session, finding: Finding, printer: list[object]
) -> None:
    paper = drafted(session, finding)
    paper.facts = {"nonsense": True}
    session.flush()
    run(app, session, issue.job_key(paper))
    assert paper.trouble == issue.FAULT and not paper.files


def test_a_failed_layout_of_an_issued_letter_is_made_again(
    app: Flask, session: orm.Session, finding: Finding, sign_in: SignIn, printer: list[object]
) -> None:
    printer.append(PaperError("没有字体可以印出这些字符：𰻝"))
    paper = drafted(session, finding)
    factories.send_out(session, paper, DAY)
    failed = issue.job_key(paper)
    run(app, session, failed)
    assert (paper.state, paper.trouble) == ("issuing", "没有字体可以印出这些字符：𰻝")
    browser = sign_in(factories.make_user(session))
    page = browser.get(f"/papers/{paper.uuid}").text
    assert "重新生成版面" in page and "data-waiting" not in page

    printer.clear()
    assert browser.post(f"/papers/{paper.uuid}/layout").status_code == 302
    session.expire_all()
    ((_, key),) = app.extensions["jobs"].taken
    assert key != failed, "a job of the same name would not run again"
    assert paper.trouble == ""
    assert "data-waiting" in browser.get(f"/papers/{paper.uuid}").text
    run(app, session, key)
    assert (paper.state, paper.number) == ("issued", 1)
    assert paper.file is not None and paper.file.status == "issued"


def test_asking_for_a_layout_twice_gives_one_job(session: orm.Session, finding: Finding) -> None:
    paper = drafted(session, finding)
    paper.trouble = "缺字"
    session.flush()
    keys = []
    for _ in range(2):
        issue.reprint(session, paper, None)
        keys.append(issue.job_key(paper))
    assert keys[0] == keys[1]


def test_saving_a_draft_forgets_the_trouble_of_its_last_layout(
    session: orm.Session, finding: Finding
) -> None:
    paper = drafted(session, finding)
    paper.trouble = "缺字"
    session.flush()
    issue.revise(session, paper, {}, paper.version, None)
    assert issue.unprinted(session) == [issue.job_key(paper)]


def test_the_list_of_papers_has_pages_of_100(session: orm.Session, finding: Finding, sign_in: SignIn) -> None:
    for n in range(101):
        factories.make_paper(session, [finding], title=f"第{n}件")
    factories.make_paper(session, [finding], state="draft")
    browser = sign_in(factories.make_user(session))
    first, second = (browser.get(f"/papers?state=issued&page={page}").text for page in (1, 2))
    assert "共有 102 份文书，其中已印发 101 份" in first
    assert first.count('<th scope="row">') == 100 and "下一页" in first
    assert second.count('<th scope="row">') == 1 and "第0件" in second and "下一页" not in second
    assert browser.get("/papers?page=0").status_code == 200


def test_a_recipient_cannot_order_a_layout(session: orm.Session, finding: Finding, sign_in: SignIn) -> None:
    paper: Paper = factories.make_paper(session, [finding])
    recipient = factories.make_user(session, "recipient", township=paper.township)
    assert sign_in(recipient).post(f"/papers/{paper.uuid}/layout").status_code == 403
