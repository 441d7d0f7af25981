"""豁免: for one cycle a tie that can be waived does not bar, because one person asked and another agreed.

What the catalogue calls never waivable nobody can waive. A waived tie still costs, so that it is used only
where it spares something. It knows no plan.
"""

from collections.abc import Iterable

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.people.models import Person, RecusalKind
from inspections.people.ties import TieFact, ties_on
from inspections.recusal.models import Waiver
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit

#: (code of the person, code of the unit or colleague, kind)
Waived = tuple[str, str, str]


def hard_ties(session: orm.Session, person: Person, object_: Unit | Person) -> list[TieFact]:
    """What keeps the person from the unit, or from sharing a team with the other, today."""
    if isinstance(object_, Unit):
        facts = ties_on(session, [person], [object_], today())
        return [fact for fact in facts if fact.hard and fact.unit is object_]
    facts = ties_on(session, [person, object_], [], today())
    return [fact for fact in facts if fact.hard and {fact.person, fact.other} == {person, object_}]


def never(session: orm.Session, facts: Iterable[TieFact]) -> list[TieFact]:
    """Those of the ties that nobody can waive."""
    facts = list(facts)
    kinds = {kind.code: kind for kind in session.scalars(select(RecusalKind))} if facts else {}
    return [fact for fact in facts if fact.kind not in kinds or not kinds[fact.kind].waivable]


def ask(
    session: orm.Session, cycle_id: int, person: Person, object_: Unit | Person, reason: str, user: User
) -> Waiver:
    """The application, for all ties between the two that bar today.

    Raises Refusal without a reason, where nothing bars, where a tie can never be waived, for somebody's own
    village, and when the same has been asked for.
    """
    if not reason.strip():
        raise Refusal("请写明申请豁免的理由。")
    if isinstance(object_, Unit) and person.home_unit_id == object_.id:
        raise Refusal(f"{object_.called}是{person.called}的本村，任何人不得豁免。")
    facts = hard_ties(session, person, object_)
    if not facts:
        raise Refusal(f"{person.called}与{object_.called}之间没有须回避的关系，不必豁免。")
    if forbidden := never(session, facts):
        raise Refusal(f"{forbidden[0].reason}。这种关系任何人不得豁免。")
    same = select(Waiver).where(Waiver.cycle_id == cycle_id, Waiver.state.in_(("asked", "granted")))
    for row in session.scalars(same):
        objects = {row.person_id, row.other_id} if isinstance(object_, Person) else {row.unit_id}
        mine = {person.id, object_.id} if isinstance(object_, Person) else {object_.id}
        if objects == mine and (row.person_id == person.id or isinstance(object_, Person)):
            raise Refusal(f"{person.called}与{object_.called}的豁免已经申请过。")
    made = Waiver(
        cycle_id=cycle_id,
        person=person,
        unit=object_ if isinstance(object_, Unit) else None,
        other=object_ if isinstance(object_, Person) else None,
        kinds=sorted({fact.kind for fact in facts}),
        grounds=[fact.reason + (f"（{fact.article}）" if fact.article else "") for fact in facts],
        reason=reason.strip(),
        asked_by_id=user.id,
    )
    session.add(made)
    session.flush()
    told = {"object": object_.code, "kinds": made.kinds, "reason": made.reason}
    journal.record(session, "waiver.ask", person.uuid, user, **told)
    return made


def decide(session: orm.Session, waiver: Waiver, agreed: bool, reason: str, seen: int, user: User) -> None:
    """Nothing; the waiver is granted or refused. Raises Conflict for an old page; Refusal without a reason,
    when whoever asked decides, and when a tie has turned up since that can never be waived."""
    _as_seen(session, waiver, seen, "asked")
    if not reason.strip():
        raise Refusal("请写明批准或不批准的理由。")
    if confirming.is_same(session, waiver.asked_by_id, user):
        raise Refusal("豁免须由申请人以外的人批准。")
    if user.person_id is not None and user.person_id in (waiver.person_id, waiver.other_id):
        raise Refusal("不能批准本人的豁免，请由其他人办理。")
    object_ = waiver.unit or waiver.other
    if agreed and object_ is not None:
        facts = hard_ties(session, waiver.person, object_)
        new = [fact for fact in facts if fact.kind not in waiver.kinds]
        if new:
            raise Refusal(f"申请以后又登记了“{new[0].reason}”，请重新申请。")
    waiver.state = "granted" if agreed else "refused"
    waiver.decision, waiver.decided_by_id, waiver.decided_at = reason.strip(), user.id, now()
    session.flush()
    told = {"agreed": agreed, "reason": waiver.decision, "version": waiver.version}
    journal.record(session, "waiver.decide", waiver.person.uuid, user, **told)


def revoke(session: orm.Session, waiver: Waiver, reason: str, seen: int, user: User) -> None:
    """Nothing; the tie bars again from now on. Raises Conflict for an old page, Refusal without a reason."""
    _as_seen(session, waiver, seen, "granted")
    if not reason.strip():
        raise Refusal("请写明撤回豁免的理由。")
    waiver.state = "revoked"
    session.flush()
    told = {"reason": reason.strip(), "version": waiver.version}
    journal.record(session, "waiver.revoke", waiver.person.uuid, user, **told)


def granted(session: orm.Session, cycle_id: int) -> list[Waiver]:
    """The waivers in force in the cycle, in the order in which they were asked for."""
    wanted = select(Waiver).where(Waiver.cycle_id == cycle_id, Waiver.state == "granted")
    return list(session.scalars(wanted.order_by(Waiver.id)))


def waived(session: orm.Session, cycle_id: int) -> frozenset[Waived]:
    """What does not bar in the cycle; between two people in both directions."""
    found: set[Waived] = set()
    for row in granted(session, cycle_id):
        for kind in row.kinds:
            if row.unit is not None:
                found.add((row.person.code, row.unit.code, kind))
            elif row.other is not None:
                found |= {(row.person.code, row.other.code, kind), (row.other.code, row.person.code, kind)}
    return frozenset(found)


def _as_seen(session: orm.Session, waiver: Waiver, seen: int, state: str) -> None:
    session.refresh(waiver, with_for_update={"of": type(waiver)})
    if waiver.version != seen or waiver.state != state:
        raise Conflict("您打开页面后，这件豁免已有人办理，您的操作没有保存。")
