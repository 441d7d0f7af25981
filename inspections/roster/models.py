"""How the county's own sheets are read: which heading of theirs is which of ours, as somebody once said."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint, orm

from inspections.database import Base, now


class HeadingMatch(Base):
    """A heading of the county's own sheets and the column of ours that it means.

    `ours` is empty for a column that is not taken over, and 备注 for one that is kept as a line of the note.
    """

    __tablename__ = "heading_matches"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    #: the county whose sheets they are; None: the whole installation
    county_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    sheet: orm.Mapped[str]
    #: without blanks, narrow
    theirs: orm.Mapped[str]
    ours: orm.Mapped[str] = orm.mapped_column(default="")
    chosen_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    chosen_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    __table_args__ = (UniqueConstraint("county_id", "sheet", "theirs"),)
