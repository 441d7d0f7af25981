"""From the sheets of seeds/catalogue to checklist versions, taxonomy, time limits and questionnaire.

A published version is never changed: a sheet that says something else becomes the next version.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import orm, select

from inspections import journal, wording
from inspections.fieldwork import trigger
from inspections.fieldwork.models import CHECKLIST_KINDS, Checklist, ChecklistItem, Deadline, SurveyQuestion
from inspections.findings.models import TaxonomyEntry
from inspections.law import citations, library
from inspections.law.citations import Version
from inspections.reading.files import own_rows
from inspections.site.refusal import Refusal
from inspections.units.models import Unit

#: what the columns say that the sheets of seeds/catalogue do not have
PLAIN: dict[str, Any] = {
    "options": [],
    "relevant": "",
    "constraint": "",
    "constraint_message": "",
    "required": False,
    "units": [],
}
ANSWER_TYPES = (
    *("yes_no", "yes_no_na", "count", "days", "money", "ratio", "sample"),
    *("choice", "date", "text"),
)
_TEXTS = (
    *("code", "group_code", "group", "question", "method", "materials", "ask_whom", "answer_type"),
    *("trigger", "trigger_expr", "category", "severity", "assignee_role"),
)


def load(session: orm.Session, folder: Path, actor: Any = None) -> dict[str, int]:
    """The newest version of each checklist after reading the five sheets in `folder` and the law they cite.

    Reading the same sheets again changes nothing. Raises Refusal that names every faulty row; then
    nothing was changed.
    """
    faults: list[str] = []
    library.load(session)
    known = {version.code: version for version in library.versions(session)}
    drafts = {kind: _items(folder / f"{kind}.csv", known, faults) for kind in CHECKLIST_KINDS}
    if faults:
        raise Refusal("清单没有导入：" + "；".join(faults))
    versions = {kind: publish(session, kind, items, actor) for kind, items in drafts.items()}
    for position, row in enumerate(own_rows(folder / "taxonomy.csv")):
        session.merge(
            TaxonomyEntry(
                kind=row["kind"],
                code=row["code"],
                parent_code=row["parent_code"],
                name=row["name"],
                definition=row["definition"],
                default_severity=row["default_severity"],
                position=position,
            )
        )
    for row in own_rows(folder / "deadlines.csv"):
        session.merge(
            Deadline(
                code=row["code"],
                name=row["name"],
                start_event=row["start_event"],
                offset=int(row["offset"]),
                unit=row["unit"],
                source=row["source"],
                basis_checked=row["check"] == "V",
            )
        )
    for position, row in enumerate(own_rows(folder / "questionnaire.csv")):
        session.merge(
            SurveyQuestion(
                code=row["code"],
                position=position,
                question=row["question"],
                kind=row["type"],
                options=row["options"].split("|") if row["options"] else [],
                indicator=row["indicator"],
            )
        )
    session.flush()
    return versions


def find_newest(session: orm.Session, kind: str) -> Checklist | None:
    """The version in force for new visits, or None while none is loaded."""
    wanted = select(Checklist).where(Checklist.kind == kind)
    return session.scalar(wanted.order_by(Checklist.version.desc()).limit(1))


def in_force(session: orm.Session, kind: str, day: dt.date) -> Checklist | None:
    """The version that was the newest on that day (in the county), the first one where there was none yet.

    Every tablet of a team is given the same, whenever it asks: a version published during the stay is for
    later stays. None while none is loaded.
    """
    return in_force_then(session)(kind, day)


def in_force_then(session: orm.Session) -> Callable[[str, dt.date], Checklist | None]:
    """`in_force` as a function of kind and day, for many visits at once."""
    every = session.scalars(select(Checklist).order_by(Checklist.version)).all()

    def found(kind: str, day: dt.date) -> Checklist | None:
        versions = [each for each in every if each.kind == kind]
        then = [each for each in versions if each.published_at.astimezone(wording.SHANGHAI).date() <= day]
        if not versions:
            return None
        return then[-1] if then else versions[0]

    return found


def newest(session: orm.Session, kind: str) -> Checklist:
    """The version in force for new visits. Raises Refusal while none is loaded."""
    found = find_newest(session, kind)
    if found is None:
        raise Refusal(f"还没有{CHECKLIST_KINDS[kind]}，请先导入清单。")
    return found


def categories(session: orm.Session) -> list[str]:
    """The codes of the taxonomy's subcategories, which an item may name."""
    entries = select(TaxonomyEntry.code).where(TaxonomyEntry.kind == "subcategory")
    return list(session.scalars(entries.order_by(TaxonomyEntry.position)))


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One question that a sheet adds, changes or leaves out; `columns` are those that differ."""

    code: str
    question: str
    kind: str
    columns: tuple[str, ...] = ()


def changes(last: Checklist | None, items: Sequence[dict[str, Any]]) -> list[ItemChange]:
    """What the items say otherwise than the version before, in the new order; dropped ones last."""
    before = {item.code: content(item) for item in last.items} if last else {}
    found = []
    for item in items:
        old = before.pop(item["code"], None)
        if old is None:
            found.append(ItemChange(item["code"], item["question"], "新增"))
            continue
        differing = tuple(name for name in item if name != "position" and old.get(name) != item[name])
        if differing:
            found.append(ItemChange(item["code"], item["question"], "修改", differing))
    return found + [ItemChange(code, old["question"], "删去") for code, old in before.items()]


def kind_for(unit: Unit) -> str:
    """Which checklist fits: departments have their own; villages, communities and farms share one."""
    return "department" if unit.kind == "department" else "village"


def items_for(checklist: Checklist, unit: Unit) -> list[ChecklistItem]:
    """The common items and the unit's own (20 + X), in order. A farm is asked what a village is."""
    place = "community" if unit.kind == "community" else "village"
    return [
        item
        for item in checklist.items
        if item.applies_to in ("both", place) and (not item.units or unit.code in item.units)
    ]


def publish(session: orm.Session, kind: str, items: Sequence[dict[str, Any]], actor: Any) -> int:
    """The number of the version that says exactly this; it is made when the newest one says otherwise."""
    last = find_newest(session, kind)
    if last is not None and [content(item) for item in last.items] == list(items):
        return last.version
    made = Checklist(kind=kind, version=last.version + 1 if last else 1)
    made.items = [ChecklistItem(**item) for item in items]
    session.add(made)
    session.flush()
    journal.record(session, "checklist.publish", None, actor, kind=kind, version=made.version)
    return made.version


def content(item: ChecklistItem) -> dict[str, Any]:
    """What the item says, by column, as it can be written to a file and compared."""
    columns = ChecklistItem.__table__.columns.keys()
    return {name: getattr(item, name) for name in columns if name not in ("id", "checklist_id")}


def _basis(cell: str, known: dict[str, Version], place: str, faults: list[str]) -> str:
    """《…法》第三十条 for CZF-2026#30; a code that the law library lacks is a fault."""
    try:
        return citations.words([part for part in cell.split(";") if part], known)
    except KeyError as missing:
        faults.append(f"{place}：依据库中没有{missing}")
        return ""


def _items(sheet: Path, known: dict[str, Version], faults: list[str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, row in enumerate(own_rows(sheet), 2):
        place = f"{sheet.name} 第 {number} 行"
        missing = [name for name in (*_TEXTS, "policy_basis", "basis_check") if row.get(name) is None]
        if missing:
            faults.append(f"{place}：缺少列 {'、'.join(missing)}")
            continue
        if not row["code"] or row["code"] in seen:
            faults.append(f"{place}：编号“{row['code']}”为空或重复")
        if row["answer_type"] not in ANSWER_TYPES:
            faults.append(f"{place}：作答类型“{row['answer_type']}”应为 {'、'.join(ANSWER_TYPES)} 之一")
        try:
            understood = trigger.parse(row["trigger_expr"]).fits(trigger.CHOICES)
        except ValueError:
            understood = False
        if not understood:
            faults.append(f"{place}：触发条件“{row['trigger_expr']}”不能识别，例：eq:no、gt:0、ratio_gt:0.5")
        least = row["sample_min"]
        if least not in ("", "all") and not least.isdecimal():
            faults.append(f"{place}：最低抽查数“{least}”应为整数或 all")
            least = ""
        applies = row.get("applies_to") or "both"
        if applies not in ("both", "village", "community"):
            faults.append(f"{place}：适用范围“{applies}”应为 both、village 或 community")
        seen.add(row["code"])
        items.append(
            {name: row[name] for name in _TEXTS}
            | {
                "position": len(items),
                "basis": _basis(row["policy_basis"], known, place, faults),
                "basis_checked": row["basis_check"] == "V",
                "community_basis": _basis(row.get("community_basis", ""), known, place, faults),
                "community_basis_checked": row.get("community_check") == "V",
                "sample_min": int(least) if least.isdecimal() else None,
                "sample_all": least == "all",
                "evidence_required": row.get("evidence_required", "1") == "1",
                "applies_to": applies,
            }
            | PLAIN
        )
    return items
