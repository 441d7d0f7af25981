"""The commands replan and explain (contracts §2): a plan repaired, and a plan accounted for.
Holds no rule and no search; it reads files, calls, prints and chooses the exit code.

Exit: 0 complete legal plan · 2 bad input · 3 legal plan with named shortages (replan only).
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

import click

from planners.commands.files import Reading, fail, text_of, write_whole
from planners.formats.canonical import canonical_json
from planners.formats.faults import BadInput, Fault
from planners.formats.parse import dump_plan, read_plan, read_problem
from planners.problem import Plan, Problem, Tie
from planners.rulebook.telling import BareNames, told_phrase

if TYPE_CHECKING:
    from planners.repair.changes import Absence

PARTIAL = 3

#: The recusal kind of a tie that came with --tie.
DECLARED_LATE = "迟报"

#: Seconds that `--relax` may take in all.
RELAX_SECONDS = 20.0


@click.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.argument("plan_file", metavar="PLAN.json")
@click.option(
    "--absent",
    "absent",
    multiple=True,
    metavar="PERSON[@ROUND]",
    help="Who is away, in one round or from --from onward. May be repeated.",
)
@click.option("--withdrawn", multiple=True, metavar="PERSON", help="Who has left for good.")
@click.option("--closed", multiple=True, metavar="UNIT@ROUND", help="A unit that cannot be visited then.")
@click.option(
    "--tie", "ties", multiple=True, metavar="PERSON:TARGET", help="A tie declared late, to a unit or person."
)
@click.option("--from", "from_round", required=True, metavar="ROUND", help="Rounds before it stay.")
@click.option("--out", "out_file", required=True, metavar="NEW.json", help="Where the new plan is written.")
@click.option("--problem-out", metavar="AMENDED.json", help="Where the problem with the absences is written.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Breaks ties.")
def replan(
    problem_file: str,
    plan_file: str,
    absent: tuple[str, ...],
    withdrawn: tuple[str, ...],
    closed: tuple[str, ...],
    ties: tuple[str, ...],
    from_round: str,
    out_file: str,
    problem_out: str | None,
    seed: int,
) -> None:
    """Repair a plan with the fewest changes when people or units drop out. Exit 3: it names shortages."""
    problem, plan = _read(problem_file, plan_file, [out_file, *([problem_out] if problem_out else [])])
    absences = _absences(problem, absent, from_round)
    from planners.repair.changes import Changes
    from planners.repair.replan import replan as repaired

    shut = _pairs("--closed", closed, "@", problem.ids("units"), problem.ids("rounds"))
    people = problem.ids("people")
    declared = tuple(
        Tie(person, None if to in people else to, to if to in people else None, DECLARED_LATE, True)
        for person, to in _pairs("--tie", ties, ":", people, people | problem.ids("units"))
    )
    changes = Changes(absences, withdrawn, declared, shut)
    try:
        repair = repaired(problem, plan, changes, from_round, seed)
    except BadInput as bad:
        fail(problem_file, bad)
    if problem_out:
        # Canonical, because numbers must keep their digits for the hash to stay the one that the plan names.
        write_whole(problem_out, canonical_json(repair.problem.to_dict()) + "\n")
    write_whole(out_file, text_of(dump_plan(repair.plan)))
    names = BareNames(repair.problem, repair.plan.teams)
    for row in repair.differences:
        click.echo(told_phrase(row.said, names))
    for short in repair.plan.shortages:
        click.echo(f"缺口：{_place(repair.problem, short.unit, short.round, short.slot)}。{short.reason}")
    proof = "，已证明为最少" if repair.proven else ""
    click.echo(
        f"因缺勤空出{repair.vacated}席，另有{repair.illegal}席不再合规；共改动{repair.changed}席{proof}；"
        f"目标总值{repair.plan.objective_total}"
    )
    sys.exit(PARTIAL if repair.plan.shortages else 0)


@click.command()
@click.argument("problem_file", metavar="PROBLEM.json")
@click.argument("plan_file", metavar="PLAN.json")
@click.option("--unit", required=True, metavar="U", help="The unit whose team is accounted for.")
@click.option("--slot", metavar="S", help="Only this slot of it.")
@click.option("--person", metavar="P", help="Why this person was not chosen.")
@click.option("--relax", is_flag=True, help=f"What each rule costs, within {RELAX_SECONDS:.0f} s.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(
    problem_file: str,
    plan_file: str,
    unit: str,
    slot: str | None,
    person: str | None,
    relax: bool,
    as_json: bool,
) -> None:
    """Say what the seats at a unit cost, who comes next, and why somebody else was not chosen."""
    problem, plan = _read(problem_file, plan_file, [])
    faults = [
        Fault(path, f'expected the id of one of the {where}, got "{id}"')
        for path, where, id in (
            ("--unit", "units", unit),
            ("--slot", "slots", slot),
            ("--person", "people", person),
        )
        if id is not None and id not in problem.ids(where)
    ]
    if faults:
        fail(problem_file, BadInput(faults))
    from planners.explain.relax import relaxations
    from planners.explain.seats import Explainer
    from planners.explain.words import ExplainedWords

    explainer, words = Explainer(problem, plan), ExplainedWords(problem, plan.teams)
    seats = explainer.seats(unit, slot) if person is None else ()
    verdicts = explainer.person(unit, person, slot) if person is not None else ()
    rules = []
    if relax:
        started = time.monotonic()
        rules = relaxations(problem, plan, lambda: time.monotonic() - started > RELAX_SECONDS)
    gaps = [row for row in plan.shortages if row.unit == unit]
    if as_json:
        answer = {
            "unit": unit,
            "seats": [words.seat_row(row) for row in seats],
            "person": [words.verdict_row(row) for row in verdicts],
            "relax": [
                {"kind": r.kind, "name": r.name, "saves": r.saves, "sentence": r.sentence} for r in rules
            ],
            "shortages": [{"slot": row.slot, "missing": row.missing, "reason": row.reason} for row in gaps],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for seat in seats:
        click.echo(words.seat(seat))
        for candidate in seat.next:
            click.echo(f"  {words.candidate(candidate)}")
        if not seat.next:
            click.echo("  没有其他人可以接替。")
    for verdict in verdicts:
        click.echo(words.verdict(verdict))
    if person is not None and not verdicts and not gaps:
        click.echo(f"{problem.person(person).name}已在该队。")
    for row in gaps:
        click.echo(f"缺口：{_place(problem, row.unit, row.round, row.slot)}。{row.reason}")
    for rule in rules:
        click.echo(rule.sentence)


def _read(problem_file: str, plan_file: str, written: list[str]) -> tuple[Problem, Plan]:
    reading = Reading()
    for file in written:
        reading.expect_writable(file)
    problem = reading.take(problem_file, lambda: read_problem(problem_file))
    reading.finish()
    plan = reading.take(plan_file, lambda: read_plan(plan_file, problem))
    reading.finish()
    return problem, plan


def _absences(problem: Problem, words: tuple[str, ...], from_round: str) -> tuple[Absence, ...]:
    """Ids may hold an @ themselves: a whole word that is somebody's id is that person. Ends in bad input."""
    from planners.repair.changes import Absence

    found: list[Absence] = []
    reading = Reading()
    if from_round not in problem.ids("rounds"):
        reading.refuse("--from", Fault("", f'expected the id of one of the rounds, got "{from_round}"'))
    for word in words:
        person, at, round_id = (word, "", "") if word in problem.ids("people") else word.rpartition("@")
        if not at and not person:
            person, round_id = word, ""
        if person not in problem.ids("people"):
            reading.refuse("--absent", Fault("", f'expected the id of one of the people, got "{person}"'))
        elif at and round_id not in problem.ids("rounds"):
            reading.refuse("--absent", Fault("", f'expected the id of one of the rounds, got "{round_id}"'))
        found.append(Absence(person, round_id or None))
    reading.finish()
    return tuple(found)


def _pairs(
    option: str, words: tuple[str, ...], sign: str, first: frozenset[str], second: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """Each word cut at a sign into two known ids, which may hold the sign themselves. Ends in bad input."""
    found: list[tuple[str, str]] = []
    reading = Reading()
    for word in words:
        cuts = [(word[:i], word[i + 1 :]) for i, letter in enumerate(word) if letter == sign]
        known = [(one, two) for one, two in cuts if one in first and two in second]
        if known:
            found.append(known[0])
        else:
            reading.refuse(option, Fault("", f'expected two known ids joined by {sign}, got "{word}"'))
    reading.finish()
    return tuple(found)


def _place(problem: Problem, unit: str, round_id: str | None, slot: str | None) -> str:
    name = problem.unit(unit).name
    if round_id is None or slot is None:
        return f"{name} 无人前往"
    return f"{problem.round(round_id).name} {name} {problem.slot(slot).name}"
