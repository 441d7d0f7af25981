"""Declarations, training and requests for recusal. No plan and no solving here."""

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now
from inspections.people.models import Person, RecusalKind
from inspections.units.models import Unit


class ReadinessRule(Base):
    """What a cycle asks of everybody before they may be sent. Without a row it asks for the roster's mark
    已培训 alone."""

    __tablename__ = "readiness_rules"

    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), primary_key=True)
    declarations: orm.Mapped[bool] = orm.mapped_column(default=True)
    training: orm.Mapped[bool] = orm.mapped_column(default=True)
    reason: orm.Mapped[str] = orm.mapped_column(default="")


@append_only
class Declaration(Named, Base):
    """One answer of one person before one cycle; the newest counts. `nil`: nothing to declare."""

    __tablename__ = "declarations"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    nil: orm.Mapped[bool]
    #: kinds and objects as they stood, no names of relatives
    said: orm.Mapped[list[Any]]
    #: the same as codes: while they stand so, the answer counts for the other cycles of a year too
    facts: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    #: somebody else entered it from the signed paper form: `answered_by`, with others in one `batch`
    on_paper: orm.Mapped[bool] = orm.mapped_column(default=False)
    batch: orm.Mapped[UUID | None] = orm.mapped_column(index=True)
    #: it takes the answer before it back; the person has given none
    withdrawn: orm.Mapped[bool] = orm.mapped_column(default=False)
    answered_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    answered_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    person: orm.Mapped[Person] = orm.relationship()
    answered_by: orm.Mapped[User | None] = orm.relationship()


training_people = Table(
    "training_people",
    Base.metadata,
    Column("training_id", ForeignKey("trainings.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
)


class Training(Named, Base):
    """A training before a cycle and who attended it."""

    __tablename__ = "trainings"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    day: orm.Mapped[dt.date]
    topic: orm.Mapped[str]
    hours: orm.Mapped[int] = orm.mapped_column(default=0)
    recorded_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    recorded_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    people: orm.Mapped[list[Person]] = orm.relationship(secondary=training_people, order_by=Person.code)
    recorded_by: orm.Mapped[User | None] = orm.relationship()


#: who asks that somebody steps aside; never who reported somebody
RAISED_BY = {"unit": "被检查单位", "self": "本人", "member": "其他组员", "organ": "领导或机关"}
STEPS = {
    "applied": "申请",
    "checked": "核实",
    "decided": "决定",
    "substituted": "替补",
    "approved": "批准",
}


class RecusalRequest(Named, Base):
    """Somebody asks that a person keeps away from a unit; what became of it is told by its steps."""

    __tablename__ = "recusal_requests"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    kind_code: orm.Mapped[str] = orm.mapped_column(ForeignKey("recusal_kinds.code"))
    raised_by: orm.Mapped[str]
    #: the person as the one who asks names them; who that is on the roster is settled by the check
    person_words: orm.Mapped[str]
    person_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"), index=True)
    created_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    unit: orm.Mapped[Unit] = orm.relationship()
    kind: orm.Mapped[RecusalKind] = orm.relationship()
    person: orm.Mapped[Person | None] = orm.relationship()
    steps: orm.Mapped[list["RecusalStep"]] = orm.relationship(
        back_populates="request", order_by="RecusalStep.id", lazy="selectin"
    )

    __table_args__ = (
        CheckConstraint(f"raised_by IN ({', '.join(repr(who) for who in RAISED_BY)})", "raised_by"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def last(self) -> "RecusalStep":
        """The newest step."""
        return self.steps[-1]

    @property
    def next(self) -> str | None:
        """The step that is due, or None when the request has come to its end."""
        if not self.last.agreed or self.last.step == "approved":
            return None
        order = list(STEPS)
        return order[order.index(self.last.step) + 1]

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]:
        """Requests in reach: a township or unit sees those it made itself."""
        return cls.created_by_id == user.id if reach in (Reach.TOWNSHIP, Reach.OWN) else sa.false()


@append_only
class RecusalStep(Base):
    """One step of a request: who, when, yes or no, and why."""

    __tablename__ = "recusal_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    request_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("recusal_requests.id"), index=True)
    step: orm.Mapped[str]
    #: False ends the request: not confirmed, not agreed, not approved
    agreed: orm.Mapped[bool]
    reason: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    substitute_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"))

    request: orm.Mapped[RecusalRequest] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()
    substitute: orm.Mapped[Person | None] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"step IN ({', '.join(repr(step) for step in STEPS)})", "step"),
        UniqueConstraint("request_id", "step"),
    )


WAIVER_STATES = {"asked": "待批准", "granted": "已批准", "refused": "不批准", "revoked": "已撤回"}


class Waiver(Named, Base):
    """For one cycle somebody may go to a unit, or with a colleague, in spite of ties that can be waived.

    `kinds` are those that stood when it was asked for: a tie of another kind bars as before.
    """

    __tablename__ = "waivers"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"), index=True)
    other_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"))
    kinds: orm.Mapped[list[Any]]
    #: the ties in the words of the day on which it was asked for
    grounds: orm.Mapped[list[Any]]
    state: orm.Mapped[str] = orm.mapped_column(default="asked")
    reason: orm.Mapped[str]
    asked_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    asked_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    decision: orm.Mapped[str] = orm.mapped_column(default="")
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    person: orm.Mapped[Person] = orm.relationship(foreign_keys=person_id)
    other: orm.Mapped[Person | None] = orm.relationship(foreign_keys=other_id)
    unit: orm.Mapped[Unit | None] = orm.relationship()
    asked_by: orm.Mapped[User] = orm.relationship(foreign_keys=asked_by_id)
    decided_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=decided_by_id)

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in WAIVER_STATES)})", "state"),
        CheckConstraint("(unit_id IS NULL) <> (other_id IS NULL)", "one_object"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def object_name(self) -> str:
        """The unit, or the colleague."""
        return (
            self.unit.called if self.unit is not None else self.other.called if self.other is not None else ""
        )
