"""Why there is no such division: one sentence that names what is too tight and how far to ease it.
Divides only to find that out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from planners.zones.areas import Limits
from planners.zones.division import divide, possible_counts
from planners.zones.partition import County, TooManySets


@dataclass(frozen=True, slots=True)
class Words:
    """What a piece and what holds it are called."""

    zone: str
    county: str


ZONES = Words(zone="片区", county="县（区）")
GROUPS = Words(zone="组", county="片区")

TOO_MANY_SETS = "可能的{level}组合太多，无法证明哪种最优：请给出每{level}乡镇数的上限，或缩小工作量容差"

#: Tolerances that are tried, in per cent.
STEP = 5


@dataclass(frozen=True, slots=True)
class Level:
    """One division that is asked for: how pieces are called, how many, within which limits, of what."""

    words: Words
    count: int
    limits: Limits
    names: tuple[str, ...]


def too_tight(counties: Sequence[County], level: Level) -> str:
    """The sentence. It is only asked when `divide` found nothing."""
    for why in (_count_out_of_reach, _county_out_of_reach):
        sentence = why(counties, level)
        if sentence is not None:
            return sentence
    return _sums_out_of_reach(counties, level)


def _count_out_of_reach(counties: Sequence[County], level: Level) -> str | None:
    """The count against the numbers of counties and townships alone."""
    limits, zone, count = level.limits, level.words.zone, level.count
    townships = sum(len(county.townships) for county in counties)
    if count < len(counties):
        return (
            f"要求的{zone}数{count}太少：{len(counties)}个{level.words.county}各自至少要1个{zone}，"
            f"{zone}不跨{level.words.county}"
        )
    most = sum(len(county.townships) // limits.min for county in counties)
    if count > most:
        lower = f"每{zone}至少{limits.min}个乡镇时，" if limits.min > 1 else ""
        return f"要求的{zone}数{count}太多：{lower}{townships}个乡镇最多分{most}个{zone}"
    if limits.max is not None:
        fewest = sum(-(-len(county.townships) // limits.max) for county in counties)
        if count < fewest:
            return (
                f"要求的{zone}数{count}太少：每{zone}至多{limits.max}个乡镇时，"
                f"{townships}个乡镇最少分{fewest}个{zone}"
            )
    return None


def _county_out_of_reach(counties: Sequence[County], level: Level) -> str | None:
    """The first county that cannot be cut at all, and which limit is in its way."""
    others = len(counties) - 1
    for name, county in zip(level.names, counties, strict=True):
        if not possible_counts(county, level.count, others) or not _alone(county, level, others):
            return f"{name}无法划分：{_cause([county], level, others)}"
    return None


def _alone(county: County, level: Level, others: int) -> bool:
    """A single county must reach the count itself; one of several any count."""
    return bool(others) or level.count in possible_counts(county, level.count, others)


def _sums_out_of_reach(counties: Sequence[County], level: Level) -> str:
    """Every county can be cut, but not into numbers that sum to the count."""
    sums = {0}
    for county in counties:
        counts = possible_counts(county, level.count, len(counties) - 1)
        sums = {given + k for given in sums for k in counts}
    zone, unit = level.words.zone, level.words.county
    near = sorted(sums, key=lambda total: (abs(total - level.count), total))[:2]
    return (
        f"各{unit}分别可以划分，但{zone}数合计达不到{level.count}个，最接近的是"
        f"{'个或'.join(str(total) for total in sorted(near))}个；{_cause(counties, level, 0)}"
    )


def _cause(counties: Sequence[County], level: Level, others: int) -> str:
    """Which one limit, eased alone, would do: tolerance first (and how far), then sizes, then neighbours."""
    limits, zone = level.limits, level.words.zone

    def works(limits: Limits, connected: bool = True) -> bool:
        eased = [_eased(county, limits, connected) for county in counties]
        try:
            if others:
                return bool(possible_counts(eased[0], level.count, others))
            return divide(eased, level.count, 0, any_will_do=True) is not None
        except TooManySets:
            return True

    heavy = _heaviest_alone(counties, level) if len(counties) == 1 and not others else ""
    if limits.tolerance is not None and works(replace(limits, tolerance=None)):
        enough = _least_tolerance(limits.tolerance, lambda t: works(replace(limits, tolerance=t)))
        remedy = "须取消工作量容差" if enough is None else f"放宽到{enough}%即可"
        return f"工作量容差{limits.tolerance}%太紧，{heavy}{remedy}"
    if works(Limits(1, None, limits.tolerance)):
        return f"每{zone}乡镇数的限制（{_sizes(limits)}）太紧"
    if works(limits, connected=False):
        return f"相邻关系太少，{zone}连不成片"
    return f"每{zone}乡镇数（{_sizes(limits)}）、工作量容差和相邻关系合在一起太紧"


def _eased(county: County, limits: Limits, connected: bool) -> County:
    everything = county.everything
    all_others = tuple(everything & ~(1 << i) for i in range(len(county.townships)))
    return replace(county, limits=limits, neighbours=county.neighbours if connected else all_others)


def _least_tolerance(now: int, works: Callable[[int], bool]) -> int | None:
    """The least tolerance tried that works, None if 100 % is not enough. What works at t works above t."""
    tried = list(range(now - now % STEP + STEP, 101, STEP))
    if not tried or not works(tried[-1]):
        return None
    low, high = 0, len(tried) - 1
    while low < high:
        middle = (low + high) // 2
        if works(tried[middle]):
            high = middle
        else:
            low = middle + 1
    return tried[high]


def _heaviest_alone(counties: Sequence[County], level: Level) -> str:
    """A township that alone is more than a zone may have."""
    county = counties[0]
    heaviest = max(county.townships, key=lambda township: township.work)
    if heaviest.work * level.count <= county.total or level.limits.allows(
        heaviest.work, county.total, level.count
    ):
        return ""
    average = county.total / level.count
    return (
        f"{heaviest.name}一个乡镇的工作量{heaviest.work}已超出{level.words.zone}平均{average:.1f}的允许范围，"
    )


def _sizes(limits: Limits) -> str:
    return f"{limits.min}至{limits.max}个" if limits.max is not None else f"至少{limits.min}个"
