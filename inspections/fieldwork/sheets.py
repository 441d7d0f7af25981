"""A checklist as a workbook in the manner of XLSForm: read with its faults by cell, written to be changed.

Sheets: survey (one question a row, groups between begin_group and end_group), choices, settings. It publishes
nothing; `checklists.publish` makes the version.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
from openpyxl.styles import Alignment, Font

from inspections.fieldwork import conditions, trigger
from inspections.fieldwork.checklists import ANSWER_TYPES, PLAIN, content
from inspections.fieldwork.models import CHECKLIST_KINDS, Checklist
from inspections.fieldwork.values import CHOICES, UNSEEN
from inspections.findings.models import SEVERITIES
from inspections.naming import names
from inspections.reading.typed import narrow
from inspections.roster.faults import Fault, cell
from inspections.site import gate, privacy
from inspections.site.refusal import Refusal

#: column of the survey sheet → its name in Chinese; a header may say either or both
COLUMNS = {
    "type": "类型",
    "name": "编号",
    "label": "问题",
    "required": "必填",
    "relevant": "何时填",
    "constraint": "填写要求",
    "constraint_message": "不合要求时的提示",
    "method": "方法",
    "materials": "材料",
    "ask_whom": "问谁",
    "trigger": "异常情形",
    "trigger_expr": "异常条件",
    "basis": "依据",
    "basis_checked": "依据已核",
    "community_basis": "社区依据",
    "community_basis_checked": "社区依据已核",
    "category": "问题类别",
    "severity": "等级",
    "assignee_role": "分工",
    "evidence_required": "须留凭证",
    "sample_min": "最低抽查数",
    "applies_to": "适用",
    "units": "只适用的单位",
}
NEEDED = ("type", "name", "label")
CHOICE_COLUMNS = {"list_name": "选项表", "name": "选项编号", "label": "选项"}
#: names of XLSForm for what we call otherwise
TYPES = {"integer": "count"}
_YES, _NO = ("yes", "true", "1", "是"), ("", "no", "false", "0", "否")
_APPLIES = {"": "both", "both": "both", "village": "village", "community": "community"}
_APPLIES |= {"村": "village", "社区": "community"}
MOST_ITEMS = 500
MOST_BYTES = 5 * 1024 * 1024


@dataclass
class ChecklistWorkbook:
    """What a workbook says: the kind of checklist and its items as columns of ChecklistItem."""

    kind: str = "village"
    items: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(data: bytes, categories: Sequence[str]) -> ChecklistWorkbook:
    """The workbook's items; where `faults` names a cell, `items` must not be used.

    `categories` are the subcategories of the taxonomy. Raises Refusal for bytes that are no workbook.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(f"文件超过 {MOST_BYTES // 1024 // 1024} MB。")
    tables = {name.strip().lower(): sheet.squared() for name, sheet in gate.workbook(data).items()}
    return _Reading(tables, categories).sheet


def write(out: BinaryIO, checklist: Checklist) -> None:
    """Nothing; `out` holds the version as a workbook that `read` takes back unchanged."""
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None  # noqa: S101 - a new workbook has one sheet
    survey.title = "survey"
    _head(survey, COLUMNS)
    group = None
    for item in checklist.items:
        if item.group_code != group:
            if group is not None:
                survey.append(["end_group"])
            survey.append(["begin_group", item.group_code, item.group])
            group = item.group_code
        survey.append([_written(content(item), name) for name in COLUMNS])
    survey.append(["end_group"])
    choices = book.create_sheet("choices")
    _head(choices, CHOICE_COLUMNS)
    for item in checklist.items:
        for each in item.options:
            choices.append([item.code, each["code"], each["name"]])
    settings = book.create_sheet("settings")
    settings.append(["kind", "清单种类"])
    settings.append([checklist.kind, CHECKLIST_KINDS[checklist.kind]])
    for column, width in (("A", 14), ("B", 12), ("C", 60)):
        survey.column_dimensions[column].width = width
    survey.freeze_panes = "D2"
    book.save(out)


def _head(sheet: Any, columns: dict[str, str]) -> None:
    sheet.append([f"{chinese} {name}" for name, chinese in columns.items()])
    for each in sheet[1]:
        each.font = Font(bold=True)
        each.alignment = Alignment(wrap_text=True)


def _written(said: dict[str, Any], name: str) -> Any:
    if name == "type":
        return f"select_one {said['code']}" if said["answer_type"] == "choice" else said["answer_type"]
    if name == "sample_min":
        return "all" if said["sample_all"] else said["sample_min"]
    if name == "applies_to":
        return "" if said["applies_to"] == "both" else said["applies_to"]
    value = said[{"name": "code", "label": "question"}.get(name, name)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "、".join(value) if isinstance(value, list) else value


#: columns of codes and expressions: full-width letters and typographic quotes are made plain
_CODES = ("type", "name", "relevant", "constraint", "trigger_expr")
_ANSWERS = {"yes_no": {"yes", "no"}, "yes_no_na": set(CHOICES)}
_QUOTES = str.maketrans(dict.fromkeys("‘’“”", chr(39)))


class _Reading:
    """One pass over the tables; every fault is noted and the pass goes on."""

    def __init__(self, tables: dict[str, list[list[Any]]], categories: Sequence[str]) -> None:
        self.sheet = ChecklistWorkbook()
        self.categories = categories
        self.choices = self._choices(tables.get("choices", []))
        self._settings(tables.get("settings", []))
        rows = tables.get("survey")
        if rows is None:
            self._fault("survey", "没有这张表，应有 survey、choices、settings 三张表")
            return
        self._survey(rows)

    def _fault(self, place: str, sentence: str) -> None:
        self.sheet.faults.append(Fault(place, sentence))

    def _header(
        self, name: str, row: list[Any], columns: dict[str, str], needed: Sequence[str]
    ) -> dict[str, int]:
        """column → place; a header says `type`, 类型 or both."""
        found: dict[str, int] = {}
        chinese = {words: key for key, words in columns.items()}
        for place, raw in enumerate(row):
            for word in str(raw).replace("*", "").split():
                key = word.lower() if word.lower() in columns else chinese.get(word)
                if key is not None:
                    found.setdefault(key, place)
        for key in needed:
            if key not in found:
                self._fault(f"{name}!1", f"缺少列“{columns[key]} {key}”")
        return found

    def _choices(self, rows: list[list[Any]]) -> dict[str, list[dict[str, str]]]:
        lists: dict[str, list[dict[str, str]]] = {}
        if not rows:
            return lists
        columns = self._header("choices", rows[0], CHOICE_COLUMNS, tuple(CHOICE_COLUMNS))
        for number, row in enumerate(rows[1:], 2):
            said = {column: _text(row, place) for column, place in columns.items()}
            said |= {column: narrow(said.get(column, "")) for column in ("list_name", "name")}
            if not any(said.values()):
                continue
            known = lists.setdefault(said.get("list_name", ""), [])
            if not all(said.get(key) for key in CHOICE_COLUMNS):
                self._fault(f"choices!{number}", "选项表、选项编号、选项都要填")
            elif said["name"] in [each["code"] for each in known]:
                self._fault(cell("choices", number, columns["name"] + 1), f"选项编号“{said['name']}”重复")
            elif names.key(said["label"]) in [names.key(each["name"]) for each in known]:
                self._fault(cell("choices", number, columns["label"] + 1), f"选项“{said['label']}”重复")
            else:
                known.append({"code": said["name"], "name": said["label"]})
        return lists

    def _settings(self, rows: list[list[Any]]) -> None:
        if len(rows) > 1 and rows[0] and str(rows[0][0]).strip().lower() == "kind":
            kind = _text(rows[1], 0)
            if kind not in CHECKLIST_KINDS:
                self._fault("settings!A2", f"清单种类“{kind}”应为 {'、'.join(CHECKLIST_KINDS)} 之一")
                return
            self.sheet.kind = kind
        else:
            self._fault("settings!A1", "应有一列 kind，下一行写 village（村、社区）或 department（单位）")

    def _survey(self, rows: list[list[Any]]) -> None:
        self.columns = self._header("survey", rows[0] if rows else [], COLUMNS, NEEDED)
        if any(each.place == "survey!1" for each in self.sheet.faults):
            return
        group: tuple[str, str] | None = None
        for number, row in enumerate(rows[1:], 2):
            said = {key: _text(row, self.columns[key]) if key in self.columns else "" for key in COLUMNS}
            said |= {column: narrow(said[column]).translate(_QUOTES) for column in _CODES}
            if not any(said.values()):
                continue
            kind = said["type"].replace(" ", "_").lower()
            if kind == "begin_group":
                if not said["name"] or not said["label"]:
                    self._cell(number, "name", "一节的编号和名称都要填")
                group = (said["name"], said["label"])
            elif kind == "end_group":
                group = None
            else:
                if group is None:
                    self._cell(number, "type", "问题应在 begin_group 与 end_group 之间，以便归入一节")
                self._item(number, said, group or ("", ""))
        if not self.sheet.items and not self.sheet.faults:
            self._fault("survey", "没有问题")
        if len(self.sheet.items) > MOST_ITEMS:
            self._fault("survey", f"最多 {MOST_ITEMS} 项，现有 {len(self.sheet.items)} 项")

    def _cell(self, number: int, column: str, sentence: str) -> None:
        place = self.columns.get(column)
        self._fault(cell("survey", number, place + 1) if place is not None else f"survey!{number}", sentence)

    def _item(self, number: int, said: dict[str, str], group: tuple[str, str]) -> None:
        answer_type, options = self._type(number, said)
        known = {item["code"] for item in self.sheet.items}
        if not said["name"] or said["name"] in known:
            self._cell(number, "name", f"编号“{said['name']}”为空或重复")
        if not said["label"]:
            self._cell(number, "label", "没有写问题")
        for key, words in said.items():
            if privacy.private_number(words):
                self._cell(number, key, privacy.SENTENCE)
        self._conditions(number, said, known)
        self._trigger(number, said, answer_type, options)
        for key, allowed in (("category", self.categories), ("severity", SEVERITIES)):
            if said[key] and said[key] not in allowed:
                self._cell(number, key, f"“{said[key]}”不在{COLUMNS[key]}目录中")
        least = said["sample_min"].removesuffix(".0")
        if least not in ("", "all") and not least.isdecimal():
            self._cell(number, "sample_min", f"“{least}”应为整数或 all")
            least = ""
        if said["applies_to"] not in _APPLIES:
            self._cell(number, "applies_to", f"“{said['applies_to']}”应为 village、community 或空白")
        texts = ("method", "materials", "ask_whom", "trigger", "trigger_expr", "assignee_role")
        bases = ("basis", "community_basis")
        self.sheet.items.append(
            PLAIN
            | {name: said[name] for name in (*texts, *bases, "relevant", "constraint", "constraint_message")}
            | {
                "position": len(self.sheet.items),
                "code": said["name"],
                "question": said["label"],
                "group_code": group[0],
                "group": group[1],
                "answer_type": answer_type,
                "options": options,
                "category": said["category"],
                "severity": said["severity"] or "S1",
                "basis_checked": self._flag(number, said, "basis_checked"),
                "community_basis_checked": self._flag(number, said, "community_basis_checked"),
                "required": self._flag(number, said, "required"),
                "evidence_required": self._flag(number, said, "evidence_required"),
                "sample_min": int(least) if least.isdecimal() else None,
                "sample_all": least == "all",
                "applies_to": _APPLIES.get(said["applies_to"], "both"),
                "units": [each for each in said["units"].replace(",", "、").split("、") if each],
            }
        )

    def _type(self, number: int, said: dict[str, str]) -> tuple[str, list[dict[str, str]]]:
        words = said["type"].split()
        if words and words[0] == "select_one":
            options = self.choices.get(words[1] if len(words) > 1 else "", [])
            if not options:
                self._cell(number, "type", f"choices 表中没有选项表“{' '.join(words[1:])}”")
            return "choice", options
        kind = TYPES.get(said["type"], said["type"])
        if kind not in ANSWER_TYPES or kind == "choice":
            allowed = "、".join(each for each in ANSWER_TYPES if each != "choice")
            self._cell(number, "type", f"类型“{said['type']}”应为 {allowed} 或 select_one 选项表 之一")
        return kind, []

    def _conditions(self, number: int, said: dict[str, str], known: set[str]) -> None:
        for key in ("relevant", "constraint"):
            if not said[key]:
                continue
            try:
                parsed = conditions.parse(said[key])
                codes = parsed.codes
            except ValueError as fault:
                self._cell(number, key, f"“{said[key]}”{fault}，例：${{V-A-01}} = 'no' and ${{V-A-02}} > 0")
                continue
            if key == "constraint" and codes != {"."}:
                self._cell(number, key, "填写要求只能用 . 指本项的作答，例：. >= 1 and . <= 100")
            unknown = sorted(codes - known)
            if key == "relevant" and unknown:
                self._cell(number, key, f"{'、'.join(unknown)} 不是前面的题目编号")
            self._options_named(number, key, parsed)

    def _options_named(self, number: int, column: str, parsed: conditions.Condition) -> None:
        """A fault for each answer that a condition compares with and that the question does not offer."""
        items = {item["code"]: item for item in self.sheet.items}
        for code, word in parsed.compared:
            asked = items.get(code)
            if asked is None:
                continue
            words = {each["code"] for each in asked["options"]} or _ANSWERS.get(asked["answer_type"], set())
            if words and word not in words | UNSEEN.keys():
                self._cell(number, column, f"“{word}”不是 {code} 的选项")

    def _trigger(
        self, number: int, said: dict[str, str], answer_type: str, options: list[dict[str, str]]
    ) -> None:
        if not said["trigger_expr"]:
            return
        words = [each["code"] for each in options] or trigger.CHOICES
        try:
            fits = trigger.parse(said["trigger_expr"]).fits(words)
        except ValueError:
            fits = False
        if not fits:
            self._cell(
                number, "trigger_expr", f"“{said['trigger_expr']}”不能识别，例：eq:no、gt:0、ratio_gt:0.5"
            )
        elif not said["category"] or not said["severity"]:
            self._cell(number, "trigger_expr", "有异常条件的，问题类别和等级都要填")

    def _flag(self, number: int, said: dict[str, str], key: str) -> bool:
        words = said[key].lower().removesuffix(".0")
        if words not in (*_YES, *_NO):
            self._cell(number, key, f"“{said[key]}”应为 yes、no 或空白")
        return words in _YES


def _text(row: list[Any], place: int) -> str:
    if place >= len(row):
        return ""
    value = row[place]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
