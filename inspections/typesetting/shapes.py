"""Shapes of JSON values: each reads a value, names every fault by path and writes its own JSON Schema.

One declaration serves both, so a schema cannot promise what the reader refuses. It knows no paper.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from inspections.site.privacy import private_number

# Control, direction and zero-width characters and lone surrogates: invisible on paper, so never wanted there.
_UNSEEN = (
    "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff"
)
TEXT_PATTERN = f"^(?=.*\\S)[^{_UNSEEN}]*$"
_TEXT_UNSEEN = re.compile(f"[{_UNSEEN}]")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where (a JSON path, empty for the whole) and what, in Chinese."""

    path: str
    words: str


def without_unseen(text: str) -> str:
    """The text as one line, without the characters that no paper may carry."""
    return _TEXT_UNSEEN.sub("", "".join(line.strip() for line in text.splitlines()))


class Shape(Protocol):
    """How one kind of JSON value is read and described."""

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        """The typed value; faults are appended and the answer is then of no use."""

    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the same values."""


class Pairs(dict[str, Any]):
    """A JSON object that remembers which keys were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.twice = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


def load(data: bytes, faults: list[Fault]) -> Any:
    """The JSON value in UTF-8 with decimals kept exact; None and a fault when it is not readable."""
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=Pairs, parse_float=Decimal, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        faults.append(Fault("", f"应为 UTF-8 编码，第 {error.start + 1} 个字节无法识别"))
    except json.JSONDecodeError as error:
        faults.append(Fault("", f"不是 JSON：第 {error.lineno} 行第 {error.colno} 列（{error.msg}）"))
    except RecursionError:
        faults.append(Fault("", "嵌套过深"))
    except ValueError as error:
        faults.append(Fault("", f"不是 JSON：{error}"))
    return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} 不是 JSON 数字")


def shown(value: Any) -> str:
    """A short picture of a value for a message."""
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return text if len(text) <= 40 else text[:39] + "…"


@dataclass(frozen=True)
class Text:
    """One line of visible text; `empty` allows the empty string (a blank table cell)."""

    longest: int = 4000
    empty: bool = False
    pattern: str | None = None
    hint: str = ""

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, str):
            faults.append(Fault(path, f"应为文字，实为 {shown(value)}"))
        elif value == "" and self.empty:
            return value
        elif not value.strip():
            faults.append(Fault(path, "应为文字，不能为空"))
        elif len(value) > self.longest:
            faults.append(Fault(path, f"不超过 {self.longest} 字，实有 {len(value)} 字"))
        elif found := _TEXT_UNSEEN.search(value):
            faults.append(Fault(path, f"含不可见字符 U+{ord(found.group()):04X}，第 {found.start() + 1} 字"))
        elif private := private_number(value):  # the schema cannot say this: no pattern knows a check digit
            faults.append(Fault(path, f"疑似含{private}，公文中不得出现"))
        elif self.pattern and not re.search(self.pattern, value):
            faults.append(Fault(path, f"应为{self.hint}，实为 {shown(value)}"))
        return value

    def schema(self) -> dict[str, Any]:
        text: dict[str, Any] = {"type": "string", "maxLength": self.longest, "pattern": TEXT_PATTERN}
        if self.pattern:
            text["allOf"] = [{"pattern": self.pattern}]
        return {"anyOf": [{"const": ""}, text]} if self.empty else text


@dataclass(frozen=True)
class Whole:
    """A whole number from low to high."""

    low: int
    high: int

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            faults.append(Fault(path, f"应为 {self.low} 至 {self.high} 的整数，实为 {shown(value)}"))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Amount:
    """A number from low to high, read exactly."""

    low: int
    high: int

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:
            faults.append(Fault(path, f"应为 {self.low} 至 {self.high} 的数，实为 {shown(value)}"))
            return None
        return Decimal(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Day:
    """A calendar day written 2026-10-30."""

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # a day the calendar lacks, such as 2026-02-30, is named below
        faults.append(Fault(path, f"应为日期，写作 2026-10-30，实为 {shown(value)}"))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, bool):
            faults.append(Fault(path, f"应为 true 或 false，实为 {shown(value)}"))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, str) or value not in self.words:
            faults.append(Fault(path, f"应为 {'、'.join(self.words)} 之一，实为 {shown(value)}"))
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class NullOr:
    """null where the fact is not known yet, else the shape."""

    shape: Shape

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        return None if value is None else self.shape.read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "null"}, self.shape.schema()]}


@dataclass(frozen=True)
class ListOf:
    """A list of one shape; read into a tuple."""

    shape: Shape
    least: int = 0
    most: int = 2000

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, list):
            faults.append(Fault(path, f"应为列表，实为 {shown(value)}"))
            return ()
        if not self.least <= len(value) <= self.most:
            faults.append(Fault(path, f"应有 {self.least} 至 {self.most} 项，实有 {len(value)} 项"))
        return tuple(self.shape.read(item, f"{path}[{at}]", faults) for at, item in enumerate(value))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": self.shape.schema(),
            "minItems": self.least,
            "maxItems": self.most,
        }


@dataclass(frozen=True)
class Row:
    """A list with one shape per place, as [label, number]; read into a tuple."""

    shapes: tuple[Shape, ...]

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, list) or len(value) != len(self.shapes):
            faults.append(Fault(path, f"应为 {len(self.shapes)} 项的列表，实为 {shown(value)}"))
            return ()
        pairs = enumerate(zip(self.shapes, value, strict=True))
        return tuple(shape.read(item, f"{path}[{at}]", faults) for at, (shape, item) in pairs)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "prefixItems": [shape.schema() for shape in self.shapes],
            "minItems": len(self.shapes),
            "maxItems": len(self.shapes),
        }


@dataclass(frozen=True)
class Record:
    """An object with known keys; an unknown key is a fault, because a misspelt fact must not vanish."""

    build: Callable[..., Any]
    required: Mapping[str, Shape]
    optional: Mapping[str, Shape]

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            faults.append(Fault(path, f"应为对象，实为 {shown(value)}"))
            return None
        before = len(faults)
        at = f"{path}." if path else ""
        shapes = {**self.required, **self.optional}
        faults += [Fault(at + key, "写了两次") for key in getattr(value, "twice", ())]
        faults += [Fault(at + key, "不认识这个键") for key in value if key not in shapes]
        faults += [Fault(at + key, "缺少这一项") for key in self.required if key not in value]
        facts = {
            key: shape.read(value[key], at + key, faults) for key, shape in shapes.items() if key in value
        }
        return self.build(**facts) if len(faults) == before else None

    def schema(self) -> dict[str, Any]:
        shapes = {**self.required, **self.optional}
        return {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in shapes.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class OneOf:
    """An object told apart by the one key that only its kind has, as {"para": …} or {"table": …}."""

    kinds: Mapping[str, Record]

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        known = [key for key in self.kinds if isinstance(value, dict) and key in value]
        if len(known) != 1:
            faults.append(Fault(path, f"应含 {'、'.join(self.kinds)} 中恰好一个键，实为 {shown(value)}"))
            return None
        return self.kinds[known[0]].read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [record.schema() for record in self.kinds.values()]}
