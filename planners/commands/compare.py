"""The command `compare`: several problems, or amended copies of one, solved and set side by side.
Holds no rule; every figure is read from plans that were made and judged.

Exit: 0 all complete · 2 bad input · 3 some plan lacks somebody.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from functools import partial

import click

from planners.commands.files import Reading
from planners.formats.parse import read_problem
from planners.problem import Plan, Problem
from planners.rulebook.table import TERMS

PARTIAL = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One problem in the table: what its plan costs and how it treats people."""

    file: str
    units: int
    people: int
    total: int
    bound: int | None
    gap: float | None
    missing: int  # heads and topics that lack
    unvisited: int  # units that nobody visits
    most_teams: int  # of the person posted most often
    least_teams: int  # of those posted at all
    distance: int  # kilometres or minutes of everybody together
    own_area: float  # share of seats and visits in the own area
    terms: dict[str, int]  # weighted: the price of each rule


HEADS = (
    "文件",
    "单位",
    "人员",
    "目标值",
    "下界",
    "差距",
    "缺人",
    "无人去",
    "最多组",
    "最少组",
    "路程",
    "本乡镇",
)


@click.command()
@click.argument("problem_files", metavar="PROBLEM.json...", nargs=-1, required=True)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="For each. Without: up to 60.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Breaks ties.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def compare(problem_files: tuple[str, ...], seconds: float | None, seed: int, as_json: bool) -> None:
    """Solve problems and print them side by side: gap, load, distance, own townships, price of each rule."""
    reading = Reading()
    problems = [reading.take(file, partial(read_problem, file)) for file in problem_files]
    reading.finish()
    lines = []
    for file, problem in zip(problem_files, problems, strict=True):
        lines.append(reading.take(file, partial(_line, file, problem, seconds, seed)))
    reading.finish()
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1))
    else:
        for row in table(lines):
            click.echo(row)
    sys.exit(PARTIAL if any(line.missing or line.unvisited for line in lines) else 0)


def _line(file: str, problem: Problem, seconds: float | None, seed: int) -> Line:
    from planners.solve import solve

    return line_of(file, problem, solve(problem, seconds, seed))


def line_of(file: str, problem: Problem, plan: Plan) -> Line:
    """The figures of a plan; shares are of all seats and visits, 0.0 where there are none."""
    teams: dict[str, int] = {}
    visits = own = 0
    for team in plan.teams:
        for member in team.members:
            teams[member.person] = teams.get(member.person, 0) + 1
            area = problem.person(member.person).area
            visits += len(team.units)
            own += sum(area is not None and problem.unit(unit).area == area for unit in team.units)
    return Line(
        file=file,
        units=len(problem.units),
        people=len(problem.people),
        total=plan.objective_total,
        bound=plan.bound,
        gap=plan.gap,
        missing=sum(row.missing for row in plan.shortages if row.round is not None),
        unvisited=sum(row.round is None for row in plan.shortages),
        most_teams=max(teams.values(), default=0),
        least_teams=min(teams.values(), default=0),
        distance=plan.terms.get("distance", 0),
        own_area=round(own / visits, 4) if visits else 0.0,
        terms={term: problem.weights.of(term) * count for term, count in plan.terms.items()},
    )


def table(lines: list[Line]) -> list[str]:
    """Lines of text, columns apart by tabs: one per problem, then one per term with a price anywhere."""
    rows = ["\t".join(HEADS)]
    for line in lines:
        gap = "已证明最优" if line.gap == 0 else "—" if line.gap is None else f"{line.gap:.2%}"
        bound = "—" if line.bound is None else line.bound
        figures = (line.units, line.people, line.total, bound, gap, line.missing, line.unvisited)
        load = (line.most_teams, line.least_teams, line.distance, f"{line.own_area:.1%}")
        rows.append("\t".join(map(str, (line.file, *figures, *load))))
    rows.append("\t".join(("各项计价", *(line.file for line in lines))))
    for term in dict.fromkeys(term for line in lines for term in line.terms):
        if any(line.terms.get(term) for line in lines):
            rows.append("\t".join((TERMS[term], *(str(line.terms.get(term, 0)) for line in lines))))
    return rows
