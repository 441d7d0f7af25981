"""The acts of a plan's one life: handed in, sent back or approved, published. `rounds/life.py` has the table.

It makes no plan and changes none: what is published is what was approved. From publication on a team sees
its own postings, each from its release day.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.planning import refits, verdicts
from inspections.rounds import changes, life
from inspections.rounds.models import Lock, Plan
from inspections.site.refusal import Conflict, Refusal

OWN_PLAN = "这一版由您编制，须由编制人以外的人批准（县纪委领导或另一名统筹）。"


def submit(session: orm.Session, plan: Plan, seen: int, note: str, user: User) -> None:
    """Nothing; the plan waits for approval, with a note to whoever decides.

    Raises Conflict when the plan changed since version `seen`; Refusal while another version waits, and when
    the plan no longer fits the roster or the rounds.
    """
    session.refresh(plan.cycle, with_for_update={"of": type(plan.cycle)})
    _as_seen(session, plan, seen, "submit")
    other = next((each for each in plan.cycle.plans if each.state == "submitted"), None)
    if other is not None:
        raise Refusal(f"第 {other.number} 版方案正在送审，一次只送审一版；先撤回那一版，或等它批准、退回。")
    _still_holds(session, plan)
    plan.state, plan.note, plan.returned_for = "submitted", note.strip(), ""
    plan.submitted_by_id, plan.submitted_at = user.id, now()
    _record(session, "plan.submit", plan, user, reason=plan.note)


def recall(session: orm.Session, plan: Plan, seen: int, user: User) -> None:
    """Nothing; the plan is a trial again. Raises Conflict when it changed since version `seen`."""
    _as_seen(session, plan, seen, "recall")
    plan.state = "ready"
    _record(session, "plan.recall", plan, user)


def send_back(session: orm.Session, plan: Plan, seen: int, reason: str, user: User) -> None:
    """Nothing; the plan is back with whoever made it, with the reason.

    Raises Conflict when it changed since version `seen`, Refusal without a reason and for an own version.
    """
    _as_seen(session, plan, seen, "send_back")
    _by_another(plan, user)
    if not reason.strip():
        raise Refusal("退回须写明理由，好让编制人知道要改什么。")
    plan.state, plan.returned_for = "returned", reason.strip()
    _record(session, "plan.send_back", plan, user, reason=plan.returned_for)


def approve(session: orm.Session, plan: Plan, seen: int, reason: str, user: User) -> None:
    """Nothing; the plan is approved and numbered. `seen` is the plan's version on the page that was signed.

    Raises Conflict when the plan changed since, Refusal when the user made it, when a partial plan has no
    written reason, or the plan no longer fits the roster or the rounds.
    """
    _as_seen(session, plan, seen, "approve")
    _by_another(plan, user)
    lacking = len((plan.answer or {}).get("shortages", []))
    if lacking and not reason.strip():
        raise Refusal(f"方案有 {lacking} 处缺口，批准须写明理由。")
    _still_holds(session, plan)
    give_number(session, plan, user)
    _record(
        session, "plan.approve", plan, user, reason=reason.strip(), shortages=lacking, number=plan.approval
    )


def give_number(session: orm.Session, plan: Plan, user: User) -> None:
    """Nothing; the plan is approved by the user under the next number of the year, e.g. 2026-003.

    Numbers have no gap: a plan that comes back and is approved again keeps its own.
    """
    plan.state, plan.approved_at, plan.approved_by_id = "approved", now(), user.id
    if plan.approval is None:
        year = today().year
        taken = session.scalars(sa.select(Plan.approval).where(Plan.approval.startswith(f"{year}-"))).all()
        plan.approval = f"{year}-{len(taken) + 1:03}"


def publish(session: orm.Session, plan: Plan, seen: int, typed: str, user: User) -> None:
    """Nothing; the plan is the cycle's published one: its members see their own postings from release on.

    `typed` is the number of the version, by which the planner says which one is meant. Another approved
    version takes the place of a published one as long as it leaves the rounds that have begun as they are;
    every other approved version lapses.
    Raises Conflict when the plan changed since version `seen`, Refusal for another number, for a version that
    differs in a round that has begun, and for one that no longer fits the roster or the rounds.
    """
    session.refresh(plan.cycle, with_for_update={"of": type(plan.cycle)})
    _as_seen(session, plan, seen, "publish")
    if typed.strip() != str(plan.number):
        raise Refusal(f"请输入版本号“{plan.number}”，确认要发布的是这一版。")
    old = plan.cycle.published_plan
    if old is not None and plan.replaces_id != old.id:
        _same_where_begun(old, plan)
    _still_holds(session, plan)
    take_place(session, plan, old, user)


def take_place(session: orm.Session, plan: Plan, old: Plan | None, user: User) -> None:
    """Nothing; the approved plan is published in the place of `old`; others that were approved lapse."""
    if old is not None:
        old.state = "superseded"
        session.flush()
        journal.record(session, "plan.supersede", old.uuid, user, version=old.version, by=plan.number)
        refits.take_over(session, old, plan)
        plan.replaces_id = old.id
    for other in plan.cycle.plans:
        if other.state == "approved" and other is not plan:
            other.state = "lapsed"
            _record(session, "plan.lapse", other, user, by=plan.number)
    plan.state, plan.published_at = "published", now()
    plan.violations = len(verdicts.judged(plan).broken)
    # from now on the plan itself is what stays; a repair must be free to replace whoever drops out
    session.execute(sa.delete(Lock).where(Lock.cycle_id == plan.cycle_id))
    _record(session, "plan.publish", plan, user)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the publication of a plan would do: counts, the first release, and which versions it touches."""

    rounds: int
    teams: int
    units: int
    seats: int
    first_release: dt.date | None
    replaced: int | None
    lapsing: tuple[int, ...]


def outlook(plan: Plan) -> Outlook:
    """What will happen when this version is published, for the sentence above the button."""
    teams = (plan.answer or {}).get("teams", [])
    cycle = plan.cycle
    old = cycle.published_plan
    return Outlook(
        rounds=len({team["round"] for team in teams}),
        teams=len(teams),
        units=sum(len(team["units"]) for team in teams),
        seats=sum(len(team["members"]) for team in teams),
        first_release=min((one.release_on for one in cycle.standing_rounds), default=None),
        replaced=old.number if old is not None and old is not plan else None,
        lapsing=tuple(one.number for one in cycle.plans if one.state == "approved" and one is not plan),
    )


def made_by(plan: Plan, user: User) -> bool:
    """Whether the user solved, edited or imported this version, and therefore cannot approve it.

    A version that the command line made is answered for by whoever handed it in.
    """
    maker = plan.created_by or plan.submitted_by
    return maker is not None and confirming.same_person(maker, user)


def _by_another(plan: Plan, user: User) -> None:
    if made_by(plan, user):
        raise Refusal(OWN_PLAN)


def _same_where_begun(old: Plan, new: Plan) -> None:
    begun = {round_.code: round_.name for round_ in old.cycle.standing_rounds if round_.start <= today()}
    for code, name in begun.items():
        if _teams_of(old, code) != _teams_of(new, code):
            raise Refusal(
                f"{name}已经开始，第 {new.number} 版的{name}与已发布的第 {old.number} 版不同，不能替换；"
                "请重新排程（已开始的各轮会原样保留），或按人员变动补位。"
            )


def _teams_of(plan: Plan, code: str) -> set[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    teams = [team for team in (plan.answer or {})["teams"] if team["round"] == code]
    return {
        (tuple(team["units"]), tuple(sorted((one["person"], one["slot"]) for one in team["members"])))
        for team in teams
    }


def _record(session: orm.Session, act: str, plan: Plan, user: User, **detail: object) -> None:
    session.flush()
    journal.record(session, act, plan.uuid, user, version=plan.version, **detail)


def _as_seen(session: orm.Session, plan: Plan, seen: int, act: str) -> None:
    """Nothing. Raises Conflict where the page is old, Refusal where the plan's life does not know the act."""
    session.refresh(plan, with_for_update={"of": type(plan)})
    if plan.version != seen:
        raise Conflict(
            f"您打开页面后，第 {plan.number} 版方案已有变化，{life.MOVES[act].words}没有生效。",
            changes.since(session, plan.uuid, seen) or changes.history(session, plan.uuid)[-1:],
        )
    life.check(plan, act)


def _still_holds(session: orm.Session, plan: Plan) -> None:
    if gone := verdicts.cancelled(plan):
        raise Refusal(gone)
    faults = list(verdicts.spoiled(session, plan).values())
    if faults:
        more = f"；等 {len(faults)} 处" if len(faults) > 3 else ""
        raise Refusal(f"排程之后名册或各轮有改动，方案不再合规：{'；'.join(faults[:3])}{more}。请重新排程。")
