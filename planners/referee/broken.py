"""What a broken rule is, and the words that all rules of the referee share: names, teams, visits.
Judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planners.problem import Person, Plan, Problem, Slot, Team, Unit


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken rule: its code, a sentence for people, and the ids it is about by kind of record."""

    code: str
    sentence: str
    where: Mapping[str, str] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.code} {self.sentence}"


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def called(record: _Named) -> str:
    """The record's name with its id, as in 上湾村（V001）."""
    return record.id if record.name in ("", record.id) else f"{record.name}（{record.id}）"


def names(words: Iterable[str]) -> str:
    """Words joined the Chinese way."""
    return "、".join(words)


def in_round(problem: Problem, team: Team) -> str:
    return f"{called(problem.round(team.round))}{team.id}队"


def seated(problem: Problem, team: Team) -> list[tuple[Person, Slot]]:
    return [(problem.person(member.person), problem.slot(member.slot)) for member in team.members]


def each_visit(problem: Problem, plan: Plan) -> Iterator[tuple[Team, Person, Slot, Unit]]:
    """Every member of every team with every unit that the team visits."""
    for team in plan.teams:
        for person, slot in seated(problem, team):
            for unit_id in team.units:
                yield team, person, slot, problem.unit(unit_id)


def visit(team: Team, person: Person, unit: Unit) -> dict[str, str]:
    return {"round": team.round, "team": team.id, "person": person.id, "unit": unit.id}
