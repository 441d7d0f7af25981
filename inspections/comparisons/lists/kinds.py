"""The kinds of lists: which columns each has, what they mean and what of them is kept (seeds/lists).

A free text is never kept: it becomes a word of a fixed vocabulary (`class:…`), a keyed hash
(`code`), or nothing.
"""

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parents[3] / "seeds" / "lists"
#: how a column's name ends in the offices' own files, and what it is called here
SYNONYMS = {
    "公民身份号码": "身份证号",
    "公民身份证号码": "身份证号",
    "居民身份证号": "身份证号",
    "身份证号码": "身份证号",
    "身份证": "身份证号",
    "证件号码": "身份证号",
    "证件号": "身份证号",
    "乡镇名称": "乡镇",
    "乡镇街道": "乡镇",
    "所属乡镇": "乡镇",
    "村名": "村",
    "村社区": "村",
    "村居": "村",
    "村名称": "村",
    "村编码": "村码",
    "户主姓名": "姓名",
    "手机号": "电话",
    "手机号码": "电话",
    "联系电话": "电话",
    "银行账号": "账号",
    "银行卡号": "账号",
    "卡号": "账号",
    "补贴项目": "项目",
    "发放金额": "金额",
    "金额元": "金额",
    "面积亩": "面积",
}


@dataclass(frozen=True)
class Column:
    """One column of a kind: its name, its type, for texts what is kept, whether a file without it
    is refused."""

    name: str
    type: str
    keep: str
    required: bool

    @property
    def kept(self) -> bool:
        """Whether anything of the column leaves the reader."""
        return self.keep != "drop"


@dataclass(frozen=True)
class Kind:
    """One kind of list, with its columns in the order of the published schema."""

    name: str
    office: str
    columns: tuple[Column, ...]

    def of_type(self, type_: str) -> list[Column]:
        """The columns of one type, in order."""
        return [column for column in self.columns if column.type == type_]


@functools.cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name, as seeds/lists/kinds.csv has them."""
    with (SEEDS / "kinds.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, Kind] = {}
    for name in dict.fromkeys(row["kind"] for row in rows):
        mine = [row for row in rows if row["kind"] == name]
        columns = tuple(Column(r["column"], r["type"], r["keep"], r["required"] == "1") for r in mine)
        found[name] = Kind(name, mine[0]["source_office"], columns)
    return found


@functools.cache
def vocabulary(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns of one vocabulary with the word each stands for; the first that matches decides."""
    with (SEEDS / "words.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["vocabulary"] == name]
    return tuple((re.compile(row["pattern"]), row["label"]) for row in rows)


@functools.cache
def item_groups() -> dict[str, tuple[str, ...]]:
    """The items of the card by what they follow: 个人 (ends with the person), 家庭, 土地, 一次, 身后."""
    with (SEEDS / "words.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["vocabulary"] == "item"]
    return {
        group: tuple(dict.fromkeys(row["label"] for row in rows if row["group"] == group))
        for group in dict.fromkeys(row["group"] for row in rows)
    }


def kind_of(stem: str) -> tuple[Kind, int | None] | None:
    """The kind and the year a file's name says (`耕地2024-二期` → 耕地, 2024), or None when it
    names no kind."""
    stem = unicodedata.normalize("NFKC", stem)
    for name in sorted(kinds(), key=len, reverse=True):
        match = re.fullmatch(rf"{re.escape(name)}((?:19|20)\d\d)?(?:-.*)?", stem)
        if match:
            return kinds()[name], int(match[1]) if match[1] else None
    return None


def stem(path: Path) -> str:
    """A list's file name without its endings."""
    return re.sub(r"(\.csv|\.xlsx)?(\.gz)?$", "", path.name, flags=re.IGNORECASE)


def heading(text: str) -> str:
    """A column's heading as the schema spells it: without blanks, brackets and units, synonyms resolved."""
    bare = re.sub(r"[\s*（(【\[].*$|[\s/、*]", "", unicodedata.normalize("NFKC", text).strip("\ufeff \t"))
    return SYNONYMS.get(bare, bare)
