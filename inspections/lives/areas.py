"""Townships are renamed: an event with a day; figures and papers of before keep the old name."""

import datetime as dt

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.naming.names import key
from inspections.site.refusal import Refusal
from inspections.units.models import Area, FormerAreaName


def rename(
    session: orm.Session, area: Area, name: str, day: dt.date, actor: User | None, basis: str = ""
) -> FormerAreaName:
    """The name given up, and until when it counted; lists and papers from the day on have the new name.

    Raises Refusal for a day to come, for the name it has, and for one that another area has.
    """
    if day > today():
        raise Refusal("更名的日期还没有到，请到当天再登记。")
    if key(name) == key(area.name):
        raise Refusal("新名称与现在的名称相同。")
    others = session.execute(select(Area.id, Area.name)).all()
    if any(key(other) == key(name) for other_id, other in others if other_id != area.id):
        raise Refusal(f"已有{name}。")
    former = FormerAreaName(name=area.name, until=day)
    area.former_names.append(former)
    area.name = name
    session.flush()
    told = {"day": day.isoformat(), "words": former.name, "basis": basis}
    journal.record(session, "area.renamed", area.uuid, actor, **told)
    return former
