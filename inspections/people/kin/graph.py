"""Who is related to whom: declared facts as a graph, and the shortest path by which two people are kin.

Pure: nodes are anything that can be a key. It knows no table; which paths count is told in kinship.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence

from inspections.people.kin.kinship import STEPS, WIDE, Relation, joined, may_lead_on, relation

#: the step back; whether the other is a man or a woman is not known from here
_BACK: Mapping[str, str] = {"S": "配偶", "P": "子女", "C": "父母", "B": "兄弟姐妹"}


class KinGraph:
    """Declared relatives. Somebody on the way whom nobody named is a node of its own."""

    def __init__(self) -> None:
        self._edges: dict[Hashable, list[tuple[str, Hashable]]] = {}
        self._unnamed = 0

    def tell(self, person: Hashable, steps: Sequence[str], relative: Hashable) -> None:
        """Nothing; `relative` is what the facts say of `person`, e.g. ("母亲", "兄弟")."""
        here = person
        for number, word in enumerate(steps, 1):
            if number == len(steps):
                there: Hashable = relative
            else:
                self._unnamed += 1
                there = ("unnamed", self._unnamed)
            self._edges.setdefault(here, []).append((word, there))
            self._edges.setdefault(there, []).append((_BACK[STEPS[word]], here))
            here = there

    def relatives(self, person: Hashable, kin_set: str = WIDE) -> dict[Hashable, Relation]:
        """Everybody who counts as kin of `person`, each with the shortest path that makes them so.

        Of two paths of one length the nearer kind stands (spouse, lineal, collateral, affinity).
        """
        found: dict[Hashable, Relation] = {}
        for there, steps in self._paths(person):
            made = relation(steps, kin_set)
            if made is not None and (there not in found or _rank(made) < _rank(found[there])):
                found[there] = made
        return found

    def _paths(self, person: Hashable) -> Iterator[tuple[Hashable, tuple[str, ...]]]:
        """Every path without a circle that can count, the short ones first."""
        waiting: deque[tuple[tuple[Hashable, ...], tuple[str, ...]]] = deque([((person,), ())])
        while waiting:
            nodes, steps = waiting.popleft()
            for word, there in self._edges.get(nodes[-1], ()):
                if there in nodes:
                    continue
                further = (*steps, word)
                if may_lead_on(further):
                    yield there, further
                    waiting.append(((*nodes, there), further))


def _rank(found: Relation) -> tuple[int, str]:
    return len(joined(found.steps)), found.kind
