"""What may lie in the repository: the agreed top level, nothing third-party, no address of any machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    "inspections",
    "planners",
    "templates",
    "tests",
    "instance",
    "seeds",
    "docs",
    "pyproject.toml",
    "CONTRIBUTING.md",
    "README.md",
    "Makefile",
    "CHANGELOG.md",
    "requirements.lock",
    "requirements-dev.lock",
}


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_holds_what_was_agreed(committed: list[Path]) -> None:
    top = {path.relative_to(ROOT).parts[0] for path in committed}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def test_no_file_names_a_place_on_a_machine_or_a_package_host(committed: list[Path]) -> None:
    wanted = re.compile(
        rb"/(?:work|root|home)/[a-z]|pypi\.org|pythonhosted|deb\.debian|npmjs|registry\.[a-z0-9-]+\.[a-z]"
    )
    bad = [path for path in committed if path != Path(__file__) and wanted.search(path.read_bytes())]
    assert not bad


def test_no_font_binary_or_minified_file_is_committed(committed: list[Path]) -> None:
    foreign = {".ttf", ".otf", ".ttc", ".woff", ".woff2", ".whl", ".xlsx", ".docx", ".db"}
    found = [path for path in committed if path.suffix in foreign or ".min." in path.name]
    # workbooks as clerks save them, filters, phonetics and 1904 dates included: no library writes those
    assert not [path for path in found if path.parent != ROOT / "tests" / "roster" / "cases"]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    packages = re.findall(r"^[a-z0-9._\[\]-]+==", text, re.M)
    blocks = re.split(r"^(?=[a-z0-9._\[\]-]+==)", text, flags=re.M)[1:]
    assert len(blocks) == len(packages) > 40
    assert all("--hash=sha256:" in block for block in blocks)
