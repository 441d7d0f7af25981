"""Rates carry their denominators; changes on small bases say nothing."""

import datetime as dt

import pytest

from inspections.figures.measures import Change, Rate, Spread, Window, percentile


def test_a_rate_says_its_part_and_its_whole() -> None:
    assert Rate(386, 412).words == "93.7%（386/412）"
    assert (Rate(0, 0).share, Rate(0, 0).words) == (None, "—（0/0）")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (10, 8, "+25.0%（上期 8）"),
        (4, 1, "上期 1，基数不足 5 不计"),
        (3, None, "无上期"),
        (0, 5, "-100.0%（上期 5）"),
    ],
)
def test_a_change_is_told_only_on_a_base_of_five(now: int, before: int | None, words: str) -> None:
    assert Change(now, before).words == words


def test_a_window_knows_its_month_before_and_its_year_before() -> None:
    january = Window.month(2026, 1)
    assert (january.start, january.end) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert january.month_before() == Window.month(2025, 12)
    leap = Window.month(2028, 2).year_before()
    assert (leap.start, leap.end) == (dt.date(2027, 2, 1), dt.date(2027, 2, 28))


def test_the_ninetieth_percentile_is_a_value_that_occurred() -> None:
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 40], 0.9) == 9
    assert percentile([7], 0.9) == 7
    assert percentile([], 0.9) is None


def test_a_spread_of_nobody_has_no_mean() -> None:
    assert Spread.of([]).mean is None
    assert Spread.of([7, 14]) == Spread(2, 7, 14, 21)
