"""The chain of approval: whose each step is, by kind, and a county that arranges it otherwise by page."""

import dataclasses
import itertools
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.documents.course import approval, bases, issue, signing
from inspections.documents.models import KINDS, Paper
from inspections.findings.models import Finding
from inspections.home import waiting
from inspections.site.refusal import Refusal
from inspections.units.models import Area
from tests import factories
from tests.documents.conftest import drafted

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def house(session: orm.Session) -> dict[str, User]:
    """One account of every duty, by duty."""
    roles = {"desk": "planner", "office": "planner", "room": "planner"}
    held = {
        seat: factories.make_user(session, roles.get(seat, "leadership"), duty="" if seat == "desk" else seat)
        for seat in (*approval.SEATS, "reader")
    }
    session.flush()
    return held


def rules(county: Area, paper: str, **given: object) -> approval.Chain:
    return dataclasses.replace(approval.shipped()[paper], **given)  # type: ignore[arg-type]


def test_every_step_of_every_kind_is_its_seats_alone(session: orm.Session, house: dict[str, User]) -> None:
    """The product of kind, step and duty against the table that ships."""
    county = factories.make_area(session, "county")
    paper = Paper(kind="handover", round=factories.make_round(session), township=county)
    paper.title, paper.wording, paper.facts = "", {}, {}
    session.add(paper)
    session.flush()
    for kind, (step, state), (seat, user) in itertools.product(
        KINDS, (("check", "draft"), ("sign", "checked")), house.items()
    ):
        paper.kind, paper.state = kind, state
        session.flush()
        chain = approval.shipped()[kind]
        for one in chain.countersign if state == "checked" else ():
            if one in approval.missing(paper, chain):
                session.flush()
                approval.countersign(session, paper, "", "", house[one])
        voiced = state == "checked" and seat in chain.countersign
        fit = seat in chain.of(step) and not voiced
        assert (approval.why_not(paper, chain, user, is_author=False) == "") is fit, (kind, step, seat)
        assert approval.why_not(paper, chain, user, is_author=True), "an author takes no further step"


def test_a_paper_waits_for_whose_turn_it_is_and_nobody_signs_before_the_countersignature(
    app: Flask, session: orm.Session, finding: Finding, county: Area, house: dict[str, User], sign_in: SignIn
) -> None:
    wanted = rules(county, "handover", countersign=("room",), sign=("secretary",))
    approval.arrange(session, county, [wanted], house["secretary"])
    paper = drafted(session, finding)
    at = f"/papers/{paper.uuid}"

    def told(seat: str) -> str:
        found = waiting.tasks(session, app.extensions["permissions"], house[seat])
        return "；".join(task.words for task in found if "文书" in task.words)

    assert "1 份文书草稿待核稿" in told("office") and "核稿" not in told("secretary")
    signing.check(session, paper, paper.version, house["office"])
    assert "1 份文书待会签" in told("room") and told("office") == "" and told("secretary") == ""
    doubts = [each.doubt.words for each in bases.doubts(session, paper)]
    with pytest.raises(Refusal, match="还须监督检查室主任会签"):
        signing.sign(session, paper, paper.version, house["secretary"], confirmed=doubts)
    session.commit()
    issue.render_job(app.extensions["sessions"], issue.job_key(paper))
    session.expire_all()
    room = sign_in(house["room"])
    assert paper.file is not None
    assert "会签右侧版面" in room.get(at).text
    assert room.post(f"{at}/countersign", data={"page": "0" * 64}).status_code == 409  # others than seen
    page = {"page": paper.file.sha256, "text": "同意"}
    assert sign_in(house["deputy"]).post(f"{at}/countersign", data=page).status_code == 422
    assert sign_in(house["reader"]).post(f"{at}/countersign", data=page).status_code == 403
    assert room.post(f"{at}/countersign", data=page).status_code == 302
    session.expire_all()
    assert [(one.seat, one.actor.id, one.text) for one in paper.countersigned] == [
        ("room", house["room"].id, "同意")
    ]
    assert told("room") == "" and "1 份文书待签发" in told("secretary") and told("deputy") == ""
    with pytest.raises(Refusal, match="由纪委书记（监委主任）签发"):
        signing.sign(session, paper, paper.version, house["deputy"], confirmed=doubts)
    signing.sign(session, paper, paper.version, house["secretary"], confirmed=doubts)
    assert paper.state == "signed"
    again = drafted(session, factories.make_finding(session, finding.posting, state="signed", basis="规定"))
    assert approval.missing(again, wanted) == ["room"]  # each paper, and each version, anew


def test_a_county_arranges_its_own_table_by_page_and_cannot_lock_itself_out(
    session: orm.Session, county: Area, house: dict[str, User], sign_in: SignIn
) -> None:
    at = f"/papers/approval/{county.code}"
    planner, leader = sign_in(house["desk"]), sign_in(house["secretary"])
    assert planner.get("/papers/approval").headers["Location"].endswith(at)
    assert "保存审批程序" not in planner.get(at).text
    assert planner.post(at).status_code == 403
    assert sign_in(house["reader"]).post(at).status_code == 403
    said = {
        f"{kind}-{step}": list(chain.of(step))
        for kind, chain in approval.shipped().items()
        for step in ("check", "countersign", "sign")
    }
    said |= {f"{kind}-apart": sorted(chain.apart) for kind, chain in approval.shipped().items()}
    bad = leader.post(at, data=said | {"reminder-sign": [], "handover-check": ["room"]})
    assert bad.status_code == 422 and "督办单：签发至少选择一个岗位" in bad.text
    assert 'value="room" id="handover-check-room" checked' in bad.text  # what was ticked stays
    assert 'id="handover-check-office" checked' not in bad.text
    nobody = leader.post(at, data=said | {"advice-sign": ["deputy"], "advice-countersign": ["deputy"]})
    assert nobody.status_code == 422 and "没有人可以签发" in nobody.text
    assert leader.post(at, data=said | {"reminder-sign": ["office"]}).status_code == 422
    assert approval.chains(session, county) == dict(approval.shipped())
    assert leader.post(at, data=said | {"reminder-sign": ["secretary"]}).status_code == 302
    assert approval.chains(session, county)["reminder"].sign == ("secretary",)
    assert "本县自定" in planner.get(at).text
    [entry] = session.scalars(
        select(journal.JournalEntry).where(journal.JournalEntry.act == "approval.arrange")
    )
    assert entry.detail["chains"]["督办单"]["签发"] == "纪委书记（监委主任）"


def test_the_county_committee_reads_and_decides_nothing(
    session: orm.Session, house: dict[str, User], sign_in: SignIn, app: Flask
) -> None:
    permissions, reader, leader = app.extensions["permissions"], house["reader"], house["deputy"]
    decides = [action for action in permissions.table if permissions.allows(leader, action)]
    refused = {action for action in decides if not permissions.allows(reader, action)}
    assert {"paper.sign", "item.act", "plan.approve", "campaign.decide", "account.confirm"} <= refused
    assert {"paper.read", "figures.read", "item.read", "session.password"}.isdisjoint(refused)
    client = sign_in(reader)
    assert client.get("/figures").status_code == 200
    assert client.get("/papers").status_code == 200
