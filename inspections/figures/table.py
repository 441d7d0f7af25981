"""The one table of figures: what each is called, what it says, of which rows it is which share, as of when.

Page, workbook, bulletin, report and the lists behind a number read it; `county` counts by these very
conditions, so that a number and the rows behind it cannot differ.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from inspections.figures.scope import Scope
from inspections.findings.models import Finding
from inspections.followup import sorting
from inspections.followup.models import Item
from inspections.followup.rulebook import OWED, WITH_COUNTY
from inspections.units.models import Area, Unit

Span = Callable[[Scope], sa.Select[Item]]
Fits = Callable[[dt.date], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Problems of the register that a figure counts: those of a span of time that fit on a day."""

    words: str
    span: Span
    fits: Fits


def _all(_on: dt.date) -> sa.ColumnElement[bool]:
    return sa.true()


def _due(on: dt.date) -> sa.ColumnElement[bool]:
    return Item.due <= on


def _due_open(*states: str) -> Fits:
    """Due, not closed, and in one of these states at the end of the day."""
    return lambda on: sa.and_(Item.due <= on, ~Item.closed_by(on), Item.stood(on).in_(states))


def _in_time(on: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(Item.closed_by(on), Item.closed_on <= Item.due)


def _rechecked(on: dt.date) -> sa.ColumnElement[bool]:
    return sa.and_(Item.rechecked_on.is_not(None), Item.rechecked_on <= on)


#: name in the address → the problems; `due` is closed, overdue, due today, the county's turn or long term
ITEMS: Mapping[str, ItemSet] = {
    "handed": ItemSet("本期交办的问题", Scope.served, _all),
    "at-once": ItemSet("本期交办的立行立改问题", Scope.served, lambda _: Item.way == "at_once"),
    "at-once-in-time": ItemSet(
        "按期销号的立行立改问题", Scope.served, lambda on: sa.and_(Item.way == "at_once", _in_time(on))
    ),
    "full": ItemSet("累计交办的问题", Scope.up_to_now, _all),
    "full-closed": ItemSet("累计已销号的问题", Scope.up_to_now, lambda on: Item.closed_by(on)),
    "on-time": ItemSet("按期销号的问题", Scope.up_to_now, _in_time),
    "due": ItemSet("累计到期的问题", Scope.up_to_now, _due),
    "due-closed": ItemSet(
        "到期并已销号的问题", Scope.up_to_now, lambda on: sa.and_(_due(on), Item.closed_by(on))
    ),
    "overdue": ItemSet("逾期未改的问题", Scope.up_to_now, lambda on: Item.overdue(on)),
    "due-today": ItemSet(
        "当日到期、还没有改的问题",
        Scope.up_to_now,
        lambda on: sa.and_(Item.due == on, ~Item.closed_by(on), Item.stood(on).in_(OWED)),
    ),
    "due-county": ItemSet("到期、已报完成待县里核验销号的问题", Scope.up_to_now, _due_open(*WITH_COUNTY)),
    "due-long": ItemSet("到期、转为长期坚持的问题", Scope.up_to_now, _due_open("long_term")),
    "rechecked": ItemSet("回头看的问题", Scope.items, _rechecked),
    "reopened": ItemSet(
        "回头看反弹的问题",
        Scope.items,
        lambda on: sa.and_(_rechecked(on), Item.reopened_on >= Item.rechecked_on),
    ),
    "recovered": ItemSet(
        "有清退追缴兑付的问题",
        Scope.up_to_now,
        lambda _: sa.or_(Item.recovered > 0, Item.households > 0),
    ),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: its name, what exactly it says, and the lists that open behind it (words, page, which)."""

    code: str
    name: str
    sentence: str
    lists: tuple[tuple[str, str, str], ...] = ()


_NOW = "期末（本期未结束的，今天）"
#: a past month is read by the time limits of today
_LIMIT = "按现在的，含后来批准的延期"
ITEM_PAGE, PAPER_PAGE, RECORD_PAGE = "behind_items", "behind_papers", "behind_records"

#: in the order of the page
DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "coverage",
        "覆盖率（本年累计）",
        "本年年初至期末驻点到过的村（社区）÷全部村（社区）；只计已发布方案中已开始的轮次",
        (("到过的单位", RECORD_PAGE, "covered"), ("全部单位", RECORD_PAGE, "units")),
    ),
    Definition(
        "per_unit",
        "单位均发现问题",
        "本期审签的问题底稿÷本期开始的轮次到过的单位；移送线索的不算，类别以梳理后的为准",
        (("问题", PAPER_PAGE, ""), ("驻点", RECORD_PAGE, "visits")),
    ),
    Definition("against_month", "发现问题环比", "本期与上月审签的问题底稿数相比；上期不足5个不计比例"),
    Definition("against_year", "发现问题同比", "本期与上年同期审签的问题底稿数相比；上期不足5个不计比例"),
    Definition(
        "concentration", "前三类占比", "问题最多的三个子类的底稿÷全部问题底稿", (("问题", PAPER_PAGE, ""),)
    ),
    Definition("handed", "本期交办", "交办日期在本期内的问题", (("交办", ITEM_PAGE, "handed"),)),
    Definition(
        "due",
        "到期整改率",
        f"累计交办、整改时限（{_LIMIT}）截至{_NOW}已到的问题中，已经销号的",
        (("已销号", ITEM_PAGE, "due-closed"), ("到期", ITEM_PAGE, "due")),
    ),
    Definition(
        "full",
        "整改率（全口径，累计）",
        f"截至{_NOW}累计交办的问题中，已经销号的，不论是否到期",
        (("已销号", ITEM_PAGE, "full-closed"), ("累计交办", ITEM_PAGE, "full")),
    ),
    Definition(
        "on_time",
        "按期率（累计）",
        f"截至{_NOW}销号的问题中，最近一次销号不晚于整改时限（{_LIMIT}）的",
        (("按期", ITEM_PAGE, "on-time"), ("已销号", ITEM_PAGE, "full-closed")),
    ),
    Definition(
        "overdue",
        "逾期",
        f"整改时限（{_LIMIT}）在{_NOW}之前、责任单位到那时还没有报告完成的问题",
        (("逾期", ITEM_PAGE, "overdue"),),
    ),
    Definition(
        "due_open",
        "到期未销号",
        "到期的问题减去已销号的：逾期、当日到期、等县里核验销号、长期坚持四种之和",
        (
            ("逾期", ITEM_PAGE, "overdue"),
            ("当日到期", ITEM_PAGE, "due-today"),
            ("等县里", ITEM_PAGE, "due-county"),
            ("长期坚持", ITEM_PAGE, "due-long"),
        ),
    ),
    Definition(
        "days", "销号用时", "累计销号的问题从交办到销号的自然日", (("已销号", ITEM_PAGE, "full-closed"),)
    ),
    Definition(
        "at_once",
        "立行立改按期率",
        "本期交办、须立行立改的问题中，在时限内销号的",
        (("按期", ITEM_PAGE, "at-once-in-time"), ("立行立改", ITEM_PAGE, "at-once")),
    ),
    Definition(
        "rebound",
        "回头看反弹率",
        "截至期末回头看过的问题中，反弹重改的",
        (("反弹", ITEM_PAGE, "reopened"), ("回头看", ITEM_PAGE, "rechecked")),
    ),
    Definition(
        "recovered",
        "清退追缴兑付（累计）",
        "累计交办的问题在整改中报告的金额（元）和户数之和",
        (("问题", ITEM_PAGE, "recovered"),),
    ),
    Definition(
        "loads",
        "人均驻点",
        "每名派出人员驻点的天数；一个组一轮查几个单位，只算一次",
        (("人员", RECORD_PAGE, "loads"),),
    ),
    Definition(
        "home",
        "留守达标率",
        "派出人员的机构和轮次中，留守人数达到要求的",
        (("机构和轮次", RECORD_PAGE, "home"),),
    ),
    Definition(
        "crossing",
        "交叉率",
        "有所属乡镇的人员到本乡镇以外驻点的人次÷其全部人次",
        (("人次", RECORD_PAGE, "crossing"),),
    ),
    Definition(
        "violations",
        "方案违反硬性规则",
        "已发布方案发布时由独立核查程序数出的违规处数",
        (("方案", RECORD_PAGE, "plans"),),
    ),
    Definition("leads", "移送问题线索", "案管室按月填报的件数", (("各月", RECORD_PAGE, "cases"),)),
    Definition("persons", "处理处分", "案管室按月填报的人数", (("各月", RECORD_PAGE, "cases"),)),
)


def items(name: str, scope: Scope, on: dt.date, township: str = "") -> sa.Select[Item]:
    """The items of the set of that name, of one township where its code is given. Raises KeyError."""
    chosen = ITEMS[name]
    wanted = chosen.span(scope).where(chosen.fits(on))
    if not township:
        return wanted
    return wanted.where(Item.township_id.in_(sa.select(Area.id).where(Area.code == township)))


def papers(scope: Scope, category: str = "", township: str = "") -> sa.Select[Finding]:
    """The working papers behind a count, of a category or subcategory as sorted, of a township's units."""
    wanted = scope.problems()
    if category:
        wanted = wanted.where(sorting.CATEGORY.startswith(category, autoescape=True))
    if township:
        wanted = wanted.where(Unit.area_id.in_(sa.select(Area.id).where(Area.code == township)))
    return wanted
