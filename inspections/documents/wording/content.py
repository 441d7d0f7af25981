"""Writes 交办函 and 反馈意见 from plain facts: the sections, their words and the list of problems annexed.

It reads no record and invents nothing: an unknown fact becomes a visible gap. Names are masked, wording stays
neutral, and there is no way to hand it a lead: only the standard sentence that leads went elsewhere.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from inspections.documents.wording import blocks
from inspections.documents.wording.tidying import tidied, unnumbered
from inspections.naming.masking import unnamed
from inspections.typesetting.letter import (
    Annex,
    Block,
    Column,
    Contact,
    Heading,
    Letter,
    Paragraph,
    Status,
    Table,
    gap,
)
from inspections.typesetting.shapes import without_unseen
from inspections.wording import (
    basis_words,
    chinese_number,
    count_words,
    date_words,
    full_width_brackets,
    listed,
    money_words,
    ordinal,
    period_words,
)

AT_ONCE = "立行立改"

# Words that only a court or a disciplinary decision may use of somebody; a letter says that it is suspected.
_VERDICTS = "贪污|受贿|行贿|挪用公款|职务侵占|侵吞|诈骗|犯罪|腐败"
_CLAUSE_END = re.compile("[，。；：！？]")
_UNPROVEN = re.compile(f"(?<!涉嫌)(?<!疑似)(?<!反映)(?:{_VERDICTS})")


@dataclass(frozen=True)
class Sender:
    """Head and foot of a letter: who writes to whom under which number. number and date None in a draft."""

    issuer: str
    code: str
    year: int
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    number: int | None = None
    date: dt.date | None = None
    contact: Contact | None = None
    status: Status = Status.DRAFT
    #: 签发人 of a report to a higher body
    signer: str = ""
    #: the county's own wording of this kind of paper, by block (`blocks.py`)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Visits:
    """What was inspected: round, authority (方案 or 会议), days, team and the units of one township."""

    round_name: str
    authority: str
    start: dt.date
    end: dt.date
    team: str
    town: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class FindingFacts:
    """A signed working paper as an outgoing letter may use it."""

    paper_number: str
    unit: str
    category: str
    description: str
    basis: str
    responsible: str = ""
    measure: str = ""
    deadline: dt.date | None = None
    amount: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Demands:
    """When and to whom the outcome is reported."""

    report_by: dt.date | None
    report_to: str


def handover_letter(
    sender: Sender, visits: Visits, findings: Sequence[FindingFacts], demands: Demands
) -> Letter:
    """交办函 (papers.md §6.1): reason, matters by category, demands, list of problems as landscape annex."""
    body: list[Block] = [
        Paragraph(
            said(
                sender,
                "handover",
                "opening",
                {"依据": visits.authority, "检查情况": _inspected(visits), "问题数": _extent(findings)},
            )
        ),
        Heading(1, "交办事项"),
    ]
    for category, group in _by_category(findings):
        body.append(Heading(2, f"{category}方面（{count_words(len(group), '个')}）"))
        body += [
            Paragraph(f"{ordinal(3, at)}{_fact(finding)}{_basis_sentence(finding)}")
            for at, finding in enumerate(group, 1)
        ]
    body += [
        Heading(1, "整改要求"),
        Heading(2, "压实责任"),
        Paragraph(said(sender, "handover", "duty")),
        Heading(2, "严格时限"),
        Paragraph(_time_limits(findings)),
        Heading(2, "跟踪问效"),
        Paragraph(said(sender, "handover", "follow", {"报送要求": _report_sentence(demands, findings)})),
    ]
    title = f"关于交办{_place(visits)}{visits.round_name}驻点监督检查发现问题的函"
    return letter_of(sender, title, body, _list_of(findings))


def feedback_letter(
    sender: Sender,
    visits: Visits,
    findings: Sequence[FindingFacts],
    demands: Demands,
    *,
    appraisal: str = "",
    suggestions: Sequence[str] = (),
    leads_passed_on: bool = False,
) -> Letter:
    """反馈意见 (papers.md §6.2): overview, appraisal, main problems by theme, suggestions, demands."""
    body: list[Block] = [
        Heading(1, "基本情况"),
        Paragraph(
            said(sender, "feedback", "opening", {"依据": visits.authority, "检查情况": _inspected(visits)})
        ),
        Heading(1, "总体评价"),
        Paragraph(appraisal or gap("总体评价")),
        Heading(1, "发现的主要问题"),
        Paragraph(f"检查发现问题{_extent(findings)}。"),
    ]
    for category, group in _by_category(findings):
        body.append(Heading(2, f"{category}方面"))
        if len(group) == 1:
            body.append(Paragraph(_fact(group[0])))
        else:
            items = enumerate(group, 1)
            body.append(
                Paragraph("".join(f"{chinese_number(at)}是{_fact(finding)}" for at, finding in items))
            )
    if leads_passed_on:
        body.append(Paragraph(said(sender, "feedback", "leads")))
    body.append(Heading(1, "意见建议"))
    body += [
        Paragraph(f"（{chinese_number(at)}）{stopped(unnumbered(text))}")
        for at, text in enumerate(suggestions or (gap("意见建议"),), 1)
    ]
    body += [
        Heading(1, "整改要求"),
        Paragraph(said(sender, "feedback", "demand", {"报送要求": _report_sentence(demands, findings)})),
    ]
    title = f"关于{_place(visits)}{visits.round_name}驻点监督检查情况的反馈意见"
    return letter_of(sender, title, body, _list_of(findings))


def problem_list(findings: Iterable[FindingFacts]) -> Table:
    """The list of problems (papers.md §6.8) as a landscape table of 225 mm; 备注 only where one is given."""
    findings = list(findings)
    noted = any(finding.note for finding in findings)
    columns = [
        Column("序号", Decimal(10), "center"),
        Column("村（单位）", Decimal("22.5"), "center"),
        Column("问题类别", Decimal(20), "center"),
        Column("问题表现", Decimal("32.5") if noted else Decimal("44.5")),
        Column("定性依据", Decimal(24) if noted else Decimal(30)),
        Column("责任单位", Decimal(20), "center"),
        Column("整改类型", Decimal("17.5"), "center"),
        Column("整改时限", Decimal("30.5"), "center"),
        Column("底稿编号", Decimal(30), "center"),
    ]
    if noted:
        columns.append(Column("备注", Decimal(18)))
    rows = []
    for at, finding in enumerate(findings, 1):
        row = [
            str(at),
            finding.unit,
            finding.category,
            outgoing(finding.description),
            basis_words(outgoing(finding.basis)) or gap("定性依据"),
            outgoing(finding.responsible) or gap("责任单位"),
            finding.measure or gap("整改类型"),
            date_words(finding.deadline) if finding.deadline else gap("整改时限"),
            finding.paper_number,
        ]
        rows.append(tuple([*row, outgoing(finding.note)] if noted else row))
    return Table(tuple(columns), tuple(rows), landscape=True)


def said(sender: Sender, kind: str, code: str, values: Mapping[str, str] | None = None) -> str:
    """The block of that kind of paper as the sender's county words it, filled and neutral."""
    return neutral(blocks.filled(kind, code, sender.words, values))


def neutral(text: str) -> str:
    """The text with 涉嫌 before every word that would pronounce somebody guilty."""
    return _UNPROVEN.sub(lambda verdict: "涉嫌" + verdict.group(), text)


def outgoing(text: str) -> str:
    """The text as it may leave the house: names masked, nobody pronounced guilty, brackets full-width."""
    return neutral(full_width_brackets(unnamed(without_unseen(text))))


def _fact(finding: FindingFacts) -> str:
    """What was found, opened by the unit's name unless its first clause says it already."""
    text = outgoing(finding.description)
    named = finding.unit in _CLAUSE_END.split(text, maxsplit=1)[0]
    return stopped(text if named else f"{finding.unit}{text}")


def stopped(text: str) -> str:
    """The text with a full stop at its end unless it has one."""
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _basis_sentence(finding: FindingFacts) -> str:
    return f"定性依据：{stopped(basis_words(outgoing(finding.basis)) or gap('定性依据'))}"


def _inspected(visits: Visits) -> str:
    measure = "个村" if all(unit.endswith("村") for unit in visits.units) else "个单位"
    count = f"等{count_words(len(visits.units), measure)}" if len(visits.units) > 1 else ""
    named = listed(visits.units[:4])
    return (
        f"{period_words(visits.start, visits.end)}，{visits.team}对{visits.town}{named}{count}"
        f"开展了{visits.round_name}驻点监督检查"
    )


def _place(visits: Visits) -> str:
    """Township and, where only one unit was inspected, that unit."""
    return visits.town + (visits.units[0] if len(visits.units) == 1 else "")


def _extent(findings: Sequence[FindingFacts]) -> str:
    words = count_words(len(findings), "个")
    at_once = sum(1 for finding in findings if finding.measure == AT_ONCE)
    if at_once:
        words += f"，其中立行立改{count_words(at_once, '个')}"
    money = sum((finding.amount for finding in findings if finding.amount), Decimal(0))
    return words + (f"，涉及金额{money_words(money)}" if money else "")


def _time_limits(findings: Sequence[FindingFacts]) -> str:
    known = [finding.deadline for finding in findings if finding.deadline]
    last = date_words(max(known)) if len(known) == len(findings) and known else gap("整改时限")
    at_once = any(finding.measure == AT_ONCE for finding in findings)
    first = "立行立改的问题即知即改，" if at_once else ""
    return (
        f"{first}其他问题按问题清单所列时限完成，全部问题于{last}前整改到位。"
        if first
        else (f"按问题清单所列时限完成整改，全部问题于{last}前整改到位。")
    )


def _report_sentence(demands: Demands, findings: Sequence[FindingFacts]) -> str:
    """By when what is reported: the plans by the letter's day, the outcome not before it can be there."""
    day = date_words(demands.report_by) if demands.report_by else gap("报告截止日期")
    to = demands.report_to or gap("接收部门")
    last = max((finding.deadline for finding in findings if finding.deadline), default=None)
    if demands.report_by and last is not None and last > demands.report_by:
        return f"请于{day}前将整改方案、{date_words(last)}前将整改情况书面报送{to}。"
    return f"请于{day}前将整改情况书面报送{to}。"


def _by_category(findings: Sequence[FindingFacts]) -> list[tuple[str, list[FindingFacts]]]:
    groups: dict[str, list[FindingFacts]] = {}
    for finding in findings:
        groups.setdefault(finding.category, []).append(finding)
    return list(groups.items())


def _list_of(findings: Sequence[FindingFacts]) -> tuple[Annex, ...]:
    return (Annex("驻点监督检查发现问题清单", table=problem_list(findings)),) if findings else ()


def letter_of(sender: Sender, title: str, body: Sequence[Block], annexes: Sequence[Annex] = ()) -> Letter:
    """The letter of that sender with these blocks, in the signs and the one unit of money of a letter."""
    drawn = Letter(
        issuer=sender.issuer,
        code=sender.code,
        year=sender.year,
        number=sender.number,
        title=title,
        to=sender.to,
        cc=sender.cc,
        date=sender.date,
        body=tuple(body),
        annexes=tuple(annexes),
        contact=sender.contact,
        seal_zone=True,
        status=sender.status,
        signer=sender.signer,
    )
    return tidied(drawn)
