"""Reminders leave the house only to an allowed host, once each, and without a word of the problem."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import orm

from inspections.database import today
from inspections.followup import reminders
from inspections.followup.models import ReminderPush
from inspections.followup.webhook import Webhook
from inspections.site.refusal import Refusal
from tests.factories import make_item
from tests.followup.test_reminders import on


class Robot:
    """A receiver on the loopback that keeps what it was told and answers as it is set to."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        #: what it was asked beside that: whoever follows a redirect asks with GET
        self.asked: list[str] = []
        self.answers = 200
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                robot.told.append(json.loads(body) | {"key": self.headers["Idempotency-Key"]})
                self.send_response(robot.answers)
                if robot.answers == 302:
                    self.send_header(
                        "Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere"
                    )
                self.end_headers()

            def do_GET(self) -> None:
                robot.asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def robot() -> Iterator[Robot]:
    made = Robot()
    yield made
    made.server.shutdown()
    made.server.server_close()


def hook(robot: Robot) -> Webhook:
    made = Webhook.of(robot.url, ("127.0.0.1",))
    assert made is not None
    return made


def some_reminders(session: orm.Session) -> Any:
    item = make_item(session)
    item.title = "不该出门的话"
    for days in (7, 14):
        reminders.send(session, item.served_on + dt.timedelta(days=days))
    session.commit()
    return orm.sessionmaker(session.get_bind(), expire_on_commit=False)


def test_without_an_address_nothing_is_pushed() -> None:
    assert Webhook.of("", ()) is None


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://robot.example/x", ""),
        ("https://robot.example/x", "other.example"),
        ("https://robot.example.evil.example/x", "robot.example"),
        ("https://robot.example@evil.example/x", "robot.example"),
        ("http://robot.example/x", "robot.example"),
        ("file:///x", "robot.example"),
        ("nonsense", "robot.example"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_in_a_sentence(url: str, hosts: str) -> None:
    with pytest.raises(Refusal, match="没有启用消息推送"):
        Webhook.of(url, hosts.split(","))


def test_each_reminder_is_pushed_once_without_a_word_of_the_problem(
    session: orm.Session, robot: Robot
) -> None:
    maker = some_reminders(session)
    assert hook(robot).push(maker) == 2
    assert hook(robot).push(maker) == 0
    assert len({one["key"] for one in robot.told}) == len(robot.told) == 2
    assert "不该出门的话" not in json.dumps(robot.told, ensure_ascii=False)
    assert "请登录系统办理" in robot.told[0]["text"]


@pytest.mark.parametrize("answer", [302, 500])
def test_what_the_robot_does_not_take_waits_for_the_next_run(
    session: orm.Session, robot: Robot, answer: int
) -> None:
    maker = some_reminders(session)
    robot.answers = answer
    assert hook(robot).push(maker) == 0
    assert len(robot.told) == 1
    assert robot.asked == [], "a redirect was followed"
    assert session.query(ReminderPush).count() == 0
    robot.answers = 200
    assert hook(robot).push(maker) == 2


def test_old_reminders_are_not_pushed(session: orm.Session, robot: Robot) -> None:
    maker = some_reminders(session)
    with on(today() + dt.timedelta(days=30)):
        assert hook(robot).push(maker) == 0
