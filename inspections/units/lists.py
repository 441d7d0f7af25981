"""Which units a list shows, and lists in pages of a hundred. It changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.naming.names import key
from inspections.units.models import AREA_KINDS, UNIT_KINDS, Area, Unit

#: what the list of units can be sorted by: name in the address → column
SORTS: Mapping[str, Any] = {
    "code": Unit.code,
    "kind": Unit.kind,
    "area": sa.select(Area.code).where(Area.id == Unit.area_id).scalar_subquery(),
    "risk": Unit.risk,
    "tier": sa.case({"key": 0, "watch": 1, "normal": 2}, value=Unit.tier),
}
#: what tells of a unit who is visited early
SECRET_SORTS = ("risk", "tier")
T = TypeVar("T")
PAGE = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, how many pages and rows there are in all."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int


def page_of(session: orm.Session, wanted: sa.Select[T], number: str) -> Page[T]:
    """The page of that number; the first where the number is none, the last where it is too high."""
    total = session.scalar(sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    asked = int(number) if number.isdecimal() and len(number) < 7 else 1
    chosen = min(max(asked, 1), pages)
    rows = session.scalars(wanted.limit(PAGE).offset((chosen - 1) * PAGE)).unique().all()
    return Page(rows, chosen, pages, total)


def in_order(
    wanted: sa.Select[T], asked: Mapping[str, Any], columns: Mapping[str, Any], last: Any
) -> sa.Select[T]:
    """The list sorted as the address says: `sort` is one of `columns`, behind a minus from the greatest down.

    What is empty stands at the end; rows alike, and all of them without a sort, follow `last`.
    """
    said = str(asked.get("sort", ""))
    column = columns.get(said.removeprefix("-"))
    if column is None:
        return wanted.order_by(last)
    first = column.desc() if said.startswith("-") else column.asc()
    return wanted.order_by(first.nulls_last(), last)


def counts_by_kind(session: orm.Session, units: sa.Select[Unit]) -> dict[str, int]:
    """How many of these units are villages, communities, …; kinds without any are left out."""
    chosen = units.options(orm.lazyload("*")).order_by(None).with_only_columns(Unit.kind, sa.func.count())
    found = dict(session.execute(chosen.group_by(Unit.kind)).all())
    return {kind: found[kind] for kind in UNIT_KINDS if kind in found}


def areas_in_order(session: orm.Session) -> list[tuple[Area, int]]:
    """All areas with their depth: each county, below it its zones, below them their townships."""
    areas = session.scalars(sa.select(Area).order_by(Area.code)).all()
    below: dict[int | None, list[Area]] = {}
    for area in areas:
        below.setdefault(area.parent_id, []).append(area)
    ordered: list[tuple[Area, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        kinds = list(AREA_KINDS)
        for area in sorted(below.get(parent, []), key=lambda found: (kinds.index(found.kind), found.code)):
            ordered.append((area, depth))
            walk(area.id, depth + 1)

    walk(None, 0)
    return ordered


def ids_within(session: orm.Session, name: str) -> set[int] | None:
    """The area with that random name and all below it; None where the name is none."""
    try:
        wanted = UUID(name)
    except ValueError:
        return None
    found: set[int] = set()
    for area, _ in areas_in_order(session):
        if area.uuid == wanted or area.parent_id in found:
            found.add(area.id)
    return found


def narrowed(session: orm.Session, units: sa.Select[Unit], asked: Mapping[str, Any]) -> sa.Select[Unit]:
    """The units that match what stands in the address: area, kind, tier, q (part of name or code)."""
    areas = ids_within(session, asked.get("area", ""))
    if areas is not None:
        units = units.where(Unit.area_id.in_(areas))
    if asked.get("kind"):
        units = units.where(Unit.kind == asked["kind"])
    if asked.get("tier"):
        units = units.where(Unit.tier == asked["tier"])
    if asked.get("q", "").strip():
        part = asked["q"].strip()
        units = units.where(
            Unit.name_key.contains(key(part), autoescape=True) | Unit.code.contains(part, autoescape=True)
        )
    return in_order(units, asked, SORTS, Unit.code)
