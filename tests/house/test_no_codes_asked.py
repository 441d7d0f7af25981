"""Nobody is asked for a code that he does not know: no form's label and no refusal wants one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: asks for the code of a person, a unit, an office; other numbers stand on papers in hand
_ASKS = re.compile(
    r"(?:请|应|须)?(?:填写|填|输入|写明|按)[^，。；]{0,8}(?:人员|单位|机构|乡镇|区域|名册)[^，。；]{0,4}编号"
)
#: words that may speak of codes: for whoever keeps the own workbook, where names stand beside them
_ROSTER = ("people/sheets.py", "units/sheets.py", "people/directory.py", "people/meant.py", "roster/")


def words() -> Iterator[tuple[str, str]]:
    """(file, sentence) of every text in the application and its pages."""
    for path in sorted((ROOT / "inspections").rglob("*.py")):
        name = str(path.relative_to(ROOT / "inspections"))
        if name.startswith(_ROSTER) or "/versions/" in name or name.startswith("sample/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield name, node.value
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def test_no_message_asks_for_a_code() -> None:
    asked = [(name, found[0]) for name, text in words() if (found := _ASKS.search(text))]
    assert asked == []


def test_no_label_of_a_form_is_a_code() -> None:
    labels = re.compile(r"Field\(\s*\"([^\"]*(?:人员|单位|机构|乡镇|名册)编号[^\"]*)\"")
    sources = ((path.name, path.read_text("utf-8")) for path in (ROOT / "inspections").rglob("*.py"))
    assert [(name, found) for name, text in sources for found in labels.findall(text)] == []
