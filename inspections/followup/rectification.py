"""What happens to a handed-over problem until it is closed: the one function through which every step goes.

Which step which role may take stands in `rulebook.py`; here is what each step must bring with it.
"""

import datetime as dt
import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.confirming import same_person
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import today
from inspections.followup import checking
from inspections.followup.models import Item, ItemStep, Proof
from inspections.followup.proofs import Received
from inspections.followup.rulebook import ACTIONS, RATINGS, STATES, rulebook
from inspections.rounds.models import Posting, Round, Team
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

LONGEST_TEXT = 2000
MOST_MONEY = decimal.Decimal("999999999999.99")
MOST_HOUSEHOLDS = 1_000_000
#: a closed item and what must stand in its register line (销号四要件): proofs, verifier, date, rating
#: what a unit that only helps may report
OF_PARTNERS = ("report_progress",)
GOOD_ENOUGH = ("好", "较好")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody says with a step; which parts are needed depends on the action."""

    text: str = ""
    measures: str = ""
    persons: str = ""
    until: dt.date | None = None
    recovered: decimal.Decimal | None = None
    households: int | None = None
    checker: User | None = None
    #: the meeting that decided a plan and the member of the leading group who answers for it
    held_on: dt.date | None = None
    leader: str = ""
    files: Sequence[Received] = field(default_factory=tuple)

    def said(self) -> dict[str, Any]:
        """What the step keeps of it, in JSON."""
        kept: dict[str, Any] = {
            "measures": self.measures,
            "persons": self.persons,
            "until": self.until and self.until.isoformat(),
            "recovered": None if self.recovered is None else f"{self.recovered:.2f}",
            "households": self.households,
            "held_on": self.held_on and self.held_on.isoformat(),
            "leader": self.leader,
            "checker": self.checker and self.checker.name,
        }
        return {key: value for key, value in kept.items() if value not in (None, "")}


def act(session: orm.Session, item: Item, action: str, actor: User, seen: int, what: Act) -> ItemStep:
    """The new step; the item stands where the rulebook says. Flushed, not committed.

    Raises Refusal where the table does not allow the action to this role in this state, or for what the step
    lacks; Conflict when the item changed since version `seen`.
    """
    session.refresh(item, with_for_update={"of": type(item)})
    if item.version != seen:
        last = item.steps[-1]
        told = [f"{last.actor.name}{ACTIONS.get(last.action, '交办')}，现为“{STATES[item.state]}”。"]
        raise Conflict("这个问题的整改情况已有新的变化，您刚才的内容没有保存。", told)
    state = rulebook().next_state(item.state, actor.role, action)
    if state is None:
        words = ACTIONS.get(action, action)
        raise Refusal(f"现为“{STATES[item.state]}”，{actor.role_name}不能办理“{words}”。")
    if actor.role == "recipient" and not item.is_led_by(actor) and action not in OF_PARTNERS:
        raise Refusal(f"这个问题由{item.responsible}牵头办理，配合单位只报告进展、上传材料。")
    _look_over(what)
    need = _NEEDS.get(action)
    if need is not None:
        need(session, item, actor, what)
    return _step(session, item, action, state, actor, what)


def _step(session: orm.Session, item: Item, action: str, state: str, actor: User, what: Act) -> ItemStep:
    step = ItemStep(item_id=item.id, action=action, state=state, actor_id=actor.id, text=what.text.strip())
    step.said = what.said()
    session.add(step)
    session.flush()
    for file in what.files:
        values = {"what": file.what, "name": file.name, "media_type": file.media_type, "data": file.data}
        session.add(
            Proof(step_id=step.id, item_id=item.id, sha256=file.sha256, size=len(file.data), **values)
        )
    _keep(item, action, state, what)
    session.flush()
    journal.record(session, f"item.{action}", item.uuid, actor, state=state)
    session.expire(item, ["steps"])
    return step


def _keep(item: Item, action: str, state: str, what: Act) -> None:
    """The item's own columns, from the step."""
    day = today()
    item.state = state
    item.closed_on = (item.closed_on or day) if state == "closed" else None
    if action == "sign_receipt":
        item.received_on = day
    elif action == "report_done":
        item.reported_on, item.checker, item.rating = day, None, ""
        item.asked_due = None  # what is done needs no more time: the request lapses
    elif action == "ask_extension":
        item.asked_due = what.until
    elif action == "grant_extension":
        item.due, item.asked_due = item.asked_due or item.due, None
        item.due_basis = f"经批准延期（{day.isoformat()}）"
    elif action == "refuse_extension":
        item.asked_due = None
    elif action == "assign_check":
        item.checker = what.checker
    elif action in RATINGS:
        item.rating = RATINGS[action]
    elif action == "mark_long_term":
        item.way = "long_term"
    elif action in ("recheck_held", "recheck_failed"):
        item.rechecked_on = day
    if state == "reopened":
        item.reopened_on = day
        item.due = what.until or day + dt.timedelta(days=30)
        item.due_basis = "回头看反弹后重新确定"
    if action in ("report_progress", "report_done"):
        item.recovered += what.recovered or 0
        item.households += what.households or 0


def _look_over(what: Act) -> None:
    """Nothing. Raises Refusal for texts that are too long or hold a private number, and for odd figures."""
    for name, text in (
        ("说明", what.text),
        ("整改措施", what.measures),
        ("责任人", what.persons),
        ("责任领导", what.leader),
    ):
        if len(text) > LONGEST_TEXT:
            raise Refusal(f"{name}最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。")
        if privacy.private_number(text):
            raise Refusal(f"{name}：{privacy.SENTENCE}")
    if what.recovered is not None and not 0 <= what.recovered <= MOST_MONEY:
        raise Refusal("清退追缴金额应为不小于 0 的数字，单位元。")
    if what.households is not None and not 0 <= what.households <= MOST_HOUSEHOLDS:
        raise Refusal(f"涉及户数应为 0 至 {MOST_HOUSEHOLDS} 的整数。")


def _needs_text(words: str) -> Callable[[orm.Session, Item, User, Act], None]:
    def need(_session: orm.Session, _item: Item, _actor: User, what: Act) -> None:
        if not what.text.strip():
            raise Refusal(words)

    return need


def _needs_plan(_session: orm.Session, item: Item, _actor: User, what: Act) -> None:
    if not what.measures.strip() or not what.persons.strip():
        raise Refusal("整改方案应写明整改措施和责任人。")
    if what.until is None or not item.served_on <= what.until <= item.due:
        raise Refusal(f"计划完成日期应在 {item.served_on} 至整改时限 {item.due} 之间。")


def _needs_proof(_session: orm.Session, item: Item, _actor: User, what: Act) -> None:
    if item.state == "received" and item.way != "at_once":
        raise Refusal("限期整改的问题请先报送整改方案。")
    if not what.text.strip():
        raise Refusal("请写明整改结果。")
    kinds = {file.what for file in what.files}
    if item.way == "at_once" and not {"before", "after"} <= kinds:
        raise Refusal("立行立改的问题应上传整改前、整改后的照片各至少一张。")
    if not kinds:
        raise Refusal("报告完成应附至少一份凭证材料或照片。")


def _needs_later_day(_session: orm.Session, item: Item, _actor: User, what: Act) -> None:
    if item.asked_due is not None:
        raise Refusal(f"已申请延期至 {item.asked_due}，请等待答复。")
    if what.until is None or what.until <= max(item.due, today()):
        raise Refusal(f"申请延期的日期应晚于现时限 {item.due} 和今天。")
    if not what.text.strip():
        raise Refusal("申请延期请写明原因。")


def _needs_request(_session: orm.Session, item: Item, _actor: User, what: Act) -> None:
    if item.asked_due is None:
        raise Refusal("没有待答复的延期申请。")
    if not what.text.strip():
        raise Refusal("请写明同意或不同意延期的理由。")


def _needs_checker(session: orm.Session, item: Item, actor: User, what: Act) -> None:
    if what.checker is None:
        raise Refusal("请选择现场核验人。")
    if same_person(actor, what.checker):
        raise Refusal("不能派自己核验，请选择另一人。")
    why = checking.why_not(session, item, what.checker)
    if why:
        raise Refusal(why)


def _needs_own_check(session: orm.Session, item: Item, actor: User, what: Act) -> None:
    if item.checker_id != actor.id:
        raise Refusal("只有被指派的核验人可以填写核验结论。")
    why = checking.why_not(session, item, actor)
    if why:
        raise Refusal(why)
    if not what.text.strip():
        raise Refusal("请写明现场核验的时间、方法和结论。")
    if not what.files:
        raise Refusal("现场核验应附至少一张照片或一份材料。")


def _needs_everything(session: orm.Session, item: Item, actor: User, _what: Act) -> None:
    report = next((step for step in reversed(item.steps) if step.action == "report_done"), None)
    if report is None or not report.proofs:
        raise Refusal("没有整改完成的报告和凭证，不能销号。")
    if item.rating not in GOOD_ENOUGH or item.checker is None:
        raise Refusal("没有核验为“好”或“较好”，不能销号。")
    if any(same_person(item.checker, reporter) for reporter in checking.reporters(item)):
        raise Refusal("报告人不能核验，请改派核验人。")
    why = checking.in_the_way_of_closing(item, actor)
    if why:
        raise Refusal(why)


def _needs_other_eyes(session: orm.Session, item: Item, actor: User, what: Act) -> None:
    """回头看: by a team of a later round that visits the unit, never by those who were there first."""
    first = item.finding.posting.team.round
    visited = (
        select(Posting.id)
        .join(Posting.team)
        .join(Team.round)
        .where(Posting.within(Reach.TEAM, actor), Posting.unit_id == item.unit_id, Round.start > first.end)
    )
    if session.scalar(visited.limit(1)) is None:
        raise Refusal(f"回头看应由以后轮次派驻{item.unit.name}的小组办理。")
    if checking.in_the_first_team(session, item, actor):
        raise Refusal("回头看不能由当初发现问题的人员办理。")
    why = checking.why_not(session, item, actor)
    if why:
        raise Refusal(why)
    if not what.text.strip():
        raise Refusal("请写明回头看的情况。")


_NEEDS: Mapping[str, Callable[[orm.Session, Item, User, Act], None]] = {
    "submit_plan": _needs_plan,
    "return_plan": _needs_text("退回方案请写明原因。"),
    "report_progress": _needs_text("请写明整改进展。"),
    "ask_extension": _needs_later_day,
    "grant_extension": _needs_request,
    "refuse_extension": _needs_request,
    "report_done": _needs_proof,
    "send_back": _needs_text("退回补充请写明缺什么。"),
    "assign_check": _needs_checker,
    **dict.fromkeys(RATINGS, _needs_own_check),
    "mark_long_term": _needs_text("转为长期坚持请写明理由和坚持的措施。"),
    "close": _needs_everything,
    "recheck_held": _needs_other_eyes,
    "recheck_failed": _needs_other_eyes,
    "reopen": _needs_text("撤销销号请写明原因。"),
    "withdraw": _needs_text("撤销请写明原因。"),
}
