"""Figures, yes and no, and the bytes of files, in every form people write and programs save."""

import codecs
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import wording
from inspections.reading import figures, files
from inspections.reading.typed import EntryFault
from inspections.reading.words import yes_no
from inspections.site.refusal import Refusal
from inspections.workdays import days

TABLE = "日期,上班或休息,说明\n2027/2/6,上班,春节调休\n2027年2月8日,休息,\n"


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("1,234.50元", "1234.50"),
        ("１２３４．５", "1234.5"),
        ("￥1，234.5", "1234.5"),
        ("1 234.5", "1234.5"),
        ("1.2万元", "12000"),
        ("5千万元", "50000000"),
        ("两万三千元", "23000"),
        ("人民币三百元", "300"),
        (3680, "3680"),
        ("-12.5", "-12.5"),
    ],
)
def test_an_amount_is_exact_in_every_form(form: object, value: str) -> None:
    assert figures.yuan(form) == Decimal(value)


def test_each_figure_knows_its_unit() -> None:
    assert (
        figures.whole("十二户", 0, 99) == figures.whole("１２ 户", 0, 99) == figures.whole(12.0, 0, 99) == 12
    )
    assert figures.mu("3.25亩") == Decimal("3.25") and figures.mu("2公顷") == 30
    assert figures.share("5％") == figures.share("0.05") == Decimal("0.05")


@pytest.mark.parametrize(
    "form", ["约300元", "1.2万余元", "300元左右", "三百多", "1e5", "2万5", "百元", "1.234元", "12户", ""]
)
def test_what_is_no_exact_amount_is_refused(form: str) -> None:
    with pytest.raises(EntryFault):
        figures.yuan(form)


@given(st.decimals(-99_999_999, 99_999_999, places=2), st.integers(0, 999_999), st.sampled_from("户人个天次"))
def test_what_the_program_prints_it_reads(yuan: Decimal, count: int, measure: str) -> None:
    assert figures.yuan(wording.money_words(yuan)) == yuan
    assert figures.yuan(f"{yuan:,}元") == yuan
    assert figures.whole(wording.count_words(count, measure), 0, 999_999) == count


def test_yes_and_no_are_ticked_in_many_ways() -> None:
    assert all(map(yes_no, ("是", "√", "Ｙ", "有", "已培训", 1, True)))
    assert not any(map(yes_no, ("否", "×", "无", "未", "n", 0, False)))
    with pytest.raises(EntryFault, match="应为 是 或 否"):
        yes_no("也许")


@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_calendar_that_any_program_saved_is_read(sign: str, encoding: str) -> None:
    data = TABLE.replace(",", sign).replace("\n", "\r\n").encode(encoding)
    assert [(str(day), works, note) for day, works, note in days.read(data)] == [
        ("2027-02-06", True, "春节调休"),
        ("2027-02-08", False, ""),
    ]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc_kr", "utf-7"])
def test_another_encoding_is_named_and_not_guessed(encoding: str) -> None:
    text = {"shift_jis": "日付,出勤,説明です。ひらがな", "euc_kr": "날짜,출근,설명"}.get(
        encoding, "日期,上班或休息,說明臺灣"
    )
    with pytest.raises(Refusal):
        days.read(text.encode(encoding))


def test_a_cut_file_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match="引号不成对"):
        days.read('日期,上班或休息,说明\n2027-02-06,上班,"春节'.encode())
    with pytest.raises(Refusal, match="编码无法识别"):
        days.read(codecs.BOM_UTF8 + b"\xff\xfe\xff")


def test_the_calendar_of_practice_is_read() -> None:
    """Case 10: a calendar after Excel saved it."""
    data = Path(__file__).with_name("calendar_from_excel.csv").read_bytes()
    assert [str(day) for day, _, _ in days.read(data)] == ["2027-02-06", "2027-02-08"]
    assert files.decoded(data).startswith("日期")
