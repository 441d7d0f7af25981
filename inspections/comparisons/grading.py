"""How good a model is: Wilson intervals, what its sample says about the rest, and measuring against
known truth."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Z = 1.959964
#: a sample is drawn by lot, so many of a model and grade, then the next so many
SAMPLE, NEXT = 30, 20
#: the interval's upper end below this pauses the model, its lower end from that on lets all the
# rest be checked
PAUSE, ALL = 0.2, 0.7
#: what is believed of a grade before anything was checked: true and false checks worth
PRIOR = {"strong": (9, 1), "fair": (7, 3), "weak": (1, 3)}
CAP = 50_000_00  # an amount above 50,000 yuan weighs no more
SEVERITY = {"S1": 1.0, "S2": 1.5, "S3": 2.5, "S4": 4.0}


class Interval(NamedTuple):
    """A 95 % interval of a share."""

    low: float
    high: float


def wilson(true: int, checked: int) -> Interval:
    """The Wilson 95 % interval of true among checked; (0, 1) when nothing was checked."""
    if checked == 0:
        return Interval(0.0, 1.0)
    share, z2 = true / checked, Z * Z
    middle = (share + z2 / (2 * checked)) / (1 + z2 / checked)
    half = Z * math.sqrt(share * (1 - share) / checked + z2 / (4 * checked * checked)) / (1 + z2 / checked)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def verdict(true: int, checked: int, total: int) -> str:
    """What the sample so far decides: `paused`, `all`, or `sample` (the next ones are drawn)."""
    if checked >= total:
        return "all"
    interval = wilson(true, checked)
    if checked >= NEXT and interval.high < PAUSE:
        return "paused"
    return "all" if checked >= NEXT and interval.low >= ALL else "sample"


def next_sample(checked: int) -> int:
    """How many are to have been drawn by now."""
    return SAMPLE if checked < SAMPLE else checked + NEXT


def worth(grade: str, true: int, checked: int, amount: int | None, severity: str, minutes: int) -> float:
    """By what a hit is ordered: probability x amount x severity / minutes at the door."""
    yes, no = PRIOR[grade]
    probability = (true + yes) / (checked + yes + no)
    return probability * min(amount or 1000_00, CAP) * SEVERITY.get(severity, 1.0) / max(1, minutes)


@dataclass
class Measured:
    """One model against known truth: planted and found faults, hits and true hits by grade."""

    model: str
    planted: int = 0
    found: int = 0
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    true: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def measure(hits: Iterable[Mapping[str, Any]], truth: Iterable[Mapping[str, Any]]) -> list[Measured]:
    """Every model of hits or truth: a fault is found when a hit of its model shows one of its rows."""
    measured: dict[str, Measured] = {}
    shown: dict[str, set[tuple[str, int]]] = defaultdict(set)
    planted: dict[str, set[tuple[str, int]]] = defaultdict(set)
    faults = [(str(fault["model"]), {(str(f), int(n)) for f, n in fault["rows"]}) for fault in truth]
    for model, rows in faults:
        planted[model] |= rows
    for hit in hits:
        model, rows = str(hit["model"]), {(str(f), int(n)) for f, n in hit["rows"]}
        one = measured.setdefault(model, Measured(model))
        one.hits[hit["grade"]] += 1
        one.true[hit["grade"]] += bool(rows & planted[model])
        shown[model] |= rows
    for model, rows in faults:
        one = measured.setdefault(model, Measured(model))
        one.planted += 1
        one.found += bool(rows & shown[model])
    return [measured[model] for model in sorted(measured)]
