"""The sheet of many changes among the units: renamed, joined, divided, given up, added; townships renamed."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.lives import areas, units
from inspections.reading import days
from inspections.roster.changes.reading import Changes, Done, carried_out
from inspections.roster.offices_from_people import kind_of_unit
from inspections.site.refusal import Refusal
from inspections.units import entries
from inspections.units.meant import area_meant, unit_meant
from inspections.units.models import UNIT_KINDS
from inspections.units.sheets import Column, Sheet, words_of

KINDS = {
    "renamed": "更名",
    "joined": "合并",
    "divided": "拆分",
    "ended": "撤销",
    "added": "新增",
    "town": "乡镇更名",
}
_WORDS = words_of(
    KINDS, 改名="renamed", 并入="joined", 撤并="joined", 新设="added", 设立="added", 街道更名="town"
)
_short = partial(entries.text, longest=60)

UNIT_CHANGES = Changes(
    Sheet(
        "单位变动",
        (
            Column("单位", "unit", _short, required=True, note="同名的写明乡镇，如 枫树村（柳河镇）"),
            Column(
                "变动",
                "kind",
                partial(entries.choice, words=_WORDS),
                required=True,
                words=tuple(KINDS.values()),
                show=lambda value: KINDS[value],
            ),
            Column("日期", "day", entries.day, required=True, note=f"从这一天起；{days.DAY_FORMS}"),
            Column(
                "改为",
                "into",
                partial(entries.text, longest=400),
                empty="",
                note="更名写新名称，合并写并入哪个单位，拆分写各新单位，用、分隔；撤销、新增不填",
            ),
            Column("所属乡镇", "area", _short, empty="", note="只用于新增"),
            Column(
                "类型",
                "unit_kind",
                partial(entries.choice, words=words_of(UNIT_KINDS)),
                words=tuple(UNIT_KINDS.values()),
                note="只用于新增；不填的按名称判断",
            ),
            Column("依据", "basis", _short, empty="", note="如：批复文号；撤销的必填"),
        ),
        key=("unit", "kind", "day"),
        files=("单位变动", "unit_changes"),
    ),
    KINDS,
    "个",
)


def apply(session: orm.Session, file: Path, actor: User | None) -> Done:
    """What was done with the sheet of changes. Raises RosterFaults as `carried_out` does."""
    return carried_out(file, UNIT_CHANGES, lambda values: _do(session, values, actor))


def _do(session: orm.Session, values: Mapping[str, Any], actor: User | None) -> None:
    kind, day, basis, into = values["kind"], values["day"], values["basis"], values["into"]
    if kind in ("renamed", "joined", "divided", "town") and not into:
        raise Refusal(f"{KINDS[kind]}应在“改为”中写明。")
    if kind == "town":
        areas.rename(session, area_meant(session, values["unit"]), into, day, actor, basis)
        return
    if kind == "added":
        if not values["area"]:
            raise Refusal("新增的单位应写明所属乡镇。")
        area = area_meant(session, values["area"])
        said = values["unit_kind"] or kind_of_unit(values["unit"])
        units.add(session, units.NewUnit(values["unit"], said, area, day, basis), actor)
        return
    unit = unit_meant(session, values["unit"])
    if kind == "renamed":
        units.rename(session, unit, into, day, actor, basis)
    elif kind == "joined":
        units.join(session, [unit], unit_meant(session, into), day, actor, basis)
    elif kind == "divided":
        names = [part.strip() for part in re.split(r"[、,，;；\s]+", into) if part.strip()]
        parts = [units.NewUnit(name, unit.kind, unit.area, day, basis) for name in names]
        units.divide(session, unit, parts, actor)
    else:
        if not basis:
            raise Refusal("撤销应写明依据，如批复文号。")
        units.end(session, unit, day, actor, basis)
