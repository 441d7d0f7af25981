"""Backup and restore: whole or not at all, whatever was done to the file."""

import hashlib
import random
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from inspections import journal
from inspections.accounts.models import User
from inspections.fieldwork.models import LedgerEpoch
from inspections.findings.models import Photo
from inspections.journal import JournalEntry
from inspections.operations import archive
from tests.operations.conftest import County, tree


@pytest.fixture(scope="module")
def plain(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backups") / "plain.backup"
    done = county.run("backup", "--out", file)
    assert (done.exit_code, done.stderr) == (0, "")
    return file


def test_a_backup_restores_every_row_and_file_with_a_new_epoch(
    county: County, plain: Path, tmp_path: Path
) -> None:
    with county.session() as session:
        before = {name.word for name in session.scalars(sa.select(LedgerEpoch))}
    assert plain.stat().st_mode & 0o077 == 0
    done = county.run("restore", plain, "--into", tmp_path / "new")
    assert (done.exit_code, done.stderr) == (0, "")
    back = County(tmp_path / "new")
    with back.session() as session, county.session() as old:
        for model in (User, Photo):
            counted = sa.select(sa.func.count()).select_from(model)
            assert session.scalar(counted) == old.scalar(counted) > 0
        told = session.scalars(sa.select(JournalEntry).where(JournalEntry.act == "backup.restore")).one()
        assert told.detail["head_of_backup"] == told.detail["head_found"] > 0
        assert {told.detail["epoch_of_backup"]} == before
        words = [each.word for each in session.scalars(sa.select(LedgerEpoch).order_by(LedgerEpoch.number))]
        assert words[-1] == told.detail["epoch"] and words[-1] not in before
    same = {n: h for n, h in tree(county.folder).items() if n.startswith("photos")}
    assert {n: h for n, h in tree(back.folder).items() if n.startswith("photos")} == same and len(same) == 4
    assert back.run("verify").exit_code == 0
    assert 'names = ["jw.local"]' in (back.folder / "inspections.toml").read_text()
    back.close()


def test_secrets_are_in_it_only_when_asked_for(county: County, plain: Path, tmp_path: Path) -> None:
    key = (county.folder / "secret_key").read_bytes()
    assert key not in plain.read_bytes() and b"geheim" not in plain.read_bytes()
    whole = tmp_path / "whole.backup"
    assert county.run("backup", "--out", whole, "--with-keys").exit_code == 0
    assert key in whole.read_bytes()
    assert county.run("restore", whole, "--into", tmp_path / "new").exit_code == 0
    assert (tmp_path / "new" / "secret_key").read_bytes() == key
    assert "geheim" in (tmp_path / "new" / "inspections.toml").read_text()


def test_an_encrypted_backup_shows_nothing_and_needs_its_own_passphrase(
    county: County, tmp_path: Path, passphrase: Path
) -> None:
    file, wrong, target = tmp_path / "b.backup", tmp_path / "wrong", tmp_path / "new"
    assert county.run("backup", "--out", file, "--with-keys", "--passphrase-file", passphrase).exit_code == 0
    assert b"picture 1" not in file.read_bytes() and b"SQLite format" not in file.read_bytes()
    wrong.write_text("another passphrase\n")
    for more, words in (
        ([], archive.NEEDED),
        (["--passphrase-file", wrong], archive.WRONG),
        (["--passphrase-file", tmp_path / "none"], "读不出来"),
    ):
        done = county.run("restore", file, "--into", target, *more)
        assert done.exit_code == 2 and words in done.stderr and done.stderr.count("\n") == 1
        assert not target.exists()
    assert county.run("restore", file, "--into", target, "--passphrase-file", passphrase).exit_code == 0


@pytest.mark.parametrize("how", ["plain", "encrypted"])
@pytest.mark.parametrize("places", [12, pytest.param(1000, marks=pytest.mark.soak)])
def test_no_flipped_bit_and_no_cut_is_taken(
    county: County, tmp_path: Path, passphrase: Path, how: str, places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        archive, "_key", lambda words, salt: hashlib.sha256(salt + words).digest()
    )  # not slow
    words = ["--passphrase-file", passphrase] if how == "encrypted" else []
    file, bad, target = tmp_path / "good.backup", tmp_path / "bad.backup", tmp_path / "new"
    assert county.run("backup", "--out", file, *words).exit_code == 0
    data, dice = file.read_bytes(), random.Random(places)
    there = [0, 25, 60, len(data) - 1, *(dice.randrange(len(data)) for _ in range(places - 4))]
    spoilt = [bytes((*data[:n], data[n] ^ (1 << dice.randrange(8)), *data[n + 1 :])) for n in there]
    spoilt += [data[:n] for n in (0, 10, 40, len(data) - 1, dice.randrange(len(data)))] + [data + b"\0"]
    for each in spoilt:
        bad.write_bytes(each)
        done = county.run("restore", bad, "--into", target, *words)
        assert done.exit_code == 2 and done.stderr.count("\n") == 1 and "。" in done.stderr
        assert not target.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.backup", "good.backup", "passphrase"]


def test_nothing_is_restored_over_something(county: County, plain: Path, tmp_path: Path) -> None:
    before = tree(county.folder)
    done = county.run("restore", plain, "--into", county.folder)
    assert done.exit_code == 2 and "不是空目录" in done.stderr
    assert tree(county.folder) == before
    for target, words in (("mysql://x/y", "--into 应为"), ("sqlite:///x.db", "--into 应为")):
        done = county.run("restore", plain, "--into", target)
        assert done.exit_code == 2 and words in done.stderr
    gone = county.run("restore", tmp_path / "none", "--into", tmp_path / "new")
    assert gone.exit_code == 2 and "没有找到备份文件" in gone.stderr


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    newer = County(tmp_path / "county")
    newer.fill()
    file = tmp_path / "b.backup"
    assert newer.run("backup", "--out", file).exit_code == 0
    with newer.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9.0.0'"))
    refused = newer.run("backup", "--out", tmp_path / "c.backup")
    assert refused.exit_code == 1 and "更新版本的程序" in refused.stderr
    copy = tmp_path / "copy.db"
    from inspections.operations import copies, restore

    counts = copies.copied(newer.engine, copy)
    (tmp_path / "database").write_bytes(copy.read_bytes())
    about = restore.About("sqlite", "9.0.0", "", 0, "", 0, False, dict(counts))
    with pytest.raises(restore.Refusal, match="更新版本的程序"):
        restore._opened_copy(tmp_path, about)
    newer.close()


def test_a_backup_taken_while_others_write_is_of_one_moment(county: County, tmp_path: Path) -> None:
    told = threading.Event()

    def write() -> None:
        while not told.is_set():
            with county.session() as session:
                journal.record(session, "photo.accept")
                session.flush()
                journal.record(session, "photo.accept")
                session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = county.run("backup", "--out", tmp_path / "b.backup")
    finally:
        told.set()
        writer.join()
    assert done.exit_code == 0
    assert county.run("restore", tmp_path / "b.backup", "--into", tmp_path / "new").exit_code == 0
    back = County(tmp_path / "new")
    with back.session() as session:
        pairs = session.scalar(sa.select(sa.func.count()).where(JournalEntry.act == "photo.accept"))
    assert pairs is not None and pairs % 2 == 1  # one of the county itself, the others by twos
    back.close()


def test_a_backup_overwrites_nothing_and_leaves_no_half(county: County, plain: Path, tmp_path: Path) -> None:
    again = county.run("backup", "--out", plain)
    assert again.exit_code == 1 and "已经存在" in again.stderr
    nowhere = county.run("backup", "--out", tmp_path / "none" / "b")
    assert nowhere.exit_code == 1 and "不是已有的目录" in nowhere.stderr
    (tmp_path / "short").write_text("short")
    short = county.run("backup", "--out", tmp_path / "b", "--passphrase-file", tmp_path / "short")
    assert short.exit_code == 1 and "至少 12" in short.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["short"]
