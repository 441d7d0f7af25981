"""Requests that somebody steps aside: application, check, decision, substitute, approval, by name and reason.

Approval is a second person's. What is approved is a hard tie from then on. It knows no plan.
"""

from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import today
from inspections.people.meant import person_meant
from inspections.people.models import Person, RecusalKind, Tie
from inspections.people.tie_rules import NEVER_STORED
from inspections.people.ties import ties_on
from inspections.recusal.models import STEPS, RecusalRequest, RecusalStep
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit


@dataclass(frozen=True, slots=True)
class Step:
    """What is said at a step. `person` settles whom a request means; `substitute` takes the seat."""

    agreed: bool
    reason: str
    person: str = ""
    substitute: str = ""


def apply(
    session: orm.Session, unit: Unit, kind: str, raised_by: str, person_words: str, ground: str, actor: User
) -> RecusalRequest:
    """The new request. Raises Refusal without a ground, and for kinds that only the case room knows."""
    if kind in NEVER_STORED or session.get(RecusalKind, kind) is None:
        raise Refusal("请从列表中选择回避种类。")
    request = RecusalRequest(
        unit=unit, kind_code=kind, raised_by=raised_by, person_words=person_words, created_by_id=actor.id
    )
    session.add(request)
    session.flush()
    _add(session, request, "applied", Step(True, ground), actor)
    return request


def take_step(
    session: orm.Session, request: RecusalRequest, seen: int, step: str, said: Step, actor: User
) -> None:
    """Nothing; the step is taken.

    Raises Conflict when another step was taken since version `seen`; Refusal without a reason, out of order,
    for a person or substitute who is not on the roster, for a substitute who may not go there either, and
    when whoever decided also approves.
    """
    session.refresh(request, with_for_update={"of": type(request)})
    if request.version != seen:
        raise Conflict("您打开页面后，这件申请已有新的步骤，您的操作没有保存。")
    if request.next != step:
        raise Refusal(f"现在不是“{STEPS.get(step, step)}”这一步。")
    if step == "checked" and said.agreed:
        request.person = person_meant(session, said.person)
    if step == "approved":
        decided = [row.actor_id for row in request.steps if row.step == "decided"]
        if any(confirming.is_same(session, each, actor) for each in decided):
            raise Refusal("批准须由作出决定以外的另一人办理。")
        if said.agreed:
            _bar(session, request, actor)
    _add(session, request, step, said, actor)
    orm.attributes.flag_modified(request, "person_words")
    session.flush()


def _add(session: orm.Session, request: RecusalRequest, step: str, said: Step, actor: User) -> None:
    if not said.reason.strip():
        raise Refusal(f"请写明{STEPS[step]}的理由。")
    substitute = None
    if step == "substituted" and said.substitute:
        substitute = _substitute(session, request, said.substitute)
    row = RecusalStep(
        step=step, agreed=said.agreed, reason=said.reason.strip(), actor=actor, substitute=substitute
    )
    request.steps.append(row)
    session.flush()
    told = {"step": step, "agreed": said.agreed, "unit": request.unit.code, "kind": request.kind_code}
    journal.record(session, "recusal.step", request.person.uuid if request.person else None, actor, **told)


def _substitute(session: orm.Session, request: RecusalRequest, code: str) -> Person:
    found = person_meant(session, code)
    if found is request.person:
        raise Refusal("替补不能是被申请回避的人。")
    if found.home_unit_id == request.unit_id:
        raise Refusal(f"{found.called}是{request.unit.called}的人，不能替补。")
    hard = [fact for fact in ties_on(session, [found], [request.unit], today()) if fact.hard and fact.unit]
    if hard:
        raise Refusal(f"{found.called}也须回避：{hard[0].reason}。")
    return found


def _bar(session: orm.Session, request: RecusalRequest, actor: User) -> None:
    """The decision becomes a tie: hard, from today on."""
    if request.person is None:
        raise Refusal("还没有核实被申请回避的是哪一位。")
    same = select(Tie).where(Tie.person_id == request.person.id, Tie.unit_id == request.unit_id)
    tie = session.scalar(same.where(Tie.kind_code == request.kind_code))
    evidence = f"回避决定（{today().isoformat()}）"
    if tie is None:
        tie = Tie(person=request.person, unit=request.unit, kind_code=request.kind_code, valid_from=today())
        session.add(tie)
    tie.hard, tie.evidence, tie.source, tie.valid_to = True, evidence, "decision", None
    session.flush()
    told = {"kind": request.kind_code, "object": request.unit.code, "hard": True, "source": "decision"}
    journal.record(session, "tie.add", request.person.uuid, actor, **told)
