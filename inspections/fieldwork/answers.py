"""What a posting's checklist says now, read from the ledger: answers, notes, progress, history.

It only reads; nothing here is stored, so no copy can disagree with the ledger.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.fieldwork import checklists, conditions, values
from inspections.fieldwork.closing.opening import counted_edits, counts
from inspections.fieldwork.entry.merge import Merged, merge
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.fieldwork.trigger import is_abnormal
from inspections.rounds.models import Posting


@dataclass(frozen=True, slots=True)
class Answer:
    """One item with what was answered, by whom and when, and what stands against it."""

    item: ChecklistItem
    merged: Merged[Operation]
    notes: tuple[Operation, ...] = ()
    #: False where the other answers make the question fall away
    asked: bool = True

    @property
    def value(self) -> Any:
        """The value that holds, or None."""
        return self.merged.current.value if self.merged.current else None

    @property
    def seq(self) -> int | None:
        """The place in the ledger of the value that holds."""
        return self.merged.current.seq if self.merged.current else None

    @property
    def words(self) -> str:
        """The answer in Chinese; empty while there is none."""
        return values.words(self.item.answer_type, self.value, self.item.options)

    @property
    def done(self) -> bool:
        """Whether there is an answer (未查 with its reason is one)."""
        return self.value is not None

    @property
    def abnormal(self) -> bool:
        """Whether the answer is one that asks for a finding."""
        return is_abnormal(self.item.trigger_expr, self.value)

    @property
    def short_of_sample(self) -> bool:
        """Whether fewer cases were looked at than the checklist asks for."""
        if self.item.sample_min is None or not isinstance(self.value, dict) or "checked" not in self.value:
            return False
        return bool(self.value["checked"] < self.item.sample_min)

    @property
    def held_words(self) -> list[tuple[Operation, str]]:
        """The values kept beside the answer, each with its words."""
        type_, options = self.item.answer_type, self.item.options
        return [(edit, values.words(type_, edit.value, options)) for edit in self.merged.held]

    def note_of(self, user_id: int) -> Operation | None:
        """The newest note of that author, or None."""
        return next((note for note in self.notes if note.author_id == user_id), None)


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one group with their answers."""

    code: str
    name: str
    answers: list[Answer] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(answer.asked for answer in self.answers)

    @property
    def done(self) -> int:
        return sum(answer.done and answer.asked for answer in self.answers)

    @property
    def abnormal(self) -> int:
        return sum(answer.abnormal and answer.asked for answer in self.answers)

    @property
    def conflicts(self) -> int:
        return sum(bool(answer.merged.held) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class FilledChecklist:
    """A posting's whole checklist as it stands now."""

    checklist: Checklist
    sections: list[Section]

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def answers(self) -> list[Answer]:
        return [answer for section in self.sections for answer in section.answers]

    @property
    def last_at(self) -> dt.datetime | None:
        """When the newest answer or note was accepted."""
        times = [edit.received_at for a in self.answers for edit in (a.merged.current, *a.notes) if edit]
        return max(times, default=None)

    def section(self, code: str) -> Section | None:
        """The section of that code, or None."""
        return next((section for section in self.sections if section.code == code), None)

    def answer(self, code: str) -> Answer | None:
        """The item of that code with its answer, or None."""
        return next((answer for answer in self.answers if answer.item.code == code), None)


def checklist_of(session: orm.Session, posting: Posting) -> Checklist:
    """The version with which the posting began: that of its first edit, before it the one of its release."""
    return checklists_of(session, [posting])[posting.id]


def checklists_of(session: orm.Session, postings: Sequence[Posting]) -> dict[int, Checklist]:
    """The version of each posting, by its id. Raises Refusal while no checklist is loaded."""
    first = select(sa.func.min(Operation.seq)).group_by(Operation.posting_id)
    first = first.where(Operation.posting_id.in_([posting.id for posting in postings]))
    rows = select(Operation.posting_id, Operation.checklist_id).where(Operation.seq.in_(first))
    return _versions(session, postings, {row[0]: row[1] for row in session.execute(rows)})


def _versions(
    session: orm.Session, postings: Sequence[Posting], begun: Mapping[int, int]
) -> dict[int, Checklist]:
    """`begun`: posting → checklist of its first edit."""
    known = {each: session.get_one(Checklist, each) for each in sorted(set(begun.values()))}
    untouched = [posting for posting in postings if posting.id not in begun]
    in_force = checklists.in_force_then(session) if untouched else None
    found = {posting.id: known[begun[posting.id]] for posting in postings if posting.id in begun}
    for posting in untouched:
        kind = checklists.kind_for(posting.unit)
        then = in_force(kind, posting.team.round.release_on) if in_force else None
        found[posting.id] = then or checklists.newest(session, kind)
    return found


def edits(session: orm.Session, postings: Sequence[Posting], item: str | None = None) -> list[Operation]:
    """The ledger of these postings (or of one item of theirs) in server order."""
    wanted = select(Operation).where(Operation.posting_id.in_([posting.id for posting in postings]))
    if item is not None:
        wanted = wanted.where(Operation.item == item)
    return list(session.scalars(wanted.options(orm.joinedload(Operation.author)).order_by(Operation.seq)))


def ledgers(session: orm.Session, postings: Sequence[Posting]) -> dict[int, list[Operation]]:
    """The ledger of each of these postings, by its id."""
    found: dict[int, list[Operation]] = {posting.id: [] for posting in postings}
    for edit in edits(session, postings):
        found[edit.posting_id].append(edit)
    return found


def sheet(session: orm.Session, posting: Posting) -> FilledChecklist:
    """The posting's checklist with everything answered so far."""
    return sheets(session, [posting], ledgers(session, [posting]))[posting.id]


def sheets(
    session: orm.Session, postings: Sequence[Posting], ledgers: Mapping[int, Sequence[Operation]]
) -> dict[int, FilledChecklist]:
    """The checklist of each of these postings, filled from its ledger, by its id; a closed one rests."""
    begun = {name: ledger[0].checklist_id for name, ledger in ledgers.items() if ledger}
    versions = _versions(session, postings, begun)
    counted = counted_edits(session, postings, ledgers)
    return {each.id: _filled(each, versions[each.id], counted[each.id]) for each in postings}


def _filled(posting: Posting, checklist: Checklist, ledger: Iterable[Operation]) -> FilledChecklist:
    by_item: dict[str, list[Operation]] = defaultdict(list)
    for edit in ledger:
        by_item[edit.item].append(edit)
    sections: dict[str, Section] = {}
    items = checklists.items_for(checklist, posting.unit)
    answered = {item.code: _answer(item, by_item[item.code]) for item in items}
    said = {code: answer.value for code, answer in answered.items()}
    for item in items:
        section = sections.setdefault(item.group_code, Section(item.group_code, item.group))
        asked = conditions.holds(item.relevant, said.get)
        section.answers.append(replace(answered[item.code], asked=asked))
    return FilledChecklist(checklist, list(sections.values()))


def history(session: orm.Session, posting: Posting, code: str) -> list[Operation]:
    """Every edit of one item, the newest first."""
    return edits(session, [posting], code)[::-1]


def removed_photos(session: orm.Session, posting: Posting) -> set[str]:
    """The ids of the photographs that somebody took out again; their bytes stay as evidence."""
    taken_out = select(Operation.value).where(Operation.posting_id == posting.id, Operation.kind == "remove")
    return set(session.scalars(taken_out.where(counts(posting))))


def progress(session: orm.Session, postings: Sequence[Posting]) -> dict[int, tuple[int, int]]:
    """(answered, total) of each posting, by its id; (0, 0) while no checklist is loaded."""
    by_item: dict[tuple[int, str], list[Operation]] = defaultdict(list)
    version: dict[int, int] = {}
    for of_one in counted_edits(session, postings, ledgers(session, postings)).values():
        for edit in of_one:
            version.setdefault(edit.posting_id, edit.checklist_id)
            if edit.field == "answer":
                by_item[edit.posting_id, edit.item].append(edit)
    said: dict[int, dict[str, Any]] = defaultdict(dict)
    for (posting_id, code), of_item in by_item.items():
        current = merge(of_item).current
        if current is not None and current.value is not None:
            said[posting_id][code] = current.value
    in_force = checklists.in_force_then(session)
    counted: dict[int, tuple[int, int]] = {}
    for posting in postings:
        checklist: Checklist | None
        if posting.id in version:
            checklist = session.get_one(Checklist, version[posting.id])
        else:
            checklist = in_force(checklists.kind_for(posting.unit), posting.team.round.release_on)
        items = checklists.items_for(checklist, posting.unit) if checklist else []
        mine = said[posting.id]
        asked = [item.code for item in items if conditions.holds(item.relevant, mine.get)]
        counted[posting.id] = (sum(code in mine for code in asked), len(asked))
    return counted


def _answer(item: ChecklistItem, of_item: Sequence[Operation]) -> Answer:
    notes: dict[int, Operation] = {}
    for edit in of_item:
        if edit.field == "note":
            notes[edit.author_id] = edit
    written = sorted((note for note in notes.values() if note.value), key=lambda note: note.seq)
    return Answer(item, merge(edit for edit in of_item if edit.field == "answer"), tuple(written))
