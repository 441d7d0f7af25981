"""Which of our sheets a sheet of a clerk's workbook is: by name, by words in its title, by its headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inspections.people.sheets import AREAS, KEY_POSTS, KIN, OFFICES, PEOPLE, SHEETS, TIES, UNITS
from inspections.reading.typed import quoted, tidy
from inspections.roster.areas_from_units import TOWNSHIP_ENDS
from inspections.roster.faults import Fault, RosterFaults, Told
from inspections.roster.layout import laid_out, plain_heading
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


#: under this word a county keeps what its own sheets are, beside what its columns are
SHEET = "工作表"


@dataclass(frozen=True)
class Unknown:
    """A filled sheet that nothing told apart: its first cells, what it probably is, and what was said of it
    (`decided`); `ours` is empty for a sheet that is not taken over."""

    title: str
    samples: tuple[str, ...]
    ours: str
    decided: bool

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"{SHEET}|{plain_heading(self.title)}"


@dataclass
class Sorted:
    """The sheets of a file by ours; `told` says which were recognised by what, and which are passed over."""

    sheets: dict[str, list[RawSheet]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def sorted_out(raw: Mapping[str, RawSheet], matched: Matched) -> Sorted:
    """Every sheet under the name of ours that it is; a file without any of them has a fault that says so.
    Raises RosterFaults for a number that may not be stored on a sheet that nobody reads."""
    found = Sorted()
    passed: list[RawSheet] = []
    said = matched.get(SHEET, {})
    for sheet in raw.values():
        ours = _ours(sheet, matched)
        if ours is None and sheet.name not in _OURS and any(map(_filled, sheet.rows)):
            chosen = said.get(plain_heading(sheet.name))
            ours = next((each for each in SHEETS if each.name == chosen), None)
            guess = _guess(sheet) if chosen is None else chosen
            found.unknown.append(Unknown(sheet.name, _samples(sheet), guess, chosen is not None))
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
        found.faults = [Fault("文件", f"没有认出名册的工作表（{named}）；工作表可命名为：{wanted}")]
    elif filled:
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


def _guess(raw: RawSheet) -> str:
    """What the title says a sheet may be; a township's has its villages."""
    if raw.name.endswith(TOWNSHIP_ENDS):
        return UNITS.name
    return next((sheet.name for sheet, words in _TITLES if any(word in raw.name for word in words)), "")


def _samples(raw: RawSheet) -> tuple[str, ...]:
    """The first cells of the first row with several."""
    rows = ([tidy(cell)[:20] for cell in row if tidy(cell)] for row in raw.rows[:15])
    return next((tuple(row[:6]) for row in rows if len(row) > 1), ())


def _score(sheet: Sheet, raw: RawSheet, matched: Matched) -> int:
    """How many of the columns that tell this sheet from others stand in the header; half of them at least."""
    layout = laid_out(sheet, raw.rows[:40], matched.get(sheet.name, {}))
    present = set(layout.columns.values())
    wanted = [column.header for column in sheet.columns if column.required and column.field != "code"]
    told = sum(header in present for header in wanted)
    return told + sum(1 for header in present if header not in wanted) // 3 if told else 0


def _filled(row: Sequence[object]) -> bool:
    return any(tidy(cell) for cell in row)
