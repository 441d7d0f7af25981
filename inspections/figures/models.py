"""The county's own weights of the annual score sheet (考核附表)."""

import decimal

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import Base


class ScoreRule(Base):
    """How many points one case of something adds to or takes from the hundred with which a unit begins."""

    __tablename__ = "score_rules"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    points: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(6, 2))
    note: orm.Mapped[str] = orm.mapped_column(default="")
    position: orm.Mapped[int]
