"""What a tablet is told and what it brings, as plain JSON: visits with their checklist and state, operations.

It asks the ledger for every decision; no page, no cookie, no bytes of photographs.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.fieldwork import answers, ledger, values
from inspections.fieldwork.models import ChecklistItem, Operation
from inspections.fieldwork.paper_operations import PREFIX
from inspections.findings import team
from inspections.findings.models import SEVERITIES, Finding, TaxonomyEntry
from inspections.rounds.models import Posting

MINIMUM_CLIENT = 1
MOST_OPS = 50
MOST_BYTES = 200 * 1024
MOST_CHANGES = 500
_CHOICES = {"yes_no": ("yes", "no"), "yes_no_na": ("yes", "no", "na")}


def visits(session: orm.Session, user: User) -> list[dict[str, Any]]:
    """The visits that the user's team may open now, each whole: unit, dates, people, sections, state."""
    mine = select(Posting).where(Posting.within(Reach.TEAM, user))
    opened = [each for each in session.scalars(mine) if not each.unit.planning_only]
    return [_visit(session, each) for each in sorted(opened, key=lambda each: each.team.round.start)]


def vocabulary(session: orm.Session) -> dict[str, Any]:
    """The words to choose from: units and choices of answers, severities, and the taxonomy by kind."""
    taxonomy: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in session.scalars(select(TaxonomyEntry).order_by(TaxonomyEntry.position)):
        taxonomy[entry.kind].append({"code": entry.code, "name": entry.name, "parent": entry.parent_code})
    return {
        "choices": values.CHOICES,
        "unseen": values.UNSEEN,
        "units": values.UNITS,
        "severities": list(SEVERITIES),
        "reasons": ledger.REASONS,
        "taxonomy": dict(taxonomy),
    }


def take(
    session: orm.Session,
    author: User,
    device: str,
    operations: Sequence[Mapping[str, Any]],
    papers: sa.ColumnElement[bool],
) -> list[ledger.Ack]:
    """One Ack per operation, in their order, not yet committed; a visit out of reach is `not_in_team`.

    The operations of one visit go to the ledger together, in the order in which they came.
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
            told = [ledger.Ack(str(each.get("id", "")), "refused", reason="not_in_team") for each in theirs]
        else:
            told = ledger.record(session, posting, author, theirs, device, papers)
        acks.update(zip(places, told, strict=True))
    return [acks[place] for place in range(len(operations))]


def find(session: orm.Session, visit: str) -> Posting | None:
    """The posting of that name, or None; who may see it is asked elsewhere."""
    try:
        return session.scalar(select(Posting).where(Posting.uuid == UUID(visit)))
    except ValueError:
        return None


def ack_json(ack: ledger.Ack) -> dict[str, Any]:
    """The ack of contracts §3, with a Chinese `sentence` beside the word of a reason."""
    said: dict[str, Any] = {"id": ack.id, "status": ack.status, "seq": ack.seq}
    return said | {"reason": ack.reason, "sentence": ack.sentence} if ack.status == "refused" else said


def changes(
    session: orm.Session, posting: Posting, since: int, papers: sa.ColumnElement[bool]
) -> tuple[list[dict[str, Any]], int]:
    """The next operations after `since` in server order, MOST_CHANGES at most, and where to go on.

    Those of working papers outside `papers` (what the person may read) are left out.
    """
    wanted = select(Operation).where(Operation.posting_id == posting.id, Operation.seq > since)
    wanted = wanted.options(orm.joinedload(Operation.author)).order_by(Operation.seq).limit(MOST_CHANGES)
    found = list(session.scalars(wanted))
    readable = select(Finding.uuid).where(Finding.posting_id == posting.id, papers)
    shown = {f"{PREFIX}{name}" for name in session.scalars(readable)}
    told = [each for each in found if each.field != "paper" or each.item in shown]
    return [_operation(each, posting) for each in told], found[-1].seq if found else since


def _operation(edit: Operation, posting: Posting) -> dict[str, Any]:
    return {
        "id": str(edit.id),
        "visit": str(posting.uuid),
        "item": edit.item,
        "field": edit.field,
        "kind": edit.kind,
        "value": edit.value,
        "base": edit.base,
        "seq": edit.seq,
        "author": str(edit.author.uuid),
        "author_name": edit.author.name,
        "at": edit.client_time.isoformat() if edit.client_time else None,
        "received": edit.received_at.isoformat(),
    }


def _visit(session: orm.Session, posting: Posting) -> dict[str, Any]:
    sheet = answers.sheet(session, posting)
    edits = answers.edits(session, [posting])
    return {
        "id": str(posting.uuid),
        "unit": {"name": posting.unit.name, "kind": posting.unit.kind},
        "start": posting.team.round.start.isoformat(),
        "end": posting.team.round.end.isoformat(),
        "checklist": {"kind": sheet.checklist.kind, "version": sheet.checklist.version},
        "people": [
            {"name": seat.person.name, "slot": seat.slot, "slot_name": team.slot_name(posting, seat.slot)}
            for seat in posting.team.members
        ],
        "sections": [
            {
                "code": section.code,
                "name": section.name,
                "owners": sorted({answer.item.assignee_role for answer in section.answers} - {""}),
                "items": [_item(answer.item) for answer in section.answers],
            }
            for section in sheet.sections
        ],
        "state": {answer.item.code: _state(answer) for answer in sheet.answers if answer.merged.current},
        "seq": edits[-1].seq if edits else 0,
    }


def _item(item: ChecklistItem) -> dict[str, Any]:
    names = (
        *("code", "question", "method", "materials", "ask_whom", "answer_type", "trigger", "trigger_expr"),
        *("basis", "basis_checked", "category", "severity", "assignee_role", "sample_min", "sample_all"),
        "evidence_required",
    )
    options = [{"code": code, "name": values.CHOICES[code]} for code in _CHOICES.get(item.answer_type, ())]
    return {name: getattr(item, name) for name in names} | {
        "options": options,
        "unit": values.UNITS.get(item.answer_type, ""),
        "relevant": "",
    }


def _state(answer: answers.Answer) -> dict[str, Any]:
    def said(edit: Operation) -> dict[str, Any]:
        return {"value": edit.value, "seq": edit.seq, "author_name": edit.author.name}

    current = answer.merged.current
    assert current is not None  # noqa: S101 - the caller passes only answered items
    return said(current) | {"held": [said(edit) for edit in answer.merged.held]}
