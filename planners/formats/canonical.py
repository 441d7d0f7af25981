"""JSON as the planner reads, writes and hashes it: numbers keep the digits with which they were written.
Knows nothing of problems and plans; parse.py does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


class WrittenFloat(float):
    """A number with a fraction or exponent that remembers its text: 1.50 stays 1.50 in canonical JSON."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> WrittenFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number


class WrittenInt(int):
    """A whole number whose text differs from Python's own, which is only minus nought."""

    text: str

    def __new__(cls, text: str) -> WrittenInt:
        number = super().__new__(cls, text)
        number.text = text
        return number


class RepeatedKeyError(ValueError):
    """The same key stands twice in one JSON object, so that one of its values would vanish."""


#: one for all: `json.dumps` would make a new one for every word
_PLAIN = json.JSONEncoder(ensure_ascii=False)


def read_json(text: str) -> Any:
    """The value of a JSON text, numbers keeping their digits.

    Raises `json.JSONDecodeError` (with line and column), `RepeatedKeyError`, `ValueError` for a number of
    thousands of digits, `RecursionError` for a text nested beyond reason.
    """
    return json.loads(
        text, parse_float=WrittenFloat, parse_int=_whole_number, object_pairs_hook=_object_without_repeats
    )


def _whole_number(text: str) -> int:
    return WrittenInt(text) if text == "-0" else int(text)


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RepeatedKeyError(key)
        found[key] = value
    return found


def canonical_json(data: object) -> str:
    """JSON with sorted keys, no spaces, no ASCII escapes, numbers as they were written."""
    parts: list[str] = []
    _write(data, parts)
    return "".join(parts)


def canonical_sha256(data: object) -> str:
    """Hexadecimal SHA-256 of the canonical JSON in UTF-8. UnicodeEncodeError for half a surrogate pair."""
    return hashlib.sha256(canonical_json(data).encode("utf-8")).hexdigest()


def _write(value: object, parts: list[str]) -> None:
    if type(value) is str:
        parts.append(_PLAIN.encode(value))
    elif isinstance(value, WrittenFloat | WrittenInt):
        parts.append(value.text)
    elif isinstance(value, Mapping):
        opening = "{"
        for key in sorted(value):
            parts.append(f"{opening}{_PLAIN.encode(key)}:")
            _write(value[key], parts)
            opening = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, list | tuple):
        opening = "["
        for entry in value:
            parts.append(opening)
            _write(entry, parts)
            opening = ","
        parts.append("]" if value else "[]")
    else:
        parts.append(_PLAIN.encode(value))
