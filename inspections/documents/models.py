"""Numbered papers: what they say, whom they address, what became of them, and the bytes that were issued.

No rendering here.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now
from inspections.documents.chain import Countersignature
from inspections.findings.models import Finding
from inspections.rounds.models import Round
from inspections.units.models import Area, Unit
from inspections.wording import document_number

KINDS = {
    "handover": "交办函",
    "feedback": "反馈意见",
    "reminder": "督办单",
    "transfer": "转办单",
    "advice": "纪检监察建议书",
    "bulletin": "月通报",
    "round_report": "轮次综合报告",
    "minutes": "会商纪要",
}
#: letters about one round's visits to one township; a problem stands in one letter of each kind
OF_VISITS = ("handover", "feedback")
#: what the liaison of a township reads; a bulletin goes to all of them, the others go elsewhere
TO_A_BUREAU = ("transfer", "advice")
TO_THE_TOWNSHIP = (*OF_VISITS, "reminder")
#: how a paper goes out: drafted by one, checked by another, signed (numbered) by leadership, printed, handed
#: out; a number that was given and not used is void, and stays on record
STATES = {
    "draft": "草稿",
    "checked": "已核稿",
    "signed": "已签发",
    "issuing": "正在印发",
    "issued": "已印发",
    "void": "已作废",
}
#: no number yet
UNNUMBERED = ("draft", "checked")
#: on its way to the recipient, or there
OUT = ("issuing", "issued")


paper_findings = Table(
    "paper_findings",
    Base.metadata,
    Column("paper_id", ForeignKey("papers.id"), primary_key=True),
    Column("finding_id", ForeignKey("findings.id"), primary_key=True),
)


class Paper(Named, Base):
    """One paper and the working papers it is about. Its number exists only from its signing on."""

    __tablename__ = "papers"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    kind: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="draft")
    #: None for what is about no one round: a reminder, a bulletin
    round_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("rounds.id"), index=True)
    #: the place it is about: a township, for a bulletin or a round's report the whole county
    township_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    title: orm.Mapped[str]
    #: what the office adds to the findings: authority, report_by, report_to, appraisal, suggestions, to, cc;
    #: for a bulletin also the month it is about, for minutes when, where and who met
    wording: orm.Mapped[dict[str, Any]]
    #: the bureau to which a 转办单 or 建议书 is addressed, fixed when it is signed
    office: orm.Mapped[str] = orm.mapped_column(default="")
    #: what the letter says, in the form of the papers contract (FACTS.json); fixed when it is signed
    facts: orm.Mapped[dict[str, Any]]
    code: orm.Mapped[str | None]
    year: orm.Mapped[int | None]
    number: orm.Mapped[int | None]
    created_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    checked_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    checked_at: orm.Mapped[dt.datetime | None]
    signed_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    signed_at: orm.Mapped[dt.datetime | None]
    issued_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    issued_at: orm.Mapped[dt.datetime | None]
    #: why its number was given up
    void_reason: orm.Mapped[str] = orm.mapped_column(default="")
    #: the issued paper in whose place this one goes out
    replaces_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("papers.id"))
    trouble: orm.Mapped[str] = orm.mapped_column(default="")
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    round: orm.Mapped[Round | None] = orm.relationship()
    township: orm.Mapped[Area] = orm.relationship()
    created_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=created_by_id)
    checked_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=checked_by_id)
    signed_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=signed_by_id)
    issued_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=issued_by_id)
    replaces: orm.Mapped["Paper | None"] = orm.relationship(remote_side=id, back_populates="replacements")
    replacements: orm.Mapped[list["Paper"]] = orm.relationship(back_populates="replaces", order_by=id)
    findings: orm.Mapped[list[Finding]] = orm.relationship(secondary=paper_findings, order_by=Finding.number)
    files: orm.Mapped[list["PaperFile"]] = orm.relationship(back_populates="paper", order_by="PaperFile.id")
    countersigned: orm.Mapped[list[Countersignature]] = orm.relationship(order_by=Countersignature.id)
    steps: orm.Mapped[list["PaperStep"]] = orm.relationship(back_populates="paper", order_by="PaperStep.id")

    __table_args__ = (
        UniqueConstraint("code", "year", "number"),
        CheckConstraint(f"kind IN ({', '.join(repr(k) for k in KINDS)})", "kind"),
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        CheckConstraint("(state IN ('draft', 'checked')) = (number IS NULL)", "numbered_when_signed"),
        CheckConstraint(f"round_id IS NOT NULL OR kind NOT IN {OF_VISITS!r}", "visits_have_a_round"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def file(self) -> "PaperFile | None":
        """The newest stored PDF, or None while the worker has not made one."""
        return self.files[-1] if self.files else None

    @property
    def document_number(self) -> str:
        """清纪函〔2026〕1号, empty before it is signed."""
        if self.code is None or self.year is None or self.number is None:
            return ""
        return document_number(self.code, self.year, self.number)

    @property
    def replaced_by(self) -> "Paper | None":
        """The paper that went out in this one's place, or None."""
        return next((paper for paper in self.replacements if paper.state == "issued"), None)

    @property
    def file_is_current(self) -> bool:
        """Whether the newest PDF says what the paper says now."""
        file = self.file
        return file is not None and (self.state == "issued" or file.version == self.version)

    def step(self, what: str) -> "PaperStep | None":
        """The newest step of that name; None where it has not been taken."""
        return next((step for step in reversed(self.steps) if step.what == what), None)

    @classmethod
    def addressed_to(cls, user: User) -> sa.ColumnElement[bool]:
        """Issued 转办单 and 建议书 to the very unit (a bureau) that this account answers for, by its name."""
        named = sa.select(Unit.name).where(Unit.id == user.unit_id).scalar_subquery()
        ours = sa.or_(cls.office == named, cls.office == sa.literal("县").concat(named))
        return sa.and_(cls.state == "issued", cls.kind.in_(TO_A_BUREAU), ours)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Papers in reach: `township` those issued to the user's township, never a draft.

        A bulletin of the county goes to all its townships. A liaison of one unit reaches the issued papers
        that are about this unit and about no other, and what is addressed to it as the bureau in charge.
        """
        to_it = sa.and_(cls.state == "issued", cls.kind.in_(TO_THE_TOWNSHIP))
        if reach is Reach.TOWNSHIP and user.unit_id is not None:
            about_it = cls.findings.any(Finding.unit_id == user.unit_id)
            about_others = cls.findings.any(Finding.unit_id != user.unit_id)
            return sa.or_(sa.and_(to_it, about_it, ~about_others), cls.addressed_to(user))
        if reach is not Reach.TOWNSHIP or user.township_id is None:
            return sa.false()
        parent = sa.select(Area.parent_id).where(Area.id == user.township_id)
        above = sa.or_(
            cls.township_id.in_(parent),
            cls.township_id.in_(sa.select(Area.parent_id).where(Area.id.in_(parent))),
        )
        to_all = sa.and_(cls.state == "issued", cls.kind == "bulletin", above)
        return sa.or_(sa.and_(to_it, cls.township_id == user.township_id), to_all)


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
    #: for the notice on a unit's wall: when the phone is answered, where the letter box hangs, and the
    #: county's own address behind the square code; empty where the county has not said
    hours: orm.Mapped[str] = orm.mapped_column(default="")
    box: orm.Mapped[str] = orm.mapped_column(default="")
    public_address: orm.Mapped[str] = orm.mapped_column(default="")

    area: orm.Mapped[Area] = orm.relationship()


class NameCheck(Base):
    """What a reader decided of a word in a paper that may be a person's name (its key, see naming)."""

    __tablename__ = "name_checks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    word: orm.Mapped[str]
    is_name: orm.Mapped[bool]
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now, onupdate=now)

    decided_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (UniqueConstraint("paper_id", "word"),)


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
    #: font family → the name of the file that printed it; empty for what was printed before it was noted
    fonts: orm.Mapped[dict[str, Any]] = orm.mapped_column(default=dict)
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    paper: orm.Mapped[Paper] = orm.relationship(back_populates="files")
    look: orm.Mapped["PaperLook | None"] = orm.relationship()

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


class PaperLook(Base):
    """That a stored file was looked over: the elements of its format as they were measured in it."""

    __tablename__ = "paper_looks"

    file_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("paper_files.id"), primary_key=True)
    #: name, what the standard asks for, what was measured, whether that is enough
    measures: orm.Mapped[list[Any]]


class PaperSheet(Base):
    """One sheet of a stored file as PNG: not every browser shows a PDF inside a page."""

    __tablename__ = "paper_sheets"

    file_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("paper_files.id"), primary_key=True)
    number: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    picture: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)


@append_only
class OwnText(Base):
    """One version of a county's own wording of a block of its papers; empty: as the program words it."""

    __tablename__ = "own_texts"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    #: kind of paper and code of its block, as `documents.blocks` names them
    kind: orm.Mapped[str]
    block: orm.Mapped[str]
    text: orm.Mapped[str]
    author_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    author: orm.Mapped[User | None] = orm.relationship()


#: what becomes of an issued paper, in this order; a reply is asked of 建议书 and 转办单
STEPS = {"delivered": "送达", "received": "签收", "replied": "回复"}
REPLIES = {"adopted": "采纳", "partly": "部分采纳", "objected": "提出异议"}


@append_only
class PaperStep(Base):
    """That an issued paper was delivered, signed for or replied to: on which day, by whom, in which words."""

    __tablename__ = "paper_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    what: orm.Mapped[str]
    day: orm.Mapped[dt.date]
    #: who took it, or who replied, on the other side
    person: orm.Mapped[str]
    #: adopted, partly or objected for the reply to a 建议书
    verdict: orm.Mapped[str] = orm.mapped_column(default="")
    text: orm.Mapped[str] = orm.mapped_column(default="")
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    paper: orm.Mapped[Paper] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"what IN ({', '.join(repr(s) for s in STEPS)})", "what"),
        CheckConstraint(f"verdict IN ('', {', '.join(repr(s) for s in REPLIES)})", "verdict"),
    )


BATCH_STATES = {
    "queued": "等待后台进程",
    "working": "正在生成",
    "ready": "已生成",
    "cancelled": "已取消",
    "failed": "未成",
}


class Batch(Named, Base):
    """A round's papers as one job: what is in it was settled when it was asked for, by what its maker saw.

    Its files lie in instance/batches under its name.
    """

    __tablename__ = "batches"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    round_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rounds.id"), index=True)
    state: orm.Mapped[str] = orm.mapped_column(default="queued")
    #: ["paper", "receipt" or "finding", random name], in the order of the pages
    contents: orm.Mapped[list[Any]]
    done: orm.Mapped[int] = orm.mapped_column(default=0)
    pages: orm.Mapped[int] = orm.mapped_column(default=0)
    #: sentences about what could not be printed
    left_out: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    stop_asked: orm.Mapped[bool] = orm.mapped_column(default=False)
    trouble: orm.Mapped[str] = orm.mapped_column(default="")
    made_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    ended_at: orm.Mapped[dt.datetime | None]

    round: orm.Mapped[Round] = orm.relationship()

    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(s) for s in BATCH_STATES)})", "state"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Batches in reach: `own` those one asked for; another may not see what is in them."""
        return cls.made_by_id == user.id if reach is Reach.OWN else sa.false()


class NumberSeries(Base):
    """The last number given in a series (发文字号): gap-free per code and year."""

    __tablename__ = "number_series"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    year: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    last: orm.Mapped[int] = orm.mapped_column(default=0)
