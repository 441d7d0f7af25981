"""Whom crossing lets visit which unit, in arrays, and what it costs where it is only avoided.
Says the same as eligibility.py does in words; the circles are laid out by tables.py."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planners.policies import CIRCLES, FORBID, SlotCrossing
from planners.problem import Crossing

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Circles(NamedTuple):
    """P×U: person and unit share the home unit, the area, the zone. `placeless` (P×1): who has no area."""

    unit: Bools
    area: Bools
    zone: Bools
    placeless: Bools


def passing_by_skill(circles: Circles, rule: Crossing) -> Bools:
    """P×U: version 1 lets the person visit the unit in a skill with this rule (H06); the own unit is H05."""
    everywhere = np.ones_like(circles.area)
    comes_from = {"any": everywhere, "area": circles.area, "zone": circles.zone}[rule.from_]
    belongs = {"unit": ~everywhere, "area": circles.area, "zone": circles.zone}[rule.not_]
    return (comes_from & ~belongs) | circles.placeless


def passing_by_policy(circles: Circles, entry: SlotCrossing) -> Bools:
    """P×U: the policies of a slot let the person visit the unit (H05, H06)."""
    passes = np.ones_like(circles.area)
    if entry.from_ != "any":
        passes &= getattr(circles, entry.from_) | circles.placeless
    for circle in CIRCLES:
        if getattr(entry, circle) == FORBID:
            passes &= ~getattr(circles, circle)
    return passes


def avoided(circles: Circles, entry: SlotCrossing) -> Ints | None:
    """P×U: what a seat costs for the circles that the slot avoids; None where it avoids none."""
    costs = {circle: getattr(entry, circle).cost for circle in CIRCLES if getattr(entry, circle).cost}
    if not costs:
        return None
    price = np.zeros(circles.area.shape, dtype=np.int64)
    for circle, cost in costs.items():
        price += cost * getattr(circles, circle)
    return price
