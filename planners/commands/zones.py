"""The command `zones`: townships of a file to cooperation zones in another.
Divides nothing itself; it reads, calls, prints and chooses the exit code.

Exit: 0 divided · 1 no such division, with one sentence on standard error · 2 bad input.
"""

from __future__ import annotations

import sys

import click

from planners.commands.files import Reading, json_in, text_of, write_whole
from planners.zones.areas import Areas, NoZones, Zones
from planners.zones.files import dump_zones, parse_areas

NO_DIVISION = 1


@click.command()
@click.argument("areas_file", metavar="AREAS.json")
@click.option("--zones", "count", type=click.IntRange(min=1), required=True, help="How many zones.")
@click.option("--out", "zones_file", required=True, metavar="ZONES.json", help="Where the zones are written.")
def zones(areas_file: str, count: int, zones_file: str) -> None:
    """Divide townships into connected, balanced zones; rooms and stationed groups follow."""
    from planners.zones.zoning import make_zones

    reading = Reading()
    areas = reading.take(areas_file, lambda: parse_areas(json_in(areas_file)))
    reading.expect_writable(zones_file)
    reading.finish()
    try:
        found = make_zones(areas, count)
    except NoZones as none:
        click.echo(str(none), err=True)
        sys.exit(NO_DIVISION)
    write_whole(zones_file, text_of(dump_zones(found)))
    _say(areas, found)


def _say(areas: Areas, found: Zones) -> None:
    names = {township.id: township.name for township in areas.townships}
    bodies = {kind: {body.id: body.name for body in getattr(areas, kind)} for kind in ("rooms", "stationed")}
    for zone in found.zones:
        where = f"（{zone.group}）" if zone.group is not None else ""
        click.echo(
            f"{zone.name}{where}：{'、'.join(names[id] for id in zone.townships)}；"
            f"工作量{zone.work}，中心{names[zone.centre]}"
        )
        for group in zone.inner:
            click.echo(
                f"  {group.name}：{'、'.join(names[id] for id in group.townships)}；工作量{group.work}"
            )
        placed = [bodies[kind][id] for kind in ("rooms", "stationed") for id in getattr(zone, kind)]
        if placed:
            click.echo(f"  {'、'.join(placed)}；{zone.staff}人")
    for note in found.notes:
        click.echo(f"说明：{note}")
    best = "，已证明最优" if found.proven else ""
    click.echo(f"{len(found.zones)}个片区，总值{found.total}{best}")
