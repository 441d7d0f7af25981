"""Which closed problems are due to be looked at again (回头看), and in which units.

The round that does it is an ordinary cycle, set up with these units; who was there first is kept away from it
by `rectification.act` and by the ties that the cycle's problem states.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import today
from inspections.followup import deadlines
from inspections.followup.models import Item
from inspections.rounds.cycles import Setting, create, first_rounds
from inspections.rounds.models import Cycle, TeamTemplate
from inspections.site.refusal import Refusal
from inspections.units.models import Unit


@dataclass(frozen=True, slots=True)
class Revisit:
    """A unit with closed problems that nobody has looked at again."""

    unit: Unit
    items: Sequence[Item]
    #: the first day on which it is due: DL-19 after the newest closing
    since: dt.date


def revisits(session: orm.Session, on: dt.date | None = None) -> list[Revisit]:
    """Units whose closed problems are due to be looked at again on that day, the longest due first.

    沙市区做法：整改期满后 3 个月 (DL-19).
    """
    on = on or today()
    wanted = (
        select(Item)
        .where(Item.state == "closed", Item.rechecked_on.is_(None))
        .options(orm.joinedload(Item.unit))
        .order_by(Item.closed_on, Item.id)
    )
    by_unit: dict[int, list[Item]] = defaultdict(list)
    for item in session.scalars(wanted):
        by_unit[item.unit_id].append(item)
    found = []
    for items in by_unit.values():
        closings = [item.closed_on for item in items if item.closed_on is not None]
        since = deadlines.limit(session, deadlines.RECHECK, max(closings)).day
        if since <= on:
            found.append(Revisit(items[0].unit, items, since))
    return sorted(found, key=lambda one: (one.since, one.unit.code))


def cycle_of(session: orm.Session, units: Sequence[Unit], actor: User) -> Cycle:
    """The new cycle that looks again at these units: one round from next Monday on, to be changed as needed.

    Raises Refusal when there is no unit, or for a second one on the same day.
    """
    templates = list(session.scalars(select(TeamTemplate).order_by(TeamTemplate.id)))
    if not templates:
        raise Refusal("还没有小组模板，不能编制周期。")
    setting = Setting(
        name=f"{today().isoformat()}回头看",
        crossing="county_wide",
        template=templates[0].name,
        units=tuple(units),
        looks_back=True,
    )
    monday = today() + dt.timedelta(days=7 - today().weekday())
    rounds = first_rounds(1, monday, days=5, pause=0, teams=max(1, len(units)), visits=1)
    return create(session, setting, rounds, actor)


@dataclass(frozen=True, slots=True)
class Rebound:
    """反弹率 with its denominator: reopened among those looked at again."""

    rechecked: int
    reopened: int

    @property
    def rate(self) -> float | None:
        return self.reopened / self.rechecked if self.rechecked else None


def rebound(items: Sequence[Item]) -> Rebound:
    """Of these items."""
    again = [item for item in items if item.rechecked_on is not None]
    failed = [
        item
        for item in again
        if item.reopened_on is not None and item.reopened_on >= (item.rechecked_on or dt.date.min)
    ]
    return Rebound(len(again), len(failed))
