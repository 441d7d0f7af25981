"""Who may look at a rectification on site: somebody who did not report it and has no tie to the place.

One function answers; assigning, rating and closing all ask it.
"""

from sqlalchemy import orm, select

from inspections.accounts.confirming import same_person
from inspections.accounts.models import User
from inspections.database import today
from inspections.followup.models import Item
from inspections.followup.rulebook import RATINGS
from inspections.people.ties import ties_on
from inspections.rounds.models import Posting, Seat

CHECKERS = ("planner", "leader", "member")


def why_not(session: orm.Session, item: Item, user: User) -> str:
    """Why this user may not verify this item, as a sentence; empty when nothing is against it.

    监察法 article 67: whoever has an interest in the matter stays away; 核验人不得是报告人.
    """
    if user.role not in CHECKERS or not user.active:
        return f"{user.name}没有现场核验的职责。"
    if any(same_person(user, other) for other in reporters(item)):
        return f"{user.name}报告过这个问题的整改，不能再由本人核验。"
    person = user.person
    if person is None:
        return ""
    if person.home_unit_id == item.unit_id:
        return f"{user.name}是{item.unit.called}的人员，应当回避。"
    barred = [fact for fact in ties_on(session, [person], [item.unit], today()) if fact.hard]
    return f"{user.name}与{item.unit.called}有回避关系：{barred[0].reason}。" if barred else ""


def reporters(item: Item) -> list[User]:
    """Those who reported on this item's rectification."""
    return [step.actor for step in item.steps if step.action in ("report_progress", "report_done")]


def in_the_way_of_closing(item: Item, closer: User) -> str:
    """Why this person may not close it: to report, to send, to look and to close are four people's."""
    part = {
        "report_progress": "报告过整改",
        "report_done": "报告过整改",
        "assign_check": "审核了材料、派人核验",
        **dict.fromkeys(RATINGS, "作过核验"),
    }
    for step in reversed(item.steps):
        if step.action in part and same_person(step.actor, closer):
            return f"{closer.name}对这个问题{part[step.action]}，不能再由本人批准销号。"
    return ""


def candidates(session: orm.Session, item: Item) -> list[User]:
    """Those who may be sent to look at it, by name."""
    wanted = select(User).where(User.role.in_(CHECKERS), User.active).order_by(User.name)
    return [user for user in session.scalars(wanted) if not why_not(session, item, user)]


def in_the_first_team(session: orm.Session, item: Item, user: User) -> bool:
    """Whether the user sat in the team that found the problem: 回头看 is done by others."""
    team = select(Posting.team_id).where(Posting.id == item.finding.posting_id).scalar_subquery()
    seat = select(Seat.person_id).where(Seat.team_id == team, Seat.person_id == user.person_id)
    return user.person_id is not None and session.scalar(seat) is not None
