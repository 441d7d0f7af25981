"""Is what is kept still what was kept? Each check names what is wrong; `CHECKS` is the table of them."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import APPEND_ONLY, Base
from inspections.documents.models import Batch, PaperFile
from inspections.findings.evidence import path_of
from inspections.findings.models import Photo
from inspections.followup.models import Proof
from inspections.site import chain

#: how long a photograph may lie there before its row is seen
UNDER_WAY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong: its kind, the record, and the sentence about it."""

    kind: str
    record: str
    sentence: str


class Look(Protocol):
    """Looks at one kind of thing."""

    __name__: str

    def __call__(self, session: orm.Session, instance: Path, quick: bool, /) -> Iterator[Damage]: ...


def verified(session: orm.Session, instance: Path, quick: bool = False) -> list[Damage]:
    """Everything found wrong in database and folder, by kind; `quick` reads no bytes of files and papers."""
    found: list[Damage] = []
    for check in CHECKS:
        try:
            found += check(session, instance, quick)
        except sa.exc.DatabaseError as fault:
            session.rollback()
            found.append(Damage("数据库页", check.__name__, f"数据库读不出来，可能有损坏：{fault.orig}"))
    return found


def first_of_each(found: list[Damage]) -> Iterator[tuple[Damage, int]]:
    """The first of each kind, and how many there are of it."""
    kinds: dict[str, list[Damage]] = {}
    for damage in found:
        kinds.setdefault(damage.kind, []).append(damage)
    for of_kind in kinds.values():
        yield of_kind[0], len(of_kind)


def engine_itself(session: orm.Session, _: Path, quick: bool) -> Iterator[Damage]:
    """The engine's own look at its pages; on PostgreSQL every row is read once."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        pragma = "quick_check" if quick else "integrity_check"
        try:
            told = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {pragma}(20)")]
        except sa.exc.DatabaseError as fault:
            told = [str(fault.orig)]
        for line in told:
            if line != "ok":
                yield Damage("数据库页", line, f"数据库文件有损坏：{line}")
        return
    for table in () if quick else Base.metadata.sorted_tables:
        try:
            with session.begin_nested():
                whole = sa.func.max(sa.func.length(sa.cast(sa.literal_column(f"{table.name}.*"), sa.Text)))
                session.execute(sa.select(whole).select_from(table))
        except sa.exc.DatabaseError as fault:
            yield Damage("数据库页", table.name, f"数据表 {table.name} 读不出来：{fault.orig}")


def foreign_keys(session: orm.Session, _: Path, __: bool) -> Iterator[Damage]:
    """Rows that point at nothing."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for table, row, parent, _key in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield Damage("引用", f"{table} {row}", f"{table} 第 {row} 行指向的 {parent} 记录不存在")
        return
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias()
            pairs = [(part.parent, parent.c[part.column.name]) for part in key.elements]
            meets = sa.and_(*(mine == other for mine, other in pairs))
            lost = sa.select(*table.primary_key.columns).where(
                *(mine.is_not(None) for mine, _other in pairs),
                ~sa.exists().where(meets).select_from(parent).correlate(table),
            )
            for row in session.execute(lost.limit(20)):
                record = f"{table.name} {'/'.join(map(str, row))}"
                yield Damage("引用", record, f"{record} 指向的 {key.referred_table.name} 记录不存在")


def guards(session: orm.Session, _: Path, __: bool) -> Iterator[Damage]:
    """Append-only tables whose triggers somebody took away."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if session.connection().dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    there = {name for (name,) in session.connection().exec_driver_sql(query)}
    for table in APPEND_ONLY:
        ends = ("no_update", "no_delete") if session.get_bind().dialect.name == "sqlite" else ("append_only",)
        if not {f"{table}_{end}" for end in ends} <= there:
            yield Damage("防改", table, f"数据表 {table} 的防改触发器不在了：可能有人改过数据库")


def photographs(session: orm.Session, instance: Path, quick: bool) -> Iterator[Damage]:
    """Rows without their file, files without their row, bytes that are not those of the row."""
    folder = instance / "photos"
    lying = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    expected: set[str] = set()
    for name, size, digest in session.execute(
        sa.select(Photo.id, Photo.size, Photo.sha256).order_by(Photo.id)
    ):
        path = path_of(folder, name)
        expected |= {path.name, path_of(folder, name, small=True).name}
        if path.name not in lying:
            yield Damage("照片缺失", str(name), f"照片 {name} 的文件不在 photos 目录中")
        elif path.stat().st_size != size or (not quick and _hash(path) != digest):
            yield Damage("照片改动", str(name), f"照片 {name} 的文件与登记的不一致")
    stray = sorted(lying - expected)
    if stray:
        time.sleep(UNDER_WAY_SECONDS)  # one that is being taken in lies there before its row is seen
        known = {str(name) for name in session.scalars(sa.select(Photo.id))}
        session.rollback()
        known |= {str(name) for name in session.scalars(sa.select(Photo.id))}
        for each in stray:
            if each.removesuffix(".small") not in known and (folder / each).exists():
                yield Damage("多余文件", each, f"photos 目录中的 {each} 没有对应的照片记录")


def stored_bytes(session: orm.Session, _: Path, quick: bool) -> Iterator[Damage]:
    """Issued papers and proofs of rectification whose bytes are not those that were hashed."""
    models: tuple[tuple[str, Any], ...] = (("文书文件", PaperFile), ("佐证材料", Proof))
    for kind, model in () if quick else models:
        # one at a time: a county has gigabytes of them
        for own, told in session.execute(sa.select(model.id, model.sha256).order_by(model.id)).all():
            data = session.scalar(sa.select(model.data).where(model.id == own)) or b""
            if hashlib.sha256(data).hexdigest() != told:
                yield Damage(kind, str(own), f"{kind}第 {own} 号的内容与登记的散列值不符")


def batches(session: orm.Session, instance: Path, _: bool) -> Iterator[Damage]:
    """Finished batches whose files are not on this machine."""
    names: list[UUID] = list(session.scalars(sa.select(Batch.uuid).where(Batch.state == "ready")))
    for name in names:
        folder = instance / "batches" / str(name)
        if not folder.is_dir() or not any(folder.iterdir()):
            yield Damage("成批文书", str(name), f"成批文书 {name} 的文件不在本机，请在其页面重新生成")


def trail(session: orm.Session, instance: Path, quick: bool) -> Iterator[Damage]:
    """The first link of the chain, and the first row of each table, that somebody changed behind it.

    A folder without a key (a rehearsal of a backup without keys) has nothing to hold the links against.
    """
    if quick or not (instance / "chain_key").is_file():
        return
    for broken in chain.faults(session, chain.Anchor(instance)):
        place = (
            f"链条第 {broken.row} 环" if broken.kind == "chain" else f"{broken.kind} 第 {broken.row} 号记录"
        )
        yield Damage(f"链条·{broken.kind}", broken.row, f"{place}：{broken.what}")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


CHECKS: tuple[Look, ...] = (engine_itself, foreign_keys, guards, photographs, stored_bytes, batches, trail)
