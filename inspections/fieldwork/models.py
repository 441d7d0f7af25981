"""Checklists by version, and the append-only ledger of everything a team answers. No page, no merge."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, append_only, now
from inspections.rounds.models import Posting

CHECKLIST_KINDS = {"village": "村（社区）清单", "department": "单位清单"}


class Checklist(Base):
    """One published version of a checklist; a visit keeps the version with which it began."""

    __tablename__ = "checklists"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    kind: orm.Mapped[str]
    version: orm.Mapped[int]
    published_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    items: orm.Mapped[list["ChecklistItem"]] = orm.relationship(
        back_populates="checklist", order_by="ChecklistItem.position"
    )

    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("kind IN ('village', 'department')", "kind"),
    )


class Basis(NamedTuple):
    """What an item is judged by at one kind of unit; not `checked` shows 依据待核."""

    words: str
    checked: bool


class ChecklistItem(Base):
    """One question with its method, its basis and what an abnormal answer would be."""

    __tablename__ = "checklist_items"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    checklist_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("checklists.id"), index=True)
    position: orm.Mapped[int]
    code: orm.Mapped[str]
    group_code: orm.Mapped[str]
    group: orm.Mapped[str]
    question: orm.Mapped[str]
    method: orm.Mapped[str]
    materials: orm.Mapped[str]
    ask_whom: orm.Mapped[str]
    answer_type: orm.Mapped[str]
    trigger: orm.Mapped[str]
    trigger_expr: orm.Mapped[str]
    basis: orm.Mapped[str]
    #: False shows 依据待核 beside the basis
    basis_checked: orm.Mapped[bool]
    #: the basis for communities, which the villagers' law does not govern; empty: the same as for villages
    community_basis: orm.Mapped[str] = orm.mapped_column(default="")
    community_basis_checked: orm.Mapped[bool] = orm.mapped_column(default=False)
    category: orm.Mapped[str]
    severity: orm.Mapped[str]
    assignee_role: orm.Mapped[str]
    #: how many to look at when the answer is a sample; `sample_all`: every one there is
    sample_min: orm.Mapped[int | None]
    sample_all: orm.Mapped[bool] = orm.mapped_column(default=False)
    evidence_required: orm.Mapped[bool] = orm.mapped_column(default=True)
    #: the answers to choose from, [{"code", "name"}]; empty unless the type is a choice
    options: orm.Mapped[list[dict[str, str]]] = orm.mapped_column(JSON, default=list)
    #: when the question is asked and what its answer must keep (`conditions.py`); empty: always, anything
    relevant: orm.Mapped[str] = orm.mapped_column(default="")
    constraint: orm.Mapped[str] = orm.mapped_column(default="")
    constraint_message: orm.Mapped[str] = orm.mapped_column(default="")
    required: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: the units whose own question it is, by code; empty: everybody's (20 + X)
    units: orm.Mapped[list[str]] = orm.mapped_column(JSON, default=list)
    #: village, community or both; a department's list is always both
    applies_to: orm.Mapped[str] = orm.mapped_column(default="both")

    checklist: orm.Mapped[Checklist] = orm.relationship(back_populates="items")

    def basis_at(self, kind: str) -> Basis:
        """The basis at a unit of that kind: communities are judged by their own law."""
        if kind == "community" and self.community_basis:
            return Basis(self.community_basis, self.community_basis_checked)
        return Basis(self.basis, self.basis_checked)

    __table_args__ = (
        UniqueConstraint("checklist_id", "code"),
        CheckConstraint(
            "answer_type IN ('yes_no', 'yes_no_na', 'count', 'days', 'money', 'ratio', 'sample', "
            "'choice', 'date', 'text')",
            "answer_type",
        ),
        CheckConstraint("applies_to IN ('both', 'village', 'community')", "applies_to"),
    )


class Deadline(Base):
    """A time limit of the catalogue (DL-01 …), a setting with the place it comes from."""

    __tablename__ = "deadlines"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    start_event: orm.Mapped[str]
    offset: orm.Mapped[int]
    unit: orm.Mapped[str]
    source: orm.Mapped[str]
    basis_checked: orm.Mapped[bool]


class SurveyQuestion(Base):
    """A question of the villagers' questionnaire."""

    __tablename__ = "survey_questions"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    position: orm.Mapped[int]
    question: orm.Mapped[str]
    kind: orm.Mapped[str]
    options: orm.Mapped[list[str]]
    indicator: orm.Mapped[str]


@append_only
class Operation(Base):
    """One edit by one person on one device: the truth from which every current answer is read.

    `id` is made where the edit is made, so that sending it twice changes nothing; `seq` is the order in
    which the server accepted it; `base` is the seq of the value that the author says to have seen, `seen`
    what of it counts: None where this ledger has no such place of this item.
    """

    __tablename__ = "operations"

    seq: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=True)
    id: orm.Mapped[uuid.UUID] = orm.mapped_column(unique=True)
    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"))
    checklist_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("checklists.id"))
    item: orm.Mapped[str]
    field: orm.Mapped[str]
    kind: orm.Mapped[str]
    value: orm.Mapped[Any] = orm.mapped_column(JSON)
    base: orm.Mapped[int | None]
    seen: orm.Mapped[int | None]
    #: the places that it ends by name: a resolution's, or what its author saw; None: `seen` decides
    settles: orm.Mapped[list[int] | None] = orm.mapped_column(JSON(none_as_null=True))
    #: the ids of what it ends that had not arrived when it did: a restored server gets it in any order
    awaits: orm.Mapped[list[str] | None] = orm.mapped_column(JSON(none_as_null=True))
    #: written while its author had the seat and the visit ran, arrived when that was over
    late: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: why the leader lets this answer stand; empty unless the operation resolves
    reason: orm.Mapped[str] = orm.mapped_column(default="")
    author_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    device: orm.Mapped[str]
    client_time: orm.Mapped[dt.datetime | None]
    received_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    posting: orm.Mapped[Posting] = orm.relationship()
    author: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('set', 'add', 'remove', 'resolve')", "kind"),
        Index("ix_operations_posting_id_item_field", "posting_id", "item", "field"),
        {"sqlite_autoincrement": True},
    )


@append_only
class Quarantined(Base):
    """An operation that was refused, for whatever reason: kept, never in an answer.

    What looks like an identity or card number in its `body` is blotted before it is written down.
    """

    __tablename__ = "quarantined_operations"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    operation_id: orm.Mapped[uuid.UUID]
    #: of the body, so that sending it again keeps one row
    sha256: orm.Mapped[str]
    #: None where the operation names no visit of this installation
    posting_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("postings.id"), index=True)
    author_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    device: orm.Mapped[str]
    #: the operation, with a key of `reasons.REASONS` under `refused`
    body: orm.Mapped[dict[str, Any]]
    received_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    posting: orm.Mapped[Posting | None] = orm.relationship()
    author: orm.Mapped[User] = orm.relationship()

    __table_args__ = (UniqueConstraint("operation_id", "sha256"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Those of postings in reach; what names no posting is for the county alone."""
        return cls.posting_id.in_(sa.select(Posting.id).where(Posting.within(reach, user)))


@append_only
class VisitStep(Base):
    """That a visit was closed before its day, opened again by the county, or came to rest under a letter.

    What its people may still write, and which of their words count, `closing.opening` reads from these rows.
    """

    __tablename__ = "visit_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"), index=True)
    what: orm.Mapped[str]
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: the ledger's newest place of the visit then, 0 for an empty one: what came after it does not count
    seq: orm.Mapped[int]
    #: the last day on which a visit that was opened again may be written to
    until: orm.Mapped[dt.date | None]
    reason: orm.Mapped[str] = orm.mapped_column(default="")
    #: None: the worker, when the letter went out
    actor_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))

    posting: orm.Mapped[Posting] = orm.relationship()
    actor: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (
        CheckConstraint("what IN ('closed', 'opened', 'letter')", "what"),
        CheckConstraint("(what = 'opened') = (until IS NOT NULL)", "until"),
        CheckConstraint("what <> 'opened' OR (reason <> '' AND actor_id IS NOT NULL)", "opened"),
    )


@append_only
class LedgerEpoch(Base):
    """A random word made with the ledger, and anew by every restore: places compare within one only."""

    __tablename__ = "ledger_epochs"

    number: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    word: orm.Mapped[str] = orm.mapped_column(unique=True)
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


class Device(Base):
    """A tablet that has spoken to this server, by the name that it gave itself, and what it last said."""

    __tablename__ = "devices"

    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    #: who was signed in on it last
    user_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    #: how many operations and photographs, of whomever, it still held
    waiting: orm.Mapped[int]
    client: orm.Mapped[int]
    #: whether its browser promised to keep its storage; None where it did not say
    persisted: orm.Mapped[bool | None]
    first_seen: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    last_seen: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: when its browser came back under another name, its storage emptied
    emptied_at: orm.Mapped[dt.datetime | None]
    revoked_at: orm.Mapped[dt.datetime | None]
    revoked_reason: orm.Mapped[str] = orm.mapped_column(default="")
    #: when it proved that all is delivered, and was wiped
    handed_back_at: orm.Mapped[dt.datetime | None]

    user: orm.Mapped[User] = orm.relationship()


class DeviceSession(Base):
    """A session that was open on a tablet: it ends with the tablet's revocation."""

    __tablename__ = "device_sessions"

    name: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    device_id: orm.Mapped[uuid.UUID] = orm.mapped_column(ForeignKey("devices.id"), index=True)


class DeviceContact(Base):
    """One person on one tablet: when it last spoke in that name, and how much still waits there."""

    __tablename__ = "device_contacts"

    device_id: orm.Mapped[uuid.UUID] = orm.mapped_column(ForeignKey("devices.id"), primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    waiting: orm.Mapped[int] = orm.mapped_column(default=0)
    #: None while only others said that something of this person waits there
    seen_at: orm.Mapped[dt.datetime | None]

    device: orm.Mapped[Device] = orm.relationship()
    user: orm.Mapped[User] = orm.relationship()


class DeviceToken(Base):
    """By what a person who has unlocked the own store on a tablet is signed in there again, once.

    The token itself lies on the tablet, sealed with a key from the person's PIN; here is only its hash.
    """

    __tablename__ = "device_tokens"

    device_id: orm.Mapped[uuid.UUID] = orm.mapped_column(ForeignKey("devices.id"), primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    sha256: orm.Mapped[str]
    #: the account's when it was made: a new password ends it
    session_version: orm.Mapped[int]
    failures: orm.Mapped[int] = orm.mapped_column(default=0)
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


class RecoverySecret(Base):
    """What opens a person's store on one tablet together with that tablet, when the PIN is forgotten.

    By itself it opens nothing; it is given to a session that the password opened, and to nobody else.
    """

    __tablename__ = "recovery_secrets"

    device_id: orm.Mapped[uuid.UUID] = orm.mapped_column(ForeignKey("devices.id"), primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    secret: orm.Mapped[str]
    made_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
