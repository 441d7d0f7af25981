"""Which townships are neighbours, from a list or else from their places, and how far apart two of them are.
Divides nothing. Places give the Gabriel graph: neighbours have no third township in the circle over them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planners.zones.areas import Areas, Township

Link = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Graph:
    """Neighbours within the parent counties, townships by their number in the file.

    `links` are sorted pairs (low, high), `joined` those of them that hold a torn county together, `crossing`
    counts pairs of the list that lie across counties and are not used, `km` is whole kilometres between any
    two of one connected part.
    """

    links: tuple[Link, ...]
    joined: tuple[Link, ...]
    crossing: int
    km: NDArray[np.int64]

    def masks(self, members: Sequence[int]) -> list[int]:
        """For each of these townships the bits of its neighbours among them, bit i for members[i]."""
        at = {township: i for i, township in enumerate(members)}
        found = [0] * len(members)
        for a, b in self.links:
            if a in at and b in at:
                found[at[a]] |= 1 << at[b]
                found[at[b]] |= 1 << at[a]
        return found


def graph_of(areas: Areas) -> Graph:
    """The neighbours: the list if there is one, else the Gabriel graph of all places, torn counties joined.

    A list is never added to: what it does not connect stays apart.
    """
    townships = areas.townships
    if areas.adjacency:
        at = {township.id: i for i, township in enumerate(townships)}
        pairs = {(min(at[a], at[b]), max(at[a], at[b])) for a, b in areas.adjacency}
    else:
        pairs = set(gabriel([township.place or (0.0, 0.0) for township in townships]))
    within = {(a, b) for a, b in pairs if townships[a].group == townships[b].group}
    joined: set[Link] = set() if areas.adjacency else set(_joining(areas, within))
    links = tuple(sorted(within | joined))
    crossing = len(pairs) - len(within) if areas.adjacency else 0
    return Graph(links, tuple(sorted(joined)), crossing, _kilometres(townships, links, areas.hop_km))


def gabriel(points: Sequence[Point]) -> list[Link]:
    """Pairs (low, high) with no third point strictly inside the circle over them; it is always connected."""
    squares = _squares(points)
    found = []
    for a, to_others in enumerate(squares):
        # by way of a or b itself a detour is exactly as long, so only a third township can shorten it
        between = (to_others[:, None] + squares).min(axis=0) < to_others
        found += [(a, b) for b in range(a + 1, len(points)) if not between[b]]
    return found


def parts(members: Iterable[int], links: Iterable[Link]) -> list[list[int]]:
    """The connected parts of these townships, each sorted, in the order of their first ones."""
    home = {township: township for township in sorted(members)}

    def root(township: int) -> int:
        while home[township] != township:
            township = home[township]
        return township

    for a, b in links:
        if a in home and b in home:
            low, high = sorted((root(a), root(b)))
            home[high] = low
    found: dict[int, list[int]] = {}
    for township in home:
        found.setdefault(root(township), []).append(township)
    return list(found.values())


def _joining(areas: Areas, links: set[Link]) -> Iterable[Link]:
    """The shortest links that hold together each county which the graph of the whole land leaves torn."""
    squares = _squares([township.place or (0.0, 0.0) for township in areas.townships])
    counties: dict[str | None, list[int]] = {}
    for i, township in enumerate(areas.townships):
        counties.setdefault(township.group, []).append(i)
    for members in counties.values():
        pieces = parts(members, links)
        while len(pieces) > 1:
            first = pieces[0]
            rest = [township for piece in pieces[1:] for township in piece]
            _, a, b = min((squares[a, b], min(a, b), max(a, b)) for a in first for b in rest)
            yield a, b
            links = links | {(a, b)}
            pieces = parts(members, links)


def _kilometres(townships: Sequence[Township], links: Iterable[Link], hop_km: int) -> NDArray[np.int64]:
    """Straight lines; to and from a township without a place the shortest way along the links."""
    many = len(townships)
    unknown = np.array([township.place is None for township in townships])
    straight = np.sqrt(_squares([township.place or (0.0, 0.0) for township in townships]))
    straight[unknown, :] = straight[:, unknown] = math.inf
    np.fill_diagonal(straight, 0.0)
    way = straight.copy()
    if np.isinf(straight).any():
        way = np.full((many, many), math.inf)
        np.fill_diagonal(way, 0.0)
        for a, b in links:
            way[a, b] = way[b, a] = straight[a, b] if math.isfinite(straight[a, b]) else hop_km
        for via in range(many):
            way = np.minimum(way, way[:, via, None] + way[None, via, :])
    chosen = np.where(np.isfinite(straight), straight, way)
    return np.floor(np.where(np.isfinite(chosen), chosen, 0.0) + 0.5).astype(np.int64)


def _squares(points: Sequence[Point]) -> NDArray[np.float64]:
    """Squared distances between all points."""
    places = np.array(points, dtype=np.float64).reshape(-1, 2)
    apart = places[:, None, :] - places[None, :, :]
    squares: NDArray[np.float64] = (apart**2).sum(axis=2)
    return squares
