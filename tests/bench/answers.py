"""Times the planner's other answers, for `make bench`: repairs of one absence, shortages, zones.

python -m tests.bench.answers --out docs/benchmarks-answers.md
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from planners.formats.parse import parse_problem
from planners.problem import Plan, Problem
from planners.repair.changes import Absence, Changes
from planners.repair.replan import replan
from planners.shortage.diagnosis import diagnose
from planners.solve import solve
from tests.bench.families import made
from tests.planners.zone_cases import Json, city, divided, jinghai, shashi, yongdeng

FAMILIES = ("t26", "t26x2", "s103", "z103", "dept", "d360", "j423")
ABSENCES = 20
ZONES: tuple[tuple[str, Json, int], ...] = (
    ("永登, 15 townships, 5 rooms, 8 groups", yongdeng(), 5),
    ("沙市, 10 townships, 5 rooms, 5 groups", shashi(), 3),
    ("静海, 19 townships, 9 groups inside", jinghai(), 3),
    ("a city of 18 counties, 303 townships", city(), 79),
)

HEAD = """# The planner's other answers, measured

`python -m tests.bench.answers --out docs/benchmarks-answers.md`, processor seconds of one thread; plans are
the planner's first ones, before they are made cheaper.

"""


def first_plan(problem: Problem) -> Plan:
    """The planner's first plan, not yet made cheaper."""
    phases: list[str] = []
    return solve(problem, None, 0, lambda told: phases.append(told.phase), lambda: "improve" in phases)


def repairs() -> Iterator[str]:
    """One absence each: seconds, and how many repairs changed no more seats than were lost."""
    yield "| family | repairs | median, s | worst, s | changed ≤ vacated + made illegal | else proven least |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for family in FAMILIES:
        problem = parse_problem(made(family, 3))
        plan = first_plan(problem)
        dice = random.Random(f"absences of {family}")
        seconds, within, more = [], 0, []
        for number in range(ABSENCES):
            person, round_ = dice.choice(problem.people).id, dice.choice(problem.rounds).id
            changes = Changes((Absence(person, round_ if number % 2 else None),))
            began = time.process_time()
            done = replan(problem, plan, changes, round_)
            seconds.append(time.process_time() - began)
            if done.changed <= done.vacated + done.illegal:
                within += 1
            else:
                more.append(done.proven)
        proven = f"{sum(more)} of {len(more)}" if more else "–"
        timed = f"{statistics.median(seconds):.2f} | {max(seconds):.2f}"
        yield f"| {family} | {ABSENCES} | {timed} | {within} of {ABSENCES} | {proven} |"


def shortages() -> Iterator[str]:
    """Two in three finance specialists are missing: how long the answer takes, with its remedies."""
    yield "| family | missing heads | sentences | remedies computed | s |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for family in ("t26", "s103", "d360", "j423"):
        raw = made(family, 0)
        finance = [row["id"] for row in raw["people"] if row["skills"] == ["finance"]]
        gone = {id for n, id in enumerate(finance) if n % 3}
        raw["people"] = [row for row in raw["people"] if row["id"] not in gone]
        raw["ties"] = [row for row in raw.get("ties", ()) if not gone & {row["person"], row.get("other")}]
        problem = parse_problem(raw)
        plan = first_plan(problem)
        began = time.process_time()
        found = diagnose(problem, plan)
        took = time.process_time() - began
        missing = sum(row.missing for row in plan.shortages)
        yield f"| {family} | {missing} | {len(found.gaps)} | {len(found.remedies)} | {took:.2f} |"


def zones() -> Iterator[str]:
    """Each named case: seconds, and whether it is proven optimal."""
    yield "| case | zones | s | proven optimal |"
    yield "| --- | ---: | ---: | --- |"
    for name, data, count in ZONES:
        began = time.process_time()
        found = divided(data, count)
        took = time.process_time() - began
        yield f"| {name} | {count} | {took:.2f} | {'yes' if found.proven else 'no'} |"


def report(out: Path) -> None:
    """Nothing; the tables of this machine lie in `out`."""
    parts = [("Repair of one absence", repairs()), ("Shortages", shortages()), ("Cooperation zones", zones())]
    text = HEAD + "\n\n".join(f"## {title}\n\n" + "\n".join(lines) for title, lines in parts) + "\n"
    out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    report(parser.parse_args().out)
