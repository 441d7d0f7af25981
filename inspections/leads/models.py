"""Sealed leads and the case room's keys. This server stores no lead in a form that it can read."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now
from inspections.findings.models import Finding
from inspections.units.models import fictional_unit_columns

#: 监督执纪工作规则 (2019) article 21; 检举控告工作规则 article 17
DISPOSALS = {"LD1": "谈话函询", "LD2": "初步核实", "LD3": "暂存待查", "LD4": "予以了结"}


class CaseRoomKey(Named, Base):
    """A public key of the case room. It seals nothing before its owner has shown to hold the private half."""

    __tablename__ = "case_room_keys"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    public_pem: orm.Mapped[str]
    fingerprint: orm.Mapped[str] = orm.mapped_column(unique=True)
    #: what was sealed for the challenge, and the hash of what must come back
    challenge: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    answer_sha256: orm.Mapped[str]
    enrolled_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    enrolled_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    proved_at: orm.Mapped[dt.datetime | None]
    #: from then on new leads are sealed for a newer key; old ones stay readable with this one
    retired_at: orm.Mapped[dt.datetime | None]

    enrolled_by: orm.Mapped[User] = orm.relationship()

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Keys are the case room's own."""
        return sa.false()


@append_only
class SealedLead(Named, Base):
    """A lead as it left the team: an opaque number, the sealed body and its hash; never altered."""

    __tablename__ = "sealed_leads"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(unique=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), unique=True)
    unit_id: orm.Mapped[int]
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    key_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("case_room_keys.id"))
    wrapped_key: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    nonce: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    body: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[str]
    sealed_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    sealed_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    finding: orm.Mapped[Finding] = orm.relationship()
    key: orm.Mapped[CaseRoomKey] = orm.relationship()
    sealed_by: orm.Mapped[User] = orm.relationship()
    steps: orm.Mapped[list["LeadStep"]] = orm.relationship(back_populates="lead", order_by="LeadStep.id")

    __table_args__ = (*fictional_unit_columns("sealed_leads"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Leads in reach: `own` those that the user sealed (the receipt, never the body)."""
        return cls.sealed_by_id == user.id if reach is Reach.OWN else sa.false()


@append_only
class LeadStep(Base):
    """What the case room did with a lead, by whom, and until when. No word of the lead."""

    __tablename__ = "lead_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    lead_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("sealed_leads.id"), index=True)
    what: orm.Mapped[str]
    disposal: orm.Mapped[str] = orm.mapped_column(default="")
    due: orm.Mapped[dt.date | None]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    lead: orm.Mapped[SealedLead] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint("what IN ('received', 'disposed', 'finished')", "what"),
        CheckConstraint("disposal IN ('', 'LD1', 'LD2', 'LD3', 'LD4')", "disposal"),
    )
