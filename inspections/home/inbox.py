"""One place for whatever is handed to a township, a bureau or a village: letters, problems, demands.

An entry is one thing and the next step of whoever answers for the place; the soonest due comes first.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, in_reach
from inspections.database import today
from inspections.demands.models import Demand
from inspections.documents.course import delivery
from inspections.documents.models import KINDS, Paper
from inspections.followup.campaigns.models import CampaignProject, CampaignTask
from inspections.followup.letter_plan import WANTING
from inspections.followup.models import Item
from inspections.followup.rulebook import OWED

#: so many of each kind, the soonest due first; who owes more reads the register
MOST = 100
#: a problem's state → what its place does next
NEXT = {
    "issued": "签收",
    "received": "报送整改方案",
    "planned": "整改并报告进展（方案待县里答复）",
    "rectifying": "整改并报告完成",
    "long_term": "报告进展",
    "returned": "二次整改并报告完成",
    "reopened": "重新整改并报告",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was handed over: what, about what, what comes next, until when, and its page."""

    kind: str
    title: str
    next: str
    endpoint: str
    name: Any
    found: str = ""
    facts: tuple[str, ...] = field(default_factory=tuple)
    due: dt.date | None = None

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < today()

    @property
    def days(self) -> int | None:
        """Days left; negative once it is late; None without a day."""
        return None if self.due is None else (self.due - today()).days


def inbox(session: orm.Session, permissions: Permissions, user: User) -> list[Entry]:
    """What waits for the place of this account, the soonest due first, then what has no day."""
    items = _items(session, permissions, user)
    papers = _papers(session, permissions, user)
    letters = {paper.id: paper for paper in papers}
    by_letter: dict[int, list[Item]] = defaultdict(list)
    alone = []
    for item in items:
        whole = item.paper_id in letters and item.state in WANTING and item.is_led_by(user)
        if whole and item.paper_id is not None:
            by_letter[item.paper_id].append(item)
        else:
            alone.append(item)
    found = [
        *_letters(session, papers, by_letter),
        *(_problem(item, user) for item in alone),
        *(_task(one, user) for one in _tasks(session, permissions, user)),
        *(_demand(one) for one in _demands(session, permissions, user)),
    ]
    return sorted(found, key=lambda entry: (entry.due is None, entry.due or today()))


def _letters(session: orm.Session, papers: Iterable[Paper], wanting: dict[int, list[Item]]) -> list[Entry]:
    found = []
    for paper in papers:
        title, items = f"{paper.document_number} {paper.title}".strip(), wanting.get(paper.id, [])
        if items:
            # one plan answers them all, and is the receipt as well
            told = tuple(f"{item.unit.name}：{item.title}" for item in items)
            words = f"签收并报送整改方案（{len(items)} 个问题）"
            first = min(item.plan_due for item in items)
            found.append(Entry("交办函", title, words, "letter_plans.page", paper.uuid, "", told, first))
            continue
        open_ = [what for what in delivery.open_steps(paper) if what in delivery.of_recipient(paper)]
        if open_:
            words = "签收" if "received" in open_ else "回复"
            limit = delivery.reply_due(session, paper) if words == "回复" else None
            due = limit.day if limit else None
            kind = KINDS[paper.kind]
            found.append(Entry(kind, title, words, "documents.page", paper.uuid, due=due))
    return found


def _problem(item: Item, user: User) -> Entry:
    leads = item.is_led_by(user)
    amount = item.finding.current.amount
    facts = [f"{item.unit.name}（{item.township.name}）", item.letter]
    facts += [f"涉及金额 {amount:,.2f} 元"] if amount else []
    facts += [f"依据：{item.basis}"] if item.basis else []
    facts += [f"配合：{'、'.join(one.name for one in item.partners)}"] if item.partners else []
    words = NEXT[item.state] if leads else f"配合{item.responsible}整改，报告进展"
    due = item.plan_due if item.state in ("issued", "received") and item.way != "at_once" else item.due
    return Entry(
        "问题" if leads else "配合办理",
        item.title,
        words,
        "followup.item_page",
        item.uuid,
        item.found,
        tuple(facts),
        due,
    )


def _demand(demand: Demand) -> Entry:
    facts = (f"{demand.unit.name}（{demand.township.name}）", demand.owner)
    return Entry("群众诉求", demand.text[:80], "答复", "demands.page", demand.uuid, "", facts, demand.due)


def _task(task: CampaignTask, user: User) -> Entry:
    leads = user.unit_id is not None
    facts = (task.township.name, f"牵头：{task.project.lead.name}")
    words = f"{task.township.name}办理，看进展" if leads else "办理并报告结果"
    return Entry("专项治理", task.text[:80], words, "campaigns.task", task.uuid, "", facts, task.due)


def _tasks(session: orm.Session, permissions: Permissions, user: User) -> list[CampaignTask]:
    here = in_reach(permissions, user, "campaign.read", CampaignTask)
    wanted = sa.select(CampaignTask).where(here, CampaignTask.state == "given").order_by(CampaignTask.due)
    project = orm.joinedload(CampaignTask.project).joinedload(CampaignProject.lead)
    return list(session.scalars(wanted.options(project, orm.joinedload(CampaignTask.township)).limit(MOST)))


def _items(session: orm.Session, permissions: Permissions, user: User) -> list[Item]:
    here = in_reach(permissions, user, "item.read", Item)
    wanted = sa.select(Item).where(here, Item.state.in_(OWED & NEXT.keys()), Item.asked_due.is_(None))
    loaded = wanted.options(
        orm.joinedload(Item.unit),
        orm.joinedload(Item.township),
        orm.joinedload(Item.finding),
        orm.selectinload(Item.partners),
    )
    return list(session.scalars(loaded.order_by(Item.due, Item.id).limit(MOST)))


def _papers(session: orm.Session, permissions: Permissions, user: User) -> list[Paper]:
    """Issued papers that still want something of this place, or whose problems do."""
    here = in_reach(permissions, user, "paper.read", Paper)
    open_ = sa.or_(
        ~Paper.steps.any(what="received"),
        sa.and_(Paper.kind.in_(delivery.ANSWERED), ~Paper.steps.any(what="replied")),
        Paper.id.in_(sa.select(Item.paper_id).where(Item.state.in_(WANTING))),
    )
    wanted = sa.select(Paper).where(
        here, Paper.state == "issued", open_, ~Paper.replacements.any(state="issued")
    )
    loaded = wanted.options(orm.selectinload(Paper.steps))
    return list(session.scalars(loaded.order_by(Paper.issued_at.desc()).limit(MOST)))


def _demands(session: orm.Session, permissions: Permissions, user: User) -> list[Demand]:
    here = in_reach(permissions, user, "demand.read", Demand)
    wanted = sa.select(Demand).where(here, Demand.state == "assigned").order_by(Demand.due, Demand.id)
    loaded = wanted.options(orm.joinedload(Demand.unit), orm.joinedload(Demand.township))
    return list(session.scalars(loaded.limit(MOST)))
