"""Guards that a careless hand could take away unnoticed, and power that is shared: each has its test here."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exc, orm, select

from inspections import create_app
from inspections.accounts import confirming, sessions
from inspections.accounts import sign_in as passwords
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password
from inspections.database import open_engine
from inspections.fieldwork.models import Device
from inspections.fieldwork.tablet import devices
from inspections.site import limits
from inspections.site.refusal import Refusal
from tests import factories

PASSWORD = "a long password of today"


@pytest.fixture
def entered(app: Flask, session: orm.Session) -> FlaskClient:
    factories.make_user(session, "planner", login="owner", password_hash=hash_password(PASSWORD))
    session.commit()
    client = app.test_client()
    client.get("/sign-in")
    return client


def test_the_cookie_is_for_this_site_and_no_script(entered: FlaskClient) -> None:
    answer = entered.post("/sign-in", data={"login": "owner", "password": PASSWORD})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_a_session_that_was_laid_under_somebody_is_not_the_one_that_is_opened(entered: FlaskClient) -> None:
    with entered.session_transaction() as cookie:
        cookie["session"] = "laid by a stranger"
        cookie["planted"] = True
    entered.post("/sign-in", data={"login": "owner", "password": PASSWORD})
    with entered.session_transaction() as cookie:
        assert cookie["session"] != "laid by a stranger"
        assert "planted" not in cookie


def test_over_tls_the_cookie_belongs_to_the_host_and_the_browser_stays_with_tls(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "TESTING": True, "SECURE_COOKIES": True})
    answer = app.test_client().get("/sign-in", base_url="https://county.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=") and "Secure" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    app.extensions["engine"].dispose()


def test_the_database_overwrites_what_is_deleted_and_minds_its_triggers(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        for pragma in ("secure_delete", "recursive_triggers", "foreign_keys", "cell_size_check"):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == 1, pragma
        assert connection.exec_driver_sql("PRAGMA trusted_schema").scalar() == 0
    engine.dispose()


def test_a_revoked_tablet_has_no_session_any_more(session: orm.Session) -> None:
    user = factories.make_user(session, "planner")
    name = uuid.uuid4()
    devices.report(session, user, devices.Report(name, 0, 1, True, {}))
    opened = sessions.begin(session, user, "")
    devices.open_on(session, name, opened)
    devices.revoke(session, session.get_one(Device, name), user, "遗失")
    session.expire_all()
    kept = sessions.of(session, opened)
    assert kept is not None and kept.on_tablet and kept.ended_at is not None


def test_the_administrator_alone_makes_no_account_that_reads_leads(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    leader = factories.make_user(session, "leadership", login="leader")
    admin = factories.make_user(session, "admin", login="root1")
    client = sign_in(admin)
    for role in confirming.DECIDING:
        said = {"login": f"new-{role.replace('_', '-')}", "name": "新人", "role": role, "duty": "deputy"}
        assert client.post("/accounts/new", data=said).status_code == 200
    made = list(session.scalars(select(User).where(User.awaits)))
    assert len(made) == len(confirming.DECIDING)
    assert not any(user.active for user in made)
    assert client.post(f"/accounts/{made[0].uuid}/switch").status_code == 422
    assert client.post(f"/accounts/{made[0].uuid}/confirm").status_code == 403
    theirs = sign_in(leader)
    assert "待领导确认" in theirs.get("/accounts").get_data(as_text=True)
    assert theirs.post(f"/accounts/{made[0].uuid}/confirm").status_code == 302
    session.expire_all()
    assert made[0].active and not made[0].awaits
    with pytest.raises(Refusal, match="本人"):
        confirming.confirm(session, made[1], made[1])


def test_the_first_leader_waits_for_nobody(session: orm.Session) -> None:
    assert not confirming.is_needed(session, "leadership")
    factories.make_user(session, "leadership")
    assert confirming.is_needed(session, "leadership")
    assert confirming.is_needed(session, "planner")
    assert not confirming.is_needed(session, "member")


def test_the_database_itself_knows_no_account_that_waits_and_works(session: orm.Session) -> None:
    with pytest.raises(exc.IntegrityError), session.begin_nested():
        factories.make_user(session, "case_room", awaits=True, active=True)


def test_a_login_that_nobody_has_costs_one_hash_too(
    session: orm.Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the time of the answer tells which logins exist."""
    tried: list[str] = []
    monkeypatch.setattr(passwords, "_verified", lambda stored, _: bool(tried.append(stored)))
    user = factories.make_user(session, login="somebody", password_hash="stored")
    with app.test_request_context():
        assert passwords.authenticate(session, "nobody-at-all", "x") is None
        assert passwords.authenticate(session, user.login, "x") is None
    assert tried == [passwords._nobody, "stored"]


def test_no_body_is_read_beyond_the_limit_of_its_address(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    long = {"text": "x" * (limits.FORM + 1)}
    assert app.test_client().post("/sign-in", data={"text": "x" * (limits.STRANGERS + 1)}).status_code == 413
    assert sign_in(factories.make_user(session)).post("/password", data=long).status_code == 413
