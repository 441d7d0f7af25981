"""What every answer keeps to, whatever is asked: its type, no other site, no folder, one way to say it."""

import uuid
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm
from werkzeug.http import parse_options_header

from inspections.accounts import second_factor
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password, matches
from inspections.questionnaire import polling
from tests import factories

SignIn = Callable[[User], FlaskClient]
LONG = "Ein Satz mit Leerzeichen, 很长的一句话，没有人会猜到它 0123456789 und noch länger"


@pytest.mark.parametrize("role", ["planner", "member"])
def test_every_page_says_its_type_lets_out_and_speaks_to_no_other_site(
    app: Flask, session: orm.Session, sign_in: SignIn, role: str
) -> None:
    client = sign_in(factories.make_user(session, role))
    pages = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or "sign_out" in rule.endpoint:
            continue
        with client.get(rule.rule, headers={"Origin": "https://elsewhere.example"}) as answer:
            where = f"{rule.rule}: {answer.headers.get('Content-Type')}"
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")], where
            if answer.status_code in (204, 302):
                continue
            assert answer.mimetype, where
            if answer.mimetype.startswith("text/"):
                assert answer.mimetype_params.get("charset") == "utf-8", where
            if (
                answer.mimetype == "text/html"
                and answer.status_code == 200
                and not rule.rule.startswith("/tablet")
            ):
                assert "退出" in answer.get_data(as_text=True), where
                pages += 1
    assert pages > 5


def test_no_method_that_echoes_and_no_folder_that_lists(app: Flask) -> None:
    client = app.test_client()
    assert client.open("/sign-in", method="TRACE").status_code == 405
    for folder in ("/static/", "/static/tablet/", "/static/..", "/static/%2e%2e/"):
        assert client.get(folder).status_code in (403, 404), folder


def test_a_form_is_read_from_its_body_alone(app: Flask, session: orm.Session) -> None:
    factories.make_user(session, login="owner", password_hash=hash_password(LONG))
    session.commit()
    client = app.test_client()
    client.get("/sign-in")
    answer = client.post("/sign-in", query_string={"login": "owner", "password": LONG}, data={})
    assert answer.status_code == 422
    twice = client.post("/sign-in", data={"login": ["owner", "other"], "password": [LONG, "x"]})
    assert twice.status_code == 302


def test_a_password_counts_as_it_was_typed_to_its_last_sign(session: orm.Session) -> None:
    assert len(LONG) > 64
    user = factories.make_user(session, password_hash=hash_password(LONG))
    assert matches(user, LONG)
    for other in (LONG.lower(), LONG.upper(), f" {LONG}", f"{LONG} ", LONG.replace(" ", ""), LONG[:-1]):
        assert not matches(user, other)


def test_a_second_factor_is_drawn_from_160_bits() -> None:
    drawn = {second_factor.new_secret() for _ in range(200)}
    assert len(drawn) == 200
    assert {len(pyotp.TOTP(secret).byte_secret()) for secret in drawn} == {20}


def test_a_sealed_word_of_one_purpose_opens_nothing_else(
    app: Flask, session: orm.Session, sign_in: SignIn
) -> None:
    """A form's token is no session, a changed cookie is none, and one of another key is none."""
    user = factories.make_user(session)
    client = sign_in(user)
    assert client.get("/units").status_code == 200
    name = app.config["SESSION_COOKIE_NAME"]
    known = client.get_cookie(name)
    assert known is not None
    token = client.get("/api/hello").json or {}
    for forged in (
        known.value[:-2] + ("aa" if known.value[-2:] != "aa" else "bb"),
        known.value.split(".")[0] + ".." + known.value.split(".")[-1],
        str(token.get("csrf", "x")),
        "",
    ):
        stranger = app.test_client()
        stranger.set_cookie(name, forged)
        assert stranger.get("/units").status_code in (302, 401), forged


def test_a_hostile_name_of_a_place_stays_inside_the_name_of_its_file(
    session: orm.Session, sign_in: SignIn
) -> None:
    leader = factories.make_user(session, "leader")
    unit = factories.make_unit(session, name='枫"; filename="x.exe村\\')
    posting = factories.make_posting(session, {leader.person: "leader"}, unit=unit)
    poll = polling.open_poll(session, posting, 20, leader)
    assert poll.uuid != uuid.UUID(int=0)
    answer = sign_in(leader).get(f"/postings/{posting.uuid}/questionnaire.xlsx")
    said = answer.headers["Content-Disposition"]
    assert answer.status_code == 200 and said.isascii()
    kind, options = parse_options_header(said)
    assert kind == "attachment" and set(options) == {"filename"}
    assert options["filename"].endswith("村\\问卷结果.xlsx")
