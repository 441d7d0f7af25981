"""A min-cost flow as arrays of arcs, for every engine that seats or counts many people at once.
It knows neither people nor units; what an arc means is for whoever adds it to remember.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from planners.books.tables import Ints


class Arcs:
    """Arcs and supplies of a flow network, collected in a fixed order and solved in one call."""

    def __init__(self) -> None:
        self._tails: list[Ints] = []
        self._heads: list[Ints] = []
        self._capacities: list[Ints] = []
        self._costs: list[Ints] = []
        self.count = 0

    def add(self, tails: object, heads: object, capacities: object, costs: object) -> slice:
        """Append arcs (arrays or scalars, broadcast together); the slice finds their flows later."""
        columns = np.broadcast_arrays(
            *(np.asarray(c, dtype=np.int64) for c in (tails, heads, capacities, costs))
        )
        stores = (self._tails, self._heads, self._capacities, self._costs)
        for store, column in zip(stores, columns, strict=True):
            store.append(column.ravel())
        start, self.count = self.count, self.count + columns[0].size
        return slice(start, self.count)

    def solve(self, supplies: dict[int, int]) -> tuple[Ints, int]:
        """(flow per arc, total cost). ArithmeticError when the solver finds no optimum, e.g. on overflow."""
        if not self.count or not any(supplies.values()):
            return np.zeros(self.count, dtype=np.int64), 0
        network = SimpleMinCostFlow()
        network.add_arcs_with_capacity_and_unit_cost(
            np.concatenate(self._tails).astype(np.int32),
            np.concatenate(self._heads).astype(np.int32),
            np.concatenate(self._capacities),
            np.concatenate(self._costs),
        )
        for node, supply in supplies.items():
            network.set_node_supply(node, supply)
        status = network.solve()
        if status != network.OPTIMAL:
            raise ArithmeticError(f"min-cost flow ended with {status}")
        flows: Ints = network.flows(np.arange(self.count, dtype=np.int32))
        return flows, int(network.optimal_cost())
