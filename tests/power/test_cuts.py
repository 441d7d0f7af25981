"""A power cut takes nothing that was acknowledged; a database set less carefully would not stand it."""

from pathlib import Path

import pytest

from inspections.database import open_engine
from tests.power.cuts import Told, a_countys_work, counted, taped

Work = tuple[Path, list[list[Told]]]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    return a_countys_work(tmp_path_factory.mktemp("power"), tablets=6)


def test_cuts_lose_nothing_acknowledged(work: Work, tmp_path: Path) -> None:
    """With the settings that the application itself gives its database."""
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        names = ("journal_mode", "synchronous")
        mode, sync = (connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names)
    engine.dispose()
    before, transactions = work
    tape = taped(before, transactions, [f"journal_mode={mode}", f"synchronous={sync}"])
    found = counted(before, tape, 60)
    assert (found.lost, found.damaged) == (0, 0)


def test_the_test_bites_where_commits_are_not_synced(work: Work) -> None:
    before, transactions = work
    tape = taped(before, transactions, ["journal_mode=WAL", "synchronous=NORMAL"])
    assert counted(before, tape, 30).lost > 0
