"""How a running search is shown: one bar on a terminal, one line per improvement in a log.
Decides nothing about the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

#: Without a time limit the solver stops after this many seconds (contracts §2).
LONGEST = 60.0
WIDTH = 24
PHASES = {"construct": "构造", "bound": "求下界", "improve": "改进", "done": "完成"}


class Progress(Protocol):
    """What the solver tells now and then; objective, bound and gap are None until they are known."""

    @property
    def phase(self) -> str: ...
    @property
    def objective(self) -> int | None: ...
    @property
    def bound(self) -> int | None: ...
    @property
    def gap(self) -> float | None: ...
    @property
    def seconds(self) -> float: ...


def sentence(progress: Progress) -> str:
    """Phase, best objective, bound, gap and seconds in one line."""
    objective = "-" if progress.objective is None else str(progress.objective)
    bound = "-" if progress.bound is None else str(progress.bound)
    gap = "-" if progress.gap is None else f"{progress.gap:.2%}"
    phase = PHASES.get(progress.phase, progress.phase)
    return f"{phase}  最优 {objective}  下界 {bound}  差距 {gap}  {progress.seconds:.1f}s"


@contextmanager
def shown_progress(
    stream: TextIO, seconds: float | None, quiet: bool
) -> Iterator[Callable[[Progress], None]]:
    """A function to be called with each progress; leaving the block ends the bar's line."""
    longest = seconds or LONGEST
    best: int | None = None

    def on_terminal(progress: Progress) -> None:
        done = min(WIDTH, int(WIDTH * progress.seconds / longest))
        stream.write(f"\r\x1b[K[{'#' * done}{'.' * (WIDTH - done)}] {sentence(progress)}")
        stream.flush()

    def in_log(progress: Progress) -> None:
        nonlocal best
        if progress.objective is not None and (best is None or progress.objective < best):
            best = progress.objective
            stream.write(f"{sentence(progress)}\n")
            stream.flush()

    if quiet:
        yield lambda progress: None
    elif stream.isatty():
        try:
            yield on_terminal
        finally:
            stream.write("\n")
    else:
        yield in_log
