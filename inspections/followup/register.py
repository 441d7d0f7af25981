"""The register as a list (整改台账) and as a workbook: narrowed by state, township, way and lateness.

It only reads, and only within the reach it is given.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.followup.models import DISPATCHES, WAYS, Item
from inspections.followup.rulebook import STATES
from inspections.units.models import Area, Unit

PAGE = 100
HEADER = (
    "单位",
    "乡镇",
    "问题",
    "类别",
    "程度",
    "责任单位",
    "整改方式",
    "分办",
    "交办文号",
    "交办日期",
    "整改时限",
    "状态",
    "销号日期",
    "核验",
    "清退追缴（元）",
    "涉及户数",
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the reader chose; empty means all. `late` asks for what is overdue today."""

    state: str = ""
    township: str = ""
    way: str = ""
    category: str = ""
    late: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Narrowing":
        """From the address of a page; what is odd narrows to nothing found, never to an error."""
        texts = {name: arguments.get(name, "")[:32] for name in ("state", "township", "way", "category")}
        return cls(**texts, late=arguments.get("late", "") == "1")

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same for a select of Item joined with Area."""
        found: list[sa.ColumnElement[bool]] = []
        if self.state:
            found.append(Item.state == self.state)
        if self.township:
            found.append(Area.code == self.township)
        if self.way:
            found.append(Item.way == self.way)
        if self.category:
            found.append(Item.category.startswith(self.category, autoescape=True))
        if self.late:
            found.append(Item.overdue(today()))
        return found


@dataclass(frozen=True, slots=True)
class ItemRegister:
    """One page of the list and what it was narrowed from."""

    items: Sequence[Item]
    found: int
    #: how many of those in reach are in each state, and overdue
    counts: Counter[str]
    late: int
    townships: Sequence[Area]


def register(session: orm.Session, within: sa.Select[Item], chosen: Narrowing, page: int = 1) -> ItemRegister:
    """The items of `within` that fit, the soonest due first, 100 a page."""
    reached = within.join(Area, Area.id == Item.township_id)
    by_state = session.execute(
        within.with_only_columns(Item.state, sa.func.count()).group_by(Item.state).order_by(None)
    ).all()
    wanted = reached.where(*chosen.conditions())
    return ItemRegister(
        items=session.scalars(_loaded(wanted).limit(PAGE).offset(PAGE * (page - 1))).all(),
        found=session.scalar(wanted.with_only_columns(sa.func.count(Item.id))) or 0,
        counts=Counter({row[0]: row[1] for row in by_state}),
        late=session.scalar(within.where(Item.overdue(today())).with_only_columns(sa.func.count(Item.id)))
        or 0,
        townships=session.scalars(
            select(Area).where(Area.id.in_(within.with_only_columns(Item.township_id))).order_by(Area.code)
        ).all(),
    )


def rows(
    session: orm.Session, within: sa.Select[Item], chosen: Narrowing, names: Mapping[str, str]
) -> list[Sequence[Any]]:
    """The lines of the workbook under HEADER: exactly what the page shows, without its page breaks."""
    wanted = within.join(Area, Area.id == Item.township_id).where(*chosen.conditions())
    return [
        (
            item.unit.called,
            item.township.name,
            item.title,
            names.get(item.category, item.category),
            names.get(item.severity, item.severity),
            item.responsible,
            WAYS[item.way],
            DISPATCHES[item.dispatch] + (f"（{item.office}）" if item.office else ""),
            item.letter,
            item.served_on.isoformat(),
            item.due.isoformat(),
            STATES[item.state] + ("（逾期）" if item.is_overdue else ""),
            item.closed_on.isoformat() if item.closed_on else "",
            item.rating,
            float(item.recovered),
            item.households,
        )
        for item in session.scalars(_loaded(wanted))
    ]


def _loaded(wanted: sa.Select[Item]) -> sa.Select[Item]:
    return wanted.options(
        orm.joinedload(Item.unit).joinedload(Unit.area), orm.joinedload(Item.township)
    ).order_by(Item.due, Item.id)
