"""Which words of a working paper are taken for a villager's full name, and which are not."""

import csv
from pathlib import Path

import pytest

from inspections.documents.wording.names import full_names, possible_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("村民王大明反映", ["王大明"]),
        ("村民李明和张三丰到场", ["李明", "张三丰"]),
        ("村民王和平称", ["王和平"]),
        ("承租人欧阳小青承诺缓交", ["欧阳小青"]),
        ("低保户王大明、李小红、赵六等3户", ["王大明", "李小红", "赵六"]),
        ("由承租人王大明口头承诺", ["王大明"]),
        ("村民李明在家，村民李明未到", ["李明"]),
    ],
)
def test_a_name_behind_a_word_for_a_person_is_found(text: str, names: list[str]) -> None:
    assert full_names(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "村民王某反映、承包户李某某欠款，信访人张某某",
        "村民代表会议，农户水费，会计凭证，会计制度",
        "村民高度重视，群众何时知晓，村民方面，村民金额，农户万元以上",
        "村党支部书记表示属实，村民委员会、低保户5户",
        "王大明",
    ],
)
def test_masked_names_and_ordinary_words_are_left_alone(text: str) -> None:
    assert full_names(text) == []


def test_a_name_without_a_clear_end_is_shown_to_a_reader() -> None:
    assert possible_names("经办人赵国强补办") == ["经办人赵国强补"]
    assert possible_names("村民王大明反映，村民李某签字，村民高度重视") == []


def test_no_sample_finding_is_changed_by_the_mask(seeds: Path) -> None:
    with (seeds / "qinghe" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert full_names(row["问题概述"] + "。" + row["责任单位"]) == []
