"""Puts into words what a plan could not staff: rows, sentences for pages, and what would help (remedies.py).
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
from planners.shortage.causes import Cause, called, name_of, records_of
from planners.shortage.gaps import Gap, Unvisited, gaps, unvisited
from planners.shortage.precheck import remarks
from planners.shortage.remedies import Remedy, remedies_for

#: Records named in one row; more would bury the reason.
NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a plan lacks and why. Without rows nothing is missing, and there is nothing to heal.

    `remarks` are true of every plan, `sentences` of this one. `least` is proven for all plans.
    """

    remarks: tuple[str, ...]
    sentences: tuple[str, ...]
    rows: tuple[Shortage, ...]
    remedies: tuple[Remedy, ...]
    missing: int
    unvisited: int
    least: Least

    def lines(self) -> list[str]:
        """Everything in the order in which it is read."""
        numbered = [f"建议{n}：{remedy.sentence}" for n, remedy in enumerate(self.remedies, start=1)]
        return [*self.remarks, *self.sentences, *numbered]

    def to_dict(self) -> dict[str, object]:
        """The same as plain JSON values; rows as in a plan file, remedies without their problems."""
        return {
            "remarks": list(self.remarks),
            "sentences": list(self.sentences),
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
                    "sentence": remedy.sentence,
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
        remarks=tuple(remark.sentence for remark in remarks(tables)),
        sentences=(
            *_totals(draft, least),
            *_gap_sentences(tables, found),
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
    tables = draft.tables
    order = {unit.id: i for i, unit in enumerate(tables.problem.units)}
    rows = [
        (gap.round, order[tables.units[unit].id], slot, _row(tables, gap, unit, slot, missing))
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
            _words(one.causes),
            records_of(one.causes, NAMED_AT_MOST),
        )
        for one in lost
    ]
    return (*(row for *_, row in rows), *gone)


def _row(tables: Tables, gap: Gap, unit: int, slot: int, missing: int) -> Shortage:
    round_, seat = tables.rounds[gap.round], tables.slots[slot]
    together = f"（与其他单位共缺{gap.missing}人）" if gap.missing > missing else ""
    return Shortage(
        unit=tables.units[unit].id,
        round=round_.id,
        slot=seat.id,
        missing=missing,
        reason=f"{name_of(round_)}“{name_of(seat)}”缺{missing}人{together}：{_words(gap.causes)}",
        because=records_of(gap.causes, NAMED_AT_MOST),
    )


def _words(causes: list[Cause]) -> str:
    return "；".join(cause.words for cause in causes) + "。"


def _totals(draft: Draft, least: Least) -> list[str]:
    """What the whole plan lacks, and what is proven for every plan."""
    score = draft.score()
    parts = [f"{score.unvisited}个单位无人前往"] if score.unvisited else []
    parts += [f"缺{score.missing}人次"] if score.missing else []
    proven = [f"怎样排都至少{least.unvisited}个单位无人前往"] if least.unvisited else []
    proven += [f"能去的单位都去时至少缺{least.missing}人次"] if least.missing else []
    sentence = f"本方案{'，'.join(parts)}"
    if not proven:
        return [f"{sentence}。"]
    if (score.unvisited, score.missing) == (least.unvisited, least.missing):
        return [f"{sentence}；在现有条件下，怎样排都不会更少（已证明）。"]
    return [f"{sentence}；在现有条件下，{'，'.join(proven)}（已证明）。"]


def _gap_sentences(tables: Tables, found: list[Gap]) -> list[str]:
    sentences = []
    for gap in found:
        slots = "、".join(f"“{name_of(tables.slots[slot])}”" for slot in gap.slots)
        units = called(name_of(tables.units[unit]) for unit in gap.units)
        proven = f"（其中{gap.proven}名换人也补不上）" if 0 < gap.proven < gap.missing else ""
        sentences.append(
            f"{name_of(tables.rounds[gap.round])}缺{gap.missing}名{slots}{proven}："
            f"{'；'.join(cause.words for cause in gap.causes)}；受影响：{units}。"
        )
    return sentences


def _gone(tables: Tables, one: Unvisited) -> str:
    return f"{name_of(tables.units[one.unit])}无人前往：{_words(one.causes)}"
