"""A shared tablet: signed in by a token that counts once, counted before it is wiped, named when silent."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.sign_in import set_password
from inspections.database import now
from inspections.fieldwork.models import Device, DeviceContact, DeviceToken
from inspections.fieldwork.tablet import devices, renewal
from tests import factories
from tests.fieldwork.team import COUNT, DAYS, Stay, make_stay, op
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def report(browser: FlaskClient, device: uuid.UUID, **more: object) -> None:
    said = {"device": str(device), "waiting": 0, "client": 2, "persisted": None} | more
    assert browser.put("/api/device", json=said).status_code == 200


def prepared(browser: FlaskClient, device: uuid.UUID) -> str:
    """The token that a member's tablet keeps, registered while the session lives."""
    report(browser, device)
    token = secrets.token_hex(32)
    assert browser.put("/api/token", json={"device": str(device), "next": sha256(token)}).status_code == 200
    return token


def renew(app: Flask, device: uuid.UUID, user: User, token: str, following: str) -> tuple[int, FlaskClient]:
    browser = app.test_client()
    assert browser.get("/api/renew").json["csrf"]
    said = {"device": str(device), "user_id": str(user.uuid), "token": token, "next": sha256(following)}
    return browser.post("/api/renew", json=said).status_code, browser


def test_a_token_signs_its_person_in_once_and_the_next_one_after_it(
    app: Flask, session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    device, second, third = uuid.uuid4(), secrets.token_hex(32), secrets.token_hex(32)
    first = prepared(sign_in(stay.member), device)
    code, browser = renew(app, device, stay.member, first, second)
    assert code == 200
    assert browser.get("/api/hello").json["user_id"] == str(stay.member.uuid)
    assert renew(app, device, stay.member, first, third)[0] == 401  # once
    assert renew(app, device, stay.member, second, third)[0] == 200
    stored = str([each.sha256 for each in session.scalars(select(DeviceToken))])
    assert not any(token in stored for token in (first, second, third))


def test_a_token_is_bound_to_its_tablet_and_person(app: Flask, stay: Stay, sign_in: SignIn) -> None:
    device, other = uuid.uuid4(), uuid.uuid4()
    token = prepared(sign_in(stay.member), device)
    report(sign_in(stay.leader), other)
    assert renew(app, other, stay.member, token, "n")[0] == 401
    assert renew(app, device, stay.leader, token, "n")[0] == 401
    assert renew(app, device, stay.member, token, "n")[0] == 200


def test_ten_wrong_tokens_burn_it(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    device, user = uuid.uuid4(), stay.member.uuid
    token = prepared(sign_in(stay.member), device)
    for _ in range(renewal.MOST_FAILURES):
        assert renewal.renewed(session, device, user, "wrong", sha256("n")) is None
    assert renewal.renewed(session, device, user, token, sha256("n")) is None


def test_guessing_is_slowed_long_before_that(app: Flask, stay: Stay, sign_in: SignIn) -> None:
    device = uuid.uuid4()
    prepared(sign_in(stay.member), device)
    codes = [renew(app, device, stay.member, "wrong", "n")[0] for _ in range(8)]
    assert set(codes) == {401, 429}
    assert codes[0] == 401


def test_a_new_password_and_a_revoked_tablet_end_it(
    app: Flask, session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    first, second = prepared(sign_in(stay.member), one), prepared(sign_in(stay.leader), two)
    set_password(session, stay.member, "eine neue Losung")
    devices.revoke(session, session.get_one(Device, two), stay.leader, "遗失")
    session.commit()
    assert renew(app, one, stay.member, first, "n")[0] == 401
    assert renew(app, two, stay.leader, second, "n")[0] == 401


def test_a_forgotten_pin_is_helped_by_the_password_and_by_nothing_else(
    app: Flask, stay: Stay, sign_in: SignIn
) -> None:
    device, member = uuid.uuid4(), sign_in(stay.member)
    token = prepared(member, device)
    secret = secrets.token_hex(32)
    assert member.put("/api/recovery", json={"device": str(device), "secret": secret}).status_code == 200
    address = f"/api/recovery?device={device}"
    assert member.get(address).json["secret"] == secret
    assert sign_in(stay.leader).get(address).json["secret"] is None
    _, renewed = renew(app, device, stay.member, token, "n")
    assert (renewed.get(address).status_code, renewed.get(address).json["reason"]) == (403, "password")


def test_the_server_counts_by_name_before_a_tablet_is_wiped(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    device, browser = uuid.uuid4(), sign_in(stay.member)
    report(browser, device)
    sent, refused = op(COUNT, 3), op(COUNT, -1)
    picture = op(COUNT, {}, field="photos", kind="add")
    body = {
        "device": str(device),
        "ops": [{"visit": str(stay.posting.uuid)} | e for e in (sent, refused, picture)],
    }
    browser.post("/api/ops", json=body)
    never = str(uuid.uuid4())
    asked = {"device": str(device), "ops": [sent["id"], refused["id"], never], "photos": [picture["id"]]}
    found = browser.post("/api/have", json=asked).json
    assert (found["missing_ops"], found["quarantined"]) == ([never], [refused["id"]])
    assert (found["missing_photos"], found["operations"], found["photographs"]) == ([picture["id"]], 2, 0)
    assert browser.post("/api/handback", json=asked).json["handed_back"] is False
    assert browser.put(f"/api/photos/{picture['id']}", data=pictures.jpeg()).status_code == 200
    asked["ops"] = [sent["id"], refused["id"]]
    done = browser.post("/api/handback", json=asked).json
    assert (done["handed_back"], done["photographs"]) == (True, 1)
    assert session.get_one(Device, device).handed_back_at is not None
    assert browser.post("/api/have", json={"device": "x", "ops": ["no"], "photos": []}).status_code == 422


def test_a_silent_tablet_is_named_to_the_county(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    device, lively = uuid.uuid4(), uuid.uuid4()
    people = {str(stay.member.uuid): 3, str(stay.village.uuid): 4}
    report(sign_in(stay.member), device, waiting=7, people=people)
    report(sign_in(stay.leader), lively)
    told = {each.user_id: each.waiting for each in session.scalars(select(DeviceContact))}
    assert (told[stay.member.id], told[stay.village.id]) == (3, 4)
    session.get_one(Device, device).last_seen = now() - dt.timedelta(days=4)
    session.commit()
    desk = sign_in(factories.make_user(session, "planner"))
    page = desk.get("/tablets").text
    assert "1 台已多日没有联网" in page
    assert "4 天没有联网" in page
    assert "平板" in desk.get("/").text


def test_another_ledger_and_another_person_are_said_so_and_nothing_is_taken(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    hello = browser.get("/api/hello").json
    body = {"protocol": 2, "device": "T1", "epoch": hello["epoch"], "user_id": hello["user_id"]}
    body |= {"ops": [{"visit": str(stay.posting.uuid)} | op(DAYS, 3)]}
    other = browser.post("/api/ops", json=body | {"epoch": "another"})
    assert (other.status_code, other.json["epoch"]) == (409, hello["epoch"])
    assert other.json["newest"] == hello["newest"]
    stranger = browser.post("/api/ops", json=body | {"user_id": str(stay.leader.uuid)})
    assert (stranger.status_code, stranger.json["user_id"]) == (409, hello["user_id"])
    assert "epoch" not in stranger.json
    (ack,) = browser.post("/api/ops", json=body).json["acks"]
    assert ack["status"] == "ok"


def test_json_without_end_gets_a_sentence(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    deep = b'{"device": "x", "ops": [' + b"[" * 30_000 + b"]" * 30_000 + b"]}"
    for path, method in (("/api/ops", "POST"), ("/api/device", "PUT"), ("/api/have", "POST")):
        answer = browser.open(path, method=method, data=deep, content_type="application/json")
        assert (answer.status_code, answer.json["app"]) == (422, "inspections")
        assert answer.json["error"].endswith("。")
    value: object = "x"
    for _ in range(200):
        value = {"in": value}
    answer = browser.post("/api/ops", json={"device": "x", "ops": [op(COUNT, value)]})
    assert answer.status_code == 422


def test_a_one_time_password_is_said_to_the_tablet_in_json(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    stay.member.must_change = True
    session.commit()
    answer = sign_in(stay.member).get("/api/hello")
    assert (answer.status_code, answer.json["reason"]) == (403, "password")
