"""What a tablet is told and what it brings, as plain JSON: visits with their checklist and state, operations.

It asks the ledger for every decision; no page, no cookie, no bytes of photographs.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.fieldwork import answers, ledger, values
from inspections.fieldwork.checks import operations as check_operations
from inspections.fieldwork.checks.models import CheckTask
from inspections.fieldwork.checks.tasks import released_by_unit
from inspections.fieldwork.closing.opening import counted_edits, counts, openings
from inspections.fieldwork.entry import quarantine
from inspections.fieldwork.entry.reasons import REASONS
from inspections.fieldwork.finding_operations import PREFIX
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.fieldwork.prefill import METHODS
from inspections.fieldwork.schedule import WHOLE
from inspections.findings import gate, team
from inspections.findings.drafting import Said
from inspections.findings.models import SEVERITIES, STATES, Finding, TaxonomyEntry
from inspections.rounds.models import Posting

MINIMUM_CLIENT = 1
MOST_OPS = 50
MOST_BYTES = 200 * 1024
MOST_CHANGES = 500
#: who usually fills a section: the skill words of the sheets in the words of the team
OWNERS = {
    "discipline": "纪检",
    "finance": "财务",
    "civil": "民政",
    "organization": "组织",
    "village": "村纪检委员",
}
_CHOICES = {"yes_no": ("yes", "no"), "yes_no_na": ("yes", "no", "na")}


def visits(session: orm.Session, user: User, checks: bool = False) -> list[dict[str, Any]]:
    """The visits that the user's team may open now, each whole: unit, dates, people, sections, state;
    with their
    `checks` where the role may read those."""
    opened = _open_to(session, user)
    ledgers = answers.ledgers(session, opened)
    sheets = answers.sheets(session, opened, ledgers)
    counted = counted_edits(session, opened, ledgers)
    given = _checks(session, opened, checks)
    return [
        _visit(each, user, sheets[each.id], counted[each.id], given.get(each.unit_id, ())) for each in opened
    ]


def brief_visits(session: orm.Session, user: User, checks: bool = False) -> list[dict[str, Any]]:
    """The same visits without checklist and state: what may change while a tablet is away."""
    opened = _open_to(session, user)
    wanted = select(Operation.posting_id, sa.func.max(Operation.seq)).group_by(Operation.posting_id)
    newest = session.execute(wanted.where(Operation.posting_id.in_([each.id for each in opened])))
    places: dict[int, int] = {row[0]: row[1] for row in newest}
    for name, opening in openings(session, opened).items():
        if opening.frozen is not None and name in places:
            places[name] = min(places[name], opening.frozen.seq)
    lists = answers.checklists_of(session, opened)
    given = _checks(session, opened, checks)
    return [
        _head(each, user, lists[each.id], given.get(each.unit_id, ())) | {"seq": places.get(each.id, 0)}
        for each in opened
    ]


def _checks(session: orm.Session, opened: Sequence[Posting], may: bool) -> dict[int, list[CheckTask]]:
    return released_by_unit(session, [each.unit_id for each in opened]) if may else {}


def _open_to(session: orm.Session, user: User) -> list[Posting]:
    """The visits that the user's team may open now, by their first day."""
    mine = select(Posting).where(Posting.within(Reach.TEAM, user)).options(*WHOLE)
    opened = [each for each in session.scalars(mine) if not each.unit.planning_only]
    return sorted(opened, key=lambda each: (each.team.round.start, each.id))


def vocabulary(session: orm.Session) -> dict[str, Any]:
    """The words to choose from: units, choices, severities, states and methods of papers, the taxonomy."""
    taxonomy: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in session.scalars(select(TaxonomyEntry).order_by(TaxonomyEntry.position)):
        taxonomy[entry.kind].append({"code": entry.code, "name": entry.name, "parent": entry.parent_code})
    return {
        "choices": values.CHOICES,
        "unseen": values.UNSEEN,
        "units": values.UNITS,
        "severities": list(SEVERITIES),
        "paper_states": STATES,
        "methods": METHODS,
        "reasons": REASONS,
        "taxonomy": dict(taxonomy),
        **check_operations.vocabulary(),
    }


def take(
    session: orm.Session,
    author: User,
    device: str,
    operations: Sequence[Mapping[str, Any]],
    papers: sa.ColumnElement[bool],
    skew: dt.timedelta = ledger.NO_SKEW,
    settles_checks: bool = False,
) -> list[ledger.Ack]:
    """One Ack per operation, in their order, not yet committed; an unknown visit is `not_in_team`.

    The operations of one visit go to the ledger together, in the order in which they came. `skew` is by how
    much the tablet's clock is ahead.
    """
    by_visit: dict[str, list[int]] = defaultdict(list)
    for place, operation in enumerate(operations):
        by_visit[str(operation.get("visit", ""))].append(place)
    acks: dict[int, ledger.Ack] = {}
    # one order for all, so that two requests never wait for each other crosswise
    for visit, places in sorted(by_visit.items()):
        theirs = [operations[place] for place in places]
        posting = find(session, visit)
        if posting is None:
            told = [_nowhere(session, author, each, device) for each in theirs]
        else:
            told = ledger.record(
                session, posting, author, theirs, device, papers, skew, settles_checks=settles_checks
            )
        acks.update(zip(places, told, strict=True))
    return [acks[place] for place in range(len(operations))]


def clock_ahead(milliseconds: Any) -> dt.timedelta:
    """By how much a tablet says its clock is ahead; nothing where it says nothing that can be meant."""
    most = 100 * 365 * 24 * 3600 * 1000
    known = isinstance(milliseconds, int | float) and abs(milliseconds) < most
    return dt.timedelta(milliseconds=milliseconds if known else 0)


def _nowhere(session: orm.Session, author: User, operation: Mapping[str, Any], device: str) -> ledger.Ack:
    """The refusal of an operation whose visit is not here; it is kept for the county."""
    reason = "not_in_team" if operation.get("visit") else "malformed"
    quarantine.keep(session, None, author, operation, reason, device)
    return ledger.Ack(str(operation.get("id", "")), "refused", reason=reason)


def find(session: orm.Session, visit: str) -> Posting | None:
    """The posting of that name, or None; who may see it is asked elsewhere."""
    try:
        return session.scalar(select(Posting).where(Posting.uuid == UUID(visit)))
    except ValueError:
        return None


def ack_json(ack: ledger.Ack, speaks_two: bool) -> dict[str, Any]:
    """The ack of contracts §3, a `sentence` beside the word of a reason; `late` in protocol 2."""
    said: dict[str, Any] = {"id": ack.id, "status": ack.status, "seq": ack.seq}
    if ack.status == "refused":
        return said | {"reason": ack.reason, "sentence": ack.sentence}
    if ack.revision is not None:
        said["revision"] = ack.revision
    return said | ({"late": True} if speaks_two and ack.late else {})


def changes(
    session: orm.Session,
    posting: Posting,
    since: int,
    papers: sa.ColumnElement[bool],
    checks: bool = False,
) -> tuple[list[dict[str, Any]], int]:
    """The next operations after `since` in server order, MOST_CHANGES at most, and where to go on.

    Those of working papers outside `papers` (what the person may read) are left out, all that hangs on one
    which has become a lead, and what came of checks unless the person may read `checks`. A closed
    visit is told up to where it was closed.
    """
    wanted = select(Operation).where(Operation.posting_id == posting.id, Operation.seq > since)
    wanted = (
        wanted.where(counts(posting))
        .options(orm.joinedload(Operation.author))
        .order_by(Operation.seq)
        .limit(MOST_CHANGES)
    )
    found = list(session.scalars(wanted))
    readable = select(Finding.uuid).where(Finding.posting_id == posting.id, papers)
    shown = {f"{PREFIX}{name}" for name in session.scalars(readable)}
    leads = select(Finding.uuid).where(Finding.posting_id == posting.id, gate.is_a_lead())
    hidden = {f"{PREFIX}{name}" for name in session.scalars(leads)}
    told = [e for e in found if (e.field != "paper" or e.item in shown) and e.item not in hidden]
    told = [e for e in told if checks or e.field != "outcome"]
    return [_operation(each, posting) for each in told], found[-1].seq if found else since


def _operation(edit: Operation, posting: Posting) -> dict[str, Any]:
    return {
        "id": str(edit.id),
        "visit": str(posting.uuid),
        "item": edit.item,
        "field": edit.field,
        "kind": edit.kind,
        "value": edit.value,
        "base": edit.seen,
        "seq": edit.seq,
        "author": str(edit.author.uuid),
        "author_name": edit.author.name,
        "at": edit.client_time.isoformat() if edit.client_time else None,
        "received": edit.received_at.isoformat(),
    } | _more(edit)


def _more(edit: Operation) -> dict[str, Any]:
    """What is said of few operations only."""
    said: dict[str, Any] = {"reason": edit.reason} if edit.reason else {}
    if edit.settles is not None:
        said["settles"] = edit.settles
    if edit.awaits:
        said["awaits"] = edit.awaits
    return said | ({"late": True} if edit.late else {})


def papers(session: orm.Session, readable: sa.ColumnElement[bool], posting: Posting) -> list[dict[str, Any]]:
    """The working papers of the visit that the person may read, each as it stands now.

    One that two people found to be a lead is the case room's business and on no tablet any more.
    """
    wanted = select(Finding).where(Finding.posting_id == posting.id, readable, ~gate.is_a_lead())
    return [
        {
            "id": str(paper.uuid),
            "number": paper.number,
            "state": paper.state,
            "item_code": paper.item_code,
            "revision": paper.current.n,
            "author_name": paper.current.author.name,
            "said": asdict(Said.of(paper.current)) | {"amount": _plain(paper.current.amount)},
        }
        for paper in session.scalars(wanted.order_by(Finding.number))
    ]


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _visit(
    posting: Posting,
    user: User,
    sheet: answers.FilledChecklist,
    edits: Sequence[Operation],
    checks: Sequence[CheckTask],
) -> dict[str, Any]:
    return _head(posting, user, sheet.checklist, checks) | {
        "sections": [
            {
                "code": section.code,
                "name": section.name,
                "owners": _owners(section),
                "items": [_item(answer.item, posting.unit.kind) for answer in section.answers],
            }
            for section in sheet.sections
        ],
        "state": {answer.item.code: _state(answer) for answer in sheet.answers if answer.merged.current},
        "seq": edits[-1].seq if edits else 0,
    }


def _head(posting: Posting, user: User, checklist: Checklist, checks: Sequence[CheckTask]) -> dict[str, Any]:
    return {
        "id": str(posting.uuid),
        "unit": {"name": posting.unit.name, "kind": posting.unit.kind},
        "start": posting.team.round.start.isoformat(),
        "end": posting.team.round.end.isoformat(),
        "leads": team.is_leader(posting, user),
        "checklist": {"kind": checklist.kind, "version": checklist.version},
        "people": [
            {"name": seat.person.called, "slot": seat.slot, "slot_name": team.slot_name(posting, seat.slot)}
            for seat in posting.team.members
        ],
        "checks": check_operations.told(checks, checklist),
    }


def _owners(section: answers.Section) -> list[str]:
    roles = {answer.item.assignee_role for answer in section.answers} - {""}
    return sorted(OWNERS.get(role, role) for role in roles)


def _item(item: ChecklistItem, place: str) -> dict[str, Any]:
    names = (
        *("code", "question", "method", "materials", "ask_whom", "answer_type", "trigger", "trigger_expr"),
        *("category", "severity", "assignee_role", "sample_min", "sample_all"),
        *("evidence_required", "relevant", "constraint", "constraint_message", "required"),
    )
    options = item.options or [
        {"code": code, "name": values.CHOICES[code]} for code in _CHOICES.get(item.answer_type, ())
    ]
    basis = item.basis_at(place)
    return {name: getattr(item, name) for name in names} | {
        "basis": basis.words,
        "basis_checked": basis.checked,
        "options": options,
        "unit": values.UNITS.get(item.answer_type, ""),
    }


def _state(answer: answers.Answer) -> dict[str, Any]:
    def said(edit: Operation) -> dict[str, Any]:
        return {"value": edit.value, "seq": edit.seq, "author_name": edit.author.name}

    current = answer.merged.current
    assert current is not None  # noqa: S101 - the caller passes only answered items
    return said(current) | {
        "held": [said(edit) for edit in answer.merged.held],
        "standing": [edit.seq for edit in answer.merged.standing],
    }
