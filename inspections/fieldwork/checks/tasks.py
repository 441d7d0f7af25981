"""Checks at the door: given to a unit, released by lot, and what came of them.

Weak hits are no tasks. A sample is drawn by lot first; its Wilson interval decides whether the rest is
worth a walk.
"""

import decimal
import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.checks import sampling
from inspections.fieldwork.checks.models import OUTCOMES, SOURCES, TRUE, CheckTask
from inspections.findings.drafting import Said
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Refusal

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What a check says: `groups` of the checklist, `category` of the taxonomy, `ask` the question for
    the door."""

    title: str
    reason: str
    ask: str
    groups: tuple[str, ...]
    category: str
    severity: str
    whom: str = ""
    mind: str = ""


def give(
    session: orm.Session, unit_id: int, source: str, told: Told, name: uuid.UUID | None = None
) -> CheckTask:
    """The check, released at once; the same `name` given twice is one check, in the newer words until it
    is settled."""
    known = session.scalar(sa.select(CheckTask).where(CheckTask.uuid == name)) if name else None
    said = asdict(told) | {"groups": list(told.groups)}
    if known is None:
        known = CheckTask(uuid=name or uuid.uuid4(), unit_id=unit_id, source=source, **said)
        session.add(known)
    elif not known.outcome:
        for field, value in said.items():
            setattr(known, field, value)
    session.flush()
    return known


@dataclass(frozen=True)
class Precision:
    """A model and grade of an exercise: hits, checked, true, the interval, and what is decided by it."""

    model: str
    grade: str
    total: int
    checked: int
    true: int

    @property
    def interval(self) -> sampling.Interval:
        """Wilson, 95 %."""
        return sampling.wilson(self.true, self.checked)

    @property
    def verdict(self) -> str:
        """`all`, `sample` or `paused`; weak hits are `weak`."""
        return "weak" if self.grade == "weak" else sampling.verdict(self.true, self.checked, self.total)

    @property
    def drawn(self) -> int:
        """How many of the lot are tasks by now."""
        if self.verdict in ("weak", "paused"):
            return 0
        return self.total if self.verdict == "all" else sampling.next_sample(self.checked)


Lot = tuple[int | None, str, str]


def precisions(session: orm.Session, exercises: Collection[int]) -> dict[Lot, Precision]:
    """By exercise, model and grade: what the checks so far say; 无法查 counts neither way."""
    judged = CheckTask.outcome.not_in(("", "unknown"))
    rows = session.execute(
        sa.select(
            CheckTask.exercise_id,
            CheckTask.model,
            CheckTask.grade,
            sa.func.count(),
            sa.func.count().filter(judged),
            sa.func.count().filter(CheckTask.outcome.in_(TRUE)),
        )
        .where(CheckTask.exercise_id.in_(exercises))
        .group_by(CheckTask.exercise_id, CheckTask.model, CheckTask.grade)
        .order_by(CheckTask.model, CheckTask.grade.desc())
    )
    return {
        (exercise, model, grade): Precision(model, grade, *counts) for exercise, model, grade, *counts in rows
    }


def released(session: orm.Session, checks: Iterable[CheckTask]) -> list[CheckTask]:
    """Of these, what is a task now: outside any lot, drawn, or answered already; the worthiest first, a
    household's together."""
    checks = list(checks)
    known = precisions(session, {check.exercise_id for check in checks if check.exercise_id is not None})
    tasks: list[tuple[float, CheckTask]] = []
    for check in checks:
        found = known.get((check.exercise_id, check.model, check.grade))
        if found is None or check.outcome or check.lot < found.drawn:
            amount = None if check.amount is None else int(check.amount * 100)
            true, checked = (found.true, found.checked) if found else (0, 0)
            tasks.append((sampling.worth(check.grade, true, checked, amount, check.severity), check))
    best: dict[tuple[int | None, str], float] = {}
    for value, check in tasks:
        whom = _whom(check)
        best[whom] = max(best.get(whom, 0.0), value)
    tasks.sort(key=lambda task: (-best[_whom(task[1])], task[1].subject, task[1].id))
    return [check for _, check in tasks]


def _whom(check: CheckTask) -> tuple[int | None, str]:
    return check.exercise_id, check.subject or str(check.uuid)


def released_by_unit(session: orm.Session, units: Collection[int]) -> dict[int, list[CheckTask]]:
    """The tasks of each of these units."""
    wanted = sa.select(CheckTask).where(CheckTask.unit_id.in_(units)).order_by(CheckTask.id)
    found: dict[int, list[CheckTask]] = {unit: [] for unit in units}
    for check in released(session, session.scalars(wanted.options(orm.joinedload(CheckTask.unit)))):
        found[check.unit_id].append(check)
    return found


def settle(
    session: orm.Session,
    check: CheckTask,
    actor: User,
    outcome: str,
    amount: decimal.Decimal | None,
    note: str,
) -> None:
    """Nothing; the check says what came of it and who said so. Refusal for no outcome, a number, or a second
    word."""
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
    journal.record(session, "check.settle", check.uuid, actor, outcome=outcome)
    session.flush()


def said_of(check: CheckTask) -> Said:
    """What a working paper can already say of a check that proved true; the conclusion is left to the
    person."""
    way = SOURCES[check.source]
    return Said(
        title=check.title,
        category=check.category,
        severity=check.severity,
        summary=check.note,
        process=f"按{way}提示入户核查：{check.reason}。",
        method=way,
        place=check.unit.name,
        amount=check.found_amount if check.found_amount is not None else check.amount,
        responsible=check.unit.name,
        evidence=f"{way}核查单；{check.ask}",
    )


def posting_of(session: orm.Session, check: CheckTask, reached: sa.Select[Posting]) -> Posting | None:
    """The newest of the postings `reached` whose unit the check is about."""
    return session.scalars(
        reached.where(Posting.unit_id == check.unit_id).order_by(Posting.id.desc())
    ).first()
