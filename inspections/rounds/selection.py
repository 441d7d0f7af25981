"""Which units a cycle covers, as a planner ticks them: township × kind of unit, less single units left out.

It changes no cycle; `cycles.py` does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import orm, select

from inspections.site.refusal import Refusal
from inspections.units.models import UNIT_KINDS, Area, Unit, standing


@dataclass
class Group:
    """The units of one kind in one township: one box to tick."""

    key: str
    kind: str
    units: list[Unit] = field(default_factory=list)

    @property
    def kind_name(self) -> str:
        return UNIT_KINDS[self.kind]


@dataclass
class Township:
    """A township with its boxes; `section` is the county and zone it is listed under."""

    area: Area
    section: str
    groups: dict[str, Group] = field(default_factory=dict)


def townships(session: orm.Session) -> list[Township]:
    """Every township that has units, in the order of county, zone and code."""
    found: dict[int, Township] = {}
    wanted = select(Unit).options(orm.joinedload(Unit.area)).where(standing()).order_by(Unit.code)
    for unit in session.scalars(wanted):
        township = found.setdefault(unit.area_id, Township(unit.area, _section(unit.area)))
        key = f"{unit.area.uuid}:{unit.kind}"
        township.groups.setdefault(unit.kind, Group(key, unit.kind)).units.append(unit)
    return sorted(found.values(), key=lambda one: (*(area.code for area in _above(one.area)), one.area.code))


def _section(area: Area) -> str:
    return " · ".join(one.name for one in _above(area)) or "未分片区"


def _above(area: Area) -> list[Area]:
    above = (area.ancestor("county"), area.ancestor("zone"))
    return [one for one in above if one is not None and one is not area]


def selected(listed: Iterable[Township], ticked: Collection[str], left_out: Collection[str]) -> list[Unit]:
    """The units of the ticked groups without those left out. Refusal for a box that is not on the page."""
    groups = {group.key: group for township in listed for group in township.groups.values()}
    if set(ticked) - groups.keys():
        raise Refusal("所选乡镇的单位已有变动，请重新打开页面。")
    return [unit for key in ticked for unit in groups[key].units if str(unit.uuid) not in left_out]


def boxes_of(listed: Iterable[Township], units: Collection[Unit]) -> tuple[list[str], list[str]]:
    """The boxes that stand for these units: ticked group keys, and the uuids left out of them."""
    wanted = {unit.id for unit in units}
    ticked: list[str] = []
    left_out: list[str] = []
    for township in listed:
        for group in township.groups.values():
            outside = [str(unit.uuid) for unit in group.units if unit.id not in wanted]
            if len(outside) < len(group.units):
                ticked.append(group.key)
                left_out += outside
    return ticked, left_out


def summary(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Township and what is covered of it, e.g. ("柳河镇", "村 11、社区 2")."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for unit in units:
        kinds = counts.setdefault((unit.area.code, unit.area.name), dict.fromkeys(UNIT_KINDS, 0))
        kinds[unit.kind] += 1
    return [
        (name, "、".join(f"{UNIT_KINDS[kind]} {count}" for kind, count in kinds.items() if count))
        for (_, name), kinds in sorted(counts.items())
    ]
