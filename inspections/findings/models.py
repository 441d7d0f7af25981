"""The working paper of one problem (一问题一底稿): revisions, steps to the signature, photographs."""

import datetime as dt
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now
from inspections.rounds.models import Posting
from inspections.units.models import Unit, fictional_unit_columns

STATES = {
    "draft": "编制中",
    "in_review": "待复核",
    "submitted": "待审签",
    "signed": "已审签",
    "returned": "已退回",
}
#: before its random name: what the ledger and its photographs call a paper, as a question has its code
PAPER_ITEM = "finding:"
SEVERITIES = ("S1", "S2", "S3", "S4")


class TaxonomyEntry(Base):
    """A row of the taxonomy: categories of problems, severities, methods, disposals."""

    __tablename__ = "taxonomy"

    kind: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    parent_code: orm.Mapped[str]
    name: orm.Mapped[str]
    definition: orm.Mapped[str]
    default_severity: orm.Mapped[str]
    position: orm.Mapped[int]


@append_only
class FindingStep(Base):
    """A step of the paper to its signature: who took it, on which revision, and why it was returned."""

    __tablename__ = "finding_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    revision: orm.Mapped[int]
    state: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    reason: orm.Mapped[str] = orm.mapped_column(default="")

    finding: orm.Mapped["Finding"] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        sa.Index("ix_finding_steps_state_at", "state", "at"),
    )


@append_only
class GateVoice(Base):
    """One of the two voices on an S4 paper: a problem, or a lead. An empty verdict: they disagree."""

    __tablename__ = "finding_gate_voices"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    verdict: orm.Mapped[str]
    is_first: orm.Mapped[bool]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (CheckConstraint("verdict IN ('', 'problem', 'lead')", "verdict"),)


class Finding(Named, Base):
    """One problem of one posting. What it says is its newest revision; its state its newest step."""

    __tablename__ = "findings"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(unique=True)
    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"), index=True)
    unit_id: orm.Mapped[int]
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    item_code: orm.Mapped[str | None]
    created_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: when it went to the case room as a lead: from then on its words stand nowhere else
    sealed_at: orm.Mapped[dt.datetime | None]

    posting: orm.Mapped[Posting] = orm.relationship()
    unit: orm.Mapped[Unit] = orm.relationship(viewonly=True)
    created_by: orm.Mapped[User] = orm.relationship()
    revisions: orm.Mapped[list["FindingRevision"]] = orm.relationship(
        back_populates="finding", order_by="FindingRevision.n", lazy="selectin"
    )
    steps: orm.Mapped[list["FindingStep"]] = orm.relationship(
        back_populates="finding", order_by="FindingStep.id"
    )
    #: that of the newest step; there is no second copy to disagree with it
    state: orm.Mapped[str] = orm.column_property(
        sa.select(FindingStep.state)
        .where(FindingStep.finding_id == id)
        .order_by(FindingStep.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    photos: orm.Mapped[list["Photo"]] = orm.relationship(order_by="Photo.received_at")

    __table_args__ = fictional_unit_columns("findings")

    @property
    def current(self) -> "FindingRevision":
        """What the paper says now."""
        return self.revisions[-1]

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Findings in reach: `own` written by the user, `team` of the user's released postings."""
        if reach is Reach.OWN:
            return cls.created_by_id == user.id
        return cls.posting_id.in_(sa.select(Posting.id).where(Posting.within(reach, user)))


@append_only
class FindingRevision(Base):
    """What the working paper says after one edit; never altered. A signed revision stays as it was signed."""

    __tablename__ = "finding_revisions"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    n: orm.Mapped[int]
    title: orm.Mapped[str]
    category: orm.Mapped[str]
    severity: orm.Mapped[str]
    summary: orm.Mapped[str]
    process: orm.Mapped[str]
    method: orm.Mapped[str]
    place: orm.Mapped[str]
    period: orm.Mapped[str]
    amount: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    basis: orm.Mapped[str]
    responsible: orm.Mapped[str]
    evidence: orm.Mapped[str]
    statement: orm.Mapped[str]
    author_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    finding: orm.Mapped[Finding] = orm.relationship(back_populates="revisions")
    author: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        UniqueConstraint("finding_id", "n"),
        CheckConstraint(f"severity IN ({', '.join(repr(s) for s in SEVERITIES)})", "severity"),
        CheckConstraint("amount IS NULL OR amount >= 0", "amount"),
    )


class Photo(Base):
    """A photograph, upright and without its metadata; the bytes lie in instance/photos under its name."""

    __tablename__ = "photos"

    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"), index=True)
    unit_id: orm.Mapped[int]
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    finding_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    item_code: orm.Mapped[str | None]
    caption: orm.Mapped[str] = orm.mapped_column(default="")
    media_type: orm.Mapped[str]
    width: orm.Mapped[int]
    height: orm.Mapped[int]
    size: orm.Mapped[int]
    sha256: orm.Mapped[str]
    #: of the small JPEG beside it; None for what was taken in before it was noted
    small_sha256: orm.Mapped[str | None]
    #: of the bytes as a tablet sent them, by which it recognises its own; None for one from a page
    sent_sha256: orm.Mapped[str | None]
    sent_size: orm.Mapped[int | None]
    author_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    received_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    posting: orm.Mapped[Posting] = orm.relationship()
    author: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        *fictional_unit_columns("photos"),
        CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", "media_type"),
    )

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Photographs in reach: `own` taken by the user, `team` of the user's released postings."""
        if reach is Reach.OWN:
            return cls.author_id == user.id
        return cls.posting_id.in_(sa.select(Posting.id).where(Posting.within(reach, user)))
