"""Who may write at a visit, counted at the time of writing: a seat that was given over since still counts.

The permission table says what a role may do at all; this is about one visit and its people, then and now.
"""

import datetime as dt
import enum
import uuid
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import now, today
from inspections.fieldwork.closing.opening import Opening, opening_of
from inspections.fieldwork.models import Device
from inspections.findings import team
from inspections.rounds.models import FormerTeam, Plan, Posting, Seat
from inspections.wording import SHANGHAI


class Admission(enum.Enum):
    """What has been decided elsewhere about who writes."""

    #: nothing: the right at the time of writing is asked
    ASKED = "asked"
    #: a page has found the row in the user's reach: a seat suffices
    SEATED = "seated"
    #: the county has looked: this is the author's and belongs here
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class WritingRight:
    """What one person may write at one visit: now, or at times before `until` (None: never had a seat)."""

    seated: bool
    now: bool
    over: bool
    since: dt.datetime
    until: dt.datetime | None
    opening: Opening
    #: whether the person leads the team now, and when that ended for who led it before (None: never did)
    leads: bool = False
    led_until: dt.datetime | None = None

    def led(self, at: dt.datetime | None, admission: Admission = Admission.ASKED) -> bool:
        """Whether what was written at that instant (None: now) may settle what others differ in."""
        if self.leads or self.led_until is None:
            return self.leads
        return admission is Admission.COUNTY or (at is not None and self.since <= at < self.led_until)

    def covers(self, at: dt.datetime | None, admission: Admission = Admission.ASKED) -> bool:
        """Whether what was written at that instant (None: now) may enter the ledger."""
        if self.now or admission is Admission.COUNTY or (self.seated and admission is Admission.SEATED):
            return True
        return at is not None and self.until is not None and self.since <= at < self.until

    def is_late(self, at: dt.datetime | None) -> bool:
        """Whether it arrives when the visit is over or closed, or the seat is another's."""
        return at is not None and (self.over or not self.now or not self.opening.covers(None))


def writing_right(session: orm.Session, posting: Posting, author: User) -> WritingRight:
    """What the person may write at the visit."""
    round_ = posting.team.round
    reached = select(Posting.id).where(Posting.id == posting.id, Posting.within(Reach.TEAM, author))
    right = session.scalar(reached) is not None
    over = round_.end < today()
    since = dt.datetime.combine(round_.release_on, dt.time(), SHANGHAI)
    seated = team.seat_of(posting, author) is not None
    until = None if right or since > now() else _had_a_seat_until(session, posting, author)
    if until is not None and author.role == "village":  # borrowed for the visit only
        closes = dt.datetime.combine(round_.end + dt.timedelta(days=1), dt.time(), SHANGHAI)
        until = min(until, closes)
    leads = team.is_leader(posting, author)
    led_until = None if leads or since > now() else _led_until(session, posting, author)
    opening = opening_of(session, posting)
    return WritingRight(seated, right, over, since, until, opening, leads, led_until)


def _led_until(session: orm.Session, posting: Posting, author: User) -> dt.datetime | None:
    """When another took the person's place at the head of the visit's team; None for who never led it."""
    if author.role != "leader":
        return None
    first = Seat.slot == team.first_slot(posting)
    mine = select(Seat.team_id).where(Seat.person_id == author.person_id, first)
    former = select(FormerTeam.until).where(FormerTeam.posting_id == posting.id, FormerTeam.team_id.in_(mine))
    return max(session.scalars(former), default=None)


def _had_a_seat_until(session: orm.Session, posting: Posting, author: User) -> dt.datetime | None:
    """The end of the person's last seat at the visit; far ahead for one that still is; None for none."""
    ends = []
    if team.seat_of(posting, author) is not None:
        ends.append(_published_until(session, posting.team.plan))
    mine = select(Seat.team_id).where(Seat.person_id == author.person_id)
    former = select(FormerTeam.until).where(FormerTeam.posting_id == posting.id, FormerTeam.team_id.in_(mine))
    ends += session.scalars(former)
    return max((each for each in ends if each is not None), default=None)


def _published_until(session: orm.Session, plan: Plan) -> dt.datetime | None:
    """When another version took the plan's place; far ahead while it is published, None if it never was."""
    if plan.state == "published":
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    if plan.state != "superseded":
        return None
    followers = select(Plan.published_at).where(Plan.replaces_id == plan.id, Plan.published_at.is_not(None))
    return session.scalar(followers.order_by(Plan.published_at).limit(1))


def is_revoked(session: orm.Session, device: str) -> bool:
    """Whether what comes from that device goes to quarantine; a name that is no tablet's is not revoked."""
    try:
        name = uuid.UUID(device)
    except ValueError:
        return False
    revoked = select(Device.id).where(Device.id == name, Device.revoked_at.is_not(None))
    return session.scalar(revoked) is not None
