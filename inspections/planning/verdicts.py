"""What the referee says of a stored plan: as it was made, and by the tables of today. It changes nothing."""

import logging
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import orm

from inspections.database import today
from inspections.planning.restatement import restated
from inspections.planning.sentences import Wording, wording
from inspections.rounds.models import Plan
from inspections.site.refusal import Refusal
from planners.formats.parse import BadInput, parse_plan, parse_problem, written_plan
from planners.problem import Plan as Answer
from planners.problem import Problem
from planners.referee.check import Report, check
from planners.referee.costs import all_terms
from planners.rulebook.values import Broken

log = logging.getLogger(__name__)

_PIN = re.compile(r"pins\[(\d+)\]")
#: the planner's tables by the words of the pages
_TABLES = {
    "rounds": "各轮",
    "template": "小组模板",
    "areas": "区划",
    "units": "单位",
    "offices": "机构",
    "people": "人员",
    "ties": "回避关系",
    "history": "以往驻点",
    "rules": "交叉规则和间隔",
    "teams": "方案的各组",
    "shortages": "方案的缺口",
}


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What the referee says of a stored plan: broken rules, and the costs it computes.

    `past` are rules broken in rounds that a repair had to leave as they were.
    """

    broken: tuple[Broken, ...]
    past: tuple[Broken, ...]
    terms: dict[str, int]
    total: int


def read(plan: Plan) -> tuple[Problem, Answer]:
    """The problem and answer that a plan with an answer stores. A county's take some 0.05 s: once a page."""
    return parse_problem(plan.problem), written_plan(plan.answer or {})


def judged(plan: Plan, stored: tuple[Problem, Answer] | None = None) -> PlanVerdict:
    """The referee's verdict on a plan that has an answer, against the problem it was made for.

    `stored` is what `read` gave, where a page has it already.
    """
    problem, answer = stored or read(plan)
    return verdict_of(check(problem, answer), rounds_kept(plan))


def worded(session: orm.Session, plan: Plan) -> Wording:
    """How a plan that has an answer is told of to the session's account."""
    problem, answer = read(plan)
    return wording(session, plan, problem, answer.teams)


def spoiled(session: orm.Session, plan: Plan) -> dict[str, str]:
    """Why the plan no longer holds: what changed in roster or rounds since it was made.

    The answer is judged against the problem that the tables state now; costs may differ, rules may not,
    but in rounds that are over and cannot be changed any more. One sentence for each fault, as the session's
    account may be told, under a key that stays the same when only names change; empty when it holds.
    """
    if plan.answer is None:
        return {"": "方案还没有结果。"}
    past = rounds_kept(plan)
    published = plan.cycle.published_plan
    if published is plan:
        past |= {round_.code for round_ in plan.cycle.rounds if round_.end < today()}
    elif published is not None:  # whatever takes its place leaves these as they are
        past |= {round_.code for round_ in plan.cycle.rounds if round_.start <= today()}
    if gone := cancelled(plan):
        return {"": gone}
    try:
        problem = parse_problem(restated(session, plan, past))
        answer = parse_plan({**plan.answer, "problem_sha256": problem.sha256}, problem)
    except (BadInput, Refusal) as fault:
        return {"": first_faults(fault) if isinstance(fault, BadInput) else str(fault)}
    told = wording(session, plan, problem, answer.teams)
    return {key: told.broken(fault) for key, fault in faults_of(check(problem, answer), past).items()}


def cancelled(plan: Plan) -> str:
    """A sentence when the plan still has teams in a round that is cancelled by now; else empty."""
    planned = {team["round"] for team in (plan.answer or {}).get("teams", [])}
    gone = [one.name for one in plan.cycle.rounds if one.cancelled_at is not None and one.code in planned]
    return f"{'、'.join(gone)}已取消，第 {plan.number} 版还排了这一轮；请重新排程。" if gone else ""


def faults_of(report: Report, past: Collection[str] = frozenset()) -> dict[str, Broken]:
    """Each broken hard rule outside the `past` rounds, under `H05` and what it is about."""
    return {
        f"{fault.rule} {fault.case} {sorted(fault.where.items())}": fault
        for fault in report.broken
        if fault.rule.startswith("H") and fault.where.get("round") not in past
    }


def kilometres(problem: Problem, answer: Answer) -> list[tuple[str, int]]:
    """Round and the kilometres in a straight line between the homes of its teams' members and their units,
    one way, as the referee prices them."""
    return [
        (row.name, all_terms(problem, [team for team in answer.teams if team.round == row.id])["distance"])
        for row in problem.rounds
    ]


def rounds_kept(plan: Plan) -> set[str]:
    """The codes of the rounds that a repaired version has as the version before had them; else none."""
    if plan.repair is None or plan.problem is None:
        return set()
    codes = [row["id"] for row in plan.problem["rounds"]]
    return set(codes[: codes.index(plan.repair["from"])])


def verdict_of(report: Report, past: Collection[str] = frozenset()) -> PlanVerdict:
    """The report; what is broken in one of the `past` rounds apart from the rest."""
    split: dict[bool, list[Broken]] = {True: [], False: []}
    for fault in report.broken:
        split[fault.where.get("round") in past].append(fault)
    return PlanVerdict(tuple(split[False]), tuple(split[True]), dict(report.terms), report.total)


def first_faults(fault: BadInput) -> str:
    """The first of the faults that the planner's parser found, and how many there are.

    A pin is what the planners locked: those are named by their place on the list of locks. What else is
    wrong is said by the table it stands in; the parser's own words are for the log.
    """
    locks = faulty_pins(fault)
    lines = [f"第 {n + 1} 处锁定与现在的名册、各轮或别处锁定不符，请先解除它" for n in locks]
    others = [one for one in fault.faults if not _PIN.match(one.path)]
    if others:
        log.warning("the planner's parser refuses: %s", "; ".join(map(str, others[:20])))
    heads = Counter(_head(one.path) for one in others)
    lines += [
        f"{_TABLES.get(head, '数据')}有 {n} 处与现在的名册、单位或各轮对不上" for head, n in heads.items()
    ]
    return "；".join(lines[:5]) + (f"；等 {len(lines)} 处。" if len(lines) > 5 else "。")


def faulty_pins(fault: BadInput) -> list[int]:
    """The places, from 0, of the pins that the faults are about."""
    return sorted({int(found[1]) for one in fault.faults if (found := _PIN.match(one.path))})


def _head(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]
