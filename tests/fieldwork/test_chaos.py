"""A week of six tablets amid lost replies, doubles, a restored backup and a replaced member.

The tablets are reduced to their outbox and their memory; the server is the real one. Nothing may be lost, be
there twice, stand under another name, or be swept away by somebody who had not seen it.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import create_app
from inspections.accounts.models import User
from inspections.database import Base, now
from inspections.fieldwork.entry.merge import Merged, merge
from inspections.fieldwork.models import Operation, Quarantined
from inspections.fieldwork.tablet.epochs import renew_epoch
from inspections.rounds.models import FormerTeam, Posting, Seat, Team
from tests import factories
from tests.fieldwork.team import COUNT, DAYS, YES_NO, make_stay

ITEMS = (COUNT, DAYS, YES_NO)
STEPS = 90


class County:
    """The server with its database file, which can be put back to what it was last night."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "inspections.db"
        settings = {"INSTANCE": folder, "WTF_CSRF_ENABLED": False}
        self.app: Flask = create_app(settings | {"TESTING": True})
        Base.metadata.create_all(self.app.extensions["engine"])
        self.backup: Any = None
        #: what the county did since the backup, and will do again: (posting, team before, team now, when)
        self.replaced: tuple[int, int, int, dt.datetime] | None = None

    def session(self) -> orm.Session:
        return orm.Session(self.app.extensions["engine"], expire_on_commit=False)

    def back_up(self) -> None:
        self.backup = pysqlite3.connect(":memory:")
        live = pysqlite3.connect(str(self.file))
        live.backup(self.backup)
        live.close()

    def restore(self) -> None:
        """Last night's state is the present one, under a new epoch; a replacement since is made again."""
        self.app.extensions["engine"].dispose()
        live = pysqlite3.connect(str(self.file))
        self.backup.backup(live)
        live.close()
        with self.session() as session:
            renew_epoch(session)
            session.commit()
        self.replace()

    def replace(self) -> None:
        """The replaced member's seat is another's, since that moment."""
        if self.replaced is None:
            return
        posting, before, team, when = self.replaced
        with self.session() as session:
            found = session.get_one(Posting, posting)
            if found.team_id == before:
                found.team_id = team
                session.add(FormerTeam(posting_id=posting, team_id=before, until=when))
                session.get_one(Team, before).plan.state = "superseded"
                session.flush()
                session.get_one(Team, team).plan.state = "published"
                session.commit()


class Tablet:
    """What a tablet remembers, and what it does with it."""

    def __init__(self, county: County, user: User, visit: str, dice: random.Random) -> None:
        self.county, self.user, self.visit, self.dice = county, user, visit, dice
        self.device = str(uuid.uuid4())
        self.browser: FlaskClient = county.app.test_client()
        with self.browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
        self.told: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.delivered: set[str] = set()
        self.knew: dict[str, set[str]] = {}
        self.cursor, self.epoch = 0, ""
        self.writes = True

    def folded(self, item: str) -> tuple[Merged[Any], list[Any]]:
        """What the card shows, and what of it has a place."""
        edits = [_Told(each) for each in self.told.values() if each["item"] == item]
        edits = sorted((each for each in edits if each.field == "answer"), key=lambda each: each.seq)
        return merge(edits), edits

    def write(self) -> None:
        item = self.dice.choice(ITEMS)
        merged, placed = self.folded(item)
        value: Any = self.dice.choice(["yes", "no"]) if item == YES_NO else self.dice.randrange(5)
        last = placed[-1] if placed else None
        edit: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "visit": self.visit,
            "item": item,
            "field": "answer",
            "kind": "set",
            "value": value,
            "base": last.seq if last else None,
            "saw": [each.id for each in merged.standing],
            "at": now().isoformat(),
            "template_version": None,
            "author": str(self.user.uuid),
        }
        if merged.held and self.user.role == "leader" and self.dice.random() < 0.5:
            named = merged.standing
            edit |= {"kind": "resolve", "value": named[-1].value, "reason": "核对"}
            edit |= {"settles": [e.seq for e in named], "settles_ids": [e.id for e in named]}
        self.rows[edit["id"]] = edit
        self.knew[edit["id"]] = {*self.told, *self.rows}

    def call(self, method: str, path: str, **given: Any) -> Any:
        """The answer, or None: the request or its answer was lost on the way; sometimes it went twice."""
        fate = self.dice.random()
        if fate < 0.15:
            return None
        answer = self.browser.open(path, method=method, **given)
        if fate < 0.30:
            return None
        if fate < 0.40:
            answer = self.browser.open(path, method=method, **given)
        return answer

    def drain(self) -> None:
        hello = self.call("GET", "/api/hello")
        if hello is None:
            return
        self.meet(hello.json["epoch"])
        waiting = [each for name, each in self.rows.items() if name not in self.delivered]
        size = self.dice.randrange(1, 8)
        for begin in range(0, len(waiting), size):
            batch = waiting[begin : begin + size]
            body = {"protocol": 2, "epoch": self.epoch, "user_id": str(self.user.uuid)}
            answer = self.call("POST", "/api/ops", json=body | {"device": self.device, "ops": batch})
            if answer is None:
                return
            if answer.status_code == 409:
                self.meet(answer.json["epoch"])
                return
            assert answer.status_code == 200, answer.text
            for ack in answer.json["acks"]:
                assert ack["status"] in ("ok", "dup", "conflict"), ack
                self.delivered.add(ack["id"])
        self.pull()

    def meet(self, epoch: str) -> None:
        """Another ledger: everything is read anew, and what it does not name is offered again."""
        if epoch == self.epoch:
            return
        self.epoch, self.cursor = epoch, 0
        self.told.clear()
        self.delivered.clear()

    def pull(self) -> None:
        while True:
            answer = self.call("GET", f"/api/changes?visit={self.visit}&since={self.cursor}")
            if answer is None or answer.status_code == 404:  # the seat is another's: nothing more to read
                return
            for each in answer.json["ops"]:
                self.told[each["id"]] = each
                self.delivered |= {each["id"]} & self.rows.keys()
            if answer.json["seq"] == self.cursor:
                return
            self.cursor = answer.json["seq"]


class _Told:
    """An operation as `changes` tells it, with the names that the law asks for."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.id, self.seq, self.kind, self.value = said["id"], said["seq"], said["kind"], said["value"]
        self.field, self.author_id = said["field"], said["author"]
        self.seen, self.settles, self.awaits = said["base"], said.get("settles"), said.get("awaits")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    made = County(tmp_path_factory.mktemp("chaos"))
    yield made
    made.app.extensions["engine"].dispose()


def through_a_week(county: County, seed: int) -> None:
    dice = random.Random(seed)
    county.backup = county.replaced = None
    with county.session() as session:
        stay = make_stay(session)
        people = [
            stay.leader,
            stay.member,
            stay.village,
            *(factories.make_user(session, "member") for _ in "ab"),
        ]
        for place, user in enumerate(people[3:], 5):
            stay.posting.team.members.append(Seat(person=user.person, slot="welfare", position=place))
        follower = factories.make_user(session, "member")
        seats = {user.person: "member" for user in (*people[2:], follower)} | {stay.leader.person: "leader"}
        other = factories.make_posting(session, seats, round=stay.posting.team.round, state="approved")
        team, before, posting = other.team_id, stay.posting.team_id, stay.posting.id
        session.delete(other)
        session.commit()
        visit = str(stay.posting.uuid)
    tablets = [Tablet(county, user, visit, dice) for user in (*people, people[3])]
    night, morning, wednesday = (dice.randrange(STEPS) for _ in range(3))
    night, morning = min(night, morning), max(night, morning)
    for step in range(STEPS):
        if step == night:
            county.back_up()
        if step == wednesday:
            county.replaced = posting, before, team, now()
            county.replace()
            next(each for each in tablets if each.user is stay.member).writes = False
            tablets.append(Tablet(county, follower, visit, dice))
        if step == morning and county.backup is not None:
            county.restore()
        one = dice.choice(tablets)
        if one.writes and dice.random() < 0.7:
            one.write()
        if dice.random() < 0.3:
            one.drain()
    for _ in range(200):  # the line is bad to the end, but it is there
        for each in tablets:
            each.drain()
        if all(each.rows.keys() <= each.delivered for each in tablets) and _ % 3 == 2:
            break
    check(county, tablets, posting)


def check(county: County, tablets: list[Tablet], posting: int) -> None:
    with county.session() as session:
        rows = session.scalars(
            select(Operation).where(Operation.posting_id == posting).order_by(Operation.seq)
        ).all()
        refused = select(Quarantined).where(Quarantined.posting_id == posting)
        assert session.scalars(refused).all() == []
    written = {name: each.user.id for each in tablets for name in each.rows}
    knew = {name: known for each in tablets for name, known in each.knew.items()}
    answered = {name for each in tablets for edit in each.rows.values() for name in edit["saw"]}
    in_ledger = {str(row.id): row.author_id for row in rows}
    assert len(rows) == len(in_ledger), "twice"
    assert in_ledger == written, "lost, or under another name"
    for item in ITEMS:
        of_item = [row for row in rows if row.item == item]
        standing = {row.id for row in merge(of_item).standing}
        for word in of_item:
            if word.id in standing:
                assert str(word.id) not in answered, "somebody who saw it has answered over it"
                continue
            others = [each for each in of_item if each is not word]
            own = [each for each in others if each.author_id == word.author_id]
            newer = any(str(each.id) not in knew[str(word.id)] for each in own)
            ended = newer or any(str(word.id) in knew[str(each.id)] for each in others)
            assert ended, "swept away by nobody who had seen it"


@pytest.mark.parametrize("seed", range(3))
def test_a_week_of_six_tablets_loses_no_word(county: County, seed: int) -> None:
    through_a_week(county, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_two_hundred_weeks_lose_no_word(county: County, seed: int) -> None:
    through_a_week(county, seed)
