"""One list from CSV to hashed Parquet: no number, no name and no free text gets past this file.

Runs in a child process that ends after its list (`host.py`). Each distinct text of a column is
looked at once.
"""

import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from inspections.comparisons.faults import BadInput, Fault, shown
from inspections.comparisons.lists import numbers, values
from inspections.comparisons.lists.keys import hasher
from inspections.comparisons.lists.kinds import Column, Kind, kind_of, stem, vocabulary
from inspections.comparisons.lists.reading import Block, blocks

HASH = pa.binary(16)
#: what a mistyped number may have been: row, identity column, keyed hash
SLIPS = pa.schema([("pos", pa.int64()), ("col", pa.int32()), ("h", HASH)])
SUBTOTAL = r"^\s*(小\s*计|合\s*计|总\s*计|累\s*计|本\s*页|制\s*表|填\s*表|审\s*核\s*人)"
#: below this share of fitting values a column is another's, looked at from so many values on
FITS, FITS_FROM = 0.5, 20
#: of true numbers one in a thousand ends in 000
CUT_SHARE, CUT_FROM = 0.05, 10
SHOWN_CELLS = 20
MEMO = 400_000
_STAGE = re.compile(
    r"[\(（][^)）]*[\)）]|第?[0-9一二三四五六七八九十甲乙丙丁ABCD]+(?:号)?(?:期|标段|合同段|标|段|部分|批|次)?|[东西南北上下]段"
)

#: what stands in a place's column and is no place: a telephone, a card, an identity number
_NUMBER = re.compile(r"\d{13}|^1[3-9]\d{9}$")

Make = Callable[[str], tuple[Any, ...]]


@dataclass
class Loaded:
    """What became of one file: counts and harmless notes, nothing of its content."""

    file: str
    kind: str
    year: int | None
    rows: int = 0
    bad: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    places: dict[str, str] = field(
        default_factory=dict
    )  # hash → the place's name; written down only if common

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, to cross the border of the process."""
        return asdict(self)


class _Converter:
    """Turns one column's texts into one or more Arrow columns; each distinct text once."""

    def __init__(self, column: Column, fields: list[tuple[str, pa.DataType]], make: Make) -> None:
        self.column, self.fields, self.make = column, fields, make
        self.memo: dict[str, tuple[Any, ...]] = {}
        self.filled = self.unfit = 0

    def convert(self, texts: pa.Array) -> list[pa.Array]:
        coded = texts.dictionary_encode()
        if len(self.memo) > MEMO:
            self.memo.clear()
        memo, make = self.memo, self.make
        made = []
        distinct = coded.dictionary.to_pylist()
        for text in distinct:
            found = memo.get(text)
            if found is None:
                found = memo[text] = make(text)
            made.append(found)
        self._count(coded.indices, distinct, made)
        columns = list(zip(*made, strict=True)) if made else [()] * len(self.fields)
        return [
            pa.array(column, type_).take(coded.indices)
            for column, (_, type_) in zip(columns, self.fields, strict=True)
        ]

    def _count(self, indices: pa.Array, distinct: list[str], made: list[tuple[Any, ...]]) -> None:
        if not distinct or self.column.type in ("name", "text", "place", "phone", "account"):
            return
        times = np.bincount(indices.to_numpy(zero_copy_only=False), minlength=len(distinct))
        for text, found, often in zip(distinct, made, times, strict=True):
            if text.strip() not in values.OPEN and not text.startswith("9999"):
                self.filled += int(often)
                if found[0] is None:
                    self.unfit += int(often)


class Loader:
    """Reads one file into hashed Parquet; `load` answers what became of it."""

    def __init__(self, key: bytes, number: int, path: Path, target: Path) -> None:
        named = kind_of(stem(path))
        if named is None:
            raise BadInput([Fault(shown(path.name), "unknown_kind")])
        self.kind: Kind = named[0]
        self.path, self.target, self.number = path, target, number
        self.report = Loaded(shown(path.name), self.kind.name, named[1])
        self.hash = {
            domain: hasher(key, domain) for domain in ("id", "acc", "phone", "name", "code", "place")
        }
        self.converters = [self._converter(column) for column in self.kind.columns if column.kept]
        self.slips: list[tuple[int, int, bytes]] = []
        self.cut: dict[str, list[int]] = {}

    def load(self) -> Loaded:
        """Counts of the file, whose rows then stand in the target; BadInput when it cannot be compared."""
        schema = self.schema()
        part = self.target.with_suffix(".part")
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            for block in blocks(self.path, self.kind):
                table = self._table(block, schema)
                if table.num_rows:
                    writer.write_table(table)
        self._judge()
        columns = list(zip(*self.slips, strict=True)) or [(), (), ()]
        slips = [pa.array(column, field.type) for column, field in zip(columns, SLIPS, strict=True)]
        pq.write_table(pa.table(slips, schema=SLIPS), self.target.with_suffix(".slips"))
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self.target)
        return self.report

    def schema(self) -> pa.Schema:
        """The columns of the hashed list."""
        fields = [named for converter in self.converters for named in converter.fields]
        return pa.schema([("pos", pa.int64()), ("年", pa.int32()), *fields])

    def _table(self, block: Block, schema: pa.Schema) -> pa.Table:
        report = self.report
        report.rows += len(block.lines) + len(block.ragged)
        self._bad("ragged", len(block.ragged))
        total = self._totals(block)
        if total.any():
            self._bad("subtotal", int(total.sum()))
            keep = pa.array(~total)
            block = Block(block.lines[~total], {n: c.filter(keep) for n, c in block.columns.items()})
        count = len(block.lines)
        columns: list[pa.Array] = [
            pa.array(block.lines + (self.number << 32), pa.int64()),
            pa.array(np.full(count, report.year or 0, np.int32)),
        ]
        places: dict[str, pa.Array] = {}
        for converter in self.converters:
            texts = block.columns.get(converter.column.name)
            made = converter.convert(texts if texts is not None else pa.array([""] * count, pa.string()))
            if converter.column.type == "identity":
                self._slips(converter.column, made, texts, block.lines)
                places.setdefault("state", made[1])
            columns += made
        if "state" in places:
            states = places["state"].to_numpy(zero_copy_only=False)
            for code, name in (
                (numbers.EMPTY, "no_number"),
                (numbers.BAD, "wrong_number"),
                (numbers.CUT, "cut"),
            ):
                self._bad(name, int((states == code).sum()))
        return pa.table(columns, schema=schema)

    def _totals(self, block: Block) -> np.ndarray:
        marks = np.zeros(len(block.lines), bool)
        for texts in list(block.columns.values())[:4]:
            found = pc.match_substring_regex(texts, SUBTOTAL)
            marks |= np.asarray(found.to_numpy(zero_copy_only=False), bool)
        return marks

    def _bad(self, fault: str, count: int) -> None:
        if count:
            self.report.faults[fault] = self.report.faults.get(fault, 0) + count
            self.report.bad += count

    def _slips(self, column: Column, made: list[pa.Array], texts: pa.Array, lines: np.ndarray) -> None:
        states = made[1].to_numpy(zero_copy_only=False)
        index = self.kind.of_type("identity").index(column)
        for row in np.flatnonzero(states == numbers.BAD):
            position = int(lines[row]) + (self.number << 32)
            for number in numbers.candidates(numbers.clean(texts[int(row)].as_py())):
                self.slips.append((position, index, self.hash["id"](number)))
        cut = np.flatnonzero(states == numbers.CUT)
        if len(cut):
            self.cut.setdefault(column.name, []).extend(int(line) for line in lines[cut][:SHOWN_CELLS])

    def _judge(self) -> None:
        """Raises BadInput for a column that is another's or was cut by Excel."""
        name, faults = self.report.file, []
        for converter in self.converters:
            column = converter.column
            if column.type == "identity":
                cut = self.cut.get(column.name) or self._ends_in_zeros(converter)
                if cut is not None:
                    cells = "、".join(f"第{line}行" for line in cut[:SHOWN_CELLS]) or "多数以000结尾"
                    faults.append(Fault(name, "cut_numbers", {"column": column.name, "cells": cells}))
                    continue
            if converter.filled >= FITS_FROM and converter.unfit > (1 - FITS) * converter.filled:
                share = f"{100 * (converter.filled - converter.unfit) // converter.filled}%"
                facts = {"column": column.name, "share": share, "expected": EXPECTED[column.type]}
                faults.append(Fault(name, "wrong_column", facts))
        if faults:
            self.target.with_suffix(".part").unlink(missing_ok=True)
            raise BadInput(faults)

    def _ends_in_zeros(self, converter: _Converter) -> list[int] | None:
        numeric = [text for text in converter.memo if len(text) == 18 and text.isdigit()]
        ending = sum(text.endswith("000") for text in numeric)
        return [] if ending >= CUT_FROM and ending > CUT_SHARE * len(numeric) else None

    def _converter(self, column: Column) -> _Converter:
        name, type_ = column.name, column.type
        simple: dict[str, tuple[pa.DataType, Callable[[str], Any]]] = {
            "month": (pa.int32(), values.month),
            "date": (pa.date32(), values.day),
            "year": (pa.int32(), values.year),
            "money_yuan": (pa.int64(), values.money),
            "area": (pa.float64(), values.number),
            "number": (pa.float64(), values.number),
        }
        if type_ in simple:
            kept, parse = simple[type_]
            return _Converter(column, [(name, kept)], lambda text: (parse(text),))
        if type_ == "identity":
            fields = [(name, HASH), (f"{name}_s", pa.int8()), (f"{name}_b", pa.int32())]
            return _Converter(column, fields, self._identity)
        if type_ == "place":
            return _Converter(column, [(name, HASH), (f"{name}_n", HASH)], self._place(name))
        if type_ in ("name", "account", "phone"):
            keyed = self.hash[{"name": "name", "account": "acc", "phone": "phone"}[type_]]
            least = {"name": 2, "account": 6, "phone": 7}[type_]
            return _Converter(column, [(name, HASH)], lambda text: (_keyed(text, keyed, least),))
        return self._text(column)

    def _identity(self, text: str) -> tuple[bytes | None, int, int | None]:
        found = numbers.identity(text)
        keyed = self.hash["id"](found.number) if found.state == numbers.GOOD else None
        return keyed, found.state, found.born

    def _place(self, column: str) -> Make:
        reduce = {"乡镇": values.township, "村": values.village}.get(column, numbers.clean)
        keyed, places = self.hash["place"], self.report.places

        def place(text: str) -> tuple[bytes | None, bytes | None]:
            exact = values.bare(text)
            exact = exact.removesuffix(".0") if column == "村码" else exact
            if not exact or len(exact) > 24 or _NUMBER.search(exact):
                return None, None
            whole = keyed(f"{column}\0{exact}")
            places[whole.hex()] = exact
            return whole, keyed(f"{column}\0{reduce(exact)}")

        return place

    def _text(self, column: Column) -> _Converter:
        name, keyed = column.name, self.hash["code"]
        if column.keep == "code":
            return _Converter(column, [(name, HASH)], lambda text: (_keyed(text, keyed, 1),))
        if column.keep == "serial":

            def serial(text: str) -> tuple[bytes | None, bytes | None, int | None]:
                number = numbers.clean(text)
                if not number:
                    return None, None, None
                last = number[-4:]
                tail = int(last) if last.isascii() and last.isdigit() else None
                return keyed(number), keyed(f"{number[:-4]}\0"), tail

            fields = [(name, HASH), (f"{name}_p", HASH), (f"{name}_n", pa.int32())]
            return _Converter(column, fields, serial)
        named = column.keep.removeprefix("class:")
        words = vocabulary(named)

        def word(text: str) -> tuple[str, bytes | None]:
            plain = values.bare(text)
            label = next((label for pattern, label in words if pattern.search(plain)), "")
            return label, _keyed(_STAGE.sub("", plain) if named == "work" else plain, keyed, 1)

        return _Converter(column, [(name, pa.string()), (f"{name}_c", HASH)], word)


def write_empty(kind: Kind, target: Path) -> None:
    """Nothing; a list of the kind without rows stands in the target, for models that may do without it."""
    loader = Loader(b"", 0, Path(f"{kind.name}.csv"), target)
    schema = loader.schema()
    pq.write_table(schema.empty_table(), target)
    pq.write_table(SLIPS.empty_table(), target.with_suffix(".slips"))


EXPECTED = {
    "identity": "身份证号",
    "month": "月份（如 2024-03）",
    "date": "日期（如 2024-03-05）",
    "year": "年度（如 2024）",
    "money_yuan": "金额",
    "area": "面积",
    "number": "数字",
}


def _keyed(text: str, keyed: Callable[[str], bytes], least: int) -> bytes | None:
    plain = numbers.clean(text)
    return keyed(plain) if len(plain) >= least else None
