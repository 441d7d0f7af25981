"""Proposals of zones as they were computed or drawn, and who is in charge of a zone that is in force."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.database import Base, Named, now
from inspections.units.models import Area

MEASURES = {"units": "单位数", "risk": "风险分合计"}


class ZoneProposal(Named, Base):
    """One division of a county's townships: the question (`areas`) and the answer of planners/zones/."""

    __tablename__ = "zone_proposals"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    county_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    number: orm.Mapped[int]
    measure: orm.Mapped[str]
    areas: orm.Mapped[dict[str, Any]] = orm.mapped_column(sa.JSON)
    answer: orm.Mapped[dict[str, Any]] = orm.mapped_column(sa.JSON)
    #: what the division that people drew breaks, in sentences
    faults: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    by_hand: orm.Mapped[bool] = orm.mapped_column(default=False)
    made_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    adopted_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    adopted_at: orm.Mapped[dt.datetime | None]

    county: orm.Mapped[Area] = orm.relationship()
    made_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=made_by_id)
    adopted_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=adopted_by_id)

    __table_args__ = (
        UniqueConstraint("county_id", "number"),
        CheckConstraint("measure IN ('units', 'risk')", "measure"),
    )


class ZoneCharge(Base):
    """Who is in charge of a zone: its 包片领导, and the rooms and stationed groups that work there."""

    __tablename__ = "zone_charges"

    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), primary_key=True)
    leader: orm.Mapped[str] = orm.mapped_column(default="")
    bodies: orm.Mapped[str] = orm.mapped_column(default="")

    area: orm.Mapped[Area] = orm.relationship()
