"""Operations that were refused: kept whole, shown with the reason, and taken in where a person has looked.

The row itself never changes; whether it was taken in later is read from the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.fieldwork import ledger
from inspections.fieldwork.finding_operations import PREFIX
from inspections.fieldwork.models import Operation, Quarantined
from inspections.site.refusal import Refusal

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
        return ledger.REASONS.get(self.row.body.get("refused", "id_reused"), "")

    @property
    def what(self) -> str:
        """Which item and field it was meant for."""
        item, field = str(self.row.body.get("item", "")), str(self.row.body.get("field", ""))
        name = "底稿" if item.startswith(PREFIX) else item
        return f"{name} {FIELDS.get(field, field)}"

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
        return not self.accepted and self.row.body.get("refused") in ("device_revoked", "not_in_team")


def listing(session: orm.Session, wanted: sa.Select[Any]) -> list[Kept]:
    """What `wanted` selects, the newest first, MOST_SHOWN at most."""
    return _known(session, session.scalars(wanted.order_by(Quarantined.id.desc()).limit(MOST_SHOWN)).all())


def accept(session: orm.Session, row: Quarantined, actor: User, reason: str) -> None:
    """Nothing; the operation has entered the ledger under its author. Raises Refusal where it still cannot.

    That the tablet is revoked or the visit over is what the actor has looked at; the rest is asked again.
    """
    (kept,) = _known(session, [row])
    if not kept.can_be_accepted:
        raise Refusal("这条记录已收入，或内容不符合清单，不能收入。")
    if not reason.strip():
        raise Refusal("请写明收入的理由，如已与填写人当面核对。")
    author = session.get_one(User, row.author_id)
    body = {key: value for key, value in row.body.items() if key != "refused"}
    (ack,) = ledger.record(session, row.posting, author, [body], row.device, sa.true(), checked=True)
    if ack.status == "refused":
        raise Refusal(f"没有收入：{ack.sentence}")
    journal.record(session, "quarantine.accept", row.posting.uuid, actor, reason=reason.strip()[:200])


def _known(session: orm.Session, rows: Sequence[Quarantined]) -> list[Kept]:
    names = [each.operation_id for each in rows]
    in_ledger = set(session.scalars(select(Operation.id).where(Operation.id.in_(names))))
    return [Kept(each, each.operation_id in in_ledger) for each in rows]
