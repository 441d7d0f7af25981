"""The tables' base class, the guarded engine and the session.

The only place that knows which database stands behind the application; no business rule lives here.
"""

import contextlib
import contextvars
import datetime as dt
import logging
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pysqlite3
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from inspections.reading.days import Day
from inspections.wording import SHANGHAI

log = logging.getLogger(__name__)

#: [from, before): SQLite without the WAL-reset bug (two writers that checkpoint at once lose commits)
FIXED_SQLITE: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((3, 44, 6), (3, 45, 0)),
    ((3, 50, 7), (3, 51, 0)),
    ((3, 51, 3), (99, 0, 0)),
)


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An instant, stored in UTC. A value without a zone is refused: nobody could say what it means."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class AboutDay(sa.types.TypeDecorator[dt.date]):
    """A day with how exactly it is known: 2018-03-31, or 2018-03-31~month for an end in 2018.03."""

    impl = sa.String(16)
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        precision = getattr(value, "precision", "day")
        return value.isoformat() if precision == "day" else f"{value.isoformat()}~{precision}"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Day | None:
        if value is None:
            return None
        day, _, precision = value.partition("~")
        found = dt.date.fromisoformat(day)
        return Day(found.year, found.month, found.day, precision or "day")


class Base(orm.DeclarativeBase):
    """All tables; every constraint has a name, so that a migration can drop it on every database."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        dt.datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[str]: sa.JSON,
    }

    def __repr__(self) -> str:
        name = getattr(self, "code", None) or getattr(self, "uuid", None) or getattr(self, "id", None)
        return f"<{type(self).__name__} {name}>"


class Named:
    """A row that a browser may see: its address is a random name, never a number that can be counted."""

    uuid: orm.Mapped[UUID] = orm.mapped_column(default=uuid4, unique=True)


M = TypeVar("M", bound=type[Base])


def append_only(model: M) -> M:
    """The model, its table now guarded by triggers that refuse UPDATE and DELETE on either database."""
    for statement in append_only_ddl(model.__tablename__, "sqlite"):
        sa.event.listen(model.__table__, "after_create", sa.DDL(statement).execute_if(dialect="sqlite"))
    for statement in append_only_ddl(model.__tablename__, "postgresql"):
        sa.event.listen(model.__table__, "after_create", sa.DDL(statement).execute_if(dialect="postgresql"))
    APPEND_ONLY.append(model.__tablename__)
    return model


APPEND_ONLY: list[str] = []


#: append-only tables whose row may be blotted once `blotted_rows` names it: its words lie sealed elsewhere
BLOTTED = ("finding_revisions", "finding_steps", "operations", "quarantined_operations")
_IS_BLOTTED = "SELECT 1 FROM blotted_rows b WHERE b.kind = 'TABLE' AND b.row = OLD.KEY"


def append_only_ddl(table: str, dialect: str) -> list[str]:
    """The statements that make `table` append-only; also used by the migrations."""
    key = "seq" if table == "operations" else "id"
    named = _IS_BLOTTED.replace("TABLE", table).replace("KEY", key)
    if dialect == "sqlite":
        unless = f" WHEN NOT EXISTS ({named})" if table in BLOTTED else ""
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f"{unless if verb == 'UPDATE' else ''} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    refuse = f"RAISE EXCEPTION '{table} is append-only'"
    if table not in BLOTTED:
        return [
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {refuse}; END $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF EXISTS ({named}) THEN RETURN NEW; END IF; END IF; {refuse}; "
        "END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


@contextlib.contextmanager
def unguarded(session: orm.Session, table: str) -> Iterator[None]:
    """Inside the block the table is not append-only, for this transaction alone: what must go may go."""
    connection = session.connection()
    if table not in APPEND_ONLY:
        yield
    elif connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))
        yield
        for statement in append_only_ddl(table, "sqlite"):
            connection.execute(sa.text(statement))
    else:
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def sqlite_is_fixed(version: tuple[int, ...]) -> bool:
    """True where this SQLite may run in WAL mode without losing acknowledged commits."""
    return any(low <= version < high for low, high in FIXED_SQLITE)


def open_engine(url: str, sqlite: types.ModuleType = pysqlite3) -> sa.Engine:
    """The guarded engine for a database URL.

    SQLite: the engine shipped with `pysqlite3`, WAL with synchronous=FULL where its version is fixed, else
    DELETE with EXTRA, said on the log; see `_lock_late` for when a transaction takes the lock. PostgreSQL: as
    it is.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(url, module=sqlite, hide_parameters=True)
    fixed = sqlite_is_fixed(tuple(sqlite.sqlite_version_info))
    if not fixed:
        log.warning(
            "SQLite %s loses commits in WAL mode; using journal_mode=DELETE, synchronous=EXTRA",
            sqlite.sqlite_version,
        )
    pragmas = {
        "busy_timeout": "10000",
        "journal_mode": "WAL" if fixed else "DELETE",
        "synchronous": "FULL" if fixed else "EXTRA",
        "foreign_keys": "ON",
        "recursive_triggers": "ON",  # else INSERT OR REPLACE deletes rows without firing the guard
        "trusted_schema": "OFF",
        "secure_delete": "ON",
        "cell_size_check": "ON",
    }

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the begin event below starts transactions
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    _lock_late(engine)
    return engine


class Overtaken(Exception):
    """Somebody else wrote after this transaction had looked and before its first write: look again."""


#: threads that hold SQLite's only write lock
_holders: set[int] = set()


def holds_lock() -> bool:
    """Whether this thread keeps everybody else from writing (SQLite)."""
    return threading.get_ident() in _holders


def _lock_late(engine: sa.Engine) -> None:
    """Nothing; SQLite's one write lock is taken as late as can be.

    A page's transaction begins as a reader and becomes a writer with its first write, provided that nobody
    wrote since it looked (else Overtaken: the page is asked once more). Any other transaction begins as a
    writer, so that it waits for the lock at its start instead of failing at its first write.
    """

    def lock(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.info["holder"] = threading.get_ident()
        _holders.add(threading.get_ident())

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.info["holder"] = None
        if connection.get_execution_options().get("reading", False):
            connection.exec_driver_sql("BEGIN")
        else:
            lock(connection)

    def write(connection: sa.Connection) -> None:
        if connection.info.get("holder") is not None:
            return
        looked = connection.exec_driver_sql("PRAGMA data_version").scalar()
        connection.exec_driver_sql("ROLLBACK")  # a reader that waited for the lock would wait for itself
        lock(connection)
        if connection.exec_driver_sql("PRAGMA data_version").scalar() != looked:
            raise Overtaken

    @sa.event.listens_for(engine, "before_cursor_execute")
    def writing(connection: sa.Connection, _: Any, statement: str, *rest: Any) -> None:
        context = rest[1]
        composed = context is not None and (context.isinsert or context.isupdate or context.isdelete)
        if composed or statement[:7].upper() in ("INSERT ", "UPDATE ", "DELETE ", "REPLACE"):
            write(connection)

    @sa.event.listens_for(engine, "savepoint")
    def part(connection: sa.Connection, _: str) -> None:
        write(connection)

    @sa.event.listens_for(engine, "commit")
    @sa.event.listens_for(engine, "rollback")
    def free(connection: sa.Connection) -> None:
        _holders.discard(connection.info.pop("holder", None) or 0)

    @sa.event.listens_for(engine, "checkin")
    def left(_: Any, record: Any) -> None:
        """A session that was dropped without its end."""
        _holders.discard(record.info.pop("holder", None) or 0)


def session_factory(engine: sa.Engine, **info: Any) -> Callable[..., orm.Session]:
    """A function that opens sessions: `open_session(reading=True)` for pages, which look before they write.

    `info` is what every session knows from the start: the seal of the chain.
    After its first commit a page's session begins as a writer: it cannot be asked once more from there.
    """

    def open_session(reading: bool = False) -> orm.Session:
        opened = orm.Session(engine.execution_options(reading=True) if reading else engine)
        opened.expire_on_commit = False
        opened.info.update(info)

        @sa.event.listens_for(opened, "after_commit")
        def committed(_: orm.Session) -> None:
            # a savepoint that is released says so too, and its transaction goes on with its own connection
            if not opened.in_nested_transaction():
                opened.bind = engine

        return opened

    return open_session


#: under this key a session's `info` has (table, key) of rows that want a link in the chain (`site.chain`)
TOUCHED = "touched"


def insert_or_ignore(
    session: orm.Session, model: type[Base], values: dict[str, Any], returning: Any
) -> Any | None:
    """`returning` of the row written; None where a unique key of it is taken already. One statement."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
    key = sa.inspect(model).primary_key[0]
    written = insert.values(values).on_conflict_do_nothing().returning(returning, key)
    found = session.execute(written).one_or_none()
    if found is None:
        return None
    session.info.setdefault(TOUCHED, {})[(model.__tablename__, found[1])] = None
    return found[0]


#: under this key a session's `info` has the ids of the units from which its account must stay away
APART = "apart"


@contextlib.contextmanager
def whole(session: orm.Session) -> Iterator[None]:
    """Inside the block the session is not narrowed to what its account may see: for facts that a rule needs.

    What is read must not be shown.
    """
    before = session.info.get("whole", False)
    session.info["whole"] = True
    try:
        yield
    finally:
        session.info["whole"] = before


_told: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("told", default=None)


def now() -> dt.datetime:
    """This instant in UTC, or the one that `at` tells."""
    return _told.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The date in the county now."""
    return now().astimezone(SHANGHAI).date()


@contextlib.contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Inside the block `now` is that instant: for entering what happened earlier with its own date."""
    token = _told.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _told.reset(token)
