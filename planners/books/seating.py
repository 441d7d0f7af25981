"""A finished plan back on the planner's books, and the books as a plan again; it seats nobody anew.
solve.py numbers fresh teams, here every team keeps the id and the order of visits that people know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planners.books.draft import Crew, Draft
from planners.books.pins import Seated, expect_pins_to_hold, mark_pins
from planners.books.tables import Tables
from planners.problem import Member, Plan, Team

#: For each unit and slot (table numbers) who held it: what counts as a change is measured against this.
Seats = dict[int, list[frozenset[int]]]
#: Ids of (round, slot, person) whose seat the rules no longer allow.
Lost = list[tuple[str, str, str]]


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
    crews, seats = _laid_out(draft, plan)
    for crew, seated in zip(crews, seats, strict=True):
        for slot, person in seated:
            draft.seat(crew, slot, person)
    mark_pins(tables, crews, seats)
    return Books(draft, {crew: team.id for crew, team in zip(crews, plan.teams, strict=True)})


def draft_of(tables: Tables, plan: Plan) -> tuple[Draft, Lost]:
    """(the teams of the plan as a legal draft, seats that were lost).

    The tables may be of an amended problem. Nobody is seated anew: who no longer may sit where the plan has
    them is left out and named. KeyError when the plan names records that the tables lack, BadInput when the
    pins contradict the rules.
    """
    expect_pins_to_hold(tables)
    draft = Draft(tables)
    crews, seats = _laid_out(draft, plan)
    mark_pins(tables, crews, seats)
    lost: Lost = []
    order = sorted(range(len(crews)), key=lambda i: not crews[i].pinned)  # pinned people come before quotas
    for pinned in (True, False):
        for i in order:
            for slot, person in seats[i]:
                if (person in crews[i].pinned) is pinned:
                    if draft.bar(crews[i], slot, person) is None:
                        draft.seat(crews[i], slot, person)
                    else:
                        crews[i].pinned.discard(person)
                        names = (tables.rounds[crews[i].round].id, tables.slots[slot].id)
                        lost.append((*names, tables.people[person].id))
    return draft, lost


def _laid_out(draft: Draft, plan: Plan) -> tuple[list[Crew], list[Seated]]:
    """The plan's teams opened in the draft, still empty, and who sits in each by the plan."""
    tables = draft.tables
    crews = [draft.open(tables.round_at[t.round], [tables.unit_at[u] for u in t.units]) for t in plan.teams]
    seats = [
        [(tables.slot_at[member.slot], tables.person_at[member.person]) for member in team.members]
        for team in plan.teams
    ]
    return crews, seats


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
