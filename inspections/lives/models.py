"""The events in the life of a person or a unit, each with the day from which it counts."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.database import Base, Named, append_only, now
from inspections.people.models import Office, Person
from inspections.units.models import Unit

PERSON_EVENTS = {
    "added": "新增",
    "moved": "调动",
    "lent": "借调",
    "left": "离开",
    "back": "返回",
    "joined": "并入",
}
UNIT_EVENTS = {"added": "新增", "renamed": "更名", "joined": "合并", "divided": "拆分", "ended": "撤销"}


class PersonEvent(Named, Base):
    """What happened to a person. An event of a day to come is `done` when the day has come (`people.settle`).

    Why somebody leaves is not stored: `basis` names a document at most.
    """

    __tablename__ = "person_events"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), index=True)
    kind: orm.Mapped[str]
    day: orm.Mapped[dt.date]
    #: the last day of a loan
    until: orm.Mapped[dt.date | None]
    office_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("offices.id"))
    former_office_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("offices.id"))
    home_unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"))
    #: where to, in words: the body that borrows; the entry that was merged into this one
    words: orm.Mapped[str] = orm.mapped_column(default="")
    basis: orm.Mapped[str] = orm.mapped_column(default="")
    done: orm.Mapped[bool] = orm.mapped_column(default=True)
    entered_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    entered_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    person: orm.Mapped[Person] = orm.relationship(
        backref=orm.backref("events", order_by="PersonEvent.day.desc(), PersonEvent.id.desc()")
    )
    office: orm.Mapped[Office | None] = orm.relationship(foreign_keys=office_id)
    former_office: orm.Mapped[Office | None] = orm.relationship(foreign_keys=former_office_id)
    home_unit: orm.Mapped[Unit | None] = orm.relationship()
    entered_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in PERSON_EVENTS)})", "kind"),
        CheckConstraint("until IS NULL OR until >= day", "dates"),
    )

    @property
    def kind_name(self) -> str:
        return PERSON_EVENTS[self.kind]


@append_only
class UnitEvent(Named, Base):
    """What happened to a unit, and the other unit that came of it or into which it went."""

    __tablename__ = "unit_events"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    other_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"), index=True)
    kind: orm.Mapped[str]
    day: orm.Mapped[dt.date]
    #: the former name, or what is to be said of it
    words: orm.Mapped[str] = orm.mapped_column(default="")
    basis: orm.Mapped[str] = orm.mapped_column(default="")
    entered_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    entered_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    unit: orm.Mapped[Unit] = orm.relationship(
        foreign_keys=unit_id,
        backref=orm.backref("events", order_by="UnitEvent.day.desc(), UnitEvent.id.desc()"),
    )
    other: orm.Mapped[Unit | None] = orm.relationship(foreign_keys=other_id, backref="came_of")
    entered_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in UNIT_EVENTS)})", "kind"),)

    @property
    def kind_name(self) -> str:
        return UNIT_EVENTS[self.kind]
