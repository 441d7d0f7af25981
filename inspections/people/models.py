"""Who can be sent: offices, people, and the ties that forbid a posting. No plan here."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.permissions import Reach
from inspections.database import AboutDay, Base, Named, now
from inspections.naming.names import key
from inspections.naming.stored import NameKey
from inspections.people.kin.kinship import KIN_SETS, WIDE
from inspections.units.models import Area, Unit

if TYPE_CHECKING:
    from inspections.accounts.models import User

OFFICE_KINDS = {
    "discipline": "纪检",
    "finance": "财政",
    "welfare": "民政",
    "village": "村",
    "stationed": "派驻",
    "room": "室",
    "other": "其他",
}
SKILLS = {"discipline": "纪检", "finance": "财务", "welfare": "惠民", "commissioner": "村纪检委员"}


class Office(NameKey, Named, Base):
    """An office that lends people and must keep some at home (留守)."""

    __tablename__ = "offices"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(unique=True)
    name: orm.Mapped[str]
    kind: orm.Mapped[str]
    area_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    min_home: orm.Mapped[int] = orm.mapped_column(default=0)
    max_out: orm.Mapped[int | None]
    note: orm.Mapped[str] = orm.mapped_column(default="")

    area: orm.Mapped[Area | None] = orm.relationship()

    if TYPE_CHECKING:
        #: how many other offices have the name; mapped below, for it asks the finished table
        namesakes: orm.Mapped[int]

    @property
    def called(self) -> str:
        """The name, with the township behind it where another office has the same: 财政所（柳河镇）."""
        if not self.namesakes:
            return self.name
        return f"{self.name}（{self.area.name if self.area else '县（市）直'}）"

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in OFFICE_KINDS)})", "kind"),
        CheckConstraint("min_home >= 0 AND (max_out IS NULL OR max_out >= 0)", "numbers"),
    )


_other_offices = sa.alias(Office.__table__)
Office.namesakes = orm.column_property(
    sa.select(sa.func.count())
    .select_from(_other_offices)
    .where(
        _other_offices.c.name_key == Office.__table__.c.name_key,
        _other_offices.c.id != Office.__table__.c.id,
    )
    .correlate(Office.__table__)
    .scalar_subquery()
)


class Person(NameKey, Named, Base):
    """Someone on the roster. A reason why a person is unavailable is never stored."""

    __tablename__ = "people"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(unique=True)
    name: orm.Mapped[str]
    office_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("offices.id"), index=True)
    home_unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"), index=True)
    skills: orm.Mapped[list[str]] = orm.mapped_column(default=list)
    #: days on which the person cannot be posted: [["2026-05-20", "2026-06-10"], …]
    off: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    max_teams: orm.Mapped[int | None]
    trained: orm.Mapped[bool] = orm.mapped_column(default=False)
    note: orm.Mapped[str] = orm.mapped_column(default="")
    #: what the county itself writes behind the name to tell namesakes of one office apart
    mark: orm.Mapped[str] = orm.mapped_column(default="")
    #: from that day on nobody sends the person, who is off the roster
    left_on: orm.Mapped[dt.date | None]
    #: the entry that stays, where this one turned out to be the same person
    same_as_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"), index=True)

    office: orm.Mapped[Office] = orm.relationship()
    home_unit: orm.Mapped[Unit | None] = orm.relationship()
    ties: orm.Mapped[list["Tie"]] = orm.relationship(
        foreign_keys="Tie.person_id", back_populates="person", cascade="all, delete-orphan"
    )
    kin: orm.Mapped[list["Kin"]] = orm.relationship(back_populates="person", cascade="all, delete-orphan")

    if TYPE_CHECKING:
        #: how many others on the roster have the name; mapped below, for it asks the finished table
        namesakes: orm.Mapped[int]

    @property
    def area(self) -> Area | None:
        """The township, zone or county whose person this is: that of the office."""
        return self.office.area

    @property
    def called(self) -> str:
        """The name as lists and papers have it: 张三, or 张三（柳河镇纪委，枫树村） beside a namesake."""
        if not self.namesakes:
            return self.name
        return f"{self.name}（{self.mark or self.whereabouts}）"

    @property
    def whereabouts(self) -> str:
        """Office and home village, by which people tell namesakes apart."""
        office = self.office
        place = office.area.name if office.namesakes and office.area else ""
        home = self.home_unit.name if self.home_unit else ""
        return place + office.name + (f"，{home}" if home and home not in office.name else "")

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]:
        """People in reach: `own` is one's own roster entry."""
        return cls.id == user.person_id if reach is Reach.OWN else sa.false()


#: how many others on the roster have the name; loaded with each person, so that no list can forget it
_other_people = sa.alias(Person.__table__)
Person.namesakes = orm.column_property(
    sa.select(sa.func.count())
    .select_from(_other_people)
    .where(
        _other_people.c.name_key == Person.__table__.c.name_key,
        _other_people.c.id != Person.__table__.c.id,
        _other_people.c.same_as_id.is_(None),
    )
    .correlate(Person.__table__)
    .scalar_subquery()
)


class Absence(Named, Base):
    """Days on which somebody cannot be sent, entered by the person, a planner or the case room.

    No reason is stored: what the case room knows looks like anybody's leave.
    """

    __tablename__ = "absences"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    start: orm.Mapped[dt.date]
    end: orm.Mapped[dt.date]
    entered_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"), index=True)
    entered_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    person: orm.Mapped[Person] = orm.relationship()

    __table_args__ = (CheckConstraint('"end" >= start', "dates"),)

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]:
        """Absences in reach: `own` and everybody else's limit is what one entered oneself."""
        return cls.entered_by_id == user.id if reach is Reach.OWN else sa.false()


class RecusalKind(Base):
    """A kind of tie from the catalogue (RC-01 … RC-26), with its basis in law or practice."""

    __tablename__ = "recusal_kinds"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    definition: orm.Mapped[str]
    basis: orm.Mapped[str]
    #: False shows 依据待核 beside the basis
    basis_checked: orm.Mapped[bool]
    #: hard, soft, or mode (decided by the cycle's crossing mode)
    strength: orm.Mapped[str]
    lookback_years: orm.Mapped[int]
    note: orm.Mapped[str]
    #: False: nobody can waive it (RC-01, 08, 09, 17, 20 to 24)
    waivable: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: what becomes of a hard tie when its look-back is over: it ends, or it turns soft
    after_lookback: orm.Mapped[str] = orm.mapped_column(default="end")
    #: a post held so long stays hard for good (北航 convention: 累计三年以上)
    long_service_years: orm.Mapped[int | None]

    __table_args__ = (
        CheckConstraint("strength IN ('hard', 'soft', 'mode')", "strength"),
        CheckConstraint("after_lookback IN ('end', 'soft')", "after_lookback"),
    )


#: who said so; what follows from kin is derived anew each time and stored nowhere
SOURCES = {"planner": "县统筹登记", "self": "本人申报", "decision": "回避决定"}


class Tie(Named, Base):
    """A tie of a person to a unit or to another person, as somebody declared or decided it.

    `through` is the near relative whose business it is (RC-10), in the word people use; empty for one's own.
    """

    __tablename__ = "ties"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"), index=True)
    other_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"), index=True)
    kind_code: orm.Mapped[str] = orm.mapped_column(ForeignKey("recusal_kinds.code"))
    hard: orm.Mapped[bool]
    evidence: orm.Mapped[str] = orm.mapped_column(default="")
    valid_from: orm.Mapped[dt.date | None] = orm.mapped_column(AboutDay)
    valid_to: orm.Mapped[dt.date | None] = orm.mapped_column(AboutDay)
    note: orm.Mapped[str] = orm.mapped_column(default="")
    source: orm.Mapped[str] = orm.mapped_column(default="planner")
    through: orm.Mapped[str] = orm.mapped_column(default="")

    person: orm.Mapped[Person] = orm.relationship(foreign_keys=person_id, back_populates="ties")
    other: orm.Mapped[Person | None] = orm.relationship(foreign_keys=other_id)
    unit: orm.Mapped[Unit | None] = orm.relationship()
    kind: orm.Mapped[RecusalKind] = orm.relationship()

    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (other_id IS NULL)", "one_object"),
        CheckConstraint("other_id IS NULL OR other_id <> person_id", "not_oneself"),
        CheckConstraint(f"source IN ({', '.join(repr(source) for source in SOURCES)})", "source"),
        UniqueConstraint("person_id", "unit_id", "other_id", "kind_code"),
    )


class Kin(Named, Base):
    """A relative of a person who holds a post in a unit, as declared by the person."""

    __tablename__ = "kin"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    term: orm.Mapped[str]
    relative_name: orm.Mapped[str]
    relative_key: orm.Mapped[str] = orm.mapped_column(index=True, default="")
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    post: orm.Mapped[str] = orm.mapped_column(default="")
    note: orm.Mapped[str] = orm.mapped_column(default="")
    source: orm.Mapped[str] = orm.mapped_column(default="planner")

    person: orm.Mapped[Person] = orm.relationship(back_populates="kin")
    unit: orm.Mapped[Unit] = orm.relationship()

    __table_args__ = (
        CheckConstraint("source IN ('planner', 'self')", "source"),
        UniqueConstraint("person_id", "term", "relative_key", "unit_id"),
    )

    @orm.validates("relative_name")
    def _follow(self, _field: str, name: str) -> str:
        self.relative_key = key(name)
        return name


class KeyPost(NameKey, Named, Base):
    """Who holds a key post of a unit, with whom the relatives of a team's members are compared."""

    __tablename__ = "key_posts"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    post: orm.Mapped[str]
    name: orm.Mapped[str]
    valid_from: orm.Mapped[dt.date | None] = orm.mapped_column(AboutDay)
    valid_to: orm.Mapped[dt.date | None] = orm.mapped_column(AboutDay)

    unit: orm.Mapped[Unit] = orm.relationship()

    __table_args__ = (UniqueConstraint("unit_id", "post", "name_key"),)


class Removal(Named, Base):
    """That a tie, a relative or the holder of a key post be taken off: asked by one, decided by another."""

    __tablename__ = "removals"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    what: orm.Mapped[str]
    #: the random name of the row, which is gone once this is agreed to
    row: orm.Mapped[uuid.UUID] = orm.mapped_column(index=True)
    words: orm.Mapped[str]
    #: whom and which unit it is about: whoever is tied to either does not decide
    person_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"))
    unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"))
    reason: orm.Mapped[str]
    asked_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    asked_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    agreed: orm.Mapped[bool | None]
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime | None]

    asked_by: orm.Mapped["User"] = orm.relationship(foreign_keys=asked_by_id)

    __table_args__ = (
        CheckConstraint("what IN ('tie', 'kin', 'key_post')", "what"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", "by_another"),
        CheckConstraint("(agreed IS NULL) = (decided_by_id IS NULL)", "decided_by_somebody"),
    )


class Sameness(Named, Base):
    """What a planner decided of two entries that may be one person (see doubles): one, or two."""

    __tablename__ = "samenesses"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    one: orm.Mapped[str]
    other: orm.Mapped[str]
    same: orm.Mapped[bool]
    decided_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    decided_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    __table_args__ = (UniqueConstraint("one", "other"),)


class KinSet(Base):
    """Which relatives count in this county: one row, the newest choice; the wide set where there is none."""

    __tablename__ = "kin_sets"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    chosen: orm.Mapped[str] = orm.mapped_column(default=WIDE)
    reason: orm.Mapped[str]
    chosen_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    chosen_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    __table_args__ = (CheckConstraint(f"chosen IN ({', '.join(repr(name) for name in KIN_SETS)})", "chosen"),)
