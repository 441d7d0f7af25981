# ruff: noqa: E501 - one wrong letter a line
"""A letter that contradicts itself is held back with a sentence for each place; what is typed is put in order."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from inspections.documents.wording.consistency import contradictions
from inspections.documents.wording.content import handover_letter
from inspections.documents.wording.tidying import in_yuan, signs, unnumbered
from inspections.typesetting.letter import Column, Letter, Paragraph, Table, texts
from tests.typesetting.samples import DEMANDS, FINDINGS, SENDER, VISITS, feedback, handover
from tests.typesetting.wrong_prints import EXAMPLES, facts

Change = Callable[[Letter], Letter]


def swapped(old: str, new: str) -> Change:
    """The letter with these words changed in its paragraphs."""

    def change(letter: Letter) -> Letter:
        body = [
            Paragraph(one.text.replace(old, new)) if isinstance(one, Paragraph) else one
            for one in letter.body
        ]
        assert tuple(body) != letter.body, "this changes nothing"
        return replace(letter, body=tuple(body))

    return change


def with_sum(letter: Letter) -> Letter:
    table = Table((Column("类别"), Column("个数")), (("财务", "2"), ("公开", "3"), ("合计", "6")))
    return replace(letter, body=(*letter.body, table))


WRONG: dict[str, tuple[Change, str]] = {
    "the outcome before the end": (swapped("请于2026年12月31日前", "请于2026年12月1日前"), "早于2026年12月30日整改到位"),
    "the end before the list's": (swapped("2026年12月30日前整改", "2026年12月20日前整改"), "清单中最晚的时限是2026年12月30日"),
    "before the letter": (swapped("请于2026年12月31日前", "请于2026年10月1日前"), "早于成文日期"),
    "more problems than rows": (swapped("发现问题4个", "发现问题5个"), "正文写问题5个，清单列4个"),
    "more at once than rows": (swapped("立行立改2个", "立行立改3个"), "立行立改问题3个"),
    "a sum": (with_sum, "合计写6，各行相加是5"),
    "two units of money": (swapped("36800元", "3.68万元"), "金额单位不一致"),
    "another year": (lambda letter: replace(letter, year=2025), "发文字号的年份是2025"),
    "to those above": (lambda letter: replace(letter, to=("中共清河县委员会",)), "是上级"),
    "an old citation": (swapped("《清河县村级财务管理办法》第十一条", "《清河县村级财务管理办法》（2018）第11条"), "条数用汉字"),
    "a rate of nothing": (swapped("请认真抓好", "整改率—（0/0），请认真抓好"), "没有可比的对象"),
    "straight quotes": (swapped("“回头看”", '"回头看"'), "全角中文标点"),
    "quotes left open": (swapped("“回头看”", "“回头看"), "没有成对"),
    "doubled ordinals": (swapped("对照问题清单", "二是二、对照问题清单"), "序数重复"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_does_not_agree_is_said_with_its_place(name: str) -> None:
    change, said = WRONG[name]
    found = contradictions("handover", change(handover()))
    assert any(said in each.sentence for each in found), found
    assert all(re.match("正文|附件|发文字号|主送机关|标题", each.place) for each in found)


def test_no_letter_of_the_examples_contradicts_itself() -> None:
    assert contradictions("handover", handover()) == []
    assert contradictions("feedback", feedback()) == []
    for file in sorted(EXAMPLES.glob("*.json")):
        assert contradictions(file.stem, facts(file.stem)) == [], file.stem


def test_amounts_of_a_letter_stand_in_one_unit_and_none_is_rounded() -> None:
    said = "".join(text for _, text in texts(handover()))
    assert "36800元" in said
    assert "万元" not in said
    even = tuple(replace(one, amount=None) for one in FINDINGS if "元" not in one.description)
    even = (replace(even[0], amount=Decimal("36800")), *even[1:])
    assert "涉及金额3.68万元" in "".join(t for _, t in texts(handover_letter(SENDER, VISITS, even, DEMANDS)))
    assert in_yuan("0.5万元、1.23456万元") == "5000元、12345.6元"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('经核,3户"三资"账目不清(2笔).', "经核，3户“三资”账目不清（2笔）。"),
        ("先欠着...未入账--待查", "先欠着……未入账——待查"),
        ("合计12,345.67元，2026.10.30前", "合计12,345.67元，2026.10.30前"),
        ("《村民委员会组织法》（2018）第30条第2款", "《村民委员会组织法》第三十条第二款"),
        ("已整改。。", "已整改。"),
        ("GB/T 9704-2012、V-B-07", "GB/T 9704-2012、V-B-07"),
    ],
)
def test_typed_signs_become_those_of_a_letter(typed: str, written: str) -> None:
    assert signs(typed) == written


@pytest.mark.parametrize(
    "typed", ["二、规范公开", "（二）规范公开", "2.规范公开", "（2）规范公开", "二是规范公开"]
)
def test_an_own_ordinal_is_not_printed_twice(typed: str) -> None:
    assert unnumbered(typed) == "规范公开"
    assert unnumbered("2.5万元应收款") == "2.5万元应收款"


def test_a_day_of_the_list_is_the_last_day(day: dt.date = dt.date(2026, 12, 30)) -> None:
    later = tuple(replace(one, deadline=day) for one in FINDINGS)
    assert contradictions("handover", handover_letter(SENDER, VISITS, later, DEMANDS)) == []
