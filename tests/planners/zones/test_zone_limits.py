"""Where neighbours come from, and what is said to be too tight when there is no division."""

from __future__ import annotations

import random

import pytest

from planners.zones import partition
from planners.zones.adjacency import gabriel, graph_of, parts
from planners.zones.areas import Zones
from planners.zones.files import parse_areas
from planners.zones.zoning import NoZones, make_zones
from tests.planners.zone_cases import Json, city, divided, jinghai, row_of, yongdeng


def members(found: Zones) -> list[str]:
    return ["".join(zone.townships) for zone in found.zones]


# ---------------------------------------------------------------- neighbours


@pytest.mark.parametrize("seed", range(10))
def test_places_alone_connect_all_townships_and_no_third_lies_between_neighbours(seed: int) -> None:
    rng = random.Random(seed)
    points = [(float(rng.randint(0, 12)), float(rng.randint(0, 12))) for _ in range(25)]
    links = gabriel(points)
    assert len(parts(range(25), links)) == 1
    for a in range(25):
        for b in range(a + 1, 25):
            middle = ((points[a][0] + points[b][0]) / 2, (points[a][1] + points[b][1]) / 2)
            reach = _apart(points[a], points[b]) / 4
            between = any(_apart(point, middle) < reach - 1e-9 for point in points)
            assert ((a, b) in links) == (not between)


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def test_a_county_torn_by_another_is_joined_at_its_narrowest_and_the_reader_is_told() -> None:
    data = row_of([5, 5, 5, 5, 5, 5])
    del data["adjacency"]
    for township, group in zip(data["townships"], "甲甲乙乙甲甲", strict=True):
        township["group"] = group
    found = divided(data | {"limits": {"tolerance": None}}, 2)
    assert found.joined == (("B", "E"),)
    assert any("B镇与E镇" in note and "30公里" in note for note in found.notes)
    assert any("加布里埃尔图" in note for note in found.notes)


def test_a_list_of_neighbours_is_never_added_to() -> None:
    data = row_of([5, 5, 5, 5])
    data["adjacency"] = [["A", "B"], ["C", "D"]]
    found = divided(data, 2)
    assert (members(found), found.joined) == (["AB", "CD"], ())
    assert any("互不相连的2块" in note for note in found.notes)
    with pytest.raises(NoZones, match="相邻关系太少"):
        divided(data, 1)


def test_from_a_township_without_a_place_kilometres_are_counted_along_neighbours() -> None:
    data = row_of([5, 5, 5], hop_km=7)
    del data["townships"][1]["x_km"], data["townships"][1]["y_km"]
    km = graph_of(parse_areas(data)).km.tolist()
    assert km == [[0, 7, 20], [7, 0, 7], [20, 7, 0]]
    assert any("B镇没有坐标" in note for note in divided(data, 1).notes)


# ---------------------------------------------------------------- what is too tight


@pytest.mark.parametrize(
    ("data", "count", "sentence"),
    [
        (yongdeng(), 9, "要求的片区数9太多：每片区至少2个乡镇时，15个乡镇最多分7个片区"),
        (yongdeng(), 2, "要求的片区数2太少：每片区至多5个乡镇时，15个乡镇最少分3个片区"),
        (city(), 10, "要求的片区数10太少：18个县（区）各自至少要1个片区，片区不跨县（区）"),
        (
            yongdeng() | {"limits": {"tolerance": 5}},
            5,
            "全部15个乡镇无法划分：工作量容差5%太紧，放宽到10%即可",
        ),
        (
            row_of([1, 1, 50, 1]),
            2,
            "全部4个乡镇无法划分：工作量容差25%太紧，C镇一个乡镇的工作量50已超出片区平均26.5的允许范围，放宽到95%即可",
        ),
        (
            row_of([6, 2, 2, 2], limits={"min": 2}),
            2,
            "全部4个乡镇无法划分：工作量容差25%太紧，放宽到35%即可",
        ),
        (
            row_of([9, 3, 3, 3], limits={"min": 2, "tolerance": 10}),
            2,
            "全部4个乡镇无法划分：工作量容差10%太紧，放宽到35%即可",
        ),
        (
            row_of([5] * 6, limits={"min": 3}) | {"adjacency": [["A", id] for id in "BCDEF"]},
            2,
            "全部6个乡镇无法划分：相邻关系太少，片区连不成片",
        ),
        (
            row_of([5] * 6, inner={"count": 1}),
            2,
            "要求的组数1太少：2个片区各自至少要1个组，组不跨片区",
        ),
    ],
)
def test_a_division_that_cannot_be_names_what_is_too_tight(data: Json, count: int, sentence: str) -> None:
    with pytest.raises(NoZones) as none:
        divided(data, count)
    assert str(none.value) == sentence


def test_counts_that_counties_cannot_reach_together_are_named_with_the_nearest_ones() -> None:
    data = row_of([5, 5, 5, 5], limits={"tolerance": 10}) | {"adjacency": [["A", "B"], ["C", "D"]]}
    for township, group in zip(data["townships"], "甲甲乙乙", strict=True):
        township["group"] = group
    data["townships"][1]["work"] = data["townships"][3]["work"] = 6
    with pytest.raises(NoZones) as none:
        divided(data | {"limits": {"tolerance": 8}}, 3)
    assert str(none.value) == (
        "各县（区）分别可以划分，但片区数合计达不到3个，最接近的是2个；工作量容差8%太紧，放宽到10%即可"
    )


def test_too_many_possible_zones_are_said_and_not_searched_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "MOST_SETS", 50)
    with pytest.raises(NoZones, match="上限"):
        divided(jinghai(), 3)


def test_a_search_cut_short_says_that_it_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    areas = parse_areas(city(5, (20,)))
    best = make_zones(areas, 5)
    for steps in range(5, 400, 5):
        monkeypatch.setattr(partition, "MOST_STEPS", steps)
        try:
            found = make_zones(areas, 5)
        except NoZones:
            continue
        assert found.bound <= best.total <= found.total
        assert found.proven or any("未能证明" in note for note in found.notes)
        if found.proven:
            break
    assert found == best
