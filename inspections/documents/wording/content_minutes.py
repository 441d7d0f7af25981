"""Writes 会商纪要 of a meeting that went through a round's working papers: what it decided, who was there.

Plain facts in, minutes out (papers.md §1.4); an unknown fact becomes a visible gap.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inspections.documents.wording.content import Sender, letter_of, said, stopped
from inspections.typesetting.letter import Attendance, Block, Column, Heading, Letter, Paragraph, Table, gap
from inspections.wording import count_words, date_words, listed


@dataclass(frozen=True)
class Meeting:
    """When, where and under whom the meeting sat, and who was there."""

    day: dt.date | None
    place: str
    chair: str
    present: tuple[str, ...]
    guests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    """A working paper and what the meeting made of it, in words: 转主管部门办理（县财政局）."""

    paper_number: str
    unit: str
    title: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Proposal:
    """A special campaign about one kind of problem, and whether the meeting took it up."""

    problem: str
    text: str
    adopted: bool


def minutes(
    sender: Sender,
    round_name: str,
    meeting: Meeting,
    decided: Sequence[Decided],
    proposals: Sequence[Proposal],
    further: str,
) -> Letter:
    """会商纪要: the meeting, each paper's outcome, campaigns, what else was agreed, and the attendance."""
    opening = {
        "会议日期": date_words(meeting.day) if meeting.day else gap("会议日期"),
        "地点": meeting.place or gap("会议地点"),
        "主持人": meeting.chair or gap("主持人"),
        "轮次": round_name,
        "底稿数": count_words(len(decided), "份"),
    }
    body: list[Block] = [
        Paragraph(said(sender, "minutes", "opening", opening)),
        Heading(1, "关于问题处理"),
        Paragraph(_outcomes(decided)),
        _table(decided),
    ]
    if proposals:
        body += [Heading(1, "关于共性问题"), *(Paragraph(_proposal(one)) for one in proposals)]
    if further:
        body += [Heading(1, "关于其他事项"), Paragraph(stopped(further))]
    body.append(Paragraph(said(sender, "minutes", "closing")))
    made = letter_of(sender, f"{round_name}驻点监督问题会审纪要", body)
    present = Attendance("出席", listed(meeting.present) or gap("出席人员"))
    guests = (Attendance("列席", listed(meeting.guests)),) if meeting.guests else ()
    return replace(made, seal_zone=False, attendance=(present, *guests))


def _outcomes(decided: Sequence[Decided]) -> str:
    counts: dict[str, int] = {}
    for one in decided:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    parts = [f"{outcome}{count_words(number, '份')}" for outcome, number in counts.items()]
    return f"逐份会审工作底稿{count_words(len(decided), '份')}，其中{listed(parts)}。"


def _table(decided: Sequence[Decided]) -> Table:
    return Table(
        caption="会审结果",
        columns=(
            Column("序号", Decimal(12), "center"),
            Column("底稿编号", Decimal(34), "center"),
            Column("单位", Decimal(24), "center"),
            Column("问题"),
            Column("处理", Decimal(40)),
        ),
        rows=tuple(
            (
                str(at),
                one.paper_number,
                one.unit,
                one.title,
                one.outcome + (f"（{one.detail}）" if one.detail else ""),
            )
            for at, one in enumerate(decided, 1)
        ),
    )


def _proposal(one: Proposal) -> str:
    answer = "同意" if one.adopted else "不同意"
    return f"{answer}就“{one.problem}”开展专项治理，建议内容：{stopped(one.text)}"
