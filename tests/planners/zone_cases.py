"""Counties to divide: three real ones by public names and village counts (planning data), one made up.

Works are villages and communities of the public division register. Places are middles of public map boxes.
Where a township has no public place, the county has a list of neighbours: its pairs are written from the
order of the towns along their valley or street, not from an official map, and serve these tests only.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import Any

from planners.zones.areas import Zones
from planners.zones.files import dump_zones, parse_areas
from planners.zones.zoning import make_zones

Json = dict[str, Any]
Row = tuple[str, int, float | None, float | None]  # name, villages and communities, longitude, latitude

YONGDENG: list[Row] = [
    ("城关镇", 11, None, None),
    ("红城镇", 9, 103.34568, 36.41659),
    ("中堡镇", 12, None, None),
    ("武胜驿镇", 24, 103.05145, 36.83774),
    ("河桥镇", 13, 102.87, 36.47457),
    ("连城镇", 9, None, None),
    ("苦水镇", 12, 103.37883, 36.28523),
    ("大同镇", 13, None, None),
    ("龙泉寺镇", 16, 103.40925, 36.53379),
    ("树屏镇", 8, 103.56626, 36.34414),
    ("柳树镇", 14, None, None),
    ("通远镇", 10, None, None),
    ("坪城乡", 13, 103.41731, 36.9102),
    ("民乐乡", 23, 102.92454, 36.73868),
    ("七山乡", 9, 103.07418, 36.46171),
]
YONGDENG_NEIGHBOURS = (
    "武胜驿镇-中堡镇 中堡镇-城关镇 城关镇-柳树镇 柳树镇-大同镇 大同镇-龙泉寺镇 "
    "龙泉寺镇-红城镇 红城镇-苦水镇 苦水镇-树屏镇 红城镇-树屏镇 坪城乡-武胜驿镇 "
    "坪城乡-中堡镇 坪城乡-城关镇 武胜驿镇-民乐乡 民乐乡-通远镇 民乐乡-连城镇 "
    "连城镇-河桥镇 连城镇-通远镇 河桥镇-通远镇 通远镇-城关镇 通远镇-柳树镇 "
    "通远镇-大同镇 河桥镇-七山乡 七山乡-通远镇 七山乡-大同镇 七山乡-龙泉寺镇 "
    "七山乡-红城镇 七山乡-苦水镇"
)

SHASHI: list[Row] = [
    ("中山街道", 8, None, None),
    ("崇文街道", 6, None, None),
    ("解放街道", 12, None, None),
    ("胜利街道", 10, None, None),
    ("朝阳街道", 14, None, None),
    ("立新街道", 9, None, None),
    ("锣场镇", 8, 112.33949, 30.3667),
    ("岑河镇", 15, 112.43528, 30.26038),
    ("观音垱镇", 20, None, None),
    ("关沮镇", 10, 112.26944, 30.37009),
]
SHASHI_NEIGHBOURS = (
    "中山街道-崇文街道 中山街道-解放街道 崇文街道-胜利街道 胜利街道-朝阳街道 朝阳街道-立新街道 "
    "解放街道-关沮镇 崇文街道-关沮镇 朝阳街道-关沮镇 立新街道-锣场镇 立新街道-岑河镇 "
    "关沮镇-锣场镇 锣场镇-岑河镇 锣场镇-观音垱镇 岑河镇-观音垱镇"
)

JINGHAI: list[Row] = [
    ("朝阳街道", 13, None, None),
    ("静海镇", 50, 116.93828, 38.94363),
    ("唐官屯镇", 45, 116.96932, 38.7248),
    ("独流镇", 28, 116.87785, 39.02064),
    ("王口镇", 23, 116.75241, 38.94269),
    ("台头镇", 18, None, None),
    ("子牙镇", 21, 116.78471, 38.84779),
    ("陈官屯镇", 24, 116.91042, 38.80021),
    ("中旺镇", 30, 117.10171, 38.65939),
    ("大邱庄镇", 27, 117.08627, 38.8138),
    ("蔡公庄镇", 17, 117.09423, 38.76224),
    ("梁头镇", 18, 116.83989, 38.92849),
    ("团泊镇", 11, 117.14599, 38.8513),
    ("双塘镇", 11, None, None),
    ("大丰堆镇", 16, 117.00554, 38.89255),
    ("沿庄镇", 24, 116.79967, 38.79505),
    ("西翟庄镇", 12, 116.99876, 38.77476),
    ("良王庄乡", 18, 116.96103, 39.0131),
    ("杨成庄乡", 13, 117.05777, 38.94484),
]
JINGHAI_NEIGHBOURS = (
    "独流镇-静海镇 子牙镇-王口镇 陈官屯镇-唐官屯镇 中旺镇-唐官屯镇 蔡公庄镇-中旺镇 "
    "蔡公庄镇-大邱庄镇 梁头镇-静海镇 梁头镇-独流镇 梁头镇-王口镇 梁头镇-子牙镇 "
    "梁头镇-陈官屯镇 团泊镇-大邱庄镇 大丰堆镇-静海镇 大丰堆镇-陈官屯镇 大丰堆镇-大邱庄镇 "
    "大丰堆镇-团泊镇 沿庄镇-子牙镇 沿庄镇-陈官屯镇 西翟庄镇-唐官屯镇 西翟庄镇-陈官屯镇 "
    "西翟庄镇-大邱庄镇 西翟庄镇-蔡公庄镇 西翟庄镇-大丰堆镇 良王庄乡-静海镇 良王庄乡-独流镇 "
    "杨成庄乡-静海镇 杨成庄乡-团泊镇 杨成庄乡-大丰堆镇 杨成庄乡-良王庄乡 台头镇-王口镇 "
    "台头镇-独流镇 台头镇-梁头镇 双塘镇-静海镇 双塘镇-陈官屯镇 双塘镇-大丰堆镇 "
    "双塘镇-梁头镇 朝阳街道-静海镇 朝阳街道-良王庄乡 朝阳街道-杨成庄乡"
)


def _county(name: str, rows: list[Row], neighbours: str) -> Json:
    """Ids are the names; kilometres are counted from the westernmost, southernmost place known."""
    west = min(lng for _, _, lng, _ in rows if lng is not None)
    south = min(lat for _, _, _, lat in rows if lat is not None)
    shrink = math.cos(math.radians(south))
    townships: list[Json] = []
    for township, work, lng, lat in rows:
        townships.append({"id": township, "name": township, "work": work})
        if lng is not None and lat is not None:
            x_km, y_km = (lng - west) * shrink * 111.32, (lat - south) * 110.95
            townships[-1] |= {"x_km": round(x_km, 2), "y_km": round(y_km, 2)}
    pairs = [pair.split("-") for pair in neighbours.split()]
    return {"format": "planners.areas/1", "name": name, "townships": townships, "adjacency": pairs}


def bodies(kind: str, staff: list[int]) -> list[Json]:
    return [{"id": f"{kind}{i}", "name": f"第{i}{kind}", "staff": many} for i, many in enumerate(staff, 1)]


def yongdeng() -> Json:
    """15 townships, 5 rooms, 8 stationed groups: to be 5 zones."""
    return _county("永登县", YONGDENG, YONGDENG_NEIGHBOURS) | {
        "rooms": bodies("纪检监察室", [4, 4, 5, 4, 5]),
        "stationed": bodies("派驻组", [3, 3, 4, 3, 3, 4, 3, 3]),
        "limits": {"min": 2, "max": 5, "tolerance": 25},
    }


def shashi() -> Json:
    """10 townships, 5 rooms, 5 stationed groups: to be 3 zones."""
    return _county("沙市区", SHASHI, SHASHI_NEIGHBOURS) | {
        "rooms": bodies("纪检监察室", [4, 4, 4, 5, 5]),
        "stationed": bodies("派驻组", [3, 3, 3, 4, 4]),
    }


def jinghai() -> Json:
    """19 townships: to be 3 zones with 9 groups inside them."""
    return _county("静海区", JINGHAI, JINGHAI_NEIGHBOURS) | {"inner": {"count": 9, "tolerance": 50}}


#: Townships of each county of a made-up city: 303 in 18 counties.
CITY = (9, 10, 12, 13, 14, 15, 15, 16, 16, 17, 17, 18, 18, 19, 20, 22, 24, 28)


def city(seed: int = 0, counties: tuple[int, ...] = CITY) -> Json:
    """Counties on a grid, townships at random places without a list of neighbours: to be 79 zones."""
    rng = random.Random(seed)
    townships = []
    for number, many in enumerate(counties, 1):
        east, north = 60 * (number % 5), 60 * (number // 5)
        for i in range(1, many + 1):
            place = {
                "x_km": round(east + rng.uniform(0, 55), 1),
                "y_km": round(north + rng.uniform(0, 55), 1),
            }
            work = rng.randint(5, 16)
            townships.append({"id": f"T{number:02}{i:02}", "work": work, "group": f"第{number}县", **place})
    limits = {"min": 2, "max": 6, "tolerance": 25}
    return {"format": "planners.areas/1", "name": "某市", "townships": townships, "limits": limits}


def row_of(works: list[int], **more: Any) -> Json:
    """Townships A, B, C… ten kilometres apart in a row, each next to the one before it."""
    ids = "ABCDEFGHIJKLMNOP"[: len(works)]
    townships = [
        {"id": id, "name": f"{id}镇", "work": work, "x_km": 10 * i, "y_km": 0}
        for i, (id, work) in enumerate(zip(ids, works, strict=True))
    ]
    pairs = [[a, b] for a, b in pairwise(ids)]
    return {"format": "planners.areas/1", "townships": townships, "adjacency": pairs, **more}


def full_areas() -> Json:
    """Six townships in two counties with every key of the format in use."""
    data = row_of([5, 5, 5, 5, 6, 6], name="某市")
    for township, group in zip(data["townships"], ["甲县"] * 4 + ["乙县"] * 2, strict=True):
        township["group"] = group
    body = {"name": "第一室", "staff": 3, "group": "甲县", "likeness": {"A": 90, "B": 40}}
    return data | {
        "rooms": [{"id": "M1", **body}],
        "stationed": [{"id": "G1", "name": "第一组", "staff": 2, "group": None, "likeness": {}}],
        "limits": {"min": 1, "max": 4, "tolerance": 50},
        "inner": {"count": 4, "min": 1, "max": None, "tolerance": None},
        "weights": {"distance": 1, "balance": 3, "spread": 3, "staff": 10, "likeness": 1},
        "hop_km": 12,
    }


def full_zones() -> Json:
    """The zones that full_areas is divided into, as JSON."""
    return dump_zones(divided(full_areas(), 3))


def divided(data: Json, count: int) -> Zones:
    """The best division of these areas."""
    return make_zones(parse_areas(data), count)
