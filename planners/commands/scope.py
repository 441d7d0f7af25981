"""The command `scope`: a problem file into one with another template, for 核查组, or for a 回头看.
Holds no rule; it reads, calls formats/scopes.py and writes. Exit: 0 written · 2 bad input.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from planners.commands.files import Reading, fail, write_whole
from planners.formats.canonical import canonical_json
from planners.formats.faults import BadInput
from planners.formats.parse import read_plan, read_problem
from planners.formats.scopes import TEMPLATES, reinspection, riskiest, verification, with_template
from planners.problem import Problem

_problem = click.argument("problem_file", metavar="PROBLEM.json")
_out = click.option(
    "--out", "out_file", required=True, metavar="NEW.json", help="Where the problem is written."
)
_units = click.option("--unit", "units", multiple=True, metavar="U", help="A unit; may be repeated.")
_highest = click.option("--highest", type=click.IntRange(min=1), help="So many units of highest risk.")


@click.group()
def scope() -> None:
    """Make a problem of another kind from a problem."""


@scope.command()
@_problem
@click.argument("name", type=click.Choice(list(TEMPLATES)))
@_out
def template(problem_file: str, name: str, out_file: str) -> None:
    """Staff the same units after another template."""
    problem = _read(problem_file, out_file)
    _write(problem_file, out_file, lambda: with_template(problem, name))


@scope.command()
@_problem
@_units
@_highest
@_out
def verify(problem_file: str, units: tuple[str, ...], highest: int | None, out_file: str) -> None:
    """Verification groups (核查组): a room's officer leads, officers come from other townships."""
    problem = _read(problem_file, out_file)
    _write(problem_file, out_file, lambda: verification(problem, _chosen(problem, units, highest)))


@scope.command()
@_problem
@click.argument("plan_file", metavar="PLAN.json")
@_units
@_highest
@_out
def reinspect(
    problem_file: str, plan_file: str, units: tuple[str, ...], highest: int | None, out_file: str
) -> None:
    """Re-inspection (回头看): nobody goes again to a unit where the plan sent them the first time."""
    problem = _read(problem_file, out_file)
    reading = Reading()
    plan = reading.take(plan_file, lambda: read_plan(plan_file, problem))
    reading.finish()
    _write(problem_file, out_file, lambda: reinspection(problem, plan, _chosen(problem, units, highest)))


def _read(problem_file: str, out_file: str) -> Problem:
    reading = Reading()
    reading.expect_writable(out_file)
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    reading.finish()
    return problem


def _chosen(problem: Problem, units: tuple[str, ...], highest: int | None) -> tuple[str, ...]:
    """The units named, and those of highest risk; all of them when neither is asked for."""
    if not units and highest is None:
        return tuple(unit.id for unit in problem.units)
    return tuple(dict.fromkeys([*units, *riskiest(problem, highest or 0)]))


def _write(problem_file: str, out_file: str, make: Callable[[], Problem]) -> None:
    try:
        made = make()
    except BadInput as bad:
        fail(problem_file, bad)
    # Canonical, because numbers must keep their digits for the hash to stay the one that plans name.
    write_whole(out_file, canonical_json(made.to_dict()) + "\n")
    click.echo(f"{len(made.units)}个单位，{len(made.ties)}条回避关系，模板{made.template.name}")
