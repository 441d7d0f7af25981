"""Changes members of teams that lack somebody for a topic, as long as fewer topics stay without anybody.
Who takes which topic is shared out by books/company.py; this only sees to it that somebody can."""

from __future__ import annotations

from collections.abc import Callable

from planners.books.company import with_topics
from planners.books.draft import Crew, Draft
from planners.problem import Member, Team

#: People who are tried for one seat: those who cost least.
TRIED = 12


def cover_topics(draft: Draft, stop: Callable[[], bool]) -> None:
    """Exchange one member after the other of teams with topics that nobody in them has a skill for."""
    policies = draft.tables.problem.policies
    if policies is None or not policies.topics:
        return
    for crews in draft.crews:
        for crew in crews:
            while not stop() and lacking(draft, crew) and _exchange(draft, crew):
                pass


def lacking(draft: Draft, crew: Crew) -> tuple[str, ...]:
    """Topics that nobody in the team has a skill for."""
    tables = draft.tables
    members = tuple(
        Member(tables.people[person].id, tables.slots[slot].id)
        for slot, holders in enumerate(crew.seats)
        for person in holders
    )
    return with_topics(tables.problem, Team("", "", (), members))[1]


def _exchange(draft: Draft, crew: Crew) -> bool:
    """The exchange after which fewest topics lack somebody, the cheapest of these; False when none helps."""
    tables = draft.tables
    policies = tables.problem.policies
    before = lacking(draft, crew)
    topics = policies.topics if policies is not None else ()
    needs = {skill for topic in topics if topic.id in before for skill in topic.needs}
    able = [p for p, person in enumerate(tables.people) if needs & set(person.skills)]
    best: tuple[int, int, int, int, int] | None = None
    for slot, holders in enumerate(crew.seats):
        for holder in [person for person in list(holders) if person not in crew.pinned]:
            draft.unseat(crew, slot, holder)
            open_to = [person for person in able if draft.bar(crew, slot, person) is None]
            open_to.sort(key=lambda person: draft.price_of(crew, slot, person))
            for person in open_to[:TRIED]:
                draft.seat(crew, slot, person)
                found = (len(lacking(draft, crew)), draft.cost, slot, holder, person)
                best = found if best is None or found < best else best
                draft.unseat(crew, slot, person)
            draft.seat(crew, slot, holder)
    if best is None or best[0] >= len(before):
        return False
    _, _, slot, holder, person = best
    draft.unseat(crew, slot, holder)
    draft.seat(crew, slot, person)
    return True
