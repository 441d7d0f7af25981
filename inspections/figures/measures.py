"""Rates with their denominators, changes against an earlier period, spreads: plain values, no table."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

#: 同比、环比 on smaller bases say nothing (a rise from 1 to 4 is “300 %”)
LEAST_BASE = 5
_NAMED = re.compile(r"(20\d\d)(?:-H([12])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; the share is None where there is nothing to be a share of."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """0 to 1."""
        return self.part / self.whole if self.whole else None

    @property
    def words(self) -> str:
        """93.7%（386/412）, or —（0/0）."""
        share = "—" if self.share is None else f"{self.share:.1%}"
        return f"{share}（{self.part}/{self.whole}）"


@dataclass(frozen=True, slots=True)
class Change:
    """A count beside the same count of an earlier period."""

    now: int
    before: int | None

    @property
    def share(self) -> float | None:
        """0.25 for a quarter more; None without an earlier period or on a base under five."""
        if self.before is None or self.before < LEAST_BASE:
            return None
        return self.now / self.before - 1

    @property
    def words(self) -> str:
        """+25.0%（上期 8）, or why there is no percentage."""
        if self.before is None:
            return "无上期"
        if self.share is None:
            return f"上期 {self.before}，基数不足 {LEAST_BASE} 不计"
        return f"{self.share:+.1%}（上期 {self.before}）"


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rules the referee found broken, over so many plans that it read."""

    broken: int
    plans: int

    @property
    def words(self) -> str:
        """0处（3份方案）."""
        return f"{self.broken}处（{self.plans}份方案）" if self.plans else "—（0份方案）"


@dataclass(frozen=True, slots=True)
class Spread:
    """How a load lies on people: least, most and mean, over so many people."""

    people: int
    least: int
    most: int
    total: int

    @classmethod
    def of(cls, loads: Sequence[int]) -> "Spread":
        return cls(len(loads), min(loads, default=0), max(loads, default=0), sum(loads))

    @property
    def mean(self) -> float | None:
        return self.total / self.people if self.people else None


def percentile(days: Sequence[int], share: float) -> int | None:
    """The value that `share` (0 to 1) of the values do not exceed (nearest rank); None of nothing."""
    if not days:
        return None
    return sorted(days)[max(0, math.ceil(share * len(days)) - 1)]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that figures are about, both included, and what people call them."""

    start: dt.date
    end: dt.date
    name: str

    @classmethod
    def month(cls, year: int, month: int) -> "Window":
        """2026年11月. Raises ValueError for a month that does not exist."""
        start = dt.date(year, month, 1)
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return cls(start, after - dt.timedelta(days=1), f"{year}年{month}月")

    @classmethod
    def year(cls, year: int) -> "Window":
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31), f"{year}年")

    @classmethod
    def half(cls, year: int, which: int) -> "Window":
        """2026年上半年 (1) or 下半年 (2). Raises ValueError for another half."""
        if which not in (1, 2):
            raise ValueError(f"a year has no half number {which}")
        first, last = (1, dt.date(year, 6, 30)) if which == 1 else (7, dt.date(year, 12, 31))
        return cls(dt.date(year, first, 1), last, f"{year}年{'上' if which == 1 else '下'}半年")

    @classmethod
    def of(cls, words: str) -> "Window":
        """The window that an address names: 2026, 2026-H1 or 2026-11. Raises ValueError for anything else."""
        named = _NAMED.fullmatch(words)
        if named is None:
            raise ValueError(f"{words} names no year, half-year or month")
        year, half, month = named.groups()
        if half:
            return cls.half(int(year), int(half))
        return cls.month(int(year), int(month)) if month else cls.year(int(year))

    def month_before(self) -> "Window":
        """The month before the one in which this window starts."""
        last = self.start.replace(day=1) - dt.timedelta(days=1)
        return Window.month(last.year, last.month)

    def year_before(self) -> "Window":
        """The same days a year earlier; the 29th of February becomes the 28th."""

        def earlier(day: dt.date) -> dt.date:
            leap = (day.month, day.day) == (2, 29)
            return day.replace(year=day.year - 1, day=28 if leap else day.day)

        return Window(earlier(self.start), earlier(self.end), f"{self.start.year - 1}年同期")
