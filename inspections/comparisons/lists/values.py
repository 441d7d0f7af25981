"""Cells as months, days, money and measures; None for what is none. Everything is text until it
comes here."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

#: an end that is not yet known; months compare as numbers
OPEN = {"", "-", "—", "/", "至今", "长期", "无", "未定", "今", "现在"}
_DAY = re.compile(r"((?:19|20)\d\d)[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T\s].*)?")
_MONTH = re.compile(r"((?:19|20)\d\d)[-/.年]?(\d{1,2})月?份?")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.0+)?")
_EXCEL = dt.date(1899, 12, 30)


def bare(text: str) -> str:
    """The text in half width without blanks around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def day(text: str) -> dt.date | None:
    """The day a cell names, also as Excel's serial number; a month alone counts as its first day."""
    text = bare(text)
    try:
        if match := _DAY.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if _SERIAL.fullmatch(text):
            return _EXCEL + dt.timedelta(days=int(float(text)))
        if match := _MONTH.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None
    return None


def month(text: str) -> int | None:
    """The month a cell names as year * 12 + month - 1; `9999-12` and the like are open ends: None."""
    text = bare(text)
    if match := _MONTH.fullmatch(text):
        number = int(match[2])
        return int(match[1]) * 12 + number - 1 if 1 <= number <= 12 else None
    found = day(text)
    return found.year * 12 + found.month - 1 if found else None


def year(text: str) -> int | None:
    """The year a cell names."""
    match = re.match(r"((?:19|20)\d\d)(?:年|年度|\.0)?(?:$|[-/.年])", bare(text))
    return int(match[1]) if match else None


def number(text: str) -> float | None:
    """A number; per cent and halves (1/2) as parts of one."""
    text = bare(text).replace(",", "").replace("亩", "").replace("平方米", "").replace("㎡", "")
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        if "/" in text:
            above, below = text.split("/", 1)
            return float(above) / float(below)
        found = float(text)
    except (ValueError, ZeroDivisionError):
        return None
    return found if abs(found) < 1e12 else None


def money(text: str) -> int | None:
    """An amount in 分; `（100）` is negative, 万元 counts ten thousand."""
    text = bare(text).replace(",", "").replace("¥", "").replace("￥", "").replace("元", "")
    factor = 10_000 if text.endswith("万") else 1
    text = text.removesuffix("万")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    try:
        amount = Decimal(text) * factor * 100
        return int(amount.to_integral_value()) if abs(amount) < 10**14 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def township(text: str) -> str:
    """A township's name without what offices add to it or leave out."""
    name = re.sub(r"\s|人民政府|办事处", "", bare(text))
    return re.sub(r"(?<=..)(街道|镇|乡|管理区|农场)$", "", name)


def village(text: str) -> str:
    """A village's name without what offices add to it or leave out."""
    name = re.sub(r"\s|委员会$|委会$|委$", "", bare(text))
    return re.sub(r"(?<=..)(社区居民|社区居|村民|居民|社区|行政村|村|居)$", "", name)
