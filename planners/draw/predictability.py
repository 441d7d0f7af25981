"""Measures how well somebody who knows everything but the seed foretells a village's round and leader.
Draws with made-up seeds and forgets them; it makes no plan that anybody should use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean

from planners.bound.bounds import lower_bound
from planners.draw.drawing import digest, drawn_plan
from planners.problem import Plan, Problem

Outcome = dict[str, Hashable]  # by unit: its round, or its leaders


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How predictable one thing is over several draws, each a share from 0 to 1 over all units.

    `modal`: the draws that have a unit's most frequent outcome; never below 1 / draws, so few draws flatter
    the guesser. `guessed`: how often that outcome of the other draws came true. `certain`: units that never
    had another one.
    """

    modal: float
    guessed: float
    certain: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The draws of one jitter: mean objective and its ratio to the proven bound."""

    jitter: int
    draws: int
    round: Foreseen
    leader: Foreseen
    objective: float
    ratio: float | None  # None where the bound is 0 or a plan was partial


def foreseen(outcomes: Sequence[Outcome]) -> Foreseen:
    """The predictability of two or more draws of the same units."""
    modal, guessed, certain = [], [], []
    for unit in outcomes[0]:
        seen = [outcome[unit] for outcome in outcomes]
        most = Counter(seen).most_common(1)[0][1]
        modal.append(most / len(seen))
        certain.append(most == len(seen))
        guessed.append(fmean(_guess(seen[:i] + seen[i + 1 :]) == seen[i] for i in range(len(seen))))
    if not modal:
        return Foreseen(0.0, 0.0, 0.0)
    return Foreseen(fmean(modal), fmean(guessed), fmean(certain))


def _guess(seen: Sequence[Hashable]) -> Hashable:
    """The most frequent outcome, the earliest of equals."""
    return Counter(seen).most_common(1)[0][0]


def rounds_of(problem: Problem, plan: Plan) -> Outcome:
    """The round of each unit, None for one that nobody visits."""
    found = {unit: team.round for team in plan.teams for unit in team.units}
    return {unit.id: found.get(unit.id) for unit in problem.units}


def leaders_of(problem: Problem, plan: Plan) -> Outcome:
    """The holders of the first slot in the team of each unit."""
    slot = problem.template.slots[0].id
    found = {unit: team.holders(slot) for team in plan.teams for unit in team.units}
    return {unit.id: found.get(unit.id) for unit in problem.units}


def measure(
    problem: Problem, jitter: int, draws: int, progress: Callable[[int], None] = lambda done: None
) -> Measured:
    """So many draws with seeds that are always the same, so that the table can be made again.

    `progress` hears the number of draws done. ValueError for fewer than two draws.
    """
    if draws < 2:
        raise ValueError("one draw says nothing about the next")
    plans = []
    for number in range(draws):
        plans.append(drawn_plan(problem, digest("trial", number.to_bytes(8, "big")), jitter))
        progress(number + 1)
    objective = fmean(plan.objective_total for plan in plans)
    bound = lower_bound(problem).total
    whole = bound > 0 and not any(plan.shortages for plan in plans)
    return Measured(
        jitter,
        draws,
        foreseen([rounds_of(problem, plan) for plan in plans]),
        foreseen([leaders_of(problem, plan) for plan in plans]),
        objective,
        objective / bound if whole else None,
    )


def table(rows: Sequence[Measured]) -> str:
    """The rows in Markdown; the last column compares the objective with that of the first row."""
    lines = [
        "| 扰动 | 抽取次数 | 轮次众数占比 | 轮次猜中率 | 轮次固定的村 "
        "| 组长众数占比 | 组长猜中率 | 组长固定的村 | 目标值/下界 | 目标值/无扰动 |",
        "| ---: " * 10 + "|",
    ]
    for row in rows:
        shares = (
            f"{share:.0%}"
            for part in (row.round, row.leader)
            for share in (part.modal, part.guessed, part.certain)
        )
        ratio = "-" if row.ratio is None else f"{row.ratio:.4f}"
        against = f"{row.objective / rows[0].objective:.4f}" if rows[0].objective else "-"
        lines.append(f"| {row.jitter} | {row.draws} | {' | '.join(shares)} | {ratio} | {against} |")
    return "\n".join(lines) + "\n"
