"""What figures need beside the records: weights of the annual score sheet, counts from the case room."""

import datetime as dt
import decimal

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.database import Base, now
from inspections.units.models import Area


class ScoreRule(Base):
    """How many points one case of something adds to or takes from the hundred with which a unit begins."""

    __tablename__ = "score_rules"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    points: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(6, 2))
    note: orm.Mapped[str] = orm.mapped_column(default="")
    position: orm.Mapped[int]


class CaseCount(Base):
    """What the case room tells of one month of one county: leads taken over, persons dealt with (处理处分).

    The figures know leads by these two counts alone, and there is not a word more.
    """

    __tablename__ = "case_counts"

    county_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), primary_key=True)
    #: the first day of the month
    month: orm.Mapped[dt.date] = orm.mapped_column(sa.Date, primary_key=True)
    leads: orm.Mapped[int]
    persons: orm.Mapped[int]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    county: orm.Mapped[Area] = orm.relationship()
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (CheckConstraint("leads >= 0 AND persons >= 0", "counts"),)
