"""Days that the county works or rests although the general calendar says otherwise (调休、临时安排)."""

import datetime as dt

from sqlalchemy import ForeignKey, orm

from inspections.database import Base, now


class CalendarDay(Base):
    """One day on which the county's own notice counts, not the general calendar."""

    __tablename__ = "calendar_days"

    day: orm.Mapped[dt.date] = orm.mapped_column(primary_key=True)
    works: orm.Mapped[bool]
    note: orm.Mapped[str] = orm.mapped_column(default="")
    set_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    set_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


class LivedDay(Base):
    """A day that the worker has seen come, or that the county has confirmed after a longer pause.

    The clock may say any date; a village is released on days that were lived.
    """

    __tablename__ = "lived_days"

    day: orm.Mapped[dt.date] = orm.mapped_column(primary_key=True)
    #: None: the worker, after a pause no longer than a holiday
    confirmed_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
