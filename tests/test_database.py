"""The guarded engine, instants in UTC, append-only tables, and real places kept out of findings."""

import datetime as dt
import types
from pathlib import Path

import pysqlite3
import pytest
import sqlalchemy as sa
from sqlalchemy import exc, orm

from inspections import journal
from inspections.database import open_engine, session_factory, sqlite_is_fixed
from inspections.findings.models import Finding, FindingRevision
from tests import factories

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("version", "fixed"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 51, 1), False), ((3, 51, 3), True)],
)
def test_only_fixed_sqlite_versions_count_as_fixed(version: tuple[int, ...], fixed: bool) -> None:
    assert sqlite_is_fixed(version) is fixed


def test_the_shipped_sqlite_is_a_fixed_one() -> None:
    assert sqlite_is_fixed(pysqlite3.sqlite_version_info)


def test_a_fixed_sqlite_runs_in_wal_with_full_sync(tmp_path: object) -> None:
    with open_engine(f"sqlite:///{tmp_path}/a.db").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_an_older_sqlite_runs_without_wal_and_says_so(
    tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    old = types.ModuleType("old")
    old.__dict__.update(vars(pysqlite3) | {"sqlite_version_info": (3, 40, 1), "sqlite_version": "3.40.1"})
    with open_engine(f"sqlite:///{tmp_path}/b.db", sqlite=old).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3
    assert "3.40.1" in caplog.text


def test_an_instant_comes_back_in_utc(session: orm.Session) -> None:
    there = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    entry = journal.record(session, "test.act")
    entry.at = there
    session.commit()
    session.expire_all()
    assert entry.at == there
    assert entry.at.utcoffset() == dt.timedelta(0)


def test_an_instant_without_a_zone_is_refused(session: orm.Session) -> None:
    journal.record(session, "test.act").at = dt.datetime(2026, 3, 2)  # noqa: DTZ001 - what must be refused
    with pytest.raises(exc.StatementError, match="time zone"):
        session.flush()


@pytest.mark.parametrize("verb", ["UPDATE journal SET act = 'x'", "DELETE FROM journal"])
def test_the_journal_cannot_be_altered(session: orm.Session, verb: str) -> None:
    journal.record(session, "test.act")
    session.commit()
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.execute(sa.text(verb))


def test_a_revision_of_a_finding_cannot_be_altered(session: orm.Session) -> None:
    finding = factories.make_finding(session)
    session.commit()
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.execute(
            sa.update(FindingRevision).where(FindingRevision.finding_id == finding.id).values(n=9)
        )


def test_a_real_place_can_never_have_a_finding(session: orm.Session) -> None:
    posting = factories.make_posting(session, unit=factories.make_unit(session, planning_only=True))
    author = factories.make_user(session)
    session.add(Finding(number="x", posting=posting, unit_id=posting.unit_id, created_by=author))
    with pytest.raises(exc.IntegrityError):
        session.flush()


def test_a_real_place_cannot_be_claimed_to_be_fictional_by_the_finding(session: orm.Session) -> None:
    posting = factories.make_posting(session, unit=factories.make_unit(session, planning_only=True))
    author = factories.make_user(session)
    claim = Finding(
        number="x", posting=posting, unit_id=posting.unit_id, unit_planning_only=True, created_by=author
    )
    session.add(claim)
    with pytest.raises(exc.IntegrityError):
        session.flush()


def test_the_state_of_a_finding_is_its_newest_step(session: orm.Session) -> None:
    assert factories.make_finding(session, state="signed").state == "signed"


def test_a_page_that_ends_a_savepoint_stays_on_its_own_connection(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'own.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE words (said TEXT)")
    with session_factory(engine)(reading=True) as page:
        with page.begin_nested():
            page.execute(sa.text("INSERT INTO words VALUES ('a')"))
        before = page.connection()
        assert page.connection() is before
        assert page.bind is not engine, "it would wait for its own lock"
        page.commit()
        assert page.bind is engine
    engine.dispose()
