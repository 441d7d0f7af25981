"""A worker that dies inside a solve: the next worker finishes the plan, and it stands there once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import Base, open_engine
from inspections.journal import JournalEntry
from inspections.planning import generate, verdicts
from inspections.rounds.models import Plan, Posting, Seat, Team
from tests.planning.county import small_county
from tests.postgres import private_server

#: a worker process; told to stall, it writes a file in the middle of the search and never goes on
WORKER = """
import os, pathlib, sys, time
from inspections import create_app, worker
from inspections.planning import generate, verdicts

real = generate.solve
def stalling(problem, seconds, seed, progress, stopped):
    def told(news):
        progress(news)
        if news.phase == "improve":
            pathlib.Path(os.environ["STALL"]).touch()
            time.sleep(600)
    return real(problem, seconds, seed, told, stopped)

def breaking(*arguments):
    mark = pathlib.Path(os.environ["BREAK"])
    if mark.exists():
        return real(*arguments)
    mark.touch()
    raise RuntimeError("no solver")

end = generate.end_without
def unreachable(*arguments):
    generate.end_without = end
    raise RuntimeError("no database")

if "STALL" in os.environ:
    generate.solve = stalling
if "BREAK" in os.environ:
    generate.solve, generate.end_without = breaking, unreachable
worker.work(create_app(), executor=sys.argv[1], silent=2.0)
"""

PATIENCE = 50.0


@pytest.fixture(params=["sqlite", "postgresql-other-host"])
def successor(request: pytest.FixtureRequest) -> str:
    """Which database, and whether the next worker runs on the same host. SQLite has one host only."""
    found: str = request.param
    return found


@pytest.fixture
def url(successor: str, tmp_path: Path) -> Iterator[str]:
    if successor == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.db'}"
        return
    # not below pytest's own folder: another run of pytest may prune that while the server lives
    with tempfile.TemporaryDirectory() as own, private_server(Path(own) / "server") as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    opened = open_engine(url)
    Base.metadata.create_all(opened)
    yield opened
    opened.dispose()


@contextmanager
def running_worker(
    url: str, instance: Path, executor: str, **given: str
) -> Iterator[subprocess.Popen[bytes]]:
    own = {"INSPECTIONS_DATABASE_URL": url, "INSPECTIONS_INSTANCE": str(instance), **given}
    process = subprocess.Popen([sys.executable, "-c", WORKER, executor], env={**os.environ, **own})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def wait_until(met: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_a_plan_whose_worker_was_killed_is_finished_once_by_the_next(
    engine: sa.Engine, url: str, tmp_path: Path, successor: str
) -> None:
    with orm.Session(engine) as session:
        plan = generate.queue(session, small_county(session), seed=3, seconds=20, user=None)
        session.commit()
        name = plan.uuid

    def state() -> str:
        with orm.Session(engine) as session:
            return session.scalars(sa.select(Plan.state).where(Plan.uuid == name)).one()

    stalled = tmp_path / "stalled"
    second = "host-b" if successor.endswith("other-host") else "host-a"
    with running_worker(url, tmp_path / "host-a", "host-a", STALL=str(stalled)) as first:
        wait_until(stalled.exists, first)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert state() == "solving"

    with running_worker(url, tmp_path / second, second) as process:
        wait_until(lambda: state() == "ready", process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0

    with orm.Session(engine) as session:
        plan = session.scalars(sa.select(Plan).where(Plan.uuid == name)).one()
        assert plan.progress["attempt"] == 2
        told = session.scalars(sa.select(JournalEntry.act).where(JournalEntry.subject == name)).all()
        assert list(told) == ["plan.queue", "plan.ready"]
        count = {
            model: session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Team, Posting)
        }
        assert count[Team] == count[Posting] == len(plan.answer["teams"]) == 12
        seats = sum(len(team["members"]) for team in plan.answer["teams"])
        assert session.scalar(sa.select(sa.func.count()).select_from(Seat)) == seats
        assert verdicts.judged(plan).broken == ()


@pytest.mark.parametrize("successor", ["sqlite"], indirect=True)
def test_a_plan_whose_job_broke_before_it_could_say_so_is_run_again(
    engine: sa.Engine, url: str, tmp_path: Path, successor: str
) -> None:
    with orm.Session(engine) as session:
        plan = generate.queue(session, small_county(session), seed=3, seconds=5, user=None)
        session.commit()
        name = plan.uuid

    def state() -> str:
        with orm.Session(engine) as session:
            return session.scalars(sa.select(Plan.state).where(Plan.uuid == name)).one()

    broken = tmp_path / "broken"
    with running_worker(url, tmp_path / "host-a", "host-a", BREAK=str(broken)) as process:
        wait_until(lambda: state() == "ready", process)
    assert broken.exists()
    with orm.Session(engine) as session:
        assert session.scalars(sa.select(Plan).where(Plan.uuid == name)).one().progress["attempt"] == 2
