"""Zones: whole, connected, balanced and the best there is, with rooms and stationed groups."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import pytest

from planners.zones.adjacency import graph_of, parts
from planners.zones.areas import Areas, Zones
from planners.zones.check_zones import check_zones
from planners.zones.files import parse_areas
from planners.zones.zoning import NoZones, make_zones
from tests.planners.zone_cases import Json, bodies, city, divided, jinghai, row_of, shashi, yongdeng
from tests.sampled import sampled

# ---------------------------------------------------------------- the named cases, each proven


@pytest.mark.parametrize(("data", "count"), [(yongdeng(), 5), (shashi(), 3), (jinghai(), 3), (city(), 79)])
def test_each_named_case_is_divided_with_proof_and_passes_the_check(data: Json, count: int) -> None:
    found = divided(data, count)
    assert (len(found.zones), found.proven) == (count, True)
    assert check_zones(parse_areas(data), found, count) == ()


def test_every_zone_of_yongdeng_has_a_room_and_one_or_two_stationed_groups() -> None:
    zones = divided(yongdeng(), 5).zones
    assert [len(zone.rooms) for zone in zones] == [1] * 5
    assert sorted(len(zone.stationed) for zone in zones) == [1, 1, 2, 2, 2]
    assert max(zone.staff for zone in zones) - min(zone.staff for zone in zones) <= 3


def test_the_rooms_and_groups_of_shashi_are_spread_two_two_one() -> None:
    zones = divided(shashi(), 3).zones
    assert sorted(len(zone.rooms) for zone in zones) == [1, 2, 2]
    assert sorted(len(zone.stationed) for zone in zones) == [1, 2, 2]


def test_the_nine_groups_of_jinghai_lie_inside_its_three_zones() -> None:
    zones = divided(jinghai(), 3).zones
    assert sum(len(zone.inner) for zone in zones) == 9
    for zone in zones:
        assert sorted(id for group in zone.inner for id in group.townships) == sorted(zone.townships)


def test_no_zone_of_a_city_crosses_a_county_and_larger_counties_get_more() -> None:
    data = city()
    county = {township["id"]: township["group"] for township in data["townships"]}
    zones = divided(data, 79).zones
    assert all({county[id] for id in zone.townships} == {zone.group} for zone in zones)
    counts = [sum(zone.group == f"第{number}县" for zone in zones) for number in range(1, 19)]
    assert counts[0] < counts[-1]


# ---------------------------------------------------------------- the best there is


def _divisions(ids: list[str], count: int) -> Iterator[list[set[str]]]:
    """Every way to put the townships into so many non-empty zones, whatever their shape."""
    if not ids:
        if count == 0:
            yield []
        return
    first, rest = ids[0], ids[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = [id for id in rest if id not in others]
            if count:
                yield from ([{first, *others}, *more] for more in _divisions(left, count - 1))


def _cheapest(areas: Areas, count: int) -> int | None:
    """The least cost of all divisions, by trying all of them; None where none is allowed."""
    graph, limits, weights = graph_of(areas), areas.limits, areas.weights
    at = {township.id: i for i, township in enumerate(areas.townships)}
    work = {township.id: township.work for township in areas.townships}
    county = {township.id: township.group for township in areas.townships}
    total, costs = sum(work.values()), []
    for zones in _divisions(list(at), count):
        if any(len({county[id] for id in zone}) > 1 for zone in zones):
            continue
        cost = 0.0
        for group in set(county.values()):
            own = [zone for zone in zones if county[min(zone)] == group]
            load = sum(work[id] for id in work if county[id] == group)
            cost += weights.spread * _rounded(abs(load - len(own) * total / count))
            for zone in own:
                share = load / len(own)
                off = abs(sum(work[id] for id in zone) - share)
                sizes = limits.min <= len(zone) <= (limits.max or len(at))
                level = limits.tolerance is None or off * 100 <= share * limits.tolerance + 1e-9
                if not sizes or not level or len(parts([at[id] for id in zone], graph.links)) > 1:
                    cost = float("inf")
                away = (sum(int(graph.km[at[id], at[other]]) for other in zone) for id in zone)
                cost += weights.distance * min(away) + weights.balance * _rounded(off)
        costs.append(cost)
    best = min(costs, default=float("inf"))
    return None if best == float("inf") else int(best)


def _rounded(value: float) -> int:
    return int(value + 0.5 + 1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_no_division_at_all_is_cheaper_on_small_counties(seed: int) -> None:
    rng = random.Random(seed)
    counties = (rng.randint(5, 8),) if seed % 2 else (rng.randint(2, 4), rng.randint(2, 4))
    data = city(seed, counties)
    data["limits"] = {
        "min": rng.choice([1, 1, 2]),
        "max": rng.choice([None, 4, 5]),
        "tolerance": rng.choice([30, 60, 100, None]),
    }
    areas, count = parse_areas(data), rng.randint(2, 4)
    best = _cheapest(areas, count)
    if best is None:
        with pytest.raises(NoZones):
            make_zones(areas, count)
    else:
        found = make_zones(areas, count)
        assert (found.total, found.bound) == (best, best)


@pytest.mark.parametrize("seed", sampled(range(25), 5))
def test_no_posting_of_rooms_is_cheaper_on_small_counties(seed: int) -> None:
    rng = random.Random(seed)
    ids = "ABCDEF"
    rooms = bodies("室", [rng.randint(1, 5) for _ in range(rng.randint(3, 5))])
    for room in rooms:
        room["likeness"] = {id: rng.randint(0, 100) for id in ids if rng.random() < 0.7}
    areas = parse_areas(row_of([rng.randint(5, 9) for _ in ids], rooms=rooms, limits={"tolerance": 60}))
    found = make_zones(areas, 3)
    prices = []
    for code in range(3 ** len(rooms)):
        at = [code // 3**i % 3 for i in range(len(rooms))]
        counts = [at.count(z) for z in range(3)]
        if max(counts) - min(counts) <= 1:
            prices.append(_posting_price(areas, found, at))
    assert found.proven
    assert areas.weights.staff * found.terms["staff"] + found.terms["likeness"] == min(prices)


def _posting_price(areas: Areas, found: Zones, at: list[int]) -> int:
    everyone, work = sum(room.staff for room in areas.rooms), sum(t.work for t in areas.townships)
    price = 0
    for z, zone in enumerate(found.zones):
        staff = sum(room.staff for room, place in zip(areas.rooms, at, strict=True) if place == z)
        price += areas.weights.staff * _rounded(abs(staff - everyone * zone.work / work))
    for room, place in zip(areas.rooms, at, strict=True):
        ids = found.zones[place].townships
        alike = sum(room.likeness.get(id, 0) for id in ids) / len(ids)
        price += 100 - _rounded(alike) if room.likeness else 0
    return price


def test_a_room_goes_to_the_zone_whose_business_is_like_its_own() -> None:
    rooms = bodies("室", [4, 4])
    rooms[0]["likeness"] = {"C": 90, "D": 90}
    rooms[1]["likeness"] = {"A": 80, "B": 80}
    zones = divided(row_of([5, 5, 5, 5], rooms=rooms), 2).zones
    assert [zone.rooms for zone in zones] == [("室2",), ("室1",)]


def test_with_fewer_rooms_than_zones_each_room_has_a_zone_of_its_own_and_the_reader_is_told() -> None:
    found = divided(row_of([5, 5, 5, 5, 5, 5], rooms=bodies("室", [9, 1])), 3)
    assert sorted(len(zone.rooms) for zone in found.zones) == [0, 1, 1]
    assert any("没有室" in note for note in found.notes)


def test_the_room_of_a_county_serves_no_other_county() -> None:
    rooms = [{"id": f"室{i}", "group": "第2县"} for i in range(3)] + [{"id": "公室"}]
    areas = parse_areas(city(0, (6, 6)) | {"rooms": rooms, "limits": {"min": 2, "tolerance": 60}})
    zones = make_zones(areas, 4).zones
    assert all(zone.group == "第2县" for zone in zones if {"室0", "室1", "室2"} & set(zone.rooms))
    assert [zone.group for zone in zones if "公室" in zone.rooms] == ["第1县"]
