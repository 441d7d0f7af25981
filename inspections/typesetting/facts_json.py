"""FACTS.json (contracts §4): read into a Letter with every fault named by JSON path, and its JSON Schema.

It renders nothing and reads no database; documents/wording/facts.py makes the same Letter from records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inspections.typesetting.letter import (
    Annex,
    Attendance,
    Block,
    Column,
    Contact,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Pictures,
    Status,
    Table,
    named_gaps,
)
from inspections.typesetting.shapes import (
    Amount,
    Choice,
    Day,
    Fault,
    Flag,
    ListOf,
    NullOr,
    OneOf,
    Record,
    Row,
    Text,
    Whole,
    load,
)


class BadFacts(Exception):
    """The facts cannot be read or issued; `faults` names every reason with its place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{fault.path}: {fault.words}" for fault in faults))
        self.faults = faults


def parse_facts(data: bytes, addressed: bool = True) -> Letter:
    """The letter that a FACTS.json says. Raises BadFacts with all faults; an issued one may lack nothing.

    Forms, minutes and notices are not `addressed` to anybody.
    """
    faults: list[Fault] = []
    value = load(data, faults)
    letter = None if faults else _LETTER.read(value, "", faults)
    if isinstance(value, dict) and value.get("status") == Status.ISSUED:
        faults += _issue_faults(value, addressed)
    if faults or not isinstance(letter, Letter):
        raise BadFacts(faults)
    return letter


def _issue_faults(value: dict[str, Any], addressed: bool) -> list[Fault]:
    """What keeps a letter from being issued, read from the raw JSON so that other faults do not hide it."""
    wanted = {"number": "发文字号的序号", "date": "成文日期", "to": "主送机关", "body": "正文"}
    absent = [key for key in wanted if value.get(key) is None and key in ("number", "date")]
    absent += [key for key in ("to", "body") if value.get(key) == [] and (addressed or key != "to")]
    faults = [Fault(key, f"签发的文书缺少{wanted[key]}") for key in absent]
    for path, text in _strings(value, ""):
        faults += [Fault(path, f"签发的文书缺少{words}") for words in named_gaps(text)]
    return faults


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _strings(item, f"{path}[{at}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}" if path else key)


def facts_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of FACTS.json; docs/schemas/facts.json holds the same."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "FACTS.json: what a letter says",
        "description": (
            "number and date may be null or left out of a draft; a missing fact inside a text is written "
            "【待补：…】. An issued letter has none of these, names an addressee and has a body. "
            "Forms, minutes and notices address nobody: their `to` may be empty. "
            "Every row of a table has as many cells as the table has columns."
        ),
        **_LETTER.schema(),
        "if": {"properties": {"status": {"const": "issued"}}, "required": ["status"]},
        "then": {
            "properties": {
                "number": {"type": "integer"},
                "date": {"type": "string"},
                "to": {"minItems": 1},
                "body": {"minItems": 1},
            },
            "required": ["number", "date"],
        },
    }


def _only(**facts: Any) -> Any:
    (value,) = facts.values()
    return value


def _heading(heading: int, text: str) -> Heading:
    return Heading(heading, text)


def _paragraph(para: str) -> Paragraph:
    return Paragraph(para)


def _letter(**facts: Any) -> Letter:
    return Letter(**{"number": None, "date": None, "cc": (), **facts, "status": Status(facts["status"])})


_ADDRESS = r"^https?://[^ <>]+$"
_COLUMN = Record(
    Column,
    {"title": Text(40)},
    {"width_mm": NullOr(Amount(4, 400)), "align": Choice(("left", "center", "right"))},
)


@dataclass(frozen=True)
class _TableShape:
    """A table whose rows have as many cells as it has columns, which JSON Schema cannot say."""

    record: Record

    def read(self, value: Any, path: str, faults: list[Fault]) -> Any:
        table = self.record.read(value, path, faults)
        columns, rows = (value.get(key) if isinstance(value, dict) else None for key in ("columns", "rows"))
        if isinstance(columns, list) and isinstance(rows, list):
            faults += [
                Fault(f"{path}.rows[{at}]", f"应有 {len(columns)} 格，实有 {len(row)} 格")
                for at, row in enumerate(rows)
                if isinstance(row, list) and len(row) != len(columns)
            ]
        return table

    def schema(self) -> dict[str, Any]:
        return self.record.schema()


_TABLE = _TableShape(
    Record(
        Table,
        {"columns": ListOf(_COLUMN, 1, 20), "rows": ListOf(ListOf(Text(20_000, empty=True), 0, 20), 0, 5000)},
        {"caption": NullOr(Text(80)), "landscape": Flag(), "fields": Flag()},
    )
)
_FIGURE = Record(Figure, {"caption": Text(80), "bars": ListOf(Row((Text(40), Amount(0, 10**12))), 1, 60)}, {})
_BLOCKS = ListOf(
    OneOf(
        {
            "heading": Record(_heading, {"heading": Whole(1, 4), "text": Text(200)}, {}),
            "para": Record(_paragraph, {"para": Text(20_000)}, {}),
            "table": Record(_only, {"table": _TABLE}, {}),
            "figure": Record(_only, {"figure": _FIGURE}, {}),
        }
    )
)
_ANNEX = OneOf(
    {
        "table": Record(Annex, {"title": Text(80), "table": _TABLE}, {}),
        "body": Record(Annex, {"title": Text(80), "body": _BLOCKS}, {}),
    }
)
_LETTER = Record(
    _letter,
    {
        "issuer": Text(40),
        "code": Text(20, pattern=r"^[^\s〔〕\[\]【】第号]+$", hint="机关代字，如 清纪函"),
        "year": Whole(1949, 2999),
        "title": Text(120),
        "to": ListOf(Text(60), 0, 60),
        "body": _BLOCKS,
        "status": Choice(tuple(Status)),
    },
    {
        "number": NullOr(Whole(1, 99_999)),
        "cc": ListOf(Text(60), 0, 60),
        "date": NullOr(Day()),
        "annexes": ListOf(_ANNEX, 0, 20),
        "attendance": ListOf(Record(Attendance, {"label": Text(20), "names": Text(2000)}, {}), 0, 5),
        "contact": NullOr(Record(Contact, {"name": Text(60), "phone": Text(60)}, {})),
        "seal_zone": Flag(),
        "signer": Text(40, empty=True),
        "printed_by": Text(60, empty=True),
        "qr": Text(300, pattern=_ADDRESS, hint="以 http:// 或 https:// 开头的网址", empty=True),
    },
)


def dump_facts(letter: Letter) -> dict[str, Any]:
    """The letter as the JSON value that `parse_facts` reads back to the same letter."""
    return {
        "issuer": letter.issuer,
        "code": letter.code,
        "year": letter.year,
        "number": letter.number,
        "title": letter.title,
        "to": list(letter.to),
        "cc": list(letter.cc),
        "date": letter.date.isoformat() if letter.date else None,
        "body": [_dump_block(block) for block in letter.body],
        "annexes": [
            {"title": annex.title}
            | (
                {"table": _dump_table(annex.table)}
                if annex.table
                else {"body": [_dump_block(block) for block in annex.body]}
            )
            for annex in letter.annexes
        ],
        "contact": {"name": letter.contact.name, "phone": letter.contact.phone} if letter.contact else None,
        "seal_zone": letter.seal_zone,
        "status": letter.status.value,
    } | _dump_rarer(letter)


def _dump_rarer(letter: Letter) -> dict[str, Any]:
    """What only some kinds of paper have, left out where there is none."""
    words = {name: text for name in ("signer", "printed_by", "qr") if (text := getattr(letter, name))}
    present = [{"label": one.label, "names": one.names} for one in letter.attendance]
    return words | ({"attendance": present} if present else {})


def _dump_block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"heading": block.level, "text": block.text}
        case Paragraph():
            return {"para": block.text}
        case Table():
            return {"table": _dump_table(block)}
        case Figure():
            bars = [[label, _dump_number(number)] for label, number in block.bars]
            return {"figure": {"caption": block.caption, "bars": bars}}
        case Pictures():
            raise ValueError("a file of facts has no photographs")


def _dump_table(table: Table) -> dict[str, Any]:
    rarer = {"caption": table.caption} if table.caption else {}
    columns = [
        {"title": column.title, "align": column.align}
        | ({"width_mm": _dump_number(column.width_mm)} if column.width_mm is not None else {})
        for column in table.columns
    ]
    return (
        {"columns": columns, "rows": [list(row) for row in table.rows], "landscape": table.landscape}
        | rarer
        | ({"fields": True} if table.fields else {})
    )


def _dump_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
