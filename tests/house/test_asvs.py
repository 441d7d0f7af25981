"""docs/asvs.csv answers for each requirement of OWASP ASVS 5.0.0 (L1, L2) and names tests that are there."""

import ast
import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: the 253 requirements of levels 1 and 2: section and numbers
REQUIRED = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3
6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2
10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1
12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3
15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""


def required() -> Iterator[str]:
    for words in REQUIRED.split():
        section, _, numbers = words.rpartition(".")
        first, _, last = numbers.partition("-")
        yield from (f"V{section}.{number}" for number in range(int(first), int(last or first) + 1))


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def named_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_each_requirement_has_one_row() -> None:
    assert [row["id"] for row in rows()] == list(required())
    assert len(rows()) == 253


def test_what_is_met_names_a_test_and_what_is_not_says_why() -> None:
    wrong = []
    for row in rows():
        file, _, name = row["test"].partition("::")
        tested, told = name in named_in(file) if row["test"] else False, len(row["reason"]) > 5
        fits = {"met": tested, "part": tested and told, "open": told and not row["test"],
                "n/a": told and not row["test"]}  # fmt: skip
        if not fits.get(row["status"], False):
            wrong.append(row)
    assert wrong == []
