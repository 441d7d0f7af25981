"""Days on which somebody cannot be sent, whoever entered them; why is neither asked nor stored."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.database import today
from inspections.people.models import Absence, Person
from inspections.site.refusal import Refusal

#: the end of what has none: somebody who left
FOR_GOOD = "2100-12-31"


def absent_days(session: orm.Session) -> dict[int, list[list[str]]]:
    """Person id → periods as pairs of ISO dates, whoever entered them; who has left is away from then on."""
    days: dict[int, list[list[str]]] = {}
    gone = select(Person.id, Person.left_on).where(Person.left_on.is_not(None))
    for person, left_on in session.execute(gone):
        days[person] = [[str(left_on), FOR_GOOD]]
    for person, start, end in session.execute(select(Absence.person_id, Absence.start, Absence.end)):
        days.setdefault(person, []).append([start.isoformat(), end.isoformat()])
    return days


def days_off(person: Person, absences: Mapping[int, Sequence[Sequence[str]]]) -> list[list[str]]:
    """All days on which the person cannot be sent, joined where they touch: who entered which is not told."""
    joined: list[list[str]] = []
    for start, end in sorted([list(one) for one in (*person.off, *absences.get(person.id, ()))]):
        day_after = dt.date.fromisoformat(joined[-1][1]) + dt.timedelta(days=1) if joined else None
        if day_after is not None and dt.date.fromisoformat(start) <= day_after:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def be_absent(
    session: orm.Session, person: Person, start: dt.date, end: dt.date, actor: Any, quiet: bool = False
) -> Absence:
    """The new absence. `quiet`: the journal says that the actor entered one, not for whom.

    Raises Refusal for dates in the wrong order or in the past, and for a period already entered by the actor.
    """
    if end < start:
        raise Refusal("结束日期早于开始日期。")
    if end < today():
        raise Refusal("这段日期已经过去。")
    same = select(Absence.id).where(Absence.person_id == person.id, Absence.entered_by_id == actor.id)
    if session.scalar(same.where(Absence.start == start, Absence.end == end)) is not None:
        raise Refusal("这段日期已经登记。")
    row = Absence(person=person, start=start, end=end, entered_by_id=actor.id)
    session.add(row)
    session.flush()
    journal.record(session, "absence.enter", None if quiet else person.uuid, actor)
    return row


def be_back(session: orm.Session, row: Absence, actor: Any, quiet: bool = False) -> None:
    """Nothing; the absence is withdrawn. Only whoever entered it finds it (`Absence.within`)."""
    journal.record(session, "absence.withdraw", None if quiet else row.person.uuid, actor)
    session.delete(row)
    session.flush()
