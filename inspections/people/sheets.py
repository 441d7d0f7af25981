"""The shape of the roster workbook (contracts §5): sheets, headers, and how each column is read and shown.

It opens no file and knows no table; look-ups (`refers`) are named here and done in roster_rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from inspections.people.kinship import KIND_OF_TERM, allowed_terms
from inspections.people.models import OFFICE_KINDS, SKILLS
from inspections.units import entries
from inspections.units.entries import EntryFault
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


def _name(value: Any) -> str:
    return " ".join(entries.text(value, 60).split("\n"))


def _kin_term(value: Any) -> str:
    found = entries.narrow(value)
    if found not in KIND_OF_TERM:
        raise EntryFault(f"{entries.quoted(value)}不是登记的亲属称谓，可填：{allowed_terms()}")
    return found


def _words(names: Mapping[str, str], **also: str) -> dict[str, str]:
    return {word: code for code, word in names.items()} | also


def _choice(header: str, key: str, names: Mapping[str, str], also: Mapping[str, str], **given: Any) -> Column:
    return Column(
        header,
        key,
        partial(entries.choice, words=_words(names, **also)),
        show=lambda value: names[value],
        words=tuple(names.values()),
        **given,
    )


def _number(header: str, key: str, low: int, high: int, **given: Any) -> Column:
    blank = given.pop("empty", None)
    read = partial(entries.whole, low=low, high=high)
    note = given.pop("note", f"{low} 至 {high} 的整数")
    return Column(header, key, read, empty=blank, show=lambda value: value, width=10, note=note, **given)


def _yes_no(header: str, key: str, **given: Any) -> Column:
    show = {True: "是", False: "否", None: ""}
    return Column(header, key, entries.yes_no, show=lambda v: show[v], words=("是", "否"), width=10, **given)


_DAYS_NOTE = "如 2026-03-02至2026-03-13，多段用、分隔"
_CODE = Column("编号", "code", entries.code, required=True, width=14, note="不重复，导入后按编号对应")
_NAME = Column("名称", "name", _name, required=True, width=24)
_NOTE = Column("备注", "note", entries.text, empty="", width=30)
_LNG = Column("经度", "lng", partial(entries.degree, low=73, high=136), show=lambda v: v, note="73 至 136 度")
_LAT = Column("纬度", "lat", partial(entries.degree, low=3, high=54), show=lambda v: v, note="3 至 54 度")
_AREA = Column("所属乡镇", "area", entries.code, refers="area", width=16, note="乡镇的名称或编号")
_PERSON = Column("人员编号", "person", entries.code, required=True, refers="person", width=14)
_TOWNSHIPS = dict.fromkeys(("街道", "镇", "乡", "农场", "市直", "县直", "直属"), "township")

AREAS = Sheet(
    "区域",
    (
        _CODE,
        _NAME,
        _choice("类型", "kind", AREA_KINDS, _TOWNSHIPS | {"市": "county", "区": "county"}, required=True),
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
        _CODE,
        _NAME,
        _choice("类型", "kind", UNIT_KINDS, {}, required=True),
        Column("所属乡镇", "area", entries.code, True, refers="area", width=16, note="乡镇的名称或编号"),
        Column("片区", "zone", entries.code, width=14, note="可不填；填写时须与乡镇所属片区一致"),
        _LNG,
        _LAT,
        _number("风险分", "risk", 0, 1000, empty=0),
        _choice("分级", "tier", TIERS, {}, empty="normal"),
        Column(
            "停检日期", "closed", entries.days, empty=[], show=entries.days_words, width=28, note=_DAYS_NOTE
        ),
        _NOTE,
    ),
    key=("code",),
    files=("单位", "units"),
    further=(_yes_no("仅供排程", "planning_only"),),
)
OFFICES = Sheet(
    "机构",
    (
        _CODE,
        _NAME,
        _choice("性质", "kind", OFFICE_KINDS, {}, required=True),
        _AREA,
        _number("最少留守", "min_home", 0, 999, empty=0, note="每一轮至少留在机构的人数"),
        _number("最多外派", "max_out", 0, 999, note="每一轮最多派出的人数；不填为不限"),
    ),
    key=("code",),
    files=("机构", "offices"),
    further=(_NOTE,),
)
PEOPLE = Sheet(
    "人员",
    (
        _CODE,
        Column("姓名", "name", _name, required=True),
        Column("机构", "office", entries.code, True, refers="office", width=16, note="机构的编号或名称"),
        Column("所在村", "home_unit", entries.code, refers="unit", width=14, note="单位的编号或名称"),
        Column(
            "专长",
            "skills",
            partial(entries.several, words=_words(SKILLS)),
            required=True,
            empty=[],
            show=lambda value: "、".join(SKILLS[skill] for skill in value),
            words=tuple(SKILLS.values()),
            width=16,
            note="纪检、财务、惠民、村纪检委员，多个用、分隔",
        ),
        Column(
            "不可用日期", "off", entries.days, empty=[], show=entries.days_words, width=28, note=_DAYS_NOTE
        ),
        _number("全周期最多次数", "max_teams", 0, 99, note="不填为不限"),
        _yes_no("已培训", "trained", empty=False, note="未培训的人员不参加排程"),
        _NOTE,
    ),
    key=("code",),
    files=("人员", "people"),
)
TIES = Sheet(
    "回避",
    (
        _PERSON,
        Column("对象", "object", entries.code, True, refers="object", width=14, note="单位编号或人员编号"),
        Column("关系", "kind", entries.code, True, refers="kind", width=18, note="回避种类的代码或名称"),
        Column("依据", "evidence", entries.text, empty="", width=30, note="如：本人申报、任职文件"),
        Column("起", "valid_from", entries.day, width=14, note=entries.DAY_FORMS),
        Column("止", "valid_to", entries.day, width=14, note=entries.DAY_FORMS),
        _yes_no("硬性", "hard", note="不填时按该种类的规定"),
    ),
    key=("person", "object", "kind"),
    files=("回避", "ties"),
    further=(_NOTE,),
)
KIN = Sheet(
    "亲属",
    (
        _PERSON,
        Column("亲属称谓", "term", _kin_term, required=True, note="如：配偶、父亲、堂兄、岳父"),
        Column("亲属姓名", "relative_name", _name, empty=""),
        Column("任职单位编号", "unit", entries.code, True, refers="unit", width=16),
        Column("职务", "post", _name, empty="", width=20),
    ),
    key=("person", "term", "relative_name", "unit"),
    files=("亲属", "kin"),
    further=(_NOTE,),
)

#: in the order in which rows refer backwards
SHEETS: tuple[Sheet, ...] = (AREAS, UNITS, OFFICES, PEOPLE, TIES, KIN)


def shown(column: Column, value: Any) -> Any:
    """What a cell or a list of differences shows for the value: text, a number, or empty text."""
    return "" if value is None else column.show(value)
