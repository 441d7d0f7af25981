"""What people type is never a pattern, a format string or a piece of a page: it stays what it is, words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAKES_A_PATTERN = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
#: put together a line above of escaped names, or read from the program's own files
LOOKED_AT = (
    "comparisons/lists/kinds.py",  # seeds/lists/words.csv
    "law/citations.py",
    "naming/in_text.py",  # ROLES and RELATIVES
    "rounds/apart.py",
    "typesetting/shapes.py",
)
#: the journal's own table of words, and a mark-up whose gaps are escaped
FORMATS = ("operations/trail.py", "typesetting/render.py")
#: the desk shows parts of pages that the server itself has made, in these places and no others
PARTS_OF_PAGES = {"adjust.js": 2, "plan.js": 1, "policy.js": 1}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("inspections", "planners"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def is_the_programs_own(node: ast.expr) -> bool:
    """A literal, a constant of a module (in capitals), what is escaped, or put together of such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id.lstrip("_").isupper()
    if isinstance(node, ast.Attribute):
        inside = node.attr == "pattern" and is_the_programs_own(node.value)  # of a compiled constant
        return inside or node.attr.lstrip("_").isupper()
    if isinstance(node, ast.JoinedStr):
        return all(is_the_programs_own(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_the_programs_own(node.value)
    if isinstance(node, ast.Subscript):
        return is_the_programs_own(node.value)
    if isinstance(node, ast.BinOp):
        return is_the_programs_own(node.left) and is_the_programs_own(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "format":
            return is_the_programs_own(node.func.value) and all(map(is_the_programs_own, node.args))
        if ast.unparse(node.func) == "re.escape":
            return True
        if node.func.attr == "join":
            [joined] = node.args
            parts = joined.elt if isinstance(joined, ast.GeneratorExp) else joined
            return is_the_programs_own(parts) or ast.unparse(joined).startswith("map(re.escape")
    return False


def test_a_pattern_is_the_programs_own_or_escaped() -> None:
    foreign = [
        f"{place} {ast.unparse(call.args[0])}"
        for place, call in calls()
        if call.func.attr in TAKES_A_PATTERN  # type: ignore[attr-defined]
        and ast.unparse(call.func.value) == "re"  # type: ignore[attr-defined]
        and not is_the_programs_own(call.args[0])
        and not place.partition("/")[2].startswith(LOOKED_AT)
    ]
    assert foreign == []


def test_a_format_string_is_the_programs_own() -> None:
    foreign = [
        f"{place} {ast.unparse(call.func)}"
        for place, call in calls()
        if call.func.attr in ("format", "format_map")  # type: ignore[attr-defined]
        and not is_the_programs_own(call.func.value)  # type: ignore[attr-defined]
        and not place.partition("/")[2].startswith(FORMATS)
    ]
    assert foreign == []


def test_scripts_show_words_as_words_and_hear_no_other_site() -> None:
    found: dict[str, int] = {}
    for file in (ROOT / "inspections" / "static").rglob("*.js"):
        said = file.read_text("utf-8")
        pieces = re.findall(r"\.(?:innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write", said)
        if pieces:
            found[file.name] = len(pieces)
        # a worker and a channel hear their own origin alone; a window would hear any
        assert not re.search(r"window\.(?:addEventListener\(\s*[\"']message|onmessage)", said), file.name
        assert not re.search(r"\beval\(|new Function\(|on(?:paste|copy)\b|[\"']paste[\"']", said), file.name
    assert found == PARTS_OF_PAGES
