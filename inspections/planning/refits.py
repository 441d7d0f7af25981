"""补位: a version that fits today's roster again, when somebody fell ill, left, or has a tie found late.

It changes as few seats as it can and leaves the rounds before a chosen one as they are. It is approved and
published like any version; published, it takes over the postings of the one it repairs, with all that teams
have written there.
"""

import logging
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.planning import generate, verdicts
from inspections.planning.restatement import restated
from inspections.planning.sentences import UNSEEN, wording
from inspections.rounds import apart, life
from inspections.rounds.models import FormerTeam, Plan, Posting, Round
from inspections.site.refusal import Conflict, Refusal
from planners.formats.parse import BadInput, dump_plan, parse_plan, parse_problem
from planners.problem import Plan as Answer
from planners.problem import Problem
from planners.repair.changes import Changes
from planners.repair.difference import differences
from planners.repair.replan import refit as repaired
from planners.rulebook.telling import told_phrase
from planners.solve import RefusedByReferee

log = logging.getLogger(__name__)


def open_rounds(plan: Plan) -> list[Round]:
    """The rounds that a repair may begin with: those that are not over."""
    return [round_ for round_ in plan.cycle.standing_rounds if round_.end >= today()]


def next_round(plan: Plan) -> Round | None:
    """The first round that has not begun, which a repair leaves no team in the field disturbed; else None."""
    return next((round_ for round_ in plan.cycle.standing_rounds if round_.start > today()), None)


def refit(session: orm.Session, plan: Plan, first: str, reason: str, user: User, seen: int) -> Plan:
    """The new version, ready for approval: legal by today's tables, then fewest changes, then least cost.

    `first` is the code of the first round that may change, `seen` the plan's version on the page. Raises
    Conflict when the plan changed since, Refusal without a reason, where nothing has to change, and where
    the rounds or units are no longer those of the plan.
    """
    session.refresh(plan.cycle, with_for_update={"of": type(plan.cycle)})
    session.refresh(plan)
    if plan.version != seen or plan.state not in life.MAY_BE_REPAIRED:
        raise Conflict(f"您打开页面后，第 {plan.number} 版方案已有变化，请先查看。")
    if not reason.strip():
        raise Refusal("请写明补位的原因，如谁因何事不能参加。")
    if first not in [round_.code for round_ in open_rounds(plan)]:
        raise Refusal("请选择一个尚未结束的轮次，从这一轮起补位。")
    if not verdicts.spoiled(session, plan) and not (plan.answer or {}).get("shortages"):
        raise Refusal("现在的名册与这一版相符，没有需要补位的席位。")
    codes = [round_.code for round_ in plan.cycle.standing_rounds]
    kept = codes[: codes.index(first)]
    statement = restated(session, plan, kept)
    problem, before = _read(plan, statement)
    try:
        done = repaired(problem, before, first, seed=plan.seed)
    except (BadInput, RefusedByReferee) as fault:
        log.warning("plan %s cannot be repaired: %s", plan.uuid, fault)
        raise Refusal("不能只靠补位使方案合规；请核对名册和回避关系，或联系系统管理员。") from None
    answer = dump_plan(done.plan)
    # priced as a plan of its own: no later reader knows the one before
    price = answer["objective"]
    price["total"] -= price["terms"]["change"] * statement["weights"]["change"]
    price["terms"]["change"] = 0
    answer["bound"] = answer["gap"] = None
    told = wording(session, plan, problem, (*before.teams, *done.plan.teams))
    said = {
        "from": first,
        "vacated": done.vacated,
        "illegal": done.illegal,
        "changed": done.changed,
        "proven": done.proven,
        "changes": [
            {"words": told_phrase(row.said, told.names), "units": sorted(told.units_in(row.said.facts))}
            for row in done.differences
        ],
    }
    made = generate.keep(session, plan.cycle, user, statement, answer, replaces=plan, repair=said)
    journal.record(
        session,
        "plan.refit",
        made.uuid,
        user,
        version=made.version,
        replaces=plan.number,
        changed=done.changed,
        reason=reason.strip(),
    )
    return made


def told_changes(session: orm.Session, plan: Plan) -> list[str]:
    """What a repaired version changed, a sentence each, as far as the session's account may be told."""
    rows = plan.repair["changes"] if plan.repair is not None else []
    hidden = apart.hidden(session, plan).keys()
    seen = [row["words"] for row in rows if hidden.isdisjoint(row["units"])]
    return seen if len(seen) == len(rows) else [*seen, f"另有{len(rows) - len(seen)}处{UNSEEN}。"]


def _read(plan: Plan, statement: dict[str, object]) -> tuple[Problem, Answer]:
    try:
        problem = parse_problem(statement)
        return problem, parse_plan({**(plan.answer or {}), "problem_sha256": problem.sha256}, problem)
    except BadInput as fault:
        lines = verdicts.first_faults(fault)
        raise Refusal(f"单位、各轮或锁定已与这一版不同，不能补位；请先核对，或重新排程：{lines}") from None


def take_over(session: orm.Session, old: Plan, new: Plan) -> None:
    """Nothing; visits that both versions have go on as they are under the new teams, with all their records.

    What the old version alone had stays with it, as it was, and is nobody's any more.
    """
    wanted = sa.select(Posting).options(orm.joinedload(Posting.team)).where(Posting.team.has(plan_id=old.id))
    before = {(row.team.round_id, row.unit_id): (row.id, row.team_id) for row in session.scalars(wanted)}
    doubles = sa.select(Posting).options(orm.joinedload(Posting.team)).where(Posting.team.has(plan_id=new.id))
    for row in session.scalars(doubles).all():
        if (row.team.round_id, row.unit_id) not in before:
            continue
        lasting, had_it = before[row.team.round_id, row.unit_id]
        session.add(FormerTeam(posting_id=lasting, team_id=had_it))
        place = {"team_id": row.team_id, "position": row.position}
        session.execute(sa.delete(Posting).where(Posting.id == row.id))
        session.execute(sa.update(Posting).where(Posting.id == lasting).values(place))
    session.expire_all()


@dataclass(frozen=True, slots=True)
class PostingChange:
    """One seat or one unit's round in which two versions differ; names, empty for nobody."""

    round: str
    codes: tuple[str, ...]
    units: str
    slot: str
    before: str
    after: str


def compared(old: Plan, new: Plan) -> list[PostingChange]:
    """Where the newer version of a cycle differs from the older one, in the order of its teams.

    Raises Refusal when the two were made for other rounds, slots or units.
    """
    statement = dict(new.problem or {})
    for key in ("people", "offices", "areas"):
        known = {row["id"] for row in statement[key]}
        more = [row for row in (old.problem or {})[key] if row["id"] not in known]
        statement[key] = [*statement[key], *more]
    problem, before = _read(old, statement)
    after = _read(new, statement)[1]
    names = {row.id: row.name for row in problem.people} | {row.id: row.name for row in problem.rounds}
    return [
        PostingChange(
            names.get(row.round or "", ""),
            row.units,
            "、".join(problem.unit(unit).name for unit in row.units),
            problem.slot(row.slot).name if row.slot else "轮次",
            names.get(row.before or "", ""),
            names.get(row.after or "", ""),
        )
        for row in differences(problem, before, after, Changes(), {})
    ]
