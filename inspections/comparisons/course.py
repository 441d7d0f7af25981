"""An approved exercise from its first list to its end: lists come in, a worker compares, key and rows go.

A job may run twice (its worker was killed): the hits and the state `done` are one transaction, so that
it leaves
one result; the lists were hashed when they came and are read once only.
"""

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.comparisons import exercises, holder, receiving, running
from inspections.comparisons.faults import BadInput
from inspections.comparisons.library import library
from inspections.comparisons.lists.keys import hasher, key_id
from inspections.comparisons.lists.kinds import kind_of, stem
from inspections.comparisons.lists.sealed import Readable
from inspections.comparisons.models import ACTIVE, Exercise, ListBrought
from inspections.database import now, today
from inspections.site.refusal import Refusal
from inspections.units.models import Unit

log = logging.getLogger(__name__)

JOB = "compare_lists"
FAULT = "比对时系统出现故障，已记入系统日志，请重新开始比对；仍不成功的，请联系系统管理员。"
ENDINGS = (".csv", ".csv.gz", ".xlsx")

OpenSession = Callable[[], orm.Session]


class Cancelled(Exception):
    """Somebody asked for the comparison to be given up."""


def require_list(exercise: Exercise, name: str) -> None:
    """Nothing. Raises Refusal where the exercise takes no list now, or the name is no list's."""
    if exercise.state != "approved" or exercise.until < today():
        raise Refusal("只有已批准、没有到期、还没有开始比对的，才能收名单。")
    if not name.lower().endswith(ENDINGS) or kind_of(stem(Path(name))) is None:
        raise Refusal("文件名应为“种类[年度][-说明]”加 .xlsx、.csv 或 .csv.gz，如 低保.xlsx、耕地2025.csv。")


def bring(
    session: orm.Session, exercise: Exercise, actor: User, instance: Path, name: str, stream: Readable
) -> ListBrought:
    """The receipt of the list whose bytes `stream` brings: it is hashed while it arrives. Raises Refusal, and
    BadInput with the faults of the list; then nothing of it is kept."""
    require_list(exercise, name)
    with holder.alone(instance, exercise.uuid):
        return _brought(session, exercise, actor, instance, name, stream)


def _brought(
    session: orm.Session, exercise: Exercise, actor: User, instance: Path, name: str, stream: Readable
) -> ListBrought:
    highest = sa.select(sa.func.max(ListBrought.number)).where(ListBrought.exercise_id == exercise.id)
    number = (session.scalar(highest) or 0) + 1
    named, who = exercise.uuid, actor.id
    session.rollback()  # no transaction is open while a list arrives
    key = holder.key_of(instance, named)
    found = receiving.receive(holder.lists_of(instance, named), key, number, name, stream)
    exercise = session.scalars(sa.select(Exercise).where(Exercise.uuid == named).with_for_update()).one()
    if exercise.state != "approved":
        raise Refusal("比对已经开始，这份名单没有收入。")
    row = ListBrought(
        exercise=exercise, number=number, received_by_id=who,
        file=found.file, kind=found.kind, year=found.year, rows=found.rows, bad=found.bad,
        faults=found.faults,
    )  # fmt: skip
    exercise.key_id = key_id(key)
    session.add(row)
    journal.record(session, "comparison.list", exercise.uuid, actor, kind=found.kind, rows=found.rows)
    session.flush()
    return row


def queue(session: orm.Session, exercise: Exercise, actor: User) -> None:
    """Nothing; a worker is to compare. Raises Refusal without a list, or when it is under way or over."""
    session.refresh(exercise, with_for_update={"of": type(exercise)})
    if exercise.state != "approved" or exercise.until < today():
        raise Refusal("只有已批准、没有到期、还没有开始比对的，才能开始。")
    if not exercise.brought:
        raise Refusal("还没有名单，请先把各部门给的名单传上来。")
    exercise.state, exercise.cancelled, exercise.trouble, exercise.progress = "queued", False, "", {}
    journal.record(session, "comparison.queue", exercise.uuid, actor)
    session.flush()


def cancel(session: orm.Session, exercise: Exercise, actor: User) -> None:
    """Nothing; the worker gives the comparison up at its next step, and the lists stay. Raises Refusal."""
    session.refresh(exercise, with_for_update={"of": type(exercise)})
    if exercise.state not in ACTIVE:
        raise Refusal("现在没有比对在进行。")
    exercise.cancelled = True
    journal.record(session, "comparison.cancel", exercise.uuid, actor)
    session.flush()


def waiting(session: orm.Session) -> Iterator[str]:
    """The names of exercises that a worker is to compare."""
    for name in session.scalars(sa.select(Exercise.uuid).where(Exercise.state.in_(ACTIVE))):
        yield str(name)


def run(open_session: OpenSession, instance: Path, key: str) -> None:
    """Nothing; the exercise of that name is compared, its hits stand in the villages, key and lists are
    gone."""
    name = uuid.UUID(key)
    with open_session() as session:
        exercise = _locked(session, name)
        if exercise.state not in ACTIVE:
            return
        exercise.state = "running"
        lists = {each.number: (each.file, each.kind) for each in exercise.brought}
        session.commit()
        names = _places(session, holder.key_of(instance, name))
    try:
        outcome = _compared(open_session, instance, name, lists, names)
    except Cancelled:
        _back(open_session, name, "比对已取消，名单还在，可以重新开始。")
    except BadInput as bad:
        _back(open_session, name, str(bad))
    except Exception:
        log.exception("comparison %s came to nothing", name)
        _back(open_session, name, FAULT)
    else:
        _done(open_session, name, outcome)
        holder.destroy(instance, name)


def _done(open_session: OpenSession, name: uuid.UUID, outcome: running.Outcome) -> None:
    with open_session() as session:
        exercise = _locked(session, name)
        if exercise.state == "running":
            brought = exercise.brought
            rows, bad = sum(each.rows for each in brought), sum(each.bad for each in brought)
            exercises.take(session, exercise, outcome, rows, bad, len(brought))
            session.commit()


def _compared(
    open_session: OpenSession,
    instance: Path,
    name: uuid.UUID,
    lists: dict[int, tuple[str, str]],
    names: dict[str, str],
) -> running.Outcome:
    """What the lists came to; every step is told to the page, and asks whether to go on."""
    work = holder.lists_of(instance, name)
    for left in ("linked", "spill"):  # of a job that was killed
        shutil.rmtree(work / left, ignore_errors=True)

    def progress(stage: str, done: int, total: int) -> None:
        with open_session() as session:
            exercise = _locked(session, name)
            if exercise.cancelled:
                raise Cancelled
            exercise.progress = {"stage": stage, "done": done, "total": total}
            session.commit()

    progress("对人对户", 0, 1)
    return running.compare_received(lists, names, library(), work, progress)


def _back(open_session: OpenSession, name: uuid.UUID, trouble: str) -> None:
    with open_session() as session:
        exercise = _locked(session, name)
        if exercise.state in ACTIVE:
            exercise.state, exercise.trouble = "approved", trouble
            exercise.cancelled, exercise.progress = False, {}
            session.commit()


def _locked(session: orm.Session, name: uuid.UUID) -> Exercise:
    return session.scalars(sa.select(Exercise).where(Exercise.uuid == name).with_for_update()).one()


def _places(session: orm.Session, key: bytes) -> dict[str, str]:
    """Our units' codes and names by their hash under the key: no other place's name is ever written down."""
    keyed = hasher(key, "place")
    found: dict[str, str] = {}
    for unit in session.scalars(sa.select(Unit).where(Unit.planning_only.is_(False))):
        for column, word in (("村码", unit.code), ("乡镇", unit.area.name), ("村", unit.name)):
            found[keyed(f"{column}\0{word}").hex()] = word
    return found


def end_overdue(session: orm.Session, instance: Path) -> None:
    """Nothing; exercises past their last day take no list any more, and their keys and rows are gone."""
    late = sa.select(Exercise).where(Exercise.until < today(), Exercise.state.in_(("proposed", "approved")))
    for exercise in session.scalars(late):
        holder.destroy(instance, exercise.uuid)
        exercise.state, exercise.destroyed_at = "ended", now()
        journal.record(session, "comparison.end", exercise.uuid, None, key=exercise.key_id)
    session.flush()
