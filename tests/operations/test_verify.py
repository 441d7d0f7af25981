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
    assert done.stderr.count("\n") == 5
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
