"""Signing in and out, one-time passwords, and the brake on guessing."""

import datetime as dt
from email.utils import parsedate_to_datetime
from pathlib import Path

import argon2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import create_app, journal
from inspections.accounts.models import User
from inspections.accounts.sessions import UserSession
from inspections.accounts.sign_in import hash_password
from inspections.cli import first_account
from inspections.database import now, today
from inspections.site.refusal import Refusal
from tests import factories

PASSWORD = "correct-horse-7"


@pytest.fixture
def user(session: orm.Session) -> User:
    made = factories.make_user(session, "planner", login="lihua", password_hash=hash_password(PASSWORD))
    session.commit()
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def enter(client: FlaskClient, password: str = PASSWORD, login: str = "lihua", to: str = "") -> object:
    return client.post("/sign-in", data={"login": login, "password": password, "next": to})


def test_the_right_password_opens_the_home_page(client: FlaskClient, user: User) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert "先把系统准备好" in client.get("/").get_data(as_text=True)  # nobody has entered anything yet


@pytest.mark.parametrize(("login", "password"), [("lihua", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    client: FlaskClient, user: User, login: str, password: str
) -> None:
    answer = enter(client, password, login)
    assert answer.status_code == 422
    assert client.get("/").status_code == 302
    if login:
        assert "账号或密码不正确" in answer.get_data(as_text=True)


def test_a_password_is_never_shown_again_in_the_form(client: FlaskClient, user: User) -> None:
    assert "wrong-secret" not in enter(client, "wrong-secret").get_data(as_text=True)


@pytest.mark.parametrize(
    "to", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, user: User, to: str) -> None:
    assert enter(client, to=to).location == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client: FlaskClient, user: User) -> None:
    asked = client.get("/units?page=2")
    assert asked.location == "/sign-in?next=/units?page%3D2"
    assert enter(client, to="/units?page=2").location == "/units?page=2"


def test_both_attempts_are_in_the_journal(client: FlaskClient, user: User, session: orm.Session) -> None:
    enter(client, "wrong")
    enter(client)
    acts = [entry.act for entry in journal.history(session, user.uuid)]
    assert acts == ["session.refused", "session.open"]


def test_a_name_that_no_account_has_is_in_the_journal_without_being_written_down(
    client: FlaskClient, session: orm.Session
) -> None:
    enter(client, "wrong", "a-password-in-the-wrong-box")
    (entry,) = session.scalars(sa.select(journal.JournalEntry))
    assert (entry.act, entry.subject, entry.actor_id) == ("session.refused", None, None)
    assert "wrong-box" not in str(entry.detail)


def test_an_account_is_found_however_its_name_is_spelt(client: FlaskClient, user: User) -> None:
    assert enter(client, login=" LiHua ").status_code == 302


def test_a_one_time_password_opens_only_the_page_that_changes_it(
    client: FlaskClient, user: User, session: orm.Session
) -> None:
    user.must_change = True
    session.commit()
    enter(client)
    assert client.get("/units").location == "/password"
    fresh = {"old": PASSWORD, "new": "a-better-word-9", "again": "a-better-word-9"}
    assert client.post("/password", data=fresh).location == "/"
    assert client.get("/units").status_code == 200


def test_a_new_password_ends_the_other_sessions(app: Flask, user: User) -> None:
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    here.post("/password", data={"old": PASSWORD, "new": "a-better-word-9", "again": "a-better-word-9"})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_a_copy_of_the_cookie_ends_with_the_session_and_no_other_session_does(
    app: Flask, user: User, session: orm.Session
) -> None:
    first, thief, second = app.test_client(), app.test_client(), app.test_client()
    enter(first)
    enter(second)
    stolen = first.get_cookie("session")
    assert stolen is not None
    thief.set_cookie("session", stolen.value)
    assert thief.get("/").status_code == 200
    assert first.post("/sign-out").status_code == 302
    thief.set_cookie("session", stolen.value)
    assert thief.get("/").status_code == 302
    assert second.get("/").status_code == 200
    ended = sa.select(sa.func.count()).select_from(UserSession).where(UserSession.ended_at.is_not(None))
    assert session.scalar(ended) == 1


def test_only_the_days_first_answer_writes_the_cookie_again(
    app: Flask, client: FlaskClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow answer to an old request would lay its old cookie over that of a newer session."""
    enter(client)
    pages = ("/", "/api/hello", "/static/app.css", "/units")
    for page in pages:
        assert "Set-Cookie" not in client.get(page, buffered=True).headers, page
    tomorrow = today() + dt.timedelta(days=1)
    monkeypatch.setattr("inspections.accounts.sign_in.today", lambda: tomorrow)
    renewed = client.get("/").headers["Set-Cookie"]
    ends = parsedate_to_datetime(renewed.partition("Expires=")[2].partition(";")[0])
    assert abs(ends - (now() + app.permanent_session_lifetime)) < dt.timedelta(minutes=5)
    assert "Set-Cookie" not in client.get("/").headers


def test_the_forms_token_is_that_of_the_session_from_the_start(client: FlaskClient, user: User) -> None:
    with client:
        client.get("/sign-in")
        before = cookie.get("csrf_token")
        enter(client)
        made = cookie["csrf_token"]
        client.get("/api/hello")
        assert cookie["csrf_token"] == made != before


def test_an_ended_session_is_forgotten_when_its_cookie_is_out_of_date_anyway(
    app: Flask, user: User, session: orm.Session
) -> None:
    old = now() - app.permanent_session_lifetime - dt.timedelta(days=1)
    session.add(UserSession(name="old", user=user, opened_at=old))
    session.add(UserSession(name="new", user=user))
    session.commit()
    client = app.test_client()
    enter(client)
    client.post("/sign-out")
    left = set(session.scalars(sa.select(UserSession.name)))
    assert "old" not in left
    assert "new" in left
    assert len(left) == 2  # and the one that was just ended


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "10"),
        ("1111111111", "容易被猜中"),
        ("qwertyuiop1", "容易被猜中"),
        ("Password2026", "容易被猜中"),
        ("xunhuizhudian", "容易被猜中"),
        ("xunchazhudian2026", "容易被猜中"),
        ("巡回驻点巡回驻点2026", "容易被猜中"),
    ],
)
def test_a_password_that_is_short_or_guessed_is_refused(password: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        hash_password(password)


def test_the_own_name_is_no_password(client: FlaskClient, user: User, session: orm.Session) -> None:
    user.login = "zhangweiguo1968"
    session.commit()
    enter(client, login=user.login)
    weak = "zhangweiguo1968"
    answer = client.post("/password", data={"old": PASSWORD, "new": weak, "again": weak})
    assert answer.status_code == 422
    assert "容易被猜中" in answer.get_data(as_text=True)


def test_a_name_that_nobody_has_takes_as_long_as_a_wrong_password(
    client: FlaskClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(
        "inspections.accounts.sign_in._verified", lambda stored, _: bool(looked.append(stored))
    )
    enter(client, "wrong")
    enter(client, "wrong", "nobody-at-all")
    assert len(looked) == 2
    assert looked[0] == user.password_hash
    assert looked[1].startswith("$argon2id$") and looked[1] != looked[0]


def test_the_first_start_makes_one_account_and_shows_its_password_once(
    app: Flask, session: orm.Session
) -> None:
    secret = first_account(app)
    assert secret
    assert first_account(app) is None
    admin = session.scalars(sa.select(User)).one()
    assert (admin.login, admin.role, admin.must_change) == ("admin", "admin", True)
    assert enter(app.test_client(), secret, "admin").location == "/"


def test_a_form_without_its_token_is_refused(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "TESTING": True})
    answer = enter(app.test_client())
    assert answer.status_code == 400
    assert "页面已过期" in answer.get_data(as_text=True)
    app.extensions["engine"].dispose()


def test_the_key_of_the_installation_is_private_and_kept(tmp_path: Path) -> None:
    keys = {create_app({"INSTANCE": tmp_path}).config["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 1
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_every_answer_forbids_foreign_scripts_and_frames(client: FlaskClient, user: User) -> None:
    for url in ("/sign-in", "/nowhere", "/static/app.css"):
        with client.get(url) as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_password_is_hashed_at_the_cost_that_rfc_9106_recommends(
    real_hasher: argon2.PasswordHasher,
) -> None:
    cost = argon2.extract_parameters(real_hasher.hash(PASSWORD))
    assert cost.type is argon2.Type.ID
    assert cost.time_cost >= 3
    assert cost.memory_cost >= 64 * 1024
    assert cost.parallelism >= 4
