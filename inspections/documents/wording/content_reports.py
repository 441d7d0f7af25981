"""Writes the reports that leadership reads: 月通报 of a month, 轮次综合报告 of a round.

The numbers come as `figures.county.Figures`, the value that the page of figures shows; nothing is counted.
Order of the chapters: papers.md §6.5 and §6.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inspections.documents.wording.content import Sender, letter_of, said, stopped
from inspections.documents.wording.tidying import unnumbered
from inspections.figures.county import Figures
from inspections.figures.measures import Rate
from inspections.typesetting.letter import (
    Annex,
    Block,
    Column,
    Figure,
    Heading,
    Letter,
    Paragraph,
    Table,
    gap,
)
from inspections.wording import chinese_number, count_words, date_words, listed, money_words

#: townships that fit side by side on an upright page; more go to a landscape annex
ABREAST = 5


@dataclass(frozen=True)
class Overdue:
    """A problem that is late: its place, what it is, its letter, and by how many days."""

    town: str
    unit: str
    title: str
    letter: str
    days_late: int


def bulletin(
    sender: Sender, found: Figures, overdue: Sequence[Overdue], demands: Sequence[str], extra: str
) -> Letter:
    """月通报: how it stands, the townships in order, what is late by name of the unit, what is asked next."""
    body: list[Block] = [
        Heading(1, "总体情况"),
        Paragraph(
            said(sender, "bulletin", "standing", {"整改情况": _standing(found), "线索处置": _cases(found)})
        ),
        *([Paragraph(stopped(extra))] if extra else []),
        Heading(1, "进展排名"),
        _ranking(found),
    ]
    if closed := [(town.name, Decimal(town.due.part)) for town in found.towns if town.due.whole]:
        body.append(Figure("各乡镇到期并已销号的问题（个）", tuple(closed)))
    late = said(sender, "bulletin", "late", {"逾期情况": _late_words(found, overdue)})
    body += [Heading(1, "存在问题"), Paragraph(late)]
    body += [Heading(1, "下步要求"), *_numbered(demands, gap("下步要求"))]
    annexes = [Annex("逾期未整改问题清单", table=_late_table(overdue))] if overdue else []
    return letter_of(sender, f"关于{found.name}驻点监督问题整改进展情况的通报", body, annexes)


@dataclass(frozen=True)
class WorkDone:
    """What a report is about: its name, its days in words, how many teams went out, letters of advice."""

    name: str
    days: str
    teams: int
    advice: int


def report(
    sender: Sender,
    work: WorkDone,
    found: Figures,
    practice: str,
    causes: Sequence[str],
    suggestions: Sequence[str],
) -> Letter:
    """综合报告 of a round or a half-year: done and found, where and why, how it is put right, what next."""
    rounds = f"开展{count_words(found.rounds, '轮')}，" if found.rounds > 1 else ""
    overview = {
        "开展情况": f"{work.name}驻点监督{work.days}，{rounds}派出{count_words(work.teams, '个')}小组"
        f"{found.loads.people}人，检查{count_words(found.units_visited, '个')}单位",
        "派员情况": _staffing(found),
    }
    body: list[Block] = [
        Heading(1, "基本情况"),
        Paragraph(said(sender, "round_report", "overview", overview)),
        Heading(1, "主要做法"),
        Paragraph(stopped(practice) if practice else gap("主要做法")),
        Heading(1, "发现问题及分布"),
        Paragraph(said(sender, "round_report", "found", {"问题情况": _found_words(found)})),
    ]
    annexes = []
    if found.heat.cells:
        if len(found.heat.townships) <= ABREAST:
            body.append(_heat_table(found, landscape=False))
        else:
            annexes.append(Annex("问题类别与乡镇分布表", table=_heat_table(found, landscape=True)))
    if found.kinds:
        top = found.kinds[:10]
        body.append(Figure("问题最多的类别（个）", tuple((kind.name, Decimal(kind.papers)) for kind in top)))
    body += [Heading(1, "原因分析"), *_numbered(causes, gap("原因分析"))]
    outcome = said(sender, "round_report", "outcome", {"交办情况": _outcome(found, work)})
    body += [Heading(1, "整改进展"), Paragraph(outcome), Paragraph(_standing(found))]
    if found.towns:
        body.append(_ranking(found))
    body += [Heading(1, "下一步建议"), *_numbered(suggestions, gap("下一步建议"))]
    body.append(Paragraph(said(sender, "round_report", "closing")))
    return letter_of(sender, f"关于{work.name}驻点监督情况的报告", body, annexes)


def _staffing(found: Figures) -> str:
    """Days, crossing, who stayed at home; what there is nothing to be a share of is not said."""
    said = [
        f"人均驻点{_mean(found.loads.mean)}日",
        *([f"交叉率{found.crossing.words}"] if found.crossing.whole else []),
        *([f"机构留守达标率{found.home.words}"] if found.home.whole else []),
    ]
    return f"{'，'.join(said)}；派员方案违反硬性规则{found.violations.words}"


def _standing(found: Figures) -> str:
    money = (
        f"，清退追缴兑付{money_words(found.recovered)}、涉及{found.households}户" if found.recovered else ""
    )
    if not found.full.whole:
        return f"截至{date_words(found.on)}，还没有交办问题。"
    due = f"到期问题整改率{found.due.words}" if found.due.whole else "没有到期问题"
    on_time = f"，按期率{found.on_time.words}" if found.on_time.whole else ""
    words = (
        f"截至{date_words(found.on)}，累计交办问题{count_words(found.full.whole, '个')}，"
        f"已销号{count_words(found.full.part, '个')}，整改率（全口径）{found.full.words}；"
        f"{due}{on_time}，{_open_words(found)}{money}。"
    )
    if found.rebound.whole:
        words += f"“回头看”{count_words(found.rebound.whole, '个')}，反弹率{found.rebound.words}。"
    return words


def _open_words(found: Figures) -> str:
    """What is due and not closed, so that late and due do not seem to differ without a reason."""
    words = f"逾期{count_words(found.overdue, '个')}"
    rest = [
        f"{why}{count_words(number, '个')}"
        for number, why in (
            (found.due_today, "当日到期"),
            (found.due_county, "已报完成待核验销号"),
            (found.due_long, "转为长期坚持"),
        )
        if number
    ]
    return words + (f"（另有到期未销号：{'、'.join(rest)}）" if rest else "")


def _outcome(found: Figures, work: WorkDone) -> str:
    words = f"印发交办函{count_words(found.letters, '份')}，交办问题{count_words(found.handed, '个')}"
    if work.advice:
        words += f"，制发纪检监察建议书{count_words(work.advice, '份')}"
    return f"{words}。{_cases(found)}"


def _cases(found: Figures) -> str:
    if not found.leads and not found.persons:
        return ""
    return f"移送问题线索{count_words(found.leads, '件')}，案件监督管理部门通报处理处分{found.persons}人。"


def _found_words(found: Figures) -> str:
    per = (
        f"，单位均发现问题{found.per_unit:.1f}个（{found.papers}/{found.units_visited}）"
        if found.per_unit
        else ""
    )
    top_three = f"，前三类占比{found.concentration.words}" if found.concentration.whole else ""
    words = f"发现问题{count_words(found.papers, '个')}{per}{top_three}。"
    top = [f"{kind.name}{kind.papers}个（{kind.units}个单位）" for kind in found.kinds[:3]]
    return words + (f"较为集中的是{listed(top)}。" if top else "")


def _ranking(found: Figures) -> Table:
    return Table(
        caption="各乡镇整改进展",
        columns=(
            Column("乡镇", None, "center"),
            Column("累计交办（个）", Decimal(28), "right"),
            Column("到期整改率", Decimal(40), "right"),
            Column("按期率", Decimal(40), "right"),
            Column("逾期（个）", Decimal(24), "right"),
        ),
        rows=tuple(
            (town.name, str(town.handed), _cell(town.due), _cell(town.on_time), str(town.overdue))
            for town in found.towns
        ),
    )


def _heat_table(found: Figures, landscape: bool) -> Table:
    cells, towns = found.heat.cells, found.heat.townships
    totals = [sum(cells.get((code, town), 0) for code, _ in found.heat.categories) for town, _ in towns]
    rows = [
        (
            name,
            *(str(cells.get((code, town), 0)) for town, _ in towns),
            str(sum(cells.get((code, town), 0) for town, _ in towns)),
        )
        for code, name in found.heat.categories
    ]
    rows.append(("合计", *(str(total) for total in totals), str(sum(totals))))
    columns = [
        Column("类别", Decimal(45) if landscape else None),
        *(Column(name, Decimal(20) if not landscape else None, "right") for _, name in towns),
        Column("合计（个）", Decimal(24), "right"),
    ]
    return Table(tuple(columns), tuple(rows), None if landscape else "问题类别与乡镇", landscape)


def _late_words(found: Figures, overdue: Sequence[Overdue]) -> str:
    if not overdue:
        return "没有逾期未整改的问题。"
    late = [f"{town.name}{count_words(town.overdue, '个')}" for town in found.towns if town.overdue]
    longest = max(overdue, key=lambda one: one.days_late)
    return (
        f"{listed(late)}问题逾期未改（见附件），其中{longest.unit}“{longest.title}”"
        f"逾期{longest.days_late}日，时间最长。"
    )


def _late_table(overdue: Sequence[Overdue]) -> Table:
    columns = (
        Column("序号", Decimal(12), "center"),
        Column("乡镇", Decimal(24), "center"),
        Column("单位", Decimal(24), "center"),
        Column("问题"),
        Column("交办文号", Decimal(42), "center"),
        Column("逾期（日）", Decimal(20), "right"),
    )
    rows = [
        (str(at), one.town, one.unit, one.title, one.letter, str(one.days_late))
        for at, one in enumerate(overdue, 1)
    ]
    return Table(columns, tuple(rows))


def _numbered(texts: Sequence[str], otherwise: str) -> list[Paragraph]:
    if len(texts) < 2:
        return [Paragraph(stopped(text)) for text in texts] or [Paragraph(otherwise)]
    items = enumerate(map(unnumbered, texts), 1)
    return [Paragraph(f"{chinese_number(at)}是{stopped(text)}") for at, text in items]


def _cell(rate: Rate) -> str:
    return rate.words if rate.whole else "—"


def _mean(days: float | None) -> str:
    return "—" if days is None else f"{days:.1f}"
