"""What would help a plan that lacks people, each remedy with its effect computed on the amended problem.
It offers only what a county may decide: rounds, quotas, limits, loans between zones, its policies; no tie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from planners.books.draft import Draft, Score
from planners.books.seating import draft_of
from planners.books.tables import Ints, Tables
from planners.formats.faults import BadInput
from planners.problem import Plan, Problem
from planners.rulebook.values import Said, facts
from planners.search.construct import construct
from planners.search.mending import attempt
from planners.search.staffing import staff
from planners.shortage.amendments import Amendment, amendments
from planners.shortage.gaps import Gap, Unvisited

#: Remedies that are told; amendments that are tried for them in a small problem and in a large one.
TOLD, TRIED, TRIED_IN_LARGE = 3, 10, 4

#: Of two remedies that help alike the one that asks less of people comes first.
MILDEST_FIRST = ("open", "pin", "quota", "teams", "loan", "limit", "policy", "round")

#: People × units up to which an amended problem is also planned from nothing.
SMALL = 40_000


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change of the problem and what it was computed to do; `raw` is the amended problem file.

    `id` stays as long as the change is the same, whatever else is offered; `said` is the change alone.

    There is a legal plan of that problem which lacks no more than `missing` heads and `unvisited` units: the
    effect is what was reached, and a longer search may reach more.
    """

    id: str
    kind: str
    said: Said
    missing_before: int
    missing: int
    unvisited_before: int
    unvisited: int
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def heals(self) -> bool:
        """Whether nothing is missing any more."""
        return self.missing == 0 and self.unvisited == 0

    @property
    def whole(self) -> Said:
        """The change and its effect."""
        before = gap_words(self.unvisited_before, self.missing_before)
        if self.heals:
            return Said("heals", facts(change=self.said, before=before))
        return Said(
            "helps", facts(change=self.said, before=before, after=gap_words(self.unvisited, self.missing))
        )


def remedies_for(
    draft: Draft, plan: Plan, found: list[Gap], lost: list[Unvisited], stop: Callable[[], bool]
) -> tuple[Remedy, ...]:
    """Up to three remedies that were computed to help, the most helpful first; among equals the mildest."""
    tables, before = draft.tables, draft.score()
    small = len(tables.people) * len(tables.units) <= SMALL
    tried: list[tuple[Score, int, Remedy]] = []
    for change in amendments(draft, found, lost)[: TRIED if small else TRIED_IN_LARGE]:
        if stop():
            break
        try:
            after = _effect(tables, plan, change, small, stop)
        except BadInput:
            continue  # the change contradicts a pin, so it is none that could be offered
        if (after.unvisited, after.missing) < (before.unvisited, before.missing):
            tried.append(
                (
                    Score(after.unvisited, after.missing, 0),
                    MILDEST_FIRST.index(change.kind),
                    _told(change, before, after),
                )
            )
    tried.sort(key=lambda row: row[:2])
    return tuple(remedy for _, _, remedy in tried[:TOLD])


class _AmendedTables(Tables):
    """The tables of an amended problem; no amendment moves anybody, so the distances are known."""

    def __init__(self, problem: Problem, seed: int, km: Ints) -> None:
        self._known = km
        super().__init__(problem, seed)

    def _distances(self) -> Ints:
        return self._known


def _told(change: Amendment, before: Score, after: Score) -> Remedy:
    return Remedy(
        sha256(repr((change.kind, change.said)).encode()).hexdigest()[:12],
        change.kind,
        change.said,
        before.missing,
        after.missing,
        before.unvisited,
        after.unvisited,
        change.problem.raw,
    )


def gap_words(unvisited: int, missing: int) -> tuple[Said, ...]:
    """What lacks in all, units before heads; 缺0人次 where nothing does."""
    parts = [Said("unvisited", facts(n=unvisited))] if unvisited else []
    parts += [Said("missing", facts(n=missing))] if missing or not parts else []
    return tuple(parts)


def _effect(first: Tables, plan: Plan, change: Amendment, small: bool, stop: Callable[[], bool]) -> Score:
    """What the best plan found for the amended problem lacks: the old plan mended, or in small a new one."""
    tables = _AmendedTables(change.problem, plan.seed, first.km)
    draft, _ = draft_of(tables, plan)
    if small or not change.rounds:  # a new round alone changes nothing in the old ones, and takes long
        _refill(draft)
    if change.rounds:
        _move_into(draft, [tables.round_at[name] for name in change.rounds], stop)
    best = draft.score()
    if small and not best.complete:
        best = min(best, construct(tables, stop).score())
    return best


def _refill(draft: Draft) -> None:
    """Staff anew the rounds that lack somebody; a round that this does not help stays as it was."""
    for round_, crews in enumerate(draft.crews):
        if any(draft.lacks(crew) for crew in crews):
            before, memory = draft.score(), draft.remember([round_])
            staff(draft, round_, range(len(draft.tables.slots)))
            if draft.score() > before:
                draft.restore(memory)


def _move_into(draft: Draft, rounds: list[int], stop: Callable[[], bool]) -> None:
    """Move units that lack somebody into these rounds, as many at once as they have room for, then singly."""
    for round_ in rounds:
        for single in (False, True):
            waiting = _waiting(draft, round_)
            room = draft.tables.teams[round_] - len(draft.crews[round_])
            for batch in [[unit] for unit in waiting] if single else [waiting[:room]]:
                if stop() or not batch or len(draft.crews[round_]) + len(batch) > draft.tables.teams[round_]:
                    break
                attempt(draft, [(unit, round_) for unit in batch])


def _waiting(draft: Draft, round_: int) -> list[int]:
    """Units nobody visits, then those of short teams, the emptiest first; open in the round, unpinned."""
    tables = draft.tables
    units = [unit for unit, crew in enumerate(draft.crew_of) if crew is None]
    short = [crew for crews in draft.crews for crew in crews if draft.lacks(crew) and crew.round != round_]
    short.sort(key=lambda crew: sum(len(seats) for seats in crew.seats))
    units += [
        unit for crew in short if not crew.pinned for unit in crew.units if unit not in crew.pinned_units
    ]
    return [unit for unit in units if tables.is_open[unit, round_]]
