"""The curve of a run: how far the best plan so far was from the proven bound, over the seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

#: the drawing inside its axes, in its own units
WIDTH, HEIGHT = 560, 120
#: ends of the scale in per cent, of which the smallest that holds the curve is taken
TOPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of the line as SVG has them, and the ends of the scales: per cent and seconds."""

    points: str
    top: int
    seconds: float


def drawn(told: Sequence[Sequence[float]], limit: float | None = None) -> Curve | None:
    """The curve of (seconds, gap as a share of the bound), up to `limit` seconds or else its own last point.

    A plan stays the best until a better one comes, so the line goes down in steps. None without a point.
    """
    if not told:
        return None
    worst = max(gap for _, gap in told) * 100
    top = next((each for each in TOPS if worst <= each), TOPS[-1])
    last = max(limit or 0.0, told[-1][0]) or 1.0
    points: list[str] = []
    height = None
    for seconds, gap in told:
        x = round(WIDTH * seconds / last, 1)
        y = round(HEIGHT * (1 - min(gap * 100, top) / top), 1)
        if height is not None:
            points.append(f"{x},{height}")
        points.append(f"{x},{y}")
        height = y
    return Curve(" ".join(points), top, last)
