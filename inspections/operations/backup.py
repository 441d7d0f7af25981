"""A backup: database, photographs, issued papers and settings of one moment in one framed file.

The database is copied first; a photograph's bytes lie there before its row, so every row's file is in it.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal, migrations
from inspections.database import now, open_engine, session_factory
from inspections.fieldwork.tablet import epochs
from inspections.operations import archive, copies
from inspections.operations.folder import Part, files, settings_without_secrets
from inspections.site import settings
from inspections.site.chain import SEAL, Anchor, newest, short
from inspections.site.refusal import Refusal
from inspections.site.settings import Settings

ABOUT, DATABASE, MANIFEST = "about.json", "database", "manifest.json"
SHORTEST_PASSPHRASE = 12


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself: engine, revision, and the heads of journal and ledger then."""

    engine: str
    revision: str
    made_at: str
    journal_head: int
    ledger_epoch: str
    ledger_head: int
    keys: bool
    counts: dict[str, int]
    #: place and code of the newest link of the chain: to be written down where nobody here can change it
    chain_place: int = 0
    chain_code: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its file, bytes, hash and how many files of the folder are in it."""

    file: Path
    size: int
    sha256: str
    files: int
    about: About


def make(chosen: Settings, out: Path, passphrase: bytes | None = None, with_keys: bool = False) -> Made:
    """The backup, synced under its name. Raises Refusal; then nothing lies there."""
    if out.exists():
        raise Refusal(f"{out} 已经存在；备份不覆盖已有的文件，请换一个文件名。")
    if not out.parent.is_dir():
        raise Refusal(f"{out.parent} 不是已有的目录，请先建立。")
    if passphrase is not None and len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refusal(f"口令至少 {SHORTEST_PASSPHRASE} 个字符。")
    engine = open_engine(chosen.database)
    try:
        migrations.require_current(engine)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.parent) as scratch:
            half = Path(scratch) / "half"
            made = _write(chosen, engine, Path(scratch), half, passphrase, with_keys)
            half.rename(out)
            _sync(out.parent)
        made = Made(out, out.stat().st_size, made.sha256, made.files, made.about)
        with session_factory(engine, **{SEAL: Anchor(chosen.instance)})() as session:
            journal.record(session, "backup.make", file=out.name, bytes=made.size, sha256=made.sha256,
                           encrypted=passphrase is not None, keys=with_keys)  # fmt: skip
            session.commit()
    except OSError as fault:
        raise Refusal(f"备份没有完成：{fault.filename or out}（{fault.strerror}），没有留下文件。") from None
    except sa.exc.OperationalError as fault:
        raise Refusal(f"数据库打不开或正忙（{fault.orig}），备份没有完成。") from None
    finally:
        engine.dispose()
    return made


def _write(
    chosen: Settings, engine: sa.Engine, scratch: Path, half: Path, passphrase: bytes | None, keys: bool
) -> Made:
    copy = scratch / DATABASE
    with orm.Session(engine.execution_options(reading=True)) as session:
        heads = journal.newest(session), epochs.current_epoch(session) or "", epochs.newest_place(session)
        revision = str(session.scalar(sa.text("SELECT version_num FROM alembic_version")))
        place, seal = newest(session)
    counts = dict(copies.copied(engine, copy))
    about = About(
        engine.dialect.name,
        revision,
        now().isoformat(),
        *heads,
        keys,
        counts,
        place,
        short(seal or "00" * 32),
    )
    descriptor = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        frames = archive.Writer(file, passphrase)
        stream: Any = frames
        with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            packed = _Packed(tar)
            packed.words(ABOUT, json.dumps(asdict(about), ensure_ascii=False))
            packed.file(DATABASE, copy)
            for name, path in files(chosen.instance, Part.FILES):
                packed.file(f"files/{name}", path)
            if keys:
                for part in (Part.KEYS, Part.SETTINGS):
                    for name, path in files(chosen.instance, part):
                        packed.file(f"keys/{name}", path)
            else:
                packed.words(f"files/{settings.FILE}", settings_without_secrets(chosen.instance))
            packed.words(MANIFEST, json.dumps(packed.names))
        frames.close()
        file.flush()
        os.fsync(file.fileno())
    with half.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(half, half.stat().st_size, digest, len(packed.names), about)


class _Packed:
    """What was put into the archive: name → bytes and hash."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.names: dict[str, tuple[int, str]] = {}

    def words(self, name: str, text: str) -> None:
        self._add(name, io.BytesIO(text.encode()), len(text.encode()))

    def file(self, name: str, path: Path) -> None:
        try:
            opened = path.open("rb")
        except FileNotFoundError:  # a photograph's piece or a batch that ended meanwhile
            return
        with opened:
            self._add(name, opened, os.fstat(opened.fileno()).st_size)

    def _add(self, name: str, source: io.BufferedIOBase, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashed = _Hashed(source)
        stream: Any = hashed
        self.tar.addfile(entry, stream)
        if name != MANIFEST:
            self.names[name] = (size, hashed.digest.hexdigest())


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
