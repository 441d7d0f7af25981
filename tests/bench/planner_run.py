"""One measured run: one problem, one way to plan, in a process of its own, told as one line of JSON.
Times are seconds of this process on a processor, so that other work on the machine counts little."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from planners import VERSION
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from planners.problem import Plan, Problem
from planners.referee.check import check
from planners.shortage.diagnosis import shortages
from planners.solve import Progress, solve, teams_of
from tests.bench.families import TITLES, made
from tests.bench.peers import PEERS

Row = dict[str, Any]

OURS = "planners"


def run(raw: Row, seed: int, method: str, seconds: float) -> Row:
    """What `method` makes of the problem with so many seconds of processor time."""
    started, wall = time.process_time(), time.monotonic()
    problem = parse_problem(raw)
    row: Row = {"people": len(problem.people), "units": len(problem.units)}
    row |= _ours(problem, seed, seconds, started) if method == OURS else _peer(problem, seed, method, seconds)
    row["cpu"] = round(time.process_time() - started, 2)
    row["wall"] = round(time.monotonic() - wall, 2)
    row["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return row


def _ours(problem: Problem, seed: int, seconds: float, started: float) -> Row:
    """Our own run with its curve: (seconds, cost) of each better plan; the first entry is the first plan."""
    curve: list[tuple[float, int]] = []

    def spent() -> float:
        return time.process_time() - started

    def note(progress: Progress) -> None:
        if progress.objective is not None and (not curve or progress.objective < curve[-1][1]):
            curve.append((round(spent(), 3), progress.objective))

    plan = solve(problem, float("inf"), seed, on_progress=note, cancelled=lambda: spent() >= seconds)
    return _judged(problem, plan) | {"bound": plan.bound, "curve": curve}


def _peer(problem: Problem, seed: int, method: str, seconds: float) -> Row:
    draft = PEERS[method](Tables(problem, seed), seed, seconds)
    if isinstance(draft, str):
        return {"note": draft}
    for crews in draft.crews:
        for crew in [crew for crew in crews if not any(crew.seats)]:
            draft.close(crew)
    plan = Plan(problem.sha256, seed, 0.0, VERSION, teams_of(draft), shortages(draft), 0, {})
    return _judged(problem, plan)


def _judged(problem: Problem, plan: Plan) -> Row:
    """Price and faults as the referee sees them; heads that lack are counted, not hidden in the price."""
    report = check(problem, plan)
    plan = replace(plan, objective_total=report.total, terms=dict(report.terms))
    broken = [fault for fault in check(problem, plan).broken if not fault.rule.startswith("S03")]
    return {
        "objective": report.total,
        "terms": dict(report.terms),
        "broken": len(broken),
        "missing": sum(row.missing for row in plan.shortages),
    }


@click.command()
@click.argument("case", metavar=f"{'|'.join(TITLES)}|PROBLEM.json")
@click.argument("seed", type=int)
@click.argument("method", type=click.Choice([OURS, *PEERS]))
@click.argument("seconds", type=float)
def main(case: str, seed: int, method: str, seconds: float) -> None:
    """Print one measurement as JSON; a file is measured as it stands, `seed` is then the planner's alone."""
    raw = made(case, seed) if case in TITLES else json.loads(Path(case).read_text("utf-8"))
    row = {"family": raw["name"] if case not in TITLES else case, "seed": seed, "method": method}
    click.echo(json.dumps(row | {"seconds": seconds, "version": VERSION} | run(raw, seed, method, seconds)))


if __name__ == "__main__":
    main()
