"""Measures the planner on four generated counties: `python -m planners.bench` prints a table in Markdown.
Places and people are made up and always the same; it proves nothing about real data."""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from planners import VERSION
from planners.bounds import bound
from planners.check import check
from planners.parse import parse_problem
from planners.solve import Progress, solve

Json = dict[str, Any]

SLOTS: list[Json] = [
    {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]},
    {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]},
    {"id": "welfare", "name": "惠民", "min": 1, "max": 1, "needs": ["welfare"]},
    {
        "id": "member",
        "name": "村纪检委员",
        "min": 2,
        "max": 5,
        "target": 3,
        "needs": ["commissioner"],
        "distinct": "home_unit",
    },
]
TRADES = (("discipline", "纪委"), ("finance", "财政所"), ("welfare", "民政办"))


def township(rounds: int, visits: int) -> Json:
    """One township of 26 villages, 4 teams a round, 47 people who rotate among its own villages."""
    problem = _county(seed=26, townships=1, villages=26, per_trade=7, county_staff=0)
    problem["rounds"] = _rounds(rounds, teams=4, visits=visits)
    return problem


def county() -> Json:
    """427 villages in 18 townships, 24 rounds of 18 teams, 879 people who stay out of their own township."""
    problem = _county(seed=427, townships=18, villages=427, per_trade=8, county_staff=10)
    problem["rounds"] = _rounds(24, teams=18, visits=1)
    problem["rules"] = {
        "crossing": {trade: {"from": "any", "not": "area"} for trade, _ in TRADES},
        "host_stays": True,
        "no_mutual_lead": True,
    }
    return problem


def departments() -> Json:
    """2+5: six departments one after another, two leaders and one person from each of the five others."""
    names = ["教育局", "民政局", "财政局", "水利局", "农业农村局", "卫生健康局"]
    units = [
        {
            "id": f"D{i}",
            "name": name,
            "kind": "department",
            "area": "C",
            "x_km": i,
            "y_km": 0,
            "risk": 10 + 7 * i,
        }
        for i, name in enumerate(names)
    ]
    offices = [
        {"id": f"O{i}", "name": name, "kind": "department", "area": "C"} for i, name in enumerate(names)
    ]
    offices.append({"id": "O6", "name": "派出纪检组", "kind": "discipline", "area": "C"})
    people: list[Json] = [
        {
            "id": f"S{i}{j}",
            "name": f"{name}{j}",
            "office": f"O{i}",
            "home_unit": f"D{i}",
            "skills": ["business"],
        }
        for i, name in enumerate(names)
        for j in range(3)
    ]
    people += [
        {"id": f"L{i}", "name": f"组员{i}", "office": "O6", "skills": ["discipline"]} for i in range(4)
    ]
    slots: list[Json] = [
        {"id": "leader", "name": "组长", "min": 2, "max": 2, "needs": ["discipline"]},
        {"id": "topic", "name": "专题", "min": 5, "max": 5, "needs": ["business"], "distinct": "office"},
    ]
    return {
        "format": "planners.problem/1",
        "name": "2+5",
        "rounds": _rounds(6, teams=1, visits=1),
        "template": {"name": "2+5", "slots": slots},
        "areas": [{"id": "C", "name": "县直", "kind": "county", "parent": None}],
        "units": units,
        "offices": offices,
        "people": people,
    }


CASES: dict[str, Callable[[], Json]] = {
    "one township, 26 villages, 7 rounds": lambda: township(7, 1),
    "the same in 4 rounds, two visits per team": lambda: township(4, 2),
    "county-wide, 427 villages, 24 rounds × 18 teams": county,
    "2+5, six departments": departments,
}


def _rounds(count: int, teams: int, visits: int) -> list[Json]:
    return [
        {
            "id": f"R{i}",
            "name": f"第{i}轮",
            "start": "2026-03-02",
            "end": "2026-03-13",
            "teams": teams,
            "visits_per_team": visits,
        }
        for i in range(1, count + 1)
    ]


def _county(seed: int, townships: int, villages: int, per_trade: int, county_staff: int) -> Json:
    """Villages around their township's seat, a commissioner in each, officers at the seats, a few ties."""
    dice = random.Random(seed)  # noqa: S311 - made-up geography, not a secret
    areas = [{"id": "C", "name": "县", "kind": "county", "parent": None}]
    units: list[Json] = []
    offices: list[Json] = []
    people: list[Json] = []
    seats = [(dice.uniform(0, 60), dice.uniform(0, 60)) for _ in range(townships)]

    def near(number: int, spread: float) -> Json:
        x, y = seats[number]
        return {"x_km": round(dice.gauss(x, spread), 2), "y_km": round(dice.gauss(y, spread), 2)}

    for t in range(townships):
        area = f"T{t:02d}"
        areas.append({"id": area, "name": f"{t + 1}号镇", "kind": "township", "parent": "C"})
        for trade, office in TRADES:
            name = f"O-{trade}-{t:02d}"
            offices.append(
                {
                    "id": name,
                    "name": f"{t + 1}号镇{office}",
                    "kind": trade,
                    "area": area,
                    "min_home": 1,
                    "max_out": 5,
                }
            )
            people += [
                {
                    "id": f"{trade}-{t:02d}-{i}",
                    "name": f"{t + 1}号镇{office}{i + 1}",
                    "office": name,
                    "area": area,
                }
                | {"skills": [trade]}
                | near(t, 1)
                for i in range(per_trade)
            ]
        offices.append(
            {"id": f"O-village-{t:02d}", "name": f"{t + 1}号镇各村", "kind": "village", "area": area}
        )
    for v in range(villages):
        t = v % townships
        place = near(t, 4)
        area = f"T{t:02d}"
        units.append(
            {
                "id": f"V{v:03d}",
                "name": f"{v + 1}村",
                "kind": "village",
                "area": area,
                "risk": dice.randint(0, 60),
            }
            | place
        )
        people.append(
            {"id": f"commissioner-{v:03d}", "name": f"{v + 1}村纪检委员", "office": f"O-village-{t:02d}"}
            | {"area": area, "home_unit": f"V{v:03d}", "skills": ["commissioner"]}
            | place
        )
    people += [
        {
            "id": f"county-{trade}-{i}",
            "name": f"县{office}{i + 1}",
            "area": None,
            "office": None,
            "skills": [trade],
        }
        | {"x_km": 30.0, "y_km": 30.0}
        for trade, office in TRADES
        for i in range(county_staff if trade != "discipline" else 0)
    ]
    ties = []
    for person in dice.sample(people, len(people) // 8):
        unit = dice.choice(units)
        ties.append({"person": person["id"], "unit": unit["id"], "kind": "RC-05", "hard": True})
    return {
        "format": "planners.problem/1",
        "name": f"{townships} townships",
        "template": {"name": "1+2+N", "slots": SLOTS},
        "areas": areas,
        "units": units,
        "offices": offices,
        "people": people,
        "ties": ties,
    }


def measure(make: Callable[[], Json], seconds: float, seed: int) -> tuple[float, float, float, int, int]:
    """(seconds to the first legal plan, in all, total / bound, broken rules, shortage rows) of one run."""
    problem = parse_problem(make())
    first: list[float] = []

    def note(progress: Progress) -> None:
        if progress.phase == "bound":
            first.append(progress.seconds)

    started = time.monotonic()
    plan = solve(problem, seconds=seconds, seed=seed, on_progress=note)
    took = time.monotonic() - started
    ratio = plan.objective_total / max(1, bound(problem).total)
    return first[0], took, ratio, len(check(problem, plan).broken), len(plan.shortages)


def read_case(file: Path) -> tuple[str, Callable[[], Json]]:
    """A problem file as a case, under the name that the problem gives itself."""
    raw = json.loads(file.read_text("utf-8"))
    return str(raw["name"]), lambda: raw


def table(seconds: float, runs: int, only: str, files: Sequence[Path] = ()) -> str:
    """The Markdown table of all cases whose name contains `only`; figures are medians over the seeds."""
    cases = CASES | dict(read_case(file) for file in files)
    lines = [
        "| case | first legal plan, s | objective / bound | rules broken | shortages | all, s |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, make in cases.items():
        if only in name:
            rows = [measure(make, seconds, seed) for seed in range(runs)]
            first, took, ratio = (statistics.median(row[i] for row in rows) for i in range(3))
            broken, short = max(row[3] for row in rows), max(row[4] for row in rows)
            lines.append(f"| {name} | {first:.2f} | {ratio:.4f} | {broken} | {short} | {took:.1f} |")
    return "\n".join(lines) + "\n"


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="Time limit of each run.")
@click.option("--runs", default=3, show_default=True, help="Runs per case, each with its own seed.")
@click.option("--case", "only", default="", help="Only the cases whose name contains this.")
@click.option(
    "--problem",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A problem file to measure as well; may be given several times.",
)
@click.option(
    "--out", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page here as well."
)
def main(seconds: float, runs: int, only: str, files: tuple[Path, ...], file: Path | None) -> None:
    """Print a Markdown table of the benchmark cases; `make bench` keeps it in docs/benchmarks.md."""
    text = table(seconds, runs, only, files)
    click.echo(text, nl=False)
    if file is not None:
        setting = (
            f"Medians of {runs} runs with different seeds, at most {seconds:g} s each; planner {VERSION}, "
            f"Python {platform.python_version()}, ortools {version('ortools')}, {os.cpu_count()} cores.\n"
            "The first four cases are generated (`planners/bench.py`), the Chinese one comes from seeds/.\n"
            "The bound is proven: 1.0000 would be optimal.\n"
        )
        file.write_text(f"# Benchmarks of the planner\n\n{setting}\n{text}", "utf-8")


if __name__ == "__main__":
    main()
