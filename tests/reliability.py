"""Runs campaigns of crashes and faults and writes what they measured into docs/reliability.md.

python -m tests.reliability tamperings bits --out docs/reliability.md

Rows of campaigns that are not named stay as they were measured the last time; one that never ran has no row.
"""

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is done, how often, what must hold, and the command that fails where it does not."""

    what: str
    holds: str
    command: tuple[str, ...]


def soak(*nodes: str) -> tuple[str, ...]:
    """The command that runs these sweeps alone."""
    return ("-m", "pytest", "-q", "-s", "-m", "soak", "-p", "no:cacheprovider", *nodes)


CAMPAIGNS: dict[str, Campaign] = {
    "tamperings": Campaign(
        "1,000 random tamperings of the database file: update, delete, insert, replace, swap, truncate, "
        "clock, seal, link, an old file put back",
        "verify names the first bad record of each",
        soak("tests/site/test_chain.py::test_a_thousand_tamperings_are_located"),
    ),
    "forms": Campaign(
        "every form of six roles sent with the names of all columns of the database, two tables at a time",
        "no column is bound that the form does not show",
        soak("tests/test_mass_assignment.py::test_four_thousand_forms_bind_nothing"),
    ),
    "bits": Campaign(
        "1,000 flipped bits and cuts of a backup, plain and encrypted",
        "none is restored, the target stays untouched",
        soak("tests/operations/test_backup.py", "-k", "flipped"),
    ),
    "bombs": Campaign(
        "bombs and accidents at the gate for files: far cells, lying headers, quines, pixel floods, "
        "entities, macros",
        "each is refused with a sentence",
        ("-m", "tests.site.bombs"),
    ),
    "worker": Campaign(
        "the worker killed in the middle of a run of reminders, again and again over simulated days",
        "each reminder stands once",
        soak("tests/followup/test_killed_worker.py"),
    ),
    "line": Campaign(
        "1,000 photographs over a line of 20 KB/s that is cut every 20 seconds",
        "each arrives once and whole",
        soak("tests/fieldwork/test_slow_line.py"),
    ),
    "kills": Campaign(
        "the server killed (kill -9) 1,000 times while tablets send",
        "nothing acknowledged is lost, nothing stands twice",
        soak("tests/tablet/test_kills.py::test_a_thousand_kills_lose_nothing_acknowledged"),
    ),
    "cuts": Campaign(
        "the power cut at 100,000 moments of sync, import and signing, on a file system that forgets what "
        "was not synced",
        "nothing acknowledged is lost, nothing damaged; with WAL and NORMAL it must be lost",
        ("-m", "tests.power.cuts", "--states", "100000"),
    ),
    "worlds": Campaign(
        "100 pairs of worlds that differ in sealed rows alone, asked by every role that is not cleared",
        "all answers are the same",
        soak("tests/test_sealing.py"),
    ),
}

HEAD = """# What was done to it on purpose, and what it lost

Written by `make soak PARTS="tamperings bits …"` (`tests/reliability.py`); a campaign that has no row here was
never run to its end. Seconds are of the machine named and say nothing about another.

| campaign | what is done | what must hold | held | measured | seconds | on |
| --- | --- | --- | --- | --- | --- | --- |
"""


def run(name: str) -> str:
    """The row of the campaign."""
    campaign, begun = CAMPAIGNS[name], time.monotonic()
    done = subprocess.run([sys.executable, *campaign.command], capture_output=True, text=True)
    spent = time.monotonic() - begun
    said = [line.strip(". ") for line in done.stdout.splitlines() if line.strip(". ")]
    told = [line for line in said if re.match(r"\d+ (bombs|passed|failed|cuts)|forms posted|\d+ \w+ ", line)]
    measured = "; ".join(told[-2:]) or (said[-1] if said else "")
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
    held = "yes" if done.returncode == 0 else "NO"
    machine = f"{dt.date.today():%Y-%m-%d}, {os.cpu_count()} processors, Python {platform.python_version()}"  # noqa: DTZ011 - the machine's own day
    cells = (name, campaign.what, campaign.holds, held, measured, f"{spent:.0f}", machine)
    return f"| {' | '.join(cells)} |"


def written(before: str, rows: dict[str, str]) -> str:
    """The page with these rows beside those of the campaigns that did not run now."""
    kept = {
        name: line for line in before.splitlines() for name in CAMPAIGNS if line.startswith(f"| {name} |")
    }
    together = kept | rows
    return HEAD + "\n".join(together[name] for name in CAMPAIGNS if name in together) + "\n"


def main() -> int:
    """1 when something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", choices=[*CAMPAIGNS], help="which campaigns")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    held = True
    for name in given.parts:
        row = run(name)
        held = held and "| yes |" in row
        print(row)
        before = given.out.read_text("utf-8") if given.out.exists() else ""
        given.out.write_text(written(before, {name: row}), "utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
