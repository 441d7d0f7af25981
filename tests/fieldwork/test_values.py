"""What may be answered to each type of question, in which form it is kept, and how a page says it."""

from typing import Any

import pytest

from inspections.fieldwork import values
from inspections.fieldwork.values import Unfit


@pytest.mark.parametrize(
    ("answer_type", "value", "kept", "words"),
    [
        ("yes_no", "yes", "yes", "是"),
        ("yes_no_na", "na", "na", "不适用"),
        ("count", 3, 3, "3 项（次）"),
        ("days", 137, 137, "137 天"),
        ("money", "4860.00", "4860", "4860元"),
        ("money", 100, "100", "100元"),
        ("money", "0.00", "0", "0元"),
        ("ratio", "0.0700", "0.07", "7%"),
        (
            "sample",
            {"checked": 20, "abnormal": 3},
            {"checked": 20, "abnormal": 3, "detail": ""},
            "抽查 20 例，异常 3 例",
        ),
        (
            "count",
            {"state": "impossible", "reason": " 账册已送审 "},
            {"state": "impossible", "reason": "账册已送审"},
            "无法查：账册已送审",
        ),
        ("yes_no", None, None, ""),
    ],
)
def test_an_answer_is_kept_in_one_form_and_said_in_words(
    answer_type: str, value: Any, kept: Any, words: str
) -> None:
    assert values.canonical(answer_type, value) == kept
    assert values.words(answer_type, kept) == words


@pytest.mark.parametrize(
    ("answer_type", "value"),
    [
        ("yes_no", "na"),
        ("yes_no", True),
        ("yes_no_na", "maybe"),
        ("count", -1),
        ("count", 1.5),
        ("count", True),
        ("count", "3"),
        ("days", 1_000_000),
        ("money", "1.005"),
        ("money", 1.5),
        ("money", "NaN"),
        ("money", "1e99"),
        ("money", "一百"),
        ("ratio", "11"),
        ("ratio", "0.00001"),
        ("sample", {"checked": 2, "abnormal": 3}),
        ("sample", {"checked": 2}),
        ("sample", {"checked": 2, "abnormal": 0, "rows": []}),
        ("sample", 3),
        ("count", {"state": "unchecked", "reason": "  "}),
        ("count", {"state": "lost", "reason": "x"}),
        ("sample", {"checked": 2, "abnormal": 1, "detail": "卡号 6222021234567890123"}),
    ],
)
def test_what_does_not_fit_the_question_is_refused_with_a_sentence(answer_type: str, value: Any) -> None:
    with pytest.raises(Unfit, match=r"。$"):
        values.canonical(answer_type, value)


def test_a_note_is_trimmed_and_measured() -> None:
    assert values.text("  已核\r\n对 ", 10, "备注") == "已核\n对"
    with pytest.raises(Unfit, match="最多 10 字，现有 11 字"):
        values.text("一" * 11, 10, "备注")
