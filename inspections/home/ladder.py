"""The seven first steps of a county, from an empty installation to the first published plan."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions
from inspections.database import today
from inspections.people.models import Kin, Person, Tie
from inspections.recusal.models import Declaration
from inspections.rounds.models import Cycle, Plan
from inspections.units.models import Unit
from inspections.workdays.days import calendar


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its name, what it is for, whether it is done, and the page where it is done."""

    name: str
    words: str
    done: bool
    endpoint: str
    arguments: dict[str, Any] = field(default_factory=dict)


def ladder(session: orm.Session, permissions: Permissions, user: User) -> list[Rung]:
    """The seven steps with their state, for whoever may take them; empty once a plan has been published."""
    if not permissions.allows(user, "cycle.write"):
        return []
    if session.scalar(sa.select(Plan.id).where(Plan.published_at.is_not(None)).limit(1)) is not None:
        return []
    return list(_rungs(session))


def _rungs(session: orm.Session) -> Iterator[Rung]:
    def any_(what: Any, *where: Any) -> bool:
        return session.scalar(sa.select(what).where(*where).limit(1)) is not None

    units, people = any_(Unit.id), any_(Person.id)
    told = "下载空白模板，填单位、机构、人员，上传；有一处差错就一行也不写，逐格指出。"
    yield Rung("导入名册", told, units and people, "roster.upload")
    told = "谁与哪个村、哪个人有关系；表里没有的，由各人申报时补上。"
    yield Rung("登记回避和亲属", told, any_(Tie.id) or any_(Kin.id), "people.listing")
    year = today().year
    told = f"{year} 年的放假调休录入以后，各轮日期和办理期限才算得准。"
    yield Rung("核对工作日历", told, calendar(session).is_announced(year), "workdays.page")
    at_work = sa.select(Cycle).where(Cycle.archived_at.is_(None))
    cycle = session.scalar(at_work.order_by(Cycle.id.desc()).limit(1))
    yield Rung("新建周期", "选单位、小组模板和交叉方式，安排各轮。", cycle is not None, "rounds.new")
    page: tuple[str, dict[str, Any]] = "rounds.listing", {}
    ready = page
    if cycle is not None:
        page, ready = ("rounds.cycle_page", {"name": cycle.uuid}), ("readiness.page", {"name": cycle.uuid})
    declared = cycle is not None and any_(Declaration.id, Declaration.cycle_id == cycle.id)
    yield Rung("回避申报与培训", "没有申报、没有培训的人不派；“无”也要申报。", declared, *ready)
    states = {plan.state for plan in cycle.plans} if cycle is not None else set()
    solved = bool(states & {"ready", "submitted", "returned", "approved", "lapsed"})
    yield Rung("排程并送审", "在后台排出合规方案；满意的一版送审，由另一人批准。", solved, *page)
    yield Rung("批准并发布", "输入版本号发布；各组到发布日期才看到自己的驻点。", "published" in states, *page)
