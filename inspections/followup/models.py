"""The rectification register (整改台账): an item for each problem handed over, its steps, proofs, reminders.

The state of an item and its dates are written by `rectification.act` alone, beside the step that says so.
"""

import datetime as dt
import decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now, today
from inspections.findings.models import Finding
from inspections.followup.rulebook import ACTIONS, ENDED, OWED, SIDES, STATES, TURN
from inspections.rounds.models import Posting
from inspections.units.models import Area, Unit, fictional_unit_columns
from inspections.wording import SHANGHAI

WAYS = {"at_once": "立行立改", "deadline": "限期整改", "long_term": "长期坚持"}
DISPATCHES = {"lead": "领办", "transfer": "转办", "supervise": "督办"}


def _one_of(words: Any) -> str:
    return ", ".join(repr(word) for word in words)


item_partners = Table(
    "item_partners",
    Base.metadata,
    Column("item_id", ForeignKey("rectification_items.id"), primary_key=True),
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
)


class Item(Named, Base):
    """One problem handed over to the place that must put it right (整改台账 of one line).

    `state`, `due` and the dates are copies of what the newest steps say, kept so that a county's figures are
    counted without reading every step; they change only together with a step.
    """

    __tablename__ = "rectification_items"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    #: the letter that handed it over; its table lies above this group
    paper_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    letter: orm.Mapped[str]
    unit_id: orm.Mapped[int] = orm.mapped_column(index=True)
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    township_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    title: orm.Mapped[str]
    category: orm.Mapped[str]
    severity: orm.Mapped[str]
    responsible: orm.Mapped[str]
    way: orm.Mapped[str]
    dispatch: orm.Mapped[str] = orm.mapped_column(default="lead")
    #: the department that a transferred item went to
    office: orm.Mapped[str] = orm.mapped_column(default="")
    #: what was found and by which rule, in the words of the letter: names masked, read by whoever signed
    found: orm.Mapped[str] = orm.mapped_column(default="")
    basis: orm.Mapped[str] = orm.mapped_column(default="")
    served_on: orm.Mapped[dt.date]
    plan_due: orm.Mapped[dt.date]
    due: orm.Mapped[dt.date]
    #: why that day: the time limit of the catalogue and its source
    due_basis: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="issued")
    received_on: orm.Mapped[dt.date | None]
    reported_on: orm.Mapped[dt.date | None]
    closed_on: orm.Mapped[dt.date | None]
    reopened_on: orm.Mapped[dt.date | None]
    rechecked_on: orm.Mapped[dt.date | None]
    rating: orm.Mapped[str] = orm.mapped_column(default="")
    recovered: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(14, 2), default=decimal.Decimal(0))
    households: orm.Mapped[int] = orm.mapped_column(default=0)
    #: the day that the recipient asks for instead of `due`, until the county decides
    asked_due: orm.Mapped[dt.date | None]
    #: who was sent to look at it on site
    checker_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"), index=True)
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    finding: orm.Mapped[Finding] = orm.relationship()
    unit: orm.Mapped[Unit] = orm.relationship(viewonly=True)
    township: orm.Mapped[Area] = orm.relationship()
    checker: orm.Mapped[User | None] = orm.relationship()
    #: who puts it right together with the place that leads (配合单位)
    partners: orm.Mapped[list[Unit]] = orm.relationship(secondary="item_partners", order_by=Unit.code)
    steps: orm.Mapped[list["ItemStep"]] = orm.relationship(back_populates="item", order_by="ItemStep.id")
    reminders: orm.Mapped[list["Reminder"]] = orm.relationship(
        back_populates="item", order_by="Reminder.due_on"
    )

    __table_args__ = (
        *fictional_unit_columns("rectification_items"),
        UniqueConstraint("finding_id", "paper_id"),
        CheckConstraint(f"state IN ({_one_of(STATES)})", "state"),
        CheckConstraint(f"way IN ({_one_of(WAYS)})", "way"),
        CheckConstraint(f"dispatch IN ({_one_of(DISPATCHES)})", "dispatch"),
        CheckConstraint("recovered >= 0 AND households >= 0", "amounts"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", "closed_on"),
        Index("ix_rectification_items_state_due", "state", "due"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_overdue(self) -> bool:
        """Whether the recipient still owes a step after the day that was set."""
        return self.state in OWED and self.due < today()

    @classmethod
    def overdue(cls, on: dt.date) -> sa.ColumnElement[bool]:
        """The same as a condition, at the end of the day `on`."""
        if on >= today():
            return sa.and_(cls.state.in_(OWED), cls.due < on)
        return sa.and_(cls.due < on, ~cls.closed_by(on), cls.stood(on).in_(OWED))

    @classmethod
    def stood(cls, on: dt.date) -> sa.ColumnElement[str]:
        """The state in which it was at the end of that day, as its steps say; without one: handed over."""
        if on >= today():
            return sa.type_coerce(cls.state, sa.String)
        after = dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), SHANGHAI)
        newest = select(ItemStep.state).where(ItemStep.item_id == cls.id, ItemStep.at < after)
        last = newest.order_by(ItemStep.id.desc()).limit(1).correlate(cls).scalar_subquery()
        return sa.func.coalesce(last, "issued")

    @classmethod
    def closed_by(cls, on: dt.date) -> sa.ColumnElement[bool]:
        """Whether it stood closed at the end of that day, though it may have been reopened since."""
        still = sa.and_(cls.closed_on.is_not(None), cls.closed_on <= on)
        if on >= today():
            return still
        then = sa.and_(sa.func.coalesce(cls.reopened_on, dt.date.min) > on, cls.stood(on) == "closed")
        return sa.or_(still, then)

    @property
    def turn(self) -> str:
        """Whose turn it is (one of SIDES): a request for more time waits for the county."""
        return "planner" if self.asked_due is not None else TURN.get(self.state, "")

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Items in reach: a liaison's own place; `team` what the user was sent to verify or to look at again.

        To look again (回头看) is to visit the unit in a later round: its closed items open to that team.
        """
        if reach is Reach.TEAM:
            again = select(Posting.unit_id).where(Posting.within(Reach.TEAM, user))
            closed = cls.closed_on.is_not(None) & cls.unit_id.in_(again)
            return sa.or_(cls.checker_id == user.id, closed)
        if reach is not Reach.TOWNSHIP:
            return sa.false()
        if user.unit_id is not None:
            with_others = select(item_partners.c.item_id).where(item_partners.c.unit_id == user.unit_id)
            return sa.or_(cls.unit_id == user.unit_id, cls.id.in_(with_others))
        return cls.township_id == user.township_id

    def is_led_by(self, user: User) -> bool:
        """Whether this liaison answers for the place that leads; a partner only adds what it did."""
        return user.unit_id is None or user.unit_id == self.unit_id


@append_only
class ItemStep(Base):
    """One act on an item: what it led to, by whom, in which words, with which figures; never altered."""

    __tablename__ = "rectification_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    item_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rectification_items.id"), index=True)
    action: orm.Mapped[str]
    state: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    text: orm.Mapped[str] = orm.mapped_column(default="")
    #: measures, responsible persons, households, amounts in yuan as text, days as ISO dates
    said: orm.Mapped[dict[str, Any]] = orm.mapped_column(default=dict)

    item: orm.Mapped[Item] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()
    proofs: orm.Mapped[list["Proof"]] = orm.relationship(
        back_populates="step", order_by="Proof.id", lazy="selectin"
    )

    __table_args__ = (
        CheckConstraint(f"action IN ({_one_of(['hand_over', *ACTIONS])})", "action"),
        CheckConstraint(f"state IN ({_one_of(STATES)})", "state"),
    )


@append_only
class Proof(Named, Base):
    """A file that goes with a step: a photograph before or after, a receipt, minutes; with its bytes."""

    __tablename__ = "rectification_proofs"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    step_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rectification_steps.id"), index=True)
    item_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rectification_items.id"), index=True)
    what: orm.Mapped[str]
    name: orm.Mapped[str]
    media_type: orm.Mapped[str]
    data: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary, deferred=True)
    sha256: orm.Mapped[str]
    size: orm.Mapped[int]

    step: orm.Mapped[ItemStep] = orm.relationship(back_populates="proofs")
    item: orm.Mapped[Item] = orm.relationship()

    __table_args__ = (CheckConstraint("what IN ('before', 'after', 'document')", "what"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Proofs of the items in reach."""
        return cls.item_id.in_(select(Item.id).where(Item.within(reach, user)))


@append_only
class LetterPlan(Named, Base):
    """A place's plan for a whole letter: where it was decided, who answers for it, the signed page."""

    __tablename__ = "letter_plans"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), index=True)
    held_on: orm.Mapped[dt.date]
    leader: orm.Mapped[str]
    name: orm.Mapped[str]
    media_type: orm.Mapped[str]
    data: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary, deferred=True)
    sha256: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    actor: orm.Mapped[User] = orm.relationship()

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Plans for letters with an item in reach."""
        return cls.paper_id.in_(select(Item.paper_id).where(Item.within(reach, user)))


@append_only
class Reminder(Named, Base):
    """One reminder about one item, once for its day and kind however often the worker starts again."""

    __tablename__ = "reminders"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    item_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rectification_items.id"), index=True)
    #: DL-16 weekly, DL-17 half-monthly, or the code of a rung of the escalation ladder
    kind: orm.Mapped[str]
    name: orm.Mapped[str]
    due_on: orm.Mapped[dt.date]
    channel: orm.Mapped[str]
    to: orm.Mapped[str]
    #: whose account it reaches: the role whose turn the item was (rulebook.TURN)
    side: orm.Mapped[str] = orm.mapped_column(default="recipient")
    sent_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    text: orm.Mapped[str]

    item: orm.Mapped[Item] = orm.relationship(back_populates="reminders")

    __table_args__ = (
        UniqueConstraint("item_id", "kind", "due_on"),
        CheckConstraint("channel IN ('desk', 'phone', 'face', 'letter', 'webhook')", "channel"),
        CheckConstraint(f"side IN ({_one_of(SIDES)})", "side"),
    )

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Reminders about the items in reach."""
        return cls.item_id.in_(select(Item.id).where(Item.within(reach, user)))


class ReminderPush(Base):
    """That a reminder was taken by the county's message robot, and when."""

    __tablename__ = "reminder_pushes"

    reminder_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("reminders.id"), primary_key=True)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


class EscalationRung(Base):
    """A rung of the county's ladder: what is sent how many days after the day that was set."""

    __tablename__ = "escalation_rungs"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    after_days: orm.Mapped[int]
    to: orm.Mapped[str]
    side: orm.Mapped[str] = orm.mapped_column(default="recipient")
    note: orm.Mapped[str] = orm.mapped_column(default="")

    __table_args__ = (
        CheckConstraint("after_days > 0", "after_days"),
        CheckConstraint(f"side IN ({_one_of(SIDES)})", "side"),
    )


@append_only
class Sorting(Base):
    """What the county made of a signed working paper (梳理分析); the newest row counts.

    `merged_into` makes it a further proof of another paper's problem in the same unit: only that one is
    handed over. Empty `disposal` undoes what stood before.
    """

    __tablename__ = "finding_sortings"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    finding_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    #: FD1 … FD8 of the taxonomy
    disposal: orm.Mapped[str]
    way: orm.Mapped[str]
    category: orm.Mapped[str]
    severity: orm.Mapped[str]
    responsible: orm.Mapped[str]
    office: orm.Mapped[str] = orm.mapped_column(default="")
    merged_into_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("findings.id"), index=True)
    reason: orm.Mapped[str] = orm.mapped_column(default="")
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    finding: orm.Mapped[Finding] = orm.relationship(foreign_keys=finding_id)
    merged_into: orm.Mapped[Finding | None] = orm.relationship(foreign_keys=merged_into_id)
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"way IN ({_one_of(WAYS)})", "way"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> finding_id", "not_into_itself"),
    )


@append_only
class Filing(Base):
    """That the problems of one letter were filed upward (备案): under which number, when, with whom."""

    __tablename__ = "filings"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    paper_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("papers.id"), unique=True)
    number: orm.Mapped[str]
    filed_on: orm.Mapped[dt.date]
    to: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


campaign_findings = Table(
    "campaign_findings",
    Base.metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("finding_id", ForeignKey("findings.id"), primary_key=True),
)


class Campaign(Named, Base):
    """A proposal to treat a problem that several villages share (专项治理), with the papers behind it."""

    __tablename__ = "campaigns"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    round_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rounds.id"), index=True)
    category: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="proposed")
    text: orm.Mapped[str]
    proposed_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    proposed_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]
    reason: orm.Mapped[str] = orm.mapped_column(default="")

    findings: orm.Mapped[list[Finding]] = orm.relationship(
        secondary=campaign_findings, order_by=Finding.number
    )
    proposed_by: orm.Mapped[User] = orm.relationship(foreign_keys=proposed_by_id)
    decided_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=decided_by_id)

    __table_args__ = (
        UniqueConstraint("round_id", "category"),
        CheckConstraint("state IN ('proposed', 'adopted', 'declined')", "state"),
    )
