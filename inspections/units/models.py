"""Where supervision happens: areas (county, zones, townships) and the units inside them. No people here."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, today
from inspections.naming.stored import NameKey

AREA_KINDS = {"city": "地级市", "county": "县", "zone": "片区", "township": "乡镇"}
UNIT_KINDS = {"village": "村", "community": "社区", "farm": "农场", "department": "单位"}
TIERS = {"key": "重点", "watch": "关注", "normal": "一般"}


class Renamed:
    """A record whose name may change on a day; `former_names` are those it had, oldest first."""

    name: orm.Mapped[str]
    former_names: Any

    def named_on(self, day: dt.date) -> str:
        """What it was called on that day: a record of that day keeps the name."""
        return next((former.name for former in self.former_names if day < former.until), self.name)


class Area(Renamed, Named, Base):
    """A city, a county, a cooperation zone or a township (with 街道 and farms of that rank)."""

    __tablename__ = "areas"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(unique=True)
    name: orm.Mapped[str]
    kind: orm.Mapped[str]
    parent_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    lng: orm.Mapped[float | None]
    lat: orm.Mapped[float | None]

    parent: orm.Mapped["Area | None"] = orm.relationship(remote_side=[id])
    #: the names it had before, oldest first
    former_names: orm.Mapped[list["FormerAreaName"]] = orm.relationship(order_by="FormerAreaName.until")

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in AREA_KINDS)})", "kind"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", "not_its_own_parent"),
    )

    def ancestor(self, kind: str) -> "Area | None":
        """The nearest area of `kind` at or above this one, or None."""
        area: Area | None = self
        while area is not None and area.kind != kind:
            area = area.parent
        return area

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]:
        """Areas in reach: a township's own."""
        return cls.id == user.township_id if reach is Reach.TOWNSHIP else sa.false()


class Unit(NameKey, Renamed, Named, Base):
    """A village, community, farm or department that is inspected.

    `planning_only` marks a real place: it may stand in a plan, but no finding, photo or letter can be
    attached to it. Those tables point at (id, planning_only) with planning_only fixed to false.
    """

    __tablename__ = "units"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(unique=True)
    name: orm.Mapped[str]
    kind: orm.Mapped[str]
    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    lng: orm.Mapped[float | None]
    lat: orm.Mapped[float | None]
    risk: orm.Mapped[int] = orm.mapped_column(default=0)
    tier: orm.Mapped[str] = orm.mapped_column(default="normal")
    #: days on which the unit cannot be visited: [["2026-05-20", "2026-06-10"], …]
    closed: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    note: orm.Mapped[str] = orm.mapped_column(default="")
    planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: from that day on it is no unit of its own: merged into another, split, or given up
    ended_on: orm.Mapped[dt.date | None]

    area: orm.Mapped[Area] = orm.relationship()
    #: the names it had before, oldest first
    former_names: orm.Mapped[list["FormerName"]] = orm.relationship(order_by="FormerName.until")

    if TYPE_CHECKING:
        #: how many other units have the name; mapped below, for it asks the finished table
        namesakes: orm.Mapped[int]

    @property
    def called(self) -> str:
        """The name as it stands in every list: 枫树村, or 枫树村（柳河镇） beside a namesake."""
        return f"{self.name}（{self.area.name}）" if self.namesakes else self.name

    __table_args__ = (
        CheckConstraint("kind IN ('village', 'community', 'farm', 'department')", "kind"),
        CheckConstraint("tier IN ('key', 'watch', 'normal')", "tier"),
        CheckConstraint("risk >= 0", "risk"),
        UniqueConstraint("id", "planning_only"),
    )

    @classmethod
    def within(cls, reach: Reach, user: Any) -> sa.ColumnElement[bool]:
        """Units in reach: those of one's township; for a liaison of one unit that unit alone."""
        if reach is not Reach.TOWNSHIP:
            return sa.false()
        return cls.id == user.unit_id if user.unit_id is not None else cls.area_id == user.township_id


_others = sa.alias(Unit.__table__)
Unit.namesakes = orm.column_property(
    sa.select(sa.func.count())
    .select_from(_others)
    .where(_others.c.name_key == Unit.__table__.c.name_key, _others.c.id != Unit.__table__.c.id)
    .correlate(Unit.__table__)
    .scalar_subquery()
)


def place_on(unit: Unit, day: dt.date) -> str:
    """柳河镇枫树村, as both were called on that day: how a paper of that day names where it was."""
    return f"{unit.area.named_on(day)}{unit.named_on(day)}"


def unit_name_on(day: Any) -> sa.ColumnElement[str]:
    """What a selected unit was called on the day, a date or a column of dates."""
    return _name_on(Unit, FormerName, FormerName.unit_id, day)


def area_name_on(day: Any) -> sa.ColumnElement[str]:
    """What a selected area was called on the day, a date or a column of dates."""
    return _name_on(Area, FormerAreaName, FormerAreaName.area_id, day)


def _name_on(model: Any, former: Any, whose: Any, day: Any) -> sa.ColumnElement[str]:
    given_up = (
        sa.select(former.name)
        .where(whose == model.id, former.until > day)
        .order_by(former.until)
        .limit(1)
        .correlate_except(former)
        .scalar_subquery()
    )
    return sa.func.coalesce(given_up, model.name)


def standing() -> sa.ColumnElement[bool]:
    """The condition of a unit that is inspected by itself today."""
    return Unit.ended_on.is_(None) | (Unit.ended_on > today())


class FormerName(Base):
    """A name that a unit had up to (not on) a day."""

    __tablename__ = "former_names"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    name: orm.Mapped[str]
    until: orm.Mapped[dt.date]


class FormerAreaName(Base):
    """A name that an area had up to (not on) a day."""

    __tablename__ = "former_area_names"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    area_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    name: orm.Mapped[str]
    until: orm.Mapped[dt.date]


class Blackout(Named, Base):
    """Days on which the units of an area, or one unit, are not visited: 农忙, 换届."""

    __tablename__ = "blackouts"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    start: orm.Mapped[dt.date]
    end: orm.Mapped[dt.date]
    #: whose units: everything in and under the area, or the one unit
    area_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"))
    unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"))
    #: kinds of units that it closes, for an area
    kinds: orm.Mapped[list[str]]

    area: orm.Mapped[Area | None] = orm.relationship()
    unit: orm.Mapped[Unit | None] = orm.relationship()

    __table_args__ = (
        CheckConstraint('"end" >= start', "dates"),
        CheckConstraint("(area_id IS NULL) <> (unit_id IS NULL)", "one_place"),
    )

    def closes(self, unit: Unit) -> bool:
        """Whether the unit is among those that it closes."""
        if self.unit_id is not None:
            return unit.id == self.unit_id
        area: Area | None = unit.area
        while area is not None and area.id != self.area_id:
            area = area.parent
        return area is not None and unit.kind in self.kinds


def fictional_unit_columns(table: str) -> tuple[sa.Constraint, ...]:
    """The constraints that keep `table` (columns unit_id, unit_planning_only) away from real places."""
    return (
        CheckConstraint("unit_planning_only = false", "no_real_place"),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name=f"fk_{table}_unit_id_planning_only",
        ),
    )
