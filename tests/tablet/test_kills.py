"""The server is killed while tablets send: nothing acknowledged is lost, nothing is there twice."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import orm, select

from inspections import create_app
from inspections.database import Base
from inspections.fieldwork.models import Operation
from inspections.findings.models import Photo
from tests.browser.site import ROOT, free_port
from tests.fieldwork.team import COUNT, make_stay
from tests.findings import pictures
from tests.tablet.line import cookie_of


@contextmanager
def served(instance: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port and the master of the web server, as `serve` starts it; its worker comes back when killed."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
    # loaded before it forks, so that a killed worker is back at once
    command += [
        "--preload",
        "--workers",
        "1",
        "--threads",
        "8",
        "--bind",
        f"127.0.0.1:{port}",
        "inspections:create_app()",
    ]
    environment = os.environ | {"INSPECTIONS_INSTANCE": str(instance)}
    with (instance / "web.log").open("wb") as log:
        master = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield port, master
        finally:
            master.terminate()
            try:
                master.wait(20)
            except subprocess.TimeoutExpired:
                master.kill()


def kill_worker(master: int) -> bool:
    """Whether a child of the master was there to be killed."""
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == master:
            os.kill(int(process.name), signal.SIGKILL)
            return True
    return False


class Client:
    """A tablet reduced to its outbox: sends each thing until the server names it."""

    def __init__(self, port: int, cookie: str, visit: str, seed: int) -> None:
        self.port, self.cookie, self.visit = port, cookie, visit
        self.dice = random.Random(seed)
        self.acked: list[str] = []
        self.photos: list[str] = []
        self.stopped = False
        self.silences = 0

    def call(self, method: str, path: str, body: bytes | None, token: str = "") -> Any:
        while True:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            try:
                headers = {"Cookie": f"session={self.cookie}", "X-CSRFToken": token}
                line.request(method, path, body, headers | {"Content-Type": "application/json"})
                answer = line.getresponse()
                said = json.loads(answer.read())
                cookie = answer.getheader("Set-Cookie") or ""
                if cookie.startswith("session="):
                    self.cookie = cookie.split(";")[0].removeprefix("session=")
                if answer.status == 200 and said.get("app") == "inspections":
                    return said
            except (OSError, http.client.HTTPException, ValueError):
                self.silences += 1  # killed while it answered: what was sent is sent again
            finally:
                line.close()
            time.sleep(0.05)

    def run(self) -> None:
        token = self.call("GET", "/api/hello", None)["csrf"]
        while not self.stopped:
            ops = [self._operation() for _ in range(self.dice.randrange(1, 8))]
            photo = self._operation() | {"field": "photos", "kind": "add", "value": {"caption": ""}}
            body = json.dumps({"device": "kills", "ops": [*ops, photo]}).encode()
            acks = self.call("POST", "/api/ops", body, token)["acks"]
            assert all(ack["status"] in ("ok", "dup", "conflict") for ack in acks), acks
            self.acked += [ack["id"] for ack in acks]
            if self.dice.random() < 0.3:
                picture = pictures.jpeg(self.dice.randrange(40, 90))
                said = self.call("PUT", f"/api/photos/{photo['id']}", picture, token)
                self.photos.append(said["id"])

    def _operation(self) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "visit": self.visit,
            "item": COUNT,
            "field": "answer",
            "kind": "set",
            "value": self.dice.randrange(100),
            "base": None,
            "at": "2026-10-12T09:30:00+08:00",
            "template_version": None,
        }


@dataclass
class Outcome:
    """What the server acknowledged, and what it holds after all the kills."""

    acked: list[str]
    rows: list[str]
    named_photos: set[str]
    kept_photos: set[str]


def through_kills(instance: Path, kills: int, seed: int) -> Outcome:
    app = create_app({"INSTANCE": instance})
    Base.metadata.create_all(app.extensions["engine"])
    with orm.Session(app.extensions["engine"], expire_on_commit=False) as session:
        stay = make_stay(session)
        session.commit()
    dice = random.Random(seed)
    with served(instance) as (port, master):
        clients = []
        for n, user in enumerate((stay.leader, stay.member, stay.village)):
            clients.append(Client(port, cookie_of(app, user), str(stay.posting.uuid), n))
        threads = [threading.Thread(target=each.run) for each in clients]
        for each in threads:
            each.start()
        done = 0
        while done < kills:
            before = sum(len(each.acked) for each in clients)
            while sum(len(each.acked) for each in clients) == before:
                time.sleep(0.02)
                assert master.poll() is None
            time.sleep(dice.random() * 0.3)
            done += kill_worker(master.pid)
        for client in clients:
            client.stopped = True
        for each in threads:
            each.join(60)
            assert not each.is_alive()
    with app.extensions["sessions"](reading=True) as session:
        rows = [str(name) for name in session.scalars(select(Operation.id))]
        photos = {str(name) for name in session.scalars(select(Photo.id))}
    app.extensions["engine"].dispose()
    whole = {name for name in photos if (instance / "photos" / name).stat().st_size}
    acked = [name for client in clients for name in client.acked]
    named = {name for client in clients for name in client.photos}
    return Outcome(acked, rows, named, whole)


def test_a_few_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    outcome = through_kills(tmp_path, kills=2, seed=1)
    assert len(outcome.acked) == len(set(outcome.acked))
    assert len(outcome.rows) == len(set(outcome.rows))
    assert set(outcome.acked) <= set(outcome.rows)
    assert outcome.named_photos <= outcome.kept_photos


@pytest.mark.soak
def test_a_thousand_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    outcome = through_kills(tmp_path, kills=1000, seed=2)
    assert len(outcome.acked) == len(set(outcome.acked))
    assert len(outcome.rows) == len(set(outcome.rows))
    assert set(outcome.acked) <= set(outcome.rows)
    assert outcome.named_photos <= outcome.kept_photos
