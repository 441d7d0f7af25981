"""The case room's keys: enrolled by a holder who shows the private half, confirmed by a leader, retired.

Two holders have a key each, so that a lost one loses no lead. Every step is linked in the chain: a key that
somebody wrote into the database by other means seals nothing.
"""

import hashlib
import secrets

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.leads import sealing
from inspections.leads.models import CaseRoomKey, CaseRoomKeyStep
from inspections.site import chain
from inspections.site.refusal import Conflict, Refusal

ANSWER_BYTES = 16
#: so many holders with a key in use, and one may be lost
HOLDERS = 2


def enrol(session: orm.Session, pem: str, actor: User) -> CaseRoomKey:
    """The key, waiting for the answer to its challenge. Raises Refusal, or Conflict for a known key."""
    public = sealing.read_public(pem)
    own = sealing.fingerprint(public)
    if session.scalar(select(CaseRoomKey.id).where(CaseRoomKey.fingerprint == own)):
        raise Conflict("这把公钥已经登记过。")
    answer = secrets.token_hex(ANSWER_BYTES)
    key = CaseRoomKey(
        public_pem=pem.strip(),
        fingerprint=own,
        challenge=sealing.wrap(public, answer.encode()),
        answer_sha256=hashlib.sha256(answer.encode()).hexdigest(),
        enrolled_by_id=actor.id,
    )
    session.add(key)
    session.flush()
    journal.record(session, "case_key.enrol", key.uuid, actor)
    return key


def prove(session: orm.Session, key: CaseRoomKey, answer: str, actor: User) -> None:
    """Nothing; the key waits for a leader. Raises Refusal for a wrong answer or another holder's key."""
    if key.state != "enrolled":
        raise Conflict("这把公钥已经通过验证。")
    if key.enrolled_by_id != actor.id:
        raise Refusal("公钥由登记人本人验证。")
    told = hashlib.sha256(answer.strip().encode()).hexdigest()
    if not secrets.compare_digest(told, key.answer_sha256):
        raise Refusal("解密结果不对：请用与这把公钥配对的私钥解密后再提交。")
    _step(session, key, "proved", actor)


def confirm(session: orm.Session, key: CaseRoomKey, leader: User) -> None:
    """Nothing; new leads are sealed for this key too, and the holder's older one is retired.

    Raises Refusal for a key that was not proved, and for the holder's own person.
    """
    if key.state != "proved":
        raise Conflict("这把公钥不在待确认的状态。")
    if confirming.same_person(key.enrolled_by, leader):
        raise Refusal("不能确认本人登记的公钥，请由另一位领导确认。")
    older = [each for each in confirmed(session) if confirming.same_person(each.enrolled_by, key.enrolled_by)]
    _step(session, key, "confirmed", leader)
    for each in older:
        _step(session, each, "retired", leader)


def retire(session: orm.Session, key: CaseRoomKey, leader: User) -> None:
    """Nothing; new leads are no longer sealed for this key. Raises Refusal for the last one in use."""
    if key.state != "confirmed":
        raise Conflict("这把公钥不在使用中。")
    if len(confirmed(session)) == 1:
        raise Refusal("这是唯一在用的公钥：请先登记并确认另一把，再停用它。")
    _step(session, key, "retired", leader)


def confirmed(session: orm.Session) -> list[CaseRoomKey]:
    """The keys that steps say are in use, in the order in which they were enrolled."""
    known = session.scalars(select(CaseRoomKey).order_by(CaseRoomKey.id))
    return [key for key in known if key.state == "confirmed"]


def in_use(session: orm.Session) -> list[CaseRoomKey]:
    """The keys that new leads are sealed for. Raises Refusal where there is none, or one was slipped in."""
    found = confirmed(session)
    if not found:
        raise Refusal("案管室还没有经领导确认的公钥，暂不能移送线索；请联系案管室。")
    for key in found:
        traces = [("case_room_keys", key.id), *(("case_room_key_steps", step.id) for step in key.steps)]
        if not all(chain.is_held(session, table, row) for table, row in traces):
            raise Refusal("案管室的公钥与登记时不同，已停止移送；请联系案管室和审计核查。")
    return found


def _step(session: orm.Session, key: CaseRoomKey, what: str, actor: User) -> None:
    step = CaseRoomKeyStep(key_id=key.id, enrolled_by_id=key.enrolled_by_id, what=what, actor_id=actor.id)
    session.add(step)
    session.flush()
    session.expire(key, ["steps"])
    acts = {"proved": "case_key.prove", "confirmed": "case_key.confirm", "retired": "case_key.retire"}
    journal.record(session, acts[what], key.uuid, actor)
