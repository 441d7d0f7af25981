"""Identity numbers (GB 11643): cleaned, checked, lengthened, and what a mistyped one may have been.

Nothing here keeps or prints a number; `keys.py` turns it into a keyed hash at once.
"""

import datetime as dt
import functools
import operator
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_ZEROS = sum(WEIGHTS) * ord("0")
#: how an identity cell came out
GOOD, EMPTY, BAD, CUT = 0, 1, 2, 3
_NOISE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff'’‘`·\"“”\-_—–]")
_CUT = re.compile(r"\d(\.\d+)?E\+?1\d|\d{15,18}\.0+")


class Identity(NamedTuple):
    """A checked identity cell: its state, the number of 18 places when good, the birth month where
    it shows."""

    state: int
    number: str
    born: int | None  # year * 12 + month - 1
    typed: str = ""  # a bad number as it was typed, for `candidates` only


def clean(text: str) -> str:
    """The text in half width and capitals, without blanks, quotes, hyphens and invisible characters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first: str) -> str:
    """The last place of a number from its first 17 digits."""
    return CHECKS[(sum(map(operator.mul, WEIGHTS, first.encode())) - _ZEROS) % 11]


@functools.cache
def _is_day(text: str) -> bool:
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])).year >= 1880
    except ValueError:
        return False


def _month(day: str) -> int | None:
    return int(day[:4]) * 12 + int(day[4:6]) - 1 if _is_day(day) else None


def identity(text: str) -> Identity:
    """What an identity cell holds; a number of 15 places is lengthened to 18."""
    number = clean(text)
    if not number:
        return Identity(EMPTY, "", None)
    if len(number) == 15 and number.isdigit() and _is_day("19" + number[6:12]):
        first = f"{number[:6]}19{number[6:]}"
        return Identity(GOOD, first + check_digit(first), _month(first[6:14]))
    if len(number) == 18 and number[:17].isdigit() and _is_day(number[6:14]):
        if check_digit(number[:17]) == number[17]:
            return Identity(GOOD, number, _month(number[6:14]))
        return Identity(BAD, "", _month(number[6:14]), number)
    if _CUT.fullmatch(number) or _CUT.fullmatch(unicodedata.normalize("NFKC", text).strip().upper()):
        return Identity(CUT, "", None)
    return Identity(BAD, "", None, number)


def candidates(typed: str) -> Iterator[str]:
    """The good numbers one slip away from a bad one: a wrong digit, two swapped, one missing, one
    too many."""
    seen: set[str] = set()
    for number in _slips(typed):
        if number in seen or len(number) != 18 or not number[:17].isdigit():
            continue
        seen.add(number)
        if _is_day(number[6:14]) and check_digit(number[:17]) == number[17]:
            yield number


def _slips(typed: str) -> Iterator[str]:
    if len(typed) == 18 and typed[:17].isdigit() and typed[17] in CHECKS:
        yield from _wrong_digits(typed)
        for place in range(17):
            yield typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]
    elif len(typed) == 18 and typed[:17].isdigit():
        yield typed[:17] + check_digit(typed[:17])
    elif len(typed) == 17:
        for place in range(18):
            for digit in CHECKS:
                yield typed[:place] + digit + typed[place:]
    elif len(typed) == 19:
        for place in range(19):
            yield typed[:place] + typed[place + 1 :]


def _wrong_digits(typed: str) -> Iterator[str]:
    """The numbers with one other digit: eleven is prime, so at each place one digit at most sets
    the check right."""
    yield typed[:17] + check_digit(typed[:17])
    total = sum(int(digit) * weight for digit, weight in zip(typed[:17], WEIGHTS, strict=True))
    lacking = CHECKS.index(typed[17]) - total
    for place, weight in enumerate(WEIGHTS):
        digit = (int(typed[place]) + lacking * pow(weight, -1, 11)) % 11
        if digit < 10:
            yield f"{typed[:place]}{digit}{typed[place + 1 :]}"
