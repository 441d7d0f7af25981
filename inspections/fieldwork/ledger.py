"""Takes edits of a posting's checklist into the ledger: the one way in, for pages and tablets alike.

It accepts, recognises or refuses each edit by itself; it changes no row and never chooses between two people.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import insert_or_ignore
from inspections.fieldwork import answers, checklists, finding_operations
from inspections.fieldwork.checks import operations as check_operations
from inspections.fieldwork.entry import quarantine
from inspections.fieldwork.entry.edits import Edit, named, parsed
from inspections.fieldwork.entry.fitting import fitting, require_reason
from inspections.fieldwork.entry.merge import merge
from inspections.fieldwork.entry.reasons import REASONS, EditRefused
from inspections.fieldwork.entry.rights import Admission, WritingRight, is_revoked, writing_right
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from inspections.site.privacy import blotted_in
from inspections.site.refusal import Conflict, Refusal

#: refused operations that are not kept: those about real places, and those that `_again` has kept by then
NOT_KEPT = ("real_place", "id_reused")
NO_SKEW = dt.timedelta(0)

Status = Literal["ok", "dup", "conflict", "refused"]


@dataclass(frozen=True, slots=True)
class Ack:
    """The answer to one edit. `seq` is its place in the ledger, `reason` a key of REASONS where refused."""

    id: str
    status: Status
    seq: int | None = None
    reason: str | None = None
    #: what exactly does not fit, in Chinese; empty unless the reason is `value`
    detail: str = ""
    #: which revision of the paper this edit made or met; None for anything but a paper
    revision: int | None = None
    #: written in time, arrived when the visit was over or the seat another's
    late: bool = False

    @property
    def sentence(self) -> str:
        """Why it was refused, for the person; empty where it was not."""
        return self.detail or REASONS.get(self.reason or "", "")


def record(
    session: orm.Session,
    posting: Posting,
    author: User,
    operations: Iterable[Mapping[str, Any]],
    device: str = "",
    papers: sa.ColumnElement[bool] | None = None,
    skew: dt.timedelta = NO_SKEW,
    admission: Admission = Admission.ASKED,
    settles_checks: bool = False,
) -> list[Ack]:
    """One Ack per operation, in their order; what was accepted is flushed, not committed.

    An operation is the object of contracts §3: {id, item, field, kind, value, base, at, template_version},
    with a `reason` where it resolves. The id is looked up before any right: known with the same body it is
    `dup`, with another it is refused (`id_reused`). Rights count at the time of writing, `at` less `skew`, by
    which the tablet's clock is ahead; what was written when the visit was closed is refused (`closed`). What
    is refused is kept in quarantine, once. An answer that stands beside another one is a `conflict`. The item
    `finding:<uuid>` is a working paper, which `findings.drafting` writes; `papers` narrows those that the
    author may revise. One refused operation does not hold up the others. `admission` says what has been
    decided elsewhere, `settles_checks` whether the author's role may say what came of a check (item
    `check:<uuid>`).
    """
    # edits of one posting get their order one after another; SQLite has one writer anyway
    session.execute(select(Posting.id).where(Posting.id == posting.id).with_for_update())
    sent = list(operations)
    batch = _Batch(session, posting, author, device, papers, skew, admission, sent, settles_checks)
    acks = []
    for operation in sent:
        try:
            acks.append(batch.take(operation))
        except EditRefused as refused:
            if refused.reason not in NOT_KEPT:
                quarantine.keep(session, posting, author, operation, refused.reason, device)
            acks.append(
                Ack(str(operation.get("id", "")), "refused", reason=refused.reason, detail=refused.detail)
            )
    accepted = [ack for ack in acks if ack.status in ("ok", "conflict")]
    if accepted:
        conflicts = sum(ack.status == "conflict" for ack in accepted)
        late = sum(ack.late for ack in accepted)
        counted = {"edits": len(accepted), "conflicts": conflicts} | ({"late": late} if late else {})
        journal.record(session, "answer.record", posting.uuid, author, **counted)
    session.flush()
    return acks


def known_operations(
    session: orm.Session, operations: Iterable[Mapping[str, Any]]
) -> dict[uuid.UUID, Operation]:
    """Those of these operations whose ids the ledger has, by id, whatever they say."""
    ids = {each for each in map(named, operations) if each is not None}
    found = session.scalars(select(Operation).where(Operation.id.in_(ids)))
    return {each.id: each for each in found}


class _Batch:
    """The operations of one request on one posting; what they share is read once."""

    def __init__(
        self,
        session: orm.Session,
        posting: Posting,
        author: User,
        device: str,
        papers: sa.ColumnElement[bool] | None,
        skew: dt.timedelta,
        admission: Admission,
        operations: Sequence[Mapping[str, Any]],
        settles_checks: bool,
    ) -> None:
        self.session, self.posting, self.author = session, posting, author
        self.device, self.papers, self.skew = device.replace("\x00", "")[:64], papers, skew
        self.admission, self.settles_checks = admission, settles_checks
        self.revoked = admission is Admission.ASKED and is_revoked(session, device)
        self.right: WritingRight = writing_right(session, posting, author)
        if papers is not None and not self.right.seated:  # who had a seat goes on with the own papers only
            self.papers = sa.or_(papers, Finding.created_by_id == author.id)
        self._known = known_operations(session, operations)
        # PostgreSQL looks for no text with a NUL in it; `parsed` refuses those
        items = {name for each in operations if "\x00" not in (name := str(each.get("item")))}
        wanted = select(Operation).where(Operation.posting_id == posting.id, Operation.item.in_(items))
        #: the ledger of every item that is written to here, in order; what goes in is added
        self._ledger: dict[str, list[Operation]] = {item: [] for item in items}
        for row in session.scalars(wanted.order_by(Operation.seq)):
            self._ledger[row.item].append(row)
        self._sheets: dict[int | None, tuple[Checklist, dict[str, ChecklistItem]]] = {}

    def take(self, operation: Mapping[str, Any]) -> Ack:
        """The ack of one operation. Raises EditRefused."""
        edit = parsed(operation, self.posting.uuid)
        if (known := self._known.get(edit.id)) is not None:
            return self._again(known, edit, operation)
        if edit.author not in (None, str(self.author.uuid)):
            raise EditRefused("other_author")
        late = self._allowed(edit)
        checklist, item = self._item(edit)
        row = self._row(edit, checklist, fitting(item, edit), late)
        if edit.kind == "remove":
            self._require_photo(row, leads=self._led(edit))
        if edit.kind == "resolve":
            if not self._led(edit):
                raise EditRefused("not_leader")
            require_reason(edit)
        try:
            revision = self._save(row)
        except Conflict as conflict:
            raise EditRefused("paper_changed", _changed(conflict)) from None
        except Refusal as refusal:
            raise EditRefused("value", str(refusal)) from None
        if row.seq is None:  # another request brought the same id a moment ago
            return self._again(self._one(edit.id), edit, operation)
        self._known[row.id] = row
        of_item = self._ledger[row.item]
        of_item.append(row)
        counts = self.right.opening.frozen is None  # else it is kept beside what rests
        held = edit.field == "answer" and counts and row in merge(_answers(of_item)).held
        return Ack(str(edit.id), "conflict" if held else "ok", row.seq, revision=revision, late=late)

    def _allowed(self, edit: Edit) -> bool:
        """Whether the edit arrives late. Raises EditRefused where its author could not write it then."""
        if self.posting.unit.planning_only:
            raise EditRefused("real_place")
        if self.revoked:
            raise EditRefused("device_revoked")
        at = self._at(edit)
        if not self.right.covers(at, self.admission):
            raise EditRefused("not_in_team")
        # a paper that is begun goes its way to the signature after its visit
        begins = edit.field != "paper" or finding_operations.is_new(edit.value)
        if begins and self.admission is not Admission.COUNTY and not self.right.opening.covers(at):
            raise EditRefused("closed")
        return self.right.is_late(at)

    def _led(self, edit: Edit) -> bool:
        return self.right.led(self._at(edit), self.admission)

    def _at(self, edit: Edit) -> dt.datetime | None:
        """When it was written, by the server's clock. Raises EditRefused for a time that no calendar has."""
        try:
            return edit.at - self.skew if edit.at else None
        except OverflowError:
            raise EditRefused("malformed") from None

    def _again(self, known: Operation, edit: Edit, operation: Mapping[str, Any]) -> Ack:
        """`dup` for the same body; another body is refused and kept in quarantine, once."""
        if self._is_same(known, edit):
            return Ack(str(edit.id), "dup", known.seq)
        quarantine.keep(self.session, self.posting, self.author, operation, "id_reused", self.device)
        raise EditRefused("id_reused")

    def _is_same(self, known: Operation, edit: Edit) -> bool:
        """Whether the edit says what the row says; what its author had seen is not part of what is said."""
        owner = self.author if known.author_id == self.author.id else known.author
        told = (edit.item, edit.field, edit.kind, edit.at, edit.reason.strip())
        kept = (known.item, known.field, known.kind, known.client_time, known.reason)
        if (edit.author or str(self.author.uuid)) != str(owner.uuid):
            return False
        if known.posting_id != self.posting.id or told != kept:
            return False
        if quarantine.is_sealed(self.session, known.item):  # what it said is the case room's by now
            return True
        if known.value in (edit.value, blotted_in(edit.value)):
            return True
        try:
            return bool(fitting(self._item(edit)[1], edit) == known.value)
        except EditRefused:
            return False

    def _item(self, edit: Edit) -> tuple[Checklist, ChecklistItem | None]:
        """The checklist of the visit and the item, None for a working paper. Raises EditRefused."""
        if edit.template_version not in self._sheets:
            checklist = _checklist(self.session, self.posting, edit.template_version)
            items = {each.code: each for each in checklists.items_for(checklist, self.posting.unit)}
            self._sheets[edit.template_version] = checklist, items
        checklist, items = self._sheets[edit.template_version]
        of_paper = edit.item.startswith(finding_operations.PREFIX)
        of_check = edit.item.startswith(check_operations.PREFIX)
        fields = (
            ("paper", "photos") if of_paper else ("outcome",) if of_check else ("answer", "note", "photos")
        )
        if edit.field not in fields:
            raise EditRefused("unknown_field")
        if not (of_paper or of_check) and edit.item not in items:
            raise EditRefused("unknown_item")
        return checklist, items.get(edit.item)

    def _row(self, edit: Edit, checklist: Checklist, value: Any, late: bool) -> Operation:
        of_item = self._ledger[edit.item]
        place = {each.id: each.seq for each in of_item}
        seen, settles = edit.base, None
        if edit.kind == "set" and edit.saw is not None:
            settles = sorted(place[each] for each in edit.saw if each in place)
            # a name by itself at the place of `base`: all up to there; else what is named and no more
            up_to_it = edit.saw_all_before and settles == [seen]
            seen, settles = (seen, None) if up_to_it else (None, settles)
        if edit.settles is not None or edit.settles_ids:
            named_too = {place[each] for each in edit.settles_ids if each in place}
            settles = sorted(named_too if edit.settles_ids else set(edit.settles or ()))
        names = edit.settles_ids if edit.kind == "resolve" else edit.saw or ()
        awaits = sorted({str(each) for each in names if each not in place and each != edit.id})
        return Operation(
            id=edit.id,
            posting_id=self.posting.id,
            checklist_id=checklist.id,
            item=edit.item,
            field=edit.field,
            kind=edit.kind,
            value=value,
            base=edit.base,
            # a place that is not of this item, or that the ledger does not have, was never seen
            seen=seen if seen in place.values() else None,
            settles=settles,
            awaits=awaits or None,
            late=late,
            reason=edit.reason.strip(),
            author_id=self.author.id,
            device=self.device,
            client_time=edit.at,
        )

    def _save(self, row: Operation) -> int | None:
        """The paper's revision after the edit, None for anything else; all of it is written or none of it.

        `row.seq` is its place, None where the ledger has that id by now.
        """
        if row.field == "paper":
            with self.session.begin_nested():
                had_seat = not self.right.seated
                written = finding_operations.write(
                    self.session, self.posting, self.author, row.item, row.value, self.papers, had_seat
                )
                self._append(row)
                return written.current.n
        if row.field == "outcome":
            if not self.settles_checks:
                raise EditRefused("not_in_team")
            with self.session.begin_nested():
                check_operations.write(self.session, self.posting, self.author, row.item, row.value)
                self._append(row)
            return None
        if row.kind == "add" and row.item.startswith(finding_operations.PREFIX):
            finding_operations.require_open(self.session, self.posting, row.item, self.papers)
        self._append(row)
        return None

    def _append(self, row: Operation) -> None:
        names = {each.key for each in sa.inspect(Operation).column_attrs} - {"seq", "received_at"}
        values = {name: getattr(row, name) for name in names}
        place = insert_or_ignore(self.session, Operation, values, Operation.seq)
        if place is not None:
            row.seq = place

    def _one(self, name: uuid.UUID) -> Operation:
        return self.session.scalars(select(Operation).where(Operation.id == name)).one()

    def _require_photo(self, row: Operation, leads: bool) -> None:
        """Nothing. Raises EditRefused unless this item has that photograph and the author may remove it.

        The leader's removal may come before the photograph that a restored server has not got back yet.
        """
        named_so = (each for each in self._ledger[row.item] if str(each.id) == row.value)
        added = next((each for each in named_so if each.kind == "add"), None)
        if added is None and not (leads and self._is_nowhere(uuid.UUID(row.value))):
            raise EditRefused("unknown_photo")
        if added is not None and added.author_id != self.author.id and not leads:
            raise EditRefused("other_author")

    def _is_nowhere(self, name: uuid.UUID) -> bool:
        return self.session.scalar(select(Operation.seq).where(Operation.id == name)) is None


def _answers(of_item: Iterable[Operation]) -> list[Operation]:
    return [each for each in of_item if each.field == "answer"]


def _changed(conflict: Conflict) -> str:
    """The sentence with the fields that somebody else changed."""
    return str(conflict) + (f"他人改动：{'、'.join(conflict.changes)}。" if conflict.changes else "")


def _checklist(session: orm.Session, posting: Posting, version: int | None) -> Checklist:
    """The version of the visit: its first edit decides, so that a tablet may begin with an older one."""
    begun = session.scalar(select(Operation.id).where(Operation.posting_id == posting.id).limit(1))
    if begun is None and version is not None:
        kind = checklists.kind_for(posting.unit)
        named_so = select(Checklist).where(Checklist.kind == kind, Checklist.version == version)
        checklist = session.scalar(named_so)
    else:
        checklist = answers.checklist_of(session, posting)
    if checklist is None or version not in (None, checklist.version):
        raise EditRefused("template_version")
    return checklist
