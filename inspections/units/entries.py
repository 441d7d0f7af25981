"""How what a clerk typed becomes a value, in a workbook cell and in a form field alike.

Each reader takes text, numbers or dates as a workbook gives them. It looks nothing up and stores nothing.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from inspections.reading.days import DAY_FORMS, day, days, days_words
from inspections.reading.figures import whole
from inspections.reading.typed import EntryFault, narrow, quoted, tidy
from inspections.reading.words import YES_NO, yes_no
from inspections.site.privacy import private_number

__all__ = [
    "DAY_FORMS",
    "YES_NO",
    "EntryFault",
    "choice",
    "code",
    "day",
    "days",
    "days_words",
    "degree",
    "narrow",
    "quoted",
    "several",
    "text",
    "tidy",
    "whole",
    "yes_no",
]

V = TypeVar("V")

LONGEST = 2000
#: about a tenth of a metre; spreadsheets keep fewer digits than a float holds
DEGREE_PLACES = 6


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


def several(value: Any, words: Mapping[str, V], also: Mapping[str, V] | None = None) -> list[V]:
    """The values behind words joined by 、, each once, in the order of `words`; `also` are read too, but
    listed by no fault."""
    further = also or {}
    found = [
        further[narrow(part)] if narrow(part) in further else choice(part, words)
        for part in re.split(r"[、,;，；/\n]+", tidy(value))
        if part.strip()
    ]
    return [meaning for meaning in dict.fromkeys(words.values()) if meaning in found]
