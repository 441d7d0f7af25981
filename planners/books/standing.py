"""A draft that stands where a plan stands, so that somebody can ask it questions or carry on from there.
It seats nobody anew: who no longer may sit where the plan has them is left out and named.
"""

from __future__ import annotations

from planners.books.draft import Crew, Draft
from planners.books.pins import Anchor, anchors
from planners.books.tables import Tables
from planners.formats.fields import BadInput
from planners.problem import Plan

#: Ids of (round, slot, person) whose seat the rules no longer allow.
Lost = list[tuple[str, str, str]]


def draft_of(tables: Tables, plan: Plan) -> tuple[Draft, Lost]:
    """(the teams of the plan as a draft, seats that were lost). The tables may be of an amended problem.

    KeyError when the plan names records that the tables lack, BadInput when the pins contradict the rules.
    """
    draft = Draft(tables)
    crews = [draft.open(tables.round_at[t.round], [tables.unit_at[u] for u in t.units]) for t in plan.teams]
    seats = [
        [(tables.slot_at[member.slot], tables.person_at[member.person]) for member in team.members]
        for team in plan.teams
    ]
    _mark_pinned(draft, crews, seats)
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


def _mark_pinned(draft: Draft, crews: list[Crew], seats: list[list[tuple[int, int]]]) -> None:
    """Tell each team what the pins say of it; a pin that the plan does not keep marks nothing."""
    for anchor in _anchors(draft.tables):
        for crew, members in zip(crews, seats, strict=True):
            if crew.round == anchor.round and _keeps(crew, members, anchor):
                crew.pinned |= anchor.members.keys()
                crew.banned |= anchor.banned
                crew.pinned_units |= set(anchor.units)
                break


def _anchors(tables: Tables) -> list[Anchor]:
    try:
        return anchors(tables)
    except BadInput:
        return anchors(tables, sparing=True)


def _keeps(crew: Crew, members: list[tuple[int, int]], anchor: Anchor) -> bool:
    held = {person: slot for slot, person in members}
    return (
        set(anchor.units) <= set(crew.units)
        and all(held.get(person) == slot for person, slot in anchor.members.items())
        and anchor.banned.isdisjoint(held)
    )
