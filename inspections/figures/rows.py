"""The rows behind each figure: the same conditions as the count, as a select within the reader's reach."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from inspections.figures.scope import Scope
from inspections.findings.models import Finding, FindingRevision
from inspections.followup.models import Item
from inspections.units.models import Area, Unit


def _closed(on: dt.date) -> sa.ColumnElement[bool]:
    return Item.closed_on.is_not(None) & (Item.closed_on <= on)


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure whose rows can be read: its words, and the select of its rows on a day."""

    words: str
    select: Callable[[Scope, dt.date], sa.Select[Item]]


#: name in the address → the items behind that figure
ITEMS: Mapping[str, Behind] = {
    "handed": Behind("交办的问题", lambda scope, _: scope.served()),
    "due": Behind("到期的问题", lambda scope, on: scope.fell_due().where(Item.due <= on)),
    "due-closed": Behind(
        "到期并已销号的问题", lambda scope, on: scope.fell_due().where(Item.due <= on, _closed(on))
    ),
    "full": Behind("累计交办的问题", lambda scope, _: scope.up_to_now()),
    "full-closed": Behind("累计已销号的问题", lambda scope, on: scope.up_to_now().where(_closed(on))),
    "on-time": Behind(
        "按期销号的问题",
        lambda scope, on: scope.up_to_now().where(_closed(on), Item.closed_on <= Item.due),
    ),
    "overdue": Behind("逾期的问题", lambda scope, on: scope.up_to_now().where(Item.overdue(on))),
    "rechecked": Behind(
        "回头看的问题",
        lambda scope, on: scope.items().where(Item.rechecked_on.is_not(None), Item.rechecked_on <= on),
    ),
    "reopened": Behind(
        "回头看反弹的问题",
        lambda scope, on: scope.items().where(
            Item.rechecked_on.is_not(None), Item.rechecked_on <= on, Item.reopened_on >= Item.rechecked_on
        ),
    ),
}


def items(name: str, scope: Scope, on: dt.date, township: str = "") -> sa.Select[Item]:
    """The items behind the figure of that name. Raises KeyError for another name."""
    wanted = ITEMS[name].select(scope, on)
    if township:
        wanted = wanted.where(Item.township_id.in_(sa.select(Area.id).where(Area.code == township)))
    return wanted


def papers(scope: Scope, category: str = "", township: str = "") -> sa.Select[Finding]:
    """The working papers behind a count, of a category or subcategory, of a township's units."""
    wanted = scope.problems()
    if category:
        wanted = wanted.where(FindingRevision.category.startswith(category, autoescape=True))
    if township:
        wanted = wanted.where(Unit.area_id.in_(sa.select(Area.id).where(Area.code == township)))
    return wanted
