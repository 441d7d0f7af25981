"""FACTS.json (contracts §4): read into a Letter with every fault named by JSON path, and its JSON Schema.

It renders nothing and reads no database; documents/facts.py makes the same Letter from records.
"""

from typing import Any

from inspections.documents.letter import (
    Annex,
    Block,
    Column,
    Contact,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Status,
    Table,
    gaps,
)
from inspections.documents.shapes import (
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


def parse_facts(data: bytes) -> Letter:
    """The letter that a FACTS.json says. Raises BadFacts with all faults; an issued one may lack nothing."""
    faults: list[Fault] = []
    value = load(data, faults)
    letter = None if faults else _LETTER.read(value, "", faults)
    if isinstance(letter, Letter):
        faults += _table_faults(letter)
        if letter.status is Status.ISSUED:
            faults += [Fault(found.path, f"签发的文书缺少{found.words}") for found in gaps(letter)]
    if faults or not isinstance(letter, Letter):
        raise BadFacts(faults)
    return letter


def facts_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of FACTS.json; docs/schemas/facts.json holds the same."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "FACTS.json: what a letter says",
        "description": (
            "number and date may be null or left out of a draft; a missing fact inside a text is written "
            "【待补：…】. An issued letter has none of these, names an addressee and has a body. "
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


def _table_faults(letter: Letter) -> list[Fault]:
    tables = _tables("body", letter.body)
    for at, annex in enumerate(letter.annexes):
        tables += [(f"annexes[{at}].table", annex.table)] if annex.table else []
        tables += _tables(f"annexes[{at}].body", annex.body)
    return [
        Fault(f"{path}.rows[{at}]", f"应有 {len(table.columns)} 格，实有 {len(row)} 格")
        for path, table in tables
        for at, row in enumerate(table.rows)
        if len(row) != len(table.columns)
    ]


def _tables(path: str, blocks: tuple[Block, ...]) -> list[tuple[str, Table]]:
    return [(f"{path}[{at}].table", block) for at, block in enumerate(blocks) if isinstance(block, Table)]


def _only(**facts: Any) -> Any:
    (value,) = facts.values()
    return value


def _heading(heading: int, text: str) -> Heading:
    return Heading(heading, text)


def _paragraph(para: str) -> Paragraph:
    return Paragraph(para)


def _letter(**facts: Any) -> Letter:
    return Letter(**{"number": None, "date": None, "cc": (), **facts, "status": Status(facts["status"])})


_COLUMN = Record(
    Column,
    {"title": Text(40)},
    {"width_mm": NullOr(Amount(4, 400)), "align": Choice(("left", "center", "right"))},
)
_TABLE = Record(
    Table,
    {"columns": ListOf(_COLUMN, 1, 20), "rows": ListOf(ListOf(Text(4000, empty=True), 0, 20), 0, 5000)},
    {"caption": NullOr(Text(80)), "landscape": Flag()},
)
_FIGURE = Record(Figure, {"caption": Text(80), "bars": ListOf(Row((Text(40), Amount(0, 10**12))), 1, 60)}, {})
_BLOCKS = ListOf(
    OneOf(
        {
            "heading": Record(_heading, {"heading": Whole(1, 4), "text": Text(200)}, {}),
            "para": Record(_paragraph, {"para": Text()}, {}),
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
        "contact": NullOr(Record(Contact, {"name": Text(60), "phone": Text(60)}, {})),
        "seal_zone": Flag(),
    },
)
