"""三张清单 of an issued 交办函: problems, tasks and duties (papers.md §6.8), as papers and as sheets.

The problems stand as the letter listed them; tasks and duties as the register has them now. What nobody has
said yet stays empty, to be filled in by hand.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import orm, select

from inspections.database import today
from inspections.documents.models import Paper
from inspections.documents.wording.content import outgoing
from inspections.documents.wording.names import masking_of
from inspections.followup.models import Item
from inspections.naming.masking import in_force
from inspections.site.refusal import Refusal
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.letter import Column, Letter, Status, Table
from inspections.wording import date_words

NAMES = {"problem_list": "整改问题清单", "task_list": "整改任务清单", "duty_list": "整改责任清单"}
TASK = ("问题编号", "整改目标", "整改措施", "时限", "成果形式")
DUTY = ("问题编号", "牵头领导", "责任单位", "责任人", "配合单位", "监督责任人")


@dataclass(frozen=True, slots=True)
class List:
    """One of the three: kind of paper, its columns and rows."""

    kind: str
    table: Table


def lists(session: orm.Session, paper: Paper) -> list[List]:
    """The three lists of the letter. Raises Refusal unless it is an issued 交办函 that nothing replaces."""
    if paper.kind != "handover" or paper.state != "issued":
        raise Refusal("三张清单随已印发的交办函生成。")
    if paper.replaced_by is not None:
        raise Refusal(f"这份交办函已由{paper.replaced_by.document_number}替代，请用新的一份的清单。")
    items = session.scalars(select(Item).where(Item.paper_id == paper.id).order_by(Item.due, Item.id)).all()
    items = [item for item in items if item.state != "withdrawn"]
    letter = parse_facts(json.dumps(paper.facts).encode())
    problems = next((annex.table for annex in letter.annexes if annex.table is not None), None)
    if problems is None:
        raise Refusal("这份交办函没有问题清单。")
    with in_force(masking_of(session, paper)):
        tasks, duties = [_task(item) for item in items], [_duty(item) for item in items]
    return [
        List("problem_list", problems),
        List("task_list", _table(TASK, (34, None, None, 32, 28), tasks)),
        List("duty_list", _table(DUTY, (34, None, None, None, None, None), duties)),
    ]


def printed_as(paper: Paper, one: List, issuer: str) -> Letter:
    """The list as a form under the letter's number."""
    return Letter(
        issuer=issuer,
        code="",
        year=paper.year or today().year,
        number=None,
        serial=paper.document_number,
        title=f"{paper.township.name}{NAMES[one.kind]}",
        to=(),
        cc=(),
        date=today(),
        body=(one.table,),
        seal_zone=False,
        status=Status.ISSUED,
    )


def _task(item: Item) -> tuple[str, ...]:
    said = plan_of(item)
    goal = outgoing(f"{item.title}的问题整改到位")
    return item.finding.number, goal, outgoing(said.get("measures", "")), date_words(item.due), ""


def _duty(item: Item) -> tuple[str, ...]:
    checker = item.checker.name if item.checker is not None else ""
    persons = plan_of(item).get("persons", "")
    persons = outgoing(persons)
    return item.finding.number, "", item.responsible, persons, item.office, checker


def plan_of(item: Item) -> dict[str, str]:
    """What the newest plan of the recipient says, empty before there is one."""
    plans = [step.said for step in item.steps if step.action == "submit_plan"]
    return plans[-1] if plans else {}


def _table(titles: Sequence[str], widths: Sequence[int | None], rows: Sequence[tuple[str, ...]]) -> Table:
    columns = tuple(
        Column(title, None if width is None else Decimal(width), "center" if width else "left")
        for title, width in zip(titles, widths, strict=True)
    )
    return Table(columns, tuple(rows))
