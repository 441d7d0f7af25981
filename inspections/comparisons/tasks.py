"""Checks at the door: which are released now, in which order, and what came of them.

A sample is drawn by lot first; its Wilson interval decides whether the rest is worth a walk. Weak
hits are no tasks.
"""

import decimal
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.comparisons import grading
from inspections.comparisons.library import library
from inspections.comparisons.models import OUTCOMES, TRUE, Check, Exercise
from inspections.database import now
from inspections.findings.drafting import Said
from inspections.site import privacy
from inspections.site.refusal import Refusal

MINUTES = 20  # at a door
LONGEST = 500


@dataclass(frozen=True)
class Precision:
    """A model and grade of an exercise: hits, checked, true, the interval, and what is decided by it."""

    model: str
    grade: str
    total: int
    checked: int
    true: int

    @property
    def interval(self) -> grading.Interval:
        """Wilson, 95 %."""
        return grading.wilson(self.true, self.checked)

    @property
    def verdict(self) -> str:
        """`all`, `sample` or `paused`; weak hits are `weak`."""
        return "weak" if self.grade == "weak" else grading.verdict(self.true, self.checked, self.total)

    @property
    def drawn(self) -> int:
        """How many of the lot are tasks by now."""
        if self.verdict in ("weak", "paused"):
            return 0
        return self.total if self.verdict == "all" else grading.next_sample(self.checked)


def precision(session: orm.Session, exercise_id: int) -> dict[tuple[str, str], Precision]:
    """What the checks so far say of each model and grade of an exercise; 无法查 counts neither way."""
    return precisions(session, [exercise_id])[exercise_id]


def precisions(
    session: orm.Session, exercises: Collection[int]
) -> dict[int, dict[tuple[str, str], Precision]]:
    """The same of each of these exercises."""
    judged = Check.outcome.not_in(("", "unknown"))
    rows = session.execute(
        sa.select(
            Check.exercise_id,
            Check.model,
            Check.grade,
            sa.func.count(),
            sa.func.count().filter(judged),
            sa.func.count().filter(Check.outcome.in_(TRUE)),
        )
        .where(Check.exercise_id.in_(exercises))
        .group_by(Check.exercise_id, Check.model, Check.grade)
        .order_by(Check.model, Check.grade.desc())
    )
    found: dict[int, dict[tuple[str, str], Precision]] = {each: {} for each in exercises}
    for exercise, model, grade, *counts in rows:
        found[exercise][(model, grade)] = Precision(model, grade, *counts)
    return found


def released(session: orm.Session, checks: Iterable[Check]) -> list[Check]:
    """Of these, what is a task now: drawn by lot or answered already; the worthiest first, a
    household's together."""
    checks = list(checks)
    known = precisions(session, {check.exercise_id for check in checks})
    tasks: list[tuple[float, Check]] = []
    for check in checks:
        found = known[check.exercise_id][check.model, check.grade]
        if check.outcome or check.lot < found.drawn:
            model = library()[check.model]
            amount = None if check.amount is None else int(check.amount * 100)
            value = grading.worth(check.grade, found.true, found.checked, amount, model.severity, MINUTES)
            tasks.append((value, check))
    best: dict[tuple[int, str], float] = {}
    for value, check in tasks:
        whom = (check.exercise_id, check.subject)
        best[whom] = max(best.get(whom, 0.0), value)
    tasks.sort(key=lambda task: (-best[task[1].exercise_id, task[1].subject], task[1].subject, task[1].id))
    return [check for _, check in tasks]


def settle(
    session: orm.Session, check: Check, actor: User, outcome: str, amount: decimal.Decimal | None, note: str
) -> None:
    """Nothing; the check says what came of it and who said so. Refusal for no outcome, a number, or
    a second word."""
    if outcome not in OUTCOMES:
        raise Refusal("请选择核查结果。")
    if len(note) > LONGEST:
        raise Refusal(f"核查情况最多 {LONGEST} 字，现有 {len(note)} 字。")
    if privacy.private_number(note):
        raise Refusal(privacy.SENTENCE)
    if amount is not None and not (
        amount.is_finite() and 0 <= amount < 10**10 and amount == round(amount, 2)
    ):
        raise Refusal("金额应为不小于 0 的数字，最多 2 位小数。")
    session.refresh(check, with_for_update={"of": type(check)})
    if check.outcome:
        raise Refusal(f"这条已经核查为“{OUTCOMES[check.outcome]}”，不能再改。")
    check.outcome, check.found_amount, check.note = outcome, amount, note
    check.decided_by, check.decided_at = actor, now()
    journal.record(session, "comparison.outcome", check.uuid, actor, outcome=outcome)
    session.flush()


def said_of(check: Check) -> Said:
    """What a working paper can already say of a check that proved true; the conclusion is left to
    the person."""
    model = library()[check.model]
    return Said(
        title=model.name,
        category=model.category,
        severity=model.severity,
        summary=check.note,
        process=f"按数据比对线索入户核查：{check.reason}。",
        method="数据比对",
        place=check.unit.name,
        amount=check.found_amount if check.found_amount is not None else check.amount,
        responsible=check.unit.name,
        evidence="数据比对核查单；" + model.ask,
    )


@dataclass(frozen=True)
class Loop:
    """The loop 采集 → 建模 → 发现 → 推送 → 核查 → 反馈 of all exercises in sight, with a number at
    each arrow."""

    lists: int
    rows: int
    hits: int
    tasks: int
    checked: int
    true: int
    amount: decimal.Decimal


def loop(session: orm.Session, exercises: list[Exercise]) -> Loop:
    """The numbers of these exercises together."""
    ids = [exercise.id for exercise in exercises]
    hits, checked, true, amount = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(Check.outcome != ""),
            sa.func.count().filter(Check.outcome.in_(TRUE)),
            sa.func.coalesce(sa.func.sum(Check.found_amount).filter(Check.outcome.in_(TRUE)), 0),
        ).where(Check.exercise_id.in_(ids))
    ).one()
    known = precisions(session, ids).values()
    tasks = sum(min(one.drawn, one.total) for each in known for one in each.values())
    lists, rows = sum(e.lists for e in exercises), sum(e.rows for e in exercises)
    return Loop(lists, rows, hits, tasks, checked, true, decimal.Decimal(amount or 0))
