"""What is handed over reaches one page of whoever answers for it, and a letter is answered whole."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import today
from inspections.demands import handling
from inspections.documents.course import issue
from inspections.documents.models import Paper
from inspections.fieldwork.models import Deadline
from inspections.findings.models import Finding
from inspections.findings.sample_photo import draw_photo
from inspections.followup.models import Item, LetterPlan
from inspections.rounds.models import Posting
from tests import factories
from tests.documents.conftest import drafted, signed

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def letter(app: Flask, session: orm.Session, posting: Posting, finding: Finding) -> Paper:
    """An issued 交办函 with two problems, the second with an amount and a full name in it."""
    signed(session, posting, title="补贴多发", summary="给张伟多发补贴。", basis="会计法", amount=4860)
    paper = drafted(session, finding)
    factories.send_out(session, paper, user=factories.make_user(session))
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    assert paper.state == "issued"
    return paper


def items_of(session: orm.Session, paper: Paper) -> list[Item]:
    session.expire_all()
    return list(session.scalars(select(Item).where(Item.paper_id == paper.id).order_by(Item.id)))


def plan(items: list[Item], **given: Any) -> dict[str, Any]:
    """The whole plan as a browser sends it."""
    day = today().isoformat()
    said: dict[str, Any] = {"held_on": day, "leader": "王某，镇党委副书记"}
    for item in items:
        said |= {f"measures-{item.uuid}": "逐户核对", f"persons-{item.uuid}": "村会计"}
        said |= {f"until-{item.uuid}": item.due.isoformat()}
    page = io.BytesIO(draw_photo("road", "plan"))
    return said | {"page": (page, "方案.jpg")} | given


def test_a_township_answers_a_letter_whole_and_reads_what_the_problem_is(
    session: orm.Session, letter: Paper, posting: Posting, sign_in: SignIn
) -> None:
    town = posting.unit.area
    ours = sign_in(factories.make_user(session, "recipient", township=town))
    theirs = sign_in(factories.make_user(session, "recipient"))
    items, at = items_of(session, letter), f"/papers/{letter.uuid}/plan"
    assert [item.found for item in items] == ["公开栏137天没有更新。", "给张某多发补贴。"]
    assert [item.basis for item in items] == ["村组法第三十条", "会计法"]

    found = ours.get("/inbox").text
    assert "签收并报送整改方案（2 个问题）" in found and "补贴多发" in found and "日</span>" in found
    assert "补贴多发" not in theirs.get("/inbox").text
    assert theirs.get(at).status_code == 404
    page = ours.get(at).text
    assert "公开栏137天没有更新。" in page and "依据：会计法" in page and "张伟" not in page

    early = ours.post(at, data=plan(items, held_on="2020-01-01"))
    assert early.status_code == 422 and "党委（党组）会日期" in early.text and "逐户核对" in early.text
    for without, words in (("leader", "负责整改的班子成员"), ("page", "扫描件")):
        assert words in ours.post(at, data=plan(items, **{without: ""})).text
    half = ours.post(at, data=plan(items, **{f"persons-{items[1].uuid}": ""}))
    assert half.status_code == 422 and "第 2 个问题（上湾村：补贴多发）" in half.text
    assert {item.state for item in items_of(session, letter)} == {"issued"}, "all of them or none"
    assert letter.step("received") is None and session.scalar(select(LetterPlan)) is None

    assert ours.post(at, data=plan(items)).status_code == 302
    items = items_of(session, letter)
    assert {item.state for item in items} == {"planned"} and letter.step("received") is not None
    said = items[0].steps[-1].said
    assert (said["leader"], said["held_on"]) == ("王某，镇党委副书记", today().isoformat())
    [kept] = session.scalars(select(LetterPlan))
    assert ours.get(f"/rectification/plans/{kept.uuid}").status_code == 200
    assert theirs.get(f"/rectification/plans/{kept.uuid}").status_code == 404
    assert "没有等待报送方案的问题" in ours.get(at).text
    entries = ours.get("/inbox").text
    assert "整改并报告进展（方案待县里答复）" in entries and "涉及金额 4,860.00 元" in entries
    item_page = ours.get(f"/rectification/{items[1].uuid}").text
    assert "给张某多发补贴。" in item_page and "整改方案签名页" in item_page


def test_a_bureau_that_helps_sees_the_problem_and_only_adds_what_it_did(
    session: orm.Session, letter: Paper, posting: Posting, sign_in: SignIn
) -> None:
    bureau = factories.make_unit(session, posting.unit.area, name="农业农村局", kind="department")
    other = factories.make_unit(session, posting.unit.area, name="民政局", kind="department")
    planner, item = sign_in(factories.make_user(session)), items_of(session, letter)[0]
    at = f"/rectification/{item.uuid}"
    ours = sign_in(factories.make_user(session, "recipient", unit=bureau))
    theirs = sign_in(factories.make_user(session, "recipient", unit=other))
    assert ours.get(at).status_code == 404
    named = {"how": "lead", "office": "", "partners": "上湾村、农业农村局"}
    assert planner.post(f"{at}/dispatch", data=named).status_code == 422  # who leads does not help
    assert planner.post(f"{at}/dispatch", data=named | {"partners": "农业农村局"}).status_code == 302
    assert ours.get(at).status_code == 200 and theirs.get(at).status_code == 404
    assert "配合上湾村整改，报告进展" in ours.get("/inbox").text
    liaison = sign_in(factories.make_user(session, "recipient", township=posting.unit.area))
    assert (
        liaison.post(f"/papers/{letter.uuid}/plan", data=plan(items_of(session, letter))).status_code == 302
    )
    session.expire_all()
    done = {"action": "report_done", "seen": item.version, "text": "已改"}
    refused = ours.post(at, data=done)
    assert refused.status_code == 422 and "配合单位只报告进展" in refused.text
    told = {"action": "report_progress", "seen": item.version, "text": "已会同核对"}
    assert ours.post(at, data=told).status_code == 302
    assert "已会同核对" in liaison.get(at).text


def test_a_demand_that_was_given_to_the_place_waits_in_the_same_list(
    session: orm.Session, posting: Posting, sign_in: SignIn
) -> None:
    factories.make_deadlines(session)
    session.merge(
        Deadline(
            code="DL-15",
            name="诉求答复",
            start_event="",
            offset=15,
            unit="day",
            source="",
            basis_checked=False,
        )
    )
    planner = factories.make_user(session)
    heard = handling.hear(session, posting.unit, "living", "visit", "路灯不亮", planner)
    ours = sign_in(factories.make_user(session, "recipient", township=posting.unit.area))
    assert "路灯不亮" not in ours.get("/inbox").text
    handling.assign(session, heard, heard.version, "柳河镇", today(), planner)
    session.commit()
    page = ours.get("/inbox").text
    assert "路灯不亮" in page and "今天到期" in page
    assert sign_in(planner).get("/inbox").status_code == 403
