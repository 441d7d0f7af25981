"""A finished plan back on the planner's books, and the books as a plan again; nothing is decided on the way.
solve.py numbers fresh teams, here every team keeps the id and the order of visits that people know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planners.books.draft import Crew, Draft
from planners.books.tables import Tables
from planners.problem import Member, Plan, Team

#: For each unit and slot (table numbers) who held it: what counts as a change is measured against this.
Seats = dict[int, list[frozenset[int]]]


@dataclass(slots=True)
class Books:
    """A draft with the ids of its teams."""

    draft: Draft
    ids: dict[Crew, str]

    def crew_of(self, unit: int) -> Crew | None:
        """The team that visits the unit, None when nobody does."""
        return self.draft.crew_of[unit]

    def teams(self) -> tuple[Team, ...]:
        """Every team under its old id, new ones under the next free number of their round."""
        tables, taken = self.draft.tables, set(self.ids.values())
        found = []
        for crews in self.draft.crews:
            for crew in crews:
                round_id = tables.rounds[crew.round].id
                id = self.ids.get(crew)
                if id is None:
                    id = next(name for name in _numbers(round_id) if name not in taken)
                    taken.add(id)
                members = tuple(
                    Member(tables.people[person].id, slot.id)
                    for slot, holders in zip(tables.slots, crew.seats, strict=True)
                    for person in holders
                )
                found.append(Team(id, round_id, tuple(tables.units[u].id for u in crew.units), members))
        return tuple(found)


def opened(tables: Tables, plan: Plan) -> Books:
    """The plan seat by seat, forbidden seats too, with pinned people, exclusions and units marked as such."""
    draft = Draft(tables)
    ids: dict[Crew, str] = {}
    for team in plan.teams:
        crew = draft.open(tables.round_at[team.round], [tables.unit_at[unit] for unit in team.units])
        ids[crew] = team.id
        for member in team.members:
            draft.seat(crew, tables.slot_at[member.slot], tables.person_at[member.person])
    for pin in tables.problem.pins:
        wanted = {(tables.person_at[m.person], tables.slot_at[m.slot]) for m in pin.members}
        units = {tables.unit_at[unit] for unit in pin.units}
        for crew in draft.crews[tables.round_at[pin.round]]:
            held = {(person, slot) for slot, holders in enumerate(crew.seats) for person in holders}
            excluded = {tables.person_at[person] for person in pin.exclude}
            if units <= set(crew.units) and wanted <= held and excluded.isdisjoint(p for p, _ in held):
                crew.pinned |= {person for person, _ in wanted}
                crew.pinned_units |= units
                crew.banned |= excluded
                break
    return Books(draft, ids)


def seats_of(draft: Draft) -> Seats:
    """Who holds which slot at which unit now."""
    return {
        unit: [frozenset(holders) for holders in crew.seats]
        for crews in draft.crews
        for crew in crews
        for unit in crew.units
    }


def _numbers(round_id: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{round_id}-{number:02d}"
