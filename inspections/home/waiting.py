"""What waits for a person, and how far each cycle is: the two questions of the first page.

It counts only rows in the person's reach and only what the person may act on; it changes nothing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Permissions, in_reach
from inspections.database import now, today
from inspections.documents.course import approval
from inspections.documents.models import Paper
from inspections.documents.wording import citing
from inspections.fieldwork.models import Device
from inspections.fieldwork.tablet import devices
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision, GateVoice
from inspections.followup.campaigns.models import CampaignProject, CampaignTask
from inspections.followup.models import Campaign, Item
from inspections.followup.rulebook import OWED, TURN
from inspections.leads.models import CaseRoomKey, SealedLead
from inspections.operations.checks import Machine, answers, worker
from inspections.people.models import Removal
from inspections.planning.amending.models import Amendment
from inspections.planning.readiness.asking import asking_for, silent
from inspections.recusal.models import RecusalRequest, Waiver
from inspections.recusal.readiness import standings
from inspections.rounds.models import Cycle, Plan, Posting, Round, Team, cycle_units
from inspections.workdays import lived

#: how long a newly issued letter is announced on the first page
NEWS = dt.timedelta(days=30)
#: what is too late tomorrow; what somebody else waits for
URGENT, AWAITED = 0, 1
RUNNING = Plan.state.in_(("queued", "solving"))


@dataclass(frozen=True)
class Task:
    """One thing to do: how many, the sentence, and the page where it is done."""

    count: int
    words: str
    endpoint: str
    arguments: dict[str, Any] = field(default_factory=dict)
    #: what does harm first: today's before what somebody waits for before what can wait
    harm: int = 2


def tasks(
    session: orm.Session, permissions: Permissions, user: User, machine: Machine | None = None
) -> list[Task]:
    """What waits for this user, by harm, then in the order of the work; nothing the role may not act on."""
    desk = _Desk(session, permissions, user)
    parts = (
        desk.of_planner(),
        desk.of_recusal(),
        desk.of_field(),
        desk.of_register(),
        desk.of_leads(),
        desk.of_readers(),
        desk.of_accounts(),
        desk.of_operations(machine) if machine else (),
    )
    found = [task for part in parts for task in part]
    return sorted((task for task in found if task.count), key=lambda task: task.harm)


@dataclass(frozen=True)
class _Desk:
    session: orm.Session
    permissions: Permissions
    user: User

    def may(self, action: str) -> bool:
        return self.permissions.allows(self.user, action)

    def count(self, action: str, model: Any, *where: sa.ColumnElement[bool]) -> int:
        return self.counts(action, model, sa.and_(*where))[0]

    def counts(self, action: str, model: Any, *kinds: sa.ColumnElement[bool]) -> Sequence[int]:
        """How many rows in reach are of each of these kinds: one question for all."""
        reach = in_reach(self.permissions, self.user, action, model)
        each = [sa.func.count().filter(kind) for kind in kinds]
        return self.session.execute(sa.select(*each).select_from(model).where(reach)).one()

    def of_planner(self) -> Iterator[Task]:
        if not self.may("plan.read"):
            return
        if self.may("plan.solve"):
            bare = self.count("cycle.read", Cycle, ~Cycle.plans.any(), Cycle.archived_at.is_(None))
            yield Task(bare, f"{bare} 个周期还没有排程", "rounds.listing")
            running = self.count("plan.read", Plan, RUNNING)
            yield Task(running, f"{running} 个方案正在排程", "rounds.listing")
        if self.may("plan.publish"):
            yield from self._released_tomorrow()
        steps = {
            "returned": ("plan.submit", "被退回，修改后重新送审", True),
            "submitted": ("plan.approve", "等您批准或退回", False),
            "approved": ("plan.publish", "已批准，等您发布", True),
        }
        at_work = Plan.cycle.has(Cycle.archived_at.is_(None))
        wanted = sa.select(Plan).where(Plan.state.in_(steps), at_work).order_by(Plan.id)
        wanted = wanted.where(in_reach(self.permissions, self.user, "plan.read", Plan))
        for plan in self.session.scalars(wanted.options(orm.joinedload(Plan.cycle))):
            action, words, own = steps[plan.state]
            if self.may(action) and (own or plan.created_by_id != self.user.id):
                told = f"{plan.cycle.name}第 {plan.number} 版方案{words}"
                yield Task(1, told, "rounds.plan_page", {"name": plan.uuid}, AWAITED)
        if self.may("cycle.second"):
            asked = sa.select(Amendment).where(
                Amendment.agreed.is_(None), Amendment.cycle.has(Cycle.archived_at.is_(None))
            )
            asked = asked.where(Amendment.asked_by_id != self.user.id)
            for each in self.session.scalars(asked.options(orm.joinedload(Amendment.cycle))):
                told = f"{each.cycle.name}：{each.words}，等您同意"
                yield Task(1, told, "rounds.cycle_page", {"name": each.cycle.uuid}, AWAITED)
        yield from self._of_papers()

    def _of_papers(self) -> Iterator[Task]:
        if self.may("paper.write"):
            open_ = citing.may_be_cited(), ~citing.handed_over("handover")
            free = self.count("finding.read", Finding, *open_)
            yield Task(free, f"{free} 份已审签的底稿还没有交办", "documents.new")
        waits = approval.turns(self.session, self.user)
        for action, state, words in (
            ("paper.check", "draft", "份文书草稿待核稿"),
            ("paper.countersign", "checked", "份文书待会签"),
            ("paper.sign", "checked", "份文书待签发"),
            ("paper.issue", "signed", "份文书已签发、待印发"),
        ):
            if self.may(action):
                whose = waits.get(action.removeprefix("paper."), sa.true())
                lying = self.count(action, Paper, Paper.state == state, whose)
                yield Task(lying, f"{lying} {words}", "documents.listing", {"state": state})

    def _released_tomorrow(self) -> Iterator[Task]:
        """The last day on which a planner can still change what the teams will read; and what should be open
        and is not, because the clock came to its day too suddenly."""
        tomorrow = Round.release_on == today() + dt.timedelta(days=1)
        withheld = sa.and_(Round.release_on <= today(), ~lived.has_come(Round.release_on))
        wanted = sa.select(Round).where(
            tomorrow | withheld,
            Round.cancelled_at.is_(None),
            Round.cycle.has(Cycle.plans.any(Plan.state == "published")),
        )
        for round_ in self.session.scalars(wanted.order_by(Round.id)):
            plan = round_.cycle.published_plan
            if round_.release_on <= today():
                told = f"{round_.cycle.name}{round_.name}暂未公布：服务器日期跳动，请核对"
                yield Task(1, told, "workdays.page", {}, URGENT)
                continue
            words = f"{round_.cycle.name}{round_.name}明天向各组公布，请再核对一次"
            if plan is not None:
                yield Task(1, words, "rounds.plan_page", {"name": plan.uuid}, URGENT)

    def of_recusal(self) -> Iterator[Task]:
        """Declarations to be made or still missing, and requests whose next step is this user's."""
        if self.may("declaration.write") and self.user.person is not None:
            whose = self.user.person
            mine = sum(
                standings(self.session, cycle.id, [whose])[whose.id].answer is None
                for cycle in asking_for(self.session, whose)
            )
            yield Task(mine, f"{mine} 个周期等您作回避申报，“无”也要申报", "readiness.mine")
        if self.may("readiness.write"):
            for cycle, left in silent(self.session):
                words = f"{cycle.name}还有 {left} 人没有作回避申报"
                yield Task(left, words, "readiness.page", {"name": cycle.uuid, "show": "silent"})
        if self.may("recusal.read"):
            reach = in_reach(self.permissions, self.user, "recusal.read", RecusalRequest)
            due = [one.next for one in self.session.scalars(sa.select(RecusalRequest).where(reach))]
            if self.may("recusal.handle"):
                some = sum(step not in (None, "approved") for step in due)
                yield Task(some, f"{some} 件回避申请待办理", "recusal.listing")
            if self.may("recusal.approve"):
                some = due.count("approved")
                yield Task(some, f"{some} 件回避决定待批准", "recusal.listing")
        if self.may("removal.decide"):
            open_ = Removal.agreed.is_(None), Removal.asked_by_id != self.user.id
            some = self.count("removal.decide", Removal, *open_)
            yield Task(some, f"{some} 项删除回避登记待确认", "people.removals_page")
        if self.may("waiver.approve"):
            others = Waiver.state == "asked", Waiver.asked_by_id != self.user.id
            some = self.count("waiver.approve", Waiver, *others)
            yield Task(some, f"{some} 件回避豁免待批准", "waivers.listing")

    def of_field(self) -> Iterator[Task]:
        if self.may("answer.write"):
            going = self.count(
                "answer.write", Posting, Posting.team.has(Team.round.has(Round.end >= today()))
            )
            yield Task(going, f"{going} 个驻点正在进行", "fieldwork.listing")
        if self.may("device.read"):
            silent = self.count("device.read", Device, devices.silent())
            told = f"{silent} 台平板 {devices.SILENT_DAYS} 天以上没有联网"
            yield Task(silent, told, "devices.listing")
        if self.may("finding.sign"):
            waiting = self.count("finding.sign", Finding, Finding.state == "submitted")
            yield Task(waiting, f"{waiting} 份底稿待您审签", "findings.listing", {"state": "submitted"})
        if self.may("finding.review"):
            words = sa.select(FindingRevision.author_id).where(FindingRevision.finding_id == Finding.id)
            newest = words.order_by(FindingRevision.n.desc()).limit(1).scalar_subquery()
            others = (Finding.state == "in_review", newest != self.user.id)
            waiting = self.count("finding.review", Finding, *others)
            yield Task(waiting, f"{waiting} 份底稿待您复核", "findings.listing", {"state": "in_review"})
        if self.may("finding.gate"):
            mine_said = sa.select(GateVoice.finding_id).where(GateVoice.actor_id == self.user.id)
            second = self.count("finding.gate", Finding, gate.undecided(), Finding.id.not_in(mine_said))
            yield Task(
                second, f"{second} 份严重（S4）底稿待第二人研判", "findings.listing", {"state": "signed"}
            )
        if self.may("finding.write"):
            mine = Finding.created_by_id == self.user.id
            returned, drafts = self.counts(
                "finding.write",
                Finding,
                (Finding.state == "returned") & mine,
                (Finding.state == "draft") & mine,
            )
            yield Task(
                returned, f"{returned} 份底稿被退回，待您修改", "findings.listing", {"state": "returned"}
            )
            yield Task(drafts, f"{drafts} 份底稿还没有提交审签", "findings.listing", {"state": "draft"})

    def of_register(self) -> Iterator[Task]:
        """What waits in the register of rectification, for each by the own part in it."""
        where = "followup.listing"
        if self.may("item.manage"):
            yield from self._items(
                "item.manage",
                (Item.state == "planned", "份整改方案待审", {"state": "planned"}),
                (Item.state == "reported", "个问题已报完成，待派人核验", {"state": "reported"}),
                (Item.asked_due.is_not(None), "个延期申请待答复", {}),
                (Item.overdue(today()), "个问题逾期未改", {"late": "1"}),
            )
            some = self._places_unreached()
            words = f"{some} 个乡镇的交办问题没有联络员账号可以签收、报告，请管理员开户"
            yield Task(some, words, "accounts.listing")
        elif self.may("item.act"):
            mine = sa.and_(Item.state == "checking", Item.checker_id == self.user.id)
            some = self.count("item.act", Item, mine)
            yield Task(some, f"{some} 个问题待您现场核验", where, {"state": "checking"})
        if self.user.role == TURN["checked"] and self.may("item.act"):
            some = self.count("item.act", Item, Item.state == "checked")
            yield Task(some, f"{some} 个问题核验通过，等您批准销号", where, {"state": "checked"})
        if self.user.role == "recipient":
            yield from self._items(
                "item.read",
                (Item.state == "issued", "个交办问题待签收", {"state": "issued"}),
                (Item.state == "received", "个问题待报整改方案", {"state": "received"}),
                (Item.state == "returned", "个问题须二次整改", {"state": "returned"}),
                (Item.state == "reopened", "个问题反弹，须重新整改", {"state": "reopened"}),
                (Item.overdue(today()), "个问题已逾期", {"late": "1"}),
            )
        if self.may("campaign.run"):
            told = self.count("campaign.run", CampaignTask, CampaignTask.state == "reported")
            yield Task(told, f"{told} 项专项治理任务已报告，待确认", "sorting.listing")
            begun = sa.select(CampaignProject.campaign_id)
            new = self.count("campaign.run", Campaign, Campaign.state == "adopted", Campaign.id.not_in(begun))
            yield Task(new, f"{new} 项专项治理已采纳，待组织实施", "sorting.listing")
        if self.may("campaign.decide"):
            some = self.count("campaign.decide", Campaign, Campaign.state == "proposed")
            yield Task(some, f"{some} 项专项治理建议待决定", "sorting.listing")

    def _places_unreached(self) -> int:
        """Townships that owe something for which no account of the place can be reminded."""
        place = sa.or_(User.township_id == Item.township_id, User.unit_id == Item.unit_id)
        reached = sa.exists().where(User.role == "recipient", User.active, place)
        wanted = sa.select(sa.func.count(sa.distinct(Item.township_id))).where(
            in_reach(self.permissions, self.user, "item.manage", Item), Item.state.in_(OWED), ~reached
        )
        return self.session.scalar(wanted) or 0

    def _items(
        self, action: str, *kinds: tuple[sa.ColumnElement[bool], str, dict[str, Any]]
    ) -> Iterator[Task]:
        found = self.counts(action, Item, *(kind for kind, _, _ in kinds))
        for some, (_, words, narrowed) in zip(found, kinds, strict=True):
            yield Task(some, f"{some} {words}", "followup.listing", narrowed)

    def of_leads(self) -> Iterator[Task]:
        if self.may("lead.read"):
            new = self.count("lead.read", SealedLead, ~SealedLead.steps.any())
            yield Task(new, f"{new} 条移送的线索待签收", "leads.listing")
        if self.may("lead.confirm_key"):
            shown = CaseRoomKey.steps.any(what="proved"), ~CaseRoomKey.steps.any(what="confirmed")
            keys = self.count("lead.confirm_key", CaseRoomKey, *shown)
            yield Task(keys, f"{keys} 把案管室公钥待核对指纹、确认", "leads.key_page")

    def of_readers(self) -> Iterator[Task]:
        if self.may("paper.read") and not self.may("paper.write"):
            new = self.count("paper.read", Paper, Paper.state == "issued", Paper.issued_at > now() - NEWS)
            yield Task(new, f"近 30 日印发文书 {new} 份，请查阅", "documents.listing")

    def of_accounts(self) -> Iterator[Task]:
        if self.may("account.confirm"):
            some = self.count("account.read", User, User.awaits.is_(True))
            yield Task(some, f"{some} 个账号待确认", "accounts.listing")
        if self.may("account.write"):
            fresh = self.count("account.write", User, User.must_change.is_(True))
            yield Task(fresh, f"{fresh} 个账号还没有修改一次性密码", "accounts.listing")

    def of_operations(self, machine: Machine) -> Iterator[Task]:
        """What is wrong with the machine, in one line; to a planner, that plans wait for a dead worker."""
        if self.may("operations.read"):
            wrong = [answer for answer in answers(machine) if not answer.fact.well]
            names = "、".join(answer.check.name for answer in wrong)
            yield Task(len(wrong), f"系统运行有 {len(wrong)} 项要处理：{names}", "operations.page")
        elif self.may("plan.solve") and not worker(machine).well:
            waiting = self.count("plan.read", Plan, RUNNING)
            words = "后台进程没有运行，排程不会继续，请告诉系统管理员"
            yield Task(int(waiting > 0), words, "rounds.listing")


@dataclass(frozen=True)
class Stage:
    """How far a cycle is: how many units, the dates of its rounds, `steps` as (name, done) in order."""

    cycle: Cycle
    units: int
    steps: list[tuple[str, bool]]
    plan: Plan | None


def stages(session: orm.Session, permissions: Permissions, user: User) -> list[Stage]:
    """One line per cycle in reach, the newest first; empty for those who may not see plans."""
    reach = in_reach(permissions, user, "cycle.read", Cycle)
    at_work = sa.select(Cycle).where(reach, Cycle.archived_at.is_(None))
    wanted = at_work.order_by(Cycle.created_at.desc(), Cycle.id.desc())
    wanted = wanted.options(orm.selectinload(Cycle.plans), orm.selectinload(Cycle.rounds))
    cycles = session.scalars(wanted).all()
    counted = sa.select(cycle_units.c.cycle_id, sa.func.count()).group_by(cycle_units.c.cycle_id)
    units = {row[0]: row[1] for row in session.execute(counted)}
    return [_stage(cycle, units.get(cycle.id, 0)) for cycle in cycles]


def _stage(cycle: Cycle, units: int) -> Stage:
    plan = cycle.leading_plan
    order = ["ready", "returned", "submitted", "approved", "published"]
    at = order.index(plan.state) if plan and plan.state in order else -1
    rounds = cycle.standing_rounds
    ended = bool(rounds) and rounds[-1].end < today()
    started = bool(rounds) and rounds[0].start <= today()
    published = at >= order.index("published")
    steps = [
        ("编制", True),
        ("排程", at >= order.index("ready")),
        ("送审", at >= order.index("submitted")),
        ("批准", at >= order.index("approved")),
        ("发布", published),
        ("驻点", published and started),
        ("驻点结束", published and ended),
    ]
    return Stage(cycle, units, steps, plan)
