"""A session that was left is locked, and what was typed is kept; sessions are ended; a second factor."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select
from werkzeug.test import TestResponse

from inspections import create_app
from inspections.accounts import second_factor, sessions
from inspections.accounts.models import User
from inspections.accounts.sessions import UserSession
from inspections.accounts.sign_in import hash_password
from inspections.database import at, now
from inspections.units.models import Area
from tests import factories

PASSWORD = "a long password of today"


@pytest.fixture
def user(session: orm.Session) -> User:
    made = factories.make_user(session, "planner", login="owner", password_hash=hash_password(PASSWORD))
    session.commit()
    return made


def enter(app: Flask, login: str = "owner") -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def desk(app: Flask, user: User) -> FlaskClient:
    return enter(app)


@pytest.fixture
def later() -> Iterator[None]:
    with at(now() + dt.timedelta(minutes=16)):
        yield


def unlock(client: FlaskClient, path: str, password: str = PASSWORD, **kept: str) -> TestResponse:
    return client.post(path, data={"unlock_password": password} | kept)


def test_a_quarter_of_an_hour_without_anybody_locks_the_desk(desk: FlaskClient, later: None) -> None:
    answer = desk.get("/units?page=1")
    assert answer.status_code == 401
    assert "再输一次密码" in answer.get_data(as_text=True)
    assert desk.get("/api/visits").status_code == 401
    assert unlock(desk, "/units?page=1", "wrong", unlock_page="1").status_code == 401
    assert unlock(desk, "/units?page=1", unlock_page="1").location == "/units?page=1"
    assert desk.get("/units?page=1").status_code == 200


def test_whoever_works_is_not_locked(desk: FlaskClient, user: User) -> None:
    begun = now()
    for minutes in (10, 20, 30):
        with at(begun + dt.timedelta(minutes=minutes)):
            assert desk.get("/units").status_code == 200


def test_a_page_that_asks_by_itself_is_nobody(desk: FlaskClient, user: User) -> None:
    begun = now()
    with at(begun + dt.timedelta(minutes=10)):
        desk.get("/units", headers={"Sec-Fetch-Dest": "empty"})
    with at(begun + dt.timedelta(minutes=16)):
        assert desk.get("/units").status_code == 401


def test_what_was_typed_before_is_saved_with_the_password(
    desk: FlaskClient, session: orm.Session, later: None
) -> None:
    day = {"day": "2026-12-24", "works": "0", "note": "写了一半的说明"}
    asked = desk.post("/calendar", data=day)
    assert asked.status_code == 401
    for words in ("内容还在", "写了一半的说明", "2026-12-24"):
        assert words in asked.get_data(as_text=True)
    assert "写了一半" not in desk.get("/calendar?year=2026").get_data(as_text=True)
    assert unlock(desk, "/calendar", **day).status_code == 302
    assert "写了一半的说明" in desk.get("/calendar?year=2026").get_data(as_text=True)


def test_the_lock_shows_no_password_that_was_typed(desk: FlaskClient, later: None) -> None:
    form = {"old": PASSWORD, "new": "another long one", "again": "another long one"}
    assert "another long one" not in desk.post("/password", data=form).get_data(as_text=True)


def test_after_twelve_hours_anybody_is_asked_again(desk: FlaskClient, user: User) -> None:
    begun = now()
    for minutes in range(14, 12 * 60, 14):
        with at(begun + dt.timedelta(minutes=minutes)):
            assert desk.get("/sessions").status_code == 200
    with at(begun + dt.timedelta(hours=12, minutes=1)):
        assert desk.get("/sessions").status_code == 401


def test_the_old_cookie_is_worth_nothing_after_the_lock_was_opened(
    app: Flask, desk: FlaskClient, later: None
) -> None:
    before = desk.get_cookie("session")
    assert before is not None
    unlock(desk, "/units", unlock_page="1")
    thief = app.test_client()
    thief.set_cookie("session", before.value)
    assert thief.get("/units").status_code == 302


def test_a_tablets_session_outlives_the_day(session: orm.Session, desk: FlaskClient, user: User) -> None:
    opened = session.scalars(select(UserSession)).one()
    sessions.keep_on_tablet(session, opened.name)
    session.commit()
    with at(now() + dt.timedelta(days=3)):
        assert desk.get("/units").status_code == 200
    with at(now() + dt.timedelta(days=15)):
        assert desk.get("/units").status_code == 302


def test_one_sees_the_own_sessions_and_ends_any_of_them(app: Flask, session: orm.Session, user: User) -> None:
    here, there = enter(app), enter(app)
    factories.make_user(session, "planner", login="other", password_hash=hash_password(PASSWORD))
    factories.make_user(session, "admin", login="root1", password_hash=hash_password(PASSWORD))
    session.commit()
    other, admin = enter(app, "other"), enter(app, "root1")
    page = here.get("/sessions").get_data(as_text=True)
    assert page.count("（owner）") == 2 and "（other）" not in page
    with there.session_transaction() as cookie:
        name = cookie["session"]
    row = session.scalars(select(UserSession).where(UserSession.name == name)).one()
    assert other.post(f"/sessions/{row.uuid}/end").status_code == 404
    assert here.post(f"/sessions/{row.uuid}/end").status_code == 302
    assert there.get("/units").status_code == 302
    assert here.get("/units").status_code == 200
    with other.session_transaction() as cookie:
        name = cookie["session"]
    row = session.scalars(select(UserSession).where(UserSession.name == name)).one()
    assert admin.post(f"/sessions/{row.uuid}/end").status_code == 302
    assert other.get("/units").status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge（Windows）"),
        ("Mozilla/5.0 (Linux; Android 14; SM-T500) Chrome/126.0 Safari/537.36", "Chrome（安卓）"),
        ("curl/8.0", "其他浏览器"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent: str, words: str) -> None:
    assert sessions.browser_words(agent) == words


def test_a_second_factor_is_asked_for_and_each_code_counts_once(
    app: Flask, session: orm.Session, user: User
) -> None:
    key, secret = app.config["SECRET_KEY"], second_factor.new_secret()
    desk, code = enter(app), pyotp.TOTP(secret)
    said = {"secret": secret, "code": "000000", "password": PASSWORD}
    assert desk.post("/second-factor", data=said).status_code == 422
    assert desk.post("/second-factor", data=said | {"code": code.at(now())}).status_code == 302
    session.expire_all()
    assert secret not in (user.totp_secret or secret)
    assert second_factor.opened(user, key) == secret
    client = app.test_client()
    assert client.post("/sign-in", data={"login": "owner", "password": PASSWORD}).location == "/sign-in/code"
    assert client.get("/units").status_code == 302
    assert (
        client.post("/sign-in/code", data={"code": code.at(now())}).status_code == 422
    )  # it counted already
    with at(now() + dt.timedelta(seconds=31)):
        assert client.post("/sign-in/code", data={"code": code.at(now())}).location == "/"
        assert client.get("/units").status_code == 200
    with at(now() + dt.timedelta(seconds=400)):
        late = app.test_client()
        late.post("/sign-in", data={"login": "owner", "password": PASSWORD})
    with at(now() + dt.timedelta(seconds=800)):
        assert late.post("/sign-in/code", data={"code": code.at(now())}).location == "/sign-in"


def test_a_code_that_was_guessed_is_held_up(app: Flask, session: orm.Session, user: User) -> None:
    user.totp_secret = second_factor.sealed(second_factor.new_secret(), user, app.config["SECRET_KEY"])
    session.commit()
    client = app.test_client()
    client.post("/sign-in", data={"login": "owner", "password": PASSWORD})
    for _ in range(6):
        answer = client.post("/sign-in/code", data={"code": "000000"})
    assert "秒后再试" in answer.get_data(as_text=True)


def test_whoever_decides_sets_it_up_first_when_the_county_says_so(tmp_path: Path) -> None:
    app = create_app(
        {"INSTANCE": tmp_path, "TESTING": True, "WTF_CSRF_ENABLED": False, "SECOND_FACTOR_REQUIRED": True}
    )
    Area.metadata.create_all(app.extensions["engine"])
    with app.extensions["sessions"]() as session:
        hashed = hash_password(PASSWORD)
        factories.make_user(session, "leadership", login="head", password_hash=hashed)
        factories.make_user(session, "member", login="member", password_hash=hashed)
        session.commit()
    assert enter(app, "head").get("/").location == "/second-factor"
    assert enter(app, "member").get("/").status_code == 200
    app.extensions["engine"].dispose()


def test_a_host_that_is_not_ours_gets_no_page_and_no_address(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "TESTING": True, "ALLOWED_HOSTS": ("jw.local",)})
    client = app.test_client()
    assert client.get("/sign-in", base_url="http://jw.local").status_code == 200
    answer = client.get("/sign-in", base_url="http://evil.example")
    assert answer.status_code == 400
    assert b"evil" not in answer.data and "Location" not in answer.headers
    app.extensions["engine"].dispose()


def test_the_right_password_again_and_again_gives_no_more_guesses_at_the_code(
    app: Flask, session: orm.Session, user: User
) -> None:
    user.totp_secret = second_factor.sealed(second_factor.new_secret(), user, app.config["SECRET_KEY"])
    session.commit()
    client, said = app.test_client(), {"login": "owner", "password": PASSWORD}
    for _ in range(5):
        assert client.post("/sign-in", data=said).location == "/sign-in/code"
        client.post("/sign-in/code", data={"code": "000000"})
    assert client.post("/sign-in", data=said).status_code == 429


def test_the_lock_counts_wrong_codes_too(
    app: Flask, session: orm.Session, desk: FlaskClient, user: User, later: None
) -> None:
    user.totp_secret = second_factor.sealed(second_factor.new_secret(), user, app.config["SECRET_KEY"])
    session.commit()
    for _ in range(6):
        answer = unlock(desk, "/units", unlock_page="1", unlock_code="000000")
    assert answer.status_code == 401 and "秒后再试" in answer.get_data(as_text=True)


def test_a_code_in_full_width_digits_fits_and_a_broken_secret_breaks_nothing(desk: FlaskClient) -> None:
    secret = second_factor.new_secret()
    said = {"secret": secret, "code": "０00０00", "password": PASSWORD}
    assert desk.post("/second-factor", data=said).status_code == 422
    for broken in ("秘密", "A", "x" * 5000):
        answer = desk.post("/second-factor", data=said | {"secret": broken, "code": "123456"})
        assert answer.status_code == 422 and "动态口令不对" in answer.get_data(as_text=True)
    wide = pyotp.TOTP(secret).at(now()).translate({48 + n: 0xFF10 + n for n in range(10)})
    assert desk.post("/second-factor", data=said | {"code": wide}).status_code == 302


def test_the_lock_keeps_no_password_of_the_second_factors_page(desk: FlaskClient, later: None) -> None:
    answer = desk.post("/second-factor", data={"secret": "", "code": "123456", "password": "typed-secret"})
    assert answer.status_code == 401 and "typed-secret" not in answer.get_data(as_text=True)
