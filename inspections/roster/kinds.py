"""Which of our sheets a sheet of a clerk's workbook is: by name, by words in its title, by its headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspections.people.sheets import AREAS, KEY_POSTS, KIN, OFFICES, PEOPLE, SHEETS, TIES, UNITS
from inspections.reading.typed import quoted, tidy
from inspections.roster.areas_from_units import TOWNSHIP_ENDS
from inspections.roster.faults import Fault, RosterFaults, Told
from inspections.roster.layout import laid_out
from inspections.roster.workbook import RawSheet
from inspections.units.sheets import Sheet

#: words in a title → the sheet, the more telling first
_TITLES: Sequence[tuple[Sheet, tuple[str, ...]]] = (
    (KIN, ("亲属", "家庭成员", "社会关系")),
    (TIES, ("回避",)),
    (KEY_POSTS, ("关键岗位", "两委", "村干部")),
    (PEOPLE, ("人员", "花名册", "名单", "名册", "干部", "纪检委员")),
    (OFFICES, ("机构",)),
    (AREAS, ("区域", "乡镇一览")),
    (UNITS, ("村", "社区", "单位")),
)
#: what our own workbooks have besides
_OURS = ("选项", "填表说明", "说明")

Matched = Mapping[str, Mapping[str, str]]


@dataclass
class Sorted:
    """The sheets of a file by ours; `told` says which were recognised by what, and which are passed over."""

    sheets: dict[str, list[RawSheet]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)


def sorted_out(raw: Mapping[str, RawSheet], matched: Matched) -> Sorted:
    """Every sheet under the name of ours that it is. Raises RosterFaults for a file without any of them, and
    for a number that may not be stored on a sheet that nobody reads."""
    found = Sorted()
    passed: list[RawSheet] = []
    for sheet in raw.values():
        ours = _ours(sheet, matched)
        if ours is None:
            passed.append(sheet)
            continue
        found.sheets.setdefault(ours.name, []).append(sheet)
        if sheet.name != ours.name:
            found.told.append(Told(sheet.name, f"按“{ours.name}”读取"))
    private = [fault for sheet in passed for fault in sheet.faults if "不得录入" in fault.sentence]
    if private:
        raise RosterFaults(private, found.told)
    filled = [sheet.name for sheet in passed if sheet.name not in _OURS and any(map(_filled, sheet.rows))]
    if not found.sheets:
        named = "、".join(map(quoted, filled[:8])) or "没有内容"
        wanted = "、".join(sheet.name for sheet in SHEETS)
        raise RosterFaults([Fault("文件", f"没有认出名册的工作表（{named}）；工作表可命名为：{wanted}")])
    if filled:
        found.told.append(Told("文件", f"没有认出，不导入的工作表：{'、'.join(filled[:20])}"))
    return found


def _ours(raw: RawSheet, matched: Matched) -> Sheet | None:
    for sheet in SHEETS:
        if raw.name == sheet.name:
            return sheet
    if raw.name in _OURS or not any(map(_filled, raw.rows[:40])):
        return None
    scores = {sheet.name: _score(sheet, raw, matched) for sheet in SHEETS}
    if scores[UNITS.name] and scores[PEOPLE.name] < 2 and raw.name.endswith(TOWNSHIP_ENDS):
        return UNITS  # the villages of a township, whose name is the title
    for sheet, words in _TITLES:
        if any(word in raw.name for word in words) and scores[sheet.name] >= 1:
            return sheet
    best = max((sheet for sheet in SHEETS if sheet is not AREAS), key=lambda sheet: scores[sheet.name])
    return best if scores[best.name] >= 2 else None


def _score(sheet: Sheet, raw: RawSheet, matched: Matched) -> int:
    """How many of the columns that tell this sheet from others stand in the header; half of them at least."""
    layout = laid_out(sheet, raw.rows[:40], matched.get(sheet.name, {}))
    present = set(layout.columns.values())
    wanted = [column.header for column in sheet.columns if column.required and column.field != "code"]
    told = sum(header in present for header in wanted)
    return told + sum(1 for header in present if header not in wanted) // 3 if told else 0


def _filled(row: Sequence[object]) -> bool:
    return any(tidy(cell) for cell in row)
