"""The questions (seeds/catalogue/questionnaire.csv), their options, and what in the answers hints at what.

Pure values; a hint is where to look, never a finding.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[2] / "seeds" / "catalogue" / "questionnaire.csv"
#: results are shown, and hints drawn, from so many sheets on
LEAST = 5
LONGEST_TEXT = 500
#: one hint of the scoring column: opt2+opt3>0→G3, opt3占比≥0.3→B1, mean<3→F3, opt4→B3
_HINT = re.compile(r"(?P<what>mean|opt\d(?:\+opt\d)*)(?P<test><\d|>0|占比≥0\.\d|占比)?→(?P<kind>[A-Z]\d)")


@dataclass(frozen=True, slots=True)
class Hint:
    """Look at `kind` when the share of these options is at least `share` (0: any), or the mean is below."""

    kind: str
    options: tuple[int, ...] = ()
    share: float = 0.0
    mean_below: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question: single, multi and scale5 have options numbered from 1, text has none."""

    code: str
    words: str
    type: str
    options: tuple[str, ...]
    indicator: str
    required: bool
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What the sheets say to one question: how often each option was chosen, by how many who answered."""

    question: Question
    counts: tuple[int, ...]
    answered: int

    @property
    def mean(self) -> float | None:
        """Of a scale from 5 to 1 (the first option is 5)."""
        if self.question.type != "scale5" or not self.answered:
            return None
        return sum((5 - at) * count for at, count in enumerate(self.counts)) / self.answered

    def struck(self) -> list[tuple[Hint, str]]:
        """The hints that these answers give, each with why in words."""
        found = []
        for hint in self.question.hints:
            if hint.mean_below:
                if self.mean is not None and self.mean < hint.mean_below:
                    found.append((hint, f"平均 {self.mean:.1f} 分，低于 {hint.mean_below:g} 分"))
                continue
            chosen = sum(self.counts[option - 1] for option in hint.options)
            if self.answered and chosen and chosen / self.answered >= hint.share:
                names = "、".join(self.question.options[option - 1] for option in hint.options)
                found.append((hint, f"选择“{names}”的 {chosen}/{self.answered}"))
        return found


@cache
def questions() -> tuple[Question, ...]:
    """The questions in their order."""
    with TABLE.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(
            Question(
                code=row["code"],
                words=row["question"],
                type=row["type"],
                options=tuple(row["options"].split("|")) if row["options"] else (),
                indicator=row["indicator"],
                required=row["required"] == "1",
                hints=_hints(row["scoring"]),
            )
            for row in csv.DictReader(lines)
        )


def _hints(scoring: str) -> tuple[Hint, ...]:
    found = []
    for hint in _HINT.finditer(scoring):
        test = hint["test"] or ""
        if hint["what"] == "mean":
            found.append(Hint(hint["kind"], mean_below=float(test[1:])))
            continue
        options = tuple(int(number) for number in re.findall(r"\d", hint["what"]))
        share = float(test.partition("≥")[2]) if "≥" in test else 0.0
        found.append(Hint(hint["kind"], options, share))
    return tuple(found)


def results(sheets: Sequence[Mapping[str, Any]]) -> list[Result]:
    """For each question with options, in their order; nothing of fewer than five sheets."""
    if len(sheets) < LEAST:
        return []
    found = []
    for question in questions():
        if not question.options:
            continue
        counts, answered = [0] * len(question.options), 0
        for said in sheets:
            chosen = said.get(question.code)
            numbers = chosen if isinstance(chosen, list) else [chosen] if chosen else []
            answered += bool(numbers)
            for number in numbers:
                counts[number - 1] += 1
        found.append(Result(question, tuple(counts), answered))
    return found
