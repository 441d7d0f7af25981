"""The planner knows nothing of the application, and its referee nothing of the solver."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PLANNERS = Path(__file__).parents[2] / "planners"
FILES = sorted(PLANNERS.rglob("*.py"))
#: numpy comes with ortools, whose flows take arrays.
WELCOME = set(sys.stdlib_module_names) | {"ortools", "numpy", "numba", "click", "planners"}
#: what reads a file into values; `scopes` and `softer` are written for problems that are known
READERS = ("canonical", "faults", "fields", "keys", "keys_2", "parse", "policies")
#: its rules, its prices and the words between them
REFEREE = {path.stem for path in (PLANNERS / "referee").glob("*.py")} - {"__init__"}


def imports(source: str) -> set[str]:
    """Every module that a source text imports, at its top or inside functions, by full dotted name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            found.add(node.module or "")
            if node.module == "planners":
                found |= {f"planners.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PLANNERS)))
def test_the_planner_imports_only_the_standard_library_and_ortools_and_click(file: Path) -> None:
    strangers = {name for name in imports(file.read_text("utf-8")) if name.split(".")[0] not in WELCOME}
    assert strangers == set()


@pytest.mark.parametrize("name", sorted(REFEREE))
def test_the_referee_shares_nothing_with_the_solver_but_the_words(name: str) -> None:
    found = imports((PLANNERS / "referee" / f"{name}.py").read_text("utf-8"))
    values = {"planners.problem", "planners.policies", "planners.rulebook.values"}
    allowed = values | {f"planners.referee.{other}" for other in REFEREE}
    assert {module for module in found if module.split(".")[0] in ("planners", "ortools", "numpy")} <= allowed


@pytest.mark.parametrize(
    "name",
    ["problem", "policies", *(f"formats/{name}" for name in READERS)],
)
def test_reading_files_needs_no_solver(name: str) -> None:
    found = imports((PLANNERS / f"{name}.py").read_text("utf-8"))
    words = {"planners.problem", "planners.policies"} | {f"planners.formats.{other}" for other in READERS}
    assert {module for module in found if module.startswith(("planners", "ortools", "numpy"))} <= words


def test_a_forbidden_import_inside_a_function_is_seen() -> None:
    assert imports("def f():\n    from inspections.web import x\n    import flask.views\n") == {
        "inspections.web",
        "flask.views",
    }
