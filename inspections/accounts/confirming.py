"""Accounts that one administrator alone cannot make: they take effect when a leader has confirmed them.

The first leader of an installation is confirmed by nobody, since nobody is there yet.
"""

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import whole
from inspections.site.refusal import Refusal

#: who reads leads, signs papers, or watches over those who do
SHARED = ("leadership", "case_room", "auditor")
#: whose word makes something final, or who could make an account that gives it
DECIDING = ("planner", "leadership", "case_room", "auditor", "admin")


def is_needed(session: orm.Session, role: str) -> bool:
    """Whether a new account of that role waits for a leader: from the first leader on."""
    leaders = select(User.id).where(User.role == "leadership", User.active)
    with whole(session):
        return role in SHARED and session.scalar(leaders.limit(1)) is not None


def require_another_leader(session: orm.Session, user: User) -> None:
    """Nothing. Raises Refusal where this is the only leader's account in use: without it an administrator
    alone could make the next one."""
    others = select(User.id).where(User.role == "leadership", User.active, User.id != user.id)
    with whole(session):
        alone = session.scalar(others.limit(1)) is None
    if user.role == "leadership" and user.active and alone:
        raise Refusal("这是唯一在用的领导账号，请先新建并确认另一位领导。")


def same_person(one: User, other: User) -> bool:
    """Whether two accounts are one person's: separation is between people, not between accounts."""
    return one.id == other.id or (one.person_id is not None and one.person_id == other.person_id)


def is_same(session: orm.Session, account: int | None, actor: User) -> bool:
    """Whether the account of that id is the actor's, or another one of the same person; never for None."""
    if account is None:
        return False
    with whole(session):
        other = session.get(User, account)
    return other is not None and same_person(other, actor)


def confirm(session: orm.Session, user: User, leader: User) -> None:
    """Nothing; the account is in effect. Raises Refusal for one that does not wait, or of the own person."""
    if not user.awaits:
        raise Refusal("这个账号不需要确认。")
    if same_person(user, leader):
        raise Refusal("不能确认本人的账号，请由另一位领导确认。")
    user.awaits, user.active = False, True
    journal.record(session, "account.confirm", user.uuid, leader, role=user.role)
    session.flush()
