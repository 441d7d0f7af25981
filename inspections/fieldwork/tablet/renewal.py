"""Signing in again on a shared tablet by a token that counts once: six people need not type six passwords.

The tablet makes each token, keeps it sealed under the person's PIN, and tells the hash of the next one as it
uses the last: a lost reply costs nothing, and no reply holds a secret.
"""

import hashlib
import hmac
import re
import uuid

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Device, DeviceToken, RecoverySecret
from inspections.site.refusal import Refusal

#: so many wrong tokens end it: then the password is asked for
MOST_FAILURES = 10
LONGEST_SECRET = 256
_HASH = re.compile(r"[0-9a-f]{64}")


def keep_token(session: orm.Session, user: User, device: uuid.UUID, next_sha256: str) -> None:
    """Nothing; the token of that hash signs the user in on that tablet, once. Raises Refusal.

    The tablet has to be known (it reports first), and neither revoked nor handed back.
    """
    if not _HASH.fullmatch(next_sha256):
        raise Refusal("应说明下一个令牌的 SHA-256。")
    if _usable(session, device) is None:
        raise Refusal("这台平板尚未登记或已停用，请用密码登录。")
    token = session.get(DeviceToken, (device, user.id))
    if token is None:
        token = DeviceToken(device_id=device, user_id=user.id)
        session.add(token)
    token.sha256, token.session_version = next_sha256, user.session_version
    token.failures, token.made_at = 0, now()
    session.flush()


def renewed(
    session: orm.Session, device: uuid.UUID, user: uuid.UUID, token: str, next_sha256: str
) -> User | None:
    """The person whom that token signs in, the next one in its place; None where it does not; flushed."""
    wanted = select(User).where(User.uuid == user, User.active)
    person = session.scalar(wanted)
    kept = None
    if person is not None and _usable(session, device) is not None and _HASH.fullmatch(next_sha256):
        kept = session.get(DeviceToken, (device, person.id), with_for_update=True)
    if person is None or kept is None or kept.session_version != person.session_version:
        return None
    if not hmac.compare_digest(kept.sha256, hashlib.sha256(token.encode()).hexdigest()):
        kept.failures += 1
        if kept.failures >= MOST_FAILURES:
            session.delete(kept)
            journal.record(session, "session.token_burned", person.uuid, person)
        session.flush()
        return None
    keep_token(session, person, device, next_sha256)
    journal.record(session, "session.renew", person.uuid, person)
    session.flush()
    return person


def keep_secret(session: orm.Session, user: User, device: uuid.UUID, secret: str) -> None:
    """Nothing; the secret opens the person's store there when the PIN is forgotten. Raises Refusal."""
    if not 16 <= len(secret) <= LONGEST_SECRET or "\x00" in secret:
        raise Refusal(f"找回用的密钥应为 16 至 {LONGEST_SECRET} 个字符。")
    if _usable(session, device) is None:
        raise Refusal("这台平板尚未登记或已停用。")
    session.merge(RecoverySecret(device_id=device, user_id=user.id, secret=secret, made_at=now()))
    session.flush()


def kept_secret(session: orm.Session, user: User, device: uuid.UUID) -> str | None:
    """The secret, None where there is none or the tablet is out of use."""
    kept = session.get(RecoverySecret, (device, user.id))
    return kept.secret if kept is not None and _usable(session, device) is not None else None


def burn_tokens(session: orm.Session, device: uuid.UUID) -> None:
    """Nothing; the tablet signs nobody in any more, and no forgotten PIN opens what is on it."""
    for table in (DeviceToken, RecoverySecret):
        session.execute(sa.delete(table).where(table.device_id == device))


def _usable(session: orm.Session, device: uuid.UUID) -> Device | None:
    wanted = select(Device).where(
        Device.id == device, Device.revoked_at.is_(None), Device.handed_back_at.is_(None)
    )
    return session.scalar(wanted)
