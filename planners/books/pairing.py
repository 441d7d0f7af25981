"""What a team costs in which people are new and nobody is experienced, slot by slot.
A cost of the whole team: draft.py and fast_seats.py ask what it is before and after somebody joins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planners.policies import Policies
from planners.problem import Person, Slot


class Paired(NamedTuple):
    """A slot that wants somebody experienced beside its new holders: `new` by person, `cost` per team."""

    slot: int
    new: tuple[bool, ...]
    cost: int


def pairings_of(policies: Policies, slots: Sequence[Slot], people: Sequence[Person]) -> list[Paired]:
    """The slots whose pairing costs something."""
    found = []
    for number, slot in enumerate(slots):
        pairing = policies.pairing.get(slot.id)
        if pairing is not None and pairing.avoid:
            least = pairing.new_below_months
            new = tuple(policies.months.get(person.id, least) < least for person in people)
            found.append(Paired(number, new, pairing.avoid))
    return found


def unpaired(pairings: Iterable[Paired], seated: Sequence[tuple[int, int]]) -> int:
    """What the team of these (slot, person) costs."""
    cost = 0
    for slot, new, dear in pairings:
        if all(new[person] for _, person in seated) and any(s == slot for s, _ in seated):
            cost += dear
    return cost
