"""Shapes of JSON values: each reads a value, naming every fault by its path, and describes itself as schema.
Knows neither problem nor plan; their tables of fields stand in keys.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from planners.formats.faults import BAD, Missing, Reading, show

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


class Shape(Protocol):
    """What a JSON value must look like."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        """The value in plain Python, or BAD after noting a fault."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema 2020-12."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string; with `least` 1 it must not be empty."""

    least: int = 0

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, str):
            return reading.refuse(path, f"expected text, got {show(value)}")
        if len(value) < self.least:
            return reading.refuse(path, "expected text that is not empty")
        if not value.isascii() and _HALF_A_PAIR.search(value):
            return reading.refuse(path, "expected text that can be written in UTF-8")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least} if self.least else {"type": "string"}


@dataclass(frozen=True, slots=True)
class Id:
    """The id of a record, unique in the list named `of`."""

    of: str

    def read(self, value: object, path: str, reading: Reading) -> Any:
        text = Text(1).read(value, path, reading)
        given = reading.given.setdefault(self.of, set())
        if text in given:
            text = reading.refuse(
                path, f"expected an id that no other of the {self.of} has, got {show(text)}"
            )
        if text is BAD:
            reading.lose([self.of])
            return BAD
        given.add(text)
        return text

    def schema(self) -> dict[str, Any]:
        return Text(1).schema() | {"description": f"unique among the {self.of}"}


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of a record of the list named `to`."""

    to: str

    def read(self, value: object, path: str, reading: Reading) -> Any:
        text = Text(1).read(value, path, reading)
        if text is not BAD:
            reading.named.append((path, self.to, text))
        return text

    def schema(self) -> dict[str, Any]:
        return Text(1).schema() | {"description": f"an id of one of the {self.to}"}


@dataclass(frozen=True, slots=True)
class Date:
    """An ISO date, kept as text."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if isinstance(value, str) and len(value) == 10:
            try:
                if date.fromisoformat(value).isoformat() == value:  # it also reads 2026-W10-1
                    return value
            except ValueError:
                pass  # a day the calendar lacks is refused below, with the same words
        return reading.refuse(path, f"expected a date such as 2026-03-02, got {show(value)}")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`. True and false are no numbers."""

    least: int = 0
    most: int = 1_000_000  # keeps every sum of the objective inside 64 bits

    def read(self, value: object, path: str, reading: Reading) -> Any:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole or not self.least <= value <= self.most:  # type: ignore[operator]
            expected = f"expected a whole number from {self.least} to {self.most}"
            return reading.refuse(path, f"{expected}, got {show(value)}")
        return int(value)  # type: ignore[call-overload]

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number from `least` to `most`."""

    least: float = -1_000_000
    most: float = 1_000_000

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self._holds(value):
            expected = f"expected a number from {self.least} to {self.most}"
            return reading.refuse(path, f"{expected}, got {show(value)}")
        return float(value)

    def _holds(self, value: float) -> bool:
        return self.least <= value <= self.most and (isinstance(value, int) or math.isfinite(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class TextOrWhole:
    """A string or a whole number."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        return (Text() if isinstance(value, str) else Whole()).read(value, path, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Text().schema(), Whole().schema()]}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if isinstance(value, bool):
            return value
        return reading.refuse(path, f"expected true or false, got {show(value)}")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if isinstance(value, str) and value in self.words:
            return value
        return reading.refuse(path, f"expected {' or '.join(self.words)}, got {show(value)}")

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class OrNull:
    """The inner shape, or null."""

    inner: Shape

    def read(self, value: object, path: str, reading: Reading) -> Any:
        return None if value is None else self.inner.read(value, path, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, read into a tuple; entries with a fault are left out."""

    inner: Shape
    least: int = 0

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, list | tuple):
            bad = reading.refuse(path, f"expected a list, got {show(value)}")
            reading.lose(lists_in(self.inner))
            return bad
        if len(value) < self.least:
            bad = reading.refuse(path, f"expected a list of at least {self.least}")
            reading.lose(lists_in(self.inner))
            return bad
        read = (self.inner.read(entry, f"{path}[{i}]", reading) for i, entry in enumerate(value))
        return tuple(entry for entry in read if entry is not BAD)

    def schema(self) -> dict[str, Any]:
        described = {"type": "array", "items": self.inner.schema()}
        return described | {"minItems": self.least} if self.least else described


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys are free words and whose values have one shape."""

    inner: Shape

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            return reading.refuse(path, f"expected an object, got {show(value)}")
        found = {}
        for key, entry in value.items():
            place = f"{path}.{key}" if path else str(key)
            if Text(1).read(key, place, reading) is not BAD:
                found[key] = self.inner.read(entry, place, reading)
        return {key: entry for key, entry in found.items() if entry is not BAD}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"minLength": 1},
            "additionalProperties": self.inner.schema(),
        }


#: The default of a field that must be there.
REQUIRED = Missing()


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record: its shape and what a missing key means."""

    shape: Shape
    default: Any = REQUIRED
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An object with known keys. An unknown key is a fault: a misspelt quota must not vanish.

    `others` is the shape of further keys where they are welcome; `judge` looks at the keys together.
    """

    fields: Mapping[str, Field] = field(hash=False)
    judge: Callable[[Mapping[str, Any], str, Reading], None] | None = None
    others: Shape | None = None

    def read(self, value: object, path: str, reading: Reading) -> Any:
        """A dict of the keys without a fault; empty for what is no object, so that lists keep their count."""
        if not isinstance(value, Mapping):
            reading.refuse(path, f"expected an object, got {show(value)}")
            reading.lose(lists_in(self))
            return {}
        dot = f"{path}." if path else ""
        found: dict[str, Any] = {}
        for key, entry in self.fields.items():
            if key in value:
                found[key] = entry.shape.read(value[key], f"{dot}{key}", reading)
            elif entry.default is REQUIRED:
                reading.refuse(f"{dot}{key}", "expected this key, which is missing")
                reading.lose(lists_in(entry.shape))
            else:
                found[key] = entry.default
        for key in value:
            if key in self.fields:
                continue
            place = f"{dot}{show(key)[1:-1]}"
            if self.others is None:
                other = " (a word of the format's other version)" if key in reading.other_version else ""
                reading.refuse(place, f"unknown key{other}; expected one of {', '.join(self.fields)}")
            elif Text(1).read(key, place, reading) is not BAD:
                found[key] = self.others.read(value[key], place, reading)
        found = {key: entry for key, entry in found.items() if entry is not BAD}
        if self.judge is not None:
            self.judge(found, path, reading)
        return found

    def schema(self) -> dict[str, Any]:
        properties = {}
        for key, entry in self.fields.items():
            described = entry.shape.schema()
            properties[key] = described | {"description": entry.note} if entry.note else described
        described = {
            "type": "object",
            "properties": properties,
            "required": [key for key, entry in self.fields.items() if entry.default is REQUIRED],
            "additionalProperties": False if self.others is None else self.others.schema(),
        }
        return described if self.others is None else described | {"propertyNames": {"minLength": 1}}


def lists_in(shape: Shape) -> set[str]:
    """The lists whose ids a shape gives out, at any depth."""
    if isinstance(shape, Id):
        return {shape.of}
    if isinstance(shape, ListOf | OrNull | MapOf):
        return lists_in(shape.inner)
    if isinstance(shape, Record):
        return set().union(*(lists_in(entry.shape) for entry in shape.fields.values()))
    return set()
