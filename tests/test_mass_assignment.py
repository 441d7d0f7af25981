"""Whoever adds fields to a form changes nothing by them.

Each form is sent as a browser does, then with the name of every column of the database beside its own fields;
the database must look the same after both.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import Base, UtcDateTime
from inspections.people.models import Person
from tests import factories
from tests.test_sight import a_county, pages

SignIn = Callable[[User], FlaskClient]
ROLES = ("planner", "admin", "leadership", "leader", "recipient", "case_room")
#: what differs from one sending to the next by chance
RANDOM = ("password_hash", "token", "sha256", "seed", "body", "nonce", "wrapped_key", "lot", "secret")
TEMPTING: Mapping[str, str] = {
    "role": "admin", "state": "signed", "active": "1", "awaits": "", "must_change": "", "severity": "S1",
    "version": "1", "number": "1", "release_on": "2020-01-01", "login": "intruder", "kind": "county",
}  # fmt: skip


@dataclass
class Sent:
    """A form of a page: where it goes, what a browser would send, and every name that it shows."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Sent] = []
        self.inside: Sent | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Sent(told.get("action", "")) if told.get("method", "").lower() == "post" else None
            self.found += [self.inside] if self.inside else []
        if self.inside is None or not (told.get("name") or tag == "option"):
            return
        fields = self.inside.fields
        self.inside.names |= {told["name"]} - {""} if "name" in told else set()
        if tag == "select":
            self.select = told["name"]
        elif tag == "option" and told.get("value") and (self.select not in fields or "selected" in told):
            fields[self.select] = told["value"]
        elif tag == "textarea":
            fields.setdefault(told["name"], "一段文字")
        elif tag in ("input", "button"):
            usual = {"text": "文字", "number": "1", "date": "2026-03-02", "password": "some long words here"}
            if told.get("type") not in ("checkbox", "radio", "file") or "checked" in told:
                fields[told["name"]] = told.get("value") or usual.get(told.get("type", "text"), "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.select = ""


def columns() -> Iterator[tuple[str, dict[str, str]]]:
    """Each table with a tempting value for the name of every column of it."""
    for name, table in sorted(Base.metadata.tables.items()):
        yield name, {column.name: TEMPTING.get(column.name, value_for(column)) for column in table.columns}


def batches(tables: int) -> Iterator[dict[str, str]]:
    """The columns of so many tables at a time; of all at once for 0."""
    every = [values for _, values in columns()]
    for start in range(0, len(every), tables or len(every)):
        yield {
            name: value
            for one in every[start : start + (tables or len(every))]
            for name, value in one.items()
        }


def value_for(column: sa.Column[Any]) -> str:
    if isinstance(column.type, (sa.Integer, sa.Numeric, sa.Boolean)):
        return "1"
    if isinstance(column.type, sa.Date):
        return "2020-01-01"
    if isinstance(column.type, UtcDateTime):
        return "2020-01-01T00:00:00"
    return "00000000-0000-4000-8000-000000000001" if isinstance(column.type, sa.Uuid) else "植入"


def dump(connection: sa.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the database says, less what is random or of the moment."""
    found = {}
    for name, table in Base.metadata.tables.items():
        kept = [
            column
            for column in table.columns
            if not isinstance(column.type, (sa.Uuid, UtcDateTime, sa.LargeBinary))
            and column.name not in RANDOM
        ]
        if kept and name not in ("chain", "brake_marks"):
            found[name] = sorted(tuple(map(str, row)) for row in connection.execute(sa.select(*kept)))
    return found


def addresses(app: Flask, session: orm.Session, role: str) -> tuple[User, list[str]]:
    """An account of the role in a county with a row of everything, and the pages that may hold forms."""
    county = a_county(session, "甲")
    person = session.scalars(sa.select(Person).where(Person.uuid == county.names["people"])).one()
    given: dict[str, Any] = {"person": person} if role == "leader" else {}
    if role == "recipient":
        given["unit"] = county.unit
    user = factories.make_user(session, role, **given)
    records = [
        app.url_map.bind("x").build(rule.endpoint, {"name": name})
        for rule in app.url_map.iter_rules()
        for name in county.names.values()
        if rule.arguments == {"name"}
        and "GET" in (rule.methods or ())
        and "<uuid:name>" in rule.rule
        and "." not in rule.rule
    ]
    return user, [*pages(app, role), *records]


def forms_of(client: FlaskClient, paths: list[str]) -> dict[str, list[Sent]]:
    """Every form of these pages by the address that it goes to, each once."""
    found: dict[str, list[Sent]] = {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        read = Forms()
        read.feed(answer.text)
        for form in read.found:
            form.action = form.action or path
            same = found.setdefault(form.action, [])
            if form.fields.keys() not in [each.fields.keys() for each in same]:
                same.append(form)
    return {action: forms for action, forms in found.items() if not action.startswith(("/sign", "/password"))}


def sent(
    client: FlaskClient, connection: sa.Connection, action: str, said: dict[str, str]
) -> tuple[int, Any]:
    """The answer's code and the database after it; everything is undone again."""
    with connection.begin_nested() as part:
        code = client.post(action, data=said).status_code
        after = dump(connection)
        part.rollback()
    return code, after


def bound(app: Flask, session: orm.Session, sign_in: SignIn, role: str, at_once: int) -> tuple[int, int]:
    """How many forms were sent with foreign names, and how many of them change something by themselves."""
    user, paths = addresses(app, session, role)
    client = sign_in(user)
    forms = forms_of(client, paths)
    session.commit()
    connection = session.get_bind()
    assert isinstance(connection, sa.Connection)
    before, posted, works = dump(connection), 0, 0
    for action, several in forms.items():
        own = {name for form in several for name in form.names}
        for form in several:
            code, plain = sent(client, connection, action, form.fields)
            works += plain != before
            for some in batches(at_once):
                alien = {name: value for name, value in some.items() if name not in own}
                told, after = sent(client, connection, action, alien | form.fields)
                posted += 1
                if after == before:  # refused for what was added
                    continue
                changed = [name for name in plain if plain[name] != after[name]]
                assert not changed, f"{action} ({code} → {told}) binds what it did not ask for: {changed}"
    return posted, works


@pytest.fixture(autouse=True)
def faults_are_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a factory's half-filled row makes of a page is no matter here."""
    monkeypatch.setitem(app.config, "TESTING", False)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_binds_a_column_that_it_does_not_show(
    app: Flask, session: orm.Session, sign_in: SignIn, role: str
) -> None:
    posted, works = bound(app, session, sign_in, role, 0)
    assert posted and works, "the forms change nothing: the test sees nothing"


@pytest.mark.soak
def test_four_thousand_forms_bind_nothing(app: Flask, session: orm.Session, sign_in: SignIn) -> None:
    """Each form with the columns of two tables at a time."""
    posted = sum(bound(app, session, sign_in, role, 2)[0] for role in ROLES)
    print(f"forms posted: {posted}")
    assert posted >= 4000
