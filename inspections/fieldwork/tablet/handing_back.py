"""交回平板: the server counts what it has of a tablet, by name, before anything there is wiped."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Device, Operation, Quarantined
from inspections.fieldwork.tablet import renewal
from inspections.findings.models import Photo

#: how many names one call brings
MOST_IDS = 5000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """What the server has of what a tablet named, and all that it ever had from it."""

    missing_operations: list[uuid.UUID]
    #: refused and kept: the county decides about them
    quarantined: list[uuid.UUID]
    missing_photos: list[uuid.UUID]
    operations: int
    photographs: int

    @property
    def whole(self) -> bool:
        """Whether nothing would be lost with the tablet."""
        return not self.missing_operations and not self.missing_photos


def held(
    session: orm.Session, device: str, operations: Sequence[uuid.UUID], photos: Sequence[uuid.UUID]
) -> Held:
    """Which of these the server lacks. A photograph counts when its bytes are here, taken out or not."""
    known = _among(session, Operation.id, operations)
    kept = _among(session, Quarantined.operation_id, [each for each in operations if each not in known])
    shown = _among(session, Photo.id, photos)
    of_device = select(sa.func.count()).select_from(Operation).where(Operation.device == device)
    with_bytes = of_device.join(Photo, Photo.id == Operation.id)
    return Held(
        [each for each in operations if each not in known and each not in kept],
        [each for each in operations if each in kept],
        [each for each in photos if each not in shown],
        session.scalar(of_device) or 0,
        session.scalar(with_bytes) or 0,
    )


def hand_back(session: orm.Session, device: Device, actor: User) -> None:
    """Nothing; the tablet is nobody's any more and signs nobody in."""
    device.handed_back_at, device.waiting = now(), 0
    renewal.burn_tokens(session, device.id)
    journal.record(session, "device.hand_back", device.id, actor)
    session.flush()


def _among(session: orm.Session, column: Any, names: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for begin in range(0, len(names), _AT_ONCE):
        found |= set(session.scalars(select(column).where(column.in_(names[begin : begin + _AT_ONCE]))))
    return found
