"""A backup put back: proven whole beside its place, then put there in one step, with a new ledger epoch.

Into an empty folder (SQLite) or an empty database (PostgreSQL; the files then go into the county's folder).
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pysqlite3
import sqlalchemy as sa

from inspections import journal, migrations
from inspections.database import open_engine, session_factory
from inspections.fieldwork.tablet import epochs
from inspections.operations import archive, copies
from inspections.operations.archive import BadBackup
from inspections.operations.backup import ABOUT, DATABASE, MANIFEST, About
from inspections.operations.folder import HARMLESS, is_empty
from inspections.site import chain, settings
from inspections.site.chain import Anchor
from inspections.site.refusal import Refusal
from inspections.site.settings import Settings

#: names inside a backup: no way out of the folder
NAME = re.compile(
    r"(?:about\.json|manifest\.json|database|(?:files|keys)/(?!.*(?:^|/)\.\.?(?:/|$))[^\0/][^\0]*)"
)

Passphrase = Callable[[], bytes | None]


def restore(file: Path, into: str, chosen: Settings, passphrase: Passphrase) -> About:
    """What the backup says of itself; its content stands in the folder or database `into` names.

    Raises Refusal, the target then as it was.
    """
    if "://" not in into:
        folder = Path(into).resolve()
        if not is_empty(folder):
            raise Refusal(f"{folder} 不是空目录，没有恢复任何内容；请指定一个空的或还不存在的目录。")
        return _into_folder(file, folder, passphrase)
    url = _url(into)
    if (chosen.instance / "photos").is_dir() and any((chosen.instance / "photos").iterdir()):
        raise Refusal(f"{chosen.instance / 'photos'} 不是空目录，没有恢复任何内容。")
    return _into_postgres(file, url, chosen.instance, passphrase)


def rehearse(file: Path, passphrase: Passphrase, look: Callable[[Path, sa.Engine], None]) -> About:
    """What the backup says of itself, once all of it has been read and stands in a scratch place; `look`
    is asked there, and the place is gone afterwards. SQLite's only: PostgreSQL's needs a server.
    """
    with _unpacked(file, file.parent, passphrase) as (scratch, about):
        _require(about, "sqlite")
        engine = _opened_copy(scratch, about)
        try:
            look(scratch / "files", engine)
        finally:
            engine.dispose()
    return about


def _into_folder(file: Path, folder: Path, passphrase: Passphrase) -> About:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _unpacked(file, folder.parent, passphrase) as (scratch, about):
            _require(about, "sqlite")
            engine = _opened_copy(scratch, about)
            ready = scratch / "ready"
            _assembled(scratch, ready)
            try:
                migrations.upgrade(engine)
                _settle(engine, about, ready)
            finally:
                engine.dispose()
            (scratch / DATABASE).rename(ready / "inspections.db")
            for name in HARMLESS:
                if (folder / name).is_file():
                    shutil.copy2(folder / name, ready / name)
                    (folder / name).unlink()
            _sync_all(ready)
            ready.replace(folder)  # an empty folder gives way to a whole one in one step
    except OSError as fault:
        raise Refusal(f"没有恢复任何内容：{fault.filename or folder}（{fault.strerror}）。") from None
    return about


def _into_postgres(file: Path, url: sa.URL, instance: Path, passphrase: Passphrase) -> About:
    engine = open_engine(url.render_as_string(hide_password=False))
    try:
        _require_empty(engine)
        instance.mkdir(parents=True, exist_ok=True)
        with _unpacked(file, instance, passphrase) as (scratch, about):
            _require(about, "postgresql")
            copies.put_into_postgres(engine.url, scratch / DATABASE)
            try:
                with engine.connect() as connection:
                    _require_counts(dict(copies.engine_counts(connection)), about)
                migrations.upgrade(engine)
                ready = scratch / "ready"
                _assembled(scratch, ready)
                _settle(engine, about, ready)
                for each in ready.iterdir():
                    if each.is_dir() and (instance / each.name).is_dir():
                        (instance / each.name).rmdir()  # empty, or it was not the county's to fill
                    if each.is_file() or not (instance / each.name).exists():
                        each.replace(instance / each.name)  # the keys and the head belong to the database
            except BaseException:
                with engine.begin() as connection:  # it was empty before
                    connection.execute(sa.text("DROP SCHEMA public CASCADE"))
                    connection.execute(sa.text("CREATE SCHEMA public"))
                raise
    except OSError as fault:
        raise Refusal(f"没有恢复任何内容：{fault.filename or instance}（{fault.strerror}）。") from None
    except sa.exc.OperationalError:
        shown = url.render_as_string(hide_password=True)
        raise Refusal(f"连不上数据库 {shown}，没有恢复任何内容；请核对地址、用户和口令。") from None
    finally:
        engine.dispose()
    return about


def _url(into: str) -> sa.URL:
    try:
        read = settings.read({"DATABASE_URL": into}, environment={})
    except settings.BadSetting:
        read = Settings(database_url="sqlite:///")
    if not read.database.startswith("postgresql"):
        raise Refusal("--into 应为一个空目录（SQLite），或 postgresql+psycopg://用户:密码@主机/空数据库。")
    return sa.make_url(read.database)


def _require_empty(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        held = [name for schema in inspector.get_schema_names() if schema != "information_schema"
                for name in inspector.get_table_names(schema)]  # fmt: skip
    if held:
        raise Refusal(f"目标数据库不是空的（已有 {len(held)} 张表），没有恢复任何内容。")


def _require(about: About, engine: str) -> None:
    if about.engine == engine:
        return
    if about.engine == "postgresql":
        raise Refusal("这份备份来自 PostgreSQL，--into 须为空的 PostgreSQL 数据库的地址。")
    raise Refusal("这份备份来自 SQLite，--into 须为空目录；要换成 PostgreSQL，恢复后再用 move。")


def _require_counts(found: dict[str, int], about: About) -> None:
    wrong = sorted(
        name for name in found.keys() | about.counts.keys() if found.get(name) != about.counts.get(name)
    )
    if wrong:
        name = wrong[0]
        told = f"{name} 应有 {about.counts.get(name, 0)} 行，实有 {found.get(name, 0)} 行"
        raise BadBackup(f"备份中的数据库与其清单不符（{told}），没有恢复任何内容。")


def _opened_copy(scratch: Path, about: About) -> sa.Engine:
    """The engine on the unpacked SQLite file, proven sound. Raises BadBackup; for its revision Refusal."""
    path = scratch / DATABASE
    with contextlib.closing(pysqlite3.connect(str(path))) as connection:
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
            counts = dict(copies.sqlite_counts(connection))
        except pysqlite3.DatabaseError:
            raise BadBackup(archive.ALTERED) from None
    if not sound or lost is not None:
        raise BadBackup("备份中的数据库本身有损坏，没有恢复任何内容；请改用另一份备份。")
    _require_counts(counts, about)
    engine = open_engine(f"sqlite:///{path}")
    migrations.guard(engine)
    try:
        migrations.is_current(engine)
    except Refusal:
        engine.dispose()
        raise
    return engine


def _settle(engine: sa.Engine, about: About, ready: Path) -> None:
    """A new epoch of the ledger, and the act in the journal with the heads of both.

    Without the keys the chain begins anew, sealed with the key that the folder has from now on.
    """
    anchor = Anchor(ready)
    with session_factory(engine, **{chain.SEAL: anchor})() as session:
        if not about.keys:
            chain.restart(session)
        anchor.keep(*chain.newest(session))
        word = epochs.renew_epoch(session)
        journal.record(
            session,
            "backup.restore",
            made_at=about.made_at,
            head_of_backup=about.journal_head,
            head_found=journal.newest(session),
            epoch_of_backup=about.ledger_epoch,
            epoch=word,
            ledger_head=about.ledger_head,
        )
        session.commit()
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # one file again, before it is moved
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - a connection just opened
            connection.rollback()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            driver.execute("PRAGMA journal_mode=DELETE")


@contextlib.contextmanager
def _unpacked(file: Path, beside: Path, passphrase: Passphrase) -> Iterator[tuple[Path, About]]:
    """A scratch folder beside the target with everything of the backup, proven against its list."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as own:
        scratch = Path(own)
        try:
            with file.open("rb") as opened:
                found = _extract(opened, scratch, passphrase)
        except FileNotFoundError:
            raise Refusal(f"没有找到备份文件 {file}。") from None
        try:
            listed = json.loads((scratch / MANIFEST).read_text("utf-8"))
            about = About(**json.loads((scratch / ABOUT).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            raise BadBackup(archive.ALTERED) from None
        if found != {name: tuple(told) for name, told in listed.items()}:
            raise BadBackup(archive.ALTERED)
        yield scratch, about


def _extract(opened: IO[bytes], scratch: Path, passphrase: Passphrase) -> dict[str, tuple[int, str]]:
    """Name → bytes and hash of what was written below `scratch`."""
    frames = archive.Reader(opened, passphrase)
    found: dict[str, tuple[int, str]] = {}
    try:
        stream: Any = frames
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                if not entry.isfile() or not NAME.fullmatch(entry.name) or entry.name in found:
                    raise BadBackup(archive.ALTERED)
                source, target = tar.extractfile(entry), scratch / entry.name
                assert source is not None  # noqa: S101 - it is a file
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                digest = hashlib.sha256()
                with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:  # noqa: PTH123
                    while data := source.read(archive.FRAME):
                        digest.update(data)
                        out.write(data)
                found[entry.name] = (entry.size, digest.hexdigest())
    except tarfile.TarError:
        raise BadBackup(archive.ALTERED) from None
    frames.finish()
    found.pop(MANIFEST, None)
    return found


def _assembled(scratch: Path, ready: Path) -> None:
    """The folder as a county has it: files, then keys."""
    ready.mkdir(mode=0o700)
    (ready / "photos").mkdir(mode=0o700)
    for part in ("files", "keys"):
        root = scratch / part
        for path in sorted(root.rglob("*")) if root.is_dir() else []:
            if path.is_file():
                target = ready / path.relative_to(root)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.rename(target)


def _sync_all(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
