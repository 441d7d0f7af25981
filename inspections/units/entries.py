"""How what a clerk typed becomes a value, in a workbook cell and in a form field alike.

Each reader takes text, numbers or dates as a workbook gives them. It looks nothing up and stores nothing.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from inspections.privacy import private_number

V = TypeVar("V")

YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("是", "硬", "硬性", "Y", "YES", "TRUE", "1", "√", "已", "已培训"), True),
    **dict.fromkeys(("否", "软", "软性", "N", "NO", "FALSE", "0", "×", "未", "未培训"), False),
}
LONGEST = 2000
#: about a tenth of a metre; spreadsheets keep fewer digits than a float holds
DEGREE_PLACES = 6
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d\d)(\d\d))"
)
_JOINED = re.compile(
    rf"({_DAY.pattern})(?: 00:00:00)?\s*(?:(?:至|到|~|—+|–|-)\s*({_DAY.pattern})(?: 00:00:00)?)?"
)
DAY_FORMS = "2026-03-02、2026/3/2 或 2026年3月2日"


class EntryFault(ValueError):
    """What was typed cannot be taken; the text says what was found and what is allowed."""


def tidy(value: Any) -> str:
    """The entry as text: no blanks around it, no invisible characters, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e20 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _INVISIBLE.sub("", text).strip()


def narrow(value: Any) -> str:
    """The tidy text with full-width digits, letters and signs made narrow; for codes, numbers and dates.

    A leading apostrophe, which spreadsheets use to mark text, is dropped.
    """
    return unicodedata.normalize("NFKC", tidy(value)).strip().removeprefix("'").strip()


def quoted(value: Any) -> str:
    """“…” around the entry, shortened: how a message repeats what was found."""
    text = tidy(value).replace("\n", " ")
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"


def text(value: Any, longest: int = LONGEST) -> str:
    """Free text. Raises EntryFault when too long or when it holds a number that may not be stored."""
    found = tidy(value)
    if len(found) > longest:
        raise EntryFault(f"共 {len(found)} 字，最多 {longest} 字")
    private = private_number(found)
    if private:
        raise EntryFault(f"含有疑似{private}的数字，不得录入{private}")
    return found


def code(value: Any) -> str:
    """A code or name that is looked up: narrow, at most 40 characters, on one line."""
    found = narrow(value)
    if len(found) > 40 or "\n" in found:
        raise EntryFault(f"{quoted(found)}过长，编号最多 40 个字符，写在一行内")
    return found


def whole(value: Any, low: int, high: int) -> int:
    """A whole number within the limits. Raises EntryFault."""
    found = narrow(value)
    if not re.fullmatch(r"[+-]?\d{1,12}", found, re.ASCII) or not low <= int(found) <= high:
        raise EntryFault(f"{quoted(value)}不符，应为 {low} 至 {high} 的整数")
    return int(found)


def degree(value: Any, low: int, high: int) -> float:
    """A longitude or latitude in degrees, to six places. Raises EntryFault."""
    found = narrow(value)
    if not re.fullmatch(r"[+-]?\d{1,4}(\.\d{1,20})?", found, re.ASCII) or not low <= float(found) <= high:
        raise EntryFault(f"{quoted(value)}不符，应为 {low} 至 {high} 之间的度数，如 {(low + high) / 2:.4f}")
    return round(float(found), DEGREE_PLACES)


def choice(value: Any, words: Mapping[str, V]) -> V:
    """The value behind one of the words. Raises EntryFault that lists the words."""
    found = narrow(value)
    for word, meaning in words.items():
        if narrow(word).casefold() == found.casefold():
            return meaning
    raise EntryFault(f"{quoted(value)}不在可选范围，可填：{'、'.join(words)}")


def several(value: Any, words: Mapping[str, V]) -> list[V]:
    """The values behind words joined by 、, each once, in the order of `words`."""
    found = [choice(part, words) for part in re.split(r"[、,;，；/\n]+", tidy(value)) if part.strip()]
    return [meaning for meaning in dict.fromkeys(words.values()) if meaning in found]


def yes_no(value: Any) -> bool:
    """True or False. Raises EntryFault."""
    found = YES_NO.get(narrow(value).upper())
    if found is None:
        raise EntryFault(f"{quoted(value)}不符，应为 是 或 否")
    return found


def day(value: Any) -> dt.date:
    """One calendar day between 1950 and 2100. Raises EntryFault that shows the accepted forms."""
    if isinstance(value, dt.datetime):
        value = value.date()
    match = _DAY.fullmatch(narrow(value))
    if match is None:
        raise EntryFault(f"{quoted(value)}不是日期，应写成 {DAY_FORMS}")
    year, month, date = (int(part) for part in match.groups() if part is not None)
    try:
        found = dt.date(year, month, date)
    except ValueError:
        raise EntryFault(f"{quoted(value)}不是历法中的日期") from None
    if not 1950 <= found.year <= 2100:
        raise EntryFault(f"{quoted(value)}不在 1950 年至 2100 年之间")
    return found


def days(value: Any) -> list[list[str]]:
    """Periods as pairs of ISO dates, sorted: 2026-03-02至2026-03-13 joined by 、; one day is a period too."""
    if isinstance(value, dt.date):
        return [[day(value).isoformat()] * 2]
    periods = []
    for part in re.split(r"[、,;\n]+", narrow(value)):
        if not part.strip():
            continue
        match = _JOINED.fullmatch(part.strip())
        if match is None:
            raise EntryFault(f"{quoted(part)}不是日期或起止日期，应写成 2026-03-02至2026-03-13，多段用、分隔")
        first, last = match[1], match[_DAY.groups + 2]
        start = day(first)
        end = day(last) if last else start
        if end < start:
            raise EntryFault(f"{quoted(part)}的结束日期早于开始日期")
        periods.append([start.isoformat(), end.isoformat()])
    return sorted(periods)


def days_words(periods: Sequence[Sequence[str]]) -> str:
    """The periods as a clerk writes them; `days` reads them back."""
    return "、".join(start if start == end else f"{start}至{end}" for start, end in periods)
