"""Why a plan lacks people and what would help.

The worker finds it out once for each version and keeps it beside the plan; pages only tell it, to each
account what it may see. A remedy that is tried becomes another version.
"""

import logging
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.planning import generate, verdicts
from inspections.rounds.models import WITHOUT_RESULT, Plan
from inspections.rounds.watch import OpenSession
from inspections.site.refusal import Refusal
from planners.formats.parse import parse_plan, parse_problem
from planners.problem import Plan as Answer
from planners.problem import Problem
from planners.rulebook.filed import filed, unfiled
from planners.rulebook.telling import told_phrase
from planners.shortage.diagnosis import diagnose
from planners.shortage.remedies import Remedy

log = logging.getLogger(__name__)

#: the job's name in the queue; its key is the plan's uuid
JOB = "diagnose_plan"
FAILED = "查找缺口的原因时系统出现故障，已记入系统日志，请联系系统管理员。"
_EFFECT = ("id", "kind", "missing_before", "missing", "unvisited_before", "unvisited")


@dataclass(frozen=True, slots=True)
class OfferedRemedy:
    """A change of the tables and what it was computed to bring; `may_try` when this cycle can express it."""

    id: str
    sentence: str
    may_try: bool
    #: where the office would make the change for good
    where: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a plan is not complete, in sentences, and up to three remedies."""

    sentences: tuple[str, ...]
    remedies: tuple[OfferedRemedy, ...]


_WHERE = {
    "round": "在“各轮日期”中增加一轮",
    "teams": "在“各轮日期”中增加该轮组数",
    "quota": "在机构的页面上修改留守和外派限额",
    "limit": "在人员的页面上修改最多次数",
    "loan": "在人员的页面上登记借用后的机构或专长",
    "open": "在单位的页面上修改停检日期",
    "pin": "取消相应的固定安排",
}


# ---------------------------------------------------------------- the worker's part


def waiting(session: orm.Session) -> list[str]:
    """The job keys of versions with a result for which nothing was looked for yet."""
    wanted = sa.select(Plan.uuid).where(Plan.diagnosis.is_(None), Plan.state.not_in(WITHOUT_RESULT))
    return [str(name) for name in session.scalars(wanted)]


def run(open_session: OpenSession, name: str) -> None:
    """Nothing; what the plan with this uuid lacks, why, and what would help stands beside it.

    Safe to call again, and by two workers at once. Nobody's open page becomes outdated by it.
    """
    its_own = sa.select(Plan).where(Plan.uuid == UUID(name), Plan.diagnosis.is_(None))
    with open_session(reading=True) as session:
        plan = session.scalar(its_own.where(Plan.state.not_in(WITHOUT_RESULT)))
        if plan is None or plan.problem is None or plan.answer is None:
            return
        asked, answered = plan.problem, plan.answer
    try:
        problem = parse_problem(asked)
        found = _diagnosis(problem, parse_plan(answered, problem))
    except Exception:
        log.exception("the shortages of plan %s could not be diagnosed", name)
        found = {"said": [FAILED], "remedies": []}
    with open_session() as session:
        session.execute(
            sa.update(Plan).where(Plan.uuid == UUID(name), Plan.diagnosis.is_(None)).values(diagnosis=found),
            execution_options={"synchronize_session": False},
        )
        session.commit()


def _diagnosis(problem: Problem, answer: Answer) -> dict[str, Any]:
    """What is kept: everything that is said, and the remedies with what each would change in the problem."""
    found = diagnose(problem, answer)
    return {
        "said": [*map(filed, found.remarks), *map(filed, found.gaps)],
        "remedies": [
            {
                **{key: value for key, value in asdict(one).items() if key in _EFFECT},
                "said": filed(one.said),
                "change": {key: rows for key, rows in one.raw.items() if problem.raw.get(key) != rows},
            }
            for one in found.remedies
        ],
    }


# ---------------------------------------------------------------- told and tried


def lacking(session: orm.Session, plan: Plan) -> Shortfall | None:
    """What the plan lacks and why, and what would help; None while the worker has still to find it out."""
    if plan.diagnosis is None:
        return None
    told = verdicts.worded(session, plan)
    said = [unfiled(row) for row in plan.diagnosis.get("said", ())]
    return Shortfall(
        tuple([FAILED] if said == [FAILED] else told.remarks(said)),
        tuple(
            OfferedRemedy(
                remedy.id,
                told_phrase(remedy.whole, told.names),
                _is_expressible(plan, remedy),
                _WHERE.get(remedy.kind, ""),
            )
            for remedy in _remedies(plan)
            if told.sees(remedy.said.facts)
        ),
    )


def try_remedy(session: orm.Session, plan: Plan, wanted: str, seconds: int, user: User) -> Plan:
    """A new version, solved as if the remedy of that id had been taken. Raises Refusal, Conflict."""
    told = verdicts.worded(session, plan)
    remedy = next((one for one in _remedies(plan) if one.id == wanted and told.sees(one.said.facts)), None)
    if remedy is None:
        raise Refusal("这条补救办法已经不适用，请刷新页面。")
    if not _is_expressible(plan, remedy):
        raise Refusal("这条补救办法要先改各轮日期，改好以后重新排程。")
    made = generate.queue(session, plan.cycle, plan.seed, seconds, user, instead=dict(remedy.raw))
    journal.record(
        session,
        "plan.try",
        made.uuid,
        user,
        reason=told_phrase(remedy.whole, told.names),
        upon=sorted(told.units_in(remedy.said.facts)),
    )
    return made


def _remedies(plan: Plan) -> list[Remedy]:
    return [
        Remedy(
            **{key: row[key] for key in _EFFECT},
            said=unfiled(row["said"]),
            raw={**(plan.problem or {}), **row["change"]},
        )
        for row in (plan.diagnosis or {}).get("remedies", ())
    ]


def _is_expressible(plan: Plan, remedy: Remedy) -> bool:
    """Whether the cycle's tables have all rounds of the amended problem."""
    known = {row["id"] for row in (plan.problem or {})["rounds"]}
    return known.issuperset(row["id"] for row in remedy.raw["rounds"])
