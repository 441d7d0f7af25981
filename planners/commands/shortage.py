"""The command `shortage`: what a problem or a plan lacks, why, and what would help.
Holds no rule; it reads files, makes a first plan where none is given, prints and chooses the exit code.

Exit: 0 nothing is missing · 1 the plan breaks rules · 2 bad input · 3 something is missing.
"""

from __future__ import annotations

import json
import sys

import click

from planners.commands.files import fail
from planners.formats.faults import BadInput
from planners.formats.parse import read_plan, read_problem
from planners.problem import Plan, Problem
from planners.rulebook.telling import BareNames, lines

BROKEN, PARTIAL = 1, 3


@click.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.argument("plan_file", metavar="[PLAN.json]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print rows and remedies as JSON.")
def shortage(problem_file: str, plan_file: str | None, as_json: bool) -> None:
    """Say what is missing, why, and what would help. Without a plan a first one is made. Exit 3: it lacks."""
    from planners.referee.check import check
    from planners.shortage.diagnosis import diagnose

    problem = _read_problem(problem_file)
    plan = _read_plan(plan_file, problem) if plan_file else _first_plan(problem_file, problem)
    broken = check(problem, plan).broken
    for line in lines(broken, problem, plan.teams):
        click.echo(line)
    if broken:
        sys.exit(BROKEN)
    found, names = diagnose(problem, plan), BareNames(problem)
    if as_json:
        click.echo(json.dumps(found.to_dict(names), ensure_ascii=False, indent=1))
    else:
        for line in found.lines(names) or ["没有缺口。"]:
            click.echo(line)
    sys.exit(PARTIAL if found.rows else 0)


def _read_problem(file: str) -> Problem:
    try:
        return read_problem(file)
    except BadInput as bad:
        fail(file, bad)


def _read_plan(file: str, problem: Problem) -> Plan:
    try:
        return read_plan(file, problem)
    except BadInput as bad:
        fail(file, bad)


def _first_plan(file: str, problem: Problem) -> Plan:
    """The first legal plan, which nobody has tried to make cheaper."""
    from planners.solve import Progress, solve

    phases: list[str] = []

    def note(progress: Progress) -> None:
        phases.append(progress.phase)

    try:
        return solve(problem, on_progress=note, cancelled=lambda: phases[-1:] != ["construct"])
    except BadInput as bad:
        fail(file, bad)
