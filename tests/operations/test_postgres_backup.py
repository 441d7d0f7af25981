"""Backup and restore on PostgreSQL, by its own tools."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from inspections.database import open_engine
from tests.operations.conftest import County, tree
from tests.postgres import private_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as own, private_server(Path(own) / "server") as url:
        engine = open_engine(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("county", "other"):
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield url


def on(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


def test_a_database_on_postgresql_is_backed_up_and_restored(server: str, tmp_path: Path) -> None:
    county = County(tmp_path / "county", on(server, "county"))
    county.fill()
    file = tmp_path / "b.backup"
    done = county.run("backup", "--out", file)
    assert (done.exit_code, done.stderr) == (0, "")
    assert county.run("verify").exit_code == 0
    for target, words in (
        (on(server, "county"), "目标数据库不是空的"),
        (on(server, "none"), "连不上数据库"),
        (str(tmp_path / "folder"), "来自 PostgreSQL"),
    ):
        other = County(tmp_path / "other", on(server, "other"))
        refused = other.run("restore", file, "--into", target)
        assert refused.exit_code == 2 and words in refused.stderr and refused.stderr.count("\n") == 1
    assert not (tmp_path / "folder").exists()
    restored = other.run("restore", file, "--into", on(server, "other"))
    assert (restored.exit_code, restored.stderr) == (0, "")
    checked = other.run("verify")
    assert (checked.stdout, checked.stderr) == ("核对无误。\n", "")
    photos = {name: told for name, told in tree(county.folder).items() if name.startswith("photos")}
    assert {name: told for name, told in tree(other.folder).items() if name.startswith("photos")} == photos
    county.close()
    other.close()
