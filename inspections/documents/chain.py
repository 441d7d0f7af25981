"""The chain of approval as it is kept: a county's own rules by kind, and who agreed to which pages."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.database import Base, append_only, now

#: the steps of a draft's way for which a county says whose they are (seeds/approval.csv)
APPROVALS = {"check": "核稿", "countersign": "会签", "sign": "签发"}


class ApprovalRule(Base):
    """How a county lets one kind of paper go out; where it has said nothing, seeds/approval.csv holds."""

    __tablename__ = "approval_rules"

    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    #: step → the duties that take it: one of them checks and signs, each of them countersigns
    seats: orm.Mapped[dict[str, Any]]
    #: which steps are taken by different people, as `approval.APART` names them
    apart: orm.Mapped[list[str]]


@append_only
class Countersignature(Base):
    """That the holder of a duty agreed to a checked paper in that very version, having seen these pages."""

    __tablename__ = "countersignatures"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    version: orm.Mapped[int]
    seat: orm.Mapped[str]
    page: orm.Mapped[str]
    text: orm.Mapped[str] = orm.mapped_column(default="")
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (UniqueConstraint("paper_id", "version", "seat"),)
