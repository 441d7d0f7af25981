"""The sheets of the seed files: their headers, reading them, and turning rows into the bytes of a CSV file.

It knows the shape of a file only; which people and places stand in it is made elsewhere.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, str]

#: The five tables of a county's roster: the sheets and headers of the roster workbook, in its order.
UNITS = (
    "编号",
    "名称",
    "类型",
    "所属乡镇",
    "片区",
    "经度",
    "纬度",
    "风险分",
    "分级",
    "停检日期",
    "备注",
)
OFFICES = ("编号", "名称", "性质", "所属乡镇", "最少留守", "最多外派")
PEOPLE = (
    "编号",
    "姓名",
    "机构",
    "所在村",
    "专长",
    "不可用日期",
    "全周期最多次数",
    "已培训",
    "备注",
)
TIES = ("人员编号", "对象", "关系", "依据", "起", "止", "硬性")
KIN = ("人员编号", "亲属称谓", "亲属姓名", "任职单位编号", "职务")

#: The answers of a finished round, one row an item of a visit.
ANSWERS = (
    "轮次",
    "小组",
    "单位编号",
    "条目",
    "结果",
    "抽查数",
    "异常数",
    "未查原因",
    "说明",
    "填写人",
    "填写时间",
)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a seed file by header; every cell is text, empty where nothing is written."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def written(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The bytes of a CSV file in UTF-8 with one line per row; a key outside `header` is a ValueError."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, header, restval="", lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue().encode()
