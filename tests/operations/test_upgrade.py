"""An upgrade leaves a copy of the old state, and the old state itself when anything fails."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config

from inspections import migrations
from tests.operations.conftest import County

STEP = """
from alembic import op
revision, down_revision, branch_labels, depends_on = {own!r}, {before!r}, None, None
def upgrade():
    op.execute({statement!r})
"""


@pytest.mark.parametrize(
    ("statement", "well"),
    [
        ("ALTER TABLE heartbeats ADD COLUMN note TEXT", True),
        ("ALTER TABLE nowhere ADD COLUMN note TEXT", False),
        ("DROP TRIGGER journal_no_update", False),
    ],
)
def test_an_upgrade_is_whole_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, well: bool
) -> None:
    county = County(tmp_path / "instance")
    county.fill()
    at = migrations.newest_revision()
    scripts = tmp_path / "scripts"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text((Path(migrations.__file__).parent / "env.py").read_text())
    for own, before, told in ((at, None, "SELECT 1"), ("1.1.0", at, statement)):
        step = STEP.format(own=own, before=before, statement=told)
        (scripts / "versions" / f"v{own.replace('.', '_')}.py").write_text(step)

    def newer() -> Config:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        return config

    monkeypatch.setattr(migrations, "alembic_config", newer)
    done = county.run("upgrade")
    assert done.exit_code == (0 if well else 1), done.stderr
    with county.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == (
            "1.1.0" if well else at
        )
    assert len(list((county.folder / "backups").iterdir())) == 1
    if well:
        assert county.run("upgrade").stdout == "已是最新，不用升级。\n"
    else:
        assert "恢复原状" in done.stderr and done.stderr.count("\n") == 1
    county.close()
