"""Traces that cannot be wiped: each protected row has a link, and each link holds on to the one before it.

A link is the digest of the row as it is stored, sealed with a key that lies outside the database, and written
in the transaction of the row. Whoever has the database alone can change a row, but not its link; the newest
link stands outside too (`Anchor`), so that an older database put in its place is noticed.
"""

import base64
import contextlib
import datetime as dt
import decimal
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm

from inspections.database import APPEND_ONLY, TOUCHED, Base, append_only, append_only_ddl

#: under this key a session's `info` has the seal; a session without one links nothing, which `faults` finds
SEAL = "seal"
#: what a link says instead of a digest when its row was cleared away, and the name of such rows in `info`
STRUCK = "struck"
#: kept out: a chain would tell in which order the sheets came; what is not evidence may be cleared away
OPEN = frozenset(("answer_sheets", "poll_fives", "poll_tasks", "chain"))
#: tables whose rows change: what of them is evidence
PARTLY = {
    "papers": ("uuid", "kind", "code", "year", "number", "facts", "signed_by_id", "signed_at"),
    "photos": (
        "id",
        "posting_id",
        "unit_id",
        "media_type",
        "size",
        "sha256",
        "small_sha256",
        "author_id",
        "received_at",
    ),
}


@append_only
class Link(Base):
    """One link; `place` counts from 1 without a gap."""

    __tablename__ = "chain"

    place: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    kind: orm.Mapped[str]
    row: orm.Mapped[str]
    digest: orm.Mapped[str]
    seal: orm.Mapped[str]

    __table_args__ = (sa.Index("ix_chain_kind_row", "kind", "row"),)


class Anchor:
    """The key of the chain and the place of its newest link, in two files outside the database."""

    def __init__(self, folder: Path) -> None:
        self.key_file, self.head_file = folder / "chain_key", folder / "chain_head"
        with contextlib.suppress(FileExistsError):
            self.key_file.touch(mode=0o600, exist_ok=False)
            self.key_file.write_text(secrets.token_hex(32))
        self.key = self.key_file.read_text().encode()

    def seal(self, before: str, place: int, kind: str, row: str, digest: str) -> str:
        """The seal of a link after the link sealed `before`."""
        said = json.dumps([before, place, kind, row, digest], ensure_ascii=False).encode()
        return hmac.new(self.key, said, hashlib.sha256).hexdigest()

    def keep(self, place: int, seal: str) -> None:
        """Nothing; the newest link is remembered outside the database."""
        part = self.head_file.with_name(f".chain_head.{secrets.token_hex(4)}")
        part.write_text(f"{place} {seal}")
        part.replace(self.head_file)

    def head(self) -> tuple[int, str]:
        """Place and seal of the newest link known outside; (0, "") before the first."""
        if not self.head_file.exists():
            return 0, ""
        place, _, seal = self.head_file.read_text().partition(" ")
        return int(place), seal


@dataclass(frozen=True, slots=True)
class Broken:
    """The first bad record of a kind: what is wrong with it, and which row it is."""

    kind: str
    row: str
    what: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A link as somebody with its code looks for it: its place, and the row that it is of."""

    place: int
    kind: str
    row: str


def short(seal: str) -> str:
    """The code of a link as it stands on paper, e.g. K7QM-2XHD-9A3F."""
    letters = base64.b32encode(bytes.fromhex(seal)[:8]).decode()[:12]
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def protected(table: str) -> bool:
    """Whether rows of the table are linked."""
    return table in PARTLY or (table in APPEND_ONLY and table not in OPEN)


def touch(session: orm.Session, table: str, key: Any) -> None:
    """Nothing; the row gets its link when the session commits."""
    if SEAL in session.info and protected(table):
        session.info.setdefault(TOUCHED, {})[(table, key)] = None


def strike(session: orm.Session, table: str, key: Any) -> None:
    """Nothing; the row, which was lawfully cleared away, gets a last link that says so."""
    if SEAL in session.info and protected(table):
        touch(session, table, key)
        session.info.setdefault(STRUCK, set()).add((table, key))


def link(session: orm.Session) -> None:
    """Nothing; every row that was touched is linked, in the order in which it was touched."""
    session.flush()
    touched: dict[tuple[str, Any], None] = session.info.pop(TOUCHED, {})
    struck: set[tuple[str, Any]] = session.info.pop(STRUCK, set())
    if not touched:
        return
    anchor: Anchor = session.info[SEAL]
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(8_240_917)))
    place, seal = newest(session)
    for table, key in touched:
        if not protected(table):
            continue
        stored = connection.execute(_evidence(table).where(_key(table) == key)).one_or_none()
        if stored is None and (table, key) not in struck:
            continue
        place, found = place + 1, STRUCK if stored is None else digest(stored)
        seal = anchor.seal(seal, place, table, str(key), found)
        values = {"place": place, "kind": table, "row": str(key), "digest": found, "seal": seal}
        connection.execute(sa.insert(Link).values(values))
    session.info["head"] = (place, seal)


def holds(session: orm.Session, row: Base) -> bool:
    """Whether the row is as its newest link says, and that link is sealed; True where nothing is linked.

    For whoever is about to hand it out; `faults` looks at everything.
    """
    kind = str(row.__tablename__)
    if SEAL not in session.info or not protected(kind):
        return True
    key = sa.inspect(row).mapper.primary_key_from_instance(row)[0]
    of_row = sa.select(Link.place, Link.digest, Link.seal).where(Link.kind == kind, Link.row == str(key))
    connection = session.connection()
    found = connection.execute(of_row.order_by(Link.place.desc()).limit(1)).one_or_none()
    stored = connection.execute(_evidence(kind).where(_key(kind) == key)).one_or_none()
    if found is None or stored is None or digest(stored) != found.digest:
        return False
    before = connection.execute(sa.select(Link.seal).where(Link.place == found.place - 1)).scalar() or ""
    anchor: Anchor = session.info[SEAL]
    return hmac.compare_digest(anchor.seal(before, found.place, kind, str(key), found.digest), found.seal)


def code(session: orm.Session, row: Base) -> str:
    """The code of the row's newest link as it stands on paper; empty where nothing is linked.

    Each link holds on to all before it: whoever has the paper can tell whether what was written up to its
    signature still stands (`placed`).
    """
    key = sa.inspect(row).mapper.primary_key_from_instance(row)[0]
    of_row = sa.select(Link.seal).where(Link.kind == str(row.__tablename__), Link.row == str(key))
    seal = session.connection().execute(of_row.order_by(Link.place.desc()).limit(1)).scalar()
    return short(seal) if seal else ""


def placed(session: orm.Session, told: str) -> Placed | None:
    """Where the link of that code stands and what it is of; None where there is no such link (any more)."""
    wanted = "".join(told.split()).upper()
    for found in session.connection().execute(sa.select(Link).order_by(Link.place)):
        if short(found.seal) == wanted:
            return Placed(found.place, found.kind, found.row)
    return None


def newest(session: orm.Session) -> tuple[int, str]:
    """Place and seal of the newest link in the database; (0, "") before the first."""
    wanted = sa.select(Link.place, Link.seal).order_by(Link.place.desc()).limit(1)
    found = session.connection().execute(wanted).one_or_none()
    return (found.place, found.seal) if found else (0, "")


def is_held(session: orm.Session, table: str, key: Any) -> bool:
    """Whether the row is as this program wrote it: its newest link has the right seal and fits its content.

    A session that links nothing (a tool's, a test's) has nothing to ask with, and believes what it reads.
    """
    anchor: Anchor | None = session.info.get(SEAL)
    if anchor is None:
        return True
    connection = session.connection()
    linked = sa.select(Link).where(Link.kind == table, Link.row == str(key)).order_by(Link.place.desc())
    found = connection.execute(linked.limit(1)).one_or_none()
    stored = connection.execute(_evidence(table).where(_key(table) == key)).one_or_none()
    if found is None or stored is None or found.digest != digest(stored):
        return False
    before = connection.scalar(sa.select(Link.seal).where(Link.place == found.place - 1)) or ""
    good = anchor.seal(before, found.place, table, str(key), found.digest)
    return hmac.compare_digest(good, found.seal)


def restart(session: orm.Session) -> None:
    """Nothing; what a lost key has sealed is gone, and every protected row has a link of the session's key.

    Only for a database restored without its key: what was changed before cannot be found out any more.
    """
    connection = session.connection()
    on_sqlite = connection.dialect.name == "sqlite"
    guards = [f"DROP TRIGGER {Link.__tablename__}_no_{verb}" for verb in ("update", "delete")]
    off = guards if on_sqlite else [f"ALTER TABLE {Link.__tablename__} DISABLE TRIGGER USER"]
    on = append_only_ddl(Link.__tablename__, "sqlite") if on_sqlite else [off[0].replace("DISABLE", "ENABLE")]
    for statement in off:
        connection.execute(sa.text(statement))
    connection.execute(sa.delete(Link))
    for statement in on:
        connection.execute(sa.text(statement))
    for table in sorted(name for name in Base.metadata.tables if protected(name)):
        for (key,) in connection.execute(sa.select(_key(table)).order_by(_key(table))).all():
            touch(session, table, key)


def digest(stored: sa.Row[Any]) -> str:
    """The digest of a row as it is stored, the same on every database."""
    said = json.dumps([_plain(value) for value in stored], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(session: orm.Session, table: str, key: Any) -> str:
    """The digest of that row as it is stored now."""
    return digest(session.connection().execute(_evidence(table).where(_key(table) == key)).one())


def faults(session: orm.Session, anchor: Anchor) -> Iterator[Broken]:
    """The first bad link, then the first bad row of each table; nothing where all is as it was written."""
    connection, latest = session.connection(), dict[tuple[str, str], str]()
    before, place = "", 0
    known_place, known_seal = anchor.head()
    links = sa.select(Link.place, Link.kind, Link.row, Link.digest, Link.seal).order_by(Link.place)
    for found in connection.execute(links):
        place += 1
        good = anchor.seal(before, place, found.kind, found.row, found.digest)
        if found.place != place or not hmac.compare_digest(good, found.seal):
            yield Broken("chain", str(place), "链条在此处被改动或缺少一环")
            return
        if place == known_place and found.seal != known_seal:
            yield Broken("chain", str(place), "与库外留存的链头不符：数据库被换过")
            return
        before, latest[(found.kind, found.row)] = found.seal, found.digest
    if place < known_place:
        yield Broken("chain", str(place + 1), "链条尾部缺少：记录被截去，或放回了旧的数据库")
        return
    for table in sorted(name for name in Base.metadata.tables if protected(name)):
        bad = _bad_row(connection, table, latest)
        if bad is not None:
            yield bad


def _bad_row(connection: sa.Connection, table: str, latest: dict[tuple[str, str], str]) -> Broken | None:
    try:
        return _first_bad(connection, table, latest)
    except ValueError:  # not even a value of its column
        return _unreadable(connection, table)


def _unreadable(connection: sa.Connection, table: str) -> Broken:
    key, what = _key(table), "内容读不出来：不是由本系统写入的"
    with contextlib.suppress(ValueError):  # of a key that is none
        for own in connection.execute(sa.select(key).order_by(key)).scalars():
            try:
                connection.execute(_evidence(table).where(key == own)).all()
            except ValueError:
                return Broken(table, str(own), what)
    return Broken(table, "（编号无法识别）", what)


def _first_bad(connection: sa.Connection, table: str, latest: dict[tuple[str, str], str]) -> Broken | None:
    left = {row for (kind, row), told in latest.items() if kind == table and told != STRUCK}
    key = _key(table)
    for stored in connection.execute(_evidence(table).add_columns(key.label("own_key")).order_by(key)):
        row = str(stored[-1])
        left.discard(row)
        linked = latest.get((table, row))
        if linked is None:
            return Broken(table, row, "没有记入链条：不是由本系统写入的")
        if linked != digest(stored[:-1]):  # type: ignore[arg-type]
            return Broken(table, row, "内容与写入时不同")
    first = min(left, key=lambda row: (len(row), row), default=None)  # 7 comes before 10
    return Broken(table, first, "已被删除") if first else None


def _evidence(table: str) -> sa.Select[Any]:
    columns = Base.metadata.tables[table].columns
    return sa.select(*(columns[name] for name in PARTLY.get(table, columns.keys())))


def _key(table: str) -> sa.Column[Any]:
    (column,) = Base.metadata.tables[table].primary_key.columns
    return column


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, uuid.UUID)):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}"
    return value


@event.listens_for(orm.Session, "after_flush")
def _flushed(session: orm.Session, _: Any) -> None:
    if SEAL not in session.info:
        return
    for row in [*session.new, *session.dirty]:
        table = row.__table__.name
        if protected(table):
            touch(session, table, sa.inspect(row).mapper.primary_key_from_instance(row)[0])


@event.listens_for(orm.Session, "before_commit")
def _committing(session: orm.Session) -> None:
    if SEAL in session.info:
        link(session)


@event.listens_for(orm.Session, "after_commit")
def _committed(session: orm.Session) -> None:
    if "head" in session.info and not session.in_nested_transaction():
        session.info[SEAL].keep(*session.info.pop("head"))


@event.listens_for(orm.Session, "after_rollback")
def _rolled_back(session: orm.Session) -> None:
    for name in (TOUCHED, STRUCK, "head"):
        session.info.pop(name, None)
