"""The referee: judges any plan for a problem, rule by rule, and says what it really costs.
Shares nothing with the solver (it imports only problem.py), makes no plan and mends none.

Rules H01 to H15 (contracts §2) stand in rules.py and policy_rules.py, costs in costs.py, what is said of them
in rulebook/. Three more codes
hold the plan to what it says of itself: S01 its shortages, S02 its objective, S03 its bound and gap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planners.problem import Plan, Problem, Shortage, Team
from planners.referee.costs import all_terms, total_of
from planners.referee.policy_costs import fallbacks
from planners.referee.policy_rules import topics_are_given, unmet_topics
from planners.referee.rules import RULES
from planners.rulebook.values import Broken

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
    """Every broken rule with its records, and the costs. Unknown ids are KeyErrors (parse_plan refuses them).

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
            broken.append(Broken.of("S02", "roads", term="distance", stated=plan.fallbacks, real=roads))
    return Report(tuple(broken), terms, total, not plan.shortages)


def _shortages(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """S01: one row per unit and slot, each true: who is named as missing is missing, no more and no fewer."""
    teams_of: dict[str, list[Team]] = {}
    for team in plan.teams:
        for unit in team.units:
            teams_of.setdefault(unit, []).append(team)
    for (unit, slot), count in Counter((row.unit, row.slot) for row in plan.shortages).items():
        if count > 1:
            if slot is None:
                yield Broken.of("S01", "twice unit", unit=unit, n=count)
            else:
                yield Broken.of("S01", "twice", unit=unit, slot=slot, n=count)
    for row in plan.shortages:
        yield from _untrue(problem, row, teams_of.get(row.unit, []))


def _untrue(problem: Problem, row: Shortage, teams: list[Team]) -> Iterator[Broken]:
    """What is wrong with a shortage row; nothing when it is true."""
    here = [team for team in teams if team.round == row.round]
    seat = {"unit": row.unit} | ({"slot": row.slot} if row.slot is not None else {})
    if row.round is None:
        if teams:
            yield Broken.of("S01", "visited", **seat, teams=[team.id for team in teams])
        elif row.missing != 1:
            yield Broken.of("S01", "one", **seat, n=row.missing)
    elif not here:
        yield Broken.of("S01", "elsewhere", **seat, round=row.round)
    elif row.slot is None:
        lacking = len(unmet_topics(problem, here[0]))
        if row.missing != lacking:
            yield Broken.of("S01", "topics", **seat, n=row.missing, real=lacking)
    else:
        slot = problem.slot(row.slot)
        short = [max(0, slot.min - len(set(team.holders(slot.id)))) for team in here]
        if row.missing not in short:
            yield Broken.of("S01", "heads", **seat, n=row.missing, real=short[0])


def _objective(problem: Problem, plan: Plan, terms: Mapping[str, int]) -> Iterator[Broken]:
    """S02: the terms and the total that the plan states are those of its teams."""
    claimed = {term: count for term, count in terms.items() if term != "change" or term in plan.terms}
    for term in problem.terms:
        if plan.terms.get(term) != claimed.get(term):
            said = {"stated": plan.terms.get(term, "空"), "real": claimed.get(term, "空")}
            yield Broken.of("S02", "term", term=term, **said)
    total = total_of(problem, claimed)
    if plan.objective_total != total:
        yield Broken.of("S02", "total", term="total", stated=plan.objective_total, real=total)


def _bound(plan: Plan) -> Iterator[Broken]:
    """S03: no bound on a partial plan, none above the total, and the gap that follows from both."""
    if plan.bound is not None and plan.shortages:
        yield Broken.of("S03", "partial", term="bound", stated=plan.bound)
    elif plan.bound is not None and plan.bound > plan.objective_total:
        yield Broken.of("S03", "above", term="bound", stated=plan.bound, total=plan.objective_total)
    elif not plan.bound:
        if plan.gap is not None:
            yield Broken.of("S03", "none", term="gap", stated=str(plan.gap))
    else:
        gap = (plan.objective_total - plan.bound) / plan.bound
        if plan.gap is None or abs(plan.gap - gap) > ROUNDING:
            stated = "空" if plan.gap is None else str(plan.gap)
            yield Broken.of("S03", "gap", term="gap", stated=stated, real=f"{gap:.4f}")
