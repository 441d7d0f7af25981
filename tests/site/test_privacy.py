"""Numbers of persons are found however they are typed; other numbers of the trade are left alone."""

import pytest

from inspections.site.privacy import private_number


@pytest.mark.parametrize(
    "text",
    [
        "身份证110101199003070011",
        "身份证11010119900307001X。",
        "身份证 110101 19900307 001x",
        "１１０１０１１９９００３０７００１１",
        "老证110101900307001",
        "卡号6222021234567890",
        "卡号6222021234567890123",
        "卡号 6222 0212 3456 7890 123",
        "卡号6222-0212-3456-7890",
    ],
)
def test_a_persons_number_is_found(text: str) -> None:
    assert private_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 2026-03-13 查阅凭证",
        "数电发票 25422000000012345678",
        "联系电话 0714-8721234",
        "统一社会信用代码 91420281MA49ABCD12",
        "金额 123456789012.50 元",
        "凭证 2026031200015",
        "",
    ],
)
def test_a_number_of_the_trade_is_left_alone(text: str) -> None:
    assert private_number(text) is None
