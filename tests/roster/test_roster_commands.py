"""The roster commands: exit codes, one line a fault on standard error, nothing changed by a dry run."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy import orm

from inspections.units.models import Unit
from tests.roster.roster_files import roster, write_xlsx


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "名册.xlsx", roster())


def run(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["roster", *map(str, arguments)])


def units(session: orm.Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Unit)) or 0


def test_an_import_says_what_it_did(app: Flask, session: orm.Session, file: Path) -> None:
    done = run(app, "import", file)
    assert done.exit_code == 0
    assert "单位：新增 3，变更 0，删除 0，不变 0，未列入 0" in done.stdout
    assert units(session) == 3


def test_a_dry_run_lists_differences_and_changes_nothing(
    app: Flask, session: orm.Session, file: Path
) -> None:
    done = run(app, "import", file, "--dry-run")
    assert done.exit_code == 0
    assert "新增 单位 V1 柳树村" in done.stdout
    assert units(session) == 0


def test_bad_input_ends_with_two_and_one_line_a_fault_on_standard_error(
    app: Flask, session: orm.Session, tmp_path: Path
) -> None:
    bad = write_xlsx(tmp_path / "坏.xlsx", roster({"人员!D3": "V9", "单位!H2": "多"}))
    done = run(app, "import", bad)
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert [line.partition("：")[0] for line in lines] == ["单位!H2", "人员!D3"]
    assert all(line.endswith("（坏.xlsx）") for line in lines)
    assert units(session) == 0


def test_a_missing_file_ends_with_two(app: Flask, tmp_path: Path) -> None:
    assert run(app, "import", tmp_path / "none.xlsx").exit_code == 2


def test_what_is_exported_imports_again_unchanged(
    app: Flask, session: orm.Session, file: Path, tmp_path: Path
) -> None:
    run(app, "import", file)
    assert run(app, "export", "--out", tmp_path / "out.xlsx").exit_code == 0
    again = run(app, "import", tmp_path / "out.xlsx", "--dry-run")
    assert "人员：新增 0，变更 0，删除 0，不变 3，未列入 0" in again.stdout


def test_the_template_is_written_and_a_place_that_cannot_be_written_is_named(
    app: Flask, session: orm.Session, tmp_path: Path
) -> None:
    assert run(app, "template", "--out", tmp_path / "t.xlsx").exit_code == 0
    assert (tmp_path / "t.xlsx").exists()
    refused = run(app, "template", "--out", tmp_path / "no" / "t.xlsx")
    assert refused.exit_code == 2
    assert "不能写入" in refused.stderr
