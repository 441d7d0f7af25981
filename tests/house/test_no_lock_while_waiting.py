"""Nothing slow happens while everybody else waits for the write lock: no hash, body, workbook or picture.

The application runs on a database of its own, as a county's does, and slow work complains under the lock.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from inspections import create_app, web
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password
from inspections.database import Base, holds_lock
from inspections.journal import record
from inspections.roster import workbook_made
from inspections.site import slowly
from tests import factories

PASSWORD = "a long password of today"


class Body(io.BytesIO):
    """A body that notices when it is read under the lock."""

    def read(self, size: int | None = -1) -> bytes:
        assert not holds_lock(), "a body is read under the write lock"
        return super().read(size)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    made = create_app({"INSTANCE": tmp_path, "TESTING": True, "WTF_CSRF_ENABLED": False})
    Base.metadata.create_all(made.extensions["engine"])
    monkeypatch.setattr(slowly, "strict", True)
    inner = made.wsgi_app

    def watched(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"] = Body(environ["wsgi.input"].read())
        return inner(environ, start_response)

    made.wsgi_app = watched  # type: ignore[method-assign]
    yield made
    made.extensions["engine"].dispose()
    made.extensions["jobs"].engine.dispose()


def account(app: Flask, role: str) -> FlaskClient:
    """The browser of somebody who has signed in by the page."""
    with app.extensions["sessions"]() as session:
        hashed = session.scalar(sa.select(User.password_hash)) or ""
    hashed = hashed or hash_password(PASSWORD)
    with app.extensions["sessions"]() as session:
        factories.make_user(session, role, login=role, password_hash=hashed)
        session.commit()
    client = app.test_client()
    assert client.post("/sign-in", data={"login": role, "password": PASSWORD}).status_code == 302
    return client


def test_passwords_are_hashed_before_anything_is_written(app: Flask) -> None:
    admin = account(app, "admin")
    made = admin.post("/accounts/new", data={"login": "newcomer", "name": "新人", "role": "planner"})
    assert "newcomer" in made.get_data(as_text=True) and made.status_code == 200
    changed = {"old": PASSWORD, "new": "another long password", "again": "another long password"}
    assert admin.post("/password", data=changed).status_code == 302
    wrong = admin.post("/password", data=changed)
    assert "现用密码不正确" in wrong.get_data(as_text=True)


def test_workbooks_are_opened_before_anything_is_written(app: Flask) -> None:
    planner = account(app, "planner")
    out = io.BytesIO()
    with app.extensions["sessions"]() as session:
        workbook_made.template(out, session)
        session.rollback()
    for path in ("/roster", "/checklists"):
        file = (io.BytesIO(out.getvalue()), "a.xlsx")
        answer = planner.post(path, data={"file": file})
        assert answer.status_code in (302, 422)
    csv = io.BytesIO("2027-02-06,上班,调休\n".encode())
    assert planner.post("/calendar/import", data={"file": (csv, "a.csv")}).status_code in (302, 422)


def test_the_complaint_is_heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def hashes_late() -> str:
        record(web.session(), "session.open")
        web.session().flush()
        hash_password(PASSWORD)
        return ""

    monkeypatch.setitem(app.view_functions, "home.help_page", web.guarded("help.read")(hashes_late))
    with pytest.raises(slowly.UnderLock):
        app.test_client().get("/help")


def test_a_page_that_was_overtaken_is_asked_once_more_and_loses_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bool]] = []

    def counts() -> str:
        found = web.session().scalar(sa.text("SELECT count(*) FROM journal")) or 0
        seen.append((found, holds_lock()))
        if len(seen) == 1:
            with app.extensions["sessions"]() as other:
                record(other, "session.open")
                other.commit()
        record(web.session(), "session.refused", number=found)
        web.session().commit()
        return "done"

    monkeypatch.setitem(app.view_functions, "home.help_page", web.guarded("help.read")(counts))
    assert app.test_client().post("/help").status_code == 405
    assert app.test_client().get("/help").get_data(as_text=True) == "done"
    assert seen == [(0, False), (1, True)]
    with app.extensions["sessions"]() as session:
        kept = session.execute(sa.text("SELECT act, detail FROM journal ORDER BY id")).all()
    assert [act for act, _ in kept] == ["session.open", "session.refused"]


def test_somebody_who_writes_for_long_stops_no_reader_and_no_refused_form(app: Flask) -> None:
    planner = account(app, "planner")
    with app.extensions["sessions"]() as other:
        record(other, "session.open")
        other.flush()
        assert planner.get("/units").status_code == 200
        assert planner.post("/calendar", data={"day": "x"}).status_code in (403, 422)
        other.rollback()


def test_what_is_slow_is_done_once_a_request() -> None:
    runs: list[str] = []

    @slowly.slow
    def work(said: str) -> str:
        runs.append(said)
        return said * 2

    with slowly.remembered():
        assert work("a") == work("a") == "aa"
    assert work("a") == "aa"
    assert runs == ["a", "a"]
