"""Every full line ends at the right edge, none starts or ends with a forbidden sign, no sign is lost."""

import random

import pytest

from inspections.typesetting.composer import NO_END, NO_START, compose

WIDTH, FIRST = 28.0, 26.0


def half(char: str) -> float:
    """Figures and Latin letters half an em wide, everything else a whole one."""
    return 0.5 if "!" <= char <= "~" else 1.0


def uneven(char: str) -> float:
    """Widths as of a font whose figures are not half an em."""
    return 0.557 if char.isdigit() else 0.62 if "!" <= char <= "~" else 1.0


HAN = (
    "驻点监督检查发现问题村务公开资金台账合同流转补贴低保整改落实会议记录签字审批发放承包租金收缴入账手续完备"
)
PIECES = (
    *HAN,
    *("，", "。", "、", "；", "：", "“", "”", "（", "）", "《", "》", "——", "……", "〔2026〕", "%"),
    *("2025年", "3.68万元", "12600.50元", "20笔", "10月30日", "36户", "GB/T 9704", "V-B-07", "Excel"),
)


def paragraph(rng: random.Random) -> str:
    """A random paragraph; opening and closing signs stand as chance puts them."""
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 160)))
    return text.lstrip("".join(NO_START)) or "空"


def line_width(line, advance) -> float:
    glyphs = "".join(run.text for run in line.runs)
    spaces = [run.spacing for run in line.runs for _ in run.text]
    return sum(map(advance, glyphs)) + sum(spaces[:-1])


def check(text: str, advance) -> int:
    """How many lines the paragraph has; every promise holds for each."""
    lines = compose(text, WIDTH, FIRST, advance)
    assert "".join(line.text for line in lines) == text
    for number, line in enumerate(lines):
        room = FIRST if number == 0 else WIDTH
        width = line_width(line, advance)
        assert line.full is (number < len(lines) - 1)
        if line.full:
            assert width == pytest.approx(room, abs=1e-6), line.text
        else:
            assert width <= room + 1e-6
    return len(lines)


def forbidden(text: str, advance) -> list[str]:
    """Lines that start or end with a forbidden sign."""
    lines = compose(text, WIDTH, FIRST, advance)
    bad = [line.text for line in lines[1:] if line.text[0] in NO_START]
    return bad + [line.text for line in lines[:-1] if line.text[-1] in NO_END]


def sensible(rng: random.Random) -> str:
    """A paragraph as people write it: clauses of Chinese with a sign at the end of each."""
    clauses = []
    for _ in range(rng.randint(1, 14)):
        words = "".join(rng.choice(HAN) for _ in range(rng.randint(2, 18)))
        number = rng.choice(("", "2025年", "3.68万元", "12600.50元", "20笔", "36户", "V-B-07"))
        quoted = rng.choice(("{}", "{}", "“{}”", "（{}）", "《{}》", "{}——"))
        clauses.append(quoted.format(words + number))
    return rng.choice(("，", "、", "；", "：")).join(clauses) + "。"


@pytest.mark.parametrize("advance", [half, uneven])
def test_random_paragraphs_fill_every_line_and_lose_no_sign(advance) -> None:
    rng = random.Random(9704)
    assert sum(check(paragraph(rng), advance) for _ in range(2500)) > 5_000


@pytest.mark.parametrize("advance", [half, pytest.param(uneven, marks=pytest.mark.soak)])
def test_paragraphs_of_prose_have_no_forbidden_start_or_end(advance) -> None:
    rng = random.Random(2012)
    for _ in range(2500):
        text = sensible(rng)
        check(text, advance)
        assert forbidden(text, advance) == []


def test_no_line_is_stretched_or_squeezed_beyond_what_a_reader_would_notice() -> None:
    rng = random.Random(7)
    widest = 0.0
    for _ in range(500):
        for line in compose(sensible(rng), WIDTH, FIRST, half)[:-1]:
            widest = max(widest, *(abs(run.spacing) for run in line.runs))
    assert widest <= 0.9


@pytest.mark.parametrize("whole", ["——", "……", "12600.50元", "2025年", "Excel"])
def test_dashes_numbers_with_units_and_latin_words_are_never_torn(whole: str) -> None:
    for before in range(20, 32):
        text = "驻" * before + whole + "点" * 40
        assert any(whole in line.text for line in compose(text, WIDTH, FIRST, half))


def test_the_gap_inside_a_dash_is_never_stretched() -> None:
    for line in compose("驻" * 20 + "——" + "点" * 60, WIDTH, FIRST, half):
        for run in line.runs:
            if "——" in run.text:
                assert run.spacing == 0 or not run.text.startswith("——") or len(run.text) == 1


def test_a_word_longer_than_a_line_is_broken_rather_than_lost() -> None:
    text = "见" + "a" * 200 + "。"
    lines = compose(text, WIDTH, FIRST, half)
    assert "".join(line.text for line in lines) == text
    assert all(line_width(line, half) <= WIDTH + 1e-6 for line in lines)


def test_twenty_thousand_signs_are_composed_and_nothing_is_a_paragraph_without_lines() -> None:
    text = sensible(random.Random(1)) * 400
    assert check(text[:20_000], half) > 500
    assert compose("", WIDTH, FIRST, half) == []
