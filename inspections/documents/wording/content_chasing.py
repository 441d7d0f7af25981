"""Writes what goes out about one or several problems after the visit: 督办单, 转办单, 纪检监察建议书.

Plain facts in, a letter out (papers.md §6.3, §6.6); an unknown fact becomes a visible gap.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inspections.documents.wording.content import Sender, letter_of, said, stopped
from inspections.documents.wording.tidying import unnumbered
from inspections.typesetting.letter import PEN, Block, Column, Letter, Paragraph, Table, fields, gap
from inspections.wording import chinese_number, count_words, date_words, listed, money_words


@dataclass(frozen=True)
class Chased:
    """A problem handed over and not put right: its place, its letter, its day, and how late it is."""

    unit: str
    title: str
    letter: str
    due: dt.date
    days_late: int
    state: str


@dataclass(frozen=True)
class Transferred:
    """A problem that goes to the department in charge."""

    unit: str
    paper_number: str
    description: str
    basis: str


def reminder(
    sender: Sender, town: str, chased: Sequence[Chased], until: dt.date | None, extra: str
) -> Letter:
    """督办单: the problems that are late with letter, day and days late, and until when they are awaited."""
    letters = "、".join(dict.fromkeys(one.letter for one in chased))
    late = sum(1 for one in chased if one.days_late > 0)
    state = (
        f"其中{count_words(late, '个')}已经逾期"
        if 0 < late < len(chased)
        else "现已逾期"
        if late
        else "尚未销号"
    )
    body: list[Block] = [
        Paragraph(
            said(
                sender,
                "reminder",
                "opening",
                {
                    "交办文号": letters or gap("交办文号"),
                    "乡镇": town,
                    "问题数": count_words(len(chased), "个"),
                    "现状": state,
                    "时限": _day(until, "完成时限"),
                },
            )
        ),
        Table(
            caption="督办问题",
            columns=(
                Column("序号", Decimal(12), "center"),
                Column("单位", Decimal(24), "center"),
                Column("问题"),
                Column("应完成日", Decimal(32), "center"),
                Column("逾期（日）", Decimal(20), "right"),
                Column("现状", Decimal(24), "center"),
            ),
            rows=tuple(
                (
                    str(at),
                    one.unit,
                    one.title,
                    date_words(one.due),
                    str(max(one.days_late, 0)),
                    one.state,
                )
                for at, one in enumerate(chased, 1)
            ),
        ),
    ]
    body += [Paragraph(stopped(extra))] if extra else []
    body.append(Paragraph(said(sender, "reminder", "closing")))
    return letter_of(sender, f"关于督促{town}按期完成问题整改的督办单", body)


def transfer(sender: Sender, problem: Transferred, office: str, until: dt.date | None, demand: str) -> Letter:
    """转办单: a form for the department in charge, with room for what it did."""
    rows = (
        ("承办部门", office or gap("承办部门")),
        ("所在单位", problem.unit),
        ("底稿编号", problem.paper_number),
        ("问题表现", problem.description),
        ("定性依据", problem.basis or gap("定性依据")),
        ("办理要求", demand or said(sender, "transfer", "demand")),
        ("办理时限", _day(until, "办理时限")),
        ("承办人意见", PEN),
        ("办理结果", ""),
    )
    return letter_of(sender, "问题转办单", [fields(*rows)])


def advice(
    sender: Sender,
    round_name: str,
    problem: str,
    units: Sequence[str],
    of_units: int,
    amount: Decimal,
    cause: str,
    suggestions: Sequence[str],
    reply_days: int,
    objection_days: int,
) -> Letter:
    """纪检监察建议书: where it comes from, what is wrong, why, what to do, until when to answer or object."""
    spread = f"{round_name}检查的{count_words(of_units, '个')}单位中，有{count_words(len(units), '个')}"
    spread += f"（{listed(list(units)[:6])}{'等' if len(units) > 6 else ''}）"
    money = f"，涉及金额{money_words(amount)}" if amount else ""
    body: list[Block] = [
        Paragraph(
            f"{spread}存在“{problem}”方面的问题{money}。"
            f"经分析，主要原因是：{stopped(cause or gap('原因分析'))}现提出如下建议："
        ),
        *(
            Paragraph(f"{chinese_number(at)}是{stopped(unnumbered(text))}")
            for at, text in enumerate(suggestions or (gap("建议内容"),), 1)
        ),
        Paragraph(
            said(sender, "advice", "reply", {"回复日数": str(reply_days), "异议日数": str(objection_days)})
        ),
    ]
    return letter_of(sender, f"关于治理{problem}问题的纪检监察建议书", body)


def _day(day: dt.date | None, words: str) -> str:
    return date_words(day) if day else gap(words)
