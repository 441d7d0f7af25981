"""Who holds which seat at a posting: asked before anything is written or signed in a team's name.

Reach in general is the permission table's business; this is about the seats of one team.
"""

from inspections.accounts.models import User
from inspections.rounds.models import Posting, Seat
from inspections.site.refusal import Refusal

NOT_IN_TEAM = "您不在这个驻点的组内，不能代为填写。"
REAL_PLACE = "{unit}是真实地名，只用于排程，不能登记问题、照片和文书。"


def seat_of(posting: Posting, user: User) -> Seat | None:
    """The user's seat in the posting's team, or None."""
    if user.person_id is None:
        return None
    return next((seat for seat in posting.team.members if seat.person_id == user.person_id), None)


def is_leader(posting: Posting, user: User) -> bool:
    """Whether the user leads this team: a leader by role who holds the first slot of the cycle's template."""
    seat = seat_of(posting, user)
    return user.role == "leader" and seat is not None and seat.slot == first_slot(posting)


def first_slot(posting: Posting) -> str:
    """The slot of the team's leader in the cycle's template."""
    slots = posting.team.round.cycle.slots
    return str(slots[0]["id"]) if slots else "leader"


def slot_name(posting: Posting, slot: str) -> str:
    """The slot in Chinese, e.g. 组长, as the cycle's template calls it."""
    names = {str(each["id"]): str(each["name"]) for each in posting.team.round.cycle.slots}
    return names.get(slot, slot)


def require_member(posting: Posting, user: User, had_seat: bool = False) -> None:
    """Nothing. Raises Refusal for a real place, or when the user neither has nor `had_seat` in the team."""
    if posting.unit.planning_only:
        raise Refusal(REAL_PLACE.format(unit=posting.unit.name))
    if not had_seat and seat_of(posting, user) is None:
        raise Refusal(NOT_IN_TEAM)
