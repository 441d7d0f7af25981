"""A database of every release comes up to this version with each row as it was and each secret readable."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import exc, orm

from inspections import all_models, migrations
from inspections.accounts.models import User
from inspections.accounts.sign_in import matches
from inspections.database import APPEND_ONLY, Base
from inspections.leads import sealing
from inspections.leads.models import SealedLead
from tests.releases import database

RELEASED = sorted(database.FOLDER.glob("*.zip"))


@pytest.fixture(scope="module", params=RELEASED or [None], ids=lambda file: file.stem if file else "made now")
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file kept of each release; before the first is kept, one that is made for the test."""
    return request.param or database.make("now", tmp_path_factory.mktemp("release"))


def rows_of(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as the driver gives it."""
    names = sa.inspect(engine).get_table_names()
    with engine.connect() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))]
            for name in names
            if name != "alembic_version"
        }


def test_every_row_is_there_after_the_upgrade_as_it_was(release: Path, tmp_path: Path) -> None:
    with database.opened(release, tmp_path) as (engine, _):
        before = rows_of(engine)
        assert [name for name, rows in before.items() if len(rows) < database.ROWS] == []
        migrations.upgrade(engine)
        after = rows_of(engine)
    for name, rows in before.items():
        assert len(after[name]) >= len(rows), name
        kept = set(rows[0]) & set(after[name][0])
        assert kept, name
        for old, new in zip(rows, after[name], strict=False):
            assert {key: old[key] for key in kept} == {key: new[key] for key in kept}, name


def test_the_program_reads_every_row_and_every_secret(release: Path, tmp_path: Path) -> None:
    all_models()
    with database.opened(release, tmp_path) as (engine, secrets):
        migrations.upgrade(engine)
        with orm.Session(engine.execution_options(reading=True)) as session:
            for mapper in Base.registry.mappers:
                assert len(session.scalars(sa.select(mapper.class_)).unique().all()) >= database.ROWS, mapper
            users = session.scalars(sa.select(User)).all()
            assert all(matches(user, secrets["password"]) for user in users)
            assert not matches(users[0], secrets["password"] + "x")
            key = serialization.load_pem_private_key(secrets["private_key"].encode(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            for lead in session.scalars(sa.select(SealedLead)):
                sealed = sealing.Sealed(
                    tuple(each.wrapped_key for each in lead.envelopes), lead.nonce, lead.body
                )
                assert sealing.open_sealed(key, sealed, lead.number.encode()).decode() == secrets["lead"]


def test_what_is_kept_for_ever_is_guarded_after_the_upgrade(release: Path, tmp_path: Path) -> None:
    all_models()
    assert len(APPEND_ONLY) > 15
    with database.opened(release, tmp_path) as (engine, _):
        migrations.upgrade(engine)
        for table in APPEND_ONLY:
            with engine.connect() as connection, pytest.raises(exc.DBAPIError, match="append-only"):
                connection.execute(sa.text(f'DELETE FROM "{table}"'))


def test_each_release_but_the_newest_migration_has_its_database() -> None:
    revisions = [
        one.revision for one in ScriptDirectory.from_config(migrations.alembic_config()).walk_revisions()
    ]
    assert set(revisions[1:]) <= {file.stem for file in RELEASED}
