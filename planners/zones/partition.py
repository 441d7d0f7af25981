"""The cheapest way to cut one county into exactly k connected pieces within limits, proven, or none.
Knows one county and one k; division.py chooses k for each county.

Set partitioning: every connected set of townships that may be a piece is a column. Prices of the linear
relaxation (GLOP) give each column a reduced cost; whatever the prices, a cut costs the sum of all prices plus
the reduced costs of its columns. With the prices rounded to whole millionths that identity is exact in whole
numbers, and a depth-first search that drops every column dearer than the room left proves the optimum. Among
cuts of equal cost a hash of the members decides, so that the answer does not hang on the solver's prices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from planners.zones.areas import Limits, Township

#: So many sets are looked at for one county and one k, so many steps are searched. Counted, not timed: the
#: answer is the same on a slow machine.
MOST_SETS = 500_000
MOST_STEPS = 1_000_000

SCALE = 1_000_000  # of the prices
FAR = 1 << 60


class TooManySets(Exception):
    """The limits leave more connected sets, or more ways to combine them, than can be looked at."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Members by their place in the county, the medoid among them, and the two figures that cost."""

    members: tuple[int, ...]
    centre: int
    distance: int
    deviation: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces in the order of their first members; none costs less than `bound`, its cost if proven."""

    pieces: tuple[Piece, ...]
    bound: int


@dataclass(frozen=True, slots=True)
class County:
    """What is cut: townships, their neighbours as bits, kilometres between them, limits, two weights."""

    townships: tuple[Township, ...]
    neighbours: tuple[int, ...]
    km: NDArray[np.int64]
    limits: Limits
    distance_weight: int
    balance_weight: int
    work: tuple[int, ...] = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        work = tuple(township.work for township in self.townships)
        object.__setattr__(self, "work", work)
        object.__setattr__(self, "total", sum(work))

    @property
    def everything(self) -> int:
        """The bits of all townships."""
        return (1 << len(self.townships)) - 1


def piece_of(county: County, members: Sequence[int], k: int) -> Piece:
    """These townships as one of `k` pieces: the medoid is the first of those with the least kilometres."""
    km = [int(county.km[i, list(members)].sum()) for i in members]
    centre = members[km.index(min(km))]
    work = sum(county.townships[i].work for i in members)
    return Piece(tuple(members), centre, min(km), (2 * abs(work * k - county.total) + k) // (2 * k))


def cheapest_cut(county: County, k: int, any_will_do: bool = False) -> Cut | None:
    """The cheapest cut into k pieces, or the first found if any will do. None: there is none.

    Raises TooManySets.
    """
    sets = connected_sets(county, k)
    if not sets:
        return None
    many = len(county.townships)
    holds = np.array([[bits >> i & 1 for i in range(many)] for bits in sets], dtype=np.int64)
    to_all = np.where(holds == 1, holds @ county.km, FAR)
    centres = to_all.argmin(axis=1)
    distance = to_all.min(axis=1)
    loads = holds @ np.array(county.work, dtype=np.int64)
    deviation = deviations(loads, county.total, k)
    cost = county.distance_weight * distance + county.balance_weight * deviation
    fine = cost * 0 if any_will_do else cost * SCALE + _tie_breaks(sets, SCALE // k)
    prices = _prices(fine, holds, k)
    if prices is None:
        return None
    search = _Search(sets, fine - holds @ prices[:-1] - prices[-1], k, many)
    chosen = search.run(any_will_do)
    if not search.finished and chosen is None:
        raise TooManySets
    if chosen is None:
        return None
    fixed = int(prices[:-1].sum()) + k * int(prices[-1])
    bound = (fixed + search.lowest * k) // SCALE  # the ties of a cut are below one unit
    if search.finished:
        bound = sum(int(cost[j]) for j in chosen)
    pieces = (
        Piece(
            tuple(i for i in range(many) if sets[j] >> i & 1),
            int(centres[j]),
            int(distance[j]),
            int(deviation[j]),
        )
        for j in chosen
    )
    return Cut(tuple(sorted(pieces, key=lambda piece: piece.members)), max(0, bound))


def _tie_breaks(sets: list[int], below: int) -> NDArray[np.int64]:
    """A number for each set, the same everywhere; those of one cut sum to less than one unit of cost."""
    digests = (hashlib.blake2b(b"%x" % bits, digest_size=8).digest() for bits in sets)
    return np.array([int.from_bytes(digest, "big") % below for digest in digests], dtype=np.int64)


def deviations(loads: NDArray[np.int64], total: int, k: int) -> NDArray[np.int64]:
    """|load − total / k| rounded half up, in whole numbers throughout."""
    rounded: NDArray[np.int64] = (2 * abs(loads * k - total) + k) // (2 * k)
    return rounded


def connected_sets(county: County, k: int) -> list[int]:
    """Every connected set (as bits) that may be one of k pieces, each once, in a fixed order.

    A set is grown from its first township; a township once passed over stays out (so no set comes twice).
    Raises TooManySets.
    """
    limits, work, total = county.limits, county.work, county.total
    if k == 1 and (limits.max is None or len(work) <= limits.max):
        whole = county.everything
        return [whole] if len(work) >= limits.min and _reach(1, whole, county.neighbours) == whole else []
    heaviest = total if limits.tolerance is None else total * (100 + limits.tolerance) // (100 * k)
    largest = len(work) - limits.min * (k - 1)
    largest = largest if limits.max is None else min(largest, limits.max)
    found, seen = [], 0
    for first, weight in enumerate(work):
        passed = (1 << (first + 1)) - 1
        stack = [(1 << first, county.neighbours[first] & ~passed, passed, 1, weight)]
        while stack:
            bits, border, passed, size, load = stack.pop()
            if load > heaviest:
                continue
            seen += 1
            if seen > MOST_SETS:
                raise TooManySets
            if size >= limits.min and limits.allows(load, total, k) and _rest_fits(county, bits, k):
                found.append(bits)
            if size >= largest:
                continue
            border &= ~passed
            while border:
                township = border & -border
                border ^= township
                passed |= township
                i = township.bit_length() - 1
                wider = border | county.neighbours[i]
                stack.append((bits | township, wider, passed, size + 1, load + work[i]))
    return found


def _reach(start: int, within: int, neighbours: Sequence[int]) -> int:
    """The bits that can be reached from `start` without leaving `within`."""
    reached, edge = start, start
    while edge:
        i = (edge & -edge).bit_length() - 1
        edge &= edge - 1
        fresh = neighbours[i] & within & ~reached
        reached |= fresh
        edge |= fresh
    return reached


def _rest_fits(county: County, bits: int, k: int) -> bool:
    """Whether each part that the set leaves over is large enough for at least one piece."""
    rest = county.everything & ~bits
    pieces = 0
    while rest:
        part = _reach(rest & -rest, rest, county.neighbours)
        rest &= ~part
        pieces += 1
        if part.bit_count() < county.limits.min or pieces > k - 1:
            return False
    return True


def _prices(fine: NDArray[np.int64], holds: NDArray[np.int64], k: int) -> NDArray[np.int64] | None:
    """Millionths of the price of each township and, last, of a piece. None: the relaxation has no answer."""
    columns, many = holds.shape
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend([0.0] * columns)
    model.variables.upper_bounds.extend([float("inf")] * columns)
    model.variables.integers.extend([False] * columns)
    model.objective.linear_coefficients.ids.extend(range(columns))
    model.objective.linear_coefficients.values.extend((fine / SCALE).tolist())
    rows = [1.0] * many + [float(k)]
    model.linear_constraints.ids.extend(range(many + 1))
    model.linear_constraints.lower_bounds.extend(rows)
    model.linear_constraints.upper_bounds.extend(rows)
    entries = np.vstack([holds.T, np.ones((1, columns), dtype=np.int64)])
    row_ids, column_ids = np.nonzero(entries)
    model.linear_constraint_matrix.row_ids.extend(row_ids.tolist())
    model.linear_constraint_matrix.column_ids.extend(column_ids.tolist())
    model.linear_constraint_matrix.coefficients.extend([1.0] * len(row_ids))
    relaxed = mathopt.Model.from_model_proto(model)
    result = mathopt.solve(relaxed, mathopt.SolverType.GLOP)
    if not result.has_dual_feasible_solution():
        if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
            return None
        return np.zeros(many + 1, dtype=np.int64)  # any prices prove; these only let the search take longer
    duals = result.dual_values()
    values = [duals[row] for row in sorted(duals, key=lambda row: row.id)]
    return np.round(np.array(values) * SCALE).astype(np.int64)


class _Search:
    """Depth first over the township with the fewest columns left, cheapest first, within a growing room."""

    def __init__(self, sets: list[int], reduced: NDArray[np.int64], k: int, many: int) -> None:
        self.k, self.many = k, many
        self.lowest = min(0, int(reduced.min()))
        self.costs = reduced.tolist()
        self.by_bits = {bits: j for j, bits in enumerate(sets)}
        self.with_township: list[list[tuple[int, int, int]]] = [[] for _ in range(many)]
        for j in np.argsort(reduced, kind="stable").tolist():
            for i in range(many):
                if sets[j] >> i & 1:
                    self.with_township[i].append((self.costs[j], sets[j], j))
        self.steps = 0
        self.finished = True
        self.best: list[int] | None = None

    def run(self, any_will_do: bool) -> list[int] | None:
        """The columns of the cheapest cut; `finished` tells whether the search came to its end."""
        everything, most = (1 << self.many) - 1, self.k * max(0, max(self.costs)) + 1
        room = most if any_will_do else min(most, 2 * SCALE)
        while True:
            self.room, self.any_will_do = room, any_will_do
            self._go(everything, self.k, 0, [])
            if self.best is not None or not self.finished:
                return self.best
            if room >= most:
                return None
            room = min(most, room * 4)

    def _go(self, left: int, pieces: int, spent: int, chosen: list[int]) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            self.finished = False
        if not self.finished or (self.any_will_do and self.best is not None):
            return
        if pieces == 1:
            last = self.by_bits.get(left)
            if last is not None and spent + self.costs[last] < self.room:
                self.room, self.best = spent + self.costs[last], [*chosen, last]
            return
        later = (pieces - 1) * self.lowest
        for cost, bits, j in self.with_township[self._scarcest(left, self.room - spent - later)]:
            if spent + cost + later >= self.room:
                return
            if not bits & ~left:
                self._go(left & ~bits, pieces - 1, spent + cost, [*chosen, j])

    def _scarcest(self, left: int, room: int) -> int:
        """The township of `left` that the fewest affordable columns still cover."""
        scarcest, fewest, todo = 0, FAR, left
        while todo:
            i = (todo & -todo).bit_length() - 1
            todo &= todo - 1
            count = 0
            for cost, bits, _ in self.with_township[i]:
                if cost >= room or count >= fewest:
                    break
                if not bits & ~left:
                    count += 1
            if count < fewest:
                scarcest, fewest = i, count
                if not count:
                    break
        return scarcest
