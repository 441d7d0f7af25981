"""SQLite's one write lock: taken with a page's first write, not before and not over others'."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from inspections.database import Overtaken, holds_lock, open_engine, session_factory


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    opened = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with opened.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
    return opened


INSERT = sa.text("INSERT INTO t VALUES (1)")
COUNT = sa.text("SELECT count(*) FROM t")


def test_a_page_that_has_only_looked_keeps_nobody_from_writing(engine: sa.Engine) -> None:
    opened = session_factory(engine)
    with opened(reading=True) as page, opened() as other:
        assert page.scalar(COUNT) == 0
        assert not holds_lock()
        other.execute(INSERT)
        assert holds_lock()
        other.commit()
        assert not holds_lock()


def test_a_page_writes_when_nobody_wrote_since_it_looked(engine: sa.Engine) -> None:
    opened = session_factory(engine)
    with opened(reading=True) as page:
        assert page.scalar(COUNT) == 0
        page.execute(INSERT)
        assert holds_lock()
        page.execute(INSERT)
        page.commit()
    with opened(reading=True) as page, page.begin_nested():
        assert page.scalar(COUNT) == 2
        assert holds_lock()
    assert not holds_lock()


def test_a_page_that_was_overtaken_says_so_instead_of_writing(engine: sa.Engine) -> None:
    opened = session_factory(engine)
    with opened(reading=True) as page, opened() as other:
        assert page.scalar(COUNT) == 0
        other.execute(INSERT)
        other.commit()
        with pytest.raises(Overtaken):
            page.execute(INSERT)
        page.rollback()
        assert not holds_lock()
        assert page.scalar(COUNT) == 1


def test_after_its_first_commit_a_page_is_a_writer_from_the_start(engine: sa.Engine) -> None:
    with session_factory(engine)(reading=True) as page:
        page.execute(INSERT)
        page.commit()
        page.scalar(COUNT)
        assert holds_lock()
    assert not holds_lock()
