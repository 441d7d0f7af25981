"""A worker that dies inside a solve: the next worker finishes the plan, and it stands there once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import Base, open_engine
from inspections.journal import JournalEntry
from inspections.rounds import generate
from inspections.rounds.models import Plan, Posting, Seat, Team
from tests.postgres import private_server
from tests.rounds.county import small_county

#: a worker process; told to stall, it writes a file in the middle of the search and never goes on
WORKER = """
import os, pathlib, sys, time
from inspections import create_app, worker
from inspections.rounds import generate

real = generate.solve
def stalling(problem, seconds, seed, progress, stopped):
    def told(news):
        progress(news)
        if news.phase == "improve":
            pathlib.Path(os.environ["STALL"]).touch()
            time.sleep(600)
    return real(problem, seconds, seed, told, stopped)

if "STALL" in os.environ:
    generate.solve = stalling
worker.work(create_app(), executor=sys.argv[1], silent=2.0)
"""

PATIENCE = 50.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    server = private_server(tmp_path / "server") if request.param == "postgresql" else None
    with server or nullcontext(f"sqlite:///{tmp_path / 'own.db'}") as url:
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


def wait_until(met: object, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():  # type: ignore[operator]
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.mark.parametrize("successor", ["host-a", "host-b"], ids=["same-host", "other-host"])
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
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    # the job tables of SQLite lie in the instance folder, so one folder is one host there
    second = tmp_path / ("b" if successor == "host-b" and url.startswith("postgresql") else "a")
    with running_worker(url, tmp_path / "a", "host-a", STALL=str(stalled)) as first:
        wait_until(stalled.exists, first)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert state() == "solving"

    with running_worker(url, second, successor) as process:
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
        assert generate.judged(plan).broken == ()
