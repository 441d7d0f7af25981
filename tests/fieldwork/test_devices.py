"""Tablets known to the county: what each still holds, revoking one, and what was refused."""

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.fieldwork import answers
from inspections.fieldwork.models import Device, Operation, Quarantined
from inspections.journal import JournalEntry
from tests import factories
from tests.fieldwork.team import COUNT, Stay, make_stay, op

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def report(browser: FlaskClient, name: uuid.UUID, waiting: int = 0) -> dict[str, object]:
    said = {"device": str(name), "waiting": waiting, "client": 1, "persisted": None}
    answer = browser.put("/api/device", json=said)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def send(
    browser: FlaskClient, stay: Stay, device: uuid.UUID, *operations: dict[str, object]
) -> list[dict[str, object]]:
    whole = [{"visit": str(stay.posting.uuid)} | each for each in operations]
    return list(browser.post("/api/ops", json={"device": str(device), "ops": whole}).json["acks"])


def test_a_tablet_is_listed_with_what_it_holds(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    name = uuid.uuid4()
    report(sign_in(stay.member), name, 7)
    report(sign_in(stay.leader), name, 3)
    (device,) = session.scalars(select(Device).where(Device.id == name))
    assert (device.waiting, device.user_id) == (3, stay.leader.id)
    page = sign_in(factories.make_user(session, "planner")).get("/tablets").text
    assert str(name)[:8] in page
    assert "有未上传" in page


def test_a_browser_that_comes_back_empty_is_told_once_how_much_it_had(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser, old, new = sign_in(stay.member), uuid.uuid4(), uuid.uuid4()
    assert report(browser, old, 7)["lost"] == 0
    assert report(browser, new)["lost"] == 7
    assert report(browser, new)["lost"] == 0
    assert session.get_one(Device, old).emptied_at is not None


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"device": "x", "waiting": 1, "client": 1},
        {"device": str(uuid.uuid4()), "waiting": -1, "client": 1},
        [],
    ],
)
def test_a_report_that_names_no_tablet_is_refused(stay: Stay, sign_in: SignIn, said: object) -> None:
    assert sign_in(stay.member).put("/api/device", json=said).status_code == 422


def test_what_a_revoked_tablet_sends_is_kept_aside_and_taken_in_by_the_planner_with_a_reason(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    member, planner, name = sign_in(stay.member), factories.make_user(session, "planner"), uuid.uuid4()
    report(member, name)
    (ack,) = send(member, stay, name, op(COUNT, 3))
    assert ack["status"] == "ok"
    desk = sign_in(planner)
    assert desk.post(f"/tablets/{name}/revoke", data={"reason": " "}).status_code == 422
    assert desk.post(f"/tablets/{name}/revoke", data={"reason": "遗失"}).status_code == 302
    (ack,) = send(member, stay, name, op(COUNT, 5))
    assert (ack["status"], ack["reason"]) == ("refused", "device_revoked")
    (kept,) = session.scalars(select(Quarantined))
    page = desk.get("/quarantine").text
    assert "这台平板已停用" in page
    assert stay.member.name in page
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": ""}).status_code == 422
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "已当面核对"}).status_code == 302
    session.expire_all()
    assert answers.sheet(session, stay.posting).answer(COUNT).value == 5  # type: ignore[union-attr]
    assert (
        session.scalars(select(Operation).order_by(Operation.seq.desc())).first().author_id == stay.member.id
    )  # type: ignore[union-attr]
    assert "已收入" in desk.get("/quarantine").text
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "再来"}).status_code == 422
    acts = set(session.scalars(select(JournalEntry.act)))
    assert {"device.revoke", "quarantine.accept"} <= acts


def test_what_does_not_fit_its_question_is_shown_and_never_taken_in(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    send(sign_in(stay.member), stay, uuid.uuid4(), op(COUNT, -1))
    (kept,) = session.scalars(select(Quarantined))
    desk = sign_in(factories.make_user(session, "planner"))
    assert "填写的内容不符合这一项的要求" in desk.get("/quarantine").text
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "x"}).status_code == 422


def test_a_leader_sees_what_was_refused_of_the_own_team_only(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    send(sign_in(stay.member), stay, uuid.uuid4(), op(COUNT, -1))
    assert stay.posting.unit.name in sign_in(stay.leader).get("/quarantine").text
    assert stay.posting.unit.name not in sign_in(make_stay(session).leader).get("/quarantine").text
    (kept,) = session.scalars(select(Quarantined))
    assert sign_in(stay.leader).post(f"/quarantine/{kept.id}/accept", data={"reason": "x"}).status_code == 403
