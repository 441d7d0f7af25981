"""Puts typed texts into the signs of GB/T 15834 and all amounts of a letter into one unit; adds no word."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from inspections.typesetting.letter import (
    Annex,
    Block,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Pictures,
    Table,
    texts,
)
from inspections.wording import chinese_number, decimal_words

#: a half-width sign beside a 汉字, and its full form
_FULL = dict(zip(",;:!?()", "，；：！？（）", strict=True))
_BESIDE = re.compile(r"(?<=[一-龥》”）])[,;:!?()]|[,;:!?()](?=[一-龥《“（])")
#: (what is typed, what stands in a letter), in this order
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.{3,}|。{3,}"), "……"),
    (re.compile(r"(?<=[一-龥）])--+(?=[一-龥（])"), "——"),
    (re.compile(r"(?<=[一-龥》”）])\.(?=$|[一-龥《“])"), "。"),
    (re.compile(r"([，、；：])[，、；：]+"), r"\1"),
    (re.compile(r"[，、；：]+(?=。)|(?<=。)[，、；。]+"), ""),
)
_QUOTED = re.compile(r"\"([^\"]*)\"")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]、?|\d{1,2}(?:、|[.．](?!\d))"
    r"|[（(]\d{1,2}[）)]|[一二三四五六七八九十]{1,3}是(?=[一-龥]))\s*"
)
#: 《…》（2018）第30条: a letter names no year and counts articles in 汉字
_YEAR = re.compile(r"(?<=》)（(?:19|20)\d{2}(?:年)?(?:修订|修正)?）(?=第)")
_ARTICLE = re.compile(r"第(\d{1,4})(?=[条款项])")
_TEN_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)万元")
_YUAN = re.compile(r"\d元")


def tidied(letter: Letter) -> Letter:
    """The letter with full-width signs, paired quotes, canonical citations and one unit of money.

    Where some amounts stand in 元 and some in 万元, all stand in 元, exactly.
    """
    tidy = _each(letter, signs)
    said = "\n".join(text for _, text in texts(tidy))
    return _each(tidy, in_yuan) if _TEN_THOUSANDS.search(said) and _YUAN.search(said) else tidy


def signs(text: str) -> str:
    """The text with the signs that GB/T 15834 has for it; what stands between figures stays."""
    text = _BESIDE.sub(lambda sign: _FULL[sign.group()], text)
    text = _QUOTED.sub(r"“\1”", text)
    for typed, written in _SIGNS:
        text = typed.sub(written, text)
    text = _YEAR.sub("", text)
    return _ARTICLE.sub(lambda article: f"第{_numeral(int(article[1]))}", text)


def in_yuan(text: str) -> str:
    """The text with every amount of 万元 in 元; one that 元 cannot say to the fen stays."""

    def exactly(amount: re.Match[str]) -> str:
        yuan = Decimal(amount[1]) * 10_000
        return f"{decimal_words(yuan)}元" if yuan == yuan.quantize(Decimal("0.01")) else amount.group()

    return _TEN_THOUSANDS.sub(exactly, text)


def unnumbered(text: str) -> str:
    """A typed item without its own ordinal: the letter numbers its items itself."""
    return _ORDINAL.sub("", text.strip())


def _numeral(number: int) -> str:
    return chinese_number(number) if number else "零"


def _each(letter: Letter, change: Callable[[str], str]) -> Letter:
    """The letter with its title, blocks and annexes changed; head, number and addresses stay."""
    return replace(
        letter,
        title=change(letter.title),
        body=tuple(_block(block, change) for block in letter.body),
        annexes=tuple(
            Annex(
                change(annex.title),
                _table(annex.table, change) if annex.table else None,
                tuple(_block(block, change) for block in annex.body),
            )
            for annex in letter.annexes
        ),
    )


def _block(block: Block, change: Callable[[str], str]) -> Block:
    match block:
        case Heading(level, text):
            return Heading(level, change(text))
        case Paragraph(text):
            return Paragraph(change(text))
        case Table():
            return _table(block, change)
        case Figure(caption, bars):
            return Figure(change(caption), bars)
        case Pictures():
            return block


def _table(table: Table, change: Callable[[str], str]) -> Table:
    return replace(table, rows=tuple(tuple(change(cell) for cell in row) for row in table.rows))
