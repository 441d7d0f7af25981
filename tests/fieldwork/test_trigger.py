"""When an answer is abnormal: every expression of the catalogue, each with an answer on either side of it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from inspections.fieldwork import trigger, values

UNSEEN = {"state": "unchecked", "reason": "账册未到"}


def sample(checked: int, abnormal: int) -> dict[str, Any]:
    return {"checked": checked, "abnormal": abnormal, "detail": ""}


CASES = [
    ("yes_no", "eq:no", "no", "yes"),
    ("yes_no", "eq:yes", "yes", "no"),
    ("yes_no_na", "eq:no", "no", "na"),
    ("sample", "gt:0", sample(20, 1), sample(20, 0)),
    ("sample", "ratio_gt:0.5", sample(5, 3), sample(4, 2)),
    ("count", "gt:0", 1, 0),
    ("count", "gt:10", 11, 10),
    ("count", "lt:1", 0, 1),
    ("count", "lt:2", 1, 2),
    ("count", "lt:3", 2, 3),
    ("count", "lt:4", 3, 4),
    ("days", "lt:15", 14, 15),
    ("days", "gt:10", 11, 10),
    ("days", "gt:30", 31, 30),
    ("days", "gt:60", 61, 60),
    ("days", "gt:92", 93, 92),
    ("money", "gt:0", "0.01", "0"),
    ("money", "ne:0", "3.5", "0"),
    ("ratio", "gt:0.05", "0.0501", "0.05"),
]


@pytest.mark.parametrize(("answer_type", "expression", "abnormal", "normal"), CASES)
def test_an_answer_is_abnormal_only_beyond_its_limit(
    answer_type: str, expression: str, abnormal: Any, normal: Any
) -> None:
    assert values.canonical(answer_type, abnormal) == abnormal
    assert values.canonical(answer_type, normal) == normal
    assert trigger.is_abnormal(expression, abnormal)
    assert not trigger.is_abnormal(expression, normal)


def test_every_expression_of_the_catalogue_is_tried_above_with_its_answer_type(seeds: Path) -> None:
    used = set()
    for kind in ("village", "department"):
        with (seeds / "catalogue" / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as sheet:
            used |= {(row["answer_type"], row["trigger_expr"]) for row in csv.DictReader(sheet)}
    assert used
    assert used <= {(answer_type, expression) for answer_type, expression, *_ in CASES}


@pytest.mark.parametrize("expression", sorted({case[1] for case in CASES}))
@pytest.mark.parametrize("value", [None, UNSEEN])
def test_what_was_not_checked_is_never_abnormal(expression: str, value: Any) -> None:
    assert not trigger.is_abnormal(expression, value)


def test_a_sample_of_nothing_has_no_share() -> None:
    assert not trigger.is_abnormal("ratio_gt:0.5", sample(0, 0))


def test_an_item_without_expression_is_never_abnormal() -> None:
    assert not trigger.is_abnormal("", "no")


@pytest.mark.parametrize(
    "expression", ["eq", "eq:", "eq:也许", "gt:", "gt:x", "gt:NaN", "lt:Infinity", "before:3", ":0"]
)
def test_an_expression_that_is_none_is_named(expression: str) -> None:
    with pytest.raises(ValueError, match="no trigger"):
        trigger.parse(expression)


@pytest.mark.parametrize("case", json.loads((Path(__file__).parent / "trigger_vectors.json").read_text()))
def test_the_vectors_shared_with_the_tablet_hold(case: dict[str, Any]) -> None:
    assert trigger.is_abnormal(case["expr"], case["value"]) is case["fires"]
