"""What a text cites, and how a letter writes a citation: 《…法》第三十条第二款. Plain values, no table."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspections.wording import chinese_number

_NUMERAL = "零〇一二三四五六七八九十百千"
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000}
#: what may follow a title before its article: 》, and brackets with a year, a number or 试行
_TAIL = r"》?(?P<bracket>(?:[（(][^（）()]{1,24}[）)])*)"
_ONE = rf"(?:\d+|[{_NUMERAL}]+)"
_ARTICLES = (
    rf"(?P<articles>(?:[、和及至]?第?{_ONE}(?:(?:[、和至]|-){_ONE})*条"
    rf"(?:之[{_NUMERAL}]+)?(?:第[{_NUMERAL}、]+[款项])*)*)"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NUMBERS = re.compile(rf"第?({_ONE}(?:(?:[、和至]|-){_ONE})*)条")
_STATE = "中华人民共和国"
_COUNTY = "本县有关规定（名称和文号待录入）"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an instrument as the library knows it; days are inclusive."""

    code: str
    title: str
    short_title: str
    number: str
    year: int | None
    since: dt.date | None
    until: dt.date | None
    replaces: str
    articles: int | None
    applies_to: str
    state: str
    #: the numbers of the articles whose wording was read, and where they stood before
    read: frozenset[str] = frozenset()
    moved: tuple[tuple[str, str], ...] = ()

    def holds(self, day: dt.date) -> bool:
        """Whether it was in force on that day, as far as its dates say; never without a first day."""
        if self.since is None:
            return self.state not in ("superseded", "not_yet")
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names an instrument: the words, its versions, the year and articles it gives."""

    words: str
    versions: tuple[Version, ...]
    year: int | None
    articles: tuple[int, ...]


def mentions(text: str, library: Iterable[Version]) -> list[Mention]:
    """Every instrument that the text names, by full or short title, in the order of the text."""
    names: dict[str, list[Version]] = {}
    for version in library:
        for name in {version.title, version.title.removeprefix(_STATE), version.short_title} - {""}:
            names.setdefault(name, []).append(version)
    if not names:
        return []
    longest = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"《?(?:{_STATE})?(?P<name>{longest}){_TAIL}{_ARTICLES}")
    found = []
    for match in pattern.finditer(text):
        year = _YEAR.search(match["bracket"])
        found.append(
            Mention(
                match[0].strip("、和及至"),
                tuple(names[match["name"]]),
                int(year[0]) if year else None,
                tuple(_articles(match["articles"])),
            )
        )
    return found


def words(references: Sequence[str], library: dict[str, Version]) -> str:
    """《A》第十一条第一款、第三十五条；《B》第八条 for CODE#11.第一款, CODE#35, OTHER#8.

    COUNTY stands for a rule that the county has to enter. Raises KeyError for an unknown code.
    """
    places: dict[str, list[str]] = {}
    for reference in references:
        code, _, place = reference.partition("#")
        places.setdefault(code, []).extend([_place(place)] if place else [])
    return "；".join(
        (_COUNTY if code == "COUNTY" else title(library[code])) + "、".join(articles)
        for code, articles in places.items()
    )


def title(version: Version) -> str:
    """《最低生活保障审核确认办法》（民发〔2021〕57号): the name as a letter first writes it."""
    return f"《{version.title}》" + (f"（{version.number}）" if version.number else "")


def number(numeral: str) -> int:
    """30 for 三十 or 30. Raises KeyError for anything else."""
    if numeral.isdecimal():
        return int(numeral)
    total = digit = 0
    for sign in numeral:
        if sign in _POWERS:
            total += (digit or 1) * _POWERS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def _place(place: str) -> str:
    article, _, clause = place.partition(".")
    return f"第{chinese_number(int(article))}条{clause}" if article.isdecimal() else place


def _articles(text: str) -> list[int]:
    """30, 31 and 34 of 第三十条至第三十一条、第34条; a range names its ends and what lies between."""
    found: list[int] = []
    for group in _NUMBERS.findall(text):
        for part in re.split("[、和]", group):
            ends = [number(end) for end in re.split("至|-", part)]
            found += range(ends[0], ends[-1] + 1) if ends[0] <= ends[-1] else ends
    return found
