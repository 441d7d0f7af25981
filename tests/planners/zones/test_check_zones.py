"""The check of zones finds every kind of spoiled division."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from planners.zones.areas import Zones
from planners.zones.check_zones import check_zones
from planners.zones.files import parse_areas
from planners.zones.zoning import make_zones
from tests.planners.zone_cases import bodies, jinghai, row_of


def _first_two(found: Zones) -> tuple[str, str]:
    return found.zones[0].townships[0], found.zones[1].townships[0]


def swapped(found: Zones) -> Zones:
    """The first two zones trade their first townships."""
    one, other = _first_two(found)
    trade = {one: other, other: one}
    zones = [
        replace(zone, townships=tuple(trade.get(id, id) for id in zone.townships)) for zone in found.zones
    ]
    return replace(found, zones=tuple(zones))


def first(found: Zones, **more: object) -> Zones:
    """The division with another first zone."""
    return replace(found, zones=(replace(found.zones[0], **more), *found.zones[1:]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (swapped, "不连片"),
        (lambda found: replace(found, zones=found.zones[1:]), "要求3个片区，实有2个"),
        (lambda found: first(found, townships=found.zones[0].townships[1:]), "应恰在一处，实在0处"),
        (lambda found: first(found, townships=(*found.zones[0].townships, _first_two(found)[1])), "实在2处"),
        (lambda found: first(found, rooms=()), "纪检监察室"),
        (lambda found: first(found, staff=99), "所列人数不实"),
        (lambda found: first(found, work=1), "所列工作量、偏差或距离不实"),
        (lambda found: first(found, distance=0), "所列工作量、偏差或距离不实"),
        (lambda found: first(found, centre=found.zones[1].centre), "中心不在其中"),
        (lambda found: first(found, inner=()), "要求9个组"),
        (lambda found: replace(found, links=found.links[1:]), "相邻关系与乡镇表不符"),
        (lambda found: replace(found, total=found.total - 1, bound=0), "所列总值不实"),
        (lambda found: replace(found, bound=found.total + 1), "下界高于总值"),
        (lambda found: replace(found, terms={**found.terms, "spread": 1}), "所列各项代价不实"),
        (lambda found: replace(found, areas_sha256="x"), "另一份乡镇表"),
    ],
)
def test_the_check_finds_every_kind_of_spoiled_division(spoil: Callable[[Zones], Zones], fault: str) -> None:
    areas = parse_areas(jinghai() | {"rooms": bodies("室", [3, 4, 5])})
    found = make_zones(areas, 3)
    assert check_zones(areas, found, 3) == ()
    assert fault in "；".join(check_zones(areas, spoil(found), 3))


def test_the_check_finds_zones_that_are_too_heavy_or_too_large_or_cross_a_county() -> None:
    areas = parse_areas(row_of([5, 5, 5, 5, 5, 5], limits={"tolerance": None}))
    found = make_zones(areas, 2)
    tight = replace(areas, limits=replace(areas.limits, max=2))
    assert "不在限制之内" in "；".join(check_zones(tight, found, 2))
    uneven = replace(areas, townships=(replace(areas.townships[0], work=50), *areas.townships[1:]))
    level = replace(uneven, limits=replace(areas.limits, tolerance=25))
    assert "偏离平均超过25%" in "；".join(check_zones(level, make_zones(uneven, 2), 2))
    counties = tuple(replace(t, group="甲" if t.id < "E" else "乙") for t in areas.townships)
    crossing = check_zones(
        replace(areas, townships=counties), replace(found, links=found.links[:3] + found.links[4:])
    )
    assert any("跨县" in fault for fault in crossing)


def test_rooms_heaped_on_one_zone_are_found() -> None:
    areas = parse_areas(row_of([5, 5, 5, 5], stationed=bodies("组", [1, 1, 1])))
    found = make_zones(areas, 2)
    one, other = found.zones
    heaped = (replace(one, stationed=("组1", "组2", "组3"), staff=3), replace(other, stationed=(), staff=0))
    assert any("分得不匀" in fault for fault in check_zones(areas, replace(found, zones=heaped), 2))
