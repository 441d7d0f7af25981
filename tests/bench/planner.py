"""Measures the planner and its peers on made-up counties: `make bench` writes docs/benchmarks.md and plots.
Runs that are already in the results file are not repeated, so it may be run in parts and stopped at will."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from planners import VERSION
from tests.bench.families import TITLES
from tests.bench.planner_page import write_page
from tests.bench.planner_run import OURS, Row

#: Seconds of processor time that each family gets; most runs end by themselves before.
SECONDS = {
    "t26": 5.0,
    "t26x2": 10.0,
    "dept": 15.0,
    "s103": 15.0,
    "z103": 15.0,
    "d360": 60.0,
    "j423": 60.0,
    "h2967": 300.0,
}
PEER_SECONDS = 60.0

#: Peers and how many seeds each is run on; those that take a minute are run on fewer.
PEER_SEEDS = {"random": 3, "greedy": 3, "highs": 1, "cpsat": 1}

#: The one pool is too large for every peer but these.
PEERS_OF_THE_POOL = ("random",)

Task = tuple[str, int, str, float]  # case, seed, method, seconds


def tasks(families: Sequence[str], seeds: int, seconds: float | None, peers: bool) -> Iterator[Task]:
    """Every run of the benchmark, ours before the peers'."""
    for family in families:
        for seed in range(seeds):
            yield family, seed, OURS, seconds or SECONDS[family]
    for family in families if peers else ():
        for peer, most in PEER_SEEDS.items():
            if family != "h2967" or peer in PEERS_OF_THE_POOL:
                for seed in range(min(seeds, most)):
                    yield family, seed, peer, PEER_SECONDS


def known(file: Path) -> list[Row]:
    """The results so far of this version of the planner."""
    if not file.is_file():
        return []
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
    return [row for row in rows if row["version"] == VERSION]


def measure(task: Task) -> Row:
    """One run in a process of its own; CalledProcessError when it breaks."""
    case, seed, method, seconds = task
    line = [sys.executable, "-m", "tests.bench.planner_run", case, str(seed), method, str(seconds)]
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
    row: Row = json.loads(done.stdout)
    return row


def same(row: Row, task: Task) -> bool:
    """Whether the row is the result of that task."""
    return (row["family"], row["seed"], row["method"], row["seconds"]) == task


@click.command()
@click.option("--family", "families", multiple=True, type=click.Choice(list(TITLES)), help="Only these.")
@click.option("--seeds", default=5, show_default=True, help="Problems per family.")
@click.option("--seconds", type=float, help="Processor seconds per run of ours instead of the family's own.")
@click.option("--peers/--no-peers", default=True, show_default=True, help="Measure other ways to plan too.")
@click.option(
    "--problem", "files", multiple=True, type=click.Path(exists=True, dir_okay=False), help="A file."
)
@click.option(
    "--results",
    default="instance/bench.jsonl",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where each run is noted; runs that stand there are not repeated.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here, plots beside."
)
def main(
    families: tuple[str, ...],
    seeds: int,
    seconds: float | None,
    peers: bool,
    files: tuple[str, ...],
    results: Path,
    out: Path | None,
) -> None:
    """Run what is not yet in the results, one line per run, then write the page of all results."""
    rows = known(results)
    names = {file: str(json.loads(Path(file).read_text("utf-8"))["name"]) for file in files}
    todo = list(tasks(families or tuple(TITLES), seeds, seconds, peers))
    todo += [(file, 0, OURS, seconds or SECONDS["d360"]) for file in files]
    results.parent.mkdir(parents=True, exist_ok=True)
    for task in todo:
        named = (names.get(task[0], task[0]), *task[1:])
        if any(same(row, named) for row in rows):
            continue
        row = measure(task)
        rows.append(row)
        with results.open("a", encoding="utf-8") as store:
            store.write(json.dumps(row, ensure_ascii=False) + "\n")
        click.echo(f"{row['family']} {row['seed']} {row['method']}: {row.get('note') or row['objective']}")
    if out is not None:
        write_page(rows, out)


if __name__ == "__main__":
    main()
