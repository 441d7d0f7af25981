"""Photographs over a line of 20 KB/s that is cut again and again: each arrives once, no answer waits.

The line has its own clock: a request takes the time of its bytes, and what is cut never reaches the server.
"""

import hashlib
import random
import statistics
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.fieldwork.models import Operation
from inspections.findings.models import Photo
from inspections.site import gate
from tests.fieldwork.team import COUNT, make_stay, op
from tests.findings import pictures

SignIn = Callable[[User], FlaskClient]
BYTES_A_SECOND = 20 * 1024
SECONDS_BETWEEN_CUTS = 20
HEADERS = 500
#: what the line carries in a second: an answer waits behind one piece at most
PIECE = BYTES_A_SECOND
#: operations in one batch of the protocol
AT_ONCE = 50


class SlowLine:
    """A browser behind that line, and its clock in seconds."""

    def __init__(self, browser: FlaskClient, dice: random.Random) -> None:
        self.browser, self.dice, self.clock, self.cuts = browser, dice, 0.0, 0
        self.next_cut = 0.0
        self._plan_cut()

    def _plan_cut(self) -> None:
        self.next_cut = self.clock + self.dice.expovariate(1 / SECONDS_BETWEEN_CUTS)

    def call(self, method: str, path: str, **given: Any) -> Any:
        """The answer, or None where the line was cut before it or while it came back."""
        size = len(given.get("data") or str(given.get("json", ""))) + HEADERS
        done = self.clock + size / BYTES_A_SECOND
        if self.next_cut < done - 0.02:
            self.clock = self.next_cut
            self.cuts += 1
            self._plan_cut()
            return None
        answer = self.browser.open(path, method=method, **given)
        cut = self.next_cut < done
        self.clock = done
        if cut:
            self.cuts += 1
            self._plan_cut()
        return None if cut else answer


def over_the_line(
    session: orm.Session,
    sign_in: SignIn,
    photographs: int,
    seed: int,
    size: tuple[int, int] = (40_000, 90_000),
    seconds_between_answers: int = 5,
) -> tuple[list[float], SlowLine]:
    """The seconds that each answer took, and the line; all photographs have arrived, each once and whole."""
    stay, dice = make_stay(session), random.Random(seed)
    line = SlowLine(sign_in(stay.member), dice)
    visit = str(stay.posting.uuid)
    waiting: list[tuple[float, dict[str, Any]]] = []
    took: list[float] = []
    next_answer = 0.0

    def write(edit: dict[str, Any]) -> None:
        waiting.append((line.clock, {"visit": visit} | edit))

    def send_answers() -> None:
        nonlocal next_answer
        while next_answer <= line.clock:
            write(op(COUNT, dice.randrange(1000)))
            next_answer += dice.expovariate(1 / seconds_between_answers)
        while waiting:
            batch = waiting[:50]
            answer = line.call("POST", "/api/ops", json={"device": "T", "ops": [each for _, each in batch]})
            if answer is not None:
                assert {ack["status"] for ack in answer.json["acks"]} <= {"ok", "dup", "conflict"}
                took.extend(line.clock - since for since, _ in batch)
                del waiting[: len(batch)]

    small = pictures.jpeg(60, 40)
    sent: dict[str, str] = {}
    for begin in range(0, photographs, AT_ONCE):
        announced = [op(COUNT, {}, field="photos", kind="add") for _ in range(photographs - begin)[:AT_ONCE]]
        for each in announced:
            write(each)
        send_answers()
        for name in (str(each["id"]) for each in announced):
            data = small + dice.randbytes(dice.randrange(*size))
            answer = _uploaded(line, name, data, send_answers)
            sent[name] = hashlib.sha256(data).hexdigest()
            assert answer.json["sha256"] == sent[name]
    kept = session.execute(
        select(Photo.id, Photo.sent_sha256).where(Photo.posting_id == stay.posting.id)
    ).all()
    assert {str(name): sha256 for name, sha256 in kept} == sent
    assert len(kept) == photographs
    words = session.scalars(select(Operation.id).where(Operation.posting_id == stay.posting.id)).all()
    assert len(words) == len(set(words)) == len(took)
    assert all(isinstance(name, uuid.UUID) for name in words)
    return took, line


def _uploaded(line: SlowLine, name: str, data: bytes, meanwhile: Callable[[], None]) -> Any:
    """The answer to the last piece; whatever was written goes between two."""
    path, at, answer = f"/api/photos/{name}", 0, None
    while answer is None or "sha256" not in answer.json:
        place = {"Upload-Offset": str(at), "Upload-Length": str(len(data))}
        answer = line.call("PUT", path, data=data[at : at + PIECE], headers=place)
        meanwhile()
        if answer is None:  # how far did it get? the server knows
            head = None
            while head is None:
                head = line.call("HEAD", path)
            at = int(head.headers["Upload-Offset"])
        else:
            assert answer.status_code == 200, answer.text
            at = answer.json["offset"]
    return answer


def test_photographs_over_a_bad_line_arrive_once_and_hold_up_no_answer(
    session: orm.Session, sign_in: SignIn
) -> None:
    took, _ = over_the_line(session, sign_in, photographs=8, seed=1)
    assert statistics.quantiles(took, n=20)[-1] <= 2.0, sorted(took)[-10:]


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_twenty_thousand_photographs_over_a_bad_line(
    session: orm.Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """A thousand a part. They are small, and nobody looks into them: the line is tried here, not the eye."""

    def taken(data: bytes) -> gate.Picture:
        return gate.Picture(data, b"", "image/jpeg", 60, 40)

    monkeypatch.setattr(gate, "picture", taken)
    took, line = over_the_line(session, sign_in, 1000, 100 + part, (6_000, 30_000), 30)
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"1000 photographs, {len(took)} operations, {line.cuts} cuts, p95 {p95:.2f} s of the line's time")
    assert p95 <= 2.0
