"""Finds identity and bank card numbers in what somebody typed: neither may ever be stored or printed.

It names what it found and never repeats the number; names, phone numbers and codes of places pass.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

SENTENCE = "不得录入身份证号、银行卡号，请删去后再保存。"

#: no shorter text holds one
SHORTEST = 15
#: what every card of the country's own network begins with
UNIONPAY = "62"
_DAY = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
#: 18 places with the birth date in the middle, or the old form of 15; a wrong check digit is still somebody's
IDENTITY = re.compile(rf"(?<!\d)[1-9]\d{{5}}(?:(?:19|20){_DAY}\d{{3}}[\dX]|{_DAY}\d{{3}})(?!\d)")
#: whole runs of digits only: the 20 digits of an electronic invoice are no card
CARD = re.compile(r"(?<!\d)[3-6]\d{15,18}(?!\d)")
#: a sum of a file or the name of a record; figures alone may be two numbers of people
DIGEST = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{32,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: digits with what people put between them
RUN = re.compile(r"\d(?:[ \-]?[\dXx]){14,}")
GAP = re.compile(r"(?<=\d)[ \-](?=[\dX])")


def private_number(text: str) -> str | None:
    """身份证号 or 银行卡号 when the text holds what looks like one, however it is spaced; else None."""
    if len(text) < SHORTEST:
        return None
    plain = unicodedata.normalize("NFKC", text).upper()
    joined = GAP.sub("", plain)
    if IDENTITY.search(plain) or IDENTITY.search(joined):
        return "身份证号"
    # issuers other than this one are told from plain numbers by their check digit
    if any(
        found.startswith(UNIONPAY) or _luhn(found) for found in CARD.findall(plain) + CARD.findall(joined)
    ):
        return "银行卡号"
    return None


def blotted(text: str) -> str:
    """The text with every such number, however it is spaced, replaced by the name of its kind in brackets."""
    if private_number(text) is None:
        return text
    plain = unicodedata.normalize("NFKC", text)
    marked = RUN.sub(_blot, plain)
    # what no pattern takes out by itself goes as a whole: better a gap in a note than a number in a file
    return marked if private_number(marked) is None else _mark(private_number(marked))


def blotted_in(said: Any) -> Any:
    """The same JSON with every such number blotted, in texts, figures and keys; digests and uuids pass."""
    if isinstance(said, Mapping):
        return {str(blotted_in(key)): blotted_in(each) for key, each in said.items()}
    if isinstance(said, list | tuple):
        return [blotted_in(each) for each in said]
    if isinstance(said, str):
        return said if DIGEST.fullmatch(said) else blotted(said)
    if isinstance(said, int | float) and not isinstance(said, bool) and private_number(str(said)):
        return blotted(str(said))
    return said


def _blot(found: re.Match[str]) -> str:
    kind = private_number(found[0])
    return found[0] if kind is None else _mark(kind)


def _mark(kind: str | None) -> str:
    return f"［{kind}］"


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
