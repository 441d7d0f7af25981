"""What README, docs and CONTRIBUTING name is there: files, commands, functions, words of the glossary."""

import ast
import re
from functools import cache
from pathlib import Path

import click
import pytest

from inspections.cli import COMMANDS
from inspections.operations.commands import OPERATIONS
from planners.__main__ import planners

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [page.name for page in PAGES]

PATH = re.compile(r"(?<![\w/.@-])[\w.-]+(?:/[\w.-]+)*\.(?:py|js|css|html|csv|json|md|png|svg|zip)(?![\w/(])")
#: what a reader would name so, a county's own folder has, or a measurement left behind
MADE = {"a.json", "daye.json", "facts.json", "jobs.db", "s103.json"}
STATION = re.compile(r"`((?:planners|inspections)/[\w/]+\.py)`")
RULE = re.compile(r"\bH1[345]\b")


@cache
def files() -> frozenset[str]:
    """Every file of the repository that people write or look at, from its top."""
    tops = ("docs", "inspections", "planners", "seeds", "templates", "tests")
    found = [path for top in tops for path in (ROOT / top).rglob("*") if "__pycache__" not in path.parts]
    return frozenset(str(path.relative_to(ROOT)) for path in (*found, *ROOT.glob("*.md")) if path.is_file())


def is_there(name: str) -> bool:
    """Whether some file ends in that path: a page about one room may name its files shortly."""
    return any(file == name or file.endswith(f"/{name}") for file in files())


def named_paths(text: str) -> set[str]:
    """What a page names that looks like a file; not PLAN.json, which is the reader's own, and no address."""
    text = re.sub(r"https?://\S+", "", text)
    return {name for name in PATH.findall(text) if not Path(name).stem.isupper()} - MADE


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_file_that_a_page_names_is_there(page: Path) -> None:
    named = named_paths(page.read_text("utf-8"))
    assert sorted(name for name in named if not is_there(name)) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_a_file_that_was_moved_is_missed() -> None:
    assert named_paths("`planners/floor.py`, see papers/render.py and PLAN.json") == {
        "planners/floor.py",
        "papers/render.py",
    }
    assert not is_there("planners/floor.py")
    assert not is_there("papers/render.py")
    assert is_there("typesetting/render.py")


def subcommands(words: list[str], group: click.Command | None) -> str | None:
    """The word that is no command of that group, or None."""
    for word in words:
        if not isinstance(group, click.Group):
            return None
        if word not in group.commands:
            return word
        group = group.commands[word]
    return None


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_each_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.M)) <= targets
    top = click.Group("inspections", {str(one.name): one for one in (*COMMANDS, *OPERATIONS)})
    for package, group in (("inspections", top), ("planners", planners)):
        for said in re.findall(rf"python -m {package}((?: [a-z][\w|-]*)+)", text):
            first, *rest = said.split()
            missing = [word for word in first.split("|") if subcommands([word], group)]
            assert missing == [], said
            if "|" not in said:
                assert subcommands([first, *rest[:1]], group) is None, said


def test_the_readme_is_one_screen_to_start_and_ninety_lines_long() -> None:
    lines = README.read_text("utf-8").splitlines()
    assert len(lines) <= 90
    assert lines.index("make demo") < 25
    assert {"make demo", "make test"} <= set(lines)


def known_words() -> set[str]:
    """Classes, their attributes, functions, fields, roles and modules of the two packages."""
    known = set(re.findall(r"^(\w+),|,(\w+)", (ROOT / "seeds" / "permissions.csv").read_text("utf-8"), re.M))
    words = {word for pair in known for word in pair if word}
    for file in files():
        if file.startswith(("inspections/", "planners/")) and file.endswith(".py"):
            words |= {*Path(file).with_suffix("").parts}
            for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
                if isinstance(node, ast.ClassDef | ast.FunctionDef):
                    words.add(node.name)
                elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    words.add(node.target.id)
    return words


def test_the_glossary_names_code_that_is_there() -> None:
    rows = [
        line.split("|")[3] for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()[5:]
    ]
    said = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    words = known_words()
    for name in said:
        if re.search(r"\.(py|js)$", name):
            assert is_there(name), name
        else:
            assert set(name.partition("(")[0].split(".")) <= words, name
    assert len(said) > 40


def rooms(walk: str) -> list[str]:
    """The folders of a walk in the order in which they are entered."""
    entered: list[str] = []
    for path in re.findall(r"`([\w./]+\.(?:py|js|html))`", walk):
        room = str(Path(path).parent)
        if not entered or entered[-1] != room:
            entered.append(room)
    return entered


def test_each_walk_of_the_tour_enters_at_most_eight_rooms_and_never_goes_back() -> None:
    _, *walks = re.split(r"^## ", (ROOT / "docs" / "tour.md").read_text("utf-8"), flags=re.M)
    assert len(walks) == 3
    for walk in walks:
        entered = rooms(walk)
        assert len(entered) <= 8, entered
        assert len(set(entered)) == len(entered), entered
    assert rooms("`a/b.py`, `a/c.py`, `d/e.js`, `a/b.py`") == ["a", "d", "a"]


def test_each_function_of_the_tour_stands_in_its_file() -> None:
    text = (ROOT / "docs" / "tour.md").read_text("utf-8")
    pairs = re.findall(r"`([\w./]+\.(?:py|js))`:\s((?:(?:, |, then )?`\w+`)+)", text)
    assert len(pairs) > 25
    for path, names in pairs:
        assert (ROOT / path).is_file(), path
        source = (ROOT / path).read_text("utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b(?:def|class|function|const) {name}\b", source), f"{path}: {name}"


def test_adding_a_rule_names_every_file_that_knows_one() -> None:
    list_of_it = README.read_text("utf-8").partition("### Adding a rule")[2]
    stations = set(STATION.findall(list_of_it))
    know = {
        file
        for file in files()
        if file.startswith(("planners/", "inspections/"))
        and file.endswith(".py")
        and RULE.search((ROOT / file).read_text("utf-8"))
    }
    assert know - stations == set()
    on_the_way = {  # they carry the field or the data of a rule, not its code
        "planners/formats/keys_2.py",
        "planners/formats/policies.py",
        "planners/search/staffing.py",
        "inspections/planning/statement.py",
    }
    assert stations - know == on_the_way
