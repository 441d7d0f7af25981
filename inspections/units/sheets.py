"""How a table of units or areas is written and read (contracts §5): its columns, their words, their limits.

It opens no file and queries nothing; the sheets of people stand in people/sheets.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from inspections.units import entries
from inspections.units.models import AREA_KINDS, TIERS, UNIT_KINDS


@dataclass(frozen=True)
class Column:
    """One column. `field` is the key of its value in a row; `empty` is what a blank cell means.

    `refers` names what the entry is looked up in: area, office, unit, person, object (unit or person), kind.
    """

    header: str
    field: str
    read: Callable[[Any], Any]
    required: bool = False
    empty: Any = None
    show: Callable[[Any], Any] = str
    refers: str = ""
    words: tuple[str, ...] = ()
    width: int = 12
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns in the order they are written, and which of them together name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    files: tuple[str, ...]
    required: bool = True
    #: columns outside the contract: read when present, written only when some row fills them
    further: tuple[Column, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Column]:
        """Header → column, the further ones included."""
        return {column.header: column for column in (*self.columns, *self.further)}


def one_line(value: Any) -> str:
    """A name: at most 60 characters on one line. Raises EntryFault."""
    return " ".join(entries.text(value, 60).split("\n"))


def words_of(names: Mapping[str, str], **also: str) -> dict[str, str]:
    """Word → code, the way back of `names`, and further words that are understood."""
    return {word: code for code, word in names.items()} | also


def choice_column(
    header: str, key: str, names: Mapping[str, str], also: Mapping[str, str], **given: Any
) -> Column:
    """A column of fixed words: `names` are written, `also` are understood too."""
    return Column(
        header,
        key,
        partial(entries.choice, words=words_of(names, **also)),
        show=lambda value: names[value],
        words=tuple(names.values()),
        **given,
    )


def number_column(header: str, key: str, low: int, high: int, **given: Any) -> Column:
    """A column of whole numbers from `low` to `high`."""
    blank = given.pop("empty", None)
    read = partial(entries.whole, low=low, high=high)
    note = given.pop("note", f"{low} 至 {high} 的整数")
    return Column(header, key, read, empty=blank, show=lambda value: value, width=10, note=note, **given)


def yes_no_column(header: str, key: str, **given: Any) -> Column:
    """A column of 是 and 否."""
    show = {True: "是", False: "否", None: ""}
    return Column(header, key, entries.yes_no, show=lambda v: show[v], words=("是", "否"), width=10, **given)


DAYS_NOTE = "如 2026-03-02至2026-03-13，多段用、分隔"
CODE = Column("编号", "code", entries.code, required=True, width=14, note="不重复，导入后按编号对应")
NAME = Column("名称", "name", one_line, required=True, width=24)
NOTE = Column("备注", "note", entries.text, empty="", width=30)
_LNG = Column("经度", "lng", partial(entries.degree, low=73, high=136), show=lambda v: v, note="73 至 136 度")
_LAT = Column("纬度", "lat", partial(entries.degree, low=3, high=54), show=lambda v: v, note="3 至 54 度")
AREA = Column("所属乡镇", "area", entries.code, refers="area", width=16, note="乡镇的名称或编号")
_TOWNSHIPS = dict.fromkeys(("街道", "镇", "乡", "农场", "市直", "县直", "直属"), "township")

AREAS = Sheet(
    "区域",
    (
        CODE,
        NAME,
        choice_column(
            "类型", "kind", AREA_KINDS, _TOWNSHIPS | {"市": "county", "区": "county"}, required=True
        ),
        Column("上级", "parent", entries.code, refers="area", width=16, note="上级区域的名称或编号"),
        _LNG,
        _LAT,
    ),
    key=("code",),
    files=("区域", "areas", "townships"),
    required=False,
    aliases={"上级编号": "上级"},
)
UNITS = Sheet(
    "单位",
    (
        CODE,
        NAME,
        choice_column("类型", "kind", UNIT_KINDS, {}, required=True),
        Column("所属乡镇", "area", entries.code, True, refers="area", width=16, note="乡镇的名称或编号"),
        Column("片区", "zone", entries.code, width=14, note="可不填；填写时须与乡镇所属片区一致"),
        _LNG,
        _LAT,
        number_column("风险分", "risk", 0, 1000, empty=0),
        choice_column("分级", "tier", TIERS, {}, empty="normal"),
        Column(
            "停检日期", "closed", entries.days, empty=[], show=entries.days_words, width=28, note=DAYS_NOTE
        ),
        NOTE,
    ),
    key=("code",),
    files=("单位", "units"),
    further=(yes_no_column("仅供排程", "planning_only"),),
)


def shown(column: Column, value: Any) -> Any:
    """What a cell or a list of differences shows for the value: text, a number, or empty text."""
    return "" if value is None else column.show(value)


def cells(record: Any, columns: Iterable[Column], **words: str) -> list[Any]:
    """One row of an export: what each column shows of the record, or its word from `words`."""
    return [
        words[column.field] if column.field in words else shown(column, getattr(record, column.field))
        for column in columns
    ]
