"""Accounts that one administrator alone cannot make: they take effect when a leader has confirmed them.

The first leader of an installation is confirmed by nobody, since nobody is there yet.
"""

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.duties import READER
from inspections.accounts.models import User
from inspections.accounts.permissions import POWERS
from inspections.database import whole
from inspections.site.refusal import Refusal

#: whose word makes something final, who reads leads or watches, and who could make an account that does
DECIDING = ("planner", "leadership", "case_room", "auditor", "admin")


def is_needed(session: orm.Session, role: str) -> bool:
    """Whether a new account of that role waits for a leader: from the first leader on."""
    leaders = select(User.id).where(User.role == "leadership", User.duty != READER, User.active)
    with whole(session):
        return role in DECIDING and session.scalar(leaders.limit(1)) is not None


def require_another_leader(session: orm.Session, user: User) -> None:
    """Nothing. Raises Refusal where this is the only leader's account in use: without it an administrator
    alone could make the next one."""
    others = select(User.id).where(
        User.role == "leadership", User.duty != READER, User.active, User.id != user.id
    )
    with whole(session):
        alone = session.scalar(others.limit(1)) is None
    if user.role == "leadership" and user.active and alone:
        raise Refusal("这是唯一在用的领导账号，请先新建并确认另一位领导。")


def require_one_power(session: orm.Session, user: User) -> None:
    """Nothing. Raises Refusal where the account's person holds another of the three powers already."""
    held = select(User.id).where(User.person_id == user.person_id, User.role.in_(POWERS))
    held = held.where(User.active | User.awaits, User.id.is_distinct_from(user.id))
    with whole(session), session.no_autoflush:
        if user.role in POWERS and user.person_id is not None and session.scalar(held.limit(1)) is not None:
            raise Refusal(
                "系统管理、领导（确认账号）、审计三种权限不能由同一人兼任，这名人员已有其中一种账号。"
            )


def require_other_person(user: User, actor: User) -> None:
    """Nothing. Raises Refusal for an account of the actor's own, by whichever of them."""
    if same_person(user, actor):
        raise Refusal("这是本人的账号，请由另一位管理员办理。")


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
