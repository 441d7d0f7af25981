"""The areas of an import that has no sheet 区域: townships and zones as the units' sheets name them.

Whether the units agree about a township's zone is checked with the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspections.naming.names import key
from inspections.people.sheets import UNITS
from inspections.roster.layout import laid_out
from inspections.roster.workbook import RawSheet
from inspections.units.entries import narrow, tidy

#: how the name of a township ends: anything else is rather a slip of the pen
TOWNSHIP_ENDS = ("街道", "镇", "乡", "农场", "管理区", "开发区", "街道办事处")


def areas_from_units(units: Sequence[RawSheet], stored: Iterable[Mapping[str, Any]]) -> RawSheet | None:
    """A sheet 区域 made from 单位.所属乡镇 and 片区, in the order in which they first appear; None where the
    areas `stored` have them all.

    A 所属乡镇 that ends in 县 or 市 and holds departments only is the county, above all others. A sheet of
    one township may say so in its title alone.
    """
    zones: dict[str, str] = {}
    kinds: dict[str, set[str]] = {}
    for raw in units:
        layout = laid_out(UNITS, raw.rows, {})
        places = {header: place for place, header in layout.columns.items()}
        for number, line in enumerate(raw.rows[layout.head or 0 :], (layout.head or 0) + 1):
            if number in layout.ignored or not any(tidy(value) for value in line):
                continue
            row = {header: narrow(line[at]) if at < len(line) else "" for header, at in places.items()}
            title = raw.name if raw.name.endswith(TOWNSHIP_ENDS) else ""
            township = row.get("所属乡镇", "") or title
            if township:
                zones[township] = zones.get(township) or row.get("片区", "")
                kinds.setdefault(township, set()).add(row.get("类型", ""))
    known = list(stored)
    if known:
        return _further(zones, known)
    counties = [name for name, found in kinds.items() if name[-1] in "县市" and found == {"单位"}]
    county = counties[0] if len(counties) == 1 else ""
    made: list[list[str]] = [["编号", "名称", "类型", "上级"]]
    if county:
        made.append(["C01", county, "县", ""])
    named = [name for name in dict.fromkeys(zones.values()) if name]
    made += [[f"Z{n:02}", name, "片区", "C01" if county else ""] for n, name in enumerate(named, 1)]
    for number, (name, zone) in enumerate(zones.items(), 1):
        if name != county:
            above = f"Z{named.index(zone) + 1:02}" if zone else ("C01" if county else "")
            made.append([f"T{number:02}", name, "乡镇", above])
    return RawSheet("区域", [list(row) for row in made])


def _further(zones: Mapping[str, str], stored: Sequence[Mapping[str, Any]]) -> RawSheet | None:
    """The townships that nobody knows yet, below the one county; what is no township's name stays a fault."""
    known = {key(said) for area in stored for said in (area["name"], area["code"], *area.get("former", ()))}
    codes = {area["code"] for area in stored}
    county = [area["code"] for area in stored if area["kind"] == "county"]
    made: list[list[Any]] = [["编号", "名称", "类型", "上级"]]
    number = 0
    for name, zone in zones.items():
        if key(name) in known or not name.endswith(TOWNSHIP_ENDS):
            continue
        number += 1
        while f"T{number:02}" in codes:
            number += 1
        above = zone or (county[0] if len(county) == 1 else "")
        made.append([f"T{number:02}", name, "乡镇", above])
    return RawSheet("区域", made) if len(made) > 1 else None
