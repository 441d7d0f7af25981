"""What a plan could not staff: rows, what is said of them, and what would help (remedies.py).
It judges no plan and changes none; figures come from starved_seats, precheck and least_missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planners.books.draft import Draft
from planners.books.seating import draft_of
from planners.books.tables import Tables
from planners.bound.least_missing import Least, least_missing
from planners.problem import Plan, Problem, Shortage
from planners.rulebook.telling import BareNames, Names, told_phrase, told_remark
from planners.rulebook.values import Remark, Said, facts
from planners.shortage.causes import records_of
from planners.shortage.gaps import Gap, Unvisited, gaps, unvisited
from planners.shortage.precheck import remarks
from planners.shortage.remedies import Remedy, remedies_for

#: Records named in one row; more would bury the reason.
NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a plan lacks and why. Without rows nothing is missing, and there is nothing to heal.

    `remarks` are true of every plan, `gaps` of this one: what it lacks in all, each gap, each unit nobody
    visits. `least` is proven for all plans.
    """

    remarks: tuple[Remark, ...]
    gaps: tuple[Said, ...]
    rows: tuple[Shortage, ...]
    remedies: tuple[Remedy, ...]
    missing: int
    unvisited: int
    least: Least

    def lines(self, names: Names) -> list[str]:
        """Everything in the order in which it is read."""
        told = [told_phrase(remedy.whole, names) for remedy in self.remedies]
        numbered = [f"建议{n}：{sentence}" for n, sentence in enumerate(told, start=1)]
        return [*self._remarks(names), *self._gaps(names), *numbered]

    def _remarks(self, names: Names) -> list[str]:
        return [told_remark(remark, names) for remark in self.remarks]

    def _gaps(self, names: Names) -> list[str]:
        return [told_phrase(gap, names) for gap in self.gaps]

    def to_dict(self, names: Names) -> dict[str, object]:
        """The same as plain JSON values; rows as in a plan file, remedies without their problems."""
        return {
            "remarks": self._remarks(names),
            "sentences": self._gaps(names),
            "missing": self.missing,
            "unvisited": self.unvisited,
            "least": {"missing": self.least.missing, "unvisited": self.least.unvisited},
            "shortages": [
                {
                    "unit": row.unit,
                    "round": row.round,
                    "slot": row.slot,
                    "missing": row.missing,
                    "reason": row.reason,
                    "because": [cause.to_dict() for cause in row.because],
                }
                for row in self.rows
            ],
            "remedies": [
                {
                    "kind": remedy.kind,
                    "sentence": told_phrase(remedy.whole, names),
                    "missing": remedy.missing,
                    "unvisited": remedy.unvisited,
                }
                for remedy in self.remedies
            ],
        }


def diagnose(problem: Problem, plan: Plan, stop: Callable[[], bool] = lambda: False) -> Diagnosis:
    """Why the plan is not complete, with up to three remedies whose effect was computed.

    The plan must be legal for what it staffs. `stop` is asked between remedies and cuts only these.
    KeyError when the plan names unknown records.
    """
    tables = Tables(problem, plan.seed)
    draft, _ = draft_of(tables, plan)
    score = draft.score()
    if score.complete:
        return Diagnosis((), (), (), (), 0, 0, Least(0, 0))
    found, lost = gaps(draft), unvisited(draft)
    least = least_missing(tables)
    return Diagnosis(
        remarks=remarks(tables),
        gaps=(
            *_totals(draft, least),
            *_gaps(tables, found),
            *(_gone(tables, one) for one in lost),
        ),
        rows=_rows(draft, found, lost),
        remedies=remedies_for(draft, plan, found, lost, stop),
        missing=score.missing,
        unvisited=score.unvisited,
        least=least,
    )


def shortages(draft: Draft) -> tuple[Shortage, ...]:
    """All rows of the draft in the order of rounds and units, then the units that nobody visits."""
    return _rows(draft, gaps(draft), unvisited(draft))


def _rows(draft: Draft, found: list[Gap], lost: list[Unvisited]) -> tuple[Shortage, ...]:
    tables, names = draft.tables, BareNames(draft.tables.problem)
    order = {unit.id: i for i, unit in enumerate(tables.problem.units)}
    rows = [
        (gap.round, order[tables.units[unit].id], slot, _row(tables, gap, unit, slot, missing, names))
        for gap in found
        for crew, slot, missing in gap.seats
        for unit in crew.units
    ]
    rows.sort(key=lambda row: row[:3])
    gone = [
        Shortage(
            tables.units[one.unit].id,
            None,
            None,
            1,
            told_phrase(Said("reason", facts(causes=one.causes)), names),
            records_of(one.causes, NAMED_AT_MOST),
        )
        for one in lost
    ]
    return (*(row for *_, row in rows), *gone)


def _row(tables: Tables, gap: Gap, unit: int, slot: int, missing: int, names: Names) -> Shortage:
    round_, seat = tables.rounds[gap.round], tables.slots[slot]
    said = facts(round=round_.id, slot=seat.id, n=missing, all=gap.missing, causes=gap.causes)
    return Shortage(
        unit=tables.units[unit].id,
        round=round_.id,
        slot=seat.id,
        missing=missing,
        reason=told_phrase(
            Said("reason of seats" if gap.missing > missing else "reason of seat", said), names
        ),
        because=records_of(gap.causes, NAMED_AT_MOST),
    )


def _totals(draft: Draft, least: Least) -> list[Said]:
    """What the whole plan lacks, and what is proven for every plan."""
    score = draft.score()
    lacks = [Said("unvisited", facts(n=score.unvisited))] if score.unvisited else []
    lacks += [Said("missing", facts(n=score.missing))] if score.missing else []
    proven = [Said("never fewer unvisited", facts(n=least.unvisited))] if least.unvisited else []
    proven += [Said("never fewer missing", facts(n=least.missing))] if least.missing else []
    if not proven:
        return [Said("totals", facts(lacks=lacks))]
    if (score.unvisited, score.missing) == (least.unvisited, least.missing):
        return [Said("totals least", facts(lacks=lacks))]
    return [Said("totals proven", facts(lacks=lacks, least=proven))]


def _gaps(tables: Tables, found: list[Gap]) -> list[Said]:
    said = []
    for gap in found:
        place = facts(
            round=tables.rounds[gap.round].id,
            n=gap.missing,
            seats=[Said("seat", facts(slot=tables.slots[slot].id)) for slot in gap.slots],
            proven=gap.proven,
            causes=gap.causes,
            units=[tables.units[unit].id for unit in gap.units],
        )
        said.append(Said("gap proven" if 0 < gap.proven < gap.missing else "gap", place))
    return said


def _gone(tables: Tables, one: Unvisited) -> Said:
    return Said("gone", facts(unit=tables.units[one.unit].id, causes=one.causes))
