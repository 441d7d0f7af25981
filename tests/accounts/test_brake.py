"""Only failures count, and they hit whoever guesses: not colleagues at the same address, not the owner."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select
from werkzeug.test import TestResponse

from inspections.accounts import brake, sign_in
from inspections.accounts.models import User
from inspections.database import at, now
from tests import factories

PASSWORD = "a long password of today"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is right when it is the one; hashing it thirty times would take the time of a coffee."""
    monkeypatch.setattr(sign_in, "_verified", lambda stored, typed: typed == PASSWORD)


@pytest.fixture
def owner(session: orm.Session) -> User:
    user = factories.make_user(session, "leadership", login="owner")
    session.commit()
    return user


def enter(client: FlaskClient, login: str, password: str, address: str = "10.0.0.1") -> TestResponse:
    said = {"login": login, "password": password}
    return client.post("/sign-in", data=said, environ_overrides={"REMOTE_ADDR": address})


def test_five_failures_are_free_and_then_the_delay_grows(app: Flask, owner: User) -> None:
    client = app.test_client()
    spelt = ("owner", " owner", "OWNER", "owner ", "Owner")
    assert [enter(client, login, "x").status_code for login in spelt] == [422] * 5
    held = enter(client, "owner", PASSWORD)
    assert held.status_code == 429
    assert "秒后再试" in held.get_data(as_text=True)
    with at(now() + dt.timedelta(seconds=16)):
        assert enter(client, "owner", "x").status_code == 422
        assert enter(client, "owner", PASSWORD).status_code == 429
    with at(now() + dt.timedelta(seconds=16 + 31)):
        assert enter(client, "owner", PASSWORD).status_code == 302


def test_a_name_that_nobody_has_is_held_up_alike(app: Flask, owner: User) -> None:
    answers = []
    for login in ("owner", "nobody"):
        client = app.test_client()
        answers.append([enter(client, login, "x", f"10.0.1.{len(login)}").status_code for _ in range(7)])
    assert answers[0] == answers[1] == [422] * 5 + [429] * 2


def test_thirty_people_of_a_training_room_come_in_at_once(app: Flask, session: orm.Session) -> None:
    for n in range(30):
        factories.make_user(session, "planner", login=f"person{n}")
    session.commit()
    for n in range(30):
        client = app.test_client()
        assert enter(client, f"person{n}", "mistyped").status_code == 422
        assert enter(client, f"person{n}", PASSWORD).status_code == 302


def test_strangers_do_not_lock_the_owner_out(app: Flask, owner: User) -> None:
    known = app.test_client()
    assert enter(known, "owner", PASSWORD, "10.0.0.7").status_code == 302
    for n in range(60):  # from everywhere, and from the owner's own address
        enter(app.test_client(), "owner", "x", f"10.9.0.{n % 20}" if n % 2 else "10.0.0.7")
    assert enter(app.test_client(), "owner", PASSWORD, "10.9.0.99").status_code == 429
    known.post("/sign-out")
    assert enter(known, "owner", PASSWORD, "10.0.0.7").status_code == 302
    assert enter(known, "owner", PASSWORD, "10.200.0.1").status_code == 302


def test_an_address_that_tries_every_name_is_held_up(app: Flask, owner: User) -> None:
    answers = [enter(app.test_client(), f"name{n}", "x", "10.3.3.3").status_code for n in range(45)]
    assert answers.index(429) == brake.FREE_ADDRESS


def test_the_own_password_cannot_be_guessed_either(
    session: orm.Session, owner: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(owner)
    said = {"old": "x", "new": "another long one", "again": "another long one"}
    for _ in range(5):
        assert "现用密码不正确" in client.post("/password", data=said).get_data(as_text=True)
    held = client.post("/password", data=said | {"old": PASSWORD})
    assert "秒后再试" in held.get_data(as_text=True)


def test_the_table_holds_no_name_and_no_address(app: Flask, session: orm.Session, owner: User) -> None:
    enter(app.test_client(), "owner", "x", "10.0.0.1")
    kept = [mark.key for mark in session.scalars(select(brake.Mark))]
    assert len(kept) == 3
    assert all(len(key) == 32 and "owner" not in key and "10.0" not in key for key in kept)
