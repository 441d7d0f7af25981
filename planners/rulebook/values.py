"""What is said of a plan, before it is said: broken rules, bars, causes, with facts that refer to records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from planners.problem import Because

#: What a fact of that name refers to; facts of other names are numbers, dates and the like.
KINDS: Mapping[str, str] = {
    "unit": "unit",
    "units": "unit",
    "person": "person",
    "other": "person",
    "people": "person",
    "office": "office",
    "offices": "office",
    "area": "area",
    "other_area": "area",
    "round": "round",
    "rounds": "round",
    "other_round": "round",
    "slot": "slot",
    "slots": "slot",
    "team": "team",
    "other_team": "team",
    "teams": "team",
    "skill": "skill",
    "skills": "skill",
    "needs": "skill",
    "kind": "kind",  # of a tie
    "kinds": "kind",
    "body": "body",  # kind of an office
    "bodies": "body",
    "topic": "topic",
    "topics": "topic",
    "circle": "circle",
    "term": "term",
    "pin": "pin",  # by its place on the list, 0 for the first
    "rule": "rule",
}


@dataclass(frozen=True, slots=True)
class Ref:
    """A record of the problem or plan, by kind and id; an empty id stands for none: without an area."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is no rule's own, or a part of one: the key of its words, and its facts."""

    phrase: str
    facts: Facts = ()


def facts(**given: Any) -> Facts:
    """The facts in the order given; ids under a name of KINDS become references to that kind."""
    return tuple((name, _fact(KINDS.get(name), value)) for name, value in given.items())


def _fact(kind: str | None, value: Any) -> Fact:
    if isinstance(value, tuple | list):
        return tuple(Ref(kind, one) if kind is not None and isinstance(one, str) else one for one in value)
    if kind is None or isinstance(value, Ref | Said | Cause):
        found: Fact = value
        return found
    return Ref(kind, "" if value is None else str(value))


def refs_in(given: Facts) -> Iterator[Ref]:
    """Every reference of the facts, those inside lists and parts of sentences included."""
    for _, fact in given:
        for one in fact if isinstance(fact, tuple) else (fact,):
            if isinstance(one, Ref):
                yield one
            elif isinstance(one, Said):
                yield from refs_in(one.facts)
            elif isinstance(one, Cause):
                yield from refs_in(one.refs)


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken rule: its code, which of its sentences says so, and the records and numbers it is about."""

    rule: str
    case: str
    refs: Facts

    @classmethod
    def of(cls, rule: str, case: str = "", **given: Any) -> Self:
        """The broken rule with `facts` of these names."""
        return cls(rule, case, facts(**given))

    @property
    def where(self) -> dict[str, str]:
        """The ids it is about, by the names of the facts: `{"team": "R1-01", "person": "P1"}`; no lists."""
        return {name: fact.id for name, fact in self.refs if isinstance(fact, Ref)}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule in the way of one seat for one person, and the records behind it."""

    rule: str
    case: str
    refs: Facts

    @classmethod
    def of(cls, rule: str, case: str = "", **given: Any) -> Self:
        """The bar with `facts` of these names."""
        return cls(rule, case, facts(**given))

    @property
    def where(self) -> dict[str, str]:
        """As in `Broken`."""
        return {name: fact.id for name, fact in self.refs if isinstance(fact, Ref)}


@dataclass(frozen=True, slots=True)
class Cause:
    """One rule in the way of seats: how many people it keeps away (0: it is not about people), and records.

    `because` are the records as a plan file lists them.
    """

    rule: str
    case: str
    count: int
    refs: Facts
    because: tuple[Because, ...] = ()

    @classmethod
    def of(
        cls, rule: str, case: str = "", count: int = 0, because: tuple[Because, ...] = (), **given: Any
    ) -> Self:
        """The cause with `facts` of these names."""
        return cls(rule, case, count, facts(**given), because)


Fact = Ref | Said | Cause | str | int | tuple[Ref | Said | Cause | str, ...]
Facts = tuple[tuple[str, Fact], ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact that no plan can get around, the rule behind it and the records that it speaks of."""

    rule: str
    case: str
    refs: Facts
    because: tuple[Because, ...]
