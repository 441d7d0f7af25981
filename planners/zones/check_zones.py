"""Judges a division: whole, connected, within limits, bodies placed, every figure true. Sentences for people.
Shares no code with what divides; it imports only the words and who is whose neighbour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from planners.zones.adjacency import Graph, graph_of
from planners.zones.areas import ZONE_TERMS, Areas, Body, InnerGroup, Limits, Township, Zone, Zones


def check_zones(areas: Areas, found: Zones, count: int | None = None) -> tuple[str, ...]:
    """Every fault in one sentence, none for a good division. `count` is the number of zones asked for.

    Ids that the areas do not have are KeyErrors (zone_files.parse_zones refuses them).
    """
    graph = graph_of(areas)
    names = {township.id: i for i, township in enumerate(areas.townships)}
    links = {(areas.townships[a].id, areas.townships[b].id) for a, b in graph.links}
    faults: list[str] = []
    if found.areas_sha256 != areas.sha256:
        faults.append("这一划分是为另一份乡镇表作的")
    if count is not None and len(found.zones) != count:
        faults.append(f"要求{count}个片区，实有{len(found.zones)}个")
    if set(found.links) != links:
        faults.append("所列相邻关系与乡镇表不符")
    faults.extend(
        _once("乡镇", [t.id for t in areas.townships], [id for z in found.zones for id in z.townships])
    )
    if faults:
        return tuple(faults)
    towns = {township.id: township for township in areas.townships}
    for zone in found.zones:
        parents = {towns[id].group for id in zone.townships}
        if parents != {zone.group}:
            faults.append(f"{zone.name}跨县")
    for group, members in areas.groups().items():
        own = [zone for zone in found.zones if zone.group == group]
        faults.extend(_pieces(own, members, areas.limits, graph, names))
    faults.extend(_inner(areas, found, graph, names))
    faults.extend(_bodies(areas, found))
    return tuple(faults or _terms(areas, found))


def _once(what: str, wanted: Sequence[str], held: Sequence[str]) -> Iterator[str]:
    counts = Counter(held)
    for id in wanted:
        if counts[id] != 1:
            yield f"{what}{id}应恰在一处，实在{counts[id]}处"


def _pieces(
    pieces: Sequence[Zone | InnerGroup],
    members: Sequence[Township],
    limits: Limits,
    graph: Graph,
    names: dict[str, int],
) -> Iterator[str]:
    """Sizes, work, connection and the stated figures of the pieces of one county (or of one zone)."""
    towns = {township.id: township for township in members}
    total = sum(township.work for township in members)
    for piece in pieces:
        size, work = len(piece.townships), sum(towns[id].work for id in piece.townships)
        if size < limits.min or (limits.max is not None and size > limits.max):
            yield f"{piece.name}有{size}个乡镇，不在限制之内"
        off = abs(work * len(pieces) - total)
        if limits.tolerance is not None and off * 100 > total * limits.tolerance:
            yield f"{piece.name}工作量{work}偏离平均超过{limits.tolerance}%"
        numbers = [names[id] for id in piece.townships]
        if not _connected(numbers, graph):
            yield f"{piece.name}不连片"
        away = {id: sum(int(graph.km[names[id], other]) for other in numbers) for id in piece.townships}
        stated = (piece.work, piece.deviation, piece.distance)
        if piece.centre not in away:
            yield f"{piece.name}的中心不在其中"
        elif stated != (work, _half_up(off, len(pieces)), away[piece.centre]) or away[piece.centre] > min(
            away.values()
        ):
            yield f"{piece.name}所列工作量、偏差或距离不实"


def _connected(numbers: Sequence[int], graph: Graph) -> bool:
    inside = set(numbers)
    reached, edge = {numbers[0]}, [numbers[0]]
    while edge:
        here = edge.pop()
        for a, b in graph.links:
            for one, other in ((a, b), (b, a)):
                if one == here and other in inside and other not in reached:
                    reached.add(other)
                    edge.append(other)
    return reached == inside


def _inner(areas: Areas, found: Zones, graph: Graph, names: dict[str, int]) -> Iterator[str]:
    wanted = areas.inner.count if areas.inner else 0
    groups = sum(len(zone.inner) for zone in found.zones)
    if groups != wanted:
        yield f"要求{wanted}个组，实有{groups}个"
    if areas.inner is None:
        return
    for zone in found.zones:
        torn = list(_once("乡镇", zone.townships, [id for group in zone.inner for id in group.townships]))
        yield from torn
        if sum(len(group.townships) for group in zone.inner) != len(zone.townships):
            yield f"{zone.name}的组里有片区以外的乡镇"
        elif not torn:
            members = [areas.townships[names[id]] for id in zone.townships]
            yield from _pieces(zone.inner, members, areas.inner.limits, graph, names)


def _bodies(areas: Areas, found: Zones) -> Iterator[str]:
    yield from _once("纪检监察室", [b.id for b in areas.rooms], [id for z in found.zones for id in z.rooms])
    yield from _once(
        "派驻组", [b.id for b in areas.stationed], [id for z in found.zones for id in z.stationed]
    )
    rooms = {body.id: body for body in areas.rooms}
    stationed = {body.id: body for body in areas.stationed}
    for zone in found.zones:
        bodies = [rooms[id] for id in zone.rooms] + [stationed[id] for id in zone.stationed]
        if any(body.group not in (None, zone.group) for body in bodies):
            yield f"{zone.name}有别县的室或组"
        if zone.staff != sum(body.staff for body in bodies):
            yield f"{zone.name}所列人数不实"
    yield from _even("纪检监察室", areas.rooms, {zone: zone.rooms for zone in found.zones})
    yield from _even("派驻组", areas.stationed, {zone: zone.stationed for zone in found.zones})
    free = sum(body.group is None for body in areas.rooms)
    for group in areas.groups():
        own = [zone for zone in found.zones if zone.group == group]
        bound = sum(body.group == group and group is not None for body in areas.rooms)
        free -= max(0, len(own) - bound)
    if free >= 0:
        yield from (f"{zone.name}没有纪检监察室" for zone in found.zones if not zone.rooms)


def _even(what: str, bodies: Sequence[Body], held: dict[Zone, tuple[str, ...]]) -> Iterator[str]:
    """Bodies that may all go to the same zones: no zone has two more than another."""
    groups = {body.group for body in bodies}
    if len(groups) > 1 and None in groups:
        return
    for group in groups:
        own = {body.id for body in bodies if body.group == group}
        counts = [len(own.intersection(ids)) for zone, ids in held.items() if group in (None, zone.group)]
        if max(counts) - min(counts) > 1:
            yield f"{what}分得不匀：最多的片区{max(counts)}个，最少的{min(counts)}个"


def _terms(areas: Areas, found: Zones) -> Iterator[str]:
    """The eight terms, the total and the bound against the zones."""
    towns = {township.id: township for township in areas.townships}
    work = sum(township.work for township in areas.townships)
    terms = dict.fromkeys(ZONE_TERMS, 0)
    groups = sum(len(zone.inner) for zone in found.zones)
    for group, members in areas.groups().items():
        own = sum(zone.group == group for zone in found.zones)
        load = sum(township.work for township in members)
        terms["spread"] += _half_up(abs(load * len(found.zones) - own * work), len(found.zones))
    rooms = {body.id: body for body in areas.rooms}
    stationed = {body.id: body for body in areas.stationed}
    everyone = sum(body.staff for body in areas.rooms + areas.stationed)
    for zone in found.zones:
        terms["distance"] += zone.distance
        terms["balance"] += zone.deviation
        if zone.inner:
            load = sum(towns[id].work for id in zone.townships)
            terms["inner_distance"] += sum(group.distance for group in zone.inner)
            terms["inner_balance"] += sum(group.deviation for group in zone.inner)
            terms["inner_spread"] += _half_up(abs(load * groups - len(zone.inner) * work), groups)
        share, whole = (zone.work, work) if work else (1, len(found.zones))
        terms["staff"] += _half_up(abs(zone.staff * whole - everyone * share), whole)
        terms["likeness"] += sum(rooms[id].unlike(zone.townships) for id in zone.rooms)
        terms["likeness"] += sum(stationed[id].unlike(zone.townships) for id in zone.stationed)
    if dict(found.terms) != terms:
        yield f"所列各项代价不实，应为{terms}"
    if found.total != sum(areas.weights.of(term) * cost for term, cost in terms.items()):
        yield "所列总值不实"
    if found.bound > found.total:
        yield "所列下界高于总值"


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
