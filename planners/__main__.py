"""The planner's command line: solve, check, bound and schema (contracts §2).
Holds no rule and no search; it reads files, calls, prints and chooses the exit code.

Exit: 0 complete legal plan · 1 check found broken rules · 2 bad input · 3 legal plan with named shortages.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from planners.commands.compare import compare
from planners.commands.compile import compile_search
from planners.commands.draw import draw
from planners.commands.progress import shown_progress
from planners.commands.repair import explain, replan
from planners.commands.schema import NAMES, schema_text
from planners.commands.scope import scope
from planners.commands.shortage import shortage
from planners.commands.zones import zones
from planners.formats.faults import BadInput, Fault
from planners.formats.parse import dump_plan, read_plan, read_problem
from planners.problem import Plan, Problem
from planners.referee.check import check as referee
from planners.rulebook.telling import BareNames, lines, told_remark

BROKEN, BAD_INPUT, PARTIAL = 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def planners() -> None:
    """Plan roving inspection teams: who visits which village in which round."""


planners.add_command(compare)
planners.add_command(compile_search)
planners.add_command(draw)
planners.add_command(replan)
planners.add_command(explain)
planners.add_command(scope)
planners.add_command(shortage)
planners.add_command(zones)


@planners.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.option("--out", "plan_file", required=True, metavar="PLAN.json", help="Where the plan is written.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="Time limit. Without: up to 60.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Breaks ties.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def solve(problem_file: str, plan_file: str, seconds: float | None, seed: int, quiet: bool) -> None:
    """Make a plan. Exit 3: it names shortages. Interrupted once, it keeps the best plan found so far."""
    from planners.solve import solve as make_plan

    problem = _problem(problem_file)
    _refuse_unwritable(plan_file)
    _say_seatless(problem)
    try:
        with _interruptible() as interrupted, shown_progress(sys.stderr, seconds, quiet) as progress:
            plan = make_plan(problem, seconds, seed, on_progress=progress, cancelled=interrupted)
    except BadInput as bad:
        _refuse(problem_file, bad)
    _write(plan_file, plan)
    _say_shortages(problem, plan)
    if plan.fallbacks:
        click.echo(f"路程：{plan.fallbacks}人次没有道路分钟数，按直线公里计。")
    if plan.robustness is not None:
        click.echo(f"候补：任一人临时缺席，{plan.robustness:.1%}的席位有人可替。")
    click.echo(_summary(plan.objective_total, len(plan.shortages)))
    sys.exit(PARTIAL if plan.shortages else 0)


@planners.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.argument("plan_file", metavar="PLAN.json")
@click.option("--previous", "previous_file", metavar="OLD.json", help="The plan that this one changes.")
def check(problem_file: str, plan_file: str, previous_file: str | None) -> None:
    """Judge a plan by rules written apart from the solver. Exit 1: one line per broken rule, code first."""
    problem = _problem(problem_file)
    plan = _plan(plan_file, problem)
    previous = _plan(previous_file, problem, previous=True) if previous_file else None
    report = referee(problem, plan, previous)
    for line in lines(report.broken, problem, plan.teams):
        click.echo(line)
    if not report.legal:
        sys.exit(BROKEN)
    _say_shortages(problem, plan)
    click.echo(_summary(report.total, len(plan.shortages)))
    sys.exit(0 if report.complete else PARTIAL)


@planners.command()
@click.argument("problem_file", metavar="PROBLEM.json")
def bound(problem_file: str) -> None:
    """Print as JSON what no complete plan can cost less than, by term."""
    from planners.bound.bounds import lower_bound

    problem = _problem(problem_file)
    started = time.monotonic()
    try:
        found = lower_bound(problem)
    except BadInput as bad:
        _refuse(problem_file, bad)
    seconds = round(time.monotonic() - started, 3)
    click.echo(json.dumps({"bound": found.total, "terms": dict(found.terms), "seconds": seconds}))


@planners.command()
@click.argument("name", type=click.Choice(NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema of a file format, as in docs/schemas/."""
    click.echo(schema_text(name), nl=False)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """A function that tells whether the first interrupt came; the second one ends the program as usual."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        signal.signal(number, usual)

    usual = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(seen)
    finally:
        signal.signal(signal.SIGINT, usual)


def _problem(file: str) -> Problem:
    try:
        return read_problem(file)
    except BadInput as bad:
        _refuse(file, bad)


def _plan(file: str, problem: Problem, previous: bool = False) -> Plan:
    try:
        return read_plan(file, problem, previous)
    except BadInput as bad:
        _refuse(file, bad)


def _refuse(file: str, bad: BadInput) -> NoReturn:
    for fault in bad.faults:
        click.echo(f"{file}: {fault}", err=True)
    sys.exit(BAD_INPUT)


def _refuse_unwritable(file: str) -> None:
    """Ends in bad input before the search and not after it."""
    path = Path(file)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        _refuse(file, BadInput([Fault("", "expected a file in a directory that can be written to")]))


def _write(file: str, plan: Plan) -> None:
    """Writes the whole file or leaves the old one as it was."""
    text = json.dumps(dump_plan(plan), ensure_ascii=False, indent=1) + "\n"
    path = Path(file)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as draft:
        draft.write(text)
    mask = os.umask(0)
    os.umask(mask)
    Path(draft.name).chmod(0o666 & ~mask)
    Path(draft.name).replace(path)


def _say_seatless(problem: Problem) -> None:
    """Names, before anything is solved, the units and slots for which the policies leave too few people."""
    if problem.policies is not None:
        from planners.books.tables import Tables
        from planners.shortage.precheck import seatless

        names = BareNames(problem)
        for remark in seatless(Tables(problem)):
            click.echo(f"求解前：{told_remark(remark, names)}", err=True)


def _say_shortages(problem: Problem, plan: Plan) -> None:
    for row in plan.shortages:
        unit = problem.unit(row.unit).name
        if row.round is None:
            click.echo(f"缺口：{unit} 无人前往。{row.reason}")
        elif row.slot is None:
            click.echo(
                f"缺口：{problem.round(row.round).name} {unit} 缺{row.missing}个专题的人。{row.reason}"
            )
        else:
            place = f"{problem.round(row.round).name} {unit} {problem.slot(row.slot).name}"
            click.echo(f"缺口：{place} 缺{row.missing}人。{row.reason}")


def _summary(total: int, shortages: int) -> str:
    kind = f"合法方案，有{shortages}处缺口" if shortages else "合法完整方案"
    return f"{kind}，目标总值{total}"


if __name__ == "__main__":
    planners(prog_name="python -m planners")
