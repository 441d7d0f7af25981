"""Which ties of which people are in force on a day: declared ones, and those that follow from kin.

It decides no posting and stores nothing. That nobody inspects the own township (RC-02) is a matter of the
cycle's crossing mode; a declared RC-02 is an exception of one person, e.g. a secondment.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections.people.kinship import KIND_OF_TERM
from inspections.people.models import Kin, Person, RecusalKind, Tie
from inspections.units.models import Unit

#: kinds that become soft when their look-back ends, instead of ending with it: 曾任职, 经济利害, 合伙
SOFT_AFTER_LOOKBACK = frozenset({"RC-03", "RC-10", "RC-11"})
#: a former post of this length stays hard for good (北航 convention: 累计三年以上)
LONG_SERVICE_YEARS = 3


@dataclass(frozen=True)
class TieFact:
    """A tie in force: to a unit or to another person, never both; `reason` is Chinese, for the page."""

    person: Person
    unit: Unit | None
    other: Person | None
    kind: str
    hard: bool
    reason: str


def ties_on(
    session: orm.Session, people: Iterable[Person], units: Iterable[Unit], on: dt.date
) -> list[TieFact]:
    """Every tie in force on the day between these people and these units, and among these people.

    Ordered by the person's code, the kind and the object's code; by one kind a pair stands here once, hard
    where any of its ties is. Kin who hold a post in a unit give a hard tie to it (RC-04 to RC-07,
    公务员回避规定 article 5); if the relative is one of these people, the two may not share a team (RC-20).
    """
    wanted = {person.id: person for person in people}
    places = {unit.id: unit for unit in units}
    facts: dict[tuple[str, str, str], TieFact] = {}
    for fact in (*_declared(session, wanted, places, on), *_from_kin(session, wanted, places)):
        key = (fact.person.code, fact.kind, _object_code(fact))
        if key not in facts or (fact.hard and not facts[key].hard):
            facts[key] = fact
    return [facts[key] for key in sorted(facts)]


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day of the calendar so many years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def force_of(tie: Tie, kind: RecusalKind, on: dt.date) -> bool | None:
    """True: hard on that day, False: soft, None: not in force (not yet, or over with its look-back)."""
    if tie.valid_from and on < tie.valid_from:
        return None
    if tie.valid_to is None or on <= years_after(tie.valid_to, kind.lookback_years):
        return tie.hard
    if kind.code not in SOFT_AFTER_LOOKBACK:
        return None
    served_long = (
        kind.code == "RC-03"
        and tie.valid_from is not None
        and tie.valid_to >= years_after(tie.valid_from, LONG_SERVICE_YEARS)
    )
    return tie.hard and served_long


def _declared(
    session: orm.Session, people: dict[int, Person], units: dict[int, Unit], on: dt.date
) -> Iterator[TieFact]:
    for tie in session.scalars(select(Tie).options(orm.joinedload(Tie.kind))):
        person = people.get(tie.person_id)
        unit = units.get(tie.unit_id) if tie.unit_id else None
        other = people.get(tie.other_id) if tie.other_id else None
        if person is None or (unit is None and other is None):
            continue
        hard = force_of(tie, tie.kind, on)
        if hard is not None:
            object_name = unit.name if unit else other.name if other else ""
            reason = f"{tie.kind.name}（{tie.kind_code}）：{object_name}"
            yield TieFact(person, unit, other, tie.kind_code, hard, reason)


def _from_kin(session: orm.Session, people: dict[int, Person], units: dict[int, Unit]) -> Iterator[TieFact]:
    """A relative's name is compared only inside the relative's own unit, and never put into a reason."""
    at_home = {
        (person.home_unit_id, person.name): person for person in people.values() if person.home_unit_id
    }
    names = {row.code: row.name for row in session.execute(select(RecusalKind.code, RecusalKind.name))}
    for kin in session.scalars(select(Kin)):
        person = people.get(kin.person_id)
        kind = KIND_OF_TERM.get(kin.term)
        if person is None or kind is None:
            continue
        unit = units.get(kin.unit_id)
        if unit is not None:
            reason = f"{names.get(kind, '亲属')}（{kind}）：{kin.term}在{unit.name}任职"
            yield TieFact(person, unit, None, kind, True, reason)
        relative = at_home.get((kin.unit_id, kin.relative_name))
        if relative is not None and relative is not person:
            reason = f"组内亲属（RC-20）：{relative.name}是本人的{kin.term}"
            yield TieFact(person, None, relative, "RC-20", True, reason)


def _object_code(fact: TieFact) -> str:
    return fact.unit.code if fact.unit else fact.other.code if fact.other else ""
