"""No number of a table is torn where its column, or its neighbours, have the room."""

import io
from dataclasses import replace
from decimal import Decimal

import pdfplumber
import pytest

from inspections.typesetting.check import check
from inspections.typesetting.columns import column_widths
from inspections.typesetting.layout import PORTRAIT_MM
from inspections.typesetting.letter import Annex, Column, Table
from tests.typesetting.samples import plain, printed

AMOUNTS = ("12,345,678.90元", "123456789.01元", "1234567.89万元")


def table(amount: str, width: int) -> Table:
    columns = (Column("序号", Decimal(12)), Column("问题"), Column("金额", Decimal(width), "right"))
    rows = tuple((str(at), "抽查2025年工程支出凭证，3笔合计无验收单", amount) for at in range(1, 4))
    return Table(columns, rows)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_long_amount_in_a_narrow_column_stays_on_one_line(amount: str) -> None:
    annex = Annex("支出清单", table=table(amount, 18))
    data = printed(replace(plain(2), annexes=(annex,))).data
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        said = pdf.pages[-1].extract_text()
    assert said.count(amount) == 3
    assert [each for each in check(data) if not each.passed] == []


def test_widths_add_up_and_stay_as_stated_where_nothing_is_torn() -> None:
    short, long = (column_widths(table(amount, 30), PORTRAIT_MM) for amount in ("12元", AMOUNTS[0]))
    assert [round(each.millimetres) for each in short] == [12, 114, 30]
    for widths in (short, long, column_widths(table(AMOUNTS[0], 18), PORTRAIT_MM)):
        assert abs(sum(each.millimetres for each in widths) - PORTRAIT_MM) < Decimal("0.01")
        assert all(each.whole for each in widths)


def test_where_no_column_has_room_a_number_may_break_and_nothing_runs_over_a_rule() -> None:
    columns = tuple(Column(f"金额{at}") for at in range(8))
    crowded = Table(columns, (tuple("123,456,789,012.34元" for _ in columns),))
    assert not any(each.whole for each in column_widths(crowded, PORTRAIT_MM))
    data = printed(replace(plain(2), annexes=(Annex("支出清单", table=crowded),))).data
    assert "表格文字不压线" not in [each.name for each in check(data) if not each.passed]
