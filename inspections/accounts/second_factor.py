"""A one-time code beside the password (RFC 6238), by any authenticator app. Each code counts once.

The secret is stored sealed with a key from this installation's secret, which lies outside the database.
"""

import base64
import hmac
import os
import re

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import orm

from inspections import journal
from inspections.accounts import sessions
from inspections.accounts.confirming import DECIDING, require_other_person
from inspections.accounts.models import User
from inspections.database import now
from inspections.reading.typed import narrow
from inspections.site.refusal import Refusal

ISSUER = "巡回驻点"
STEP = 30
#: a phone's clock may be off by one step
DRIFT = 1


def is_missing(user: User, required: bool) -> bool:
    """Whether this account has to set a second factor up before it goes on."""
    return required and user.role in DECIDING and not user.totp_secret


def new_secret() -> str:
    """A secret to scan, not yet anybody's."""
    return pyotp.random_base32()


def is_secret(said: str) -> bool:
    """Whether that is one of ours: a page sends it back, and a browser may send anything."""
    return re.fullmatch("[A-Z2-7]{32}", said) is not None


def address(user: User, secret: str) -> str:
    """What an authenticator app reads: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER)


def set_up(session: orm.Session, user: User, secret: str, code: str, key: str) -> None:
    """Nothing; the account asks for a code from now on. Raises Refusal for a code that does not fit."""
    step = _step_of(secret, code, 0)
    if step is None:
        raise Refusal("动态口令不对：请确认手机时间准确，用最新的 6 位数字再试。")
    user.totp_secret, user.totp_step = sealed(secret, user, key), step
    journal.record(session, "second_factor.set", user.uuid, user)
    session.flush()


def remove(session: orm.Session, user: User, actor: User) -> None:
    """Nothing; the account has none any more: whoever lost the phone sets up another."""
    require_other_person(user, actor)
    user.totp_secret = user.totp_step = None
    sessions.end_all(session, user)
    journal.record(session, "second_factor.remove", user.uuid, actor)
    session.flush()


def fits(user: User, code: str, key: str) -> bool:
    """Whether the code is this account's of just now and not used before; none is asked without a secret."""
    if not user.totp_secret:
        return True
    step = _step_of(opened(user, key), code, user.totp_step or 0)
    if step is None:
        return False
    user.totp_step = step
    return True


def sealed(secret: str, user: User, key: str) -> str:
    """The secret as it is stored, bound to its account."""
    nonce = os.urandom(12)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), user.uuid.bytes)).decode()


def opened(user: User, key: str) -> str:
    """The secret. Raises Refusal where another installation sealed it."""
    kept = base64.b64decode(user.totp_secret or "")
    try:
        return _cipher(key).decrypt(kept[:12], kept[12:], user.uuid.bytes).decode()
    except InvalidTag:
        raise Refusal("动态口令的密钥读不出来，请联系系统管理员重新设置。") from None


def _cipher(key: str) -> AESGCM:
    made = HKDF(hashes.SHA256(), 32, salt=None, info=b"second factor")
    return AESGCM(made.derive(key.encode()))


def _step_of(secret: str, code: str, used: int) -> int | None:
    """The time step whose code this is, later than the one used last; None for any other."""
    told, one = narrow(code).replace(" ", "").encode(), pyotp.TOTP(secret)
    here = int(now().timestamp()) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if step > used and hmac.compare_digest(one.at(step * STEP).encode(), told):
            return step
    return None
