"""Brings a database to the tables of this version of the program, step by step, forwards only.

Each release is one revision, named by its version. What went before 1.0.0 was never released.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from inspections.site.refusal import Refusal

#: stands in the place of the revision until `move` has brought everything and compared it
MOVING = "moving"
#: what revisions were called before 1.0.0
BEFORE_RELEASES = re.compile(r"\d{4}")


def upgrade(engine: sa.Engine, proof: Callable[[sa.Connection], None] | None = None) -> None:
    """Nothing; the database now has the newest tables, or is untouched when a step fails or `proof` raises.

    Raises Refusal for a database that another program made: before 1.0.0, or after this version.
    """
    config = alembic_config()
    with engine.connect() as connection, tables_may_be_rebuilt(connection), connection.begin():
        refuse_foreign(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if lost:
                raise RuntimeError(f"the migration broke references: {lost[:3]}")
        if proof is not None:
            proof(connection)


def alembic_config() -> Config:
    """Where alembic finds the revisions."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@contextlib.contextmanager
def tables_may_be_rebuilt(connection: sa.Connection) -> Iterator[None]:
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
    """Whether the database has the newest tables. Raises Refusal as `upgrade` does."""
    with engine.connect() as connection:
        return refuse_foreign(connection) == _revisions().get_current_head()


def newest_revision() -> str:
    """The revision of this program: the number of its release."""
    return _revisions().get_current_head() or ""


def require_current(engine: sa.Engine) -> None:
    """Nothing. Raises Refusal unless the database has the newest tables."""
    if not is_current(engine):
        raise Refusal("数据库尚未建立或需要升级，请先运行 python -m inspections init。")


def guard(engine: sa.Engine) -> None:
    """Nothing; from now on the engine's first connection raises Refusal as `upgrade` does, whoever asks."""
    known = False

    @sa.event.listens_for(engine, "engine_connect")
    def look_once(connection: sa.Connection) -> None:
        nonlocal known
        if known:
            return
        asked = connection.get_execution_options().get("reading", False)
        connection.execution_options(reading=True)  # a look never waits for somebody who writes
        try:
            refuse_foreign(connection)
        except Refusal:
            connection.close()
            raise
        connection.rollback()  # the look began a transaction; the caller begins the own one
        connection.execution_options(reading=asked)
        known = True


def refuse_foreign(connection: sa.Connection) -> str | None:
    """The revision of the database, None when it is empty.

    Raises Refusal when this program knows no such revision.
    """
    at = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in _revisions().walk_revisions()]
    if at is None or at in known:
        return at
    if at == MOVING:
        raise Refusal("这个数据库还在迁移途中，内容不全；请再运行一次 move 完成迁移，或改回原来的数据库。")
    if BEFORE_RELEASES.fullmatch(at):
        raise Refusal(
            f"这个数据库是 1.0.0 以前的试用版建立的（版本 {at}），不能升级，内容未作改动；"
            "请换一个新的数据目录运行 python -m inspections init，再导入名册。"
        )
    raise Refusal(
        f"这个数据库是更新版本的程序建立的（版本 {at}，本程序为 {known[0]}），内容未作改动；"
        "请安装与数据库相同或更新的程序版本后再启动。"
    )


def _revisions() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())
