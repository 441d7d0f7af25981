"""The referee: judges any plan for a problem, rule by rule, and says what it really costs.
Shares nothing with the solver (it imports only problem.py), makes no plan and mends none.

Rules H01 to H15 (contracts §2) stand in rules.py and policy_rules.py, costs in costs.py. Three more codes
hold the plan to what it says of itself: S01 its shortages, S02 its objective, S03 its bound and gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planners.problem import Plan, Problem, Shortage, Team
from planners.referee.broken import Broken, called, names
from planners.referee.costs import all_terms, total_of
from planners.referee.policy_costs import fallbacks
from planners.referee.policy_rules import topics_are_given, unmet_topics
from planners.referee.rules import RULES

__all__ = ["Broken", "Report", "check"]

#: A gap may be stated rounded to four places.
ROUNDING = 0.00005 + 1e-9


@dataclass(frozen=True, slots=True)
class Report:
    """What the referee found. `terms` (unweighted) and `total` are computed from the teams, not copied."""

    broken: tuple[Broken, ...]
    terms: Mapping[str, int] = field(hash=False)
    total: int
    complete: bool  # no shortages: with `legal` the plan is all that was asked for

    @property
    def legal(self) -> bool:
        """Whether no rule is broken; a partial plan can be legal for what it staffs."""
        return not self.broken


def check(problem: Problem, plan: Plan, previous: Plan | None = None) -> Report:
    """Every broken rule with a sentence, and the costs. Unknown ids are KeyErrors (parse_plan refuses them).

    `previous` is the plan that this one changes; without it a stated `change` is taken as it stands.
    What the plan says of its costs is only looked at when its teams break no rule: one fault, one line.
    """
    broken = [fault for rule in RULES.values() for fault in rule(problem, plan)]
    broken.extend(_shortages(problem, plan))
    broken.extend(topics_are_given(problem, plan))
    terms = all_terms(problem, plan.teams, previous)
    if previous is None and "change" in plan.terms:
        terms["change"] = plan.terms["change"]
    total = total_of(problem, terms)
    if not broken:
        broken.extend(_objective(problem, plan, terms))
        broken.extend(_bound(plan))
        if plan.fallbacks != (roads := fallbacks(problem, plan.teams)):
            sentence = f"按直线距离计的人次写成{plan.fallbacks}，应为{roads}"
            broken.append(Broken("S02", sentence, {"term": "distance"}))
    return Report(tuple(broken), terms, total, not plan.shortages)


def _shortages(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """S01: one row per unit and slot, each true: who is named as missing is missing, no more and no fewer."""
    teams_of: dict[str, list[Team]] = {}
    for team in plan.teams:
        for unit in team.units:
            teams_of.setdefault(unit, []).append(team)
    for (unit, slot), count in Counter((row.unit, row.slot) for row in plan.shortages).items():
        if count > 1:
            which = "无人前往或专题" if slot is None else called(problem.slot(slot))
            yield Broken("S01", f"{called(problem.unit(unit))}的缺口“{which}”列了{count}次", {"unit": unit})
    for row in plan.shortages:
        sentence = _untrue(problem, row, teams_of.get(row.unit, []))
        if sentence:
            where = {"unit": row.unit} | ({"slot": row.slot} if row.slot is not None else {})
            yield Broken("S01", f"{called(problem.unit(row.unit))}{sentence}", where)


def _untrue(problem: Problem, row: Shortage, teams: list[Team]) -> str | None:
    """What is wrong with a shortage row, to be read after the unit's name; None when it is true."""
    if row.round is not None and row.slot is None:
        return _untrue_of_topics(problem, row, [team for team in teams if team.round == row.round])
    if row.round is None or row.slot is None:
        if teams:
            return f"列为无人前往，实际由{names(team.id for team in teams)}前往"
        return None if row.missing == 1 else f"列为无人前往，缺数应为1，写成{row.missing}"
    here = [team for team in teams if team.round == row.round]
    if not here:
        return f"的缺口写在{called(problem.round(row.round))}，但该轮没有队前往"
    slot = problem.slot(row.slot)
    short = [max(0, slot.min - len(set(team.holders(slot.id)))) for team in here]
    if row.missing in short:
        return None
    return f"的缺口“{called(slot)}”写缺{row.missing}人，实际缺{short[0]}人"


def _untrue_of_topics(problem: Problem, row: Shortage, here: list[Team]) -> str | None:
    if not here:
        return f"的缺口写在{called(problem.round(row.round))}，但该轮没有队前往" if row.round else None
    lacking = len(unmet_topics(problem, here[0]))
    return None if row.missing == lacking else f"写有{row.missing}个专题没有人承担，实际{lacking}个"


def _objective(problem: Problem, plan: Plan, terms: Mapping[str, int]) -> Iterator[Broken]:
    """S02: the terms and the total that the plan states are those of its teams."""
    claimed = {term: count for term, count in terms.items() if term != "change" or term in plan.terms}
    for term in problem.terms:
        if plan.terms.get(term) != claimed.get(term):
            stated = plan.terms.get(term, "空")
            yield Broken("S02", f"目标项 {term} 写成{stated}，应为{claimed.get(term, '空')}", {"term": term})
    total = total_of(problem, claimed)
    if plan.objective_total != total:
        yield Broken("S02", f"目标总值写成{plan.objective_total}，应为{total}", {"term": "total"})


def _bound(plan: Plan) -> Iterator[Broken]:
    """S03: no bound on a partial plan, none above the total, and the gap that follows from both."""
    if plan.bound is not None and plan.shortages:
        yield Broken("S03", f"方案有缺口，不应有下界，写成{plan.bound}", {"term": "bound"})
    elif plan.bound is not None and plan.bound > plan.objective_total:
        yield Broken("S03", f"下界{plan.bound}高于目标总值{plan.objective_total}", {"term": "bound"})
    elif not plan.bound:
        if plan.gap is not None:
            yield Broken("S03", f"没有下界或下界为0时差距应为空，写成{plan.gap}", {"term": "gap"})
    else:
        gap = (plan.objective_total - plan.bound) / plan.bound
        if plan.gap is None or abs(plan.gap - gap) > ROUNDING:
            stated = "空" if plan.gap is None else plan.gap
            yield Broken("S03", f"与下界的差距写成{stated}，应为{gap:.4f}", {"term": "gap"})
