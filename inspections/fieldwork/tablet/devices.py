"""The tablets that spoke to this server: what each still held, which was emptied, which is revoked."""

import uuid

from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Device
from inspections.site.refusal import Refusal


def report(
    session: orm.Session,
    user: User,
    name: uuid.UUID,
    waiting: int,
    client: int,
    persisted: bool | None,
    before: uuid.UUID | None = None,
) -> int:
    """How many pieces the browser held under its name `before` and has lost with it; 0 as a rule.

    A browser whose storage was cleared comes back under a new name, while its cookie still says the old one.
    """
    device = session.get(Device, name)
    if device is None:
        device = Device(id=name, user_id=user.id, waiting=waiting, client=client, persisted=persisted)
        session.add(device)
    device.user_id, device.waiting, device.client = user.id, waiting, client
    device.persisted, device.last_seen = persisted, now()
    session.flush()
    if before is None or before == name:
        return 0
    old = session.get(Device, before)
    if old is None or old.emptied_at is not None:
        return 0
    old.emptied_at = now()
    session.flush()
    return old.waiting


def revoke(session: orm.Session, device: Device, actor: User, reason: str) -> None:
    """Nothing; from now on its operations are kept aside. Raises Refusal without a reason."""
    if device.revoked_at is not None:
        raise Refusal("这台平板已经停用。")
    if not reason.strip():
        raise Refusal("请写明停用的理由，如遗失、损坏。")
    device.revoked_at, device.revoked_reason = now(), reason.strip()[:200]
    journal.record(session, "device.revoke", device.id, actor, reason=device.revoked_reason)
    session.flush()
