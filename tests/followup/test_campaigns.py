"""专项治理 as a project: why, who leads, a task a township, results that add up, an end that says so."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import today
from inspections.followup import sorting
from inspections.followup.campaigns import running
from inspections.followup.campaigns.models import CampaignProject, CampaignTask
from inspections.followup.models import Campaign
from inspections.site.refusal import Refusal
from tests import factories

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def campaign(session: orm.Session) -> Campaign:
    """Adopted, with papers of two half-years behind it."""
    county = factories.make_area(session, "county", name="清河县")
    towns = [factories.make_area(session, parent=county, name=name) for name in ("柳河镇", "青石镇")]
    rounds = [
        factories.make_round(session, start=day, end=day + dt.timedelta(days=6))
        for day in (dt.date(2025, 9, 1), dt.date(2026, 3, 2), dt.date(2026, 4, 6))
    ]
    papers = []
    for at, round_ in enumerate(rounds):
        unit = factories.make_unit(session, towns[at % 2], name=f"样例{at}村")
        posting = factories.make_posting(session, unit=unit, round=round_)
        papers.append(factories.make_finding(session, posting, state="signed", category="C2"))
    made = Campaign(round_id=rounds[1].id, category="C2", text="白条入账多村都有", findings=papers)
    made.proposed_by = factories.make_user(session)
    session.add(made)
    session.flush()
    return made


def test_a_campaign_runs_from_its_reasons_to_its_end_report(
    session: orm.Session, campaign: Campaign, sign_in: SignIn
) -> None:
    bureau = factories.make_unit(session, name="农业农村局", kind="department")
    towns = [paper.posting.unit.area for paper in campaign.findings[:2]]
    planner = sign_in(factories.make_user(session))
    lead = sign_in(factories.make_user(session, "recipient", unit=bureau))
    first, second = (sign_in(factories.make_user(session, "recipient", township=town)) for town in towns)
    at = f"/campaigns/{campaign.uuid}/project"
    said = {"lead": "农业农村局", "plan": "逐笔核对，换取合规票据", "starts_on": today().isoformat()}
    said |= {"ends_on": (today() + dt.timedelta(days=60)).isoformat(), "towns": [str(t.uuid) for t in towns]}
    assert "采纳以后才能组织实施" in planner.post(at, data=said).text
    sorting.decide(session, campaign, True, "", factories.make_user(session, "leadership"))
    session.commit()
    assert "1 项专项治理已采纳，待组织实施" in planner.get("/").text
    why = planner.get(at).text
    assert "2026年上半年" in why and "2025年下半年" in why
    for bad, words in (
        ({"lead": "没有的局"}, "没有名为"),
        ({"ends_on": "2020-01-01"}, "结束日期不早于"),
        ({"towns": []}, "至少选择一个乡镇"),
    ):
        answer = planner.post(at, data=said | bad)
        assert answer.status_code == 422 and words in answer.text and "换取合规票据" in answer.text
    assert lead.post(at, data=said).status_code == 404 and session.scalar(select(CampaignProject)) is None
    assert planner.post(at, data=said).status_code == 302

    one, other = session.scalars(select(CampaignTask).order_by(CampaignTask.id))
    task = f"/campaigns/tasks/{one.uuid}"
    assert "逐笔核对" in first.get("/inbox").text and first.get(task).status_code == 200
    assert second.get(task).status_code == 404 and first.get(at).status_code == 404
    assert lead.get(at).status_code == 200 and "看进展" in lead.get("/inbox").text
    day = (today() + dt.timedelta(days=10)).isoformat()
    assert planner.post(f"{task}/day", data={"seen": one.version, "due": day}).status_code == 302
    session.expire_all()
    assert one.due.isoformat() == day and other.due != one.due
    told = {"seen": one.version, "text": "查 12 个村", "problems": "3", "amount": "4860.5", "households": "7"}
    assert "由柳河镇报告" in lead.post(task, data=told).text  # the bureau that leads does not answer for it
    assert first.post(task, data=told | {"text": ""}).status_code == 422
    assert first.post(task, data=told).status_code == 302
    session.expire_all()
    assert "1 项专项治理任务已报告，待确认" in planner.get("/").text
    back = {"seen": one.version, "good": "0", "text": ""}
    assert planner.post(f"{task}/answer", data=back).status_code == 422  # a reason is owed
    assert planner.post(f"{task}/answer", data=back | {"text": "缺青苗补偿一项"}).status_code == 302
    session.expire_all()
    assert "缺青苗补偿一项" in first.get(task).text
    assert first.post(task, data=told | {"seen": one.version, "problems": "4"}).status_code == 302
    session.expire_all()
    project = session.scalars(select(CampaignProject)).one()
    assert planner.post(f"{task}/answer", data={"seen": one.version, "good": "1"}).status_code == 302
    end = f"/campaigns/projects/{project.uuid}/end"
    session.expire_all()
    assert "青石镇" in planner.post(end, data={"seen": project.version, "text": "完成"}).text
    plain = running.Result("没有发现")
    running.report(
        session,
        other,
        other.version,
        plain,
        session.get_one(User, factories.make_user(session, "recipient", township=towns[1]).id),
    )
    running.answer(session, other, other.version, True, "", campaign.proposed_by)
    session.commit()
    assert (
        planner.post(end, data={"seen": project.version, "text": "清退 4860.5 元，统一票据"}).status_code
        == 302
    )
    session.expire_all()
    page = planner.get(at).text
    assert "2 个乡镇中 2 个完成" in page and "自查问题 4 个，清退追缴兑付 4,860.50 元" in page
    assert "统一票据" in page and [step.state for step in one.steps] == [
        "given", "reported", "given", "reported", "accepted",
    ]  # fmt: skip
    with pytest.raises(Refusal, match="已经结束"):
        running.end(session, project, project.version, "再来一次", campaign.proposed_by)
