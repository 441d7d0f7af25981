"""Days and periods in every form people write, and the law that what the program prints is read back."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import wording
from inspections.reading import days
from inspections.reading.typed import EntryFault

DATES = st.dates(dt.date(days.FIRST_YEAR, 1, 1), dt.date(days.LAST_YEAR, 12, 31))
FORMS = (
    "2026-03-02|2026/3/2|2026.3.2|2026年3月2日|2026年3月2号|20260302|２０２６年３月２日|2026 年 3 月 2 日|"
    "'2026-03-02|二〇二六年三月二日|二○二六年三月二日|2026年3月2日（星期一）|2026-03-02 00:00:00|"
    "2026.03.02。|2026年3月2日 17:05"
)
RANGES = (
    "2026年3月2日至13日|2026-03-02至2026-03-13|2026/3/2-2026/3/13|2026.3.2—3.13|2026.03.02~2026.03.13|"
    "2026年3月2日—2026年3月13日|2026年3月2日到3月13日|20260302-20260313|２０２６年３月２日至１３日|2026-03-02--2026-03-13"
)


@pytest.mark.parametrize("form", [*FORMS.split("|"), dt.date(2026, 3, 2), 46083, 46083.0])
def test_a_day_in_every_form_is_the_same_day(form: Any) -> None:
    assert days.day(form) == days.since(form) == days.until(form) == dt.date(2026, 3, 2)


@pytest.mark.parametrize("form", RANGES.split("|"))
def test_a_period_in_every_form_is_the_same_period(form: str) -> None:
    assert days.days(form) == [["2026-03-02", "2026-03-13"]]


@pytest.mark.parametrize(
    "form", ["2018.03", "2018-3", "2018/03", "2018年3月", "2018年3月份", "201803", "二〇一八年三月", 2018.03]
)
def test_a_month_counts_whole_and_stays_a_month(form: Any) -> None:
    begun, ended = days.since(form), days.until(form)
    assert ended is not None
    assert (begun, ended) == (dt.date(2018, 3, 1), dt.date(2018, 3, 31))
    assert begun.precision == ended.precision == "month"
    assert days.day_words(begun) == days.day_words(ended) == "2018.03"
    with pytest.raises(EntryFault, match="只写到月份"):
        days.day(form)


def test_a_number_that_lost_its_nought_is_read_cautiously() -> None:
    """2018.10 typed into a cell of numbers is 2018.1: begun in January, ended in October."""
    assert (days.since(2018.1), days.until(2018.1)) == (dt.date(2018, 1, 1), dt.date(2018, 10, 31))


@pytest.mark.parametrize(
    "form", ["2018.03至今", "2018年3月起", "自2018年3月起", "2018.03-至今", "2018.03—现在", "从2018年3月开始"]
)
def test_what_has_not_ended_is_open(form: str) -> None:
    assert days.period(form) == (dt.date(2018, 3, 1), None)
    with pytest.raises(EntryFault, match="没有结束日期"):
        days.days(form)


def test_until_now_is_no_end() -> None:
    assert [days.until(word) for word in days.OPEN] == [None] * len(days.OPEN)


def test_several_days_share_what_was_said_once() -> None:
    assert days.days("2026年3月2日至13日、20日；2026年5月，2026年6月1日和3日") == [
        ["2026-03-02", "2026-03-13"],
        ["2026-03-20", "2026-03-20"],
        ["2026-05-01", "2026-05-31"],
        ["2026-06-01", "2026-06-01"],
        ["2026-06-03", "2026-06-03"],
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("3月2日", "缺少年份"),
        ("3/2/2026", "分不清月和日"),
        ("2026年2月30日", "不是历法中的日期"),
        ("2026-13", "不是历法中的日期"),
        ("1949-10-01", "不在 1950 年"),
        ("明天", "不是日期"),
        ("2026-03-13至2026-03-02", "早于"),
        ("至今", "不是日期或起止日期"),
    ],
)
def test_what_is_no_day_says_what_was_expected(form: str, said: str) -> None:
    with pytest.raises(EntryFault, match=said):
        days.period(form)


@given(DATES, st.integers(0, 500))
def test_what_the_program_prints_it_reads(start: dt.date, length: int) -> None:
    end = min(start + dt.timedelta(days=length), dt.date(days.LAST_YEAR, 12, 31))
    pairs = [[start.isoformat(), end.isoformat()]]
    assert days.days(wording.period_words(start, end)) == days.days(days.days_words(pairs)) == pairs
    for precision in ("day", "month", "year"):
        said = days.Day(start.year, start.month, start.day, precision)
        begun, ended = days.since(days.day_words(said)), days.until(days.day_words(said))
        assert ended is not None and begun <= start <= ended
        assert begun.precision == ended.precision == precision
    assert days.day(wording.date_words(start)) == start
