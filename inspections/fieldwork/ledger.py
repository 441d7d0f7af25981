"""Takes edits of a posting's checklist into the ledger: the one way in, for pages and tablets alike.

It accepts, recognises or refuses each edit by itself; it changes no row and never chooses between two people.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.fieldwork import answers, checklists, conditions, finding_operations, values
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation, Quarantined
from inspections.fieldwork.tablet import devices
from inspections.findings import team
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal

#: which kinds of operation each field of an item takes
KINDS = {"answer": ("set", "resolve"), "note": ("set",), "photos": ("add", "remove"), "paper": ("set",)}
#: refused operations that are not kept: those whose id cannot be read, and those about real places
NOT_KEPT = ("malformed", "real_place", "id_reused")

#: why an edit is refused, in a sentence for the person; the tablet gets the word
REASONS = {
    "malformed": "这条记录的格式不正确。",
    "id_reused": "这条记录的编号已用于另一内容。",
    "wrong_visit": "这条记录属于另一个驻点。",
    "real_place": "真实地名只用于排程，不能填写清单。",
    "not_in_team": "您不在这个驻点的组内，或驻点尚未公布。",
    "template_version": "清单版本与本驻点不一致，请重新打开清单。",
    "unknown_item": "本驻点的清单中没有这一项。",
    "unknown_field": "这一项没有这个栏目。",
    "kind": "这个栏目不支持这种操作。",
    "other_author": "这条记录由另一位同志填写，请由本人登录后上传。",
    "paper_changed": "底稿已由他人修改，请核对后重新提交。",
    "unknown_photo": "没有找到要移除的照片。",
    "not_leader": "内容不一致时由组长确定。",
    "device_revoked": "这台平板已停用，内容已留存，由县统筹核对后收入。",
    "value": "填写的内容不符合这一项的要求。",
}

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

    @property
    def sentence(self) -> str:
        """Why it was refused, for the person; empty where it was not."""
        return self.detail or REASONS.get(self.reason or "", "")


@dataclass(frozen=True, slots=True)
class _Edit:
    id: uuid.UUID
    item: str
    field: str
    kind: str
    value: Any
    base: int | None
    at: dt.datetime | None
    template_version: int | None
    reason: str


class _Refused(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def record(
    session: orm.Session,
    posting: Posting,
    author: User,
    operations: Iterable[Mapping[str, Any]],
    device: str = "",
    papers: sa.ColumnElement[bool] | None = None,
    checked: bool = False,
) -> list[Ack]:
    """One Ack per operation, in their order; what was accepted is flushed, not committed.

    An operation is the object of contracts §3: {id, item, field, kind, value, base, at, template_version},
    with a `reason` where it resolves; KINDS says which kinds a field takes. The same id with the same body is
    `dup`; with another body it is refused (`id_reused`). What is refused is kept in quarantine, once. An
    answer by someone who had not seen the one that holds is kept beside it: `conflict`. The item
    `finding:<uuid>` is a working paper, which `findings.drafting` writes; `papers` narrows those that the
    author may revise. One refused operation does not hold up the others. `checked`: it has been decided
    elsewhere that the author may write here now (a planner takes in what was refused; a page knows its user).
    """
    # edits of one posting get their order one after another; SQLite has one writer anyway
    session.execute(select(Posting.id).where(Posting.id == posting.id).with_for_update())
    barred = _barred(session, posting, author, device, checked)
    batch = _Batch(session, posting, author, device, papers)
    acks = []
    for operation in operations:
        try:
            if barred:
                raise _Refused(barred)
            acks.append(batch.take(operation))
        except _Refused as refused:
            if refused.reason not in NOT_KEPT:
                _keep_refused(session, posting, author, operation, refused.reason, device)
            acks.append(
                Ack(str(operation.get("id", "")), "refused", reason=refused.reason, detail=refused.detail)
            )
    accepted = [ack for ack in acks if ack.status in ("ok", "conflict")]
    if accepted:
        conflicts = sum(ack.status == "conflict" for ack in accepted)
        journal.record(
            session, "answer.record", posting.uuid, author, edits=len(accepted), conflicts=conflicts
        )
    session.flush()
    return acks


class _Batch:
    """The operations of one request on one posting; what they share is read once."""

    def __init__(
        self,
        session: orm.Session,
        posting: Posting,
        author: User,
        device: str,
        papers: sa.ColumnElement[bool] | None,
    ) -> None:
        self.session, self.posting, self.author = session, posting, author
        self.device, self.papers = device.replace("\x00", "")[:64], papers
        self._sheets: dict[int | None, tuple[Checklist, dict[str, ChecklistItem]]] = {}

    def take(self, operation: Mapping[str, Any]) -> Ack:
        """The ack of one operation. Raises _Refused."""
        if operation.get("author") not in (None, str(self.author.uuid)):
            raise _Refused("other_author")
        edit = _parsed(operation, self.posting)
        checklist, item = self._item(edit)
        row = self._row(edit, checklist, item)
        known = self._known(edit.id)
        if known is not None:
            return _again(self.session, known, row)
        if edit.kind == "remove":
            _require_photo(self.session, self.posting, self.author, row)
        if edit.kind == "resolve":
            if not team.is_leader(self.posting, self.author):
                raise _Refused("not_leader")
            _require_reason(edit)
        try:
            revision = self._save(edit, row)
        except Conflict as conflict:
            raise _Refused("paper_changed", _changed(conflict)) from None
        except Refusal as refusal:
            raise _Refused("value", str(refusal)) from None
        except exc.IntegrityError:  # another request brought the same id a moment ago
            known = self._known(edit.id)
            if known is None:
                raise
            return _again(self.session, known, row)
        status: Status = "conflict" if edit.field == "answer" and self._is_held(row) else "ok"
        return Ack(str(edit.id), status, row.seq, revision=revision)

    def _item(self, edit: _Edit) -> tuple[Checklist, ChecklistItem | None]:
        """The checklist of the visit and the item of the edit, None for a working paper. Raises _Refused."""
        if edit.template_version not in self._sheets:
            checklist = _checklist(self.session, self.posting, edit.template_version)
            items = {each.code: each for each in checklists.items_for(checklist, self.posting.unit)}
            self._sheets[edit.template_version] = checklist, items
        checklist, items = self._sheets[edit.template_version]
        of_paper = edit.item.startswith(finding_operations.PREFIX)
        if edit.field not in (("paper", "photos") if of_paper else ("answer", "note", "photos")):
            raise _Refused("unknown_field")
        if not of_paper and edit.item not in items:
            raise _Refused("unknown_item")
        return checklist, items.get(edit.item)

    def _row(self, edit: _Edit, checklist: Checklist, item: ChecklistItem | None) -> Operation:
        return Operation(
            id=edit.id,
            posting_id=self.posting.id,
            checklist_id=checklist.id,
            item=edit.item,
            field=edit.field,
            kind=edit.kind,
            value=edit.value if edit.field == "paper" else _fitting(item, edit),
            base=edit.base,
            reason=edit.reason.strip(),
            author_id=self.author.id,
            device=self.device,
            client_time=edit.at,
        )

    def _known(self, name: uuid.UUID) -> Operation | None:
        return self.session.scalar(select(Operation).where(Operation.id == name))

    def _save(self, edit: _Edit, row: Operation) -> int | None:
        """The paper's revision after the edit, None for anything else; all of it is flushed or none of it."""
        revision = None
        with self.session.begin_nested():
            if edit.field == "paper":
                written = finding_operations.write(
                    self.session, self.posting, self.author, edit.item, edit.value, self.papers
                )
                revision = written.current.n
            elif edit.item.startswith(finding_operations.PREFIX):
                finding_operations.require_open(self.session, self.posting, edit.item, self.papers)
            self.session.add(row)
            self.session.flush()
        return revision

    def _is_held(self, row: Operation) -> bool:
        """Whether the answer stands beside another one instead of replacing it."""
        wanted = select(Operation).where(
            Operation.posting_id == row.posting_id, Operation.item == row.item, Operation.field == "answer"
        )
        of_item = list(self.session.scalars(wanted.order_by(Operation.seq)))
        return row in answers.merge(of_item).held


def _barred(session: orm.Session, posting: Posting, author: User, device: str, checked: bool) -> str | None:
    if posting.unit.planning_only:
        return "real_place"
    if checked:
        return None if team.seat_of(posting, author) else "not_in_team"
    if devices.is_revoked(session, device):
        return "device_revoked"
    within = Posting.within(Reach.TEAM, author)
    seen = session.scalar(select(Posting.id).where(Posting.id == posting.id, within))
    return None if seen is not None else "not_in_team"


def _changed(conflict: Conflict) -> str:
    """The sentence with the fields that somebody else changed."""
    return str(conflict) + (f"他人改动：{'、'.join(conflict.changes)}。" if conflict.changes else "")


def _parsed(operation: Mapping[str, Any], posting: Posting) -> _Edit:
    visit = operation.get("visit")
    if visit is not None and str(visit) != str(posting.uuid):
        raise _Refused("wrong_visit")
    base, version = operation.get("base"), operation.get("template_version")
    if not all(n is None or (type(n) is int and 0 <= n < 2**31) for n in (base, version)):
        raise _Refused("malformed")
    try:
        at = operation.get("at")
        edit = _Edit(
            id=uuid.UUID(str(operation["id"])),
            item=str(operation["item"]),
            field=str(operation["field"]),
            kind=str(operation["kind"]),
            value=operation["value"],
            base=base,
            at=None if at is None else _instant(str(at)),
            template_version=version,
            reason=str(operation.get("reason") or "") if operation.get("kind") == "resolve" else "",
        )
    except (KeyError, ValueError, OverflowError):
        raise _Refused("malformed") from None
    if edit.field not in KINDS:
        raise _Refused("unknown_field")
    if edit.kind not in KINDS[edit.field]:
        raise _Refused("kind")
    return edit


def _require_reason(edit: _Edit) -> None:
    """Nothing. Raises _Refused where a resolution does not say why, or says too much."""
    try:
        said = values.text(edit.reason, values.LONGEST_REASON, "理由")
    except values.Unfit as unfit:
        raise _Refused("value", str(unfit)) from None
    if not said:
        raise _Refused("value", "请写明以这一种为准的理由。")


def _instant(at: str) -> dt.datetime:
    """The time in UTC. Raises ValueError without a zone, OverflowError at the ends of the calendar."""
    told = dt.datetime.fromisoformat(at)
    if told.tzinfo is None:
        raise ValueError("a time without a zone")
    return told.astimezone(dt.UTC)


def _checklist(session: orm.Session, posting: Posting, version: int | None) -> Checklist:
    """The version of the visit: its first edit decides, so that a tablet may begin with an older one."""
    begun = session.scalar(select(Operation.id).where(Operation.posting_id == posting.id).limit(1))
    if begun is None and version is not None:
        kind = checklists.kind_for(posting.unit)
        named = select(Checklist).where(Checklist.kind == kind, Checklist.version == version)
        checklist = session.scalar(named)
    else:
        checklist = answers.checklist_of(session, posting)
    if checklist is None or version not in (None, checklist.version):
        raise _Refused("template_version")
    return checklist


def _fitting(item: ChecklistItem | None, edit: _Edit) -> Any:
    try:
        if edit.field == "note":
            return values.text(edit.value, values.LONGEST_NOTE, "备注")
        if edit.field == "photos":
            return values.photo(edit.value) if edit.kind == "add" else values.photo_id(edit.value)
        assert item is not None  # noqa: S101 - only photographs and papers have no question
        value = values.canonical(item.answer_type, edit.value, item.options)
        _require_constraint(item, value)
        return value
    except values.Unfit as unfit:
        raise _Refused("value", str(unfit)) from None


def _require_constraint(item: ChecklistItem, value: Any) -> None:
    """Nothing. Raises Unfit where the answer breaks the sheet's condition; 未查 breaks none."""
    if value is None or values.is_unseen(value) or not item.constraint:
        return
    if not conditions.holds(item.constraint, lambda _: value):
        raise values.Unfit(item.constraint_message or f"填写的内容应符合：{item.constraint}")


def _require_photo(session: orm.Session, posting: Posting, author: User, row: Operation) -> None:
    """Nothing. Raises _Refused unless this item has that photograph and the author may remove it."""
    added = session.scalar(select(Operation).where(Operation.id == uuid.UUID(row.value)))
    if added is None or (added.posting_id, added.item, added.kind) != (posting.id, row.item, "add"):
        raise _Refused("unknown_photo")
    if added.author_id != author.id and not team.is_leader(posting, author):
        raise _Refused("other_author")


def _keep_refused(
    session: orm.Session,
    posting: Posting,
    author: User,
    operation: Mapping[str, Any],
    reason: str,
    device: str,
) -> None:
    """Nothing; the operation as it came lies in quarantine with the reason."""
    try:
        name = uuid.UUID(str(operation.get("id")))
    except ValueError:
        return
    _quarantine(session, name, posting.id, author.id, device, {**operation, "refused": reason})


def _quarantine(
    session: orm.Session, name: uuid.UUID, posting_id: int, author_id: int, device: str, body: dict[str, Any]
) -> None:
    """Nothing; the body is kept under that id, once however often it comes."""
    said = json.dumps(body, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(said).hexdigest()
    kept = select(Quarantined.id).where(Quarantined.operation_id == name, Quarantined.sha256 == sha256)
    if session.scalar(kept) is not None:
        return
    session.add(
        Quarantined(
            operation_id=name,
            sha256=sha256,
            posting_id=posting_id,
            author_id=author_id,
            device=device.replace("\x00", "")[:64],
            body=body,
        )
    )
    session.flush()


def _body(row: Operation) -> dict[str, Any]:
    names = ("posting_id", "item", "field", "kind", "value", "base", "author_id", "reason")
    at = row.client_time.astimezone(dt.UTC).isoformat() if row.client_time else None
    return {name: getattr(row, name) for name in names} | {"client_time": at}


def _again(session: orm.Session, known: Operation, row: Operation) -> Ack:
    """`dup` for the same body; another body is refused and kept in quarantine, once."""
    body = _body(row)
    if _body(known) == body:
        return Ack(str(row.id), "dup", known.seq)
    _quarantine(session, row.id, row.posting_id, row.author_id, row.device, body)
    raise _Refused("id_reused")
