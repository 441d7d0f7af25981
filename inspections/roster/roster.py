"""Brings a roster file in: its faults, its differences, and the import itself, all or nothing.

Rows that the file does not name stay as they are; a row with 删除原因 is taken off.
It opens no file format (workbook.py does) and no page.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from sqlalchemy import exc, orm

from inspections import journal
from inspections.database import today
from inspections.lives import people
from inspections.people import removals
from inspections.people.edits import end_key_post, remove_kin, remove_tie
from inspections.people.models import KeyPost, Kin, Office, Person, Tie
from inspections.people.sheets import AREAS, KEY_POSTS, KIN, OFFICES, PEOPLE, SHEETS, TIES, UNITS, Sheet
from inspections.people.stock import Stock
from inspections.reading.days import day, since
from inspections.reading.typed import tidy
from inspections.roster.areas_from_units import areas_from_units
from inspections.roster.differences import Differences, compare
from inspections.roster.faults import Fault, RosterFaults, Told
from inspections.roster.headings import Heading, asked_once, matches_of
from inspections.roster.kinds import Unknown, sorted_out
from inspections.roster.row import Answer, Became
from inspections.roster.rows import RosterReader, Row
from inspections.roster.transfers import Question, unasked
from inspections.roster.workbook import RawSheet, mended, read
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit

#: later than any day that a tie ends on
LAST = dt.date.max
SOFTENED = "放宽了已登记的回避，不能用文件更改：请在“删除原因”中写明原登记为何去掉，由第二人确认后再另行登记"

_MODELS: Mapping[str, type[Any]] = {
    AREAS.name: Area,
    UNITS.name: Unit,
    OFFICES.name: Office,
    PEOPLE.name: Person,
    TIES.name: Tie,
    KIN.name: Kin,
    KEY_POSTS.name: KeyPost,
}


@dataclass(frozen=True)
class Asked:
    """How a file is to be read: as real places or not, with which cells put right, for which county."""

    planning_only: bool = False
    mends: Mapping[str, str] = field(default_factory=dict)
    county_id: int | None = None
    #: the row's place → what was said of the person; None where nobody can be asked
    answers: Mapping[str, Answer] | None = None


_CHANGED = {KEY_POSTS.name: "key_post.change"}


@dataclass(frozen=True)
class Look:
    """What a file says before anything is done: differences or faults, and whose columns are whose."""

    headings: list[Heading]
    told: list[Told]
    faults: list[Fault]
    differences: Differences | None
    sheets: dict[str, RawSheet]
    questions: list[Question]
    unknown: list[Unknown]

    @property
    def open_questions(self) -> list[Question]:
        """The rows of which nobody has said yet whom they mean."""
        return [question for question in self.questions if question.answer is None]

    def said_at(self, place: str) -> str:
        """What stands in the cell 人员!D17; empty where nothing does."""
        title, _, at = place.rpartition("!")
        row, column = coordinate_to_tuple(at)
        rows = self.sheets[title].rows if title in self.sheets else []
        line = rows[row - 1] if row <= len(rows) else []
        return tidy(line[column - 1]) if column <= len(line) else ""

    @property
    def open_headings(self) -> list[Heading]:
        """The columns about which nobody of the county has said yet what they are."""
        return [heading for heading in asked_once(self.headings) if not heading.decided]

    @property
    def all_headings(self) -> list[Heading]:
        """The columns with headings of the clerk's own, each heading once."""
        return asked_once(self.headings)


def look(session: orm.Session, file: Path, asked: Asked) -> Look:
    """What the file says. Raises RosterFaults only when it is unusable as a whole."""
    read_so = _read(session, file, asked)
    differences = None
    if not read_so.faults:
        differences = compare(read_so.stock, read_so.rows)
        differences.told = read_so.told
    told, faults = read_so.told, read_so.faults
    sheets, unknown = read_so.sheets, read_so.unknown
    return Look(read_so.headings, told, faults, differences, sheets, read_so.questions, unknown)


def preview(session: orm.Session, file: Path, planning_only: bool = False) -> Differences:
    """What importing the file would do. Raises RosterFaults with every fault of the file."""
    seen = look(session, file, Asked(planning_only))
    if seen.differences is None:
        raise RosterFaults(seen.faults, seen.told)
    return seen.differences


def import_roster(
    session: orm.Session,
    file: Path,
    actor: Any = None,
    planning_only: bool = False,
    name: str = "",
    asked: Asked | None = None,
) -> Differences:
    """What was done: rows are added or changed by their key, in one transaction with the journal.

    `planning_only` marks every unit of the file as a real place, to which no finding can ever be attached;
    the mark is never lifted here. `name` is what the file is called in the journal; `asked` is what was put
    right on the page. Raises RosterFaults; Refusal when a unit that already has findings or photos would be
    marked.
    """
    read_so = _read(session, file, asked or Asked(planning_only))
    if read_so.faults:
        raise RosterFaults(read_so.faults, read_so.told)
    if asked is not None and asked.answers is not None and any(q.answer is None for q in read_so.questions):
        raise Refusal("还有人员没有说明是调动、更正还是另一个人，没有导入任何内容。")
    stock, rows = read_so.stock, read_so.rows
    differences = compare(stock, rows)
    differences.told = read_so.told
    counts = {
        sheet: [count["新增"], count["变更"], count["删除"]] for sheet, count in differences.counts().items()
    }
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
    try:
        _apply(session, stock, rows, differences, actor)
        if differences.rows:
            said = {"file": name or file.name, "sha256": digest, "counts": counts}
            journal.record(session, "roster.import", None, actor, **said)
        session.flush()
    except exc.IntegrityError as fault:
        raise Refusal("有单位已有驻点材料，不能改为“仅供排程”，没有导入任何内容。") from fault
    return differences


@dataclass(frozen=True)
class _Reading:
    stock: Stock
    rows: dict[str, list[Row]]
    told: list[Told]
    faults: list[Fault]
    headings: list[Heading]
    sheets: dict[str, RawSheet]
    questions: list[Question]
    unknown: list[Unknown]


def _read(session: orm.Session, file: Path, asked: Asked) -> _Reading:
    """What is stored, the file's rows with their faults, and what the clerk should know of them."""
    sheets = read(file)
    mended(sheets, asked.mends)
    matched = matches_of(session, asked.county_id)
    found = sorted_out(sheets, matched)
    raw, stock = found.sheets, Stock(session)
    if AREAS.name not in raw and UNITS.name in raw:
        made = areas_from_units(raw[UNITS.name], stock.values[AREAS.name].values())
        if made is not None:
            raw[AREAS.name] = [made]
    areas = {key[0]: values for key, values in stock.values[AREAS.name].items()}
    strengths = {kind.code: kind.strength for kind in stock.kinds}
    answers = asked.answers or {}
    reader = RosterReader(stock.directory(), strengths, areas, matched, stock.values, answers)
    reader.read(raw)
    ties = reader.rows[TIES.name]
    faults = [*found.faults, *reader.faults, *_decided(stock, ties), *_softened(stock, ties)]
    questions = reader.transfers.questions
    if asked.answers is None:
        faults += unasked(questions, reader.rows[PEOPLE.name], today().isoformat())
    for row in reader.rows[UNITS.name] if not faults else []:
        stored = stock.values[UNITS.name].get(row.key, {}).get("planning_only", False)
        row.values["planning_only"] = stored or asked.planning_only or bool(row.values.get("planning_only"))
    told = [*found.told, *reader.told]
    return _Reading(stock, reader.rows, told, faults, reader.headings, sheets, questions, found.unknown)


def _decided(stock: Stock, rows: list[Row]) -> list[Fault]:
    """A fault for each row that would change or take off what a second person approved."""
    faults = []
    for row in rows:
        record = stock.records[TIES.name].get(row.key)
        if record is None or record.source != "decision":
            continue
        stored = stock.values[TIES.name][row.key]
        if any(stored[name] != value for name, value in row.values.items() if name in stored):
            place = row.cells.get("person", row.place)
            faults.append(Fault(place, "是经批准的回避决定，不能用文件更改或删除"))
    return faults


def _moves(row: Row) -> bool:
    return row.became is not None and row.became.became is Became.MOVED


def _softened(stock: Stock, rows: list[Row]) -> list[Fault]:
    """A fault for each row that would let a tie bar less than it does: that takes two people."""
    faults = []
    for row in rows:
        stored, record = (known[TIES.name].get(row.key) for known in (stock.values, stock.records))
        if stored is None or row.values.get("removal") or getattr(record, "source", "") == "decision":
            continue
        said = {**stored, **row.values}
        starts_later = said["valid_from"] is not None and _is_later(said["valid_from"], stored["valid_from"])
        ends_sooner = said["valid_to"] is not None and _is_later(stored["valid_to"] or LAST, said["valid_to"])
        for name, softer in (
            ("hard", stored["hard"] and said["hard"] is False),
            ("valid_from", starts_later),
            ("valid_to", ends_sooner),
        ):
            if softer:
                faults.append(Fault(row.cells.get(name, row.place), SOFTENED))
    return faults


def _is_later(one: dt.date, other: dt.date | None) -> bool:
    return other is None or one > other


class _Found:
    """Records by code, stored and new, for what a row refers to."""

    def __init__(self, stock: Stock) -> None:
        self.by_sheet = {
            sheet.name: {key[0]: record for key, record in stock.records[sheet.name].items()}
            for sheet in (AREAS, UNITS, OFFICES, PEOPLE)
        }
        self.kinds = {kind.code: kind for kind in stock.kinds}

    def office_of(self, row: Row) -> Any:
        """The office that the row names."""
        return self.by_sheet[OFFICES.name].get(row.values.get("office"))

    def moved(self, session: orm.Session, person: Person, row: Row, actor: Any) -> None:
        """Nothing; the person goes to the row's office, and the former post bars from the day on."""
        said = row.became or Answer(Became.MOVED)
        _, units, offices, _ = self.by_sheet.values()
        home = row.values.get("home_unit")
        to = people.Move(
            offices[row.values["office"]],
            units[home] if home else person.home_unit,
            day(said.day) if said.day else today(),
            people.former_post(session, person),
            since(said.since) if said.since else people.held_since(session, person),
            "名册导入",
        )
        people.move(session, person, to, actor)

    def fill(self, record: Any, row: Row) -> None:
        """Nothing; the record now says what the row says."""
        areas, units, offices, people = self.by_sheet.values()
        for name, value in row.values.items():
            if name == "removal" or (name in ("office", "home_unit") and _moves(row)):
                continue
            if name in ("area", "parent"):
                setattr(record, name, areas.get(value))
            elif name in ("home_unit", "unit"):
                setattr(record, name, units.get(value))
            elif name in ("office", "person"):
                setattr(record, name, (offices if name == "office" else people)[value])
            elif name == "object":
                record.unit, record.other = units.get(value), people.get(value)
            elif name == "kind" and row.sheet is TIES:
                record.kind = self.kinds[value]
            else:
                setattr(record, name, value)
        if row.sheet is TIES and record.hard is None:
            record.hard = record.kind.strength != "soft"


def _remove(session: orm.Session, record: Any, reason: str, actor: Any) -> None:
    if actor is not None:  # somebody at a desk: a second person agrees before it goes
        removals.ask(session, record, reason, actor)
        return
    if isinstance(record, Tie):
        remove_tie(session, record, reason, actor)
    elif isinstance(record, Kin):
        remove_kin(session, record, reason, actor)
    else:
        end_key_post(session, record, reason, actor)


def _is_own(sheet: Sheet, record: Any, actor: Any) -> bool:
    """Whether the row would change what is known of the person who brings the file."""
    person = getattr(actor, "person_id", None)
    about = {PEOPLE.name: "id", TIES.name: "person_id", KIN.name: "person_id"}.get(sheet.name)
    return person is not None and about is not None and getattr(record, about) == person


def _apply(
    session: orm.Session,
    stock: Stock,
    rows: Mapping[str, list[Row]],
    differences: Differences,
    actor: Any,
) -> None:
    found = _Found(stock)
    work = {(difference.sheet, difference.key): difference for difference in differences.rows}
    for sheet in SHEETS:
        touched = []
        for row in rows[sheet.name]:
            if (sheet.name, row.key) not in work:
                continue
            record = stock.records[sheet.name].get(row.key)
            if work[sheet.name, row.key].removal:
                _remove(session, record, work[sheet.name, row.key].removal, actor)
                continue
            if record is not None and _is_own(sheet, record, actor):
                raise Refusal(f"{sheet.name}第 {row.number} 行{removals.OWN}")
            touched.append((record or _MODELS[sheet.name](), row))
            if sheet.name in found.by_sheet:
                found.by_sheet[sheet.name][row.values["code"]] = touched[-1][0]
        with session.no_autoflush:
            for record, row in touched:  # an area may stand before the one above it
                found.fill(record, row)
        session.add_all(record for record, _ in touched)
        session.flush()
        for record, row in touched:
            if sheet is PEOPLE and _moves(row) and record.office is not found.office_of(row):
                found.moved(session, record, row, actor)
            changes = work[sheet.name, row.key].changes
            if changes:
                act = _CHANGED.get(sheet.name) or f"{_MODELS[sheet.name].__name__.lower()}.change"
                owner = record.person if sheet in (TIES, KIN) else record
                owner = record.unit if sheet is KEY_POSTS else owner
                journal.record(session, act, owner.uuid, actor, changes=[list(change) for change in changes])
