"""The brake on guessing: it hits whoever guesses, and neither colleagues at the same address nor the owner.

Only failures count: by account and address together, by account, by address, each with a growing delay.
A browser or an address from which the account has signed in before keeps its own way in, whatever strangers
do. All processes count in one table; it holds keyed digests, no name and no address.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import Base, now

#: failures that cost nothing: of one browser or address with one account; of an account; of an address
FREE, FREE_ACCOUNT, FREE_ADDRESS = 5, 25, 40
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(seconds=15), dt.timedelta(minutes=15)
#: after so long without a failure they are forgotten; a place that is not used so long is no longer known
FORGOTTEN, KNOWN = dt.timedelta(hours=12), dt.timedelta(days=180)


class Mark(Base):
    """What was counted for one digest: failures in a row, or sheets of a day; and the last success."""

    __tablename__ = "brake_marks"

    key: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    count: orm.Mapped[int] = orm.mapped_column(default=0)
    counted_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    good_at: orm.Mapped[dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks to come in or to prove a password: an account's name as typed, an address, a browser."""

    secret: str
    account: str
    address: str
    browser: str

    @property
    def keys(self) -> tuple[str, str, str, str]:
        """The digests of browser and account, address and account, account, address."""
        said = (f"b {self.browser} {self.account}", f"p {self.address} {self.account}")
        both = (*said, f"u {self.account}", f"a {self.address}")
        return tuple(digest(self.secret, each) for each in both)  # type: ignore[return-value]


def digest(secret: str, said: str) -> str:
    """A name that tells nobody what it stands for."""
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:32]


def delay(mark: Mark | None, free: int) -> dt.timedelta:
    """How much longer that mark holds up; nothing within the free failures."""
    if mark is None or mark.count < free or now() - mark.counted_at > FORGOTTEN:
        return dt.timedelta(0)
    whole = min(FIRST_DELAY * 2 ** min(mark.count - free, 10), LONGEST_DELAY)
    return max(mark.counted_at + whole - now(), dt.timedelta(0))


def wait(session: orm.Session, caller: Caller) -> int:
    """The seconds for which this caller is not listened to; 0: go on. The same for a name that nobody has."""
    browser, pair, account, address = (session.get(Mark, key) for key in caller.keys)
    if caller.browser and _known(browser):
        return _seconds(delay(browser, FREE))
    held = delay(pair, FREE)
    if not _known(pair):
        held = max(held, delay(account, FREE_ACCOUNT), delay(address, FREE_ADDRESS))
    return _seconds(held)


def failed(session: orm.Session, caller: Caller) -> None:
    """Nothing; one more failure stands against this caller."""
    browser, *others = caller.keys
    for key in [browser, *others] if caller.browser else others:
        count(session, key, FORGOTTEN)


def succeeded(session: orm.Session, caller: Caller) -> None:
    """Nothing; browser and address are known for this account, and their failures forgotten."""
    browser, pair, *_ = caller.keys
    for key in (browser, pair) if caller.browser else (pair,):
        mark = session.get(Mark, key) or Mark(key=key)
        mark.count, mark.counted_at, mark.good_at = 0, now(), now()
        session.add(mark)
    old = sa.delete(Mark).where(Mark.counted_at < now() - KNOWN)
    session.execute(old.execution_options(synchronize_session=False))


def count(session: orm.Session, key: str, within: dt.timedelta) -> int:
    """How often that was counted, this time included; a pause of `within` begins anew."""
    mark = session.get(Mark, key)
    if mark is None:
        mark = Mark(key=key, count=0)
        session.add(mark)
    elif now() - mark.counted_at > within:
        mark.count = 0
    mark.count, mark.counted_at = mark.count + 1, now()
    session.flush()
    return mark.count


def _known(mark: Mark | None) -> bool:
    return mark is not None and mark.good_at is not None and now() - mark.good_at < KNOWN


def _seconds(left: dt.timedelta) -> int:
    return -(-int(left.total_seconds() * 1000) // 1000)
