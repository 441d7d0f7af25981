"""Whether the rest of a lot is worth a walk: Wilson intervals, the next sample, and what is looked at
first."""

import math
from typing import NamedTuple

Z = 1.959964
#: a sample is drawn by lot, so many of a model and grade, then the next so many
SAMPLE, NEXT = 30, 20
#: the interval's upper end below this pauses the model, its lower end from that on lets all the rest be
#: checked
PAUSE, ALL = 0.2, 0.7
#: what is believed of a grade before anything was checked: true and false checks worth
PRIOR = {"strong": (9, 1), "fair": (7, 3), "weak": (1, 3)}
CAP = 50_000_00  # an amount above 50,000 yuan weighs no more
SEVERITY = {"S1": 1.0, "S2": 1.5, "S3": 2.5, "S4": 4.0}
MINUTES = 20  # at a door


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


def worth(grade: str, true: int, checked: int, amount: int | None, severity: str) -> float:
    """By what a check is ordered: probability x amount (分) x severity / minutes at the door."""
    yes, no = PRIOR[grade]
    probability = (true + yes) / (checked + yes + no)
    return probability * min(amount or 1000_00, CAP) * SEVERITY.get(severity, 1.0) / MINUTES
