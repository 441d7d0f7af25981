"""Finds identity and bank card numbers in text: neither may ever be stored.

It names what it found and never repeats the number; phone numbers and codes of places pass.
"""

import re

_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
#: 18 places with the birth date in the middle, or the old form of 15; a wrong check digit is still somebody's
_IDENTITY = re.compile(rf"(?<!\d)[1-9]\d{{5}}(?:(?:19|20)\d\d{_DATE}\d{{3}}[\dXx]|\d\d{_DATE}\d{{3}})(?!\d)")
#: 62 is UnionPay; other issuers are told from plain numbers by their check digit
_CARD = re.compile(r"(?<!\d)[3-6]\d{15,18}(?!\d)")
_GAPS = re.compile(r"(?<=\d)[ \-\u00a0\u3000](?=[\dXx])")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


def private_number(text: str) -> str | None:
    """身份证号 or 银行卡号 when the text holds what looks like one, however it is spaced; else None."""
    if len(text) < 15:
        return None
    plain = text.translate(_FULL_WIDTH)
    joined = _GAPS.sub("", plain)
    if _IDENTITY.search(plain) or _IDENTITY.search(joined):
        return "身份证号"
    if any(found.startswith("62") or _luhn(found) for found in _CARD.findall(joined)):
        return "银行卡号"
    return None


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
