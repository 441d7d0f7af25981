"""The way of a demand: heard, given to an office with a day, answered, asked about again, closed.

A demand is no finding and never becomes one by itself; whoever asked is nowhere.
"""

import datetime as dt
import re

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.demands.models import CHANNELS, SATISFACTION, STATES, TOPICS, Demand, DemandStep
from inspections.followup import deadlines
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit

LONGEST = 1000
#: 信访工作条例 article 34: sixty days; the county may set a nearer day
ANSWER = "DL-15"
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def hear(
    session: orm.Session,
    unit: Unit,
    topic: str,
    channel: str,
    text: str,
    actor: User,
    posting: Posting | None = None,
    heard_on: dt.date | None = None,
) -> Demand:
    """The new demand about the unit. Raises Refusal for a real place, no words, a number of a person."""
    if unit.planning_only:
        raise Refusal("真实地名只用于排程，不能登记群众诉求。")
    if topic not in TOPICS or channel not in CHANNELS:
        raise Refusal("请选择诉求的类别和来源。")
    text = _words(text, "诉求内容")
    day = heard_on or today()
    if day > today():
        raise Refusal("登记日期不能晚于今天。")
    demand = Demand(
        posting_id=posting.id if posting else None,
        unit_id=unit.id,
        township_id=unit.area_id,
        topic=topic,
        channel=channel,
        text=text,
        heard_on=day,
        created_by_id=actor.id,
    )
    session.add(demand)
    session.flush()
    _step(session, demand, "received", actor, "")
    journal.record(session, "demand.hear", demand.uuid, actor, topic=topic, channel=channel)
    return demand


def assign(
    session: orm.Session, demand: Demand, seen: int, owner: str, due: dt.date | None, actor: User
) -> None:
    """Nothing; the office has until `due`, or as long as the rule gives it. Raises Refusal, Conflict."""
    _as_seen(session, demand, seen, ("received", "assigned", "replied"))
    owner = owner.strip()
    if not owner:
        raise Refusal("请填写承办单位。")
    rule = deadlines.limit(session, ANSWER, demand.heard_on)
    if due is not None and not today() <= due <= rule.day:
        raise Refusal(f"办理时限应在今天和 {rule.day} 之间（{rule.basis}）。")
    demand.owner, demand.due = owner, due or rule.day
    demand.due_basis = rule.basis if due in (None, rule.day) else "县里确定"
    _move(session, demand, "assigned", actor, f"交{owner}办理，时限 {demand.due}")


def reply(session: orm.Session, demand: Demand, seen: int, text: str, actor: User) -> None:
    """Nothing; the office has answered. Raises Refusal, Conflict."""
    _as_seen(session, demand, seen, ("assigned",))
    demand.reply, demand.replied_on = _words(text, "答复内容"), today()
    _move(session, demand, "replied", actor, demand.reply)


def ask_again(
    session: orm.Session, demand: Demand, seen: int, satisfaction: str, text: str, actor: User
) -> None:
    """Nothing; closed when people are content with the answer, else the office has it again for thirty days.

    Raises Refusal, also for somebody who gave the answer: 回访 is done by others.
    """
    _as_seen(session, demand, seen, ("replied",))
    if satisfaction not in SATISFACTION:
        raise Refusal("请选择回访的满意程度。")
    answered = [step.actor_id for step in demand.steps if step.state == "replied"]
    if actor.id in answered:
        raise Refusal("答复人不能自己回访。")
    demand.satisfaction = satisfaction
    words = f"回访：{SATISFACTION[satisfaction]}。{text.strip()}"
    if satisfaction == "no":
        demand.due = today() + dt.timedelta(days=30)
        demand.due_basis = "回访不满意，重新办理 30 日"
        _move(session, demand, "assigned", actor, words)
        return
    demand.closed_on = today()
    _move(session, demand, "closed", actor, words)


def drop(session: orm.Session, demand: Demand, seen: int, reason: str, actor: User) -> None:
    """Nothing; the demand is not taken on, with the reason told. Raises Refusal, Conflict."""
    _as_seen(session, demand, seen, ("received",))
    _move(session, demand, "dropped", actor, _words(reason, "不予受理的理由"))


def _as_seen(session: orm.Session, demand: Demand, seen: int, possible: tuple[str, ...]) -> None:
    session.refresh(demand, with_for_update={"of": type(demand)})
    if demand.version != seen:
        raise Conflict("这条诉求已有新的变化，您刚才的内容没有保存。", [f"现为“{STATES[demand.state]}”。"])
    if demand.state not in possible:
        raise Refusal(f"诉求现为“{STATES[demand.state]}”，不能办理这一步。")


def _move(session: orm.Session, demand: Demand, state: str, actor: User, text: str) -> None:
    demand.state = state
    session.flush()
    _step(session, demand, state, actor, text)
    journal.record(session, f"demand.{state}", demand.uuid, actor)


def _step(session: orm.Session, demand: Demand, state: str, actor: User, text: str) -> None:
    session.add(DemandStep(demand_id=demand.id, state=state, actor_id=actor.id, text=text[:LONGEST]))
    session.flush()
    session.expire(demand, ["steps"])


def _words(text: str, what: str) -> str:
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise Refusal(f"请填写{what}。")
    if len(text) > LONGEST:
        raise Refusal(f"{what}最多 {LONGEST} 字，现有 {len(text)} 字。")
    if privacy.private_number(text):
        raise Refusal(f"{what}：{privacy.SENTENCE}")
    if _PHONE.search(text):
        raise Refusal(f"{what}：不得录入电话号码，诉求不记录由谁提出。")
    return text


def counts(session: orm.Session, within: sa.Select[Demand]) -> dict[str, int]:
    """How many of these demands are in each state."""
    wanted = within.with_only_columns(Demand.state, sa.func.count()).group_by(Demand.state).order_by(None)
    return {row[0]: row[1] for row in session.execute(wanted)}


def of_posting(session: orm.Session, posting: Posting) -> list[Demand]:
    """The demands heard during a visit, oldest first."""
    return list(session.scalars(select(Demand).where(Demand.posting_id == posting.id).order_by(Demand.id)))
