"""Random families: every pair of their members is judged a second time, from sets of parents and spouses."""

import random
from collections import defaultdict

import pytest

from inspections.people.kin.graph import KinGraph
from inspections.people.kin.kinship import NARROW, WIDE


class Family:
    """Four generations: couples of one generation and their children; some parents are unknown."""

    def __init__(self, seed: int) -> None:
        lot = random.Random(seed)
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.spouse: dict[int, int] = {}
        self.people: list[int] = []
        older: list[tuple[int, ...]] = []
        for generation in range(4):
            here = [generation * 100 + n for n in range(lot.randint(4, 9))]
            self.people += here
            for child in here:
                if older and lot.random() < 0.85:
                    self.parents[child] = set(lot.choice(older))
            single = here[:]
            lot.shuffle(single)
            older = []
            while len(single) > 1:
                one, two = single.pop(), single.pop()
                if self.parents[one] & self.parents[two] or lot.random() < 0.25:
                    older.append((one,))
                    continue
                self.spouse[one], self.spouse[two] = two, one
                older.append((one, two))
            older += [(one,) for one in single]

    def children(self, person: int) -> set[int]:
        return {one for one in self.people if person in self.parents[one]}

    def siblings(self, person: int) -> set[int]:
        return {one for one in self.people if one != person and self.parents[one] & self.parents[person]}

    def spouses(self, people: set[int]) -> set[int]:
        return {self.spouse[one] for one in people if one in self.spouse}

    def of_each(self, step: str, people: set[int]) -> set[int]:
        """Everybody one step on; `step` is a letter of the statute's paths."""
        if step == "S":
            return self.spouses(people)
        one_on = {"P": lambda one: self.parents[one], "C": self.children, "B": self.siblings}[step]
        return set().union(*(one_on(one) for one in people))

    def kin(self, person: int, kin_set: str) -> dict[int, str]:
        """Relative → kind by the shortest of the statute's paths, each followed set by set."""
        paths = {"S": "RC-04", "P": "RC-05", "C": "RC-05", "PP": "RC-05", "CC": "RC-05", "B": "RC-06"}
        if kin_set == WIDE:
            paths |= {"PPP": "RC-05", "CCC": "RC-05", "PB": "RC-06", "BC": "RC-06", "PBC": "RC-06"}
            by_marriage = "SP SB SBS CS CSP BS PBS BCS PBCS"
            paths |= dict.fromkeys(by_marriage.split(), "RC-07")
        found: dict[int, tuple[int, str]] = {}
        for path, kind in paths.items():
            reached = {person}
            for step in path:
                reached = self.of_each(step, reached)
            for one in reached - {person}:
                found[one] = min(found.get(one, (9, "")), (len(path), kind))
        return {one: kind for one, (_, kind) in found.items()}


def agree(seed: int) -> int:
    """How many relations were compared in the family of that seed; every one of them agrees."""
    family = Family(seed)
    graph = KinGraph()
    for child, parents in family.parents.items():
        for parent in parents:
            graph.tell(child, ("父母",), parent)
    for one, two in family.spouse.items():
        if one < two:
            graph.tell(one, ("配偶",), two)
    compared = 0
    for kin_set in (WIDE, NARROW):
        for person in family.people:
            told = {one: made.kind for one, made in graph.relatives(person, kin_set).items()}
            assert told == family.kin(person, kin_set), (seed, person, kin_set)
            compared += len(told)
    return compared


def test_the_graph_agrees_with_the_sets_in_random_families() -> None:
    assert sum(agree(seed) for seed in range(40)) > 5_000


@pytest.mark.soak
def test_the_graph_agrees_with_the_sets_in_many_random_families() -> None:
    assert sum(agree(seed) for seed in range(40, 2_040)) > 800_000
