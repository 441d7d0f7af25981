"""整改台账 as a paper: the problems that the page of the register lists, each with what was done about it.

Columns: papers.md §6.8. Names of villagers are masked; nothing is counted here.
"""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.database import today
from inspections.documents.prints.three_lists import plan_of
from inspections.documents.wording.content import outgoing
from inspections.documents.wording.facts import issuer_of
from inspections.documents.wording.names import masking_of
from inspections.followup.models import Item
from inspections.followup.register import Narrowing
from inspections.followup.rulebook import STATES
from inspections.naming.masking import in_force
from inspections.site.refusal import Refusal
from inspections.typesetting.letter import Column, Letter, Status, Table
from inspections.units.models import Area
from inspections.wording import date_words

#: rows that print in a few seconds; more are narrowed first
MOST = 400
COLUMNS = (
    ("底稿编号", 26, "center"),
    ("单位", 15, "center"),
    ("问题", 32, "left"),
    ("整改措施", 34, "left"),
    ("责任单位和责任人", 24, "center"),
    ("时限", 18, "center"),
    ("现状", 14, "center"),
    ("佐证份数", 11, "center"),
    ("申请销号", 18, "center"),
    ("核验人", 14, "center"),
    ("销号日", 18, "center"),
    ("回头看", 11, "center"),
)


def rectification_list(session: orm.Session, within: sa.Select[Item], chosen: Narrowing) -> Letter:
    """The items of `within` that fit, the soonest due first, as a landscape list.

    Raises Refusal for an empty list and for one of more than 400 rows.
    """
    wanted = within.join(Area, Area.id == Item.township_id).where(*chosen.conditions())
    number = session.scalar(wanted.with_only_columns(sa.func.count(Item.id)).order_by(None)) or 0
    if not number:
        raise Refusal("没有符合条件的问题，台账是空的。")
    if number > MOST:
        raise Refusal(f"所列问题 {number} 个，一次最多打印 {MOST} 个：请先按乡镇或状态筛选，或导出 Excel。")
    items = session.scalars(
        wanted.options(
            orm.joinedload(Item.unit),
            orm.joinedload(Item.township),
            orm.joinedload(Item.finding),
            orm.joinedload(Item.checker),
            orm.selectinload(Item.steps),
        ).order_by(Item.due, Item.id)
    ).all()
    towns = list(dict.fromkeys(item.township for item in items))
    day = today()
    with in_force(masking_of(session)):
        table = _table(items)
    return Letter(
        issuer=issuer_of(session, towns[0]),
        code="",
        year=day.year,
        number=None,
        serial=f"整改台账{day:%Y%m%d}",
        title=f"{towns[0].name if len(towns) == 1 else ''}驻点监督问题整改台账",
        to=(),
        cc=(),
        date=day,
        body=(table,),
        seal_zone=False,
        status=Status.ISSUED,
    )


def _table(items: Sequence[Item]) -> Table:
    columns = tuple(Column(title, Decimal(width), align) for title, width, align in COLUMNS)
    return Table(columns, tuple(_row(item) for item in items), landscape=True)


def _row(item: Item) -> tuple[str, ...]:
    plan = plan_of(item)
    measures, persons = plan.get("measures", ""), plan.get("persons", "")
    again = "" if item.rechecked_on is None else "反弹" if item.reopened_on else "未反弹"
    return (
        item.finding.number,
        item.unit.called,
        outgoing(item.title),
        outgoing(measures),
        "，".join(filter(None, (item.responsible, outgoing(persons)))),
        date_words(item.due),
        STATES[item.state] + ("（逾期）" if item.is_overdue else ""),
        str(sum(len(step.proofs) for step in item.steps)),
        date_words(item.reported_on) if item.reported_on else "",
        item.checker.name if item.checker else "",
        date_words(item.closed_on) if item.closed_on else "",
        again,
    )
