"""The ledger's epoch and its newest place: they tell a tablet that a backup was restored behind its back."""

import secrets

import sqlalchemy as sa
from sqlalchemy import exc, orm, select

from inspections.fieldwork.models import LedgerEpoch, Operation


def current_epoch(session: orm.Session) -> str | None:
    """The word of the ledger as it stands; None before the first has been made."""
    newest = select(LedgerEpoch.word).order_by(LedgerEpoch.number.desc()).limit(1)
    return session.scalar(newest)


def ensure_epoch(session: orm.Session) -> str:
    """The word of the ledger, made now where there was none; flushed."""
    return current_epoch(session) or renew_epoch(session)


def renew_epoch(session: orm.Session) -> str:
    """The new word, flushed: every tablet reads from the beginning and offers again what this ledger lacks.

    To be called by whatever puts an older state of the database in place.
    """
    number = (session.scalar(select(sa.func.max(LedgerEpoch.number))) or 0) + 1
    word = secrets.token_hex(8)
    try:
        with session.begin_nested():
            session.add(LedgerEpoch(number=number, word=word))
            session.flush()
    except exc.IntegrityError:  # another request made it a moment ago
        return current_epoch(session) or word
    return word


def newest_place(session: orm.Session) -> int:
    """The newest place in the ledger, 0 while it is empty."""
    return session.scalar(select(sa.func.max(Operation.seq))) or 0
