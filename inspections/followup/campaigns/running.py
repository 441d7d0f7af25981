"""Carries out an adopted campaign: opens the project, gives tasks, takes results, ends with a report."""

import datetime as dt
import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision
from inspections.followup import sorting
from inspections.followup.campaigns.models import CampaignProject, CampaignStep, CampaignTask
from inspections.followup.models import Campaign
from inspections.rounds.models import Posting, Round, Team
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Area, Unit

LONGEST = 2000
MOST_COUNT = 1_000_000
MOST_MONEY = decimal.Decimal("999999999999.99")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a campaign: papers of its kind in one half-year, in how many rounds, townships and units."""

    half: str
    papers: int
    rounds: int
    townships: int
    units: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a township reports of its task."""

    text: str
    problems: int = 0
    amount: decimal.Decimal = decimal.Decimal(0)
    households: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What all tasks of a project brought; of `tasks` townships so many are done and late."""

    tasks: int
    done: int
    late: int
    problems: int
    amount: decimal.Decimal
    households: int


def evidence(session: orm.Session, category: str) -> list[Evidence]:
    """Signed papers that count in the category, by half-year of their visit, the newest first."""
    newest = select(sa.func.max(FindingRevision.id)).group_by(FindingRevision.finding_id)
    wanted = (
        select(Finding)
        .join(
            FindingRevision, sa.and_(FindingRevision.finding_id == Finding.id, FindingRevision.id.in_(newest))
        )
        .join(Finding.posting)
        .join(Posting.team)
        .join(Team.round)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(
            Finding.state == "signed",
            sa.or_(FindingRevision.severity != "S4", gate.is_a_problem()),  # a lead is no evidence
        )
    )
    counted = sorting.with_sorting(wanted).where(sorting.CATEGORY.in_([category]))
    rows: Sequence[Any] = session.execute(
        counted.with_only_columns(Round.start, Round.id, Unit.area_id, Unit.id)
    ).all()
    halves: dict[str, list[tuple[int, int, int]]] = {}
    for start, round_id, town, unit in rows:
        half = f"{start.year}年{'上' if start.month <= 6 else '下'}半年"
        halves.setdefault(f"{start.year}{start.month > 6:d}{half}", []).append((round_id, town, unit))
    return [
        Evidence(key[5:], len(found), *(len({one[at] for one in found}) for at in range(3)))
        for key, found in sorted(halves.items(), reverse=True)
    ]


def project_of(session: orm.Session, campaign: Campaign) -> CampaignProject | None:
    """The project of the campaign; None before it is opened."""
    wanted = select(CampaignProject).where(CampaignProject.campaign_id == campaign.id)
    loaded = wanted.options(
        orm.selectinload(CampaignProject.tasks).joinedload(CampaignTask.township),
        orm.joinedload(CampaignProject.lead),
        orm.joinedload(CampaignProject.opened_by),
    )
    return session.scalar(loaded)


def begin(
    session: orm.Session,
    campaign: Campaign,
    lead: Unit,
    plan: str,
    days: tuple[dt.date | None, dt.date | None],
    towns: Sequence[Area],
    actor: User,
) -> CampaignProject:
    """The project, with the plan as each township's task until its last day. Raises Refusal, Conflict."""
    starts_on, ends_on = days
    if campaign.state != "adopted":
        raise Refusal("专项治理建议采纳以后才能组织实施。")
    if project_of(session, campaign) is not None:
        raise Conflict("这项专项治理已经组织实施。")
    if not plan.strip():
        raise Refusal("请写明治理方案：治什么、怎么治、达到什么结果。")
    if starts_on is None or ends_on is None or ends_on < starts_on or ends_on < today():
        raise Refusal("请填写起止日期，结束日期不早于开始日期和今天。")
    if not towns:
        raise Refusal("请至少选择一个乡镇。")
    _look_over(plan)
    project = CampaignProject(
        campaign_id=campaign.id,
        lead_id=lead.id,
        plan=plan.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        opened_by_id=actor.id,
    )
    session.add(project)
    session.flush()
    for town in towns:
        task = CampaignTask(project_id=project.id, township_id=town.id, text=plan.strip(), due=ends_on)
        session.add(task)
        session.flush()
        _step(session, task, plan.strip(), actor)
    journal.record(session, "campaign.begin", project.uuid, actor, tasks=len(towns), lead=lead.name)
    return project


def set_day(session: orm.Session, task: CampaignTask, seen: int, due: dt.date | None, actor: User) -> None:
    """Nothing; the township has until that day. Raises Refusal for a day outside the project, Conflict."""
    _unchanged(session, task, seen)
    project = task.project
    if task.state == "accepted" or due is None or not project.starts_on <= due <= project.ends_on:
        raise Refusal(f"完成日期应在 {project.starts_on} 至 {project.ends_on} 之间，已完成的不再更改。")
    task.due = due
    session.flush()
    journal.record(session, "campaign.day", task.uuid, actor, due=due.isoformat())


def report(session: orm.Session, task: CampaignTask, seen: int, told: Result, actor: User) -> None:
    """Nothing; the township's result waits for the county. Raises Refusal, or Conflict for an old page."""
    _unchanged(session, task, seen)
    if actor.unit_id is not None:
        raise Refusal(f"治理结果由{task.township.name}报告。")
    if task.state != "given" or task.project.ended_on is not None:
        raise Refusal("这项任务现在不需要报告。")
    if not told.text.strip():
        raise Refusal("请写明治理结果：查了哪些单位、发现什么、怎么处理。")
    _look_over(told.text)
    counts = told.problems, told.households
    if not all(0 <= count <= MOST_COUNT for count in counts) or not 0 <= told.amount <= MOST_MONEY:
        raise Refusal("问题数、户数应为不小于 0 的整数，金额应为不小于 0 的数字，单位元。")
    task.state, task.result, task.reported_on = "reported", told.text.strip(), today()
    task.problems, task.amount, task.households = told.problems, told.amount, told.households
    _step(session, task, told.text.strip(), actor)


def answer(session: orm.Session, task: CampaignTask, seen: int, good: bool, why: str, actor: User) -> None:
    """Nothing; the result is confirmed or sent back. Raises Refusal without a reason, Conflict."""
    _unchanged(session, task, seen)
    if task.state != "reported":
        raise Refusal("这项任务还没有报告结果。")
    if not good and not why.strip():
        raise Refusal("退回请写明缺什么。")
    task.state = "accepted" if good else "given"
    _step(session, task, why.strip(), actor)


def end(session: orm.Session, project: CampaignProject, seen: int, text: str, actor: User) -> None:
    """Nothing; the project is over and reported. Raises Refusal while a task is open, Conflict."""
    session.refresh(project, with_for_update={"of": type(project)})
    if project.version != seen:
        raise Conflict("这项专项治理已有新的变化，您刚才的内容没有保存。")
    if project.ended_on is not None:
        raise Conflict("这项专项治理已经结束。")
    if open_ := [task.township.name for task in project.tasks if task.state != "accepted"]:
        raise Refusal(f"还有 {len(open_)} 个乡镇没有完成：{'、'.join(open_)}。")
    if not text.strip():
        raise Refusal("请填写总结：查清了什么、改了什么、立了什么制度。")
    _look_over(text)
    project.report, project.ended_on = text.strip(), today()
    session.flush()
    journal.record(session, "campaign.end", project.uuid, actor)


def totals(project: CampaignProject) -> Totals:
    """What the tasks say together."""
    tasks = project.tasks
    return Totals(
        tasks=len(tasks),
        done=sum(task.state == "accepted" for task in tasks),
        late=sum(task.is_overdue for task in tasks),
        problems=sum(task.problems for task in tasks),
        amount=sum((task.amount for task in tasks), decimal.Decimal(0)),
        households=sum(task.households for task in tasks),
    )


def _unchanged(session: orm.Session, task: CampaignTask, seen: int) -> None:
    session.refresh(task, with_for_update={"of": type(task)})
    if task.version != seen:
        raise Conflict("这项任务已有新的变化，您刚才的内容没有保存。")


def _step(session: orm.Session, task: CampaignTask, text: str, actor: User) -> None:
    session.flush()
    session.add(CampaignStep(task_id=task.id, state=task.state, text=text, actor_id=actor.id))
    session.flush()
    session.expire(task, ["steps"])
    journal.record(session, f"campaign.{task.state}", task.uuid, actor, township=task.township_id)


def _look_over(text: str) -> None:
    if len(text) > LONGEST:
        raise Refusal(f"最多 {LONGEST} 字，现有 {len(text)} 字。")
    if privacy.private_number(text):
        raise Refusal(privacy.SENTENCE)
