"""The published schema of the tablet protocol is that of the code, and what the server says keeps to it."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, ValidationError
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.fieldwork.tablet.schema import tablet_schema
from tests.fieldwork.team import COUNT, Stay, make_stay, op
from tests.findings import pictures

FILE = Path(__file__).parents[2] / "docs" / "schemas" / "tablet.json"


def check(name: str, value: Any) -> None:
    schema = tablet_schema()
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}).validate(value)


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == tablet_schema()
    Draft202012Validator.check_schema(tablet_schema())


def test_what_the_server_answers_keeps_to_the_schema(
    stay: Stay, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser, visit = sign_in(stay.member), str(stay.posting.uuid)
    check("hello_answer", browser.get("/api/hello").json)
    picture = op(COUNT, {}, field="photos", kind="add")
    paper = {"title": "账实不符", "category": "A1", "severity": "S2", "summary": "少记", "seen": None}
    sent = [op(COUNT, 3), op(COUNT, -1), picture, op(f"finding:{uuid.uuid4()}", paper, field="paper")]
    body = {"device": "T1", "ops": [{"visit": visit} | each for each in sent]}
    check("ops_request", body)
    answer = browser.post("/api/ops", json=body).json
    check("ops_answer", answer)
    assert answer["acks"][3]["revision"] == 1
    check("changes_answer", browser.get(f"/api/changes?visit={visit}").json)
    check("photo_answer", browser.put(f"/api/photos/{picture['id']}", data=pictures.jpeg()).json)
    report = {"device": str(uuid.uuid4()), "waiting": 0, "client": 1, "persisted": None}
    check("device_request", report)
    check("device_answer", browser.put("/api/device", json=report).json)
    check("fault", browser.get(f"/api/changes?visit={uuid.uuid4()}").json)


@pytest.mark.parametrize(
    "change", [{"kind": "delete"}, {"base": "1"}, {"field": "photo"}, {"template_version": "1"}]
)
def test_the_schema_refuses_what_the_server_refuses(
    stay: Stay, sign_in: Callable[[User], FlaskClient], change: dict[str, Any]
) -> None:
    bad = {"visit": str(stay.posting.uuid)} | op(COUNT, 3) | change
    with pytest.raises(ValidationError):
        check("operation", bad)
    (ack,) = sign_in(stay.member).post("/api/ops", json={"device": "T1", "ops": [bad]}).json["acks"]
    assert ack["status"] == "refused"
