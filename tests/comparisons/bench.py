"""Measures the comparison of lists: `python -m tests.comparisons.bench` writes
docs/benchmarks-comparisons.md.

A fictional county of another seed than the tests', compared in one go; found and true counted per
model against what
was planted; then one flow list of many rows, read and hashed alone.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from inspections.comparisons import running
from inspections.comparisons.grading import Measured, measure
from inspections.comparisons.library import library
from inspections.comparisons.lists import loading
from inspections.comparisons.lists.keys import new_key
from inspections.comparisons.result import GRADES
from inspections.fieldwork.checks.sampling import wilson
from inspections.sample.county.write import make

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-comparisons.md"


def share(true: int, count: int) -> str:
    """A share with its 95 % interval, or a dash."""
    if not count:
        return "–"
    low, high = wilson(true, count)
    return f"{true}/{count} = {100 * true / count:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def table(measured: list[Measured]) -> list[str]:
    """One line a model and one of all."""
    lines = ["| model | found | strong | fair | weak |", "| --- | --- | --- | --- | --- |"]
    for one in measured:
        cells = [share(one.found, one.planted), *(share(one.true[g], one.hits[g]) for g in GRADES)]
        lines.append(f"| {one.model} {library()[one.model].name} | {' | '.join(cells)} |")
    sums = [share(sum(o.found for o in measured), sum(o.planted for o in measured))]
    sums += [share(sum(o.true[g] for o in measured), sum(o.hits[g] for o in measured)) for g in GRADES]
    return [*lines, f"| all | {' | '.join(sums)} |"]


def flow(folder: Path, rows: int) -> str:
    """How long one list of so many rows takes to be read, checked and hashed in this process."""
    lines = (folder / "流水2024.csv").read_bytes().splitlines(keepends=True)
    many = folder.parent / "流水2024-many.csv"
    with many.open("wb") as file:
        file.write(lines[0])
        written = 0
        while written < rows:
            part = lines[1 : 1 + rows - written]
            file.writelines(part)
            written += len(part)
    clock, begun = time.process_time(), time.monotonic()
    loading.Loader(new_key(), 1, many, folder.parent / "many.parquet").load()
    used, wall = time.process_time() - clock, time.monotonic() - begun
    return f"{rows:,} rows of payments: {used:.0f} s of processor, {wall:.0f} s by the clock"


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=PAGE)
    parser.add_argument("--people", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--rows", type=int, default=5_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "lists"
        truth = make(folder, given.people, given.seed)
        begun = time.monotonic()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        outcome = running.run(folder, library())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = time.monotonic() - begun
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows = sum(found["rows"] for found in outcome.lists)
        models = sum(outcome.seconds.get(code, 0) for code in library())
        measured = measure((hit.as_json() for hit in outcome.hits), truth)
        many = flow(folder, given.rows)
    lines = [
        "# Lists compared, measured",
        "",
        f"`python -m tests.comparisons.bench --people {given.people} --seed {given.seed} "
        f"--rows {given.rows}` on "
        f"{os.cpu_count()} processors, others at work on them (load {os.getloadavg()[0]:.0f}).",
        "",
        f"- A county of {given.people:,} people, {len(outcome.lists)} lists, {rows:,} rows: "
        f"{used:.0f} s of processor, "
        f"{wall:.0f} s by the clock, of which {outcome.seconds['load']:.0f} s reading and hashing, "
        f"{outcome.seconds['link']:.0f} s linking, {models:.0f} s the models.",
        f"- The largest process held {outcome.memory / 1e6:,.0f} MB.",
        f"- {many}.",
        "",
        "The same hand wrote models and faults: expect less in the field. Shares with 95 % Wilson intervals;",
        "`found` counts hits of every grade; a hit is true when it shows a row of a fault of its model.",
        "",
        *table(measured),
        "",
    ]
    given.out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
