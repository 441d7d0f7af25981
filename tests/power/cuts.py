"""Cuts the power while the application works and counts what was acknowledged and is gone.

python -m tests.power.cuts --states 20000

A county's work (tablets send, a roster comes in, papers are written and signed) is recorded statement by
statement as the application gives it to the database, and given again to the same engine on a file system
that forgets (`forgetful.py`). Each state is opened as the application opens its database.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import click
import pysqlite3
import sqlalchemy as sa
from sqlalchemy import orm

from inspections import all_models
from inspections.database import Base, open_engine
from inspections.fieldwork.ledger import record
from inspections.findings import review
from inspections.people.catalogue import load_recusal_kinds
from inspections.roster.roster import import_roster
from tests import factories
from tests.fieldwork.team import COUNT, DAYS, MONEY, make_stay, op
from tests.power.forgetful import NAME, Acknowledged, Event, Forgetful, Tape, left_by_a_cut
from tests.roster.roster_files import roster, write_xlsx

FILE = "county.db"
WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "ROLLBACK TO")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of a transaction that was committed."""

    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many states were looked at, in how many something acknowledged was gone, how many were broken."""

    states: int
    lost: int
    damaged: int


@contextmanager
def recorded(engine: sa.Engine, into: list[list[Told]]) -> Iterator[None]:
    """Inside the block every committed transaction of the engine that wrote is added as its statements."""
    open_: list[Told] = []

    def heard(_: Any, __: Any, sql: str, values: Any, *___: Any) -> None:
        many = bool(values) and isinstance(values[0], tuple | list)
        if sql.lstrip().upper().startswith(WRITES):
            open_.extend(Told(sql, tuple(each)) for each in (values if many else [values]))

    def done(_: Any) -> None:
        if open_:
            into.append(list(open_))
        open_.clear()

    def undone(_: Any) -> None:
        open_.clear()

    heard_of = (("before_cursor_execute", heard), ("commit", done), ("rollback", undone))
    for name, hearing in heard_of:
        sa.event.listen(engine, name, hearing)
    try:
        yield
    finally:
        for name, hearing in heard_of:
            sa.event.remove(engine, name, hearing)


def a_countys_work(folder: Path, tablets: int = 25) -> tuple[Path, list[list[Told]]]:
    """The database before, and the transactions of the work that followed."""
    all_models()
    file = folder / FILE
    engine = open_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE power_marks (n INTEGER PRIMARY KEY)")
    with orm.Session(engine, expire_on_commit=False) as session:
        load_recusal_kinds(session)
        stay = make_stay(session)
        session.commit()
        with closing(pysqlite3.connect(str(file))) as plain:
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = folder / "before.db"
        shutil.copyfile(file, before)
        work: list[list[Told]] = []
        with recorded(engine, work):
            for n in range(tablets):
                batch = [
                    op(COUNT, n),
                    op(DAYS, n),
                    op(MONEY, f"{n}.50"),
                    op(COUNT, f"第 {n} 次", field="note"),
                ]
                record(session, stay.posting, stay.member, batch, "T1")
                session.commit()
            import_roster(session, write_xlsx(folder / "名册.xlsx", roster()))
            session.commit()
            for _ in range(4):
                paper = factories.make_finding(session, stay.posting, author=stay.village)
                session.commit()
                review.submit(session, paper, stay.member, 1)
                review.check(session, paper, stay.member, 1)
                session.commit()
                review.sign(session, paper, stay.leader, 1)
                session.commit()
    engine.dispose()
    return before, work


def taped(before: Path, work: Sequence[Sequence[Told]], pragmas: Sequence[str]) -> list[Event]:
    """What the engine did to its files while the work was done on a copy of the database."""
    tape = Tape()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        shutil.copyfile(before, file)
        forgetful = Forgetful(tape)
        with closing(apsw.Connection(str(file), vfs=NAME)) as connection:
            for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "wal_autocheckpoint=40", *pragmas):
                connection.execute(f"PRAGMA {pragma}")
            for n, transaction in enumerate(work, 1):
                connection.execute("BEGIN IMMEDIATE")
                for told in transaction:
                    connection.execute(told.sql, told.values)
                connection.execute("INSERT INTO power_marks VALUES (?)", (n,))
                connection.execute("COMMIT")
                tape.events.append(Acknowledged(n))
        del forgetful
    return tape.events


def counted(before: Path, tape: Sequence[Event], states: int, seed: int = 1) -> Counted:
    """What so many cuts at random moments left."""
    dice, base = random.Random(seed), {FILE: before.read_bytes()}
    lost = damaged = 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for _ in range(states):
            files, acknowledged = left_by_a_cut(tape, base, dice)
            place = Path(folder)
            for old in place.iterdir():
                old.unlink()
            for name, content in files.items():
                if not name.endswith("-shm"):
                    (place / name).write_bytes(content)
            there = _marks(place / FILE)
            if there is None:
                damaged += 1
            elif there < acknowledged:
                lost += 1
    return Counted(states, lost, damaged)


def _marks(file: Path) -> int | None:
    """How many transactions are there, from the first on without a gap; None for a damaged database."""
    try:
        with closing(pysqlite3.connect(str(file))) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return None
            marks = [row[0] for row in connection.execute("SELECT n FROM power_marks ORDER BY n")]
    except pysqlite3.DatabaseError:
        return None
    return len(marks) if marks == list(range(1, len(marks) + 1)) else None


@click.command(help=__doc__)
@click.option("--states", type=int, default=2000)
def main(states: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, work = a_countys_work(Path(folder))
        held = counted(before, taped(before, work, ["journal_mode=WAL", "synchronous=FULL"]), states)
        bites = counted(before, taped(before, work, ["journal_mode=WAL", "synchronous=NORMAL"]), states // 20)
    click.echo(f"{len(work)} transactions of sync, import and signing")
    click.echo(
        f"{held.states} cuts with WAL and FULL: {held.lost} lost, {held.damaged} damaged; "
        f"{bites.states} with WAL and NORMAL: {bites.lost} lost, {bites.damaged} damaged"
    )
    sys.exit(int(bool(held.lost or held.damaged or not bites.lost)))


if __name__ == "__main__":
    main()
