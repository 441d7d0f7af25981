"""What ends a visit before its day, opens it again, or puts it to rest under a letter."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.fieldwork.closing.opening import Stand, newest_place, opening_of
from inspections.fieldwork.models import Operation, VisitStep
from inspections.findings import team
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

#: for how long the county may open a visit again at once
MOST_DAYS = 31
LONGEST_REASON = 200


def close(session: orm.Session, posting: Posting, actor: User) -> VisitStep:
    """The step that closed it: its own leader's, or the county's. Raises Conflict where it is closed."""
    _hold(session, posting)
    if opening_of(session, posting).frozen is not None:
        raise Conflict("这个驻点已经关闭，请刷新页面。")
    if actor.role != "planner" and not team.is_leader(posting, actor):
        raise Refusal("驻点由本组组长或县统筹关闭。")
    return _take(session, posting, "closed", actor)


def reopen(session: orm.Session, posting: Posting, until: dt.date, reason: str, actor: User) -> VisitStep:
    """The step that opened it until the end of that day; what arrived meanwhile counts again.

    Raises Refusal without a reason, for a day that is past or far, and where a letter rests on the visit;
    Conflict where it is open.
    """
    _hold(session, posting)
    stand = opening_of(session, posting).stand
    if stand is Stand.LETTER:
        raise Refusal("引用这个驻点的文书已经印发，不能重新开放；需要更正的，另行起草文书替代。")
    if team.seat_of(posting, actor) is not None:
        raise Refusal("本组成员的驻点请由县统筹的另一人重新开放。")
    if stand is Stand.OPEN:
        raise Conflict("这个驻点没有关闭，请刷新页面。")
    if not reason.strip():
        raise Refusal("请写明重新开放的理由。")
    if privacy.private_number(reason):
        raise Refusal(privacy.SENTENCE)
    if not today() <= until <= today() + dt.timedelta(days=MOST_DAYS):
        raise Refusal(f"开放至哪一天应在今天至 {MOST_DAYS} 天之内。")
    return _take(session, posting, "opened", actor, until, reason.strip()[:LONGEST_REASON])


def rest_under_letter(session: orm.Session, postings: Iterable[Posting]) -> None:
    """Nothing; what these visits answered rests from now on, since a letter that cites them went out."""
    for posting in sorted(postings, key=lambda each: each.id):
        _hold(session, posting)
        if opening_of(session, posting).stand is not Stand.LETTER:
            _take(session, posting, "letter", None)


def late_arrivals(session: orm.Session, posting: Posting) -> Sequence[Operation]:
    """What was written in time and arrived when the visit was over, the newest first."""
    wanted = select(Operation).where(Operation.posting_id == posting.id, Operation.late)
    return session.scalars(
        wanted.options(orm.joinedload(Operation.author)).order_by(Operation.seq.desc())
    ).all()


def _take(
    session: orm.Session,
    posting: Posting,
    what: str,
    actor: User | None,
    until: dt.date | None = None,
    reason: str = "",
) -> VisitStep:
    step = VisitStep(
        posting=posting,
        what=what,
        seq=newest_place(session, posting),
        until=until,
        reason=reason,
        actor_id=actor.id if actor else None,
    )
    session.add(step)
    session.flush()
    detail = {"until": until.isoformat(), "reason": reason} if until else {}
    journal.record(session, f"visit.{what}", posting.uuid, actor, **detail)
    return step


def _hold(session: orm.Session, posting: Posting) -> None:
    """Nothing; whoever writes to the visit waits for this act, or this act for them."""
    session.execute(select(Posting.id).where(Posting.id == posting.id).with_for_update())
