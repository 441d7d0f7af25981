"""Degrees to kilometres, and kilometres to a drawing: flat enough for one county (WGS 84 in, dots out)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from inspections.units.models import Area, Unit

KM_PER_DEGREE_LNG, KM_PER_DEGREE_LAT = 111.320, 110.574  # at the equator; WGS 84


class Plane:
    """Kilometres east and north of the south-western corner of these units and their townships."""

    def __init__(self, units: Iterable[Unit]) -> None:
        known = [(where.lng, where.lat) for unit in units for where in (unit, unit.area)]
        self.lng = min((lng for lng, _ in known if lng is not None), default=0.0)
        self.lat = min((lat for _, lat in known if lat is not None), default=0.0)
        self.per_lng = KM_PER_DEGREE_LNG * math.cos(math.radians(self.lat))

    def km(self, *candidates: Unit | Area | None) -> dict[str, float | None]:
        """x_km and y_km of the first of these whose coordinates are known, rounded to 100 m; else nulls."""
        for where in candidates:
            if where is not None and where.lng is not None and where.lat is not None:
                x, y = (where.lng - self.lng) * self.per_lng, (where.lat - self.lat) * KM_PER_DEGREE_LAT
                return {"x_km": round(x, 1) + 0.0, "y_km": round(y, 1) + 0.0}  # + 0.0: no minus nought
        return {"x_km": None, "y_km": None}


@dataclass(frozen=True, slots=True)
class Dot:
    """One place on the drawing: `mark` is its series, `title` what a pointer over it says."""

    x: float
    y: float
    mark: str
    title: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing of dots and words without any boundary. `bar` is the width of `bar_km` kilometres."""

    width: float
    height: float
    dots: tuple[Dot, ...]
    words: tuple[Dot, ...]
    lines: tuple[str, ...]
    bar: float
    bar_km: int


#: a place in kilometres, its mark and its words
Place = tuple[float, float, str, str]
MARGIN = 26.0


def sketch(
    dots: Iterable[Place],
    words: Iterable[Place] = (),
    lines: Iterable[Iterable[tuple[float, float]]] = (),
    width: float = 640.0,
) -> Sketch | None:
    """The drawing, north up, as high as its places ask for but never higher than wide; None without dots."""
    dots, words = list(dots), list(words)
    if not dots:
        return None
    xs, ys = [x for x, *_ in (*dots, *words)], [y for _, y, *_ in (*dots, *words)]
    left, top = min(xs), max(ys)
    wide, high = max(max(xs) - left, 1.0), max(top - min(ys), 1.0)
    inner = width - 2 * MARGIN
    scale = min(inner / wide, inner / high)

    def at(x: float, y: float) -> tuple[float, float]:
        return round(MARGIN + (x - left) * scale, 1), round(MARGIN + (top - y) * scale, 1)

    bar_km = max((km for km in (1, 2, 5, 10, 20, 50) if km * scale <= inner / 3), default=1)
    return Sketch(
        round(wide * scale + 2 * MARGIN, 1),
        round(high * scale + 3 * MARGIN, 1),
        tuple(Dot(*at(x, y), mark, title) for x, y, mark, title in dots),
        tuple(Dot(*at(x, y), mark, title) for x, y, mark, title in words),
        tuple(" ".join(",".join(map(str, at(x, y))) for x, y in line) for line in lines),
        round(bar_km * scale, 1),
        bar_km,
    )
