"""Facts of the fictional 清河县 from which the paper tests print their letters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from inspections.documents.wording.content import (
    Demands,
    FindingFacts,
    Sender,
    Visits,
    feedback_letter,
    handover_letter,
)
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Contact, Letter, Paragraph, Status
from inspections.typesetting.render import RenderedPaper, render_pdf

SENDER = Sender(
    issuer="清河县纪律检查委员会",
    code="清纪函",
    year=2026,
    number=18,
    to=("中共清泉镇委员会",),
    cc=("县农业农村局", "县民政局", "县财政局"),
    date=date(2026, 10, 30),
    contact=Contact("李某某", "0000-1234567"),
    status=Status.ISSUED,
)

VISITS = Visits(
    round_name="2026年第二轮",
    authority="《清河县2026年村级巡回驻点监督工作方案》",
    start=date(2026, 9, 14),
    end=date(2026, 9, 25),
    team="第三检查组",
    town="清泉镇",
    units=("柳河村", "石桥村", "新塘村", "槐树湾村"),
)

FINDINGS = (
    FindingFacts(
        paper_number="2026R2-03-LH-001",
        unit="柳河村",
        category="集体资产资源管理",
        description="2025年村集体鱼塘发包合同未经村民会议或者村民代表会议讨论，租金3.68万元至今未收缴入账，由承租人王某某口头承诺缓交。",
        basis="《中华人民共和国村民委员会组织法》第二十四条",
        responsible="柳河村村民委员会",
        measure="立行立改",
        deadline=date(2026, 11, 13),
        amount=Decimal("36800"),
    ),
    FindingFacts(
        paper_number="2026R2-03-SQ-002",
        unit="石桥村",
        category="集体资产资源管理",
        description="抽查2025年工程支出凭证20笔，其中3笔合计12600.50元无验收单，审批手续不完备。",
        basis="《清河县村级财务管理办法》第十一条",
        responsible="石桥村村民委员会",
        measure="限期整改",
        deadline=date(2026, 12, 30),
        amount=Decimal("12600.50"),
    ),
    FindingFacts(
        paper_number="2026R2-03-XT-001",
        unit="新塘村",
        category="惠民补贴发放",
        description="2026年上半年耕地地力保护补贴发放名册未在村务公开栏公示，查阅公示照片档案无记录。",
        basis="《农村基层干部廉洁履行职责规定》有关条款",
        responsible="新塘村村民委员会",
        measure="立行立改",
        deadline=date(2026, 11, 13),
    ),
    FindingFacts(
        paper_number="2026R2-03-HS-003",
        unit="槐树湾村",
        category="党务村务财务公开",
        description="第一、第二季度财务收支明细公开不及时，第二季度晚于规定时间41天。",
        basis="《清河县村级财务管理办法》第二十六条",
        responsible="槐树湾村村民委员会",
        measure="限期整改",
        deadline=date(2026, 12, 30),
    ),
)

DEMANDS = Demands(report_by=date(2026, 12, 31), report_to="县纪委监委党风政风监督室")

SUGGESTIONS = (
    "进一步压实镇党委主体责任，把村级监督纳入年度党建考核",
    "健全集体资产资源发包、租金收缴、合同备案制度，半年内完成合同清理",
    "规范村务公开，由镇纪委按季度抽查公示情况",
)

APPRAISAL = "检查组认为，被检查村党组织能够落实上级部署，村级财务、惠民补贴和村务公开工作总体规范。"


def handover(status: Status = Status.ISSUED) -> Letter:
    """An issued 交办函 with four findings, annex, note and copies."""
    return handover_letter(replace(SENDER, status=status), VISITS, FINDINGS, DEMANDS)


def feedback() -> Letter:
    """An issued 反馈意见 on the same findings."""
    return feedback_letter(
        replace(SENDER, number=19),
        VISITS,
        FINDINGS,
        DEMANDS,
        appraisal=APPRAISAL,
        suggestions=SUGGESTIONS,
        leads_passed_on=True,
    )


def plain(paragraphs: int, *, length: int = 100, **changes: object) -> Letter:
    """An issued letter of running text only: so many paragraphs of so many characters."""
    text = ("检查发现村级财务公开不够及时" * 400)[: length - 1] + "。"
    letter = replace(handover(), annexes=(), body=tuple(Paragraph(text) for _ in range(paragraphs)))
    return replace(letter, **changes)  # type: ignore[arg-type]


@cache
def printed(letter: Letter, kind: str = "handover") -> RenderedPaper:
    """The letter as PDF."""
    return render_pdf(letter_paper(kind, letter))
