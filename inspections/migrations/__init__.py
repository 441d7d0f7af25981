"""Brings a database to the tables of this version of the program, step by step, forwards only."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(engine: sa.Engine) -> None:
    """Nothing; the database now has the newest tables, or is untouched when a step fails."""
    config = _config()
    with engine.connect() as connection, _tables_may_be_rebuilt(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(f"the migration broke references: {lost[:3]}")


@contextlib.contextmanager
def _tables_may_be_rebuilt(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a constraint by building the table anew, which it refuses while references are watched.

    They are not watched inside the block, and checked as a whole before its transaction ends.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction, hence before it
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def is_current(engine: sa.Engine) -> bool:
    """Whether the database has the newest tables."""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == ScriptDirectory.from_config(_config()).get_current_head()
