"""People come, move, are lent, leave, return, and turn out to be one: each an event with a day.

What a former post means for recusal (RC-03) is registered with the move. No plan is touched: the next one,
and the next filling of gaps, takes people as they stand then.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, orm, select, update

from inspections import journal
from inspections.accounts import sessions
from inspections.accounts.models import User
from inspections.database import today, whole
from inspections.lives.models import PersonEvent
from inspections.people.codes import Codes
from inspections.people.models import Absence, Office, Person, Tie
from inspections.people.sheets import OFFICES, PEOPLE
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit

#: 曾任职: the kind of a former post
FORMER_POST = "RC-03"
#: 本村人: also from what the home was, or another entry of the person says that it is
SAME_HOME = "RC-01"


@dataclass(frozen=True)
class NewPerson:
    """Who comes onto the roster, and from which day."""

    name: str
    office: Office
    home_unit: Unit | None
    skills: list[str]
    day: dt.date
    mark: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Move:
    """To which office and home from which day; `former` are the units of the post held since `since`."""

    office: Office
    home_unit: Unit | None
    day: dt.date
    former: Sequence[Unit] = ()
    since: dt.date | None = None
    basis: str = ""


def add(session: orm.Session, new: NewPerson, actor: User | None, another: bool = False) -> Person:
    """The new person, with a code of the system's own.

    Raises Refusal where somebody has the name already, unless it is said to be `another`.
    """
    probe = Person(name=new.name)
    alike = list(session.scalars(select(Person).where(Person.name_key == probe.name_key)))
    if alike and not another:
        named = "、".join(f"{one.name}（{one.whereabouts}）" for one in alike[:5])
        raise Refusal(f"名册中已有{named}。如是同一人，请用“调动”或“返回”；确是另一人，请勾选“不是同一人”。")
    person = Person(
        code=_free_code(session, Person, PEOPLE.name, new.name, new.office.code),
        name=new.name,
        office=new.office,
        home_unit=new.home_unit,
        skills=new.skills,
        mark=new.mark,
    )
    session.add(person)
    session.flush()
    _happened(session, PersonEvent(person=person, kind="added", day=new.day, basis=new.basis), actor)
    session.refresh(person, ["namesakes"])
    return person


def add_office(
    session: orm.Session, name: str, kind: str, area: Area | None, min_home: int, actor: User | None
) -> Office:
    """The new office, with a code of the system's own. Raises Refusal for a name that the place has."""
    office = Office(name=name, kind=kind, area=area, min_home=min_home)
    alike = session.scalars(select(Office).where(Office.name_key == office.name_key)).all()
    if any(one.area is area for one in alike):
        raise Refusal(f"{area.name if area else '县（市）直'}已有{name}。")
    office.code = _free_code(session, Office, OFFICES.name, name, area.code if area else "")
    session.add(office)
    session.flush()
    journal.record(session, "office.add", office.uuid, actor)
    session.refresh(office, ["namesakes"])
    return office


def _free_code(session: orm.Session, model: type[Any], sheet: str, name: str, place: str) -> str:
    """A code that a later import makes again for the same name and place; the next where it is taken."""
    codes = Codes(sheet, [])
    code = codes.of(name, place)
    while session.scalar(select(model.id).where(model.code == code)) is not None:
        code = codes.of(name, place)
    return code


def former_post(session: orm.Session, person: Person) -> list[Unit]:
    """The units in which the person's present post is held, to be offered when the person moves.

    A village member's is the home village; an officer of a township or its station has to do with every unit
    of the township; whoever belongs to a body of the county has none by itself.
    """
    if "commissioner" in person.skills and person.home_unit is not None:
        return [person.home_unit]
    area = person.office.area
    if area is None or area.kind != "township":
        return []
    wanted = select(Unit).where(Unit.area == area, Unit.ended_on.is_(None)).order_by(Unit.code)
    return list(session.scalars(wanted))


def held_since(session: orm.Session, person: Person) -> dt.date | None:
    """Since when the person holds the present post, as far as the events tell."""
    wanted = select(func.max(PersonEvent.day)).where(
        PersonEvent.person_id == person.id, PersonEvent.kind.in_(("added", "moved")), PersonEvent.done
    )
    return session.scalar(wanted)


def move(session: orm.Session, person: Person, to: Move, actor: User | None) -> PersonEvent:
    """The event; the former post bars from the day on, the office changes when the day has come.

    Raises Refusal when nothing would change, or for a person who is off the roster.
    """
    _present(person)
    if to.office is person.office and to.home_unit is person.home_unit:
        raise Refusal("机构和所在村都没有变，没有登记。")
    if to.since is not None and to.since > to.day:
        raise Refusal("原任职的起日晚于调动日期，请核对。")
    event = PersonEvent(
        person=person,
        kind="moved",
        day=to.day,
        office=to.office,
        former_office=person.office,
        home_unit=to.home_unit,
        basis=to.basis,
        done=False,
    )
    _happened(session, event, actor)
    for unit in to.former:
        evidence = to.basis or f"{to.day} 由{person.office.name}调动"
        _tie(session, person, unit, to.since, to.day, evidence, actor)
    settle(session)
    return event


def lend(
    session: orm.Session,
    person: Person,
    where: str,
    first: dt.date,
    last: dt.date,
    actor: User | None,
    unit: Unit | None = None,
    basis: str = "",
) -> PersonEvent:
    """The event; the person is not sent from the first to the last day. `unit`: lent to a unit that is
    inspected, which bars as a former post does. Raises Refusal for dates in the wrong order."""
    _present(person)
    if last < first:
        raise Refusal("结束日期早于开始日期。")
    session.add(Absence(person=person, start=first, end=last, entered_by_id=actor.id if actor else None))
    if unit is not None:
        _tie(session, person, unit, first, last, basis or f"{first} 至 {last} 借调", actor)
    event = PersonEvent(person=person, kind="lent", day=first, until=last, words=where, basis=basis)
    return _happened(session, event, actor)


def leave(
    session: orm.Session, person: Person, day: dt.date, actor: User | None, basis: str = ""
) -> PersonEvent:
    """The event; from that day nobody sends the person, and then the account ends too. Refusal if gone."""
    _present(person)
    person.left_on = day
    event = _happened(
        session, PersonEvent(person=person, kind="left", day=day, basis=basis, done=False), actor
    )
    settle(session)
    return event


def return_(session: orm.Session, person: Person, day: dt.date, actor: User | None) -> PersonEvent:
    """The event; the person may be sent again from that day. Raises Refusal for one who never left.

    The account stays switched off until somebody gives it back.
    """
    if person.left_on is None or person.same_as_id is not None:
        raise Refusal(f"{person.name}没有离开，不需要登记返回。")
    if day < person.left_on:
        raise Refusal(f"返回日期早于离开的日期（{person.left_on}）。")
    if day > today():
        session.add(Absence(person=person, start=person.left_on, end=day - dt.timedelta(days=1)))
    person.left_on = None
    return _happened(session, PersonEvent(person=person, kind="back", day=day), actor)


def merge(session: orm.Session, kept: Person, gone: Person, actor: User | None) -> PersonEvent:
    """The event; what was known of `gone` counts for `kept` from now on, and `gone` is off the roster.

    Papers, plans and answers of the past keep the entry under which they were made. Raises Refusal for the
    same entry, for one merged already, and where both have accounts.
    """
    if kept is gone or kept.same_as_id is not None or gone.same_as_id is not None:
        raise Refusal("请选择名册中另一条登记。")
    accounts = [
        session.scalar(select(User).where(User.person_id == one.id, User.active)) for one in (kept, gone)
    ]
    if all(accounts):
        raise Refusal("两条登记都有账号，请先停用其中一个。")
    known = {(tie.kind_code, tie.unit_id, tie.other_id): tie for tie in kept.ties}
    for tie in list(gone.ties):
        same = known.get((tie.kind_code, tie.unit_id, tie.other_id))
        if same is not None:
            widen(same, tie)
        elif tie.other_id != kept.id:
            tie.person = kept
    if kept.home_unit is not None and gone.home_unit is not None and kept.home_unit is not gone.home_unit:
        _keep_from_home(session, kept, gone.home_unit, f"并入的登记（{gone.code}）所在村")
    relatives = {(kin.term, kin.relative_key, kin.unit_id) for kin in kept.kin}
    for kin in list(gone.kin):
        if (kin.term, kin.relative_key, kin.unit_id) not in relatives:
            kin.person = kept
    session.execute(update(Absence).where(Absence.person_id == gone.id).values(person_id=kept.id))
    for tie in session.scalars(select(Tie).where(Tie.other_id == gone.id, Tie.person_id != kept.id)):
        taken = session.scalar(
            select(Tie).where(
                Tie.person_id == tie.person_id, Tie.other_id == kept.id, Tie.kind_code == tie.kind_code
            )
        )
        if taken is None:
            tie.other = kept
        else:
            widen(taken, tie)
    if accounts[1] is not None:
        accounts[1].person_id = kept.id
    kept.skills = [*kept.skills, *(skill for skill in gone.skills if skill not in kept.skills)]
    kept.home_unit = kept.home_unit or gone.home_unit
    gone.same_as_id = kept.id
    gone.left_on = gone.left_on or today()
    words = f"{gone.name}（{gone.whereabouts}，{gone.code}）"
    return _happened(session, PersonEvent(person=kept, kind="joined", day=today(), words=words), actor)


def widen(known: Tie, other: Tie | None) -> None:
    """Nothing; what is on record bars as far and as long as the other; None: for good."""
    if other is None:
        known.hard, known.valid_from, known.valid_to = True, None, None
        return
    known.hard = known.hard or other.hard
    if known.valid_from is not None:
        known.valid_from = other.valid_from and min(known.valid_from, other.valid_from)
    if known.valid_to is not None:
        known.valid_to = other.valid_to and max(known.valid_to, other.valid_to)


def _keep_from_home(session: orm.Session, person: Person, home: Unit, evidence: str) -> None:
    found = next((tie for tie in person.ties if tie.unit is home and tie.kind_code == SAME_HOME), None)
    if found is not None:
        widen(found, None)
        return
    session.add(Tie(person=person, unit=home, kind_code=SAME_HOME, hard=True, evidence=evidence))
    session.flush()


def settle(session: orm.Session) -> int:
    """How many events came into effect: those whose day has come. Asked whenever a day or a plan begins."""
    waiting = select(PersonEvent).where(PersonEvent.done.is_(False), PersonEvent.day <= today())
    events = list(session.scalars(waiting.order_by(PersonEvent.day, PersonEvent.id)))
    for event in events:
        person = event.person
        event.done = True
        if event.kind == "moved" and event.office is not None:
            person.office, person.home_unit = event.office, event.home_unit
        if event.kind == "left" and person.left_on is not None:
            with whole(session):
                accounts = session.scalars(select(User).where(User.person_id == person.id, User.active)).all()
            for account in accounts:
                account.active = False
                sessions.end_all(session, account)
    session.flush()
    return len(events)


def _present(person: Person) -> None:
    if person.same_as_id is not None or person.left_on is not None:
        raise Refusal(f"{person.name}已不在名册上，请先登记返回。")


def _tie(
    session: orm.Session,
    person: Person,
    unit: Unit,
    since: dt.date | None,
    until: dt.date,
    evidence: str,
    actor: User | None,
) -> None:
    """A former post; one on record already goes from the earlier to the later day."""
    found = next((tie for tie in person.ties if tie.unit is unit and tie.kind_code == FORMER_POST), None)
    if found is not None:
        ends = found.valid_to
        found.valid_to = until if ends is None or ends < until else ends
        if since is not None and found.valid_from is not None:
            found.valid_from = min(found.valid_from, since)
        return
    session.add(
        Tie(
            person=person,
            unit=unit,
            kind_code=FORMER_POST,
            hard=True,
            evidence=evidence,
            valid_from=since,
            valid_to=until,
        )
    )
    session.flush()
    told = {"kind": FORMER_POST, "object": unit.code, "hard": True, "source": "planner"}
    journal.record(session, "tie.add", person.uuid, actor, **told)


def _happened(session: orm.Session, event: PersonEvent, actor: User | None) -> PersonEvent:
    event.entered_by_id = actor.id if actor else None
    session.add(event)
    session.flush()
    told = {"day": event.day.isoformat(), "basis": event.basis}
    journal.record(session, f"person.{event.kind}", event.person.uuid, actor, **told)
    return event
