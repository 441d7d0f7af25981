"""The five calls of the tablet, as a tablet makes them."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.fieldwork.models import Operation, Quarantined
from inspections.findings.models import Finding, Photo
from tests.fieldwork.team import COUNT, YES_NO, Stay, make_stay, op
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def send(browser: FlaskClient, stay: Stay, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    whole = [{"visit": str(stay.posting.uuid)} | operation for operation in operations]
    answer = browser.post("/api/ops", json={"device": "T1", "ops": whole})
    assert answer.status_code == 200, answer.text
    assert answer.json["app"] == "inspections"
    return list(answer.json["acks"])


def added(item: str = COUNT, **said: Any) -> dict[str, Any]:
    return op(item, said, field="photos", kind="add")


def test_hello_names_the_user_and_gives_a_token(stay: Stay, sign_in: SignIn) -> None:
    said = sign_in(stay.member).get("/api/hello").json
    named = {
        "app",
        "user",
        "user_id",
        "csrf",
        "time",
        "minimum_client",
        "epoch",
        "newest",
        "limits",
        "keep_days",
    }
    assert set(said) == named
    assert said["user"]["id"] == str(stay.member.uuid)
    assert said["csrf"]


def test_signed_out_every_call_answers_401_in_json(app: Flask) -> None:
    browser = app.test_client()
    for path in ("/api/hello", "/api/visits", f"/api/changes?visit={uuid.uuid4()}"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json["app"]) == (401, "inspections")


def test_operations_without_the_token_are_turned_away_and_with_it_taken(
    app: Flask, stay: Stay, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(stay.member)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    token = browser.get("/api/hello").json["csrf"]
    bare = browser.post("/api/ops", json={"device": "T1", "ops": []})
    assert (bare.status_code, bare.json["app"]) == (400, "inspections")
    good = browser.post("/api/ops", json={"device": "T1", "ops": []}, headers={"X-CSRFToken": token})
    assert good.status_code == 200


def test_a_visit_comes_whole_and_only_to_its_team(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    send(browser, stay, op(COUNT, 3))
    (visit,) = browser.get("/api/visits").json["visits"]
    assert visit["id"] == str(stay.posting.uuid)
    assert len(visit["people"]) == 3
    assert visit["checklist"]["version"] == stay.checklist.version
    items = {item["code"]: item for section in visit["sections"] for item in section["items"]}
    assert [each["code"] for each in items[YES_NO]["options"]] == ["yes", "no"]
    assert visit["state"][COUNT]["value"] == 3
    assert visit["seq"] == visit["state"][COUNT]["seq"]
    stranger = sign_in(make_stay(session).member)
    assert str(stay.posting.uuid) not in stranger.get("/api/visits").text
    assert stranger.get(f"/api/changes?visit={stay.posting.uuid}").status_code == 404


@pytest.mark.both_databases
def test_what_may_change_of_a_visit_comes_by_itself(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.member)
    (ack,) = send(browser, stay, op(COUNT, 3))
    (visit,) = browser.get("/api/visits?brief=1").json["visits"]
    (whole,) = browser.get("/api/visits").json["visits"]
    assert visit == {key: whole[key] for key in visit}
    assert visit["seq"] == ack["seq"]
    assert not {"sections", "state"} & visit.keys()
    stay.posting.team.round.end += dt.timedelta(days=2)
    session.commit()
    assert browser.get("/api/visits?brief=1").json["visits"][0]["end"] != visit["end"]


def test_each_operation_has_its_ack_in_order_and_again_is_dup(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    good, bad, note = op(COUNT, 3), op(COUNT, -1), op(COUNT, "看过账册", field="note")
    assert [ack["status"] for ack in send(browser, stay, good, bad, note)] == ["ok", "refused", "ok"]
    again = send(browser, stay, good, bad, note)
    assert [ack["status"] for ack in again] == ["dup", "refused", "dup"]
    assert again[1]["reason"] == "value"
    assert again[1]["sentence"].endswith("。")


def test_what_is_refused_lies_in_quarantine_once(session: orm.Session, stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    bad = op(COUNT, -1)
    for _ in range(2):
        send(browser, stay, bad)
    (kept,) = session.scalars(select(Quarantined))
    assert (kept.body["value"], kept.body["refused"]) == (-1, "value")


def test_an_operation_leaves_only_under_its_authors_login(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    (ack,) = send(sign_in(stay.leader), stay, op(COUNT, 3, author=str(stay.member.uuid)))
    assert (ack["status"], ack["reason"]) == ("refused", "other_author")
    assert session.scalar(select(func.count()).select_from(Operation)) == 0


def test_an_unknown_visit_looks_like_one_out_of_reach(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(make_stay(session).member)
    (ack,) = send(browser, stay, op(COUNT, 3))
    (other,) = send(browser, stay, op(COUNT, 3, visit=str(uuid.uuid4())))
    assert ack["reason"] == other["reason"] == "not_in_team"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"ops": 3}',
        b'{"ops": [3]}',
        b"\xff",
        b'{"ops": [{"id": NaN}]}',
        b'{"ops": [{"item": "\\ud800"}]}',
    ],
)
def test_a_body_that_is_no_list_of_operations_is_said_so(stay: Stay, sign_in: SignIn, body: bytes) -> None:
    answer = sign_in(stay.member).post("/api/ops", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["app"]) == (422, "inspections")


def test_at_most_fifty_operations_and_200_kb_come_at_once(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    assert browser.post("/api/ops", json={"ops": [op(COUNT, 1)] * 51}).status_code == 422
    assert browser.post("/api/ops", json={"ops": [], "x": "x" * 205_000}).status_code == 413


@pytest.mark.both_databases
def test_changes_come_in_server_order_after_the_given_place(stay: Stay, sign_in: SignIn) -> None:
    first, second = send(sign_in(stay.member), stay, op(COUNT, 3), op(YES_NO, "no"))
    browser = sign_in(stay.leader)
    said = browser.get(f"/api/changes?visit={stay.posting.uuid}&since={first['seq']}").json
    assert [each["item"] for each in said["ops"]] == [YES_NO]
    assert said["seq"] == second["seq"]
    assert said["ops"][0]["author"] == str(stay.member.uuid)
    none = browser.get(f"/api/changes?visit={stay.posting.uuid}&since={said['seq']}").json
    assert (none["ops"], none["seq"]) == ([], said["seq"])


@pytest.mark.both_databases
def test_a_photograph_is_announced_then_brought_and_twice_is_once(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser, data = sign_in(stay.member), pictures.jpeg()
    place = {"lat": 30.1, "lon": 114.9, "accuracy": 12}
    announced = added(caption="公示栏", taken_at="2026-10-12T09:30:00+08:00", place=place)
    address = f"/api/photos/{announced['id']}"
    assert browser.put(address, data=data).status_code == 404
    assert send(browser, stay, announced)[0]["status"] == "ok"
    for _ in range(2):
        answer = browser.put(address, data=data)
        assert answer.json == {
            "app": "inspections",
            "id": announced["id"],
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    (photo,) = session.scalars(select(Photo))
    assert (photo.item_code, photo.caption) == (COUNT, "公示栏")
    other = browser.put(address, data=pictures.jpeg(50, 40))
    assert (other.status_code, other.json["app"]) == (409, "inspections")
    assert sign_in(stay.leader).put(address, data=data).status_code == 404


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40])
def test_what_is_no_photograph_gets_a_sentence(stay: Stay, sign_in: SignIn, data: bytes) -> None:
    browser, announced = sign_in(stay.member), added()
    send(browser, stay, announced)
    answer = browser.put(f"/api/photos/{announced['id']}", data=data)
    assert answer.status_code == 422
    assert answer.json["error"].endswith("。")


def test_a_photograph_is_removed_by_its_author_or_the_leader(stay: Stay, sign_in: SignIn) -> None:
    announced, browser = added(), sign_in(stay.member)
    send(browser, stay, announced)
    assert browser.put(f"/api/photos/{announced['id']}", data=pictures.jpeg()).status_code == 200
    address = f"/postings/{stay.posting.uuid}/items/{COUNT}"
    assert f"/photos/{announced['id']}" in browser.get(address).text

    def remove(user: User, item: str = COUNT) -> Any:
        taken_away = op(item, announced["id"], field="photos", kind="remove")
        return send(sign_in(user), stay, taken_away)[0].get("reason")

    assert remove(stay.member, YES_NO) == "unknown_photo"
    assert remove(stay.village) == "other_author"
    assert remove(stay.member) is None
    assert remove(stay.leader) is None
    page = sign_in(stay.leader).get(address).text
    assert f"/photos/{announced['id']}" not in page
    assert "添加照片" in page
    assert "移除照片" in page


def paper(**said: Any) -> dict[str, Any]:
    texts = {"title": "公示不全", "category": "A1", "severity": "S2", "summary": "三季度未公示。"}
    return op(f"finding:{uuid.uuid4()}", texts | said, field="paper")


def test_a_working_paper_is_drafted_and_revised_by_operations(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser, first = sign_in(stay.member), paper(amount="4860.50", item_code=COUNT)
    assert [send(browser, stay, first)[0]["status"] for _ in range(2)] == ["ok", "dup"]
    finding = session.scalars(select(Finding)).one()
    assert (finding.item_code, finding.current.n, str(finding.current.amount)) == (COUNT, 1, "4860.50")
    second = paper(seen=1, title="公示不全（两处）") | {"item": first["item"]}
    assert send(sign_in(stay.leader), stay, second)[0]["status"] == "ok"
    stale = paper(seen=1, title="别的") | {"item": first["item"]}
    (ack,) = send(browser, stay, stale)
    assert (ack["status"], ack["reason"]) == ("refused", "paper_changed")
    session.expire_all()
    assert (finding.current.title, finding.current.author) == ("公示不全（两处）", stay.leader)
    assert {kept.body["refused"] for kept in session.scalars(select(Quarantined))} == {"paper_changed"}


def test_a_paper_that_cannot_be_stored_is_refused_and_holds_up_nothing(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    bad = [paper(title=""), paper(category="Z9"), paper(amount="x"), paper(title=3), paper(odd="")]
    wrong = [op(COUNT, {}, field="paper"), op("finding:x", {}, field="paper"), op("finding:x", 3)]
    acks = send(sign_in(stay.member), stay, *bad, *wrong, op(COUNT, 3))
    assert [ack["status"] for ack in acks] == ["refused"] * 8 + ["ok"]
    assert [ack["reason"] for ack in acks[5:8]] == ["unknown_field", "value", "unknown_field"]
    assert session.scalar(select(func.count()).select_from(Finding)) == 0


def test_a_village_member_neither_reads_nor_revises_the_papers_of_others(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    first = paper()
    send(sign_in(stay.member), stay, first)
    browser = sign_in(stay.village)
    assert browser.get(f"/api/changes?visit={stay.posting.uuid}").json["ops"] == []
    (ack,) = send(browser, stay, paper(seen=1, title="别的") | {"item": first["item"]})
    assert ack["status"] == "refused"
    assert len(sign_in(stay.leader).get(f"/api/changes?visit={stay.posting.uuid}").json["ops"]) == 1


@pytest.mark.both_databases
def test_whatever_is_sent_is_taken_or_refused_by_itself_and_never_breaks_the_server(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser = sign_in(stay.leader)
    paper = {"title": "题", "category": "A1", "severity": "S2", "summary": "述"}
    name = f"finding:{uuid.uuid4()}"
    odd = [
        op(YES_NO, {"state": [], "reason": ""}),
        op(COUNT, {"state": {}, "reason": 3}),
        op("a\x00", 3),
        op(COUNT, 3, author="a\x00b"),
        op(name, paper | {"seen": None, "item_code": "a\x00"}, field="paper"),
        op(name, paper | {"seen": None, "category": "a\x00"}, field="paper"),
        op(name, paper | {"seen": None, "amount": "sNaN"}, field="paper"),
        op(COUNT, 3, at="0001-01-01T00:00:00+00:00"),
        op(COUNT, 3, at="9999-12-31T23:59:59+00:00"),
        op(COUNT, 3, saw=[{}]),
        op(COUNT, 3, kind="resolve", reason="核对", settles=[True], settles_ids=["x"]),
        op(YES_NO, "yes"),
    ]
    hello = browser.get("/api/hello").json
    spoken = {"protocol": 2, "epoch": hello["epoch"], "user_id": hello["user_id"], "device": "T\x00"}
    for ahead in (-3e12, 3e12, "x", 0):
        sent = [each | {"visit": str(stay.posting.uuid)} for each in odd]
        answer = browser.post("/api/ops", json=spoken | {"skew_ms": ahead, "ops": sent})
        assert answer.status_code == 200, answer.text
        assert [ack["id"] for ack in answer.json["acks"]] == [each["id"] for each in odd]
    assert answer.json["acks"][-1]["status"] in ("ok", "dup")
    assert sign_in(stay.leader).get(f"/api/changes?visit={stay.posting.uuid}").status_code == 200
