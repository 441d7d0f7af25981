"""Townships to cooperation zones (片区): divide, divide again inside, post rooms and stationed groups, check.
Cuts and posts nothing itself: division.py and rooms_and_groups.py do, check_zones.py judges what they found.

Each step is the best for what the step before it left; steps are not weighed against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from planners import VERSION
from planners.zones.adjacency import Graph, graph_of
from planners.zones.areas import ZONE_TERMS, Areas, InnerGroup, NoZones, Township, Zone, Zones
from planners.zones.check_zones import check_zones
from planners.zones.division import Division, county_of, divide
from planners.zones.limits import GROUPS, TOO_MANY_SETS, ZONES, Level, too_tight
from planners.zones.notes import notes_on
from planners.zones.partition import County, Cut, TooManySets, piece_of
from planners.zones.rooms_and_groups import Place, Posting, post

__all__ = ["NoZones", "judge_zones", "make_zones"]


@dataclass(frozen=True, slots=True)
class _Level:
    """One division: its counties, their townships by number in the file, and what came out."""

    counties: list[County]
    members: list[list[int]]
    division: Division


def make_zones(areas: Areas, count: int) -> Zones:
    """The best division into `count` zones, with inner groups and bodies where the file has them.

    Raises NoZones with one sentence that names what is too tight.
    """
    graph = graph_of(areas)
    at = {township.id: i for i, township in enumerate(areas.townships)}
    groups = areas.groups()
    counties = [[at[township.id] for township in members] for members in groups.values()]
    named = [_called(group, members) for group, members in groups.items()]
    outer = _divided(areas, graph, counties, Level(ZONES, count, areas.limits, tuple(named)))
    zones = [
        Zone(id=f"Z{number:02}", name=f"第{number}片区", group=group, **fields)
        for number, (group, fields) in enumerate(_pieces(areas, outer, list(groups)), 1)
    ]
    inner = None
    if areas.inner is not None:
        held = [[at[id] for id in zone.townships] for zone in zones]
        level = Level(GROUPS, areas.inner.count, areas.inner.limits, tuple(zone.name for zone in zones))
        inner = _divided(areas, graph, held, level)
        zones = _with_groups(areas, inner, zones)
    posting = post(areas, [Place(zone.group, zone.townships, zone.work) for zone in zones])
    found = _answer(areas, graph, outer, inner, posting, _with_bodies(areas, posting, zones))
    found = replace(found, notes=notes_on(areas, graph, found))
    faults = check_zones(areas, found, count)
    if faults:
        raise RuntimeError("the division does not pass its own check: " + "; ".join(faults))
    return found


def judge_zones(areas: Areas, groups: Sequence[Sequence[str]]) -> tuple[Zones, tuple[str, ...]]:
    """The division that people drew, with its figures and bodies, and every fault of it in one sentence.

    `groups` are townships by id, each in one group, none empty; one county without inner groups. Nothing is
    known of a better one, so it is not proven: its bound is what the posting of bodies must cost.
    """
    graph = graph_of(areas)
    at = {township.id: i for i, township in enumerate(areas.townships)}
    numbers = list(range(len(at)))
    county = county_of(areas.townships, numbers, graph, areas.limits, areas.weights)
    held = sorted(sorted(at[id] for id in group) for group in groups)
    cut = Cut(tuple(piece_of(county, members, len(held)) for members in held), 0)
    outer = _Level([county], [numbers], Division((cut,), (0,), 0))
    zones = [
        Zone(id=f"Z{number:02}", name=f"第{number}片区", group=group, **fields)
        for number, (group, fields) in enumerate(_pieces(areas, outer, [None]), 1)
    ]
    posting = post(areas, [Place(zone.group, zone.townships, zone.work) for zone in zones])
    found = _answer(areas, graph, outer, None, posting, _with_bodies(areas, posting, zones))
    found = replace(found, notes=notes_on(areas, graph, found))
    return found, check_zones(areas, found)


def _called(group: str | None, members: Sequence[Township]) -> str:
    return group if group is not None else f"全部{len(members)}个乡镇"


def _divided(areas: Areas, graph: Graph, members: list[list[int]], level: Level) -> _Level:
    counties = [county_of(areas.townships, held, graph, level.limits, areas.weights) for held in members]
    try:
        division = divide(counties, level.count, areas.weights.spread)
    except TooManySets:
        raise NoZones(TOO_MANY_SETS.format(level=level.words.zone)) from None
    if division is None:
        raise NoZones(too_tight(counties, level))
    return _Level(counties, members, division)


def _pieces(areas: Areas, level: _Level, parents: Sequence[str | None]) -> list[tuple[Any, dict[str, Any]]]:
    """Every piece as fields of a Zone or InnerGroup, with its parent; by parents, then first townships."""
    found = []
    for parent, members, cut in zip(parents, level.members, level.division.cuts, strict=True):
        for piece in cut.pieces:
            held = [areas.townships[members[i]] for i in piece.members]
            fields = {
                "townships": tuple(township.id for township in held),
                "centre": areas.townships[members[piece.centre]].id,
                "work": sum(township.work for township in held),
                "distance": piece.distance,
                "deviation": piece.deviation,
            }
            found.append((parent, fields))
    return found


def _with_groups(areas: Areas, level: _Level, zones: Sequence[Zone]) -> list[Zone]:
    groups: dict[str, list[InnerGroup]] = {zone.id: [] for zone in zones}
    for zone, fields in _pieces(areas, level, [zone.id for zone in zones]):
        number = len(groups[zone]) + 1
        groups[zone].append(InnerGroup(id=f"{zone}-{number}", name=f"第{number}组", **fields))
    return [replace(zone, inner=tuple(groups[zone.id])) for zone in zones]


def _with_bodies(areas: Areas, posting: Posting, zones: Sequence[Zone]) -> list[Zone]:
    placed = []
    for z, zone in enumerate(zones):
        rooms = [body for body, at in zip(areas.rooms, posting.rooms, strict=True) if at == z]
        stationed = [body for body, at in zip(areas.stationed, posting.stationed, strict=True) if at == z]
        placed.append(
            replace(
                zone,
                rooms=tuple(body.id for body in rooms),
                stationed=tuple(body.id for body in stationed),
                staff=sum(body.staff for body in rooms + stationed),
            )
        )
    return placed


def _answer(
    areas: Areas, graph: Graph, outer: _Level, inner: _Level | None, posting: Posting, zones: list[Zone]
) -> Zones:
    groups = [group for zone in zones for group in zone.inner]
    terms = {
        "distance": sum(zone.distance for zone in zones),
        "balance": sum(zone.deviation for zone in zones),
        "spread": sum(outer.division.spread),
        "inner_distance": sum(group.distance for group in groups),
        "inner_balance": sum(group.deviation for group in groups),
        "inner_spread": sum(inner.division.spread) if inner else 0,
        "staff": posting.staff,
        "likeness": posting.likeness,
    }
    ids = [township.id for township in areas.townships]
    return Zones(
        areas_sha256=areas.sha256,
        version=VERSION,
        zones=tuple(zones),
        links=tuple((ids[a], ids[b]) for a, b in graph.links),
        joined=tuple((ids[a], ids[b]) for a, b in graph.joined),
        source="list" if areas.adjacency else "places",
        terms=terms,
        total=sum(areas.weights.of(term) * terms[term] for term in ZONE_TERMS),
        bound=outer.division.bound + (inner.division.bound if inner else 0) + posting.bound,
    )
