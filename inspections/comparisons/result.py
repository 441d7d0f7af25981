"""From raw hits to what the county reads: opaque subjects, file and line, and a sentence without a
name or number."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inspections.comparisons.library import Model

GRADES = ("strong", "fair", "weak")
MOST_ROWS = 400


@dataclass(frozen=True)
class Hit:
    """A hit of an exercise: whose (opaque), where, how sure, and which lines of which files say so."""

    model: str
    grade: str
    unit: str | None
    subject: str
    rows: tuple[tuple[str, int], ...]
    amount: int | None  # 分
    months: int | None
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The hit as RESULT.json has it; the amount in yuan."""
        found: dict[str, Any] = {
            "model": self.model,
            "grade": self.grade,
            "unit": self.unit,
            "subject": self.subject,
            "rows": [list(row) for row in self.rows],
        }
        if self.amount is not None:
            found["amount"] = self.amount / 100
        if self.months is not None:
            found["months"] = self.months
        return {**found, "reason": self.reason}


class _Sentence(string.Formatter):
    """Facts in a model's words: {x:month} 2024-03, {x:yuan} 1,200.00元, {x:area} 3.5."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "—"
        if format_spec == "month":
            return f"{value // 12}-{value % 12 + 1:02}" if 0 < value < 9999 * 12 else "起"
        if format_spec == "yuan":
            return f"{value / 100:,.2f}元"
        if format_spec == "area":
            return f"{value:.2f}".rstrip("0").rstrip(".")
        return str(value)


def compose(
    raw: Iterable[Mapping[str, Any]],
    models: Mapping[str, Model],
    files: Mapping[int, str],
    units: Mapping[int, str],
) -> list[Hit]:
    """The hits in a total order (model, first row), the same for the same lists in every run."""
    ordered = sorted(raw, key=lambda hit: (hit["model"], list(hit["rows"]), hit["grade"], str(hit["facts"])))
    subjects: dict[tuple[str, str], str] = {}
    hits = []
    for hit in ordered:
        model = models[hit["model"]]
        whom = (model.subject, hit["key"])
        subject = subjects.setdefault(whom, f"{model.subject}-{len(subjects) + 1}")
        facts = dict(hit["facts"]) | {"amount": hit["amount"], "months": hit["months"]}
        rows = tuple((files[row >> 32], row & 0xFFFFFFFF) for row in hit["rows"][:MOST_ROWS])
        unit = units.get(hit["unit"]) if hit["unit"] is not None else None
        reason = _Sentence().vformat(model.says, (), facts)
        hits.append(Hit(model.code, hit["grade"], unit, subject, rows, hit["amount"], hit["months"], reason))
    return hits
