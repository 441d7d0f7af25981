"""The register on the screen: who sees which problem, what is offered, what a form does with gaps."""

import io
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.findings.sample_photo import draw_photo
from tests.factories import make_finding, make_item, make_posting, make_unit, make_user
from tests.followup.course import Course

SignIn = Callable[[User], FlaskClient]


def send(client: FlaskClient, course: Course, action: str, **fields: object) -> object:
    data = {"action": action, "seen": course.item.version, **fields}
    return client.post(f"/rectification/{course.item.uuid}", data=data, content_type="multipart/form-data")


def test_a_liaison_reads_only_what_was_handed_to_the_own_place(session: orm.Session, sign_in: SignIn) -> None:
    mine, other = Course(session, make_item(session)), make_item(session)
    session.commit()
    client = sign_in(mine.liaison)
    listed = client.get("/rectification").text
    assert mine.item.title in listed
    assert other.title not in listed
    assert client.get(f"/rectification/{mine.item.uuid}").status_code == 200
    assert client.get(f"/rectification/{other.uuid}").status_code == 404
    assert client.post(f"/rectification/{other.uuid}", data={"action": "sign_receipt"}).status_code == 404


def test_a_liaison_of_one_unit_reads_only_that_unit(session: orm.Session, sign_in: SignIn) -> None:
    item = make_item(session)
    posting = make_posting(session, unit=make_unit(session, item.township))
    beside = make_item(session, make_finding(session, posting, state="signed"))
    liaison = make_user(session, "recipient", unit=item.unit)
    session.commit()
    client = sign_in(liaison)
    assert client.get(f"/rectification/{item.uuid}").status_code == 200
    assert client.get(f"/rectification/{beside.uuid}").status_code == 404


def test_a_report_with_photographs_goes_through_the_form(session: orm.Session, sign_in: SignIn) -> None:
    course = Course(session, make_item(session)).to_plan()
    session.commit()
    client = sign_in(course.liaison)
    refused = send(client, course, "report_done", text="已经改正")
    assert refused.status_code == 422
    assert "至少一份凭证材料" in refused.text
    assert "已经改正" in refused.text
    sent = {"recovered": "1,200.50", "after": (io.BytesIO(draw_photo("road", "改后")), "改后.jpg")}
    done = send(client, course, "report_done", text="已经改正", **sent)
    assert done.status_code == 302
    page = client.get(f"/rectification/{course.item.uuid}").text
    assert "整改后照片：改后.jpg" in page
    assert "1,200.50" in page
    session.expire_all()
    [proof] = course.item.steps[-1].proofs
    assert client.get(f"/rectification/proofs/{proof.uuid}").mimetype == "image/jpeg"
    assert client.get(f"/rectification/proofs/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize(("field", "words"), [("recovered", "金额应为数字"), ("households", "户数")])
def test_a_figure_that_is_none_is_explained_and_nothing_is_kept(
    session: orm.Session, sign_in: SignIn, field: str, words: str
) -> None:
    course = Course(session, make_item(session)).to_plan()
    session.commit()
    answer = send(sign_in(course.liaison), course, "report_progress", text="进展", **{field: "很多"})
    assert answer.status_code == 422
    assert words in answer.text
    session.expire_all()
    assert course.item.steps[-1].action == "accept_plan"


def test_only_the_one_who_was_sent_finds_the_problem_and_the_ratings(
    session: orm.Session, sign_in: SignIn
) -> None:
    course = Course(session, make_item(session)).to_check()
    stranger = make_user(session, "leader")
    session.commit()
    page = sign_in(course.checker).get(f"/rectification/{course.item.uuid}").text
    assert "核验为“较好”" in page
    assert sign_in(stranger).get(f"/rectification/{course.item.uuid}").status_code == 404


def test_the_workbook_holds_what_the_list_shows(session: orm.Session, sign_in: SignIn) -> None:
    course = Course(session, make_item(session)).to_close()
    make_item(session)
    session.commit()
    client = sign_in(course.planner)
    book = load_workbook(io.BytesIO(client.get("/rectification.xlsx?state=closed").data))
    lines = list(book.active.iter_rows(values_only=True))
    assert len(lines) == 2
    assert lines[1][:3] == (course.item.unit.name, course.item.township.name, course.item.title)
    assert lines[1][11:14] == ("已销号", today().isoformat(), "好")


def test_the_calendar_holds_open_problems_on_their_day(session: orm.Session, sign_in: SignIn) -> None:
    course, closed = Course(session, make_item(session)), Course(session, make_item(session)).to_close()
    session.commit()
    calendar = Calendar.from_ical(sign_in(course.planner).get("/rectification.ics").data)
    days = {str(event["uid"]): event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    assert days[f"{course.item.uuid}@inspections"] == course.item.due
    assert f"{closed.item.uuid}@inspections" not in days


def test_odd_filters_find_nothing_and_break_nothing(session: orm.Session, sign_in: SignIn) -> None:
    client = sign_in(make_user(session))
    session.commit()
    assert client.get("/rectification?state=%25&township=../&way=x&late=2&page=-7").status_code == 200


def test_a_signed_paper_is_sorted_on_its_page(session: orm.Session, sign_in: SignIn) -> None:
    finding = make_finding(session, state="signed")
    planner = make_user(session)
    session.commit()
    client = sign_in(planner)
    round_ = finding.posting.team.round
    assert finding.number in client.get(f"/rounds/parts/{round_.uuid}/sorting").text
    form = client.get(f"/findings/{finding.uuid}/sorting")
    assert form.status_code == 200
    assert client.get("/sorting").status_code == 200
