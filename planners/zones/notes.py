"""What a reader of a division must be told: where neighbours come from, what is estimated or missing.
Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from planners.zones.adjacency import Graph, parts
from planners.zones.areas import Areas, Zones


def notes_on(areas: Areas, graph: Graph, found: Zones) -> tuple[str, ...]:
    """Sentences for people, each of one line."""
    return (*_neighbours(areas, graph), *_places(areas), *_bodies(areas, found), *_proof(found))


def _neighbours(areas: Areas, graph: Graph) -> Iterator[str]:
    names = [township.name for township in areas.townships]
    if not areas.adjacency:
        yield (
            f"未提供相邻表：相邻关系由坐标按加布里埃尔图推定，县内共{len(graph.links)}对相邻，"
            "与实际交界可能不同，请核对。"
        )
    for a, b in graph.joined:
        yield f"{names[a]}与{names[b]}按坐标不相邻，为使本县连成一片按最近距离补连（{graph.km[a, b]}公里）。"
    if graph.crossing:
        yield f"相邻表中有{graph.crossing}对跨县，片区不跨县，未采用。"
    at = {township.id: i for i, township in enumerate(areas.townships)}
    for group, members in areas.groups().items():
        islands = parts([at[township.id] for township in members], graph.links)
        if len(islands) > 1:
            alone = "；".join(f"{names[island[0]]}等{len(island)}个" for island in islands[1:])
            where = group if group is not None else "全部乡镇"
            yield f"相邻表把{where}分成互不相连的{len(islands)}块（另有{alone}），各块分别划分。"


def _places(areas: Areas) -> Iterator[str]:
    missing = [township.name for township in areas.townships if township.place is None]
    if missing:
        yield (
            f"{'、'.join(missing)}没有坐标，与其他乡镇的距离沿相邻关系累计，其中每段按{areas.hop_km}公里估计。"
        )


def _bodies(areas: Areas, found: Zones) -> Iterator[str]:
    without = [zone.name for zone in found.zones if not zone.rooms]
    if areas.rooms and without:
        yield f"纪检监察室不够分到每个片区：{'、'.join(without)}没有室。"


def _proof(found: Zones) -> Iterator[str]:
    if not found.proven:
        yield f"这一方案的总值为{found.total}，已证明不低于{found.bound}，两者之间是否有更好的方案未能证明。"
