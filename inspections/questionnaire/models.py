"""The questionnaire of one visit and its anonymous answers: no name, no address, no hour, no order."""

import datetime as dt
import secrets
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now, today
from inspections.rounds.models import Posting

TOKEN_BYTES = 24


class Poll(Named, Base):
    """The questionnaire of one visit, behind a long random token that its square code shows."""

    __tablename__ = "polls"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"), unique=True)
    token: orm.Mapped[str] = orm.mapped_column(
        unique=True, default=lambda: secrets.token_urlsafe(TOKEN_BYTES)
    )
    #: no more sheets than this are taken
    quota: orm.Mapped[int]
    closed: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: slips were printed: from then on nothing counts without one
    by_slip: orm.Mapped[bool] = orm.mapped_column(default=False)
    opened_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    opened_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    posting: orm.Mapped[Posting] = orm.relationship()
    opened_by: orm.Mapped[User] = orm.relationship()

    __table_args__ = (CheckConstraint("quota BETWEEN 5 AND 5000", "quota"),)

    @property
    def is_open(self) -> bool:
        """Whether sheets are taken: from the first to the last day of the visit, unless closed before."""
        round_ = self.posting.team.round
        return not self.closed and round_.start <= today() <= round_.end

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Polls of the postings in reach."""
        return cls.posting_id.in_(sa.select(Posting.id).where(Posting.within(reach, user)))


@append_only
class AnswerSheet(Base):
    """One sheet. Its key is the form's random name, so that a sheet sent twice is one; it has no time."""

    __tablename__ = "answer_sheets"

    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    poll_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("polls.id"), index=True)
    #: question code → option number from 1, list of numbers, or text
    said: orm.Mapped[dict[str, Any]]

    #: no hidden row number on SQLite either: it would keep the order of arrival
    __table_args__ = ({"sqlite_with_rowid": False},)


class PollSlip(Base):
    """A printed slip that opens the form once. Of its word only the digest is here; used, it is gone, so that
    nothing tells which sheet it brought."""

    __tablename__ = "poll_slips"

    sha256: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    poll_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("polls.id"), index=True)

    #: no hidden row number on SQLite: it would keep the order of printing
    __table_args__ = ({"sqlite_with_rowid": False},)


@append_only
class PollFive(Base):
    """Five sheets that are shown together, so that nobody learns one by looking before and after it came."""

    __tablename__ = "poll_fives"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    poll_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("polls.id"), index=True)
    #: names of the sheets in the order of the letters
    sheets: orm.Mapped[list[str]]


@append_only
class PollTask(Base):
    """That a hint of the questionnaire became a check at the door for team and county; each question once.

    The inspected side never reads it: what villagers hint at would be known before anybody looked.
    """

    __tablename__ = "poll_tasks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    poll_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("polls.id"), index=True)
    question: orm.Mapped[str]
    check_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("check_tasks.id"))

    __table_args__ = (UniqueConstraint("poll_id", "question"),)
