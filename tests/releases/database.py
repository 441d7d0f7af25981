"""Makes the populated database of a version, kept for ever: `python -m tests.releases.database 1.0.0`.

Every table has rows in which every column is filled, as far as its checks let them be, and rows that leave
out what may be missing. Beside it lie the secrets that must still open after any later upgrade: the password
of the accounts, and the case room's private key.
"""

import datetime as dt
import json
import random
import re
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import exc

from inspections import all_models, migrations
from inspections.accounts.sign_in import hash_password
from inspections.database import AboutDay, Base, UtcDateTime, open_engine
from inspections.leads import sealing

FOLDER = Path(__file__).parent
PASSWORD = "旧版本的密码 2026"
LEAD = "化名某：没有真实内容"
DAY = dt.date(2026, 11, 30)
ROWS, TRIES = 3, 4000

Rows = dict[str, list[dict[str, Any]]]


class Maker:
    """Rows for every table, drawn until the database's own checks let them in."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection, self.dice, self.rows = connection, random.Random(1), Rows()
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.hash = hash_password(PASSWORD)
        #: by the digest of a sealed lead, what opens it
        self.wrapped: dict[str, bytes] = {}

    def fill(self) -> None:
        """Nothing; every table has its rows. Raises RuntimeError for a table whose checks let nothing in."""
        for table in Base.metadata.sorted_tables:
            self.rows[table.name] = []
            for number in range(ROWS):
                self.rows[table.name].append(self._let_in(table, whole=number == 0))

    def _let_in(self, table: sa.Table, whole: bool) -> dict[str, Any]:
        for attempt in range(TRIES):
            # checks may forbid that everything is filled at once
            row = self._row(table, whole and attempt < TRIES // 2)
            try:
                with self.connection.begin_nested():
                    key = self.connection.execute(sa.insert(table).values(row)).inserted_primary_key
            except exc.IntegrityError:
                continue
            return row | dict(zip(table.primary_key.columns.keys(), key or (), strict=False))
        raise RuntimeError(f"no row was let into {table.name}")

    def _row(self, table: sa.Table, whole: bool) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for column in table.columns:
            if column.primary_key and column.autoincrement and column is table.autoincrement_column:
                continue
            if column.nullable and not whole and self.dice.random() < 0.5:
                row[column.name] = None
                continue
            row[column.name] = self._value(table, column)
        for constraint in table.foreign_key_constraints:
            names = constraint.column_keys
            there = self.rows[constraint.referred_table.name]
            if there and not any(row.get(name, 0) is None for name in names):
                other = self.dice.choice(there)
                row |= {
                    name: other[key.column.name] for name, key in zip(names, constraint.elements, strict=True)
                }
            elif not there:
                row |= dict.fromkeys(names)
        if table.name == "units":  # nothing may be found in a real place
            row["planning_only"] = False
        return row | self._secrets(table.name, row)

    def _value(self, table: sa.Table, column: sa.Column[Any]) -> Any:
        kind, dice = column.type, self.dice
        for check in table.constraints:
            words = re.search(rf"\b{column.name} IN \(([^)]*)\)", str(getattr(check, "sqltext", "")))
            if words:
                return dice.choice(re.findall(r"'([^']*)'", words.group(1)))
        made: dict[type, Any] = {
            AboutDay: dt.date(2018, 3, dice.randrange(1, 29)),
            UtcDateTime: dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC) + dt.timedelta(hours=dice.randrange(500)),
            sa.Date: DAY + dt.timedelta(days=dice.randrange(60)),
            sa.Boolean: dice.random() < 0.5,
            sa.LargeBinary: dice.randbytes(40),
            sa.JSON: dice.choice([{}, {"字": ["一", 2, None]}]),
            sa.Uuid: uuid.UUID(int=dice.getrandbits(128)),
            sa.Integer: dice.randrange(1, 40),
            sa.Numeric: dice.randrange(1, 100),
            sa.Double: dice.random(),
            sa.String: dice.choice(["", f"文字{dice.randrange(10_000)}"]),
        }
        return next(value for of, value in made.items() if isinstance(kind, of))

    def _secrets(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        """What is no drawn value, because something must open again."""
        public = self.private.public_key()
        if table == "users":
            return {"password_hash": self.hash}
        if table == "case_room_keys":
            form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            return {"public_pem": public.public_bytes(*form).decode()}
        if table == "sealed_leads":
            closed = sealing.seal([public], LEAD.encode(), row["number"].encode())
            self.wrapped[closed.sha256] = closed.wrapped[0]
            return {"nonce": closed.nonce, "body": closed.body, "sha256": closed.sha256}
        if table == "lead_envelopes":
            lead = self.rows["sealed_leads"][len(self.rows[table])]
            return {"lead_id": lead["id"], "wrapped_key": self.wrapped[lead["sha256"]]}
        return {}


def make(version: str, folder: Path = FOLDER) -> Path:
    """The file made: <version>.zip with inspections.db and secrets.json."""
    all_models()
    with tempfile.TemporaryDirectory() as own:
        engine = open_engine(f"sqlite:///{own}/made.db")
        migrations.upgrade(engine)
        with engine.begin() as connection:
            maker = Maker(connection)
            maker.fill()
        with engine.connect() as connection:
            connection.rollback()
            connection.connection.driver_connection.execute(f"VACUUM INTO '{own}/inspections.db'")  # type: ignore[union-attr]
        engine.dispose()
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        told = {
            "password": PASSWORD,
            "lead": LEAD,
            "private_key": maker.private.private_bytes(*form).decode(),
        }
        file = folder / f"{version}.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            packed.write(f"{own}/inspections.db", "inspections.db")
            packed.writestr("secrets.json", json.dumps(told, ensure_ascii=False, indent=1))
    return file


@contextmanager
def opened(file: Path, folder: Path) -> Iterator[tuple[sa.Engine, dict[str, str]]]:
    """A fresh copy of the kept database in that folder, and its secrets."""
    with zipfile.ZipFile(file) as packed:
        packed.extract("inspections.db", folder)
        told = json.loads(packed.read("secrets.json"))
    engine = open_engine(f"sqlite:///{folder / 'inspections.db'}")
    yield engine, told
    engine.dispose()


@click.command(help=__doc__)
@click.argument("version")
def main(version: str) -> None:
    click.echo(str(make(version)))


if __name__ == "__main__":
    main()
