"""The migrations make the tables that the models describe, with their guards, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import exc

from inspections import all_models, migrations
from inspections.database import APPEND_ONLY, Base, open_engine


@pytest.fixture
def empty(engine: sa.Engine, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database of the same kind."""
    if engine.dialect.name == "sqlite":
        opened = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield opened
        opened.dispose()
        return
    outside = engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE migrated")
    opened = open_engine(engine.url.set(database="migrated").render_as_string(hide_password=False))
    yield opened
    opened.dispose()
    with outside.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE migrated")


def test_migrating_an_empty_database_gives_what_the_models_describe(empty: sa.Engine) -> None:
    all_models()
    assert not migrations.is_current(empty)
    migrations.upgrade(empty)
    assert migrations.is_current(empty)
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_twice_changes_nothing(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    before = sa.inspect(empty).get_table_names()
    migrations.upgrade(empty)
    assert sa.inspect(empty).get_table_names() == before


def test_migrated_append_only_tables_refuse_changes(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO journal (id, at, act, detail) VALUES (1, '2026-01-01 00:00:00', 'x', '{}')")
        )
    with empty.connect() as connection, pytest.raises(exc.DBAPIError, match="append-only"):
        connection.execute(sa.text("DELETE FROM journal"))


def test_every_append_only_table_is_guarded_by_a_migration() -> None:
    all_models()
    texts = [path.read_text("utf-8") for path in (Path(migrations.__file__).parent / "versions").glob("*.py")]
    assert APPEND_ONLY
    for table in APPEND_ONLY:
        assert any(f'"{table}",' in text and "append_only_ddl" in text for text in texts), table


def test_a_changed_check_keeps_rows_other_checks_triggers_and_references(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO areas (id, code, name, kind, uuid) VALUES (1, 'C', '市', 'city', :uuid)"),
            {"uuid": "0" * 32},
        )
    wrong = f"INSERT INTO areas (id, code, name, kind, uuid) VALUES (2, 'X', 'x', 'moon', '{'1' * 32}')"
    with empty.connect() as connection, pytest.raises(exc.DBAPIError, match="ck_areas_kind"):
        connection.execute(sa.text(wrong))
    with empty.connect() as connection, pytest.raises(exc.DBAPIError, match="ck_areas_not_its_own_parent"):
        connection.execute(sa.text("UPDATE areas SET parent_id = 1 WHERE id = 1"))
    names = {index["name"] for index in sa.inspect(empty).get_indexes("areas")}
    assert "ix_areas_parent_id" in names
