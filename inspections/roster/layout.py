"""Where a clerk's sheet has its header, whose columns are whose, and what is no row: titles, footers.

It judges places and headings only; what a cell means is told in rows.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from inspections.reading.typed import narrow, quoted, tidy
from inspections.units.sheets import Sheet

#: rows among which the header is looked for
_HEADS = 15
_SERIAL = re.compile(r"(?:序号?|行号|顺序号?|编序|no\.?|№|#)", re.IGNORECASE)
PHONE = re.compile("电话|手机|联系方式|座机")
_FOOTER = re.compile(
    r"(?:填表|填报|制表|审核|复核|负责|联系|经办|单位负责|主要领导|统计)人?(?:员|单位|部门|日期|时间|签字|签名)?[（(：:]|"
    r"(?:合计|总计|小计|共计|说明|注|备注|填表说明)[:：\s\d]?|.*盖章|\d{4}年\d{1,2}月\d{1,2}日$"
)
#: headings that name a row's township on a sheet that has no such column
_TOWNS = (
    "乡镇",
    "所属乡镇",
    "镇街",
    "所属镇街",
    "所在乡镇",
    "乡镇街道",
    "街道",
    "乡镇(街道)",
    "所属乡镇(街道)",
)
#: further headings of other forms that mean one thing on one sheet and another on the next
_FOREIGN_TOO: Mapping[str, str] = {
    **dict.fromkeys(("类别", "单位类别", "村居类别", "性质", "属性"), "类型"),
    **dict.fromkeys(("单位名称", "机构", "部门", "部门名称", "科室"), "名称"),
    **dict.fromkeys(("单位性质", "机构性质"), "性质"),
    **dict.fromkeys(("村", "村居", "行政村", "村（社区）", "村(社区)"), "名称"),
    **dict.fromkeys(("所属乡镇（街道）", "乡镇（街道）", "乡（镇）"), "所属乡镇"),
    **dict.fromkeys(("岗位", "分工", "职责"), "专长"),
}
#: headings of other forms → the heading of ours
_FOREIGN: Mapping[str, str] = {
    **dict.fromkeys(("姓名（必填）", "名字", "人员姓名", "干部姓名"), "姓名"),
    **dict.fromkeys(("工作单位", "所属机构", "所在单位", "所属单位", "单位", "派出单位", "机构名称"), "机构"),
    **dict.fromkeys(("户籍村", "所属村", "家庭住址村", "所在村居", "所在村社区", "居住村"), "所在村"),
    **dict.fromkeys(("业务专长", "特长", "类别", "人员类别", "岗位类别"), "专长"),
    **dict.fromkeys(("不便日期", "请假日期", "不能参加日期"), "不可用日期"),
    **dict.fromkeys(("是否培训", "是否已培训", "培训情况", "培训"), "已培训"),
    **dict.fromkeys(("村名", "单位名称", "村社区名称", "名称（全称）"), "名称"),
    **dict.fromkeys(("乡镇", "镇街", "所属镇街", "所在乡镇", "乡镇街道"), "所属乡镇"),
    **dict.fromkeys(("代码", "编码", "工号", "人员编码", "单位编码", "统一编号"), "编号"),
    **dict.fromkeys(("称谓", "与本人关系", "亲属关系"), "亲属称谓"),
    **dict.fromkeys(("任职单位", "亲属任职单位", "工作村"), "任职单位编号"),
    **dict.fromkeys(("开始时间", "起始时间", "任职起", "起始日期"), "起"),
    **dict.fromkeys(("结束时间", "终止时间", "任职止", "截止日期"), "止"),
    **dict.fromkeys(("说明", "附注", "备考"), "备注"),
}


@dataclass
class Layout:
    """One sheet as it lies: `head` is the header's row from 1 (None: none found), `columns` place → heading.

    `extra` are columns of other headings; `ignored` rows hold no record. `told` is said to the clerk.
    """

    head: int | None
    columns: dict[int, str] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)
    phones: dict[int, str] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    ignored: set[int] = field(default_factory=set)
    twice: list[tuple[int, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    #: the column with the township of each row, on a sheet that has no such field: it tells namesakes apart
    town: int | None = None


def laid_out(sheet: Sheet, rows: Sequence[Sequence[Any]], matched: Mapping[str, str]) -> Layout:
    """Where everything stands. `matched` are headings that the county matched itself: theirs → ours, or empty
    for a column that is not taken over."""
    filled = [number for number, row in enumerate(rows, 1) if any(tidy(cell) for cell in row)]
    if not filled:
        return Layout(None)
    names = [[_heading(sheet, cell, matched) for cell in rows[number - 1]] for number in filled[:_HEADS]]
    scores = [len({name for name in row if name in sheet.known}) for row in names]
    best = max(range(len(scores)), key=lambda at: (scores[at], -at))
    least = min(2, sum(column.required for column in sheet.columns))
    if scores[best] < least and not (scores[best] and _is_first_of_many(rows, filled, best)):
        best = next((at for at in range(len(scores)) if _is_first_of_many(rows, filled, at)), 0)
    head = filled[best]
    layout = Layout(head)
    titles = filled[:best]
    if titles:
        where = "、".join(map(str, titles))
        layout.told.append(f"第 {where} 行是标题，已忽略；表头在第 {head} 行")
    layout.ignored.update(titles)
    _name_columns(sheet, rows[head - 1], names[best], matched, layout)
    _find_footer(rows, [number for number in filled if number > head], layout)
    return layout


def _is_first_of_many(rows: Sequence[Sequence[Any]], filled: Sequence[int], at: int) -> bool:
    """Whether the row is the first with several cells: above a header stand titles of one cell each."""
    sizes = [sum(1 for cell in rows[number - 1] if tidy(cell)) for number in filled[: at + 1]]
    return sizes[-1] > 1 and all(size == 1 for size in sizes[:-1])


def _name_columns(
    sheet: Sheet, cells: Sequence[Any], names: Sequence[str], matched: Mapping[str, str], layout: Layout
) -> None:
    fields = {each.field for each in sheet.columns}
    for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
        said = tidy(cell)
        if not said:
            continue
        column = f"{get_column_letter(place + 1)} 列{quoted(said)}"
        if name in sheet.known:
            if name in layout.columns.values():
                layout.twice.append((place, name))
                continue
            layout.columns[place] = name
            plain = narrow(cell).rstrip("*").partition("(")[0].strip()
            if "".join(plain.split()) != name and plain not in sheet.aliases:
                layout.told.append(f"{column}按“{name}”读取")
        elif _SERIAL.fullmatch(narrow(cell)) or matched.get(plain_heading(said)) == "":
            layout.skipped.add(place)
            layout.told.append(f"{column}不导入")
        elif "".join(narrow(cell).split()) in _TOWNS and "area" not in fields and layout.town is None:
            layout.town = place
            layout.told.append(f"{column}用来分清同名的村和机构")
        elif PHONE.search(said) and matched.get(plain_heading(said)) != "备注":
            layout.phones[place] = said
        else:
            layout.extra[place] = said
    if layout.extra:
        layout.told.append(f"{'、'.join(map(quoted, layout.extra.values()))}记入备注")


def _find_footer(rows: Sequence[Sequence[Any]], below: Sequence[int], layout: Layout) -> None:
    """Rows at the end with hardly anything in them, that begin like 填表人 or 合计."""
    for number in reversed(below):
        said = [tidy(cell) for cell in rows[number - 1] if tidy(cell)]
        if len(said) > 3 or not _FOOTER.match(said[0]):
            break
        layout.ignored.add(number)
        layout.told.append(f"第 {number} 行{quoted(' '.join(said))}是表尾，已忽略")


def _heading(sheet: Sheet, cell: Any, matched: Mapping[str, str]) -> str:
    """What our sheet calls a column of that heading; the heading itself where it has none."""
    plain = narrow(cell).rstrip("*").partition("(")[0].strip()
    tight = "".join(plain.split())
    for said in (plain, tight):
        known = sheet.aliases.get(said, said)
        if known in sheet.known:
            return known
    chosen = matched.get(plain_heading(tidy(cell)))
    if chosen and chosen in sheet.known:
        return chosen
    for known_there in (_FOREIGN, _FOREIGN_TOO):
        foreign = known_there.get(tight, "")
        if foreign in sheet.known:
            return foreign
    return plain


def plain_heading(heading: str) -> str:
    """A heading as the county's own matches keep it."""
    return "".join(narrow(heading).split())
