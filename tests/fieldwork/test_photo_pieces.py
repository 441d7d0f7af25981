"""A photograph over a line that breaks: it goes on where it stopped, and its operation is all it needs."""

import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Operation, Quarantined
from inspections.fieldwork.tablet.pieces import PIECE
from inspections.findings.models import FindingStep, Photo
from tests import factories
from tests.fieldwork.team import COUNT, Stay, make_stay, op
from tests.fieldwork.test_rights import moved_on, on, send
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    return make_stay(session)


def added(browser: FlaskClient, stay: Stay, **more: Any) -> str:
    """The address of a photograph that the ledger has announced."""
    announced = op(COUNT, {}, field="photos", kind="add", **more)
    (ack,) = send(browser, stay, announced)
    assert ack["status"] == "ok", ack
    return f"/api/photos/{announced['id']}"


def put(browser: FlaskClient, address: str, offset: int, length: int, data: bytes) -> Any:
    return browser.put(
        address, data=data, headers={"Upload-Offset": str(offset), "Upload-Length": str(length)}
    )


def test_pieces_make_the_whole_and_a_cut_line_goes_on_where_it_stopped(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    browser, data = sign_in(stay.member), pictures.jpeg(900, 700) + b"\0" * (2 * PIECE)
    address, dice = added(browser, stay), random.Random(4)
    sent = 0
    while True:
        answer = put(browser, address, sent, len(data), data[sent : sent + dice.randrange(1, PIECE)])
        assert answer.status_code == 200, answer.text
        if "sha256" in answer.json:
            break
        head = browser.head(address)
        assert (head.headers["Upload-Complete"], int(head.headers["Upload-Length"])) == ("?0", len(data))
        sent = int(head.headers["Upload-Offset"])  # the tablet may have forgotten; the server has not
        assert sent == answer.json["offset"]
        lost = put(browser, address, 0, len(data), data[:10])
        assert (lost.status_code, lost.json["offset"]) == (409, sent)
    assert answer.json["sha256"] == hashlib.sha256(data).hexdigest()
    assert browser.head(address).headers["Upload-Complete"] == "?1"
    again = put(browser, address, len(data), len(data), b"")
    assert again.json["sha256"] == answer.json["sha256"]
    assert len(session.scalars(select(Photo)).all()) == 1


def test_a_piece_that_is_too_large_or_runs_over_is_refused(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    address = added(browser, stay)
    for offset, length, size in ((0, 2 * PIECE, PIECE + 1), (0, 10, 11), (0, 2**31, 10), (-1, 10, 1)):
        answer = put(browser, address, offset, length, b"x" * size)
        assert (answer.status_code, answer.json["app"]) == (422, "inspections")
    bad = browser.put(address, data=b"x", headers={"Upload-Offset": "a", "Upload-Length": "9"})
    assert bad.status_code == 422


def test_what_makes_no_picture_is_forgotten_and_may_be_sent_anew(stay: Stay, sign_in: SignIn) -> None:
    browser, data = sign_in(stay.member), pictures.jpeg()
    address = added(browser, stay)
    assert put(browser, address, 0, 9, b"no photo!").status_code == 422
    assert browser.head(address).headers["Upload-Offset"] == "0"
    assert put(browser, address, 0, len(data), data).json["sha256"]


def test_late_photographs_arrive_when_the_visit_is_over_and_the_seat_anothers(
    app: Flask, session: orm.Session, sign_in: SignIn
) -> None:
    begun = factories.make_round(session, start=now().date() - dt.timedelta(days=5))
    stay = make_stay(session, round=begun)
    moved_on(session, stay, now() - dt.timedelta(days=1))
    browser = sign_in(stay.member)
    address = added(browser, stay, at=on(2))
    begun.end = now().date() - dt.timedelta(days=1)
    session.commit()
    assert browser.put(address, data=pictures.jpeg()).status_code == 200
    assert session.scalars(select(Photo.author_id)).all() == [stay.member.id]


def test_a_refused_photograph_waits_and_comes_when_the_county_has_taken_its_record_in(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    moved_on(session, stay, now() - dt.timedelta(days=9))
    browser, announced = sign_in(stay.member), op(COUNT, {}, field="photos", kind="add", at=on(0))
    (ack,) = send(browser, stay, announced)
    assert ack["reason"] == "not_in_team"
    address = f"/api/photos/{announced['id']}"
    waiting = browser.put(address, data=pictures.jpeg())
    assert (waiting.status_code, waiting.json["reason"]) == (404, "quarantined")
    assert browser.put(f"/api/photos/{uuid.uuid4()}", data=b"x").json["reason"] == "unknown"
    (kept,) = session.scalars(select(Quarantined))
    desk = sign_in(factories.make_user(session, "planner"))
    assert desk.post(f"/quarantine/{kept.id}/accept", data={"reason": "已核对"}).status_code == 302
    assert sign_in(stay.member).put(address, data=pictures.jpeg()).status_code == 200
    assert len(session.scalars(select(Photo)).all()) == 1


def test_a_paper_signed_meanwhile_keeps_its_late_photograph_beside_it(
    session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    finding = factories.make_finding(session, stay.posting, author=stay.member, state="draft")
    browser = sign_in(stay.member)
    announced = op(f"finding:{finding.uuid}", {}, field="photos", kind="add")
    (ack,) = send(browser, stay, announced)
    assert ack["status"] == "ok", ack
    session.add(FindingStep(finding_id=finding.id, revision=1, state="submitted", actor_id=stay.member.id))
    session.commit()
    assert browser.put(f"/api/photos/{announced['id']}", data=pictures.jpeg()).status_code == 200
    (photo,) = session.scalars(select(Photo))
    assert photo.finding_id is None


def test_a_photograph_in_anothers_name_is_turned_away_by_name(stay: Stay, sign_in: SignIn) -> None:
    browser = sign_in(stay.member)
    address = added(browser, stay)
    answer = browser.put(address, data=b"x", headers={"X-User": str(stay.leader.uuid)})
    assert (answer.status_code, answer.json["user_id"]) == (409, str(stay.member.uuid))


def test_fifty_operations_cost_two_statements_each_at_most(
    app: Flask, session: orm.Session, stay: Stay, sign_in: SignIn
) -> None:
    from sqlalchemy import event

    browser = sign_in(stay.member)
    send(browser, stay, op(COUNT, 1))

    def counted(many: int) -> int:
        edits = [op(COUNT, n) if n % 2 else op(COUNT, str(n), field="note") for n in range(many)]
        said: list[str] = []
        engine = session.get_bind().engine

        def note(*given: Any) -> None:
            said.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            acks = send(browser, stay, *edits)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert all(ack["status"] == "ok" for ack in acks)
        return len(said)

    few, many = counted(5), counted(50)
    assert many - few <= 2 * 45, (few, many)
    assert many <= 2 * 50 + 40, many
    assert len(session.scalars(select(Operation)).all()) == 56
