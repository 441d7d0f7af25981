"""Which unit somebody means who types its name: 枫树村, 枫树村（柳河镇）, 柳河镇枫树村, or its code."""

import re

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.naming.names import key
from inspections.reading.typed import narrow, quoted
from inspections.site.refusal import Refusal
from inspections.units.areas import every_area
from inspections.units.models import Area, Unit

_QUALIFIED = re.compile(r"(?P<name>.+)\((?P<place>[^()]+)\)")


def qualified(unit: Unit) -> str:
    """枫树村（柳河镇）: the name that means this unit and no namesake."""
    return f"{unit.name}（{unit.area.name}）"


def unit_meant(session: orm.Session, entry: str, wanted: sa.Select[Unit] | None = None) -> Unit:
    """The one unit that the entry names, of those `wanted`.

    Raises Refusal for none, naming near ones, and for several, naming each with its township.
    """
    among = sa.select(Unit) if wanted is None else wanted
    said = key(entry)
    match = _QUALIFIED.fullmatch(said)
    name, place = (key(match["name"]), key(match["place"])) if match else (said, "")
    rows = session.scalars(among.where((Unit.code == narrow(entry)) | (Unit.name_key == name))).unique().all()
    found = [unit for unit in rows if not place or key(unit.area.name) == place]
    if not found:
        parts = session.scalars(among.where(sa.literal(said).endswith(Unit.name_key))).unique()
        found = [unit for unit in parts if key(unit.area.name) + unit.name_key == said]
    if len(found) == 1:
        return found[0]
    if found:
        named = "、".join(qualified(unit) for unit in found[:5])
        raise Refusal(f"有 {len(found)} 个单位叫{quoted(entry)}，请写明乡镇：{named}。")
    near = (
        session.scalars(among.where(Unit.name_key.startswith(name, autoescape=True)).limit(3)).unique().all()
    )
    asked = f"，是不是{'、'.join(qualified(unit) for unit in near)}？" if near and name else "。"
    raise Refusal(f"没有名为{quoted(entry)}的单位{asked}")


def area_meant(session: orm.Session, entry: str) -> Area:
    """The township that the entry names: 柳河镇, 柳河, or a former name of it. Raises Refusal otherwise."""
    said = key(entry)
    towns = [area for area in every_area(session) if area.kind == "township"]
    found = [area for area in towns if key(area.name) == said or area.code == narrow(entry)]
    found = found or [area for area in towns if said in {key(former.name) for former in area.former_names}]
    if len(found) == 1:
        return found[0]
    near = [area.name for area in towns if said and (said in key(area.name) or key(area.name) in said)]
    asked = f"，是不是{'、'.join(near[:3])}？" if near else "。"
    raise Refusal(f"没有名为{quoted(entry)}的乡镇{asked}")
