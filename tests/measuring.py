"""What the benchmarks share: timing something several times, and a row of their tables."""

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], runs: int) -> str:
    """Median and slowest of so many runs after one that warms up."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return f"{statistics.median(taken):.2f} s ({max(taken):.2f} s)"


def line(what: str, target: str, measured: str) -> str:
    """A row: what was measured, what it should be at most (may be empty), what it is."""
    return f"| {what} | {target} | {measured} |"
