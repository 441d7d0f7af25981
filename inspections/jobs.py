"""Hands long work to the worker: a job is a name and the random name of the record it works on.

It knows nothing of what a job does (`worker.py`) and may be called again for the same record without harm.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions
from sqlalchemy import orm

from inspections.database import Base, now

log = logging.getLogger(__name__)

QUEUE = "inspections"
#: a job that ends in error although its record still waits is run again so often
MOST_RUNS = 10
#: how a run ends without having done its work
BROKEN = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class Heartbeat(Base):
    """When a worker was last alive; what a worker left that is silent for long is taken over."""

    __tablename__ = "heartbeats"

    executor: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    seen_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


def open_job_engine(database_url: str, instance: Path) -> sa.Engine:
    """The engine of the job library's own tables: PostgreSQL beside ours, SQLite in a file of its own.

    The library starts its own transactions on SQLite, hence not `database.open_engine`; the journal
    settings are the same.
    """
    if not database_url.startswith("sqlite"):
        return sa.create_engine(database_url, pool_pre_ping=True)
    engine = sa.create_engine(f"sqlite:///{instance / 'jobs.db'}", module=pysqlite3)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs wait or run, since when the oldest does, and how many ended in error lately."""

    waiting: int
    oldest: dt.datetime | None
    failed: int


class Jobs:
    """The way from the web process to the worker."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._client: DBOSClient | None = None

    @property
    def client(self) -> DBOSClient:
        """The library's client, opened at first use: the worker may not have made its tables at start."""
        if self._client is None:
            self._client = DBOSClient(system_database_engine=self.engine)
        return self._client

    def enqueue(self, job: str, key: str) -> None:
        """Nothing; the worker will run `job(key)` once, however often this is said; again when that broke.

        Said after the commit of the record that waits. Before the first worker has ever started there are no
        job tables: no harm, for each worker also looks through the records that wait.
        """
        try:
            name = self._name(f"{job}:{key}")
            options: EnqueueOptions = {"queue_name": QUEUE, "workflow_name": job, "workflow_id": name}
            self.client.enqueue(options, key)
        except sa.exc.SQLAlchemyError as fault:
            log.warning("%s %s waits until a worker finds it: %s", job, key, fault)

    def state(self, since: dt.datetime) -> QueueState:
        """The queue as it stands, with the failures since then; empty before the first worker."""
        try:
            active = self.client.list_workflows(
                status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
            )
            told = since.isoformat()
            failed = self.client.list_workflows(
                status=list(BROKEN), start_time=told, load_input=False, load_output=False
            )
        except sa.exc.SQLAlchemyError:
            return QueueState(0, None, 0)
        stamps = [one.created_at for one in active if one.created_at]
        oldest = dt.datetime.fromtimestamp(min(stamps) / 1000, dt.UTC) if stamps else None
        return QueueState(len(active), oldest, len(failed))

    def _name(self, first: str) -> str:
        """The name to enqueue under: that of the newest run unless it broke, for a name runs only once."""
        names = [first, *(f"{first}#{n}" for n in range(2, MOST_RUNS + 1))]
        runs = self.client.list_workflows(workflow_ids=names, load_input=False, load_output=False)
        broken = {run.workflow_id for run in runs if run.status in BROKEN}
        return next((name for name in names if name not in broken), names[-1])
