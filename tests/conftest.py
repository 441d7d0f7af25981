"""Fixtures for tests with a database, each rolled back.

Such a test runs on SQLite; one marked `both_databases` also on PostgreSQL. The others do so in `make soak`.
"""

import datetime as dt
import gc
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import argon2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Playwright, sync_playwright
from sqlalchemy import orm

from inspections import all_models, create_app, migrations
from inspections.accounts import sign_in as passwords
from inspections.accounts.models import User
from inspections.database import Base, open_engine
from inspections.jobs import QueueState
from tests.chromium import launched
from tests.postgres import private_server
from tests.sample import county as sample

# many tests start the program as a process: each would compile every file anew, and pytest every test
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Two groups with a browser each run in one process, mostly waiting: the tablet's begins at once, the
    other's when that is about done. Side by side they slow each other, and at the end one process would idle.
    """

    def turn(item: pytest.Item) -> int:
        if item.nodeid.startswith("tests/tablet/"):
            return 0
        if item.nodeid.startswith(("tests/browser/", "tests/sample/test_sample.py")):
            return 2
        return 1 if item.nodeid < "tests/q" else 3

    items.sort(key=turn)
    yield  # pytest-xdist writes the groups into the names
    grouped = [item.nodeid for item in items if item.get_closest_marker("xdist_group")]
    if config.getoption("loadgroup", False) and not all("@" in nodeid for nodeid in grouped):
        raise pytest.UsageError("this pytest and this pytest-xdist do not keep groups together (xdist #1386)")


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector of garbage need not walk through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[argon2.PasswordHasher]:
    """What hashes passwords outside of tests. In them a hash costs next to nothing; no setting can say so."""
    real = passwords._hasher
    with pytest.MonkeyPatch.context() as patched:
        cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", cheap)
        patched.setattr(passwords, "_nobody", cheap.hash("nobody"))
        yield real


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        other = pytest.param("postgresql", marks=[] if both else pytest.mark.soak)
        metafunc.parametrize("database", ["sqlite", other], scope="session")


def make_tables(engine: sa.Engine) -> None:
    """Nothing; the database has all tables and says, as a migrated one does, of which release they are."""
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.newest_revision()}')")


@pytest.fixture(scope="session")
def engine(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    all_models()
    folder = tmp_path_factory.mktemp(database)
    if database == "sqlite":
        opened = open_engine(f"sqlite:///{folder / 'test.db'}")
        make_tables(opened)
        yield opened
        opened.dispose()
        return
    # not below pytest's own folder: another run of pytest may prune that while the server lives
    with tempfile.TemporaryDirectory() as own, private_server(Path(own) / "server") as url:
        opened = open_engine(url)
        make_tables(opened)
        yield opened
        opened.dispose()


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    """The one of this process: it cannot be started twice."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    """A Chromium for all tests of this process that need one; each opens a context of its own."""
    opened = launched(playwright_)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def application(engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The real application on that database, without CSRF tokens."""
    return create_app(
        {
            "INSTANCE": tmp_path_factory.mktemp("instance"),
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
        }
    )


class NoWorker:
    """Takes jobs and remembers them; a test runs the business function itself."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def enqueue(self, job: str, key: str) -> None:
        self.taken.append((job, key))

    def state(self, _since: dt.datetime) -> QueueState:
        return QueueState(len(self.taken), None, 0)


@pytest.fixture
def app(engine: sa.Engine, application: Flask) -> Iterator[Flask]:
    """The application with all its sessions inside one transaction that is rolled back after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        application.extensions["sessions"] = lambda reading=False: orm.Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        application.extensions["jobs"] = NoWorker()
        yield application
        outer.rollback()


@pytest.fixture
def session(app: Flask) -> Iterator[orm.Session]:
    """A session in that transaction: what it commits the pages see, and nobody after this test."""
    with app.extensions["sessions"]() as opened:
        yield opened


@pytest.fixture
def sign_in(app: Flask, session: orm.Session) -> Callable[[User], FlaskClient]:
    """A function: the browser of a signed-in user."""

    def browser(user: User) -> FlaskClient:
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return client

    return browser


@pytest.fixture(scope="session")
def sample_county(tmp_path_factory: pytest.TempPathFactory) -> sample.SampleCounty:
    """Those who want it are one group of the run, in one process: it takes half a minute."""
    return sample.load(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    return Path(__file__).parent.parent / "seeds"
