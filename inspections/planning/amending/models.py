"""What is asked for about a published plan and decided by a second person."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.database import Base, Named, now
from inspections.rounds.models import Cycle


class Amendment(Named, Base):
    """变更申请: what is changed about a published plan only when a second person agrees.

    `kind`: `withdraw` the publication, `dates` of rounds, `cancel` a round; `detail` has new dates as
    [[code, start, end, release_on], …] or the code of the round. `agreed` is null while it waits.
    """

    __tablename__ = "amendments"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    kind: orm.Mapped[str]
    words: orm.Mapped[str]
    reason: orm.Mapped[str]
    detail: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    asked_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    asked_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    agreed: orm.Mapped[bool | None]
    answer: orm.Mapped[str] = orm.mapped_column(default="")
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]

    cycle: orm.Mapped[Cycle] = orm.relationship()
    asked_by: orm.Mapped[User] = orm.relationship(foreign_keys=asked_by_id)
    decided_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=decided_by_id)

    __table_args__ = (
        CheckConstraint("kind IN ('withdraw', 'dates', 'cancel')", "kind"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", "second_person"),
        CheckConstraint("(agreed IS NULL) = (decided_by_id IS NULL)", "decided"),
        sa.Index(
            "uq_amendments_one_open",
            "cycle_id",
            unique=True,
            sqlite_where=sa.text("agreed IS NULL"),
            postgresql_where=sa.text("agreed IS NULL"),
        ),
    )
