"""What the handbook gives to copy is what the machine takes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HANDBOOK = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    found = re.search(r"```ini\n(.*?)```", HANDBOOK.read_text("utf-8"), re.DOTALL)
    assert found
    unit = tmp_path / "inspections.service"
    unit.write_text(found[1].replace("/opt/inspections/.venv/bin/python", "/usr/bin/env"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "inspections.service" not in done.stderr, done.stderr
