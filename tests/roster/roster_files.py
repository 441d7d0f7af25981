"""Small roster files for tests: a faultless one, and the same with single cells changed."""

import copy
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

GOOD: Mapping[str, list[list[Any]]] = {
    "区域": [
        ["编号", "名称", "类型", "上级", "经度", "纬度"],
        ["C", "清河县", "县", None, None, None],
        ["Z1", "北片区", "片区", "清河县", None, None],
        ["T1", "柳河镇", "镇", "Z1", 104.0, 39.1],
        ["T2", "青石镇", "镇", "Z1", None, None],
    ],
    "单位": [
        [
            "编号*",
            "名称*",
            "类型*",
            "所属乡镇*",
            "片区",
            "经度",
            "纬度",
            "风险分",
            "分级",
            "停检日期",
            "备注",
        ],
        ["V1", "柳树村", "村", "柳河镇", "北片区", 104.01, 39.11, 10, "一般", None, None],
        [
            "V2",
            "河湾村",
            "村",
            "T1",
            None,
            None,
            None,
            None,
            None,
            "2026-03-02至2026-03-13、2026年4月1日",
            "旧址",
        ],
        ["D1", "县财政局", "单位", "清河县", None, None, None, 5, "重点", None, None],
    ],
    "机构": [
        ["编号", "名称", "性质", "所属乡镇", "最少留守", "最多外派"],
        ["O1", "柳河镇纪委", "纪检", "柳河镇", 1, 2],
        ["O2", "青石镇村（社区）纪检委员", "村", "青石镇", 0, None],
        ["O3", "县纪委监委第一室", "室", None, None, None],
    ],
    "人员": [
        ["编号", "姓名", "机构", "所在村", "专长", "不可用日期", "全周期最多次数", "已培训", "备注"],
        ["P1", "梁大勇", "O1", None, "纪检", None, 3, "是", None],
        ["P2", "沈新民", "O2", "V2", "村纪检委员", "2026/5/1", None, "是", None],
        ["P3", "曾红霞", "县纪委监委第一室", None, "纪检、财务", None, None, None, None],
    ],
    "回避": [
        ["人员编号", "对象", "关系", "依据", "起", "止", "硬性"],
        ["P1", "V1", "RC-03", "干部履历", "2021-05-01", "2025-08-31", "是"],
        ["P1", "P3", "RC-15", "本人申报", None, None, None],
    ],
    "亲属": [
        ["人员编号", "亲属称谓", "亲属姓名", "任职单位编号", "职务"],
        ["P3", "堂兄", "曾长根", "V1", "村会计"],
    ],
}


def roster(
    changes: Mapping[str, Any] | None = None, without: Sequence[str] = ()
) -> dict[str, list[list[Any]]]:
    """The faultless sheets; `changes` maps 人员!D2 to another value, `without` names sheets to leave out."""
    sheets = {name: copy.deepcopy(rows) for name, rows in GOOD.items() if name not in without}
    for place, value in (changes or {}).items():
        name, cell = place.split("!")
        column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
        lines = sheets[name]
        while len(lines) <= row:
            lines.append([None] * len(lines[0]))
        lines[row] += [None] * (column + 1 - len(lines[row]))
        lines[row][column] = value
    return sheets


def write_xlsx(file: Path, sheets: Mapping[str, list[list[Any]]]) -> Path:
    """The workbook on disk; values that begin with = become formulas without a result."""
    book = Workbook()
    for place, (name, rows) in enumerate(sheets.items()):
        page = book.create_sheet(name, place)
        assert isinstance(page, Worksheet)
        for row in rows:
            page.append(row)
    book.remove(book.worksheets[-1])
    book.save(file)
    return file


def write_csv(folder: Path, sheets: Mapping[str, list[list[Any]]], encoding: str) -> Path:
    """The folder with one CSV a sheet, named as the sheet."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as lines:
            csv.writer(lines).writerows(rows)
    return folder
