"""What is written after the visit: reminders, transfers, advice, bulletins, reports; what becomes of them."""

import datetime as dt
import io
import json
from collections.abc import Callable

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import today
from inspections.documents.course import delivery, issue, occasions, signing
from inspections.documents.models import Paper
from inspections.documents.wording.build import build_letter
from inspections.fieldwork.models import Deadline
from inspections.figures.models import CaseCount
from inspections.findings.models import Finding
from inspections.followup import sorting
from inspections.followup.models import Filing, Item, Reminder
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import lacking, letter_paper
from inspections.typesetting.letter import texts
from inspections.typesetting.render import render_pdf
from inspections.units.models import Area
from tests import factories
from tests.documents.conftest import signed

LATE = dt.timedelta(days=9)
NAME = "9a0a8c1e-7f1f-4d58-9a55-0b7bb1c2d3e4"


@pytest.fixture
def late(session: orm.Session, finding: Finding) -> Item:
    """A problem that is nine days late."""
    factories.make_deadlines(session)
    return factories.make_item(session, finding, due=today() - LATE, served_on=today() - LATE * 4)


def limit(session: orm.Session, code: str, days: int) -> None:
    values = {"name": code, "start_event": "notice.served", "source": "", "basis_checked": True}
    session.merge(Deadline(code=code, offset=days, unit="day", **values))
    session.flush()


def offered(session: orm.Session, kind: str) -> list[occasions.Occasion]:
    return [one for one in occasions.occasions(session) if one.kind == kind]


def the_only(session: orm.Session, kind: str, author: User | None = None) -> Paper:
    [one] = offered(session, kind)
    return occasions.draft(session, one.key, author)


def issued(session: orm.Session, paper: Paper) -> Paper:
    """The paper as the worker left it, without the seconds that printing takes."""
    planner = factories.make_user(session, "planner")
    factories.send_out(session, paper, user=planner)
    paper.state = "issued"
    session.flush()
    return paper


def words(session: orm.Session, paper: Paper) -> str:
    return "\n".join(text for _, text in texts(build_letter(session, paper)))


def test_a_late_problem_is_an_occasion_for_a_reminder_until_one_lies_there(
    session: orm.Session, late: Item
) -> None:
    paper = the_only(session, "reminder")
    said = words(session, paper)
    assert "督促河口镇" in paper.title
    assert late.letter in said
    assert "逾期" in said
    assert str(LATE.days) in said
    assert offered(session, "reminder") == []
    with pytest.raises(Refusal, match="已经有人起草"):
        occasions.draft(session, f"reminder/{late.township.uuid}", None)


def test_an_issued_reminder_stands_once_among_the_reminders_of_its_problem(
    session: orm.Session, late: Item
) -> None:
    paper = the_only(session, "reminder")
    issue.revise(session, paper, {"report_by": today().isoformat()}, paper.version, None)
    issued(session, paper)
    for _ in range(2):
        issue.note_reminder(session, paper)
    [kept] = session.scalars(
        select(Reminder).where(Reminder.item_id == late.id, Reminder.channel == "letter")
    )
    assert "测纪督〔" in kept.text
    assert kept.to == "中共河口镇委员会"


def test_a_problem_for_a_department_goes_there_and_the_township_does_not_see_the_paper(
    session: orm.Session, finding: Finding
) -> None:
    planner = factories.make_user(session, "planner")
    sorting.sort(session, finding, planner, "FD3", "deadline", "县民政局", office="县民政局")
    paper = the_only(session, "transfer")
    assert "县民政局" in words(session, paper)
    issue.revise(session, paper, {"report_by": "2026-12-31"}, paper.version, None)
    issued(session, paper)
    liaison = factories.make_user(session, "recipient", township=finding.posting.unit.area)
    reach = Paper.within(Reach.TOWNSHIP, liaison)
    assert session.scalars(select(Paper).where(reach)).all() == []


def test_an_adopted_campaign_becomes_a_letter_of_advice_with_its_units_and_a_day_to_answer(
    session: orm.Session, posting: Posting
) -> None:
    town, round_ = posting.unit.area, posting.team.round
    for name in ("甲村", "乙村", "丙村"):
        unit = factories.make_unit(session, town, name=name)
        signed(
            session,
            factories.make_posting(session, unit=unit, round=round_, plan=posting.team.plan),
            category="A1",
        )
    proposer, decider = factories.make_user(session), factories.make_user(session)
    campaign = sorting.propose(session, round_, "A1", "集中清理应收款项", proposer)
    sorting.decide(session, campaign, True, "", decider)
    paper = the_only(session, "advice")
    said = words(session, paper)
    assert all(name in said for name in ("甲村", "乙村", "丙村", "集中清理应收款项"))
    issue.revise(session, paper, {"to": "县农业农村局", "appraisal": "责任不清"}, paper.version, None)
    issued(session, paper)
    delivery.take(session, paper, "delivered", today(), "张某", proposer)
    limit(session, "DL-10", 30)
    due = delivery.reply_due(session, paper)
    assert due is not None and due.day == today() + dt.timedelta(days=30)
    with pytest.raises(Refusal, match="采纳"):
        delivery.take(session, paper, "replied", today(), "张某", proposer, "", "已办理")
    delivery.take(session, paper, "replied", today(), "张某", proposer, "adopted", "已制定办法")
    with pytest.raises(Conflict):
        delivery.take(session, paper, "replied", today(), "张某", proposer, "adopted", "再说一次")


def test_the_bulletin_says_what_the_figures_say_and_goes_to_every_township(
    session: orm.Session, late: Item, county: Area
) -> None:
    planner = factories.make_user(session)
    session.add(
        CaseCount(county=county, month=today().replace(day=1), leads=2, persons=3, actor_id=planner.id)
    )
    session.flush()
    month = today().strftime("%Y-%m")
    [one] = [one for one in offered(session, "bulletin") if one.wording["month"] == month]
    paper = occasions.draft(session, one.key, None)
    said = words(session, paper)
    assert "累计交办问题1个，已销号0个" in said
    assert "移送问题线索2件" in said and "3人" in said
    assert late.title in said
    issue.revise(session, paper, {"suggestions": ["逐项明确责任人"]}, paper.version, None)
    issued(session, paper)
    other = factories.make_area(session, parent=county)
    liaison = factories.make_user(session, "recipient", township=other)
    assert session.scalars(select(Paper).where(Paper.within(Reach.TOWNSHIP, liaison))).all() == [paper]
    abroad = factories.make_user(session, "recipient")
    assert session.scalars(select(Paper).where(Paper.within(Reach.TOWNSHIP, abroad))).all() == []


def test_the_worker_drafts_the_bulletin_of_the_month_that_is_over_once(
    session: orm.Session, late: Item, county: Area
) -> None:
    last = today().replace(day=1) - dt.timedelta(days=1)
    late.served_on = last
    session.commit()
    [key] = occasions.due_bulletins(session)
    maker = orm.sessionmaker(session.get_bind())
    for _ in range(2):
        occasions.draft_job(maker, key)
    assert len(session.scalars(select(Paper).where(Paper.kind == "bulletin")).all()) == 1
    assert occasions.due_bulletins(session) == []


def test_the_report_of_a_round_prints_with_its_tables_and_bars(session: orm.Session, late: Item) -> None:
    round_ = late.finding.posting.team.round
    round_.start = round_.release_on = today() - LATE * 5
    round_.end = today() - LATE * 4
    session.flush()
    paper = the_only(session, "round_report")
    more = {"appraisal": "入户走访", "causes": ["制度不严"], "suggestions": ["加强培训"], "signer": "王某"}
    issue.revise(session, paper, more, paper.version, None)
    assert lacking(paper.kind, signing.trial(session, paper)) == []
    printed = render_pdf(letter_paper(paper.kind, parse_facts(json.dumps(paper.facts).encode())))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages)
    assert "发现问题" in text and "签发人" in text.replace("\n", "")


def test_a_receipt_starts_the_problems_of_the_letter_and_is_entered_once(
    session: orm.Session, late: Item, sign_in: Callable[[User], FlaskClient]
) -> None:
    [paper] = session.scalars(select(Paper).where(Paper.kind == "handover"))
    session.commit()
    liaison = factories.make_user(session, "recipient", township=late.township)
    client = sign_in(liaison)
    sent = {"course-what": "received", "course-day": today().isoformat(), "course-person": "李某"}
    assert client.post(f"/papers/{paper.uuid}/course", data=sent).status_code == 302
    session.refresh(late)
    assert late.state == "received"
    assert client.post(f"/papers/{paper.uuid}/course", data=sent).status_code == 409
    delivered = sent | {"course-what": "delivered"}
    assert client.post(f"/papers/{paper.uuid}/course", data=delivered).status_code in (409, 422)
    assert paper.step("delivered") is None


def test_a_letter_is_filed_once_on_its_page(
    session: orm.Session, late: Item, sign_in: Callable[[User], FlaskClient]
) -> None:
    [paper] = session.scalars(select(Paper).where(Paper.kind == "handover"))
    session.commit()
    client = sign_in(factories.make_user(session, "planner"))
    sent = {"filing-number": "清备〔2026〕1号", "filing-day": today().isoformat(), "filing-to": "市纪委"}
    limit(session, "DL-21", 5)
    session.commit()
    assert "应备案" in client.get(f"/papers/{paper.uuid}").text
    assert client.post(f"/papers/{paper.uuid}/filing", data=sent).status_code == 302
    assert client.post(f"/papers/{paper.uuid}/filing", data=sent).status_code == 409
    [filing] = session.scalars(select(Filing))
    assert filing.number in client.get(f"/papers/{paper.uuid}").text


def test_every_step_wants_an_issued_paper_and_a_day_between_issue_and_today(
    session: orm.Session, late: Item
) -> None:
    actor = factories.make_user(session)
    draft = the_only(session, "reminder")
    with pytest.raises(Refusal, match="没有印发"):
        delivery.take(session, draft, "delivered", today(), "李某", actor)
    [paper] = session.scalars(select(Paper).where(Paper.kind == "handover"))
    for day in (today() + dt.timedelta(days=1), today() - dt.timedelta(days=400)):
        with pytest.raises(Refusal, match="之间"):
            delivery.take(session, paper, "delivered", day, "李某", actor)


def test_the_office_drafts_from_the_page_of_figures(
    session: orm.Session, late: Item, county: Area, sign_in: Callable[[User], FlaskClient]
) -> None:
    session.commit()
    client = sign_in(factories.make_user(session, "planner"))
    month = today().strftime("%Y-%m")
    answer = client.get(f"/papers/of-figures?area={county.code}&month={month}", follow_redirects=True)
    key = f"bulletin/{county.uuid}/{month}"
    assert f'<option selected value="{key}"' in answer.text
    made = client.post("/papers/occasions", data={"occasion-about": key, "occasion-name": NAME})
    assert made.status_code == 302
    assert client.get(f"/papers/of-figures?area={county.code}&month={month}").location == made.location
    page = client.get(made.location).text
    assert "下步要求" in page and "列入的问题" not in page
