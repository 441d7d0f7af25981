"""The areas of a first import that has no sheet 区域: townships and zones as the units name them.

Only for an empty database; whether the units agree about a township's zone is checked with the rows.
"""

from inspections.roster.workbook import RawSheet
from inspections.units.entries import narrow, tidy


def areas_from_units(units: RawSheet) -> RawSheet:
    """A sheet 区域 made from 单位.所属乡镇 and 片区, in the order in which they first appear.

    A 所属乡镇 that ends in 县 or 市 and holds departments only is the county, above all others.
    """
    lines = [line for line in units.rows if any(tidy(value) for value in line)]
    header = [narrow(value).rstrip("*").partition("(")[0].strip() for value in lines[0]] if lines else []
    zones: dict[str, str] = {}
    kinds: dict[str, set[str]] = {}
    for line in lines[1:]:
        row = dict(zip(header, map(narrow, line), strict=False))
        township = row.get("所属乡镇", "")
        if township:
            zones[township] = zones.get(township) or row.get("片区", "")
            kinds.setdefault(township, set()).add(row.get("类型", ""))
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
