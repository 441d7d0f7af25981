"""What a clerk holds against a letter before 核稿: days in order, counts and sums that agree, one unit.

It reads the finished letter alone, as whoever receives it does; it changes nothing and asks no record.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from inspections.typesetting.letter import Heading, Letter, Paragraph, Table, texts
from inspections.wording import date_words

_D = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_PLAN = re.compile(rf"请于{_D}前将整改方案")
_DONE = re.compile(rf"全部问题于{_D}前整改到位")
_OUTCOME = re.compile(rf"{_D}前将整改情况书面报送")
_ANY_DAY = re.compile(_D)
_FOUND = re.compile(r"发现问题(\d+)个")
_AT_ONCE = re.compile(r"其中立行立改(\d+)个")
_OF_KIND = re.compile(r"方面（(\d+)个）$")
_NOTHING = re.compile(r"\b0/0\b|—（0")
_OLD_CITATION = re.compile(r"》（(?:19|20)\d{2}）第|第\d+条")
_STRAIGHT = re.compile(r"[\"']|(?<=[一-龥])[,;:!?()]|[,;:!?()](?=[一-龥])")
_TWICE = re.compile(
    r"^(?:[一二三四五六七八九十]+、){2}|^(?:（[一二三四五六七八九十]+）){2}|^[一二三四五六七八九十]+是"
    r"(?:[一二三四五六七八九十]+(?:、|是)|（[一二三四五六七八九十]+）)"
)
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.(?!\d))")
_PAIRS = {"）": "（", "”": "“", "》": "《"}
_COUNTY_COMMITTEE = re.compile(r"^中共[^镇乡街道]{2,8}[县市区]委(?:员会)?$")
#: kinds that go down or sideways, never to the county's own Party committee
_DOWNWARD = ("handover", "feedback", "reminder", "advice")
#: kinds that go up
_UPWARD = ("round_report",)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place of the letter by its JSON path, and what does not agree there, in one sentence."""

    path: str
    sentence: str

    @property
    def place(self) -> str:
        """正文第3段, 附件1表第2行: where a reader finds it."""
        return place_words(self.path)


Rule = Callable[[str, Letter], Iterator[Contradiction]]


def contradictions(kind: str, letter: Letter) -> list[Contradiction]:
    """Everything in which the letter does not agree with itself or with the rules of its kind, in order."""
    return [each for rule in RULES for each in rule(kind, letter)]


def place_words(path: str) -> str:
    """The JSON path in the words of the page."""
    if found := re.match(r"body\[(\d+)\](?:\.table\.rows\[(\d+)\])?", path):
        row = f"表第{int(found[2]) + 1}行" if found[2] else ""
        return f"正文第{int(found[1]) + 1}段{row}"
    if found := re.match(r"annexes\[(\d+)\](?:\.table\.rows\[(\d+)\])?", path):
        row = f"表第{int(found[2]) + 1}行" if found[2] else ""
        return f"附件{int(found[1]) + 1}{row}"
    return {"number": "发文字号", "to": "主送机关", "title": "标题"}.get(path.split("[")[0], "全文")


def _paragraphs(letter: Letter) -> Iterator[tuple[str, str]]:
    for at, block in enumerate(letter.body):
        if isinstance(block, Paragraph):
            yield f"body[{at}].para", block.text


def _days(pattern: re.Pattern[str], letter: Letter) -> Iterator[tuple[str, dt.date]]:
    for path, text in _paragraphs(letter):
        for found in pattern.finditer(text):
            yield path, dt.date(*map(int, found.groups()))


def _listed_days(letter: Letter) -> Iterator[tuple[str, dt.date]]:
    """The day of each row of the list of problems."""
    for path, table in _tables(letter):
        titles = [column.title for column in table.columns]
        if {"底稿编号", "整改时限"} <= set(titles):
            for at, row in enumerate(table.rows):
                if day := _ANY_DAY.fullmatch(row[titles.index("整改时限")]):
                    yield f"{path}.rows[{at}]", dt.date(*map(int, day.groups()))


def _days_in_order(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    """Letter ≤ plan ≤ everything done ≤ outcome reported; no row later than the day everything is done."""
    plans, done, outcomes = (list(_days(one, letter)) for one in (_PLAN, _DONE, _OUTCOME))
    listed = list(_listed_days(letter))
    for path, day in (*plans, *outcomes):
        if letter.date is not None and day < letter.date:
            yield Contradiction(path, f"要求的{date_words(day)}早于成文日期{date_words(letter.date)}。")
    for path, outcome in outcomes:
        for _, last in done:
            if outcome < last:
                said = f"{date_words(outcome)}报送整改情况，早于{date_words(last)}整改到位。"
                yield Contradiction(path, said)
        for _, plan in plans:
            if outcome < plan:
                said = f"{date_words(outcome)}报送整改情况，早于{date_words(plan)}报送整改方案。"
                yield Contradiction(path, said)
    for path, plan in plans:
        yield from (
            Contradiction(path, f"{date_words(plan)}报送整改方案，晚于{date_words(last)}整改到位。")
            for _, last in done
            if plan > last
        )
    for path, last in done:
        latest = max((day for _, day in listed), default=last)
        if latest != last:
            said = f"正文写{date_words(last)}前整改到位，清单中最晚的时限是{date_words(latest)}。"
            yield Contradiction(path, said)


def _counts_agree(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    """The number in the text is that of the headings and of the rows of the list."""
    for _, table in _tables(letter):
        titles = [column.title for column in table.columns]
        if "底稿编号" not in titles or "整改类型" not in titles:
            continue
        rows = len(table.rows)
        at_once = sum(row[titles.index("整改类型")] == "立行立改" for row in table.rows)
        for pattern, wanted, what in ((_FOUND, rows, "问题"), (_AT_ONCE, at_once, "立行立改问题")):
            for path, text in _paragraphs(letter):
                for said in pattern.findall(text):
                    if int(said) != wanted:
                        yield Contradiction(path, f"正文写{what}{said}个，清单列{wanted}个。")
        headings = [
            int(found[1])
            for block in letter.body
            if isinstance(block, Heading) and (found := _OF_KIND.search(block.text))
        ]
        if headings and sum(headings) != rows:
            yield Contradiction("body", f"各类标题合计{sum(headings)}个，清单列{rows}个。")


def _tables(letter: Letter) -> Iterator[tuple[str, Table]]:
    for at, block in enumerate(letter.body):
        if isinstance(block, Table):
            yield f"body[{at}].table", block
    for at, annex in enumerate(letter.annexes):
        if annex.table is not None:
            yield f"annexes[{at}].table", annex.table


def _sums_agree(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    """A row of 合计 is the sum of the rows above it, column by column."""
    for path, table in _tables(letter):
        if len(table.rows) < 2 or table.rows[-1][0] != "合计":
            continue
        for column, said in enumerate(table.rows[-1]):
            above = [_amount(row[column]) for row in table.rows[:-1]]
            total = _amount(said)
            if column and total is not None and None not in above:
                true = sum((one for one in above if one is not None), Decimal(0))
                if true != total:
                    name = table.columns[column].title
                    where = f"{path}.rows[{len(table.rows) - 1}]"
                    yield Contradiction(where, f"“{name}”合计写{said}，各行相加是{true}。")


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _one_unit(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    """Amounts stand in 元 or in 万元, not in both."""
    said = list(texts(letter))
    if any(re.search(r"\d元", text) for _, text in said):
        yield from (
            Contradiction(path, f"“{found.group()}”与文中以元计的金额单位不一致。")
            for path, text in said
            for found in re.finditer(r"\d+(?:\.\d+)?万元", text)
        )


def _year_of_number(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    if letter.date is not None and letter.number is not None and letter.date.year != letter.year:
        yield Contradiction("number", f"发文字号的年份是{letter.year}，成文日期在{letter.date.year}年。")


def _ranks(kind: str, letter: Letter) -> Iterator[Contradiction]:
    """What is handed over or urged goes to nobody above; a report goes up and to one alone."""
    for at, to in enumerate(letter.to):
        if kind in _DOWNWARD and _COUNTY_COMMITTEE.match(to):
            yield Contradiction(f"to[{at}]", f"{to}是上级，不能以这一文种主送。")
    if kind in _UPWARD and len(letter.to) > 1:
        yield Contradiction("to", "报告只主送一个上级机关，其他单位列为抄送。")


def _words(_kind: str, letter: Letter) -> Iterator[Contradiction]:
    """Citations, signs, ordinals, and rates of nothing."""
    for path, text in texts(letter):
        if path.startswith(("code", "cc", "contact", "issuer", "qr", "serial")):
            continue
        if found := _OLD_CITATION.search(text):
            yield Contradiction(path, f"“{found.group()}”应写作《…》第×条，条数用汉字，不注年份。")
        if ".rows[" not in path and (found := _NOTHING.search(text)):
            yield Contradiction(path, f"“{found.group()}”没有可比的对象，请改用文字。")
        if found := _STRAIGHT.search(text):
            yield Contradiction(path, f"标点“{found.group()}”应为全角中文标点。")
        if _TWICE.match(text) or (path.endswith("].text") and _NUMBERED.match(text)):
            yield Contradiction(path, f"“{text[:8]}”的序数重复，序数由本系统编排。")
        if unpaired := _unpaired(text):
            yield Contradiction(path, f"“{unpaired}”没有成对。")


def _unpaired(text: str) -> str:
    """The first sign that is not opened or closed; empty where all are."""
    open_: list[str] = []
    for at, sign in enumerate(text):
        if sign == "）" and not open_ and at and text[at - 1].isdecimal():
            continue  # 1）2）: a list within a text
        if sign in _PAIRS.values():
            open_.append(sign)
        elif sign in _PAIRS and (not open_ or open_.pop() != _PAIRS[sign]):
            return sign
    return open_[-1] if open_ else ""


#: what is held against a letter, in this order
RULES: tuple[Rule, ...] = (
    _days_in_order,
    _counts_agree,
    _sums_agree,
    _one_unit,
    _year_of_number,
    _ranks,
    _words,
)
