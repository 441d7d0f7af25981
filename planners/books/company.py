"""What a plan of version 2 tells of each team beside its seats: who takes which topic, who stands by.
It seats nobody: topics are shared out among those who sit there, stand-ins found among those who do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planners.books.draft import Crew, Draft
from planners.books.network import Arcs
from planners.problem import Because, Problem, Shortage, Team


@dataclass(frozen=True, slots=True)
class Company:
    """Teams with topics and stand-ins, a shortage per unit whose topics nobody can take, and the share of
    seats for which somebody could stand in after a single absence (None without seats)."""

    teams: tuple[Team, ...]
    unmet: tuple[Shortage, ...]
    robustness: float | None


def in_company(draft: Draft, teams: Sequence[Team]) -> Company:
    """The teams of the draft, completed; those of a problem of version 1 as they are."""
    tables = draft.tables
    problem = tables.problem
    if problem.policies is None:
        return Company(tuple(teams), (), None)
    told, unmet, seats, covered = [], [], 0, 0
    for team in teams:
        crew = draft.crew_of[tables.unit_at[team.units[0]]] if team.units else None
        shared, lacking = with_topics(problem, team)
        standby: tuple[str, ...] = ()
        if crew is not None:
            names, reached = _standby(draft, crew)
            standby = tuple(tables.people[person].id for person in names)
            seats, covered = seats + len(team.members), covered + reached
        told.append(replace(shared, standby=standby))
        unmet += [_row(problem, team, unit, lacking) for unit in team.units if lacking]
    return Company(tuple(told), tuple(unmet), round(covered / seats, 4) if seats else None)


def with_topics(problem: Problem, team: Team) -> tuple[Team, tuple[str, ...]]:
    """The team with every topic given to a member with a skill for it, as evenly as can be; topics left."""
    topics = problem.policies.topics if problem.policies is not None else ()
    people = [problem.person(member.person) for member in team.members]
    if not topics or not people:
        return team, tuple(topic.id for topic in topics)
    first_member, sink = 1 + len(topics), 1 + len(topics) + len(people)
    arcs = Arcs()
    arcs.add(0, 1 + np.arange(len(topics)), 1, 0)
    given: list[tuple[int, int, slice]] = []
    for t, topic in enumerate(topics):
        for p, person in enumerate(people):
            if set(topic.needs) & set(person.skills):
                given.append((t, p, arcs.add(1 + t, first_member + p, 1, 0)))
    for step in range(len(topics)):
        arcs.add(first_member + np.arange(len(people)), sink, 1, 2 * step + 1)
    arcs.add(1 + np.arange(len(topics)), sink, 1, 4 * len(topics) ** 2)
    flows, _ = arcs.solve({0: len(topics), sink: -len(topics)})
    taken = {t: p for t, p, part in given if flows[part][0]}
    members = tuple(
        replace(member, topics=tuple(topic.id for t, topic in enumerate(topics) if taken.get(t) == p))
        for p, member in enumerate(team.members)
    )
    return replace(team, members=members), tuple(topic.id for t, topic in enumerate(topics) if t not in taken)


def _row(problem: Problem, team: Team, unit: str, lacking: tuple[str, ...]) -> Shortage:
    reason = f"专题{'、'.join(lacking)}没有人有所需专长。"
    because = tuple(Because("H03", (("topic", topic),)) for topic in lacking)
    return Shortage(unit, team.round, None, len(lacking), reason, because)


def _standby(draft: Draft, crew: Crew) -> tuple[list[int], int]:
    """(few people, found one by one, who together could take any of the team's seats; seats reached)."""
    able: dict[int, set[int]] = {}
    seats = [(slot, holder) for slot, holders in enumerate(crew.seats) for holder in holders]
    for number, (slot, holder) in enumerate(seats):
        for person in _could_take(draft, crew, slot, holder):
            able.setdefault(person, set()).add(number)
    chosen: list[int] = []
    left = set().union(*able.values())
    reached = len(left)
    while left:
        best = min(
            able,
            key=lambda person: (
                -len(able[person] & left),
                int(draft.load[person]),
                draft.tables.people[person].id,
            ),
        )
        chosen.append(best)
        left -= able[best]
    return chosen, reached


def _could_take(draft: Draft, crew: Crew, slot: int, holder: int) -> list[int]:
    """Who may take the seat in the round when its holder falls out and is not at home either (H09)."""
    tables, round_ = draft.tables, crew.round
    free = tables.fits[slot] & tables.present[:, round_] & ~draft.busy[:, round_]
    free &= tables.may_in(slot, round_)[:, crew.units].all(axis=1)
    draft.unseat(crew, slot, holder)
    found = [
        person
        for person in np.nonzero(free)[0].tolist()
        if draft.bar(crew, slot, person) is None and not _empties(draft, crew, holder, person)
    ]
    draft.seat(crew, slot, holder)
    return found


def _empties(draft: Draft, crew: Crew, absent: int, person: int) -> bool:
    """Whether the office would keep too few at home, one of its people being neither out nor at home."""
    tables = draft.tables
    office = int(tables.office[person])
    if office < 0 or office != tables.office[absent]:
        return False
    home = int((tables.present[:, crew.round] & (tables.office == office)).sum()) - 1
    out = int(draft.out[office, crew.round]) + 1
    return home - out < tables.problem.offices[office].min_home
