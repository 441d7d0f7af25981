"""Numbered papers: what they say, whom they address, and the bytes that were issued. No rendering here."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now
from inspections.findings.models import Finding
from inspections.rounds.models import Round
from inspections.units.models import Area

KINDS = {"handover": "交办函", "feedback": "反馈意见"}
STATES = {"draft": "草稿", "issuing": "正在制发", "issued": "已印发"}

paper_findings = Table(
    "paper_findings",
    Base.metadata,
    Column("paper_id", ForeignKey("papers.id"), primary_key=True),
    Column("finding_id", ForeignKey("findings.id"), primary_key=True),
)


class Paper(Named, Base):
    """One letter to one township about findings of one round. Its number exists only from issue on."""

    __tablename__ = "papers"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    kind: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="draft")
    round_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rounds.id"), index=True)
    township_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    title: orm.Mapped[str]
    #: what the office adds to the findings: authority, report_by, report_to, appraisal, suggestions, cc
    wording: orm.Mapped[dict[str, Any]]
    #: what the letter says, in the form of the papers contract (FACTS.json); fixed at issue
    facts: orm.Mapped[dict[str, Any]]
    code: orm.Mapped[str | None]
    year: orm.Mapped[int | None]
    number: orm.Mapped[int | None]
    created_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    issued_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    issued_at: orm.Mapped[dt.datetime | None]
    trouble: orm.Mapped[str] = orm.mapped_column(default="")
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    round: orm.Mapped[Round] = orm.relationship()
    township: orm.Mapped[Area] = orm.relationship()
    created_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=created_by_id)
    issued_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=issued_by_id)
    findings: orm.Mapped[list[Finding]] = orm.relationship(secondary=paper_findings, order_by=Finding.number)
    files: orm.Mapped[list["PaperFile"]] = orm.relationship(back_populates="paper", order_by="PaperFile.id")

    __table_args__ = (
        UniqueConstraint("code", "year", "number"),
        CheckConstraint(f"kind IN ({', '.join(repr(k) for k in KINDS)})", "kind"),
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", "numbered_at_issue"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def file(self) -> "PaperFile | None":
        """The newest stored PDF, or None while the worker has not made one."""
        return self.files[-1] if self.files else None

    @property
    def file_is_current(self) -> bool:
        """Whether the newest PDF says what the paper says now."""
        file = self.file
        return file is not None and (self.state == "issued" or file.version == self.version)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Papers in reach: `township` those issued to the user's township, never a draft.

        A liaison of one unit reaches the issued papers that are about this unit and about no other.
        """
        if reach is Reach.TOWNSHIP and user.unit_id is not None:
            about_it = cls.findings.any(Finding.unit_id == user.unit_id)
            about_others = cls.findings.any(Finding.unit_id != user.unit_id)
            return sa.and_(cls.state == "issued", about_it, ~about_others)
        if reach is not Reach.TOWNSHIP or user.township_id is None:
            return sa.false()
        return sa.and_(cls.township_id == user.township_id, cls.state == "issued")


class Letterhead(Base):
    """Who writes for a county: the issuer's full name, its code in numbers, and whom to call."""

    __tablename__ = "letterheads"

    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), primary_key=True)
    issuer: orm.Mapped[str]
    code: orm.Mapped[str]
    authority: orm.Mapped[str]
    report_to: orm.Mapped[str]
    contact_name: orm.Mapped[str]
    contact_phone: orm.Mapped[str]

    area: orm.Mapped[Area] = orm.relationship()


@append_only
class PaperFile(Base):
    """A rendered PDF as bytes with its hash; a download returns these bytes and renders nothing."""

    __tablename__ = "paper_files"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    #: the version of the paper that these bytes show
    version: orm.Mapped[int]
    #: 'draft' or 'issued'; a paper has at most one issued file
    status: orm.Mapped[str]
    data: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary, deferred=True)
    sha256: orm.Mapped[str]
    pages: orm.Mapped[int]
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    paper: orm.Mapped[Paper] = orm.relationship(back_populates="files")

    __table_args__ = (
        CheckConstraint("status IN ('draft', 'issued')", "status"),
        UniqueConstraint("paper_id", "version", "status"),
        sa.Index(
            "uq_paper_files_one_issued",
            "paper_id",
            unique=True,
            sqlite_where=sa.text("status = 'issued'"),
            postgresql_where=sa.text("status = 'issued'"),
        ),
    )


class NumberSeries(Base):
    """The last number given in a series (发文字号): gap-free per code and year."""

    __tablename__ = "number_series"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    year: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    last: orm.Mapped[int] = orm.mapped_column(default=0)
