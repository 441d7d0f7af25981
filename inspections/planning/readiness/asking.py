"""Which cycles still ask for declarations, and how many people have not answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.people.models import Person
from inspections.planning.statement import concerns, people_by_cycle
from inspections.recusal import readiness
from inspections.recusal.models import ReadinessRule
from inspections.rounds.models import Cycle, Round


def asking(session: orm.Session) -> Sequence[Cycle]:
    """The cycles to come or under way that ask for declarations, the oldest first."""
    to_come = Cycle.rounds.any(sa.and_(Round.end >= today(), Round.cancelled_at.is_(None)))
    wanted = select(Cycle).join(ReadinessRule, ReadinessRule.cycle_id == Cycle.id)
    wanted = wanted.where(ReadinessRule.declarations, Cycle.archived_at.is_(None), to_come)
    return session.scalars(wanted.options(orm.selectinload(Cycle.units)).order_by(Cycle.id)).all()


def asking_for(session: orm.Session, person: Person | None) -> list[Cycle]:
    """Those that ask this person, the newest first."""
    return concerns(session, asking(session)[::-1], person) if person is not None else []


def silent(session: orm.Session) -> list[tuple[Cycle, int]]:
    """How many have not answered, for each cycle that asks."""
    cycles = asking(session)
    people = people_by_cycle(session, cycles)
    return [
        (cycle, sum(one.answer is None for one in found.values()))
        for cycle in cycles
        if (found := readiness.standings(session, cycle.id, people[cycle.id]))
    ]
