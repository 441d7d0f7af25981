"""What each soft rule, hard rule and quota costs: the same plan polished without it, and what that saves.
It promises no more than it has computed: each figure comes from a plan that was made, not from a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from planners.books.seating import opened
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.formats.softer import allow_again, allow_crossing
from planners.policies import ALLOW, Policies, Policy
from planners.problem import Plan, Problem
from planners.referee.costs import all_terms
from planners.rulebook.table import RULES, TERMS
from planners.rulebook.telling import FileNames, told_phrase
from planners.rulebook.values import Said, facts
from planners.search.improve import polish

#: People × teams of a round, summed over the flows of one polish: counted in work, so that every machine
#: gives the same answer. A township gets hundreds of flows, a county some dozens.
WORK = 600_000

#: Quotas that are tried: those used up in most rounds.
QUOTAS = 5

Change = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One rule less: `saves` is by how much the other costs fall, 0 when nothing better was found.

    `kind` is `weight` (a soft rule, `name` the term), `rule` (code) or `quota` (office id).
    """

    kind: str
    name: str
    saves: int
    sentence: str


def relaxations(problem: Problem, plan: Plan, stop: Callable[[], bool] = lambda: False) -> list[Relaxation]:
    """What each rule in force would save, the largest saving first.

    The plan is polished first as it is, so that no saving is counted that the rules did not prevent. `stop`
    ends the search early; rules not tried by then are left out.
    """
    cost, seated = _polished(problem, plan, stop)
    found, names = [], FileNames(problem)
    for kind, name, said, change in _choices(problem, plan):
        if stop():
            break
        raw = _copy(problem.to_dict())
        change(raw)
        relaxed = parse_problem(raw)
        cheaper, _ = _polished(relaxed, seated, stop)
        base = cost
        if kind == "weight":
            base -= problem.weights.of(name) * _term(problem, seated, name)
        saves = max(0, base - cheaper)
        ending = f"算得其他各项可再省{saves}" if saves else "没有找到更省的方案"
        found.append(Relaxation(kind, name, saves, f"{told_phrase(said, names)}：{ending}。"))
    return sorted(found, key=lambda row: -row.saves)


def _polished(problem: Problem, plan: Plan, stop: Callable[[], bool]) -> tuple[int, Plan]:
    """Cost and teams after polishing within WORK, from the teams of the plan."""
    tables = Tables(problem)
    books = opened(tables, plan)
    size = max(1, len(tables.people) * max(tables.teams, default=1))
    left = [WORK // size]

    def enough() -> bool:
        left[0] -= 1
        return left[0] < 0 or stop()

    polish(books.draft, enough, lambda cost: None)
    return books.draft.cost, replace(plan, teams=books.teams())


def _term(problem: Problem, plan: Plan, name: str) -> int:
    return all_terms(problem, plan.teams)[name]


def _copy(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A problem whose own rows may be changed."""
    rows = {key: [dict(row) for row in raw.get(key, ())] for key in ("offices", "ties")}
    return {**raw, **rows, "rules": dict(raw.get("rules", {})), "weights": dict(raw.get("weights", {}))}


def _choices(problem: Problem, plan: Plan) -> Iterator[tuple[str, str, Said, Change]]:
    for term in ("distance", "load", "pair", "revisit", "size"):
        if problem.weights.of(term):
            said = Said("without term", facts(name=TERMS[term], n=problem.weights.of(term)))
            yield "weight", term, said, partial(_weightless, term)
    if any(not tie.hard and tie.cost for tie in problem.ties):
        yield (
            "weight",
            "soft_tie",
            Said("without soft ties", facts(name=TERMS["soft_tie"])),
            _forget_soft_ties,
        )
    switches = (
        ("H10", problem.rules.host_stays, "host_stays"),
        ("H11", problem.rules.no_mutual_lead, "no_mutual_lead"),
    )
    for rule, is_on, switch in switches:
        if is_on:
            said = Said(f"without {rule}", facts(name=RULES[rule].name, rule=rule))
            yield "rule", rule, said, partial(_off, switch)
    if problem.policies is not None:
        yield from _softer_policies(problem.policies)
    for skill, entry in problem.rules.crossing.items():
        if (entry.from_, entry.not_) != ("any", "unit"):
            said = Said("without H06", facts(skill=skill, rule="H06"))
            yield "rule", f"H06 {skill}", said, partial(_open_crossing, skill)
    for number in _used_up(problem, plan):
        office = problem.offices[number]
        said = Said("more out", facts(office=office.id, rule="H09"))
        yield "quota", office.id, said, partial(_one_more, number)


def _softer_policies(policies: Policies) -> Iterator[tuple[str, str, Said, Change]]:
    """Every policy that forbids or avoids something, allowed; the own unit (H05) stays forbidden."""
    for slot, entry in policies.crossing.items():
        for circle in ("area", "zone"):
            policy: Policy = getattr(entry, circle)
            if policy != ALLOW:
                said = Said("without H06 of slot", facts(slot=slot, circle=circle, rule="H06"))
                yield "rule", f"H06 {slot} {circle}", said, partial(allow_crossing, slot, circle)
    for name, rule in (("unit", "H13"), ("person_unit", "H14")):
        if getattr(policies.memory, f"{name}_days") is not None and getattr(policies.memory, name) != ALLOW:
            yield "rule", rule, Said(f"without {rule}", facts(rule=rule)), partial(allow_again, name)


def _forget_soft_ties(raw: dict[str, Any]) -> None:
    raw["ties"] = [tie for tie in raw["ties"] if tie["hard"]]


def _weightless(term: str, raw: dict[str, Any]) -> None:
    raw["weights"][term] = 0


def _off(switch: str, raw: dict[str, Any]) -> None:
    raw["rules"][switch] = False


def _open_crossing(skill: str, raw: dict[str, Any]) -> None:
    raw["rules"]["crossing"] = {k: v for k, v in raw["rules"]["crossing"].items() if k != skill}


def _one_more(number: int, raw: dict[str, Any]) -> None:
    office = raw["offices"][number]
    if office.get("max_out") is not None:
        office["max_out"] += 1
    if office.get("min_home"):
        office["min_home"] -= 1


def _used_up(problem: Problem, plan: Plan) -> list[int]:
    """Offices whose quota is used up in some round where they have somebody out, most rounds first."""
    tables = Tables(problem)
    draft = opened(tables, plan).draft
    rounds = ((draft.out >= tables.cap) & (draft.out > 0)).sum(axis=1)
    order = np.argsort(-rounds, kind="stable")
    return [int(office) for office in order if rounds[office] > 0][:QUOTAS]
