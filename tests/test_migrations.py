"""The migrations make the tables that the models describe, with their guards, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import exc

from inspections import all_models, create_app, migrations
from inspections.database import APPEND_ONLY, Base, open_engine
from inspections.site.refusal import Refusal

pytestmark = pytest.mark.both_databases


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


def test_a_migrated_database_checks_what_the_models_check(empty: sa.Engine, engine: sa.Engine) -> None:
    migrations.upgrade(empty)

    def checks(of: sa.Engine) -> set[tuple[str, str, str]]:
        looked = sa.inspect(of)
        return {
            (table, str(one["name"]), one["sqltext"])
            for (_, table), found in looked.get_multi_check_constraints().items()
            for one in found
        }

    assert checks(empty) == checks(engine)
    assert len(checks(empty)) > 50


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


def test_every_append_only_table_is_guarded_by_the_migrations(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    catalogue = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if empty.dialect.name == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers"
    )
    with empty.connect() as connection:
        guarded = {row[0] for row in connection.exec_driver_sql(catalogue)}
    assert guarded == set(APPEND_ONLY)
    assert len(guarded) > 15


def test_checks_and_indexes_of_the_models_are_in_the_database(empty: sa.Engine) -> None:
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


BEFORE_RELEASES = "这个数据库是 1.0.0 以前的试用版建立的（版本 0028），不能升级"
NEWER = "这个数据库是更新版本的程序建立的（版本 9.1.0，本程序为"


@pytest.mark.parametrize(
    ("revision", "sentence"), [("0028", BEFORE_RELEASES), ("9.1.0", NEWER)], ids=["older", "newer"]
)
@pytest.mark.parametrize(
    "command",
    [
        ["init"],
        ["serve", "--plain", "--port", "0"],
        ["worker"],
        ["plan", "problem", "2027", "--out", "x.json"],
    ],
    ids=["init", "serve", "worker", "another"],
)
def test_a_database_of_another_program_is_refused_by_every_command_in_one_sentence(
    empty: sa.Engine, tmp_path: Path, command: list[str], revision: str, sentence: str
) -> None:
    migrations.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
    before = sa.inspect(empty).get_table_names()
    app = create_app({"INSTANCE": tmp_path, "DATABASE_URL": empty.url.render_as_string(hide_password=False)})
    answered = app.test_cli_runner().invoke(args=command)
    app.extensions["engine"].dispose()
    assert answered.exit_code == 1
    assert isinstance(answered.exception, SystemExit)
    assert answered.stderr.startswith(sentence)
    assert answered.stderr.count("\n") == 1
    assert answered.stdout == ""
    assert sa.inspect(empty).get_table_names() == before


@pytest.mark.parametrize("command", [["serve", "--plain", "--port", "0"], ["worker"]])
def test_nothing_is_served_before_the_tables_are_made(tmp_path: Path, command: list[str]) -> None:
    app = create_app({"INSTANCE": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"})
    answered = app.test_cli_runner().invoke(args=command)
    app.extensions["engine"].dispose()
    assert answered.exit_code == 1
    assert answered.stderr == "数据库尚未建立或需要升级，请先运行 python -m inspections init。\n"


def test_the_guard_looks_again_until_the_database_is_its_own(empty: sa.Engine) -> None:
    migrations.upgrade(empty)
    migrations.guard(empty)
    with empty.execution_options(reading=True).connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
        connection.commit()
    again = open_engine(empty.url.render_as_string(hide_password=False))
    migrations.guard(again)
    for _ in range(2):
        with pytest.raises(Refusal, match="版本 0001"), again.connect():
            pass
    with empty.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '1.0.0'"))
    with again.begin() as connection:  # the look left no transaction behind
        assert connection.scalar(sa.text("SELECT count(*) FROM journal")) == 0
    again.dispose()
