"""An exercise of comparing lists; its hits are checks at a door (`fieldwork.checks`). No row of a list
is here."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.database import Base, Named, now

STATES = {
    "proposed": "待批准",
    "approved": "已批准，收名单",
    "queued": "等待比对",
    "running": "正在比对",
    "done": "已比对",
    "dropped": "不予批准",
    "ended": "到期，未比对",
}
#: a worker is to compare, or does
ACTIVE = ("queued", "running")
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

    #: while it is compared: the stage and how far it is, as {"stage", "done", "total"}
    progress: orm.Mapped[dict[str, Any]] = orm.mapped_column(sa.JSON, default=dict)
    cancelled: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: why the last comparison came to nothing, in words for the page
    trouble: orm.Mapped[str] = orm.mapped_column(default="")

    brought: orm.Mapped[list["ListBrought"]] = orm.relationship(
        back_populates="exercise", order_by="ListBrought.number"
    )
    proposed_by: orm.Mapped[User] = orm.relationship(foreign_keys=[proposed_by_id])
    approved_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=[approved_by_id])

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", "two_persons"),
    )


class ListBrought(Named, Base):
    """The receipt of one list: who gave it for which months, who took it in, and what became of its rows."""

    __tablename__ = "comparison_lists"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    exercise_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("comparison_exercises.id"), index=True)
    number: orm.Mapped[int]
    #: the file's name, numbers blotted
    file: orm.Mapped[str]
    kind: orm.Mapped[str]
    year: orm.Mapped[int | None]
    rows: orm.Mapped[int]
    bad: orm.Mapped[int]
    #: unusable rows by fault
    faults: orm.Mapped[dict[str, int]] = orm.mapped_column(sa.JSON)
    received_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    received_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    exercise: orm.Mapped[Exercise] = orm.relationship(back_populates="brought")
    received_by: orm.Mapped[User] = orm.relationship()

    __table_args__ = (UniqueConstraint("exercise_id", "number"),)
