"""变更申请: asked for with a reason, decided by somebody else, and done at that moment or not at all.

Three things: the publication is withdrawn while nothing is released, rounds get other dates, a round is
cancelled. Before a plan is published the last two are done at once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.planning import generate, publish, verdicts
from inspections.planning.amending.models import Amendment
from inspections.planning.restatement import restated
from inspections.rounds import cycles, life
from inspections.rounds.models import Cycle, Plan, Round
from inspections.site.refusal import Conflict, Refusal
from inspections.wording import date_words
from planners.formats.parse import written_plan
from planners.problem import Shortage

OWN_AMENDMENT = "这一变更由您提出，须由另一人同意。"


@dataclass(frozen=True, slots=True)
class NewDates:
    """What one round's dates shall be; with `onward` those after it move by as many days."""

    start: dt.date
    end: dt.date
    release_on: dt.date
    onward: bool = False


def open_of(session: orm.Session, cycle: Cycle) -> Amendment | None:
    """What waits for a second person, if anything."""
    wanted = sa.select(Amendment).where(Amendment.cycle_id == cycle.id, Amendment.agreed.is_(None))
    return session.scalar(wanted)


def ask_withdrawal(session: orm.Session, plan: Plan, seen: int, reason: str, user: User) -> Amendment:
    """The request that the publication be withdrawn. Raises Refusal once a round is released."""
    _open(session, plan.cycle)
    session.refresh(plan)
    if plan.version != seen:
        raise Conflict(f"您打开页面后，第 {plan.number} 版方案已有变化，申请没有提出。")
    life.check(plan, "ask_withdrawal")
    _unreleased(plan.cycle)
    return _ask(session, plan.cycle, "withdraw", f"撤回第 {plan.number} 版方案的发布", reason, [], user)


def move(
    session: orm.Session, cycle: Cycle, round_: Round, dates: NewDates, reason: str, user: User
) -> Amendment | None:
    """None where the dates hold at once; the request where a published plan has to follow them.

    Raises Refusal without a reason, for a round that has begun, and for whatever `cycles.change_rounds` does
    not take: that is tried here already, so that nobody agrees to what cannot be done.
    """
    _open(session, cycle)
    _not_begun(round_)
    settings = _moved(cycle, round_, dates)
    if not reason.strip():
        raise Refusal("请写明改期的原因。")
    seen = cycle.version
    if not cycle.is_published:
        cycles.change_rounds(session, cycle, seen, settings, user, verdicts.spoiled)
        return None
    with session.begin_nested() as trial:
        cycles.change_rounds(session, cycle, seen, settings, user, verdicts.spoiled, seconded=True)
        trial.rollback()
    session.expire_all()
    before = {one.code: one for one in _settings(cycle)}
    days = [
        [one.code, *(day.isoformat() for day in (one.start, one.end, one.release_on))]
        for one in settings
        if one != before[one.code]
    ]
    others = "，其后各轮顺延" if dates.onward else ""
    words = f"{round_.name}改为 {date_words(dates.start)}至{date_words(dates.end)}{others}"
    return _ask(session, cycle, "dates", words, reason, days, user)


def cancel(session: orm.Session, cycle: Cycle, round_: Round, reason: str, user: User) -> Amendment | None:
    """None where the round is cancelled at once; the request where it is part of a published plan.

    Raises Refusal without a reason, for a round that has begun, and for the only one left.
    """
    _open(session, cycle)
    _not_begun(round_)
    if not reason.strip():
        raise Refusal("请写明取消的原因。")
    if len(cycle.standing_rounds) < 2:
        raise Refusal(f"只剩这一轮，不能取消；{_instead(cycle)}。")
    if not cycle.is_published:
        _cancel(session, cycle, round_, user)
        return None
    return _ask(session, cycle, "cancel", f"取消{round_.name}", reason, [round_.code], user)


def decide(session: orm.Session, amendment: Amendment, agreed: bool, answer: str, user: User) -> None:
    """Nothing; what was asked for is done, or refused with the answer.

    Raises Conflict when somebody has decided already, Refusal for whoever asked, for a refusal without a
    reason, and when what was asked for cannot be done any more.
    """
    session.refresh(amendment, with_for_update={"of": type(amendment)})
    if amendment.agreed is not None:
        raise Conflict("这一变更已由他人决定，请刷新页面。")
    if confirming.is_same(session, amendment.asked_by_id, user):
        raise Refusal(OWN_AMENDMENT)
    if not agreed and not answer.strip():
        raise Refusal("不同意的，请写明理由。")
    amendment.agreed, amendment.answer = agreed, answer.strip()
    amendment.decided_by_id, amendment.decided_at = user.id, now()
    session.flush()
    act = "cycle.agree" if agreed else "cycle.decline"
    told = f"{amendment.words}{'；' + amendment.answer if amendment.answer else ''}"
    journal.record(session, act, amendment.cycle.uuid, user, reason=told)
    if agreed:
        _do(session, amendment, user)


def _do(session: orm.Session, amendment: Amendment, user: User) -> None:
    cycle = amendment.cycle
    _open(session, cycle)
    published = cycle.published_plan
    if amendment.kind == "withdraw":
        _withdraw(session, published, user)
    elif amendment.kind == "dates":
        settings = _agreed(cycle, amendment.detail)
        cycles.change_rounds(session, cycle, cycle.version, settings, user, verdicts.spoiled, seconded=True)
    else:
        round_ = next(each for each in cycle.rounds if each.code == amendment.detail[0])
        _not_begun(round_)
        _cancel(session, cycle, round_, user)
        if published is not None:
            _without(session, published, round_, user)


def _agreed(cycle: Cycle, detail: Sequence[Sequence[str]]) -> list[cycles.RoundSetting]:
    """All rounds, those of the request with its days. Raises Refusal when one of them has begun meanwhile."""
    days = {code: tuple(map(dt.date.fromisoformat, given)) for code, *given in detail}
    for round_ in cycle.rounds:
        if round_.code in days:
            _not_begun(round_)
    settings = []
    for one in _settings(cycle):
        start, end, release_on = days.get(one.code, (one.start, one.end, one.release_on))
        settings.append(replace(one, start=start, end=end, release_on=release_on))
    return settings


def _withdraw(session: orm.Session, plan: Plan | None, user: User) -> None:
    """The plan is approved again, and so are those that lapsed through its publication."""
    if plan is None:
        raise Refusal("本周期已没有发布的方案，不必撤回。")
    _unreleased(plan.cycle)
    plan.state, plan.published_at, plan.violations = "approved", None, None
    for other in plan.cycle.plans:
        if other.state == "lapsed":
            other.state = "approved"
    session.flush()
    journal.record(session, "plan.withdraw", plan.uuid, user, version=plan.version)


def _cancel(session: orm.Session, cycle: Cycle, round_: Round, user: User) -> None:
    round_.cancelled_at = now()
    orm.attributes.flag_modified(cycle, "name")
    session.flush()
    told = {round_.name: [f"{round_.start} 至 {round_.end}", "取消"]}
    journal.record(session, "cycle.rounds", cycle.uuid, user, changes=told, version=cycle.version)


def _without(session: orm.Session, plan: Plan, round_: Round, user: User) -> None:
    """A version without the round takes the plan's place; the units of the round are gaps in it."""
    answer = written_plan(plan.answer or {})
    gone = [team for team in answer.teams if team.round == round_.code]
    first = next((each for each in plan.cycle.standing_rounds if each.start > today()), None)
    begun = {each.code for each in plan.cycle.standing_rounds if each.start <= today()}
    statement = restated(session, plan, begun)
    names = {unit.code: unit.name for unit in plan.cycle.units}
    freed = [unit for team in gone for unit in team.units]
    rows = [row for row in answer.shortages if row.unit not in freed]
    for unit in freed:
        waiting = f"{round_.name}已取消，{names.get(unit, unit)}等待改排到其余各轮。"
        rows.append(Shortage(unit, None, None, 1, waiting))
    teams = [team for team in answer.teams if team.round != round_.code]
    changes = [
        {"words": f"{names.get(unit, unit)}：因取消{round_.name}空出，等待改排。", "units": [unit]}
        for unit in freed
    ]
    repair = {
        "from": (first or plan.cycle.standing_rounds[-1]).code,
        "vacated": sum(len(team.members) for team in gone),
        "illegal": 0,
        "changed": 0,
        "proven": False,
        "changes": changes,
    }
    made = generate.reworked(session, plan, statement, teams, rows, repair, user)
    publish.give_number(session, made, user)
    publish.take_place(session, made, plan, user)


def _ask(
    session: orm.Session,
    cycle: Cycle,
    kind: str,
    words: str,
    reason: str,
    detail: Sequence[object],
    user: User,
) -> Amendment:
    if not reason.strip():
        raise Refusal("请写明原因。")
    waiting = open_of(session, cycle)
    if waiting is not None:
        raise Refusal(f"“{waiting.words}”还在等第二人决定，决定以后再提出。")
    made = Amendment(
        cycle=cycle,
        kind=kind,
        words=words,
        reason=reason.strip(),
        detail=list(detail),
        asked_by_id=user.id,
    )
    session.add(made)
    session.flush()
    journal.record(session, "cycle.ask", cycle.uuid, user, reason=f"{words}；{made.reason}")
    return made


def _instead(cycle: Cycle) -> str:
    """What is open to a county that shall not go out at all."""
    if not cycle.is_published:
        return "整个周期不再进行的，请归档"
    if any(one.release_on <= today() for one in cycle.standing_rounds):
        return "已公布而不再进行的，请改期"
    return "整个周期不再进行的，请撤回发布并归档"


def _open(session: orm.Session, cycle: Cycle) -> None:
    session.refresh(cycle, with_for_update={"of": type(cycle)})
    if cycle.archived_at is not None:
        raise Refusal(f"“{cycle.name}”已归档，先恢复再改动。")


def _unreleased(cycle: Cycle) -> None:
    released = next((one for one in cycle.standing_rounds if one.release_on <= today()), None)
    if released is not None:
        raise Refusal(
            f"{released.name}已于 {date_words(released.release_on)}向各组公布，发布不能再撤回；"
            "以后可以按人员变动补位、另排一版替换未开始的各轮，或推迟、取消一轮。"
        )


def _not_begun(round_: Round) -> None:
    if round_.cancelled_at is not None:
        raise Refusal(f"{round_.name}已经取消。")
    if round_.start <= today():
        raise Refusal(f"{round_.name}已于 {date_words(round_.start)}开始，不能再推迟或取消。")


def _settings(cycle: Cycle) -> list[cycles.RoundSetting]:
    fields = ("code", "name", "start", "end", "release_on", "teams", "visits_per_team")
    return [
        cycles.RoundSetting(**{field: getattr(each, field) for field in fields})
        for each in cycle.standing_rounds
    ]


def _moved(cycle: Cycle, round_: Round, dates: NewDates) -> list[cycles.RoundSetting]:
    days = dates.start - round_.start
    settings = []
    for one in _settings(cycle):
        if one.code == round_.code:
            one = replace(one, start=dates.start, end=dates.end, release_on=dates.release_on)
        elif dates.onward and one.start > round_.start:
            one = replace(one, start=one.start + days, end=one.end + days, release_on=one.release_on + days)
        settings.append(one)
    return settings
