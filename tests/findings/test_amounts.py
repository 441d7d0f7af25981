"""An amount is read in one way on every form: in a working paper, a rectification, a check at a door."""

from decimal import Decimal

import pytest

from inspections.findings.forms import yuan


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12,345.60", "12345.60"),
        ("1.2万元", "12000"),
        ("４８６０元", "4860"),
        ("￥1，234.5", "1234.5"),
        ("  ", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, amount: str | None) -> None:
    assert yuan(typed) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("typed", ["很多", "3亩", "NaN", "Infinity", "约500"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        yuan(typed)
