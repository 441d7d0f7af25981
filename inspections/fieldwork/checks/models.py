"""A check at a door: what to look at and whom to ask in a village, until somebody says what came of it.

One table for whatever asks for it: lists compared (`comparisons`), hints of the villagers'
questionnaire. No row
of a list, no number and no name is here.
"""

import datetime as dt
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named
from inspections.rounds.models import Posting
from inspections.units.models import Unit, fictional_unit_columns

#: what asks for a check, and what a working paper calls that way of finding out
SOURCES = {"comparison": "数据比对", "questionnaire": "群众问卷"}
#: what came of a check at the door; the first two count as true, the last counts neither way
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


class CheckTask(Named, Base):
    """One thing to look into at one unit; a weak one, or one that the lot has not drawn, is no task yet."""

    __tablename__ = "check_tasks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(index=True)
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    source: orm.Mapped[str]
    title: orm.Mapped[str]
    #: what the data say, in words
    reason: orm.Mapped[str]
    ask: orm.Mapped[str]
    whom: orm.Mapped[str] = orm.mapped_column(default="")
    #: how it may have come about without anybody's fault
    mind: orm.Mapped[str] = orm.mapped_column(default="")
    #: groups of the checklist under which it stands, the first one first
    groups: orm.Mapped[list[str]] = orm.mapped_column(sa.JSON)
    category: orm.Mapped[str]
    severity: orm.Mapped[str]
    grade: orm.Mapped[str] = orm.mapped_column(default="fair")
    #: the mark of a household, person or plot, the same for all checks about it
    subject: orm.Mapped[str] = orm.mapped_column(default="")
    amount: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    months: orm.Mapped[int | None]
    #: file and line of the offices' own lists, by which the office finds the person
    rows: orm.Mapped[list[list[str | int]]] = orm.mapped_column(sa.JSON, default=list)
    #: the comparison that found it, and by which model; None: nothing is drawn by lot
    exercise_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("comparison_exercises.id"), index=True)
    model: orm.Mapped[str] = orm.mapped_column(default="")
    #: the place in the lot of its model and grade
    lot: orm.Mapped[int] = orm.mapped_column(default=0)
    outcome: orm.Mapped[str] = orm.mapped_column(default="")
    found_amount: orm.Mapped[decimal.Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    note: orm.Mapped[str] = orm.mapped_column(default="")
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]

    unit: orm.Mapped[Unit] = orm.relationship(viewonly=True)
    decided_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (
        *fictional_unit_columns("check_tasks"),
        CheckConstraint(f"source IN ({', '.join(repr(s) for s in SOURCES)})", "source"),
        CheckConstraint(f"grade IN ({', '.join(repr(g) for g in GRADES)})", "grade"),
        CheckConstraint(f"outcome IN ('', {', '.join(repr(o) for o in OUTCOMES)})", "outcome"),
        CheckConstraint("(outcome = '') = (decided_at IS NULL)", "decided"),
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
