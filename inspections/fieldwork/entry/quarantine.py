"""Operations that were refused: kept with their reason and shown, numbers of persons blotted.

A row never changes; whether it was taken in later is read from the ledger.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import insert_or_ignore
from inspections.fieldwork.entry.edits import named
from inspections.fieldwork.entry.reasons import BARRED, REASONS
from inspections.fieldwork.finding_operations import PREFIX
from inspections.fieldwork.models import Operation, Quarantined
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from inspections.site import privacy

FIELDS = {"answer": "作答", "note": "备注", "photos": "照片", "paper": "底稿"}
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One refused operation: why, and whether the same one has entered the ledger since."""

    row: Quarantined
    accepted: bool

    @property
    def reason(self) -> str:
        """Why it was refused, as a sentence."""
        return REASONS.get(self.row.body["refused"], "")

    @property
    def place(self) -> str:
        """The visit's unit; empty where it named none of this installation."""
        return self.row.posting.unit.name if self.row.posting else ""

    @property
    def what(self) -> str:
        """Which item and field it was meant for."""
        return place_and_field(str(self.row.body.get("item", "")), str(self.row.body.get("field", "")))

    @property
    def said(self) -> str:
        """What the person wrote, as one line."""
        value = self.row.body.get("value")
        if isinstance(value, dict):
            return "；".join(f"{key}：{each}" for key, each in value.items() if each not in ("", None, []))
        return "（撤回）" if value is None else str(value)

    @property
    def can_be_accepted(self) -> bool:
        """Only what was barred by its tablet or its day: what does not fit its question never fits."""
        return not self.accepted and self.row.posting is not None and self.row.body["refused"] in BARRED


def place_and_field(item: str, field: str) -> str:
    """V-A-01 作答: an operation's item and field as people say them."""
    return f"{'底稿' if item.startswith(PREFIX) else item} {FIELDS.get(field, field)}"


def keep(
    session: orm.Session,
    posting: Posting | None,
    author: User,
    operation: Mapping[str, Any],
    reason: str,
    device: str,
) -> None:
    """Nothing; the operation lies in quarantine, once however often it comes; one without an id cannot."""
    name = named(operation)
    if name is None:
        return
    body = privacy.blotted_in(dict(operation)) | {"refused": reason}
    if is_sealed(session, str(operation.get("item", ""))):  # it arrived after its paper became a lead
        body |= {"value": None, "reason": ""}
    said = json.dumps(body, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    values = {
        "operation_id": name,
        "sha256": hashlib.sha256(said).hexdigest(),
        "posting_id": posting.id if posting else None,
        "author_id": author.id,
        "device": device.replace("\x00", "")[:64],
        "body": body,
    }
    insert_or_ignore(session, Quarantined, values, Quarantined.id)


def is_sealed(session: orm.Session, item: str) -> bool:
    """Whether the item is a paper that went to the case room: nothing of it is written down any more."""
    if not item.startswith(PREFIX):
        return False
    try:
        name = uuid.UUID(item.removeprefix(PREFIX))
    except ValueError:
        return False
    sealed = select(Finding.id).where(Finding.uuid == name, Finding.sealed_at.is_not(None))
    return session.scalar(sealed) is not None


def listing(session: orm.Session, wanted: sa.Select[Any]) -> list[Kept]:
    """What `wanted` selects, the newest first, MOST_SHOWN at most."""
    loaded = wanted.options(
        orm.joinedload(Quarantined.posting).joinedload(Posting.unit), orm.joinedload(Quarantined.author)
    )
    return known(session, session.scalars(loaded.order_by(Quarantined.id.desc()).limit(MOST_SHOWN)).all())


def known(session: orm.Session, rows: Sequence[Quarantined]) -> list[Kept]:
    """The same rows, each with whether its operation has entered the ledger."""
    names: list[uuid.UUID] = [each.operation_id for each in rows]
    in_ledger = set(session.scalars(select(Operation.id).where(Operation.id.in_(names))))
    return [Kept(each, each.operation_id in in_ledger) for each in rows]
