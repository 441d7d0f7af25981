"""The way of a working paper to its signature: handed in, looked at by a second member, signed by the leader.

A signed paper is never changed again; what it says is `drafting.py`.
"""

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.confirming import same_person
from inspections.accounts.models import User
from inspections.findings import drafting, team
from inspections.findings.models import STATES, Finding, FindingRevision, FindingStep
from inspections.law import library
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.wording import SHANGHAI

LONGEST_REASON = 300


def submit(session: orm.Session, finding: Finding, actor: User, seen: int) -> Finding:
    """The paper, now waiting for a second member, or for the leader where the team has none.

    Handing in the same revision twice is one step. Raises Refusal for a stranger to the team, Conflict when
    the paper no longer says what the actor saw.
    """
    team.require_member(finding.posting, actor)
    state = "in_review" if reviewers(session, finding) else "submitted"
    return _step(session, finding, actor, seen, ("draft", "returned"), state)


def reviewers(session: orm.Session, finding: Finding) -> list[User]:
    """The specialists of the team who may look a second time: all but the author of its words, by whichever
    account."""
    people = [seat.person_id for seat in finding.posting.team.members]
    wanted = select(User).where(User.person_id.in_(people), User.role == "member", User.active)
    author = finding.current.author
    return [each for each in session.scalars(wanted.order_by(User.id)) if not same_person(each, author)]


def check(session: orm.Session, finding: Finding, actor: User, seen: int) -> Finding:
    """The paper, looked at (复核) and now waiting for the leader.

    Raises Refusal unless the actor may review it, Conflict when another revision is now in force.
    """
    _require_reviewer(session, finding, actor)
    return _step(session, finding, actor, seen, ("in_review",), "submitted")


def sign(session: orm.Session, finding: Finding, actor: User, seen: int) -> Finding:
    """The paper, signed on the revision `seen` and closed to every edit.

    Raises Refusal unless the actor leads this team, and for a basis that was not in force on the day of the
    finding; Conflict when another revision is now in force.
    """
    _require_leader(finding, actor)
    found_on = finding.created_at.astimezone(SHANGHAI).date()
    library.require_in_force(session, finding.current.basis, found_on)
    return _step(session, finding, actor, seen, ("submitted",), "signed")


def send_back(session: orm.Session, finding: Finding, actor: User, seen: int, reason: str) -> Finding:
    """The paper, back with its authors, with the reason that whoever returns it must write."""
    if not may_send_back(session, finding, actor):
        raise Refusal("底稿由等待办理的人退回：待复核时是复核的组员，待审签时是本组组长。")
    reason = reason.strip()
    if not reason:
        raise Refusal("退回底稿请写明原因。")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"退回原因最多 {LONGEST_REASON} 字，现有 {len(reason)} 字。")
    if privacy.private_number(reason):
        raise Refusal(privacy.SENTENCE)
    return _step(session, finding, actor, seen, ("in_review", "submitted"), "returned", reason)


def may_review(session: orm.Session, finding: Finding, user: User) -> bool:
    """Whether the paper waits for this user's second look."""
    return finding.state == "in_review" and user.id in [each.id for each in reviewers(session, finding)]


def may_sign(finding: Finding, user: User) -> bool:
    """Whether the paper waits for this user's signature."""
    return finding.state == "submitted" and team.is_leader(finding.posting, user)


def may_edit(finding: Finding, user: User) -> bool:
    """Whether the paper is open and the user sits in its team."""
    return finding.state in ("draft", "returned") and team.seat_of(finding.posting, user) is not None


def changed_since_return(finding: Finding) -> list[str]:
    """The fields that differ from what the leader last returned; empty when it never was."""
    returned = [step.revision for step in finding.steps if step.state == "returned"]
    if not returned:
        return []
    before: FindingRevision = next(r for r in finding.revisions if r.n == returned[-1])
    return drafting.changes(before, finding.current)


def may_send_back(session: orm.Session, finding: Finding, user: User) -> bool:
    """Whether the paper waits for this user; for the leader too when nobody is left who could review it."""
    if finding.state == "in_review" and reviewers(session, finding):
        return may_review(session, finding, user)
    return team.is_leader(finding.posting, user)


def _require_reviewer(session: orm.Session, finding: Finding, actor: User) -> None:
    if actor.id not in [each.id for each in reviewers(session, finding)]:
        raise Refusal("复核须由本组编制人以外的组员（财务、惠民）办理。")


def _require_leader(finding: Finding, actor: User) -> None:
    if not team.is_leader(finding.posting, actor):
        raise Refusal("只有本组组长可以审签或退回底稿。")


def _step(
    session: orm.Session,
    finding: Finding,
    actor: User,
    seen: int,
    possible: tuple[str, ...],
    state: str,
    reason: str = "",
) -> Finding:
    drafting.lock(session, finding)
    last = finding.steps[-1]
    if (last.state, last.revision, last.actor_id) == (state, seen, actor.id):
        return finding
    if finding.current.n != seen:
        author = finding.current.author.name
        raise Conflict(f"底稿已由{author}修改，请打开最新内容后再办理。")
    if finding.state not in possible:
        raise Conflict(f"底稿现为“{STATES[finding.state]}”，不能再办理这一步。")
    session.add(
        FindingStep(finding_id=finding.id, revision=seen, state=state, actor_id=actor.id, reason=reason)
    )
    journal.record(session, f"finding.{state}", finding.uuid, actor, revision=seen)
    session.flush()
    session.expire(finding)
    return finding
