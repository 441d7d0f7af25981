"""Who is signed in where: one row a session, which its owner or the administrator can end at once.

A session at a desk is locked after a quarter of an hour without anybody, and after twelve hours in any case;
one that a tablet reported from lives as long as the tablet's stay in the field needs.
"""

import datetime as dt
import enum
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, now

IDLE, LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=12)
#: activity is written down so often at most
EVERY = dt.timedelta(minutes=1)
#: what a browser calls itself, the more particular first, and what people call it
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    *(("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPad", "iPad"), ("iPhone", "iPhone")),
    *(("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")),
)


class Standing(enum.Enum):
    """What a session may do now."""

    OPEN = "open"
    #: somebody has to give the password again; what was typed is kept
    LOCKED = "locked"
    ENDED = "ended"


class UserSession(Named, Base):
    """One browser in which somebody signed in. `name` is what its cookie holds."""

    __tablename__ = "user_sessions"

    name: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"), index=True)
    browser: orm.Mapped[str] = orm.mapped_column(default="")
    on_tablet: orm.Mapped[bool] = orm.mapped_column(default=False)
    opened_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    seen_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    ended_at: orm.Mapped[dt.datetime | None]

    user: orm.Mapped[User] = orm.relationship()

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Sessions in reach: `own` those of the own account."""
        return cls.user_id == user.id if reach is Reach.OWN else sa.false()

    def standing(self, lifetime: dt.timedelta) -> Standing:
        """What it may do now; `lifetime` is how long a cookie lives at all."""
        if self.ended_at is not None or now() - self.opened_at > lifetime:
            return Standing.ENDED
        if self.on_tablet:
            return Standing.OPEN
        idle = now() - self.seen_at > IDLE or now() - self.opened_at > LONGEST
        return Standing.LOCKED if idle else Standing.OPEN


def browser_words(agent: str) -> str:
    """Chrome（Windows）, as far as a browser tells; else 其他浏览器."""
    browser = next((words for sign, words in BROWSERS if sign in agent), "其他浏览器")
    system = next((words for sign, words in SYSTEMS if sign in agent), "")
    return f"{browser}（{system}）" if system else browser


def begin(session: orm.Session, user: User, agent: str) -> str:
    """The name of a new session of that user; flushed."""
    name = secrets.token_urlsafe(18)
    session.add(UserSession(name=name, user_id=user.id, browser=browser_words(agent)))
    session.flush()
    return name


def seen(session: orm.Session, name: str) -> None:
    """Nothing; that somebody is there now is written down."""
    fresh = sa.update(UserSession).where(UserSession.name == name).values(seen_at=now())
    session.execute(fresh.execution_options(synchronize_session=False))


def end(session: orm.Session, opened: UserSession, actor: User | None) -> None:
    """Nothing; every copy of its cookie is worth nothing from the next request on."""
    if opened.ended_at is None:
        opened.ended_at = now()
        if actor is not None and actor.id != opened.user_id:
            journal.record(session, "session.end", opened.user.uuid, actor)
        session.flush()


def keep_on_tablet(session: orm.Session, name: str) -> None:
    """Nothing; the session of that name is a tablet's."""
    marked = sa.update(UserSession).where(UserSession.name == name).values(on_tablet=True)
    session.execute(marked.execution_options(synchronize_session=False))


def end_all(session: orm.Session, user: User) -> None:
    """Nothing; nobody is signed in with this account any more, and no list says so."""
    user.session_version += 1
    ended = sa.update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()).execution_options(synchronize_session=False))


def end_named(session: orm.Session, names: sa.Select[Any]) -> None:
    """Nothing; the sessions of these names have ended."""
    ended = sa.update(UserSession).where(UserSession.name.in_(names), UserSession.ended_at.is_(None))
    session.execute(ended.values(ended_at=now()).execution_options(synchronize_session=False))


def forget(session: orm.Session, lifetime: dt.timedelta) -> None:
    """Nothing; what is out of date by itself is no longer listed."""
    old = sa.delete(UserSession).where(UserSession.opened_at < now() - lifetime)
    session.execute(old.execution_options(synchronize_session=False))


def listed(session: orm.Session, within: sa.Select[UserSession], lifetime: dt.timedelta) -> list[UserSession]:
    """Those of `within` that are not over, the latest used first."""
    wanted = within.where(UserSession.ended_at.is_(None)).options(orm.joinedload(UserSession.user))
    found = session.scalars(wanted.order_by(UserSession.seen_at.desc()))
    return [each for each in found if each.standing(lifetime) is not Standing.ENDED]


def of(session: orm.Session, name: str) -> UserSession | None:
    """The session that a cookie names."""
    return session.scalar(select(UserSession).where(UserSession.name == name))
