"""Conditions of the checklist sheets: when a question is asked, what its answer must keep.

A small part of XLSForm's expressions: `${V-A-01} = 'no' and ${V-A-02} > 0`, `. >= 1 and . <= 100`, `not(…)`,
`${V-A-01} in ('yes', 'no')`. Pure; static/tablet/rules.js evaluates the same, held together by
tests/fieldwork/condition_vectors.json.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: what a question's answer is compared with: its code, or "." for the answer itself
Values = Callable[[str], Any]

_TOKEN = re.compile(
    r"\s*(?:\$\{(?P<item>[^}]+)\}|'(?P<word>[^']*)'|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>!=|>=|<=|=|>|<|\(|\)|,)|(?P<name>and|or|not|in)\b|(?P<dot>\.))"
)
_ORDERS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition taken apart: the codes that it names, and the test."""

    codes: frozenset[str]
    #: (code, answer) of every comparison with a word or a number by = or !=, or by in
    compared: frozenset[tuple[str, str]]
    test: Callable[[Values], bool]

    def holds(self, value_of: Values) -> bool:
        """Whether it holds; a question without an answer makes every comparison with it false."""
        return self.test(value_of)


def parse(text: str) -> Condition:
    """The condition that `text` writes. Raises ValueError with the place (character, from 1)."""
    reader = _Reader(text)
    test = reader.either()
    reader.end()
    return Condition(frozenset(reader.codes), frozenset(reader.compared), test)


def holds(text: str, value_of: Values) -> bool:
    """Whether the condition holds; an empty one always does. Raises ValueError for what is none."""
    return not text or parse(text).holds(value_of)


class _Reader:
    """Recursive descent over the tokens: either (or) › both (and) › single."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[int, _Token]] = []
        self.codes: set[str] = set()
        self.compared: set[tuple[str, str]] = set()
        self.at = 0
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"第 {place + 1} 个字符处不能识别")
            kind = found.lastgroup or ""
            self.tokens.append((place + 1, _Token("sign" if kind == "name" else kind, found.group(kind))))
            place = found.end()
        self.last = place + 1

    def take(self, sign: str) -> bool:
        """Whether that sign comes next; it is then read."""
        here = self.peek()
        if here is None or here.kind != "sign" or here.text != sign:
            return False
        self.at += 1
        return True

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise ValueError(f"第 {self.place()} 个字符处应为“{sign}”")

    def peek(self) -> _Token | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def place(self) -> int:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else self.last

    def end(self) -> None:
        if self.peek() is not None:
            raise ValueError(f"第 {self.place()} 个字符处多出内容")

    def either(self) -> Callable[[Values], bool]:
        tests = [self.both()]
        while self.take("or"):
            tests.append(self.both())
        return lambda values: any(test(values) for test in tests)

    def both(self) -> Callable[[Values], bool]:
        tests = [self.single()]
        while self.take("and"):
            tests.append(self.single())
        return lambda values: all(test(values) for test in tests)

    def single(self) -> Callable[[Values], bool]:
        if self.take("not"):
            self.need("(")
            inner = self.either()
            self.need(")")
            return lambda values: not inner(values)
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        code = self.code()
        if self.take("in"):
            self.need("(")
            allowed = [self.literal()]
            while self.take(","):
                allowed.append(self.literal())
            self.need(")")
            self.compared |= {(code, each.text) for each in allowed}
            return lambda values: any(_equal(_plain(values(code)), each) for each in allowed)
        return self.comparison(code)

    def comparison(self, code: str) -> Callable[[Values], bool]:
        place = self.place()
        sign = self.peek()
        if sign is None or sign.kind != "sign" or sign.text not in ("=", "!=", *_ORDERS):
            raise ValueError(f"第 {place} 个字符处应为 =、!=、>、>=、<、<= 或 in")
        self.at += 1
        to = self.literal()
        if sign.text in ("=", "!="):
            self.compared.add((code, to.text))
        if sign.text == "=":
            return lambda values: _equal(_plain(values(code)), to)
        if sign.text == "!=":
            return lambda values: _plain(values(code)) is not None and not _equal(_plain(values(code)), to)
        if to.kind != "number":
            raise ValueError(f"第 {place} 个字符处的“{sign.text}”只能与数字比较")
        order = _ORDERS[sign.text]
        return lambda values: _ordered(_plain(values(code)), order, Decimal(to.text))

    def code(self) -> str:
        here = self.peek()
        if here is None or here.kind not in ("item", "dot"):
            raise ValueError(f"第 {self.place()} 个字符处应为 ${{题目编号}} 或 .")
        self.at += 1
        code = here.text.strip() if here.kind == "item" else "."
        self.codes.add(code)
        return code

    def literal(self) -> _Token:
        here = self.peek()
        if here is None or here.kind not in ("word", "number"):
            raise ValueError(f"第 {self.place()} 个字符处应为 '文字' 或数字")
        self.at += 1
        return here


def _plain(value: Any) -> Any:
    """What is compared: a sample by its abnormal cases, a matter not looked at by its word."""
    if isinstance(value, dict):
        return value.get("state", value.get("abnormal"))
    return value


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _equal(value: Any, to: _Token) -> bool:
    if value is None:
        return False
    if to.kind == "number":
        return _number(value) == Decimal(to.text)
    return str(value) == to.text


def _ordered(value: Any, order: Callable[[Decimal, Decimal], bool], limit: Decimal) -> bool:
    number = None if value is None else _number(value)
    return number is not None and order(number, limit)
