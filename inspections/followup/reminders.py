"""Which reminder falls on which day, and writing each exactly once (周提醒、半月督促、逾期阶梯).

A reminder is a row that a unique key keeps single: the worker may start again, run late or twice.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.fieldwork.models import Deadline
from inspections.followup import deadlines
from inspections.followup.models import EscalationRung, Item, Reminder
from inspections.followup.rulebook import STATES, TURN
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

JOB = "send_reminders"
CHANNELS = {
    "desk": "系统内提醒",
    "phone": "电话提醒",
    "face": "当面督促",
    "letter": "书面督办",
    "webhook": "消息推送",
}
#: repeated reminders: the time limit that sets the interval, and the county's own word for it
REPEATED = {deadlines.WEEKLY: "周提醒", deadlines.HALF_MONTHLY: "半月督促"}


#: what is asked of the side whose turn it is
_ASKED = {
    "issued": "请签收",
    "planned": "整改方案等您审核，责任单位在等答复",
    "reported": "已报完成，等您审核材料、派人核验",
    "checking": "等您现场核验",
    "checked": "核验通过，等您批准销号",
}
_COUNTY = {"planner": "县统筹", "leadership": "领导"}


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that ought to exist: which item, of which kind, for which day, to which side."""

    item_id: int
    kind: str
    name: str
    due_on: dt.date
    side: str
    to: str
    text: str


def due(session: orm.Session, day: dt.date) -> Iterator[Due]:
    """Every reminder that ought to have been sent by the end of `day`, whether it has been or not.

    Repeated ones count from the day the letter was served and go to the side whose turn it is; an item that
    is both a week and half a month old gets the half-monthly one only. A rung of the ladder counts from the
    day that was set, and is climbed only while it is the place's turn. Only the newest day of each kind is
    made up: a worker that slept for a month does not send four weekly reminders at once.
    """
    intervals = {
        code: entry.offset for code in REPEATED if (entry := session.get(Deadline, code)) is not None
    }
    rungs = list(session.scalars(select(EscalationRung).order_by(EscalationRung.after_days)))
    wanted = select(Item).where(Item.state.in_(TURN), Item.state != "long_term", Item.served_on < day)
    wanted = wanted.options(orm.joinedload(Item.township), orm.joinedload(Item.unit)).order_by(Item.id)
    for item in session.scalars(wanted.execution_options(yield_per=500)):
        yield from _repeated(item, intervals, day)
        if item.turn == "recipient":
            yield from _of_ladder(item, rungs, day)


def _repeated(item: Item, intervals: dict[str, int], day: dt.date) -> Iterator[Due]:
    newest: dict[dt.date, str] = {}
    for code, days in sorted(intervals.items(), key=lambda one: one[1]):
        times = (day - item.served_on).days // days
        if times:
            newest[item.served_on + dt.timedelta(days=times * days)] = (
                code  # the longer interval wins its day
            )
    for due_on, code in newest.items():
        yield Due(item.id, code, REPEATED[code], due_on, item.turn, _holder(item), _text(item, day))


def _of_ladder(item: Item, rungs: list[EscalationRung], day: dt.date) -> Iterator[Due]:
    late = (day - item.due).days
    reached = [rung for rung in rungs if rung.after_days <= late]
    if reached:
        rung = reached[-1]
        due_on = item.due + dt.timedelta(days=rung.after_days)
        to = f"{item.township.name}{rung.to}"
        yield Due(item.id, rung.code, rung.name, due_on, rung.side, to, _text(item, day))


def _holder(item: Item) -> str:
    """Whom a reminder is addressed to, in words."""
    if item.turn == "checker" and item.checker is not None:
        return item.checker.name
    return _COUNTY.get(item.turn, item.responsible)


def _text(item: Item, day: dt.date) -> str:
    """What is asked, counted from the very day on which it is sent."""
    about = f"{item.letter}交办的“{item.title}”（{item.unit.called}）现为“{STATES[item.state]}”，"
    if item.turn != "recipient":
        asked = "延期申请等您答复" if item.asked_due is not None else _ASKED[item.state]
        return f"{about}{asked}。"
    plan = item.state == "received" and item.way != "at_once"
    name, until = ("报送方案时限", item.plan_due) if plan else ("整改时限", item.due)
    left = (until - day).days
    when = f"还有 {left} 日" if left > 0 else "今天到期" if left == 0 else f"已逾期 {-left} 日"
    return f"{about}{name} {until}，{when}，{_ASKED.get(item.state, '请抓紧办理')}。"


def told(session: orm.Session, reached: sa.Select[Reminder], user: User) -> list[Reminder]:
    """The reminders of the last seven days that reached this account, the newest first, fifty at most."""
    side = "checker" if user.role in ("leader", "member") else user.role
    wanted = (
        reached.join(Reminder.item)
        .where(Reminder.side == side, Reminder.due_on > today() - dt.timedelta(days=7))
        .options(orm.contains_eager(Reminder.item))
        .order_by(Reminder.due_on.desc(), Reminder.id.desc())
    )
    if side == "checker":
        wanted = wanted.where(Item.checker_id == user.id)
    return list(session.scalars(wanted.limit(50)))


def send(session: orm.Session, day: dt.date | None = None) -> list[Reminder]:
    """The reminders that were missing and now stand there; flushed, not committed."""
    day = day or today()
    known = _written(session)
    made = []
    for one in due(session, day):
        if (one.item_id, one.kind, one.due_on) in known:
            continue
        reminder = Reminder(
            item_id=one.item_id,
            kind=one.kind,
            name=one.name,
            due_on=one.due_on,
            channel="desk",
            side=one.side,
            to=one.to,
            text=one.text,
        )
        try:
            with session.begin_nested():
                session.add(reminder)
        except exc.IntegrityError:  # another worker wrote it in this very moment
            continue
        made.append(reminder)
    return made


def _written(session: orm.Session) -> set[tuple[int, str, dt.date]]:
    rows = session.execute(select(Reminder.item_id, Reminder.kind, Reminder.due_on))
    return {(row.item_id, row.kind, row.due_on) for row in rows}


def run(open_session: Callable[[], orm.Session], key: str) -> None:
    """Nothing; the job of the day `key` (ISO): run twice or by two workers it leaves each reminder once."""
    with open_session() as session:
        made = send(session, dt.date.fromisoformat(key))
        if made:
            journal.record(session, "reminder.send", None, None, day=key, count=len(made))
        session.commit()


def waiting(session: orm.Session) -> str | None:
    """The key of the job that is to run now: today, unless nothing falls due that has not been sent."""
    day = today()
    known = _written(session)
    missing = ((one.item_id, one.kind, one.due_on) not in known for one in due(session, day))
    return day.isoformat() if any(missing) else None


def log(
    session: orm.Session,
    item: Item,
    channel: str,
    to: str,
    text: str,
    actor: User,
    day: dt.date | None = None,
) -> Reminder:
    """A reminder that a person gave by phone, face to face or in writing. Raises Refusal, or Conflict."""
    if channel not in ("phone", "face", "letter"):
        raise Refusal("请选择提醒方式。")
    if not to.strip() or not text.strip():
        raise Refusal("请写明提醒了谁、提醒了什么。")
    if privacy.private_number(to + text):
        raise Refusal(privacy.SENTENCE)
    if not item.is_open:
        raise Refusal("已销号或已撤销的问题不再提醒。")
    reminder = Reminder(
        item_id=item.id,
        kind=channel,
        name=CHANNELS[channel],
        due_on=day or today(),
        channel=channel,
        to=to.strip(),
        text=text.strip(),
    )
    try:
        with session.begin_nested():
            session.add(reminder)
    except exc.IntegrityError:
        raise Conflict(f"今天已经登记过一次{CHANNELS[channel]}。") from None
    journal.record(session, "reminder.log", item.uuid, actor, channel=channel)
    return reminder


def counts(session: orm.Session, item: Item) -> int:
    """How many reminders the item has had."""
    return session.scalar(sa.select(sa.func.count(Reminder.id)).where(Reminder.item_id == item.id)) or 0
