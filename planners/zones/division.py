"""How many zones each county gets and which: the cheapest division of all counties into a given total.
Cuts no county itself (partition.py) and gives nobody a room (rooms_and_groups.py).

Counties share only the total, so the choice of counts is a shortest path over counties. A cut is computed
only for the counts that a path with cheap bounds in place of unknown costs would use; when the best path
knows all its costs, no other can be cheaper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planners.zones.adjacency import Graph, parts
from planners.zones.areas import Limits, Township, ZoneWeights
from planners.zones.partition import County, Cut, TooManySets, cheapest_cut


@dataclass(frozen=True, slots=True)
class Division:
    """One cut per county, and the spread: Σ over counties |work − pieces × average of all|, rounded."""

    cuts: tuple[Cut, ...]
    spread: tuple[int, ...]
    bound: int


def county_of(
    townships: Sequence[Township], members: Sequence[int], graph: Graph, limits: Limits, weights: ZoneWeights
) -> County:
    """The county of these townships (numbers in the file) as partition.py wants it."""
    return County(
        townships=tuple(townships[i] for i in members),
        neighbours=tuple(graph.masks(members)),
        km=graph.km[np.ix_(members, members)],
        limits=limits,
        distance_weight=weights.distance,
        balance_weight=weights.balance,
    )


def counts_of(county: County, total: int, others: int) -> list[int]:
    """The numbers of pieces that sizes and islands allow if `total` are wanted and `others` need one each."""
    links = [(a, b) for a, bits in enumerate(county.neighbours) for b in range(a) if bits >> b & 1]
    islands = len(parts(range(len(county.townships)), links))
    sizes = county.limits.sizes(len(county.townships))
    return [k for k in sizes if islands <= k <= total - others]


def spread_of(county: County, k: int, work: int, total: int) -> int:
    """|the county's work − k × the average of all `total` pieces| rounded half up."""
    return (2 * abs(county.total * total - k * work) + total) // (2 * total)


def divide(
    counties: Sequence[County], total: int, spread_weight: int, any_will_do: bool = False
) -> Division | None:
    """The cheapest division into exactly `total` pieces, or None. Raises TooManySets."""
    work = sum(county.total for county in counties)
    spread: list[dict[int, int]] = []
    price: list[dict[int, int]] = []  # lower bounds, replaced by costs as cuts become known
    for county in counties:
        counts = counts_of(county, total, len(counties) - 1)
        spread.append({k: spread_of(county, k, work, total) for k in counts})
        price.append({k: _least_distance(county, k) + spread_weight * spread[-1][k] for k in counts})
    known: list[dict[int, Cut]] = [{} for _ in counties]
    while True:
        chosen = _cheapest_counts(price, total)
        if chosen is None:
            return None
        unknown = [(c, k) for c, k in enumerate(chosen) if k not in known[c]]
        if not unknown:
            break
        for c, k in unknown:
            cut = cheapest_cut(counties[c], k, any_will_do)
            if cut is None:
                del price[c][k]
            else:
                known[c][k] = cut
                price[c][k] = (0 if any_will_do else cut.bound) + spread_weight * spread[c][k]
    cuts = tuple(known[c][k] for c, k in enumerate(chosen))
    spreads = tuple(spread[c][k] for c, k in enumerate(chosen))
    return Division(
        cuts,
        spreads,
        bound=sum(cut.bound for cut in cuts) + spread_weight * sum(spreads),
    )


def possible_counts(county: County, total: int, others: int) -> list[int]:
    """The numbers of pieces into which the county can really be cut; those with too many sets pass too."""
    found = []
    for k in counts_of(county, total, others):
        try:
            possible = cheapest_cut(county, k, any_will_do=True) is not None
        except TooManySets:
            possible = True
        if possible:
            found.append(k)
    return found


def _least_distance(county: County, k: int) -> int:
    """No cut into k pieces costs less: all but k townships are off their centre, at best by the nearest."""
    many = len(county.townships)
    nearest = sorted(
        min((int(county.km[i, j]) for j in range(many) if j != i), default=0) for i in range(many)
    )
    return county.distance_weight * sum(nearest[: many - k])


def _cheapest_counts(price: Sequence[dict[int, int]], total: int) -> list[int] | None:
    """One count per county, summing to `total` at the least price; of equals fewer pieces come first."""
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for prices in price:
        longer: dict[int, tuple[int, tuple[int, ...]]] = {}
        for given, (cost, counts) in best.items():
            for k, extra in prices.items():
                path = (cost + extra, (*counts, k))
                if given + k <= total and (given + k not in longer or path < longer[given + k]):
                    longer[given + k] = path
        best = longer
    return list(best[total][1]) if total in best else None
