"""Official Chinese for dates, amounts, counts, ordinals and document numbers.

Pure functions used by pages and papers alike; it reads no record, no clock and no setting.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_DIGITS = "零一二三四五六七八九"
_LAW_ENDS = "法|条例|规定|办法|制度|准则|细则|规则|规范|意见|通知"
#: a law's name from the start of a clause to its year or document number; 、 may stand inside one name,
#: but not after another law or article
_LAW = re.compile(
    r"(?P<lead>^|[；;。，,]|(?<=[）条款项》])[、和与及])(?P<verb>(?:依据|根据|按照|违反|不符合|参照|见)?)"
    rf"(?P<name>(?:(?!(?:{_LAW_ENDS}|[条款项])[、和与及；])[一-龥“”、（）])*?(?:{_LAW_ENDS})(?:（试行）|（暂行）)?)"
    r"(?=（(?:\d{4}|[^（）《》]{1,12}〔\d{4}〕\d+号)|(?<=行）)(?:第|$|[；。，、]))"
)
_FULL_WIDTH = str.maketrans("()", "（）")


def full_width_brackets(text: str) -> str:
    """The text with （） for (), as Chinese running text has them."""
    return text.translate(_FULL_WIDTH)


def basis_words(text: str) -> str:
    """《村民委员会组织法》（2018）第30条: the 定性依据 as a letter writes it; only signs change.

    Brackets become full-width; a law named with its year, document number or （试行） gets 《》. A name
    without any of these stays bare: 有关管理办法 may be no law at all.
    """
    return _LAW.sub(r"\g<lead>\g<verb>《\g<name>》", full_width_brackets(text))


def date_words(day: date) -> str:
    """2026年10月30日: Arabic figures, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(start: date, end: date) -> str:
    """2026年3月2日至13日: what both days share is said once; one day alone when they are equal.

    Raises ValueError when the period ends before it starts.
    """
    if end < start:
        raise ValueError(f"a period cannot end ({end}) before it starts ({start})")
    if start == end:
        return date_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{date_words(start)}至{end.day}日"
    if start.year == end.year:
        return f"{date_words(start)}至{end.month}月{end.day}日"
    return f"{date_words(start)}至{date_words(end)}"


def moment_words(moment: datetime) -> str:
    """2026年10月30日 17:05 in Asia/Shanghai. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    local = moment.astimezone(SHANGHAI)
    return f"{date_words(local.date())} {local:%H:%M}"


def decimal_words(value: Decimal | int) -> str:
    """Plain digits without trailing zeros: Decimal("12.50") → 12.5. Raises ValueError past two decimals."""
    exact = Decimal(value)
    if not exact.is_finite() or exact.quantize(Decimal("0.01")) != exact:
        raise ValueError(f"more than two decimals: {value}")
    text = f"{exact:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def money_words(yuan: Decimal | int) -> str:
    """3680元, 12.5万元, 123456.78元: 万元 only where two decimals say the amount exactly.

    Nothing is ever rounded: an amount in a letter must equal the one in the working paper.
    Raises ValueError for parts of a fen.
    """
    exact, digits = Decimal(yuan), decimal_words(yuan)
    if abs(exact) >= 10_000 and exact % 100 == 0:
        return f"{decimal_words(exact / 10_000)}万元"
    return f"{digits}元"


def count_words(number: int, measure: str) -> str:
    """18个, 121户: Arabic figures, the measure word follows without a space."""
    return f"{number}{measure}"


def listed(words: Sequence[str]) -> str:
    """财政、民政、农业农村: items of one kind joined by the enumeration comma."""
    return "、".join(words)


def chinese_number(number: int) -> str:
    """一, 十, 十一, 二十, 一百零一: 1 to 9999. Raises ValueError outside that range."""
    if not 1 <= number <= 9999:
        raise ValueError(f"no ordinal for {number}")
    words, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = False
    return words.removeprefix("一") if words.startswith("一十") else words


def ordinal(level: int, number: int) -> str:
    """一、 / （一） / 1. / （1） for the levels 1 to 4 (GB/T 9704-2012, 7.3.3).

    Raises ValueError for another level or a number below 1.
    """
    if number < 1:
        raise ValueError(f"no ordinal for {number}")
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    if level == 3:
        return f"{number}."
    if level == 4:
        return f"（{number}）"
    raise ValueError(f"the standard knows the levels 1 to 4, not {level}")


def digest_words(digest: str) -> str:
    """A hash in groups of eight: easier to compare, and no run of figures that looks like a card number."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def document_number(code: str, year: int, number: int) -> str:
    """清纪函〔2026〕18号: six-corner brackets, no 第, no leading zero (GB/T 9704-2012, 7.2.5)."""
    if number < 1:
        raise ValueError(f"no document number below 1: {number}")
    return f"{code}〔{year}〕{number}号"
