"""The tablets that spoke to this server: what each still held, who has been silent, which is revoked."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import sessions
from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Device, DeviceContact, DeviceSession
from inspections.fieldwork.tablet import renewal
from inspections.site import privacy
from inspections.site.refusal import Refusal

#: a tablet silent for so long is named to the county: in a village a day without a line is nothing
SILENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a tablet says of itself; `people` how much of whom waits there, by account."""

    device: uuid.UUID
    waiting: int
    client: int
    persisted: bool | None
    people: Mapping[uuid.UUID, int]


def report(session: orm.Session, user: User, told: Report, before: uuid.UUID | None = None) -> int:
    """How many pieces the browser held under its name `before` and has lost with it; 0 as a rule.

    A browser whose storage was cleared comes back under a new name, while its cookie still says the old one.
    """
    device = session.get(Device, told.device)
    if device is None:
        device = Device(id=told.device, first_seen=now())
        session.add(device)
    device.user_id, device.waiting, device.client = user.id, told.waiting, told.client
    device.persisted, device.last_seen, device.handed_back_at = told.persisted, now(), None
    session.flush()
    _keep_contacts(session, user, told)
    if before is None or before == told.device:
        return 0
    old = session.get(Device, before)
    if old is None or old.emptied_at is not None or old.handed_back_at is not None:
        return 0
    old.emptied_at = now()
    session.flush()
    return old.waiting


def open_on(session: orm.Session, device: uuid.UUID, name: str) -> None:
    """Nothing; the session of that name is open on the tablet, and ends when the tablet is revoked."""
    if name:
        session.merge(DeviceSession(name=name, device_id=device))
        sessions.keep_on_tablet(session, name)
        session.flush()


def _keep_contacts(session: orm.Session, user: User, told: Report) -> None:
    wanted = select(DeviceContact).where(DeviceContact.device_id == told.device)
    known = {each.user_id: each for each in session.scalars(wanted)}
    named = select(User.id, User.uuid).where(User.uuid.in_(told.people))
    waiting = {user_id: told.people[name] for user_id, name in session.execute(named)}
    for user_id in {*waiting, user.id, *known}:
        contact = known.get(user_id)
        if contact is None:
            contact = DeviceContact(device_id=told.device, user_id=user_id)
            session.add(contact)
        if told.people:
            contact.waiting = waiting.get(user_id, 0)
        if user_id == user.id:
            contact.seen_at = now()
    session.flush()


def silent(days: int = SILENT_DAYS) -> sa.ColumnElement[bool]:
    """The condition on tablets in use that have not spoken for so many days."""
    in_use = (Device.revoked_at.is_(None), Device.handed_back_at.is_(None), Device.emptied_at.is_(None))
    return sa.and_(*in_use, Device.last_seen < now() - dt.timedelta(days=days))


def silent_for(device: Device, days: int = SILENT_DAYS) -> int:
    """For how many days that tablet has not spoken; 0 while it is not silent, or out of use."""
    out_of_use = device.revoked_at or device.handed_back_at or device.emptied_at
    since = (now() - device.last_seen).days
    return since if not out_of_use and since >= days else 0


def revoke(session: orm.Session, device: Device, actor: User, reason: str) -> None:
    """Nothing; its sessions end, what it sends is kept aside. Raises Refusal without a reason."""
    if device.revoked_at is not None:
        raise Refusal("这台平板已经停用。")
    if not reason.strip():
        raise Refusal("请写明停用的理由，如遗失、损坏。")
    if privacy.private_number(reason):
        raise Refusal(privacy.SENTENCE)
    device.revoked_at, device.revoked_reason = now(), reason.strip()[:200]
    renewal.burn_tokens(session, device.id)
    sessions.end_named(session, select(DeviceSession.name).where(DeviceSession.device_id == device.id))
    journal.record(session, "device.revoke", device.id, actor, reason=device.revoked_reason)
    session.flush()
