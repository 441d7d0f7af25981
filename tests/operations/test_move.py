"""A county with rows in every table moves to PostgreSQL and back, also in two goes; its source stays."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from inspections import all_models
from inspections.database import Base, open_engine
from inspections.operations import move
from tests.operations.conftest import County, tree
from tests.operations.test_postgres_backup import on, server

__all__ = ["all_models", "server"]
RELEASE = Path(__file__).parents[1] / "releases" / "1.0.0.zip"


@pytest.fixture
def county(tmp_path: Path) -> County:
    with zipfile.ZipFile(RELEASE) as packed:
        name = next(each for each in packed.namelist() if each.endswith(".db"))
        (tmp_path / "county").mkdir()
        (tmp_path / "county" / "inspections.db").write_bytes(packed.read(name))
    return County(tmp_path / "county")


def contents(url: str) -> dict[str, move.Content]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {table.name: move._content(connection, table) for table in Base.metadata.sorted_tables}
    engine.dispose()
    return found


def test_a_county_moves_to_postgresql_goes_on_after_a_break_and_comes_back_the_same(
    server: str, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, home = on(server, "county"), f"sqlite:///{county.folder / 'inspections.db'}"
    wanted, before = contents(home), tree(county.folder)
    assert all(each.rows for each in wanted.values()), "the sample has rows in every table"
    whole = move._go_on_counting

    def cut(write: sa.Connection, table: sa.Table) -> None:
        if table.name == "operations":
            raise sa.exc.OperationalError("", {}, Exception("server closed the connection"))
        whole(write, table)

    monkeypatch.setattr(move, "_go_on_counting", cut)
    broken = county.run("move", "--to", there)
    assert broken.exit_code == 2 and "再运行一次会接着做" in broken.stderr, broken.stderr
    half = County(tmp_path / "half", there)
    assert "还在迁移途中" in half.run("verify").output
    half.close()
    monkeypatch.undo()
    done = county.run("move", "--to", there)
    assert done.exit_code == 0, done.stderr
    assert "users：" not in done.stdout and "operations：3 行" in done.stdout
    assert contents(there) == wanted
    engine = open_engine(there)
    with engine.begin() as write:  # guards and numbers are those of any other database of this release
        areas = Base.metadata.tables["areas"]
        newest = write.scalar(sa.select(sa.func.max(areas.c.id)))
        said: dict[str, Any] = {"code": "T-X", "name": "新乡", "kind": "township"}
        made = write.execute(sa.insert(areas).values(said)).inserted_primary_key
        assert made is not None and made[0] == newest + 1
        write.rollback()
    with engine.connect() as write, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        write.execute(sa.text("DELETE FROM journal"))
    engine.dispose()
    city = County(tmp_path / "city", there)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    returned = city.run("move", "--to", back)
    assert (returned.exit_code, returned.stderr) == (0, "")
    city.close()
    assert contents(back) == wanted
    county.close()
    assert {name: told for name, told in tree(county.folder).items() if name in before} == before


def test_what_cannot_be_moved_is_said_in_a_sentence_and_nothing_changes(
    server: str, county: County, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.db"
    engine = open_engine(f"sqlite:///{taken}")
    with engine.begin() as write:
        write.execute(sa.text("CREATE TABLE other (id INTEGER)"))
    engine.dispose()
    for target, words in (
        ("nonsense", "--to 应为"),
        (on(server, "none"), "没有完成"),
        (f"sqlite:///{taken}", "目标数据库不是空的"),
        (f"sqlite:///{tmp_path / 'no' / 'folder.db'}", "没有完成"),
        (f"sqlite:///{county.folder / 'inspections.db'}", "现在用的数据库"),
    ):
        refused = county.run("move", "--to", target)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1), refused.output
        assert words in refused.stderr
    county.close()


@pytest.mark.parametrize("what", ["source", "target"])
def test_what_changed_meanwhile_is_found_and_the_target_is_not_put_to_use(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    to = f"sqlite:///{tmp_path / 'new.db'}"
    compare = move._compare

    def meddled(write: sa.Connection, expected: Any) -> None:
        if what == "source":
            raise sa.exc.OperationalError("", {}, Exception("power"))
        with write.begin():
            write.execute(sa.text("UPDATE areas SET name = name || '改' WHERE id = 1"))
        compare(write, expected)

    monkeypatch.setattr(move, "_compare", meddled)
    first = county.run("move", "--to", to)
    assert first.exit_code == 2
    assert what == "source" or "核对不符：areas" in first.stderr
    monkeypatch.undo()
    if what == "source":
        with county.engine.begin() as write:
            write.execute(sa.text("UPDATE areas SET name = name || '改' WHERE id = 1"))
    again = county.run("move", "--to", to)
    assert again.exit_code == 2 and again.stderr.count("\n") == 1
    assert ("又有改动" if what == "source" else "核对不符") in again.stderr
    county.close()
