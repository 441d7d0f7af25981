"""What the benchmarks share: timing something several times, and a row of their tables."""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def seconds(work: Callable[[], object], runs: int) -> str:
    """Median and slowest of so many runs after one that warms up."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return f"{statistics.median(taken):.2f} s ({max(taken):.2f} s)"


def peak_megabytes() -> float:
    """The most memory this process has had; `ru_maxrss` would count what its parent had when it forked."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert told, "this Linux does not say the peak of a process"
    return int(told[1]) / 1024


def line(what: str, target: str, measured: str) -> str:
    """A row: what was measured, what it should be at most (may be empty), what it is."""
    return f"| {what} | {target} | {measured} |"
