"""verify: what somebody did behind the program's back is named, one sentence a kind."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pysqlite3
import pytest

from tests.operations.conftest import County


@pytest.fixture
def own(tmp_path: Path) -> Iterator[County]:
    made = County(tmp_path / "instance")
    made.fill()
    yield made
    made.close()


def behind(county: County, *statements: str) -> None:
    with contextlib.closing(pysqlite3.connect(str(county.folder / "inspections.db"))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_what_was_done_to_files_and_rows_is_named(own: County) -> None:
    assert own.run("verify").stdout == "核对无误。\n"
    photos = sorted(path for path in (own.folder / "photos").iterdir())
    photos[0].unlink()
    data = bytearray(photos[1].read_bytes())
    data[100] ^= 1
    photos[1].write_bytes(data)
    (own.folder / "photos" / "stray").write_bytes(b"x")
    behind(
        own, "PRAGMA foreign_keys=OFF", "UPDATE photos SET author_id = 999", "DROP TRIGGER journal_no_update"
    )
    done = own.run("verify")
    assert done.exit_code == 1 and done.stdout == ""
    for words in (
        f"照片 {photos[0].name} 的文件不在",
        f"照片 {photos[1].name} 的文件与登记的不一致",
        "photos 目录中的 stray 没有",
        "指向的 users 记录不存在（同类共 3 处）",
        "数据表 journal 的防改触发器不在了",
    ):
        assert words in done.stderr
    assert "photos 第 " in done.stderr and "内容与写入时不同" in done.stderr  # the chain saw the new author
    assert done.stderr.count("\n") == 6
    quick = own.run("verify", "--quick")
    assert quick.exit_code == 1 and "不一致" not in quick.stderr


def test_a_damaged_page_is_named(own: County) -> None:
    own.close()
    file = own.folder / "inspections.db"
    behind(own, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(file.read_bytes())
    for page in range(20, len(data) // 4096):
        data[page * 4096 : page * 4096 + 12] = b"\xff" * 12
    file.write_bytes(data)
    done = own.run("verify")
    assert done.exit_code == 1 and "数据库" in done.stderr and "Traceback" not in done.stderr


def test_words_changed_and_the_guard_put_back_are_found_by_the_chain(own: County) -> None:
    behind(
        own,
        "DROP TRIGGER journal_no_update",
        "UPDATE journal SET act = 'nothing' WHERE id = (SELECT min(id) FROM journal)",
        "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END",
    )
    done = own.run("verify")
    assert done.exit_code == 1
    assert "journal 第 1 号记录：内容与写入时不同" in done.stderr


def test_a_county_restored_without_its_keys_has_a_chain_of_its_own(own: County, tmp_path: Path) -> None:
    file, folder = tmp_path / "backup", tmp_path / "again"
    assert own.run("backup", "--out", str(file)).exit_code == 0
    assert own.run("restore", str(file), "--into", str(folder)).exit_code == 0
    again = County(folder)
    try:
        assert again.run("verify").stdout == "核对无误。\n"
    finally:
        again.close()
