"""三张清单 of an issued 交办函: problems as the letter has them, tasks and duties as they stand now."""

import io
from collections.abc import Callable

import openpyxl
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.documents.course import issue
from inspections.documents.models import Paper
from inspections.documents.prints import three_lists
from inspections.findings.models import Finding
from inspections.followup import rectification
from inspections.followup.models import Item
from inspections.followup.rectification import Act
from inspections.site.refusal import Refusal
from inspections.typesetting.check import check
from tests import factories
from tests.documents.conftest import drafted

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def letter(app: Flask, session: orm.Session, finding: Finding) -> Paper:
    """Issued, with the plan of its township."""
    paper = drafted(session, finding)
    with pytest.raises(Refusal, match="已印发"):
        three_lists.lists(session, paper)
    factories.send_out(session, paper, user=factories.make_user(session))
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    item = session.scalars(select(Item)).one()
    town = factories.make_user(session, "recipient", township=paper.township)
    rectification.act(session, item, "sign_receipt", town, item.version, Act())
    plan = Act(measures="逐笔核对，按月公开", persons="村会计王建国", until=item.due)
    rectification.act(session, item, "submit_plan", town, item.version, plan)
    session.commit()
    return paper


def test_the_workbook_has_three_sheets_with_the_same_problem(
    session: orm.Session, letter: Paper, finding: Finding, sign_in: SignIn
) -> None:
    client = sign_in(factories.make_user(session, "recipient", township=letter.township))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/papers/{letter.uuid}/lists.xlsx", buffered=True).data)
    )
    assert book.sheetnames == list(three_lists.NAMES.values())
    problems, tasks, duties = (list(sheet.values) for sheet in book)
    assert problems[0][-1] == "底稿编号"
    assert problems[1][-1] == tasks[1][0] == duties[1][0] == finding.number
    assert "逐笔核对，按月公开" in tasks[1]
    assert duties[1][3] == "村会计王某某"


@pytest.mark.parametrize("kind", three_lists.NAMES)
def test_each_list_is_a_paper_under_the_letters_number(
    session: orm.Session, letter: Paper, finding: Finding, sign_in: SignIn, kind: str
) -> None:
    data = sign_in(factories.make_user(session)).get(f"/papers/{letter.uuid}/{kind}.pdf", buffered=True).data
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())
    assert letter.document_number in text
    assert finding.number in text
    assert all(element.passed for element in check(data))


def test_another_township_gets_none_of_them(session: orm.Session, letter: Paper, sign_in: SignIn) -> None:
    client = sign_in(factories.make_user(session, "recipient"))
    assert client.get(f"/papers/{letter.uuid}/lists.xlsx").status_code == 404
    assert client.get(f"/papers/{letter.uuid}/task_list.pdf").status_code == 404


def test_a_replaced_letter_sends_its_reader_to_the_new_one(
    app: Flask, session: orm.Session, letter: Paper, sign_in: SignIn
) -> None:
    new = issue.replace(session, letter, None)
    factories.send_out(session, new, user=factories.make_user(session))
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(new))
    session.expire_all()
    client = sign_in(factories.make_user(session))
    answer = client.get(f"/papers/{letter.uuid}/lists.xlsx")
    assert answer.status_code == 422
    assert new.document_number in answer.text
    assert client.get(f"/papers/{new.uuid}/lists.xlsx").status_code == 200
