"""The database as one file, taken while the site runs, and put back: each engine's own tools."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pysqlite3
import sqlalchemy as sa

from inspections.site.refusal import Refusal

#: rows of each table at the moment of the copy
Counts = Mapping[str, int]


def copied(engine: sa.Engine, file: Path) -> Counts:
    """The rows of each table; the database lies in `file` as it was at one moment.

    Raises Refusal where the engine's tool is missing or fails.
    """
    return _sqlite(engine, file) if engine.dialect.name == "sqlite" else _postgres(engine, file)


def _sqlite(engine: sa.Engine, file: Path) -> Counts:
    with (
        closing(pysqlite3.connect(str(engine.url.database), timeout=30)) as live,
        closing(pysqlite3.connect(str(file), isolation_level=None)) as copy,
    ):
        live.backup(copy)  # all pages in one reading transaction: one moment, and nobody waits
        copy.execute("PRAGMA journal_mode=DELETE")
        return sqlite_counts(copy)


def sqlite_counts(connection: "pysqlite3.dbapi2.Connection") -> Counts:
    """Rows of each table of a SQLite file."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [name for (name,) in connection.execute(query)]
    quoted = [(name, name.replace('"', '""')) for name in names]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{safe}"').fetchone()[0]  # noqa: S608 - own table names
        for name, safe in quoted
    }


def _postgres(engine: sa.Engine, file: Path) -> Counts:
    isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    with isolated.connect() as connection:
        snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        counts = engine_counts(connection)
        _run(
            engine.url,
            *("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public"),
            *(f"--snapshot={snapshot}", f"--file={file}"),
        )
    return counts


def engine_counts(connection: sa.Connection) -> Counts:
    """Rows of each table of the connection's own schema."""
    names = sorted(sa.inspect(connection).get_table_names())
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0 for name in names
    }


def put_into_postgres(url: sa.URL, file: Path) -> None:
    """Nothing; the copy stands in that empty database, all of it or nothing. Raises Refusal."""
    _run(
        url,
        *("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
        *("--clean", "--if-exists", str(file)),
    )


def _run(url: sa.URL, program: str, *words: str) -> None:
    """Nothing; one of PostgreSQL's programs ran; the password goes where `ps` does not show it."""
    if shutil.which(program) is None:
        raise Refusal(f"没有安装 {program}，请先安装 postgresql-client（版本不低于数据库服务器）。")
    host, port = url.host or url.query.get("host"), url.port
    place = {"PGHOST": host, "PGPORT": port, "PGUSER": url.username, "PGPASSWORD": url.password}
    environment = os.environ | {name: str(value) for name, value in place.items() if value}
    line = [program, f"--dbname={url.database}", *words]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, errors="replace")
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["没有说明"])[-1]
        raise Refusal(f"{program} 没有完成（{told}），没有改动任何内容。")
