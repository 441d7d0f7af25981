"""An exercise of comparing lists and its hits as tasks at a door. No row of a list, no number and
no name is here."""

import datetime as dt
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, now
from inspections.rounds.models import Posting
from inspections.units.models import Unit, fictional_unit_columns

STATES = {"proposed": "待批准", "approved": "已批准，待比对", "done": "已比对", "dropped": "不予批准"}
#: what came of a hit at the door; the first two count as true, the last counts neither way
OUTCOMES = {
    "true": "属实",
    "partly": "部分属实",
    "allowed": "政策允许",
    "data": "数据错误",
    "returned": "已退",
    "unknown": "无法查",
}
TRUE = ("true", "partly")
GRADES = {"strong": "强", "fair": "中", "weak": "弱"}
MOST_DAYS = 180


class Exercise(Named, Base):
    """One comparison: purpose, legal basis, two persons, an end; afterwards which lists were read
    and when."""

    __tablename__ = "comparison_exercises"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    purpose: orm.Mapped[str]
    basis: orm.Mapped[str]
    until: orm.Mapped[dt.date]
    state: orm.Mapped[str] = orm.mapped_column(default="proposed")
    area_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    proposed_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    proposed_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    approved_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    approved_at: orm.Mapped[dt.datetime | None]
    #: of the key that lived only while the lists were compared: the first 8 bytes of its SHA-256
    key_id: orm.Mapped[str] = orm.mapped_column(default="")
    #: when the comparison ended, and with it the key and every hashed row
    destroyed_at: orm.Mapped[dt.datetime | None]
    #: of the lot that decides which hits are checked first
    seed: orm.Mapped[int] = orm.mapped_column(default=0)
    lists: orm.Mapped[int] = orm.mapped_column(default=0)
    rows: orm.Mapped[int] = orm.mapped_column(default=0)
    bad_rows: orm.Mapped[int] = orm.mapped_column(default=0)
    #: hits of places that are no unit of ours
    unplaced: orm.Mapped[int] = orm.mapped_column(default=0)

    proposed_by: orm.Mapped[User] = orm.relationship(foreign_keys=[proposed_by_id])
    approved_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", "two_persons"),
    )


class Check(Named, Base):
    """One hit: a task in the village it is about, until somebody says what came of it."""

    __tablename__ = "comparison_checks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    exercise_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("comparison_exercises.id"), index=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(index=True)
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    model: orm.Mapped[str]
    grade: orm.Mapped[str]
    subject: orm.Mapped[str]
    amount: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    months: orm.Mapped[int | None]
    reason: orm.Mapped[str]
    #: file and line of the offices' own lists, by which the office finds the person
    rows: orm.Mapped[list[list[str | int]]] = orm.mapped_column(sa.JSON)
    #: the place in the lot of its model and grade
    lot: orm.Mapped[int]
    outcome: orm.Mapped[str] = orm.mapped_column(default="")
    found_amount: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    note: orm.Mapped[str] = orm.mapped_column(default="")
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]

    exercise: orm.Mapped[Exercise] = orm.relationship()
    unit: orm.Mapped[Unit] = orm.relationship(viewonly=True)
    decided_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (
        *fictional_unit_columns("comparison_checks"),
        CheckConstraint(f"grade IN ({', '.join(repr(g) for g in GRADES)})", "grade"),
        CheckConstraint(f"outcome IN ('', {', '.join(repr(o) for o in OUTCOMES)})", "outcome"),
    )

    @property
    def finding_name(self) -> uuid.UUID:
        """The name of the working paper this check opens, should there be one."""
        return uuid.uuid5(self.uuid, "finding")

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """`team`: checks in the units of the user's released postings."""
        postings = sa.select(Posting.unit_id).where(Posting.within(reach, user))
        return cls.unit_id.in_(postings)
