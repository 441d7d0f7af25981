"""What every page relies on: error pages after a failed write, odd addresses, faults told in a sentence."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import exc, orm

from inspections import web
from inspections.accounts.models import User
from inspections.site.refusal import Conflict, Refusal
from tests import factories


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (Refusal("这样不行。"), 422, "这样不行。"),
        (Conflict("已被修改。", ["甲改了名称"]), 409, "甲改了名称"),
        (orm.exc.StaleDataError(), 409, "内容已被他人修改"),
        (exc.OperationalError("", {}, Exception("database is locked")), 503, "系统正忙"),
    ],
)
def test_a_fault_in_a_view_becomes_a_page_with_its_sentence(
    app: Flask,
    session: orm.Session,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    code: int,
    sentence: str,
) -> None:
    def fails() -> None:
        raise fault

    monkeypatch.setitem(app.view_functions, "home.help_page", web.guarded("help.read")(fails))
    answer = app.test_client().get("/help")
    assert answer.status_code == code
    assert sentence in answer.get_data(as_text=True)


def test_the_error_page_works_after_a_failed_write(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(factories.make_user(session, "planner", login="taken"))

    def writes_twice() -> None:
        web.session().add(User(login="taken", name="x", role="planner", password_hash="x"))
        try:
            web.session().flush()
        except exc.IntegrityError:
            raise Refusal("账号已存在。") from None

    monkeypatch.setitem(app.view_functions, "home.home", web.guarded("home.read")(writes_twice))
    answer = client.get("/")
    assert answer.status_code == 422
    assert "账号已存在" in answer.get_data(as_text=True)


@pytest.mark.parametrize("url", ["/units?search=%00", "/postings?round=%00", "/help/%00"])
def test_a_nul_in_an_address_is_refused(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], url: str
) -> None:
    assert sign_in(factories.make_user(session, "planner")).get(url).status_code in (400, 404)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "1e9", ""])
@pytest.mark.parametrize("path", ["/units", "/people", "/findings", "/postings", "/offices"])
def test_an_odd_page_number_is_no_fault(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], path: str, page: str
) -> None:
    client = sign_in(factories.make_user(session, "planner"))
    assert client.get(f"{path}?page={page}").status_code == 200


def test_a_fault_of_the_program_is_a_sentence_and_no_traceback(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setitem(app.view_functions, "home.help_page", web.guarded("help.read")(breaks))
    monkeypatch.setattr(app, "testing", False)
    answer = app.test_client().get("/help")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.get_data(as_text=True)
    assert "secret detail" not in answer.get_data(as_text=True)
