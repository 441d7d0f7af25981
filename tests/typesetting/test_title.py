"""Title lines: whole words, no line too long, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.typesetting.title import LONGEST_LINE, title_lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于交办问题的函", ["关于交办问题的函"]),
        (
            "关于交办清泉镇柳河村驻点监督检查发现问题的函",
            ["关于交办清泉镇柳河村", "驻点监督检查发现问题的函"],
        ),
        (
            "关于清泉镇2026年第二轮驻点监督检查情况的反馈意见",
            ["关于清泉镇2026年第二轮", "驻点监督检查情况的反馈意见"],
        ),
    ],
)
def test_a_title_breaks_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@given(st.text(alphabet="关于交办清泉镇的问题，、（）2026年函", min_size=1, max_size=120))
def test_joined_lines_are_the_title_and_none_is_too_long(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(0 < len(line) <= LONGEST_LINE for line in lines)


def test_no_line_begins_with_a_particle_or_closing_sign() -> None:
    title = "关于进一步加强农村集体资金、资产、资源管理（试点）的工作情况和有关问题的通报"
    assert all(line[0] not in "的和、）" and line[-1] not in "（" for line in title_lines(title))
