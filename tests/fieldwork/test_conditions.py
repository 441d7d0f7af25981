"""Conditions of the sheets: one set of vectors for this evaluator and the tablet's (tests/tablet)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.fieldwork import conditions

VECTORS = json.loads((Path(__file__).parent / "condition_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[each["text"] for each in VECTORS])
def test_each_vector(vector: dict[str, Any]) -> None:
    if vector.get("error"):
        with pytest.raises(ValueError, match="个字符处"):
            conditions.parse(vector["text"])
        return
    assert conditions.holds(vector["text"], vector["values"].get) is vector["holds"]


def test_a_condition_names_the_questions_it_needs() -> None:
    assert conditions.parse("${A} = 'no' and not(${B} > 2)").codes == {"A", "B"}
    assert conditions.parse(". > 2").codes == {"."}


def test_no_condition_always_holds() -> None:
    assert conditions.holds("", {}.get)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused_by_place(text: str) -> None:
    try:
        condition = conditions.parse(text)
    except ValueError as fault:
        assert "个字符处" in str(fault)
        return
    assert condition.holds(lambda _: None) in (True, False)
