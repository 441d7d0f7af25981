"""Reminders stand exactly once although what writes them is killed, before and after its commit."""

import datetime as dt
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections import all_models, migrations
from inspections.database import open_engine, session_factory, today
from inspections.followup import reminders
from inspections.followup.models import Reminder
from tests.factories import make_item

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database file with three problems that were handed over on different days."""
    address = f"sqlite:///{tmp_path / 'killed.db'}"
    all_models()
    engine = open_engine(address)
    migrations.upgrade(engine)
    with session_factory(engine)() as session:
        for days in (0, 3, 8):
            make_item(session, served_on=today() + dt.timedelta(days=days))
        session.commit()
    yield address
    engine.dispose()


def run(url: str, day: dt.date, moment: str) -> int:
    command = [sys.executable, "-m", "tests.followup.killed_run", url, day.isoformat(), moment]
    return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode


def written(url: str) -> list[tuple[int, str, dt.date]]:
    engine = open_engine(url)
    with orm.Session(engine) as session:
        rows = session.execute(sa.select(Reminder.item_id, Reminder.kind, Reminder.due_on)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("days", [6, pytest.param(365, marks=pytest.mark.soak)])
def test_each_reminder_stands_once_whenever_the_process_is_killed(url: str, days: int) -> None:
    draw = random.Random(5)
    first, due = today() + dt.timedelta(days=6), set()
    engine = open_engine(url)
    with orm.Session(engine) as session:
        for n in range(days):
            due |= {
                (one.item_id, one.kind, one.due_on) for one in reminders.due(session, first + dt.timedelta(n))
            }
    engine.dispose()
    deaths = 0
    for n in range(days):
        day = first + dt.timedelta(days=n)
        moment = draw.choice(["before", "after"])
        code = run(url, day, moment)
        deaths += code < 0
        if moment == "before":  # the next worker does what the dead one left
            assert run(url, day, "never") == 0
    assert deaths
    rows = written(url)
    assert len(rows) == len(set(rows))
    assert set(rows) == due
