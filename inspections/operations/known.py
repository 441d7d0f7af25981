"""What this installation knows of one person of the roster, on that person's request (PIPL article 45).

No next village before its release, nothing of other people beyond who is tied to whom, and no lead.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.journal import JournalEntry
from inspections.lives.models import PERSON_EVENTS, PersonEvent
from inspections.people.models import Absence, Kin, Person, Removal, Tie
from inspections.recusal.models import (
    WAIVER_STATES,
    Declaration,
    RecusalRequest,
    RecusalStep,
    Training,
    Waiver,
    training_people,
)
from inspections.rounds.models import Round, Seat, Team
from inspections.wording import SHANGHAI
from inspections.workdays.lived import has_come


class Known(NamedTuple):
    """One thing that is known: where it stands, what it says, and since or on which day."""

    where: str
    words: str
    day: str


def known(session: orm.Session, person: Person) -> list[Known]:
    """Everything, in the order of `READERS`."""
    return [line for reader in READERS.values() for line in reader(session, person)]


def _person(_: orm.Session, person: Person) -> Iterator[Known]:
    facts = {
        "编号": person.code,
        "姓名": person.name,
        "机构": person.office.name,
        "所在单位": person.home_unit.name if person.home_unit else "无",
        "专长": "、".join(person.skills),
        "培训": "已培训" if person.trained else "未培训",
        "备注": person.note,
    }
    for name, value in facts.items():
        if value:
            yield Known("名册", f"{name}：{value}", "")


def _accounts(session: orm.Session, person: Person) -> Iterator[Known]:
    for user in session.scalars(sa.select(User).where(User.person_id == person.id)):
        own = sa.select(sa.func.count()).select_from(JournalEntry).where(JournalEntry.actor_id == user.id)
        count = session.scalar(own) or 0
        state = "启用" if user.active else "停用"
        words = f"{user.login}（{user.role_name}，{state}），操作日志中有 {count} 条记录"
        yield Known("账号", words, _day(user.created_at))


def _kin(session: orm.Session, person: Person) -> Iterator[Known]:
    of = sa.select(Kin).where(Kin.person_id == person.id)
    for kin in session.scalars(of.options(orm.joinedload(Kin.unit))):
        words = f"{kin.term}{kin.relative_name}，在{kin.unit.name}任{kin.post or '职'}"
        yield Known("亲属", words + (f"；{kin.note}" if kin.note else ""), "")


def _ties(session: orm.Session, person: Person) -> Iterator[Known]:
    of = sa.or_(Tie.person_id == person.id, Tie.other_id == person.id)
    along = [orm.joinedload(each) for each in (Tie.unit, Tie.other, Tie.person, Tie.kind)]
    for tie in session.scalars(sa.select(Tie).where(of).options(*along)):
        who = next(
            (each for each in (tie.unit, tie.other) if each is not None and each is not person), tie.person
        )
        words = f"{tie.kind.name}：{who.name}" + (f"；{tie.note}" if tie.note else "")
        yield Known("回避关系", words, str(tie.valid_from or ""))


def _events(session: orm.Session, person: Person) -> Iterator[Known]:
    for event in session.scalars(sa.select(PersonEvent).where(PersonEvent.person_id == person.id)):
        said = "，".join(word for word in (PERSON_EVENTS[event.kind], event.words, event.basis) if word)
        yield Known("变动", said, event.day.isoformat())


def _removals(session: orm.Session, person: Person) -> Iterator[Known]:
    for asked in session.scalars(sa.select(Removal).where(Removal.person_id == person.id)):
        decided = {None: "待确认", True: "已删除", False: "未同意"}[asked.agreed]
        yield Known("删除回避登记的申请", f"{asked.words}：{decided}", _day(asked.asked_at))


def _absences(session: orm.Session, person: Person) -> Iterator[Known]:
    for away in session.scalars(sa.select(Absence).where(Absence.person_id == person.id)):
        yield Known("不可用日期", f"{away.start} 至 {away.end}", _day(away.entered_at))


def _declarations(session: orm.Session, person: Person) -> Iterator[Known]:
    for said in session.scalars(sa.select(Declaration).where(Declaration.person_id == person.id)):
        words = "没有需要申报的" if said.nil else f"申报了 {len(said.said)} 项"
        yield Known("回避申报", words, _day(said.answered_at))


def _recusals(session: orm.Session, person: Person) -> Iterator[Known]:
    own = sa.select(RecusalRequest).where(RecusalRequest.person_id == person.id)
    along = orm.joinedload(RecusalRequest.kind), orm.joinedload(RecusalRequest.unit)
    for asked in session.scalars(own.options(*along)):
        yield Known("回避申请", f"{asked.kind.name}：{asked.unit.name}", _day(asked.created_at))
    asked_of = orm.joinedload(RecusalStep.request).joinedload(RecusalRequest.unit)
    steps = sa.select(RecusalStep).where(RecusalStep.substitute_id == person.id)
    for step in session.scalars(steps.options(asked_of)):
        yield Known("回避申请", f"被定为接替人员：{step.request.unit.name}", _day(step.at))


def _waivers(session: orm.Session, person: Person) -> Iterator[Known]:
    of = sa.or_(Waiver.person_id == person.id, Waiver.other_id == person.id)
    for waiver in session.scalars(sa.select(Waiver).where(of).options(orm.joinedload(Waiver.unit))):
        of_whom = waiver.unit.name if waiver.unit else "与同组人员的关系"
        yield Known(
            "豁免", f"{of_whom}：{WAIVER_STATES[waiver.state]}，{waiver.reason}", _day(waiver.asked_at)
        )


def _trainings(session: orm.Session, person: Person) -> Iterator[Known]:
    attended = sa.select(training_people.c.training_id).where(training_people.c.person_id == person.id)
    for training in session.scalars(sa.select(Training).where(Training.id.in_(attended))):
        yield Known("培训", training.topic, training.day.isoformat())


def _seats(session: orm.Session, person: Person) -> Iterator[Known]:
    """Teams of rounds that are no secret any more."""
    wanted = sa.select(Seat).join(Team, Team.id == Seat.team_id).join(Round, Round.id == Team.round_id)
    open_ = wanted.where(Seat.person_id == person.id, has_come(Round.release_on))
    of_round = orm.joinedload(Seat.team).joinedload(Team.round).joinedload(Round.cycle)
    for seat in session.scalars(open_.options(of_round)):
        round_ = seat.team.round
        yield Known(
            "分组", f"{round_.cycle.name}{round_.name}，{seat.team.code} 组", round_.start.isoformat()
        )


def _day(at: Any) -> str:
    return at.astimezone(SHANGHAI).date().isoformat() if at else ""


#: table that refers to a person → who reads it for that person; a table without a reader fails a test
READERS: Mapping[str, Callable[[orm.Session, Person], Iterator[Known]]] = {
    "people": _person,
    "users": _accounts,
    "kin": _kin,
    "ties": _ties,
    "person_events": _events,
    "removals": _removals,
    "absences": _absences,
    "declarations": _declarations,
    "recusal_requests": _recusals,
    "waivers": _waivers,
    "training_people": _trainings,
    "seats": _seats,
}
