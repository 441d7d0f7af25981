"""Which rounds share days, and who is away in which: what planners.problem/2 counts by date.
A round counts as a whole here, as a visit that lasts as long as it does; the referee counts day by day."""

from __future__ import annotations

from planners.problem import Person, Problem, Round


def meets(row: Round, start: str, end: str) -> bool:
    """Whether a dated round has a day from `start` to `end`."""
    return row.start is not None and row.end is not None and row.start <= end and start <= row.end


def near_rounds(problem: Problem) -> list[tuple[int, ...]]:
    """Per round the rounds that share a day with it, itself among them; in version 1 only itself."""
    rounds = problem.rounds
    if problem.policies is None:
        return [(r,) for r in range(len(rounds))]
    return [
        tuple(
            q
            for q, other in enumerate(rounds)
            if q == r or (row.start is not None and row.end is not None and meets(other, row.start, row.end))
        )
        for r, row in enumerate(rounds)
    ]


def away_in(problem: Problem, person: Person, row: Round) -> bool:
    """Whether the person is away on a day of the round, by the stretches that the file names."""
    ranges = problem.policies.away.get(person.id, ()) if problem.policies is not None else ()
    return bool(ranges) and any(meets(row, start, end) for start, end in ranges)
