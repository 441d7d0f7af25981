"""One problem leaves the house once per kind of letter, and a form sent twice makes one draft."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.documents.course import issue
from inspections.documents.models import NumberSeries, Paper
from inspections.findings.models import Finding
from inspections.home import waiting
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from tests import factories
from tests.documents.conftest import FEEDBACK, drafted, signed

pytestmark = pytest.mark.both_databases

DAY = dt.date(2026, 11, 5)
SignIn = Callable[[User], FlaskClient]


def with_only(session: orm.Session, finding: Finding) -> Paper:
    """A draft for which somebody ticked this finding."""
    place = finding.posting
    return issue.draft(session, "handover", place.team.round, place.unit.area, None, {finding.uuid})


def test_two_drafts_of_one_problem_get_one_number(session: orm.Session, finding: Finding) -> None:
    first, second = with_only(session, finding), with_only(session, finding)
    factories.send_out(session, first, DAY)
    with pytest.raises(Refusal) as refusal:
        factories.send_out(session, second, DAY)
    assert finding.number in str(refusal.value) and "测纪函〔2026〕1号" in str(refusal.value)
    assert (second.state, second.number) == ("checked", None)
    assert session.scalars(select(NumberSeries)).one().last == 1


def test_the_same_problem_may_stand_in_one_letter_of_each_kind(
    session: orm.Session, finding: Finding
) -> None:
    handover, feedback = drafted(session, finding), drafted(session, finding, "feedback")
    issue.revise(session, feedback, FEEDBACK, feedback.version, None)
    factories.send_out(session, handover, DAY)
    factories.send_out(session, feedback, DAY)
    assert (handover.number, feedback.number) == (1, 2)


def test_what_stands_in_a_draft_is_not_offered_to_the_next(session: orm.Session, finding: Finding) -> None:
    drafted(session, finding)
    with pytest.raises(Refusal, match="含草稿"):
        drafted(session, finding)
    later = signed(session, finding.posting)
    assert drafted(session, finding).findings == [later]


def test_a_draft_form_sent_twice_makes_one_draft(session: orm.Session, finding: Finding) -> None:
    place, name = finding.posting, uuid.uuid4()
    papers = [
        issue.draft(session, "handover", place.team.round, place.unit.area, None, name=name) for _ in range(2)
    ]
    assert papers[0] is papers[1]
    with pytest.raises(Refusal, match="另一份文书"):
        issue.draft(session, "feedback", place.team.round, place.unit.area, None, name=name)


def test_pressing_the_draft_button_twice_leads_to_the_same_draft(
    app: Flask, session: orm.Session, sign_in: SignIn, finding: Finding
) -> None:
    place = finding.posting
    sent = {
        "name": str(uuid.uuid4()),
        "kind": "handover",
        "about": f"{place.team.round.uuid}/{place.unit.area.uuid}",
    }
    browser = sign_in(factories.make_user(session))
    answers = [browser.post("/papers/new", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count()).select_from(Paper)) == 1


def test_a_refused_draft_is_explained_in_its_form(
    session: orm.Session, sign_in: SignIn, posting: Posting
) -> None:
    finding = signed(session, posting)
    drafted(session, finding)  # taken for 交办函, still free for 反馈意见
    about = f"{posting.team.round.uuid}/{posting.unit.area.uuid}"
    browser = sign_in(factories.make_user(session))
    sent = {"name": str(uuid.uuid4()), "kind": "handover", "about": about}
    answer = browser.post("/papers/new", data=sent)
    assert answer.status_code == 422
    assert "没有可以列入交办函" in answer.text and 'id="form-errors"' in answer.text
    assert about in answer.text


def test_the_first_page_counts_a_problem_until_its_letter_is_issued_and_never_an_s4(
    app: Flask, session: orm.Session, finding: Finding
) -> None:
    signed(session, finding.posting, severity="S4")
    planner = factories.make_user(session)

    def told() -> list[str]:
        session.flush()
        found = waiting.tasks(session, app.extensions["permissions"], planner)
        return [task.words for task in found if "交办" in task.words]

    assert told() == ["1 份已审签的底稿还没有交办"]
    paper = drafted(session, finding)
    assert told() == ["1 份已审签的底稿还没有交办"]
    factories.send_out(session, paper, DAY)
    assert told() == []


def test_a_draft_offers_its_own_problems_and_the_free_ones(
    session: orm.Session, sign_in: SignIn, finding: Finding
) -> None:
    taken, own = finding, signed(session, finding.posting)
    with_only(session, taken)
    paper = with_only(session, own)
    free = signed(session, finding.posting)
    page = sign_in(factories.make_user(session)).get(f"/papers/{paper.uuid}").text
    assert str(own.uuid) in page and str(free.uuid) in page
    assert str(taken.uuid) not in page
