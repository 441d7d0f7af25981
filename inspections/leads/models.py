"""Sealed leads and the case room's keys. This server stores no lead in a form that it can read."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import BLOTTED, Base, Named, append_only, now
from inspections.findings.models import Finding
from inspections.units.models import fictional_unit_columns

#: 监督执纪工作规则 (2019) article 21; 检举控告工作规则 article 17
DISPOSALS = {"LD1": "谈话函询", "LD2": "初步核实", "LD3": "暂存待查", "LD4": "予以了结"}


@append_only
class CaseRoomKey(Named, Base):
    """A public key of one holder in the case room. It seals nothing before its steps say that it may."""

    __tablename__ = "case_room_keys"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    public_pem: orm.Mapped[str]
    fingerprint: orm.Mapped[str] = orm.mapped_column(unique=True)
    #: what was sealed for the challenge, and the hash of what must come back
    challenge: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    answer_sha256: orm.Mapped[str]
    enrolled_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    enrolled_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    enrolled_by: orm.Mapped[User] = orm.relationship()
    steps: orm.Mapped[list["CaseRoomKeyStep"]] = orm.relationship(order_by="CaseRoomKeyStep.id")

    __table_args__ = (UniqueConstraint("id", "enrolled_by_id"),)

    @property
    def state(self) -> str:
        """`enrolled`, `proved`, `confirmed` (in use) or `retired`."""
        return self.steps[-1].what if self.steps else "enrolled"

    def step(self, what: str) -> "CaseRoomKeyStep | None":
        """The step of that kind, once it was taken."""
        return next((step for step in self.steps if step.what == what), None)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Keys are the case room's own."""
        return sa.false()


@append_only
class CaseRoomKeyStep(Base):
    """What happened to a key: its holder showed the private half, another confirmed it, it was retired.

    New leads are sealed for every confirmed key; old ones stay readable with the retired.
    """

    __tablename__ = "case_room_key_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    key_id: orm.Mapped[int]
    #: stands here too, so that the database itself knows no key that its own holder confirmed
    enrolled_by_id: orm.Mapped[int]
    what: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        ForeignKeyConstraint(
            ["key_id", "enrolled_by_id"], ["case_room_keys.id", "case_room_keys.enrolled_by_id"]
        ),
        UniqueConstraint("key_id", "what"),
        CheckConstraint("what IN ('proved', 'confirmed', 'retired')", "what"),
        CheckConstraint("what <> 'confirmed' OR actor_id <> enrolled_by_id", "another_confirms"),
    )


@append_only
class SealedLead(Named, Base):
    """A lead as it left the team: an opaque number, the sealed body and its hash; never altered."""

    __tablename__ = "sealed_leads"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(unique=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), unique=True)
    unit_id: orm.Mapped[int]
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    nonce: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    body: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[str]
    sealed_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    sealed_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    finding: orm.Mapped[Finding] = orm.relationship()
    envelopes: orm.Mapped[list["LeadEnvelope"]] = orm.relationship(order_by="LeadEnvelope.id")
    sealed_by: orm.Mapped[User] = orm.relationship()
    steps: orm.Mapped[list["LeadStep"]] = orm.relationship(back_populates="lead", order_by="LeadStep.id")

    __table_args__ = (*fictional_unit_columns("sealed_leads"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Leads in reach: `own` those that the user sealed (the receipt, never the body)."""
        return cls.sealed_by_id == user.id if reach is Reach.OWN else sa.false()


@append_only
class LeadEnvelope(Base):
    """What opens a sealed lead, closed for one holder's key: a lead has one for each that was in use."""

    __tablename__ = "lead_envelopes"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    lead_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("sealed_leads.id"), index=True)
    key_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("case_room_keys.id"))
    wrapped_key: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)

    key: orm.Mapped[CaseRoomKey] = orm.relationship()

    __table_args__ = (UniqueConstraint("lead_id", "key_id"),)


@append_only
class BlottedRow(Base):
    """A row whose words were taken out of it because they went to the case room, and what it was before.

    `sha256` is its digest in the chain: whoever has the words again can show that they are the same.
    """

    __tablename__ = "blotted_rows"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    lead_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("sealed_leads.id"), index=True)
    kind: orm.Mapped[str]
    row: orm.Mapped[int]
    sha256: orm.Mapped[str]

    __table_args__ = (
        UniqueConstraint("kind", "row"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in BLOTTED)})", "kind"),
    )


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
