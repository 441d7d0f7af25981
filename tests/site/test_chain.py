"""The chain: whatever is changed with the database's own tool is named, first record first."""

import datetime as dt
import hashlib
import random
import shutil
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import all_models
from inspections.accounts.models import User
from inspections.database import Base, at, now, open_engine, session_factory
from inspections.findings.models import Photo
from inspections.journal import JournalEntry, record
from inspections.site import chain
from tests import factories


class County:
    """An installation of one file, whose rows are linked."""

    def __init__(self, folder: Path) -> None:
        all_models()
        self.file, self.anchor = folder / "a.db", chain.Anchor(folder)
        self.engine = open_engine(f"sqlite:///{self.file}")
        Base.metadata.create_all(self.engine)
        self.open: Callable[..., orm.Session] = session_factory(self.engine, **{chain.SEAL: self.anchor})

    def write(self, entries: int) -> None:
        with self.open() as session:
            for n in range(entries):
                record(session, "session.open", number=n)
            session.commit()

    def faults(self) -> list[chain.Broken]:
        with self.open(reading=True) as session:
            return list(chain.faults(session, self.anchor))

    def tamper(self, *statements: str) -> None:
        """As somebody does who has the file and no program of ours."""
        self.engine.dispose()
        raw = sqlite3.connect(self.file)
        raw.execute("PRAGMA recursive_triggers=OFF")
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        raw.close()


@pytest.fixture
def county(tmp_path: Path) -> County:
    made = County(tmp_path)
    with made.open() as session:
        factories.make_finding(session, factories.make_posting(session))
        session.commit()
    made.write(20)
    assert made.faults() == []
    return made


def test_the_key_is_private_and_outside_the_database(county: County) -> None:
    assert county.anchor.key_file.stat().st_mode & 0o077 == 0
    assert county.anchor.key not in county.file.read_bytes()


@pytest.mark.parametrize(
    ("statement", "kind", "row"),
    [
        ("UPDATE journal SET act = 'plan.approve' WHERE id = 7", "journal", "7"),
        ("UPDATE journal SET actor_id = NULL, detail = '{}' WHERE id = 9", "journal", "9"),
        ("UPDATE journal SET at = '2020-01-01 00:00:00' WHERE id = 11", "journal", "11"),
        ("DELETE FROM journal WHERE id = 5", "journal", "5"),
        ("DELETE FROM journal WHERE id >= 15", "journal", "15"),
        ("INSERT INTO journal (id, at, act, detail) VALUES (99, '2026-01-01', 'x', '{}')", "journal", "99"),
        ("UPDATE finding_revisions SET summary = 'nothing' WHERE id = 1", "finding_revisions", "1"),
        ("DELETE FROM chain WHERE place = 6", "chain", "6"),
        ("UPDATE chain SET digest = 'x' WHERE place = 8", "chain", "8"),
        ("UPDATE chain SET seal = (SELECT seal FROM chain WHERE place = 2) WHERE place = 4", "chain", "4"),
    ],
)
def test_a_tampering_is_found_and_named(county: County, statement: str, kind: str, row: str) -> None:
    county.tamper(statement)
    first = county.faults()[0]
    assert (first.kind, first.row) == (kind, row)


def test_an_end_that_was_cut_off_is_found(county: County) -> None:
    place = county.anchor.head()[0]
    county.tamper(f"DELETE FROM chain WHERE place = {place}", "DELETE FROM journal WHERE id = 20")
    assert county.faults()[0].row == str(place)


def test_two_rows_that_change_places_are_found(county: County) -> None:
    county.tamper(
        "UPDATE journal SET id = 1000 WHERE id = 3",
        "UPDATE journal SET id = 3 WHERE id = 4",
        "UPDATE journal SET id = 4 WHERE id = 1000",
    )
    assert county.faults()[0] == chain.Broken("journal", "3", "内容与写入时不同")


def test_an_old_database_put_back_is_found(county: County, tmp_path: Path) -> None:
    county.tamper()
    shutil.copy(county.file, tmp_path / "old.db")
    county.write(3)
    county.tamper()
    for end in ("", "-wal", "-shm"):
        Path(f"{county.file}{end}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "old.db", county.file)
    assert "旧的数据库" in county.faults()[0].what


def test_the_code_without_the_key_makes_no_chain(county: County, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    forger = chain.Anchor(tmp_path / "other")
    before, values = "", []
    raw = sqlite3.connect(county.file)
    for place, kind, row, digest in raw.execute("SELECT place, kind, row, digest FROM chain ORDER BY place"):
        before = forger.seal(before, place, kind, row, digest)
        values.append(f"UPDATE chain SET seal = '{before}' WHERE place = {place}")
    raw.close()
    county.tamper(*values)
    assert county.faults()[0] == chain.Broken("chain", "1", "链条在此处被改动或缺少一环")


def test_a_changed_paper_is_linked_anew_and_a_rolled_back_row_not_at_all(county: County) -> None:
    with county.open() as session:
        record(session, "session.open")
        session.flush()
        session.rollback()
    with county.open() as session:
        with session.begin_nested() as part:
            record(session, "session.refused")
            session.flush()
            part.rollback()
        with session.begin_nested():
            record(session, "session.open")
        session.commit()
    with county.open() as session, at(now() - dt.timedelta(days=400)):  # a clock that jumps
        record(session, "session.open")
        session.commit()
    assert county.faults() == []


def test_a_session_without_the_seal_is_noticed(county: County) -> None:
    with session_factory(county.engine)() as session:
        session.add(JournalEntry(act="session.open", detail={}))
        session.commit()
    assert county.faults()[0].what == "没有记入链条：不是由本系统写入的"


def tamper_at_random(county: County, rolls: int, old: Path, clean: Path) -> int:
    """Each is located: the table and the first record of it that is not as it was written.

    `old` is the same database twenty entries earlier; whoever puts it back cuts the end of the chain off.
    """
    chance, named = random.Random(7), 0
    for _ in range(rolls):
        row, other = sorted(chance.sample(range(1, 21), 2))
        kind = chance.choice(
            ("update", "delete", "insert", "swap", "clock", "seal", "link", "truncate", "replace", "replay")
        )
        county.engine.dispose()
        for end in ("-wal", "-shm"):
            Path(f"{county.file}{end}").unlink(missing_ok=True)
        shutil.copy(old if kind == "replay" else clean, county.file)
        if kind == "replay":
            with county.open(reading=True) as session:
                row = chain.newest(session)[0] + 1
        if kind == "insert":
            row = 100 + row
        county.tamper(
            {
                "update": f"UPDATE journal SET detail = '{{\"number\": 77}}' WHERE id = {row}",
                "delete": f"DELETE FROM journal WHERE id = {row}",
                "clock": f"UPDATE journal SET at = '2001-01-01 00:00:00' WHERE id = {row}",
                "seal": f"UPDATE chain SET seal = digest WHERE place = {row}",
                "link": f"DELETE FROM chain WHERE place = {row}",
                "truncate": f"DELETE FROM journal WHERE id >= {row}",
                "insert": "INSERT INTO journal (id, at, act, detail) "
                f"VALUES ({row}, '2026-01-01', 'x', '{{}}')",
                "swap": f"UPDATE journal SET detail = '{{\"number\": ' || ({row} + {other} - id) || '}}' "
                f"WHERE id IN ({row}, {other})",
                "replace": f"INSERT OR REPLACE INTO journal (id, at, act, detail) "
                f"SELECT id, at, 'plan.approve', detail FROM journal WHERE id = {row}",
                "replay": "SELECT 1",
            }[kind]
        )
        first = county.faults()[0]
        assert first.row == str(row), (kind, row, first)
        assert first.kind == ("chain" if kind in ("seal", "link", "replay") else "journal")
        named += 1
    return named


def located(county: County, folder: Path, rolls: int) -> int:
    """How many tamperings of random kinds were named with their very record; one that is not fails."""
    county.tamper()
    shutil.copy(county.file, folder / "old.db")
    county.write(20)
    county.tamper()
    shutil.copy(county.file, folder / "clean.db")
    return tamper_at_random(county, rolls, folder / "old.db", folder / "clean.db")


def test_tamperings_at_random_are_located(county: County, tmp_path: Path) -> None:
    assert located(county, tmp_path, 25) == 25


@pytest.mark.soak
def test_a_thousand_tamperings_are_located(county: County, tmp_path: Path) -> None:
    assert located(county, tmp_path, 1000) == 1000


def test_the_code_on_a_paper_tells_where_its_record_stands(county: County) -> None:
    with county.open(reading=True) as session:
        entry = session.get_one(JournalEntry, 9)
        told = chain.code(session, entry)
        found = chain.placed(session, told.lower())
        assert found is not None
        assert (found.kind, found.row) == ("journal", "9")
        assert chain.placed(session, "AAAA-AAAA-AAAA") is None
    with county.open() as session:
        assert chain.code(session, Photo(id=uuid.uuid4())) == ""


def test_the_short_code_of_a_link() -> None:
    assert chain.short("00" * 32) == "AAAA-AAAA-AAAA"


def test_an_altered_pdf_or_photograph_is_never_served(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    posting = factories.make_posting(session)
    author = factories.make_user(session, "planner")
    folder = Path(app.instance_path) / "photos"
    photo = Photo(
        id=uuid.uuid4(),
        posting_id=posting.id,
        unit_id=posting.unit_id,
        media_type="image/jpeg",
        width=1,
        height=1,
        size=4,
        sha256=hashlib.sha256(b"true").hexdigest(),
        author_id=author.id,
    )
    session.add(photo)
    client = sign_in(author)
    file = folder / str(photo.id)
    file.write_bytes(b"true")
    assert client.get(f"/photos/{photo.id}").data == b"true"
    file.write_bytes(b"fals")
    refused = client.get(f"/photos/{photo.id}")
    assert refused.status_code == 500
    assert "与入库时不同" in refused.get_data(as_text=True)
    acts = list(session.scalars(select(JournalEntry.act).where(JournalEntry.subject == photo.id)))
    assert acts == ["photo.read", "trace.broken"]
    file.unlink()


def test_what_is_beyond_ones_right_is_refused_and_written_down(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = sign_in(factories.make_user(session, "member"))
    assert client.get("/accounts").status_code == 403
    [probe] = session.scalars(select(JournalEntry).where(JournalEntry.act == "probe.refused"))
    assert probe.detail == {"action": "account.read"}


def test_a_row_is_held_to_the_chain_when_it_is_handed_out(county: County) -> None:
    """Whoever changes a paper's bytes changes its hash too: the link does not follow."""
    with county.open(reading=True) as session:
        assert all(chain.holds(session, row) for row in session.scalars(select(JournalEntry)))
    county.tamper("UPDATE journal SET act = 'plan.approve' WHERE id = 7")
    with county.open(reading=True) as session:
        assert [row.id for row in session.scalars(select(JournalEntry)) if not chain.holds(session, row)] == [
            7
        ]
    forged = chain.Broken("chain", "9", "链条在此处被改动或缺少一环")
    county.tamper("UPDATE chain SET seal = digest WHERE place = 9")
    assert county.faults()[0] == forged
    with county.open(reading=True) as session:
        of_nine = session.scalars(select(chain.Link).where(chain.Link.place == 9)).one()
        if of_nine.kind == "journal":
            assert not chain.holds(session, session.get_one(JournalEntry, int(of_nine.row)))
