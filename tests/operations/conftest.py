"""A small county in a folder of its own, with a photograph and an issued paper's bytes."""

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy import orm

from inspections import create_app, journal, migrations
from inspections.fieldwork.tablet import epochs
from inspections.findings.evidence import path_of
from inspections.findings.models import Photo
from tests import factories

PASSPHRASE = "青山-绿水-十二个字以上"


class County:
    """An application on its own folder, and what its commands answer."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.app: Flask = create_app(
            {"INSTANCE": folder, "TESTING": True, "RATELIMIT_ENABLED": False}
            | ({"DATABASE_URL": url} if url else {})
        )

    @property
    def engine(self) -> sa.Engine:
        opened: sa.Engine = self.app.extensions["engine"]
        return opened

    def session(self) -> orm.Session:
        opened: orm.Session = self.app.extensions["sessions"]()
        return opened

    def run(self, *words: str | Path) -> Result:
        return self.app.test_cli_runner().invoke(args=[str(word) for word in words])

    def fill(self) -> None:
        migrations.upgrade(self.engine)
        with self.session() as session:
            user = factories.make_user(session, "member")
            assert user.person is not None
            posting = factories.make_posting(session, {user.person: "finance"})
            for n in range(3):
                data = f"picture {n}".encode() * 5000
                photo = Photo(
                    id=uuid.uuid4(),
                    posting_id=posting.id,
                    unit_id=posting.unit_id,
                    media_type="image/jpeg",
                    width=1,
                    height=1,
                    size=len(data),
                    sha256=hashlib.sha256(data).hexdigest(),
                    author_id=user.id,
                )
                session.add(photo)
                session.flush()
                path_of(self.folder / "photos", photo.id).write_bytes(data)
            journal.record(session, "photo.accept", None, user)
            epochs.ensure_epoch(session)
            session.commit()
        (self.folder / "inspections.toml").write_text(
            'names = ["jw.local"]\nwebhook_url = "https://robot/geheim"\n'
        )

    def close(self) -> None:
        self.engine.dispose()
        self.app.extensions["jobs"].engine.dispose()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    made = County(tmp_path_factory.mktemp("county") / "instance")
    made.fill()
    yield made
    made.close()


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


def tree(folder: Path) -> dict[str, str]:
    """Name → hash of every file, to tell whether a folder is as it was."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "/"
        for path in sorted(folder.rglob("*"))
    }
