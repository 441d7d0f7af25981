"""Who may import whom: the contracts of pyproject.toml, and business that knows nothing of the web."""

import ast
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: files of a group that talk to a browser or a terminal; every other file is business
WEB_FILES = re.compile(
    r"(.*_)?views\.py|forms\.py|fields\.py|blueprint\.py|commands\.py|sign_in\.py|demo\.py"
)
#: files beside the groups that put the application together or start it
TOP_FILES = {"__init__.py", "__main__.py", "web.py", "cli.py", "worker.py"}

BUSINESS = [
    path
    for path in sorted((ROOT / "inspections").rglob("*.py"))
    if (path.parent.name == "inspections" and path.name not in TOP_FILES)
    or (path.parent.name != "inspections" and not WEB_FILES.fullmatch(path.name))
]


def imported(path: Path) -> set[str]:
    """The top-level packages a file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", BUSINESS, ids=lambda path: str(path.relative_to(ROOT)))
def test_business_knows_nothing_of_the_web(path: Path) -> None:
    web = {name for name in imported(path) if name.split(".")[0] in {"flask", "flask_wtf", "wtforms"}}
    web |= {
        name for name in imported(path) if name == "inspections.web" or name.endswith((".views", ".forms"))
    }
    assert not web


STATIC = ROOT / "inspections" / "static"
JS_IMPORT = re.compile(r"""(?:\bfrom\s*|^\s*import\s*|\bimport\()["'](\.{1,2}/[^"']+)["']""", re.M)


def scripts_of(texts: dict[str, str]) -> dict[str, set[str]]:
    """Each script, by its path, with those it imports, at the start or later."""
    plain = {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for name, text in texts.items()}
    return {
        name: {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), each))
            for each in JS_IMPORT.findall(text)
        }
        for name, text in plain.items()
    }


def scripts() -> dict[str, set[str]]:
    """Those of the application."""
    found = {path.relative_to(STATIC).as_posix(): path.read_text("utf-8") for path in STATIC.rglob("*.js")}
    return scripts_of(found)


def circle(arrows: dict[str, set[str]]) -> set[str]:
    """Those of them that only lead to one another; empty when all can be put in order."""
    left = dict(arrows)
    while free := {name for name, wanted in left.items() if not wanted & set(left)}:
        left = {name: wanted for name, wanted in left.items() if name not in free}
    return set(left)


def test_no_script_imports_itself_by_a_detour() -> None:
    assert circle(scripts()) == set()


def test_every_script_that_is_imported_is_there() -> None:
    arrows = scripts()
    assert set().union(*arrows.values()) <= set(arrows)


def test_a_circle_of_scripts_is_seen_however_it_is_imported() -> None:
    texts = {
        "a.js": 'import { b } from "./b.js";',
        "b.js": 'const go = async () => (await import("./far/c.js")).show();',
        "far/c.js": 'export { a } from "../a.js";',
        "d.js": '/** @type {import("./e.js").E} */ import "./a.js";',
        "e.js": 'import "./d.js";',
    }
    assert circle(scripts_of(texts)) == set(texts)
    assert circle(scripts_of(texts | {"far/c.js": ""})) == set()


def test_nobody_imports_what_starts_the_tablet() -> None:
    arrows = scripts()
    assert "tablet/app.js" not in set().union(*arrows.values())
    assert arrows["tablet/dom.js"] == set()


def test_a_room_of_the_application_has_each_class_name_once() -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted((ROOT / "inspections").rglob("*.py")):
        room = path.relative_to(ROOT / "inspections").parts[0]
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault((room, node.name), []).append(str(path.relative_to(ROOT)))
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
