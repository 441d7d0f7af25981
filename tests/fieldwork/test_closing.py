"""A visit ends by its date, by an act, under a letter; what arrives later is kept, shown, changes nothing."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at, now, today
from inspections.fieldwork import answers
from inspections.fieldwork.closing import acts
from inspections.fieldwork.closing.opening import DAYS_AFTER, Stand, opening_of
from inspections.fieldwork.ledger import record
from inspections.fieldwork.models import Operation, Quarantined, VisitStep
from inspections.findings.models import Photo
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from tests import factories
from tests.fieldwork.forms import fields_of
from tests.fieldwork.forms import send as send_form
from tests.fieldwork.team import COUNT, DAYS, YES_NO, Stay, make_stay, op
from tests.fieldwork.test_rights import on, send
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


def ended(session: orm.Session, days_ago: int) -> Stay:
    """A stay of five days that ended so many days ago."""
    end = today() - dt.timedelta(days=days_ago)
    round_ = factories.make_round(session, start=end - dt.timedelta(days=5), end=end)
    return make_stay(session, round=round_)


def value(session: orm.Session, posting: Posting, code: str) -> Any:
    answer = answers.sheet(session, posting).answer(code)
    assert answer is not None
    return answer.value


@pytest.mark.both_databases
def test_an_answer_written_after_the_days_of_the_visit_is_kept_and_counts_nowhere(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = ended(session, 38)
    tablet = sign_in(stay.member)
    during, after = op(COUNT, 3, at=on(40)), op(DAYS, 1, at=on(0))
    first, second = send(tablet, stay, during, after)
    assert (first["status"], first["late"]) == ("ok", True)
    assert (second["status"], second["reason"]) == ("refused", "closed")
    assert [row.body["refused"] for row in session.scalars(select(Quarantined))] == ["closed"]
    (ahead,) = send(tablet, stay, op(YES_NO, "no", at=on(-400)))
    assert ahead["reason"] == "closed"  # a clock that runs ahead wins no time
    page = tablet.get(f"/postings/{stay.posting.uuid}/sections/X")
    assert "保存本节" not in page.text and "已到期关闭" in page.text
    paper = {"title": "公示不全", "category": "A1", "severity": "S2", "summary": "未公示。", "seen": None}
    new = op(f"finding:{uuid.uuid4()}", paper, field="paper", at=on(0))
    (begun,) = send(tablet, stay, new)
    assert begun["reason"] == "closed"


def test_within_the_days_after_the_round_the_team_goes_on(session: orm.Session, sign_in: SignIn) -> None:
    stay = ended(session, DAYS_AFTER)
    (ack,) = send(sign_in(stay.member), stay, op(COUNT, 3, at=on(0)))
    assert (ack["status"], ack["late"]) == ("ok", True)
    assert opening_of(session, stay.posting).stand is Stand.OPEN
    with at(now() + dt.timedelta(days=1)):
        assert opening_of(session, stay.posting).stand is Stand.OVER


@pytest.mark.both_databases
def test_what_arrives_after_the_leader_closed_is_shown_as_late_and_changes_no_answer(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = ended(session, 1)
    (first,) = send(sign_in(stay.member), stay, op(COUNT, 3, at=on(2)))
    leader = sign_in(stay.leader)
    assert leader.post(f"/postings/{stay.posting.uuid}/close").status_code == 302
    word = op(COUNT, 9, at=on(2), base=first["seq"])
    (late,) = send(sign_in(stay.member), stay, word)
    assert (late["status"], late["late"]) == ("ok", True)
    assert value(session, stay.posting, COUNT) == 3
    (brief,) = leader.get("/api/visits?brief=1").json["visits"]
    told = leader.get(f"/api/changes?visit={stay.posting.uuid}").json
    assert brief["seq"] == told["seq"] == first["seq"]
    page = leader.get(f"/postings/{stay.posting.uuid}/closing").text
    assert "迟到 2 条" in page and "未计入" in page and stay.member.name in page
    assert leader.post(f"/postings/{stay.posting.uuid}/close").status_code == 409
    assert sign_in(stay.member).post(f"/postings/{stay.posting.uuid}/close").status_code == 403
    assert leader.post(f"/postings/{stay.posting.uuid}/reopen").status_code == 403


def test_the_county_opens_it_again_with_a_reason_until_a_day(session: orm.Session, sign_in: SignIn) -> None:
    stay = ended(session, 1)
    send(sign_in(stay.member), stay, op(COUNT, 3, at=on(2)))
    acts.close(session, stay.posting, stay.leader)
    send(sign_in(stay.member), stay, op(COUNT, 9, at=on(2)))
    desk, address = sign_in(factories.make_user(session, "planner")), f"/postings/{stay.posting.uuid}/reopen"
    until = today() + dt.timedelta(days=3)
    for wrong in (
        {"until": until.isoformat(), "reason": " "},
        {"until": "", "reason": "补查"},
        {"until": (today() - dt.timedelta(days=1)).isoformat(), "reason": "补查"},
        {"until": (today() + dt.timedelta(days=90)).isoformat(), "reason": "补查"},
        {"until": until.isoformat(), "reason": "核对 110101199003070011"},
    ):
        answer = desk.post(address, data=wrong)
        assert answer.status_code == 422, wrong
        assert (wrong["reason"] if wrong["reason"].strip() else "请写明") in answer.text
    assert desk.post(address, data={"until": until.isoformat(), "reason": "补查两户"}).status_code == 302
    assert value(session, stay.posting, COUNT) == 9
    told = sign_in(stay.leader).get(f"/api/changes?visit={stay.posting.uuid}").json["ops"]
    assert [each["value"] for each in told] == [3, 9]
    (ack,) = send(sign_in(stay.member), stay, op(DAYS, 2, at=on(0)))
    assert ack["status"] == "ok"
    with at(now() + dt.timedelta(days=4)):
        (over,) = record(session, stay.posting, stay.member, [op(DAYS, 5, at=None)])
        assert over.reason == "closed"
    assert [step.what for step in session.scalars(select(VisitStep))] == ["closed", "opened"]


def test_between_closing_and_opening_again_nothing_could_be_written(session: orm.Session) -> None:
    stay = ended(session, 1)
    with at(now() - dt.timedelta(hours=3)):
        acts.close(session, stay.posting, stay.leader)
    with at(now() - dt.timedelta(hours=1)):
        acts.reopen(session, stay.posting, today(), "补查", factories.make_user(session, "planner"))
    between = op(COUNT, 1, at=(now() - dt.timedelta(hours=2)).isoformat())
    after = op(COUNT, 2, at=(now() - dt.timedelta(minutes=5)).isoformat())
    assert [ack.reason for ack in record(session, stay.posting, stay.member, [between, after])] == [
        "closed",
        None,
    ]


def test_what_the_county_takes_in_after_closing_stands_beside_what_rests(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = ended(session, 1)
    acts.close(session, stay.posting, stay.leader)
    send(sign_in(stay.member), stay, op(COUNT, 7, at=on(0)))
    (kept,) = session.scalars(select(Quarantined))
    desk = sign_in(factories.make_user(session, "planner"))
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "已当面核对"}).status_code == 302
    (row,) = session.scalars(select(Operation))
    assert row.late and value(session, stay.posting, COUNT) is None


def test_under_a_letter_a_visit_rests_for_good(session: orm.Session) -> None:
    stay = ended(session, 1)
    record(session, stay.posting, stay.member, [op(COUNT, 3, at=on(2))])
    acts.rest_under_letter(session, [stay.posting])
    acts.rest_under_letter(session, [stay.posting])
    record(session, stay.posting, stay.member, [op(COUNT, 9, at=on(2))])
    assert value(session, stay.posting, COUNT) == 3
    assert [step.actor_id for step in session.scalars(select(VisitStep))] == [None]
    with pytest.raises(Refusal, match="不能重新开放"):
        acts.reopen(session, stay.posting, today(), "补查", factories.make_user(session, "planner"))


def test_a_photograph_of_a_closed_visit_is_not_kept_without_its_word(
    session: orm.Session, sign_in: SignIn
) -> None:
    stay = ended(session, 1)
    browser, page = sign_in(stay.member), f"/postings/{stay.posting.uuid}/sections/X"
    fields = fields_of(browser.get(page), page)
    acts.close(session, stay.posting, stay.leader)
    upload = {"V_X_03_photos": (io.BytesIO(pictures.jpeg(gps=True)), "公开栏.jpg")}
    answer = send_form(browser, page, fields, V_X_03_figure="3", **upload)
    assert answer.status_code == 422 and "已经关闭" in answer.text
    assert session.scalars(select(Operation)).all() == session.scalars(select(Photo)).all() == []
