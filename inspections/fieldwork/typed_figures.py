"""A figure as somebody typed it into an answer: 3.68万, １２３４.５, 1,234.5元, 五户; the tablet reads alike.

`tests/fieldwork/figure_vectors.json` holds both to one result; whether the figure is within its limits is
asked of `values`.
"""

from decimal import Decimal

from inspections.fieldwork.values import Unfit
from inspections.reading import figures
from inspections.reading.typed import EntryFault

#: the units that may stand behind a figure of that type, besides none
ALLOWED = {
    "count": ("户", "人", "项"),
    "sample": ("户", "人", "项"),
    "days": ("天",),
    "money": ("元",),
    "ratio": ("%",),
}


def typed_figure(answer_type: str, text: str) -> int | str | None:
    """The value for the ledger: a whole number, or yuan or a share as text; None for nothing typed.

    A share is typed in percent: 5, 5% → "0.05". Raises Unfit.
    """
    if not text.strip():
        return None
    try:
        found = figures.figure(text)
    except EntryFault as fault:
        raise Unfit(f"{fault}。") from None
    if found.unit and found.unit not in ALLOWED[answer_type]:
        raise Unfit(f"“{text.strip()}”的单位不对，应为{'、'.join(ALLOWED[answer_type])}。")
    if answer_type == "ratio":
        return plain(found.value / 100)
    if answer_type == "money":
        return plain(found.value)
    if found.value != found.value.to_integral_value():
        raise Unfit("请填写整数。")
    return int(found.value)


def plain(number: Decimal) -> str:
    """The number as text, without zeros that say nothing: 1234.50 → 1234.5."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
