"""Official Chinese: dates, amounts, ordinals, masked names and document numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import wording


def test_a_date_has_no_leading_zeros() -> None:
    assert wording.date_words(date(2026, 3, 2)) == "2026年3月2日"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "2026年3月2日"),
        (date(2026, 3, 2), date(2026, 3, 13), "2026年3月2日至13日"),
        (date(2026, 3, 30), date(2026, 4, 3), "2026年3月30日至4月3日"),
        (date(2026, 12, 30), date(2027, 1, 3), "2026年12月30日至2027年1月3日"),
    ],
)
def test_a_period_says_shared_parts_once(start: date, end: date, words: str) -> None:
    assert wording.period_words(start, end) == words


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        wording.period_words(date(2026, 3, 2), date(2026, 3, 1))


def test_a_moment_is_shown_in_shanghai() -> None:
    assert wording.moment_words(datetime(2026, 10, 30, 16, 5, tzinfo=UTC)) == "2026年10月31日 00:05"
    with pytest.raises(ValueError, match="zone"):
        wording.moment_words(datetime(2026, 10, 30))  # noqa: DTZ001 - the refused case


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (0, "0元"),
        (3680, "3680元"),
        (Decimal("3680.50"), "3680.5元"),
        (10000, "1万元"),
        (Decimal("125000"), "12.5万元"),
        (Decimal("123400.00"), "12.34万元"),
        (Decimal("123456.78"), "123456.78元"),
        (-20000, "-2万元"),
    ],
)
def test_an_amount_is_in_wan_only_where_two_decimals_say_it_exactly(yuan: Decimal, words: str) -> None:
    assert wording.money_words(yuan) == words


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_no_amount_is_ever_rounded(yuan: Decimal) -> None:
    words = wording.money_words(yuan)
    factor = 10_000 if words.endswith("万元") else 1
    assert Decimal(words.removesuffix("元").removesuffix("万")) * factor == yuan


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")])
def test_parts_of_a_fen_are_refused(value: Decimal) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        wording.money_words(value)


def test_ordinals_follow_the_four_levels() -> None:
    assert [wording.ordinal(level, 12) for level in (1, 2, 3, 4)] == ["十二、", "（十二）", "12.", "（12）"]
    for level, number in ((0, 1), (5, 1), (1, 0)):
        with pytest.raises(ValueError, match=r"no|standard"):
            wording.ordinal(level, number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (20, "二十"),
        (21, "二十一"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
    ],
)
def test_chinese_numbers_read_as_spoken(number: int, words: str) -> None:
    assert wording.chinese_number(number) == words


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_no_two_numbers_read_the_same(one: int, other: int) -> None:
    assert (wording.chinese_number(one) == wording.chinese_number(other)) is (one == other)


def test_a_document_number_has_six_corner_brackets_and_no_padding() -> None:
    assert wording.document_number("清纪函", 2026, 8) == "清纪函〔2026〕8号"
    with pytest.raises(ValueError, match="below 1"):
        wording.document_number("清纪函", 2026, 0)


def test_lists_and_counts() -> None:
    assert wording.listed(["财政", "民政"]) == "财政、民政"
    assert wording.count_words(18, "个") == "18个"


@pytest.mark.parametrize(
    ("noted", "written"),
    [
        ("村民委员会组织法(2018)第30条", "《村民委员会组织法》（2018）第30条"),
        ("农村集体经济组织财务制度(财农〔2021〕121号)", "《农村集体经济组织财务制度》（财农〔2021〕121号）"),
        ("农村基层干部廉洁履行职责规定(2025修订)", "《农村基层干部廉洁履行职责规定》（2025修订）"),
        (
            "党委(党组)落实全面从严治党主体责任规定(2020)",
            "《党委（党组）落实全面从严治党主体责任规定》（2020）",
        ),
        ("中国共产党支部工作条例(试行)(2018)", "《中国共产党支部工作条例（试行）》（2018）"),
        ("中国共产党党务公开条例(试行)", "《中国共产党党务公开条例（试行）》"),
        ("党费收缴、使用和管理规定(中组发〔2008〕3号)", "《党费收缴、使用和管理规定》（中组发〔2008〕3号）"),
        (
            "土地管理法(2019)、农村土地承包法(2018)第3条和审计法(2021)",
            "《土地管理法》（2019）、《农村土地承包法》（2018）第3条和《审计法》（2021）",
        ),
        ("民法典第705条；农村土地承包法(2018)", "民法典第705条；《农村土地承包法》（2018）"),
        ("纪律处分条例(2023)；当地移风易俗规定", "《纪律处分条例》（2023）；当地移风易俗规定"),
        ("印章管理制度；村务档案(村组法第34条)", "印章管理制度；村务档案（村组法第34条）"),
        ("违反土地管理法(2019)", "违反《土地管理法》（2019）"),
        ("《村民委员会组织法》（2018）第30条", "《村民委员会组织法》（2018）第30条"),
        ("《清河县村级财务管理办法》第十一条", "《清河县村级财务管理办法》第十一条"),
        ("", ""),
    ],
)
def test_a_law_is_cited_with_its_book_title_marks(noted: str, written: str) -> None:
    assert wording.basis_words(noted) == written
    assert wording.basis_words(written) == written


@given(
    st.text(alphabet="村民委员会组织法条例规定办法意见通知（）()《》、；第30条2018〔〕号试行", max_size=60)
)
def test_citing_a_law_adds_title_marks_and_drops_nothing(text: str) -> None:
    bare = wording.full_width_brackets(text)
    cited = wording.basis_words(text)
    assert cited.replace("《", "").replace("》", "") == bare.replace("《", "").replace("》", "")
    assert cited.count("《") - bare.count("《") == cited.count("》") - bare.count("》")
