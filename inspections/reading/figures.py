"""Figures as people write them, full width, with 万, 元, 亩, 户 or in Chinese: read exactly or not at all."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from inspections.reading.chinese import arabic
from inspections.reading.typed import EntryFault, narrow, quoted

#: what multiplies: 1.2万, 3亿
SMALL = {"": 1, "十": 10, "百": 100, "千": 1_000}
LARGE = {"": 1, "万": 10_000, "亿": 100_000_000}
#: words of one unit; the first is the one that is stored
UNITS = {
    "元": ("元", "块", "块钱", "元整", "圆", "RMB", "CNY"),
    "亩": ("亩",),
    "公顷": ("公顷", "HA"),
    "平方米": ("平方米", "㎡", "M2", "平米", "平方"),
    "户": ("户",),
    "人": ("人", "名", "口"),
    "项": ("项", "个", "次", "项次", "件", "例", "笔", "处", "宗", "份", "条", "张", "起", "批"),
    "天": ("天", "日"),
    "%": ("%", "个百分点"),
}
_UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
FIGURE = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d+(?:\.\d+)?|\.\d+)(?P<small>[十百千]?)(?P<large>[万亿]?)(?P<unit>[^\d.]*)"
)
GROUPS = re.compile(r"(?<=\d)[, _'](?=\d{3}(?!\d))")
ABOUT = re.compile("约|左右|余|多|近|上下|大概|不到|以上|以下|[?？~]")
FRONT = re.compile(r"^(?:人民币|RMB|CNY|¥|￥|共计?|计|合计)")


class Figure(NamedTuple):
    """An exact number and the unit that was said with it; empty where none was."""

    value: Decimal
    unit: str


def figure(value: Any) -> Figure:
    """1,234.50元 → 1234.50 元; 1.2万 → 12000; 十二户 → 12 户. Raises EntryFault: also for 约 and 余."""
    text = re.sub(r"\s+(?=\D)|(?<=\D)\s+", "", arabic(GROUPS.sub("", narrow(value).upper())))
    text = GROUPS.sub("", FRONT.sub("", text))
    if ABOUT.search(text):
        raise EntryFault(f"{quoted(value)}不是准确的数字，应写准确的数字")
    match = FIGURE.fullmatch(text)
    unit = match["unit"] if match else ""
    if match is None or (unit and unit not in _UNIT_OF):
        raise EntryFault(f"{quoted(value)}不是数字，应写成 1200、1,200 或 1.2万")
    number = Decimal(match["sign"] + match["digits"]) * SMALL[match["small"]] * LARGE[match["large"]]
    return Figure(number, _UNIT_OF.get(unit, ""))


def whole(value: Any, low: int, high: int, units: tuple[str, ...] = tuple(UNITS)) -> int:
    """A whole number within the limits, with or without its unit. Raises EntryFault."""
    try:
        found = figure(value)
    except EntryFault:
        found = Figure(Decimal("NaN"), "")
    fits = (
        found.value.is_finite()
        and found.value == found.value.to_integral_value()
        and low <= found.value <= high
    )
    if not fits or (found.unit and found.unit not in units):
        raise EntryFault(f"{quoted(value)}不符，应为 {low} 至 {high} 的整数")
    return int(found.value)


def yuan(value: Any) -> Decimal:
    """An amount in yuan: 1.2万元, ￥1,234.50, 三千元; two decimals at most. Raises EntryFault."""
    return _exact(value, "元", 2, "金额，应写成 1234.50、1,234.50元 或 1.2万元")


def mu(value: Any) -> Decimal:
    """An area in mu: 3.2亩; 公顷 and 平方米 are converted where that is exact. Raises EntryFault."""
    found = figure(value)
    if found.unit == "公顷":
        return found.value * 15
    if found.unit == "平方米":
        raise EntryFault(f"{quoted(value)}是平方米，请换算成亩后填写")
    return _exact(value, "亩", 4, "面积，应写成 3.2 或 3.2亩")


def share(value: Any) -> Decimal:
    """A share: 5% → 0.05; a number without % is the share itself. Raises EntryFault."""
    found = figure(value)
    if found.unit not in ("", "%"):
        raise EntryFault(f"{quoted(value)}不是比例，应写成 5%")
    return found.value / 100 if found.unit == "%" else found.value


def _exact(value: Any, unit: str, places: int, expected: str) -> Decimal:
    found = figure(value)
    if found.unit not in ("", unit):
        raise EntryFault(f"{quoted(value)}不是{expected}")
    if found.value != round(found.value, places):
        raise EntryFault(f"{quoted(value)}的小数过多，最多 {places} 位")
    return found.value
