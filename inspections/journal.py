"""Who did what to which record when: written in the transaction of the change, never altered.

It records that something changed and what a successor must know; it is not a copy of the record.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, orm, select

from inspections.database import Base, append_only, now


@append_only
class JournalEntry(Base):
    """One act, e.g. `plan.approve` on a plan, with its actor (none: the system itself)."""

    __tablename__ = "journal"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    actor_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    act: orm.Mapped[str]
    subject: orm.Mapped[uuid.UUID | None]
    detail: orm.Mapped[dict[str, Any]]

    actor = orm.relationship("User")
    __table_args__ = (Index("ix_journal_subject_id", "subject", "id"),)


def record(
    session: orm.Session, act: str, subject: uuid.UUID | None = None, actor: Any = None, **detail: Any
) -> JournalEntry:
    """The new entry, added to the transaction that makes the change; `act` is a dotted `thing.verb`."""
    entry = JournalEntry(act=act, subject=subject, actor_id=getattr(actor, "id", None), detail=detail)
    session.add(entry)
    return entry


def history(session: orm.Session, subject: uuid.UUID, since: int = 0) -> list[JournalEntry]:
    """What happened to one record after entry number `since`, oldest first."""
    wanted = select(JournalEntry).where(JournalEntry.subject == subject, JournalEntry.id > since)
    return list(session.scalars(wanted.order_by(JournalEntry.id)))
