"""What is addressed to a bureau reaches the bureau's own account; a paper for advice is offered."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.course import issue, occasions
from inspections.documents.models import Paper
from inspections.findings.models import Finding
from inspections.followup import sorting
from tests import factories

SignIn = Callable[[User], FlaskClient]


def sent(app: Flask, session: orm.Session, finding: Finding, to: str) -> Paper:
    """A 转办单 to that bureau, issued."""
    planner = factories.make_user(session)
    sorting.sort(session, finding, planner, "FD3", "deadline", "某村", office=to)
    paper = occasions.draft(session, f"transfer/{finding.uuid}", planner)
    words = {"report_by": "2099-01-01", "appraisal": "请依职责办理"}
    issue.revise(session, paper, words, paper.version, planner)
    factories.send_out(session, paper)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.state == "issued"
    return paper


@pytest.mark.parametrize("to", ["农业农村局", "县农业农村局"])
def test_the_bureaus_own_account_reads_signs_for_and_answers_what_is_addressed_to_it(
    app: Flask, session: orm.Session, finding: Finding, sign_in: SignIn, to: str
) -> None:
    paper = sent(app, session, finding, to)
    bureau = factories.make_unit(session, name="农业农村局", kind="department")
    other = factories.make_unit(session, name="民政局", kind="department")
    ours = sign_in(factories.make_user(session, "recipient", unit=bureau))
    theirs = sign_in(factories.make_user(session, "recipient", unit=other))
    session.commit()
    at = f"/papers/{paper.uuid}"
    assert theirs.get(at).status_code == 404
    assert ours.get(at).status_code == 200
    assert paper.title in ours.get("/papers").text
    day = today().isoformat()
    for what in ("received", "replied"):
        said = {"course-what": what, "course-day": day, "course-person": "王某", "course-text": "已办理"}
        assert ours.post(f"{at}/course", data=said).status_code == 302, what
    refused = {"course-what": "delivered", "course-day": day, "course-person": "王某"}
    assert ours.post(f"{at}/course", data=refused).status_code == 422
    session.expire_all()
    assert [step.what for step in paper.steps] == ["received", "replied"]


def test_a_paper_sorted_to_advice_is_offered_until_a_letter_is_about_it(
    session: orm.Session, finding: Finding
) -> None:
    planner = factories.make_user(session)
    key = f"advice-of/{finding.uuid}"
    assert key not in {one.key for one in occasions.occasions(session)}
    sorting.sort(session, finding, planner, "FD4", "deadline", "某村", office="县农业农村局")
    [one] = [one for one in occasions.occasions(session) if one.key == key]
    assert one.wording["to"] == "县农业农村局"
    paper = occasions.draft(session, key, planner)
    assert (paper.kind, paper.findings) == ("advice", [finding])
    assert key not in {one.key for one in occasions.occasions(session)}
