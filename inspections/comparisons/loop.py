"""The loop 采集 → 建模 → 发现 → 推送 → 核查 → 反馈, with a number at each arrow."""

import decimal
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.comparisons.models import Exercise
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import TRUE, CheckTask


@dataclass(frozen=True)
class Loop:
    """The numbers at the arrows, of all exercises in sight."""

    lists: int
    rows: int
    hits: int
    tasks: int
    checked: int
    true: int
    amount: decimal.Decimal


def loop_of(session: orm.Session, exercises: list[Exercise]) -> Loop:
    """The numbers of these exercises together."""
    ids = [exercise.id for exercise in exercises]
    hits, checked, true, amount = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(CheckTask.outcome != ""),
            sa.func.count().filter(CheckTask.outcome.in_(TRUE)),
            sa.func.coalesce(sa.func.sum(CheckTask.found_amount).filter(CheckTask.outcome.in_(TRUE)), 0),
        ).where(CheckTask.exercise_id.in_(ids))
    ).one()
    known = tasks.precisions(session, ids).values()
    given = sum(min(one.drawn, one.total) for one in known)
    lists, rows = sum(e.lists for e in exercises), sum(e.rows for e in exercises)
    return Loop(lists, rows, hits, given, checked, true, decimal.Decimal(amount or 0))
