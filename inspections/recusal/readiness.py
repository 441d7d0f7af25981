"""Who may be sent in a cycle: answered the declaration, trained. It changes what is asked, no plan.

Cycles are named by their id: this group lies below the rounds.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.people.models import Kin, Person, Tie
from inspections.recusal.declaring import facts_of
from inspections.recusal.models import Declaration, ReadinessRule, Training, training_people
from inspections.site.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Standing:
    """One person before one cycle. `answer` is the newest declaration, maybe one made for another cycle
    (`carried`); `trained_on` is the day of the first training."""

    answer: Declaration | None
    trained_on: dt.date | None
    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        return not self.missing


def rule_of(session: orm.Session, cycle_id: int) -> ReadinessRule:
    """What the cycle asks for; one from before there was such a rule asks for nothing more than 已培训."""
    found = session.get(ReadinessRule, cycle_id)
    return found or ReadinessRule(cycle_id=cycle_id, declarations=False, training=False, reason="")


def begin(session: orm.Session, cycle_id: int) -> None:
    """Nothing; the new cycle asks everybody for a declaration and a training."""
    session.add(ReadinessRule(cycle_id=cycle_id))
    session.flush()


def set_rule(
    session: orm.Session,
    cycle_id: int,
    subject: UUID,
    declarations: bool,
    training: bool,
    reason: str,
    actor: User | None,
) -> None:
    """Nothing; the cycle now asks for these. Raises Refusal without a reason."""
    if not reason.strip():
        raise Refusal("请写明更改的理由。")
    rule = session.get(ReadinessRule, cycle_id)
    if rule is None:
        rule = ReadinessRule(cycle_id=cycle_id)
        session.add(rule)
    rule.declarations, rule.training, rule.reason = declarations, training, reason.strip()
    session.flush()
    told = {"declarations": declarations, "training": training, "reason": rule.reason}
    journal.record(session, "readiness.rule", subject, actor, **told)


def standings(session: orm.Session, cycle_id: int, people: Iterable[Person]) -> dict[int, Standing]:
    """Person id → standing, for each of these people."""
    rule = rule_of(session, cycle_id)
    people = list(people)
    answers = carried(session, cycle_id, people) | answers_of(session, cycle_id)
    trained = _trained(session, cycle_id)
    found = {}
    for person in people:
        missing = []
        if rule.declarations and person.id not in answers:
            missing.append("未申报回避")
        if person.id not in trained if rule.training else not person.trained:
            missing.append("未培训")
        found[person.id] = Standing(answers.get(person.id), trained.get(person.id), tuple(missing))
    return found


def answers_of(session: orm.Session, cycle_id: int) -> dict[int, Declaration]:
    """Person id → newest answer before this cycle."""
    return answers(session, [cycle_id])[cycle_id]


def answers(session: orm.Session, cycles: Sequence[int]) -> dict[int, dict[int, Declaration]]:
    """The same of each of these cycles, by its id."""
    found: dict[int, dict[int, Declaration]] = {each: {} for each in cycles}
    rows = select(Declaration).where(Declaration.cycle_id.in_(cycles)).order_by(Declaration.id)
    for row in session.scalars(rows):
        found[row.cycle_id][row.person_id] = row
    return {
        cycle: {person: row for person, row in newest.items() if not row.withdrawn}
        for cycle, newest in found.items()
    }


#: how long an answer holds for further cycles
HOLDS = dt.timedelta(days=365)


def carried(session: orm.Session, cycle_id: int, people: Iterable[Person]) -> dict[int, Declaration]:
    """Person id → the answer for another cycle that holds for this one too: not a year old, and office, home,
    ties and relatives stand as they stood then."""
    wanted = select(Declaration).where(
        Declaration.cycle_id != cycle_id, Declaration.answered_at > now() - HOLDS
    )
    newest = {row.person_id: row for row in session.scalars(wanted.order_by(Declaration.id))}
    asked = [person.id for person in people if person.id in newest]
    if not asked:
        return {}
    loaded = select(Person).where(Person.id.in_(asked))
    whole = loaded.options(
        orm.selectinload(Person.ties).joinedload(Tie.unit),
        orm.selectinload(Person.kin).joinedload(Kin.unit),
        orm.joinedload(Person.office),
        orm.joinedload(Person.home_unit),
    )
    found = {}
    for person in session.scalars(whole).unique():
        row = newest[person.id]
        if not row.withdrawn and row.facts == facts_of(person):
            found[person.id] = row
    return found
    return found


def _trained(session: orm.Session, cycle_id: int) -> dict[int, dt.date]:
    """Person id → day of the first training attended for this cycle."""
    rows = (
        select(training_people.c.person_id, Training.day)
        .join(Training, Training.id == training_people.c.training_id)
        .where(Training.cycle_id == cycle_id)
        .order_by(Training.day.desc())
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def train(
    session: orm.Session,
    cycle_id: int,
    subject: UUID,
    people: Sequence[Person],
    day: dt.date,
    topic: str,
    hours: int,
    actor: User | None,
) -> Training:
    """The recorded training. Raises Refusal without anybody, or for a day that is still to come."""
    if not people:
        raise Refusal("请至少选一名参加培训的人员。")
    if day > today():
        raise Refusal("培训日期不能晚于今天：培训结束后再登记。")
    training = Training(cycle_id=cycle_id, day=day, topic=topic, hours=hours, people=list(people))
    training.recorded_by_id = actor.id if actor else None
    session.add(training)
    session.flush()
    journal.record(session, "training.record", subject, actor, day=day.isoformat(), people=len(people))
    return training
