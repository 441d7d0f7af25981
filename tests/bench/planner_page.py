"""The page of the benchmark: two tables in Markdown and two plots in SVG, from the rows of planner_run.py.
It measures nothing; a figure that was not measured is a dash."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from planners import VERSION
from tests.bench.families import TITLES
from tests.bench.planner_run import OURS, Row

MOMENTS = (5.0, 15.0, 60.0, 300.0)
PEER_WORDS = {
    "random": "random legal",
    "greedy": "greedy",
    "highs": "HiGHS, slot by slot",
    "cpsat": "CP-SAT, all at once",
}
COLOURS = ("#1b5e8c", "#c1440e", "#3d7a3d", "#7a4b9a", "#a67c00", "#00838f", "#ad1457", "#5d4037", "#455a64")


def gap_at(row: Row, moment: float) -> float | None:
    """The gap of the best plan known after so many seconds; None before the first plan or without a bound."""
    costs = [cost for spent, cost in row["curve"] if spent <= moment]
    return costs[-1] / row["bound"] - 1 if costs and row["bound"] else None


def write_page(rows: Sequence[Row], out: Path) -> None:
    """The page, and beside it in `pictures` the plots that it shows."""
    pictures = out.parent / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    (pictures / "bench-gap.svg").write_text(gap_plot(rows), "utf-8")
    (pictures / "bench-peers.svg").write_text(peer_plot(rows), "utf-8")
    out.write_text(page(rows), "utf-8")


def page(rows: Sequence[Row]) -> str:
    """The whole page in Markdown."""
    return "\n".join(
        [
            "# Benchmarks of the planner",
            "",
            "Written by `make bench` (`python -m tests.bench.planner --help` for parts of it); do not edit.",
            "",
            _machine(),
            "",
            "Seconds are **processor seconds of the solving process** (one thread), so that other work on",
            "the machine counts little; wall seconds stand beside them. Gap = (objective − bound) / bound,",
            "where the bound is proven: no complete plan costs less. Figures are medians over the seeds,",
            "the worst in brackets. Every plan was judged by the referee (`planners/referee/check.py`):",
            "*broken* counts rules broken.",
            "",
            *our_table(rows),
            "",
            "A dash: not measured, or the search had ended by itself before. The families are generated",
            "(`tests/bench/families.py`); a Chinese name is a county in seeds/.",
            "",
            "![gap over time](pictures/bench-gap.svg)",
            "",
            "## Other ways to plan",
            "",
            "The same problems, judged and priced by the same referee, against the same bound. A plan that",
            "lacks heads is cheaper than it should be, so the missing heads stand beside its gap. CP-SAT and",
            "HiGHS get 60 s (CP-SAT on two threads); neither model prices repeated pairs, HiGHS is given our",
            "rounds and teams. Timefold is not measured: neither its package nor Java is a dependency here.",
            "",
            *peer_table(rows),
            "",
            "![gaps of other ways to plan](pictures/bench-peers.svg)",
            "",
        ]
    )


def _machine() -> str:
    model = platform.machine()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    return (
        f"Planner {VERSION}, Python {platform.python_version()}, ortools {version('ortools')}, numpy "
        f"{version('numpy')}; {model}, {os.cpu_count()} cores, {platform.system()}."
    )


def _families(rows: Sequence[Row]) -> list[str]:
    """Those measured, in the order of TITLES, files last."""
    here = list(dict.fromkeys(row["family"] for row in rows))
    return [name for name in TITLES if name in here] + [name for name in here if name not in TITLES]


def _ours(rows: Sequence[Row], family: str) -> list[Row]:
    """Our runs of a family with the longest time limit that was measured."""
    here = [row for row in rows if row["family"] == family and row["method"] == OURS]
    longest = max((row["seconds"] for row in here), default=0)
    return [row for row in here if row["seconds"] == longest]


def _spread(figures: Sequence[float | None], form: str) -> str:
    known = [figure for figure in figures if figure is not None]
    if not known:
        return "–"
    middle = format(statistics.median(known), form)
    return middle if len(known) == 1 else f"{middle} ({format(max(known), form)})"


def our_table(rows: Sequence[Row]) -> list[str]:
    """One line per family."""
    lines = [
        "| family | villages / people | seeds | first plan, s | gap 5 s | gap 15 s | gap 60 s |"
        " gap at the end | all, s (wall) | MB | broken | missing |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for family in _families(rows):
        here = _ours(rows, family)
        if not here:
            continue
        cells = [
            f"**{family}** {TITLES.get(family, '')}".strip(),
            f"{here[0]['units']} / {here[0]['people']}",
            str(len(here)),
            _spread([row["curve"][0][0] for row in here], ".2f"),
        ]
        cells += [
            _spread([gap_at(row, at) if row["cpu"] > at else None for row in here], ".2%")
            for at in MOMENTS[:3]
        ]
        wall = statistics.median(row["wall"] for row in here)
        cells += [
            _spread([gap_at(row, math.inf) for row in here], ".2%"),
            f"{statistics.median(row['cpu'] for row in here):.1f} ({wall:.1f})",
            str(max(row["mb"] for row in here)),
            str(sum(row["broken"] for row in here)),
            str(sum(row["missing"] for row in here)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _peer_rows(rows: Sequence[Row], family: str, method: str) -> list[tuple[Row, float | None]]:
    """Runs of a peer with their gap to the bound that our run of the same problem proved."""
    bounds = {row["seed"]: row["bound"] for row in _ours(rows, family)}
    here = [row for row in rows if row["family"] == family and row["method"] == method]
    return [
        (row, row["objective"] / bounds[row["seed"]] - 1)
        if "objective" in row and bounds.get(row["seed"])
        else (row, None)
        for row in here
    ]


def peer_table(rows: Sequence[Row]) -> list[str]:
    """Median gap per family and peer, missing heads beside it."""
    lines = [
        f"| family | ours | {' | '.join(PEER_WORDS.values())} |",
        f"| --- | ---: |{' ---: |' * len(PEER_WORDS)}",
    ]
    for family in _families(rows):
        if family not in TITLES:
            continue
        cells = [family, _spread([gap_at(row, math.inf) for row in _ours(rows, family)], ".2%")]
        for method in PEER_WORDS:
            found = _peer_rows(rows, family, method)
            gaps = [gap for _, gap in found]
            notes = [row["note"] for row, _ in found if "note" in row]
            cell = _spread(gaps, ".1%") if any(gap is not None for gap in gaps) else (notes or ["–"])[0]
            if any(gap is not None for gap in gaps):
                cell += f", {statistics.median(row['cpu'] for row, gap in found if gap is not None):.1f} s"
                missing = sum(row["missing"] for row, gap in found if gap is not None)
                cell += f", {missing} missing" if missing else ""
                broken = sum(row["broken"] for row, gap in found if gap is not None)
                cell += f", {broken} broken" if broken else ""
            cells.append(cell)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


# ---------------------------------------------------------------- plots

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 860, 420, 60, 46, 20
RIGHT = 110


def _frame(title: str, body: list[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
            f' font-size="12" role="img" aria-label="{title}">',
            f"<title>{title}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def _across(seconds: float) -> float:
    low, high = math.log10(0.01), math.log10(400)
    share = (math.log10(max(seconds, 0.01)) - low) / (high - low)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _up(gap: float, top: float) -> float:
    """Height of a gap on a logarithmic axis from 0.5 % to `top`."""
    low, high = math.log10(0.005), math.log10(top)
    share = (math.log10(min(max(gap, 0.005), top)) - low) / (high - low)
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)


def _gap_axis(top: float) -> list[str]:
    body = []
    for gap in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0):
        if gap <= top:
            y = _up(gap, top)
            body.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
            body.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{gap:.1%}</text>')
    return body


def gap_plot(rows: Sequence[Row]) -> str:
    """The gap of the first seed of each family over processor seconds, both axes logarithmic."""
    top = 0.2
    body = _gap_axis(top)
    for seconds in (0.01, 0.1, 1, 10, 60, 300):
        x = _across(seconds)
        body.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eeeeee"/>')
        body.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{seconds:g}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    body.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">processor seconds</text>')
    labels: list[float] = []
    ends: list[tuple[float, str, str]] = []
    for number, family in enumerate(_families(rows)):
        here = [row for row in _ours(rows, family) if row["bound"]]
        if not here:
            continue
        row, colour = min(here, key=lambda row: row["seed"]), COLOURS[number % len(COLOURS)]
        path, y = "", 0.0
        for spent, cost in row["curve"]:
            x = _across(spent)
            y = _up(cost / row["bound"] - 1, top)
            path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
        path += f"H{_across(row['cpu']):.1f}"
        body.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        ends.append((y, family, colour))
    for y, family, colour in sorted(ends):
        y = max([y, *[label + 14 for label in labels[-1:]]])
        labels.append(y)
        body.append(f'<text x="{WIDTH - RIGHT + 8}" y="{y + 4:.1f}" fill="{colour}">{family}</text>')
    return _frame("Gap to the proven bound over time", body)


def peer_plot(rows: Sequence[Row]) -> str:
    """The median gap of every way to plan, family by family."""
    top = 1.0
    body = _gap_axis(top)
    families = [family for family in _families(rows) if family in TITLES]
    methods = [OURS, *PEER_WORDS]
    step = (WIDTH - LEFT - RIGHT) / max(1, len(families))
    for f, family in enumerate(families):
        middle = LEFT + step * (f + 0.5)
        body.append(f'<text x="{middle:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{family}</text>')
        for m, method in enumerate(methods):
            found: list[float | None] = [gap for _, gap in _peer_rows(rows, family, method)]
            if method == OURS:
                found = [gap_at(row, math.inf) for row in _ours(rows, family)]
            gaps = [gap for gap in found if gap is not None]
            if gaps:
                y, x = _up(statistics.median(gaps), top), middle + (m - 2) * step / 7
                body.append(
                    f'<rect x="{x - step / 16:.1f}" y="{y:.1f}" width="{step / 8:.1f}"'
                    f' height="{HEIGHT - BOTTOM - y:.1f}" fill="{COLOURS[m]}"/>'
                )
    for m, method in enumerate(methods):
        y = TOP + 16 * m
        words = PEER_WORDS.get(method, "ours").split(",")[0]
        body.append(
            f'<rect x="{WIDTH - RIGHT + 6}" y="{y}" width="10" height="10" fill="{COLOURS[m]}"/>'
            f'<text x="{WIDTH - RIGHT + 20}" y="{y + 9}">{words}</text>'
        )
    return _frame("Gap of other ways to plan", body)
