"""An exercise's course: proposed by one, approved by another, compared once, its hits put into the
villages."""

import datetime as dt
import random
import secrets
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.comparisons import running
from inspections.comparisons.library import library
from inspections.comparisons.lists.keys import key_id, new_key
from inspections.comparisons.models import MOST_DAYS, Exercise
from inspections.comparisons.result import Hit
from inspections.database import now, today
from inspections.fieldwork.checks.models import CheckTask
from inspections.site import privacy
from inspections.site.refusal import Refusal
from inspections.units.models import Unit

LONGEST = {"name": 60, "purpose": 500, "basis": 500}
LABELS = {"name": "名称", "purpose": "目的和范围", "basis": "法律依据"}


def propose(
    session: orm.Session, actor: User, name: str, purpose: str, basis: str, until: dt.date
) -> Exercise:
    """The proposed exercise; Refusal without a purpose, a legal basis or an end within 180 days."""
    for field, text in (("name", name), ("purpose", purpose), ("basis", basis)):
        if not text.strip():
            raise Refusal(f"请填写{LABELS[field]}。")
        if len(text) > LONGEST[field]:
            raise Refusal(f"{LABELS[field]}最多 {LONGEST[field]} 字，现有 {len(text)} 字。")
        if privacy.private_number(text):
            raise Refusal(privacy.SENTENCE)
    if not today() <= until <= today() + dt.timedelta(days=MOST_DAYS):
        raise Refusal(f"结束日期应在今天起 {MOST_DAYS} 天之内。")
    exercise = Exercise(
        name=name, purpose=purpose, basis=basis, until=until, area_id=actor.area_id, proposed_by=actor
    )
    session.add(exercise)
    session.flush()
    journal.record(session, "comparison.propose", exercise.uuid, actor)
    return exercise


def decide(session: orm.Session, exercise: Exercise, actor: User, approved: bool) -> None:
    """Nothing; the exercise is approved or dropped. Refusal for who proposed it, or when it was decided."""
    session.refresh(exercise, with_for_update={"of": type(exercise)})
    if exercise.state != "proposed":
        raise Refusal("这次比对已经有了决定。")
    if confirming.is_same(session, exercise.proposed_by_id, actor):
        raise Refusal("提出人不能批准自己提出的比对，请由另一人批准。")
    exercise.state = "approved" if approved else "dropped"
    exercise.approved_by, exercise.approved_at = actor, now()
    journal.record(session, "comparison.decide", exercise.uuid, actor, state=exercise.state)
    session.flush()


def compare(
    session: orm.Session, exercise: Exercise, folder: Path, progress: running.Progress = running.nobody
) -> int:
    """How many checks stand in the villages now. Refusal when not approved or ended; BadInput for the lists.

    The key lives only for the length of this call, in memory; with it go the hashed rows. Weak hits
    are counted with
    their model and never become a task.
    """
    if exercise.state != "approved":
        raise Refusal("只有已批准而尚未比对的，才能比对。")
    if exercise.until < today():
        raise Refusal("这次比对已过结束日期，请重新提出。")
    key = new_key()
    outcome = running.run(folder, library(), progress, key)
    exercise.key_id = key_id(key)
    rows, bad = (sum(found[name] for found in outcome.lists) for name in ("rows", "bad"))
    return take(session, exercise, outcome, rows, bad, len(outcome.lists))


def take(
    session: orm.Session, exercise: Exercise, outcome: running.Outcome, rows: int, bad: int, lists: int
) -> int:
    """How many checks stand in the villages now; the exercise is done, and its key and rows are to go."""
    exercise.destroyed_at = now()
    exercise.seed = secrets.randbelow(2**31)
    exercise.lists, exercise.rows, exercise.bad_rows = lists, rows, bad
    count = put(session, exercise, outcome.hits)
    exercise.state = "done"
    journal.record(session, "comparison.run", exercise.uuid, None, key=exercise.key_id, checks=count)
    session.flush()
    return count


def put(session: orm.Session, exercise: Exercise, hits: list[Hit]) -> int:
    """How many checks were put into units we know; the order of the lot is drawn with the exercise's seed."""
    units = {
        code: unit
        for unit in session.scalars(sa.select(Unit).where(Unit.planning_only.is_(False)))
        for code in (unit.code, f"{unit.area.name}{unit.name}")
    }
    lots: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.unit in units:
            lots[hit.model, hit.grade].append(hit)
        else:
            exercise.unplaced += 1
    count = 0
    for (model, grade), several in sorted(lots.items()):
        order = list(range(len(several)))
        random.Random(f"{exercise.seed}{model}{grade}").shuffle(order)  # noqa: S311 - a lot to be drawn again
        for lot, hit in zip(order, several, strict=True):
            unit = units[hit.unit or ""]
            amount = None if hit.amount is None else Decimal(hit.amount) / 100
            rows: list[list[str | int]] = [list(row) for row in hit.rows]
            asked = library()[model]
            session.add(
                CheckTask(
                    exercise_id=exercise.id, unit_id=unit.id, source="comparison", model=model, grade=grade,
                    title=asked.name, reason=hit.reason, ask=asked.ask, whom=asked.whom,
                    mind=asked.false_alarms,
                    groups=list(asked.topics), category=asked.category, severity=asked.severity,
                    subject=hit.subject, amount=amount, months=hit.months, rows=rows, lot=lot,
                )
            )  # fmt: skip
            count += 1
    session.flush()
    return count
