"""The surnames of the country (seeds/catalogue/surnames.csv, from 百家姓, 通用规范汉字表 and open counts)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parents[2] / "seeds" / "catalogue" / "surnames.csv"


@dataclass(frozen=True)
class Surnames:
    """`single` and `ordinary` hold one letter each, `compound` surnames and first parts of ethnic names."""

    single: frozenset[str]
    #: those of `single` that are also words of any sentence: 高, 方, 于
    ordinary: frozenset[str]
    compound: frozenset[str]
    #: of `compound`, what is no surname but the beginning of a name of one piece
    ethnic: frozenset[str]


@cache
def surnames() -> Surnames:
    """The whole list, read once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Surnames(
        single=frozenset(row["姓"] for row in rows if row["种类"] == "单姓"),
        ordinary=frozenset(row["姓"] for row in rows if row["也是常用字"] == "是"),
        compound=frozenset(row["姓"] for row in rows if row["种类"] != "单姓"),
        ethnic=frozenset(row["姓"] for row in rows if row["种类"] == "民族姓名"),
    )


def surname_of(name: str) -> str:
    """The surname of a Han name, 欧阳 before 欧; the first letter where the list knows none."""
    known = surnames()
    if len(name) > 2 and name[:2] in known.compound - known.ethnic:
        return name[:2]
    return name[:1]
