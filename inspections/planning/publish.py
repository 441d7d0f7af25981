"""Approves and publishes a plan. From publication on a team sees its own postings, each from its release day.

It makes no plan and changes none: what is published is what was approved.
"""

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.planning import refits, verdicts
from inspections.rounds import changes
from inspections.rounds.models import Lock, Plan
from inspections.site.refusal import Conflict, Refusal

OWN_PLAN = "这一版由您编制，须由编制人以外的人批准（县纪委领导或另一名统筹）。"


def approve(session: orm.Session, plan: Plan, seen: int, reason: str, user: User) -> None:
    """Nothing; the plan is approved and numbered. `seen` is the plan's version on the page that was signed.

    Raises Conflict when the plan changed since, Refusal when the user made it, when a partial plan has no
    written reason, or the plan no longer fits the roster or the rounds.
    """
    _as_seen(session, plan, seen, "ready", "批准")
    if made_by(plan, user):
        raise Refusal(OWN_PLAN)
    lacking = len((plan.answer or {}).get("shortages", []))
    if lacking and not reason.strip():
        raise Refusal(f"方案有 {lacking} 处缺口，批准须写明理由。")
    _still_holds(session, plan)
    plan.state, plan.approved_at, plan.approved_by_id = "approved", now(), user.id
    plan.approval = _next_number(session)
    session.flush()
    journal.record(
        session,
        "plan.approve",
        plan.uuid,
        user,
        reason=reason.strip(),
        shortages=lacking,
        version=plan.version,
        number=plan.approval,
    )


def made_by(plan: Plan, user: User) -> bool:
    """Whether the user solved, edited or imported this version, and therefore cannot approve it."""
    return plan.created_by_id is not None and plan.created_by_id == user.id


def _next_number(session: orm.Session) -> str:
    """The next number of this year, e.g. 2026-003; numbers are given at approval and have no gap."""
    year = today().year
    taken = session.scalars(sa.select(Plan.approval).where(Plan.approval.startswith(f"{year}-"))).all()
    return f"{year}-{len(taken) + 1:03}"


def publish(session: orm.Session, plan: Plan, seen: int, user: User) -> None:
    """Nothing; the plan is the cycle's published one: its members see their own postings from release on.

    Raises Conflict when the plan changed since version `seen`, Refusal when another plan of the cycle is
    published already that this one does not repair, or this one no longer fits the roster or the rounds.
    """
    session.refresh(plan.cycle, with_for_update=True)
    _as_seen(session, plan, seen, "approved", "发布")
    old = next((other for other in plan.cycle.plans if other.state == "published"), None)
    if old is not None and plan.replaces_id != old.id:
        raise Refusal(f"“{plan.cycle.name}”已经发布第 {old.number} 版方案，只能发布由它补位的一版。")
    _still_holds(session, plan)
    if old is not None:
        old.state = "superseded"
        session.flush()
        journal.record(session, "plan.supersede", old.uuid, user, version=old.version, by=plan.number)
        refits.take_over(session, old, plan)
    plan.state, plan.published_at = "published", now()
    plan.violations = len(verdicts.judged(plan).broken)
    # from now on the plan itself is what stays; a repair must be free to replace whoever drops out
    session.execute(sa.delete(Lock).where(Lock.cycle_id == plan.cycle_id))
    session.flush()
    journal.record(session, "plan.publish", plan.uuid, user, version=plan.version)


def _as_seen(session: orm.Session, plan: Plan, seen: int, state: str, act: str) -> None:
    session.refresh(plan, with_for_update=True)
    if plan.version != seen or plan.state != state:
        raise Conflict(
            f"您打开页面后，第 {plan.number} 版方案已有变化，{act}没有生效。",
            changes.since(session, plan.uuid, seen) or changes.history(session, plan.uuid)[-1:],
        )


def _still_holds(session: orm.Session, plan: Plan) -> None:
    faults = list(verdicts.spoiled(session, plan).values())
    if faults:
        more = f"；等 {len(faults)} 处" if len(faults) > 3 else ""
        raise Refusal(f"排程之后名册或各轮有改动，方案不再合规：{'；'.join(faults[:3])}{more}。请重新排程。")
