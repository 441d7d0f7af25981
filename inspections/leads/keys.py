"""The case room's keys: enrolled with a challenge that only the private half answers, retired, kept."""

import hashlib
import secrets

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.leads import sealing
from inspections.leads.models import CaseRoomKey
from inspections.site.refusal import Conflict, Refusal

ANSWER_BYTES = 16


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
    """Nothing; new leads are sealed for this key from now on, older keys are retired. Raises Refusal."""
    if key.proved_at is not None:
        raise Conflict("这把公钥已经通过验证。")
    told = hashlib.sha256(answer.strip().encode()).hexdigest()
    if not secrets.compare_digest(told, key.answer_sha256):
        raise Refusal("解密结果不对：请用与这把公钥配对的私钥解密后再提交。")
    for older in session.scalars(select(CaseRoomKey).where(CaseRoomKey.retired_at.is_(None))):
        if older is not key and older.proved_at is not None:
            older.retired_at = now()
    key.proved_at = now()
    session.flush()
    journal.record(session, "case_key.prove", key.uuid, actor)


def current(session: orm.Session) -> CaseRoomKey:
    """The key that new leads are sealed for. Raises Refusal where the case room has none."""
    wanted = select(CaseRoomKey).where(CaseRoomKey.proved_at.is_not(None), CaseRoomKey.retired_at.is_(None))
    key = session.scalar(wanted.order_by(CaseRoomKey.proved_at.desc()).limit(1))
    if key is None:
        raise Refusal("案管室还没有登记公钥，暂不能移送线索；请联系案管室。")
    return key
