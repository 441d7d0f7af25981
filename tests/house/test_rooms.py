"""A folder holds what one person can keep in mind, a file is one thing, the planner's rooms no circle."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_FILES, MOST_LINES = 20, 400

#: Written by a program, not read by people.
GENERATED = ROOT / "inspections" / "migrations" / "versions"


def sources(*folders: str) -> Iterator[Path]:
    """Every file of these folders that people write: Python, scripts, styles and templates."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".js", ".css", ".html"} and not path.is_relative_to(GENERATED):
                yield path


def rooms_of(package: Path) -> dict[str, set[str]]:
    """By room of a package, the rooms it imports, inside functions too; a file at the door is a room."""
    graph: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package.name}."):
                graph.setdefault(room, set()).add(str(node.module).split(".")[1])
    return {room: others - {room} for room, others in graph.items()}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle of the graph, its first room named again at the end, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_folder_holds_more_files_than_one_person_can_keep_in_mind() -> None:
    held = Counter(
        str(path.parent.relative_to(ROOT))
        for path in sources("planners", "inspections")
        if path.suffix == ".py" and path.stem != "__init__"
    )
    assert {folder: files for folder, files in held.items() if files > MOST_FILES} == {}


def test_a_room_of_the_planner_holds_about_ten_files() -> None:
    held = Counter(path.parent.name for path in (ROOT / "planners").rglob("*.py") if path.stem != "__init__")
    assert {room: files for room, files in held.items() if files > 11} == {}


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in sources("planners", "inspections", "templates")
        if len(path.read_text("utf-8").splitlines()) > MOST_LINES
    ]
    assert long == []


def test_the_rooms_of_the_planner_form_no_circle() -> None:
    rooms = rooms_of(ROOT / "planners")
    assert {"books", "search", "commands"} <= rooms.keys()
    assert circle(rooms) == []


@pytest.mark.parametrize("inside", [False, True])
def test_a_circle_is_seen_though_it_hides_in_a_function(tmp_path: Path, inside: bool) -> None:
    package = tmp_path / "county"
    for room, other in (("books", "search"), ("search", "bound"), ("bound", "books")):
        line = f"from county.{other}.one import two\n"
        (package / room).mkdir(parents=True)
        (package / room / "one.py").write_text(f"def f() -> None:\n    {line}" if inside else line, "utf-8")
    found = circle(rooms_of(package))
    assert set(found) == {"books", "search", "bound"}
    assert found[0] == found[-1]
