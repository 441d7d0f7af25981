"""When an answer is abnormal: the small expressions of the checklists (eq:no, gt:0, ratio_gt:0.5 …).

Pure; it decides nothing about a finding: an abnormal answer only offers to write one.
"""

import operator
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "ne": operator.ne,
}
CHOICES = ("yes", "no", "na")
#: an answer of yes_no, or the code of a choice
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Trigger:
    """An expression taken apart: how to compare, and with what."""

    verb: str
    limit: str | Decimal

    def fits(self, words: Collection[str]) -> bool:
        """Whether the expression can mean an answer: a number, or one of these words."""
        return self.verb != "eq" or self.limit in words

    def fires(self, value: Any) -> bool:
        """Whether an answer is abnormal; never for an answer not given, not checked or not applicable.

        A sample counts by its abnormal cases (`gt:0`) or by their share of the cases looked at
        (`ratio_gt:0.5`), other answers by their own number.
        """
        if value is None or (isinstance(value, dict) and "state" in value):
            return False
        if self.verb == "eq":
            return bool(value == self.limit)
        assert isinstance(self.limit, Decimal)  # noqa: S101 - `parse` made it so
        if self.verb == "ratio_gt":
            if not isinstance(value, dict) or not value["checked"]:
                return False
            return Decimal(value["abnormal"]) / Decimal(value["checked"]) > self.limit
        if value in CHOICES:
            return False
        try:
            number = Decimal(value["abnormal"] if isinstance(value, dict) else value)
        except InvalidOperation:  # the words of a text, the code of a choice
            return False
        return _COMPARE[self.verb](number, self.limit)


def parse(expression: str) -> Trigger:
    """The trigger that `expression` writes. Raises ValueError for an expression that is none."""
    verb, colon, limit = expression.partition(":")
    if colon and verb == "eq" and _WORD.fullmatch(limit):
        return Trigger(verb, limit)
    if colon and (verb in _COMPARE or verb == "ratio_gt"):
        try:
            number = Decimal(limit)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return Trigger(verb, number)
    raise ValueError(f"no trigger: {expression!r}")


def is_abnormal(expression: str, value: Any) -> bool:
    """Whether `value` is abnormal by `expression`; an empty expression makes no answer abnormal."""
    return bool(expression) and parse(expression).fires(value)
