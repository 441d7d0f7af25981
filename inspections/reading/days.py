"""Days, months, years and periods as people write them, each with how exactly it was said.

Somebody who writes 2018.03 did not say on which day: the precision is kept, and a look-back uses the cautious
end (the first day of a beginning, the last of an end). What the program prints is read back.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from inspections.reading.chinese import arabic
from inspections.reading.typed import EntryFault, narrow, quoted, tidy

DAY_FORMS = "2026-03-02、2026/3/2 或 2026年3月2日"
ABOUT_FORMS = f"{DAY_FORMS}，只知道月份的写 2018.03"
FIRST_YEAR, LAST_YEAR = 1950, 2100
#: what says that something has not ended
OPEN = ("至今", "迄今", "现在", "目前", "现任", "在任", "今")

_JOIN = r"(?:至|到|~|—+|–+|―+|─+|-{1,2}|→)"
_YEAR = r"(?P<{0}y>\d{{4}}|(?<!\d)\d{{2}}(?=年))"
#: one day, month or year; the names of the groups carry a letter, so that a period has two of them
_ONE = (
    r"(?:(?P<{0}c>(?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)"
    rf"|{_YEAR}(?:年(?:(?P<{{0}}m1>\d{{{{1,2}}}})月份?(?:(?P<{{0}}d1>\d{{{{1,2}}}})[日号]?)?)?"
    r"|(?P<{0}s>[-/.])(?P<{0}m2>\d{{1,2}})(?:(?P={0}s)(?P<{0}d2>\d{{1,2}}))?)?)"
)
#: the end of a period that says only what differs: 13日, 4月13日, 4.13, 5月
_TAIL = (
    r"(?:(?P<tm>\d{1,2})月份?(?:(?P<td>\d{1,2})[日号]?)?"
    r"|(?P<tm2>\d{1,2})[./-](?P<td2>\d{1,2})|(?P<tn>\d{1,2})[日号]?)"
)
_CLOCK = re.compile(r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?=$|[至到~—–-])")
_WEEKDAY = re.compile(r"\((?:星期|周|礼拜)[一二三四五六日天]\)|(?:星期|周)[一二三四五六日天]$")
_DAY = re.compile(_ONE.format("a"))
_PERIOD = re.compile(
    rf"{_ONE.format('a')}(?:{_JOIN}(?:{_ONE.format('b')}|{_TAIL}|(?P<open>{'|'.join(OPEN)}))|(?P<now>至今|迄今))?"
)
_MONTHS = re.compile(rf"(?P<y>\d{{4}})年(?P<m>\d{{1,2}}){_JOIN}(?P<n>\d{{1,2}})月份?")
_SHORT = re.compile(r"(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})[日号]?")
_FROM = re.compile(r"^(?:自|从|由)(?=\d)|(?:起|开始|以来|以后)$")
_UNTIL = re.compile(r"^(?:截至|截止到?|至|到)(?=\d)|(?:止|为止|前)$")


class Day(dt.date):
    """A day with how exactly it was said: `precision` is day, month or year. It counts as the day it is."""

    precision: str

    def __new__(cls, year: int, month: int, day: int, precision: str = "day") -> "Day":
        made = super().__new__(cls, year, month, day)
        made.precision = precision
        return made

    def __str__(self) -> str:
        return day_words(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Day, (self.year, self.month, self.day, self.precision)


class Period(NamedTuple):
    """From the first day to the last; `last` is None where it goes on."""

    first: Day
    last: Day | None


def day(value: Any) -> dt.date:
    """One calendar day between 1950 and 2100. Raises EntryFault: also for a mere month or year."""
    if isinstance(value, dt.datetime):
        value = value.date()
    found = _one(value, last=False)
    if found.precision != "day":
        said = "月份" if found.precision == "month" else "年份"
        raise EntryFault(f"{quoted(value)}只写到{said}，应写到日，如 {DAY_FORMS}")
    return dt.date(found.year, found.month, found.day)


def since(value: Any) -> Day:
    """When something began: a month or a year counts from its first day. Raises EntryFault."""
    return _one(value, last=False)


def until(value: Any) -> Day | None:
    """When something ended: a month or a year counts to its last day; None for 至今. Raises EntryFault."""
    return None if narrow(value) in OPEN else _one(value, last=True)


def period(value: Any) -> Period:
    """2018.03-2021.05, 2018年3月至今, 2026年3月2日至13日; one day, month or year is a period too.

    Raises EntryFault.
    """
    found = _months(value) or _period(value)
    if found is None:
        raise _no_day(value, "日期或起止日期，应写成 2026-03-02至2026-03-13，没有结束的写 2018.03至今")
    if found.last is not None and found.last < found.first:
        raise EntryFault(f"{quoted(value)}的结束日期早于开始日期")
    return found


def days(value: Any) -> list[list[str]]:
    """Periods as pairs of ISO dates, sorted: 2026-03-02至2026-03-13、2026年5月1日、3日; each has an end.

    A month means all of its days; a bare 3日 after another day is of the same month. Raises EntryFault.
    """
    if isinstance(value, dt.date):
        return [[day(value).isoformat()] * 2]
    found: list[list[str]] = []
    before: dt.date | None = None
    for part in re.split(r"[、,;\n]+|(?<=[日号月])和(?=\d)", narrow(value)):
        if not part.strip():
            continue
        said = _inherited(part.strip(), before) or period(part)
        if said.last is None:
            raise EntryFault(f"{quoted(part)}没有结束日期，请写明到哪一天")
        before = said.last
        found.append([said.first.isoformat(), said.last.isoformat()])
    return sorted(found)


def days_words(periods: Sequence[Sequence[str]]) -> str:
    """The periods as a clerk writes them; `days` reads them back."""
    return "、".join(start if start == end else f"{start}至{end}" for start, end in periods)


def day_words(found: dt.date) -> str:
    """The day as exactly as it was said: 2018-03-15, 2018.03, 2018年; `since` and `until` read it back."""
    precision = getattr(found, "precision", "day")
    if precision == "year":
        return f"{found.year}年"
    return f"{found.year}.{found.month:02d}" if precision == "month" else dt.date.isoformat(found)


def _plain(value: Any) -> str:
    """The entry without blanks, weekdays, clock times and words around it; Chinese figures as Arabic ones."""
    text = _WEEKDAY.sub("", _CLOCK.sub("", narrow(value)))
    return re.sub(r"\s+", "", arabic(text)).rstrip("。.")


def _one(value: Any, last: bool) -> Day:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, Day):
        return value
    if isinstance(value, dt.date):
        value = value.isoformat()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = _number(value, last)
    text = _UNTIL.sub("", _FROM.sub("", _plain(value)))
    match = _DAY.fullmatch(text)
    if match is None:
        raise _no_day(value, f"日期，应写成 {DAY_FORMS}")
    return _made(value, match, "a", last)


def _number(value: float, last: bool) -> Any:
    """A number of a workbook: a day as spreadsheets count, or 2018.1, which may be January or October."""
    if 18_264 <= value <= 73_415:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(value))).isoformat()
    text = tidy(value)
    if last and re.fullmatch(r"\d{4}\.1", text):
        return text + "0"
    return text


def _period(value: Any) -> Period | None:
    text = _plain(value)
    started = _FROM.search(text) is not None
    match = _PERIOD.fullmatch(_FROM.sub("", text))
    if match is None:
        return None
    first = _made(value, match, "a", last=False)
    if match["open"] or match["now"] or (started and text[-1] in "起始来后"):
        return Period(first, None)
    if match["bc"] or match["by"]:
        return Period(first, _made(value, match, "b", last=True))
    month, date = match["tm"] or match["tm2"], match["td"] or match["td2"]
    if match["tn"]:
        month, date = (None, match["tn"]) if first.precision == "day" else (match["tn"], None)
    if month is None and date is None:
        return Period(first, _made(value, match, "a", last=True))
    if first.precision == "year" or (date is None and first.precision == "day"):
        return None
    return Period(
        first, _checked(value, first.year, int(month or first.month), int(date) if date else None, True)
    )


def _months(value: Any) -> Period | None:
    """2026年3-5月: the year said once before two months."""
    match = _MONTHS.fullmatch(_plain(value))
    if match is None:
        return None
    year, first, last = int(match["y"]), int(match["m"]), int(match["n"])
    return Period(_checked(value, year, first, None, False), _checked(value, year, last, None, True))


def _inherited(part: str, before: dt.date | None) -> Period | None:
    """5日, 4月5日 after a whole date: of the same month or year."""
    match = _SHORT.fullmatch(arabic(part))
    if match is None or before is None:
        return None
    found = _checked(part, before.year, int(match["m"] or before.month), int(match["d"]), False)
    return Period(found, found)


def _made(value: Any, match: re.Match[str], side: str, last: bool) -> Day:
    joined = match[f"{side}c"]
    if joined:
        return _checked(
            value, int(joined[:4]), int(joined[4:6]), int(joined[6:]) if joined[6:] else None, last
        )
    said = match[f"{side}y"]
    year = int(said) if len(said) == 4 else int(said) + (2000 if int(said) < 50 else 1900)
    month = match[f"{side}m1"] or match[f"{side}m2"]
    date = match[f"{side}d1"] or match[f"{side}d2"]
    return _checked(value, year, int(month) if month else None, int(date) if date else None, last)


def _checked(value: Any, year: int, month: int | None, date: int | None, last: bool) -> Day:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise EntryFault(f"{quoted(value)}不在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间")
    precision = "year" if month is None else "month" if date is None else "day"
    month = month or (12 if last else 1)
    try:
        date = date or (calendar.monthrange(year, month)[1] if last else 1)
        return Day(year, month, date, precision)
    except (ValueError, calendar.IllegalMonthError):
        raise EntryFault(f"{quoted(value)}不是历法中的日期") from None


def _no_day(value: Any, expected: str) -> EntryFault:
    text = _plain(value)
    if re.fullmatch(r"\d{1,2}[月./-]\d{1,2}[日号]?", text):
        return EntryFault(f"{quoted(value)}缺少年份，应写成 {DAY_FORMS}")
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text):
        return EntryFault(f"{quoted(value)}分不清月和日，应写成 {DAY_FORMS}")
    return EntryFault(f"{quoted(value)}不是{expected}")
