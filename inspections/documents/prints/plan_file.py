"""The grouping of a plan (分组方案) as it is handed round: a paper with a table a round, and a sheet.

Built from the plan's own answer; what it lacks is annexed with its reason. Nothing is decided here.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from inspections.planning.matrix import Cell, Matrix
from inspections.recusal.models import Waiver
from inspections.rounds import crossing
from inspections.rounds.models import Plan
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Block, Column, Heading, Letter, Paragraph, Status, Table
from inspections.typesetting.render import RenderedPaper, render_pdf

TEAM_MM, SEAT_MM = Decimal(26), Decimal(20)


def header(matrix: Matrix) -> list[str]:
    """The columns of the table: team, units, then the slots of the cycle's template."""
    return ["组别", "单位", *(slot.name for slot in matrix.slots)]


def rows(matrix: Matrix) -> Iterator[list[str]]:
    """Round, days and the cells of each team, in the order of the plan."""
    for column in matrix.columns():
        for cell in column.cells:
            yield [column.name, column.days, *_row(matrix, cell, column.name)]


def printed(plan: Plan, matrix: Matrix, issuer: str, waivers: Sequence[Waiver] = ()) -> RenderedPaper:
    """The plan as PDF, a draft until it is approved; waivers for people whom it sends there are annexed.

    Raises NotReady or PaperError.
    """
    used = [waiver for waiver in waivers if _used(plan, waiver)]
    body: list[Block] = [Paragraph(_opening(plan, matrix, "（附列豁免的除外）" if used else ""))]
    for column in matrix.columns():
        body.append(Heading(1, f"{column.name}（{column.days}）"))
        lines = [tuple(_row(matrix, cell, column.name)) for cell in column.cells]
        body.append(Table(_columns(matrix), tuple(lines)))
    shortages = matrix.shortages()
    if shortages:
        body.append(Heading(1, "缺口"))
        body += [Paragraph(f"{where}。{reason}") for where, reason in shortages]
    if used:
        body.append(Heading(1, "回避豁免"))
        body += [Paragraph(_waived(waiver)) for waiver in used]
    year, _, number = (plan.approval or "").partition("-")
    letter = Letter(
        issuer=issuer,
        code="驻点方案",
        year=int(year or plan.created_at.year),
        number=int(number) if number else None,
        title=f"{plan.cycle.name}分组方案",
        to=(),
        cc=(),
        date=plan.approved_at.date() if plan.approved_at else None,
        body=tuple(body),
        seal_zone=False,
        status=Status.ISSUED if plan.approval else Status.DRAFT,
    )
    return render_pdf(letter_paper("assignment", letter))


def _opening(plan: Plan, matrix: Matrix, spared: str) -> str:
    figures = matrix.figures()
    said = f"第{plan.number}版。{figures.units}{figures.measure}分{figures.rounds}轮，每轮{figures.teams}组。"
    said += f"去外乡镇的席位：{crossing_words(plan)}。"
    if plan.approval and plan.approved_by:
        said += f"批准号{plan.approval}。"
    return said + f"各组成员与所驻单位没有登记在册的应当回避情形{spared}；发布日期前，各组驻点对组员保密。"


def crossing_words(plan: Plan) -> str:
    """组长 100 %，村纪检委员 98.4 %（20 席在本乡镇）: what the plan achieves by kind of seat."""
    told = []
    for one in crossing.shares(plan.problem or {}, plan.answer or {}):
        near = f"（{one.own_area}席在本乡镇）" if one.own_area else ""
        share = f"{one.crossing * 100:.1f}".removesuffix(".0")
        told.append(f"{one.name}{share}%{near}")
    return "，".join(told)


def _used(plan: Plan, waiver: Waiver) -> bool:
    """Whether a team of the plan has the person at the unit, or together with the colleague."""
    for team in (plan.answer or {}).get("teams", []):
        people = {member["person"] for member in team["members"]}
        if waiver.person.code in people:
            if waiver.unit is not None and waiver.unit.code in team["units"]:
                return True
            if waiver.other is not None and waiver.other.code in people:
                return True
    return False


def _waived(waiver: Waiver) -> str:
    by = waiver.decided_by.name if waiver.decided_by else ""
    return (
        f"{waiver.person.called}与{waiver.object_name}：{'；'.join(waiver.grounds)}。"
        f"经{waiver.asked_by.name}申请、{by}批准豁免，理由：{waiver.reason.rstrip('。')}。"
    )


def _row(matrix: Matrix, cell: Cell, round_name: str) -> list[str]:
    units = "、".join(visit.name for visit in cell.visits)
    seats = ["、".join(chip.name for chip in cell.chips if chip.slot == n) for n in range(len(matrix.slots))]
    return [cell.team.removeprefix(round_name), units, *(names or "（缺）" for names in seats)]


def _columns(matrix: Matrix) -> tuple[Column, ...]:
    """Narrow columns for single seats; the last slot, which holds several people, takes the rest."""
    last = len(matrix.slots) - 1
    seats = [
        Column(str(slot.name), None if n == last else SEAT_MM, "center")
        for n, slot in enumerate(matrix.slots)
    ]
    return (Column("组别", TEAM_MM, "center"), Column("单位", None, "center"), *seats)
