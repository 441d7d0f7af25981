"""A disk that runs full: pictures are turned away first, words go on, and what fails says why."""

import contextlib
import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pysqlite3
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import worker
from inspections.accounts.models import User
from inspections.database import open_engine, session_factory
from inspections.site import room
from inspections.site.limits import MB
from inspections.site.refusal import Refusal
from tests import factories

SignIn = Callable[[User], FlaskClient]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def left(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * MB, 0, free))


def test_with_little_room_pictures_are_turned_away_and_words_are_not(
    app: Flask, session: orm.Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(factories.make_user(session))
    left(monkeypatch, room.FOR_WORDS - 1)
    refused = client.post("/roster", data={"file": "x" * (room.WORDS + 1)})
    assert refused.status_code == 507
    assert "磁盘空间不足" in refused.text
    words = {"old": "x", "new": "a long enough one", "again": "another"}
    assert client.post("/password", data=words).status_code == 422
    left(monkeypatch, room.FOR_WORDS)
    assert client.post("/roster", data={"file": "x" * (room.WORDS + 1)}).status_code != 507


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")),
    ],
)
def test_a_full_disk_says_so_and_throws_the_ballast_off(app: Flask, fault: Exception) -> None:
    ballast = Path(app.instance_path) / "ballast"
    ballast.write_bytes(b"x")
    with app.test_request_context("/units"):
        body, code = app.handle_user_exception(fault)  # type: ignore[misc]
    assert code == 507
    assert "磁盘已满" in body
    assert not ballast.exists()


def test_the_ballast_is_laid_only_where_there_is_ample_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BALLAST", 4096)
    left(monkeypatch, 2 * room.FOR_WORDS - 1)
    room.keep_ballast(tmp_path)
    assert not (tmp_path / "ballast").exists()
    left(monkeypatch, 2 * room.FOR_WORDS)
    room.keep_ballast(tmp_path)
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 4096, "an empty hole keeps no room"


def test_no_worker_starts_on_damaged_pages(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a TEXT)")
        for _ in range(200):
            connection.exec_driver_sql("INSERT INTO t VALUES (hex(randomblob(200)))")
    worker.refuse_damaged(session_factory(engine), tmp_path)
    engine.dispose()
    with contextlib.closing(pysqlite3.connect(str(tmp_path / "a.db"))) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray((tmp_path / "a.db").read_bytes())
    data[4096 * 3 : 4096 * 3 + 64] = b"\xff" * 64
    (tmp_path / "a.db").write_bytes(data)
    with pytest.raises(Refusal, match=r"损坏.*用最近的备份恢复"):
        worker.refuse_damaged(session_factory(engine), tmp_path)
    engine.dispose()
