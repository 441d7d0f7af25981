"""Sets up a cycle: its units, template and crossing mode, and the dates and teams of its rounds.

It plans nothing. When two people edit at once the second is told what the first changed; nothing is lost.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.recusal import readiness
from inspections.rounds import changes, crossing, memory, watch
from inspections.rounds.models import CROSSINGS, Cycle, Plan, Round, Team, TeamTemplate
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from inspections.wording import chinese_number

#: what a plan breaks by now: a sentence for each fault under a key that stays the same
Spoiled = Callable[[orm.Session, Plan], Mapping[str, str]]

MOST_ROUNDS = 60
MOST_DAYS = 3650
#: dates outside these years are slips of the pen
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Setting:
    """What a planner chooses for a cycle."""

    name: str
    crossing: str
    template: str
    units: tuple[Unit, ...]
    #: 回头看: whoever visited a unit before does not go there again
    looks_back: bool = False


@dataclass(frozen=True)
class RoundSetting:
    """What a planner chooses for a round; `code` is empty for a new one."""

    code: str
    name: str
    start: dt.date
    end: dt.date
    release_on: dt.date
    teams: int
    visits_per_team: int


def first_rounds(
    count: int, start: dt.date, days: int, pause: int, teams: int, visits: int, notice: int = 3
) -> list[RoundSetting]:
    """`count` rounds of `days` days with `pause` days between, released `notice` days before the start."""
    if not 1 <= count <= MOST_ROUNDS:
        raise Refusal(f"轮数应为 1 至 {MOST_ROUNDS}。")
    if not FIRST_YEAR < start.year < LAST_YEAR - 10:
        raise Refusal(f"第一轮开始日期应在 {FIRST_YEAR + 1} 年至 {LAST_YEAR - 11} 年之间。")
    settings = []
    for n in range(count):
        first = start + dt.timedelta(days=n * (days + pause))
        settings.append(
            RoundSetting(
                code=f"R{n + 1}",
                name=f"第{chinese_number(n + 1)}轮",
                start=first,
                end=first + dt.timedelta(days=days - 1),
                release_on=first - dt.timedelta(days=notice),
                teams=teams,
                visits_per_team=visits,
            )
        )
    return settings


def create(
    session: orm.Session, setting: Setting, rounds: Sequence[RoundSetting], user: User | None
) -> Cycle:
    """The new cycle with its rounds. Raises Refusal for a taken name, no units or an unknown template."""
    _fit(session, setting, None)
    cycle = Cycle(
        name=setting.name,
        crossing=setting.crossing,
        template_name=setting.template,
        slots=_slots(session, setting.template),
        looks_back=setting.looks_back,
        created_by_id=user.id if user else None,
        units=list(setting.units),
    )
    cycle.rounds = [_new_round(n, one) for n, one in enumerate(rounds)]
    session.add(cycle)
    session.flush()
    readiness.begin(session, cycle.id)
    journal.record(session, "cycle.create", cycle.uuid, user, units=len(setting.units), version=cycle.version)
    return cycle


def change(session: orm.Session, cycle: Cycle, seen: int, setting: Setting, user: User | None) -> None:
    """Nothing; the cycle is as set.

    Raises Conflict when it changed since version `seen`; Refusal once published and while a plan is computed.
    """
    _as_seen(session, cycle, seen)
    _fit(session, setting, cycle)
    before = {unit.id: unit for unit in cycle.units}
    after = {unit.id: unit for unit in setting.units}
    told: dict[str, list[str]] = {}
    for what, old, new in (
        ("名称", cycle.name, setting.name),
        ("交叉方式", CROSSINGS[cycle.crossing], CROSSINGS[setting.crossing]),
        ("小组模板", cycle.template_name, setting.template),
        ("回头看", "是" if cycle.looks_back else "否", "是" if setting.looks_back else "否"),
    ):
        if old != new:
            told[what] = [old, new]
    if before.keys() != after.keys():
        told["单位"] = [f"{len(before)} 个", _units_now(before, after)]
    if not told:
        return
    if set(told) - {"名称"}:
        _not_while_solving(session, cycle)
        if cycle.is_published:
            raise Refusal("本周期已发布方案，单位、交叉方式、小组模板和是否回头看不能再改。")
    if (cycle.template_name, cycle.crossing) != (setting.template, setting.crossing):
        cycle.crossing_table = {}
    if cycle.template_name != setting.template:
        cycle.template_name, cycle.slots = setting.template, _slots(session, setting.template)
    cycle.name, cycle.crossing, cycle.units = setting.name, setting.crossing, list(setting.units)
    cycle.looks_back = setting.looks_back
    _record(session, cycle, "cycle.edit", told, user)


def change_policy(
    session: orm.Session,
    cycle: Cycle,
    seen: int,
    table: crossing.Table,
    kept: memory.Memory,
    user: User | None,
) -> None:
    """Nothing; the cycle's crossing table and the days between visits are as given.

    Raises Conflict when the cycle changed since version `seen`; Refusal for a table that contradicts itself,
    for days outside ten years, while a plan is computed and once one is published.
    """
    _as_seen(session, cycle, seen)
    crossing.checked(table, {slot["id"]: slot["name"] for slot in cycle.slots})
    old = memory.chosen(cycle)
    if cycle.looks_back:  # nobody goes again anyway; what the county chose holds once it is none any more
        kept = kept._replace(person_days=old.person_days, person_hard=old.person_hard)
    if not all(0 <= days <= MOST_DAYS for days in (kept.unit_days, kept.person_days)):
        raise Refusal(f"间隔应为 0 至 {MOST_DAYS} 天的整数。")
    _not_while_solving(session, cycle)
    if cycle.is_published:
        raise Refusal("本周期已发布方案，交叉规则和间隔不能再改。")
    preset = crossing.preset(cycle.crossing, cycle.slots)
    before = crossing.table_of(cycle.crossing, cycle.slots, cycle.crossing_table)
    names = {slot["id"]: slot["name"] for slot in cycle.slots}
    told = {
        f"{names[slot]}的交叉规则": [crossing.words(before[slot]), crossing.words(row)]
        for slot, row in table.items()
        if row != before[slot]
    }
    if kept != old:
        told["间隔"] = [memory.words(old), memory.words(kept)]
    cycle.crossing_table = {slot: list(row) for slot, row in table.items() if row != preset[slot]}
    cycle.memory = list(kept)
    if told:
        _record(session, cycle, "cycle.edit", told, user)


def change_rounds(
    session: orm.Session,
    cycle: Cycle,
    seen: int,
    settings: Sequence[RoundSetting],
    user: User | None,
    spoiled: Spoiled,
    seconded: bool = False,
) -> None:
    """Nothing; the rounds are as set, in the order of their start; a round not among them is removed.

    `spoiled` says which rules a plan breaks by now (`planning.verdicts.spoiled`); `seconded`: a second person
    has agreed to the dates. Cancelled rounds stay as they are and are not among the settings.

    Raises Conflict when the cycle changed since version `seen`; Refusal for dates that contradict each other,
    for a round to be removed that a plan uses, while a plan is computed, and after publication for fewer
    teams or visits, for dates that nobody has seconded, and for those with which the plan breaks a rule.
    """
    _as_seen(session, cycle, seen)
    if not settings:
        raise Refusal("至少保留一轮。")
    for one in settings:
        _dates(one)
    _apart(settings)
    kept = {round_.code: round_ for round_ in cycle.standing_rounds}
    _known_once(kept, settings)
    told = _differences(kept, settings)
    if not told:
        return
    _not_while_solving(session, cycle)
    published = cycle.published_plan
    if published:
        _allowed_once_published(kept, settings, seconded)
    before = spoiled(session, published) if published else {}
    _remove(session, cycle, {one.code for one in settings})
    number = max((int(each.code[1:]) for each in cycle.rounds if each.code[1:].isdigit()), default=0)
    for position, one in enumerate(sorted(settings, key=lambda one: one.start)):
        round_ = kept.get(one.code)
        if round_ is None:
            number += 1
            cycle.rounds.append(_new_round(position, one, f"R{number}"))
            continue
        round_.position, round_.name, round_.teams = position, one.name, one.teams
        round_.start, round_.end, round_.release_on = one.start, one.end, one.release_on
        round_.visits_per_team = one.visits_per_team
    _record(session, cycle, "cycle.rounds", told, user)
    session.expire(cycle, ["rounds"])
    if published:
        _still_legal(before, spoiled(session, published))


def _allowed_once_published(
    kept: Mapping[str, Round], settings: Sequence[RoundSetting], seconded: bool
) -> None:
    known = [(kept[one.code], one) for one in settings if one.code in kept]
    if len(known) < len(kept):
        raise Refusal("本周期已发布方案，不能删除一轮；不再进行的，请用“推迟或取消”。")
    if any(one.teams < was.teams or one.visits_per_team < was.visits_per_team for was, one in known):
        raise Refusal("本周期已发布方案，各轮的组数和每组单位数只能增加，不能减少。")
    if any(one.release_on < was.release_on for was, one in known):
        raise Refusal("方案已发布，各轮的发布日期只能推后，不能提前：提前就等于泄露下一个村。")
    days = ("start", "end", "release_on")
    moved = [was.name for was, one in known if any(getattr(was, day) != getattr(one, day) for day in days)]
    if moved and not seconded:
        raise Refusal(f"方案已发布，改{'、'.join(moved)}的日期须由第二人同意：请在该轮的“推迟或取消”中提出。")


def _still_legal(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    # what the roster has spoilt already is no reason to refuse: new dates may be the very remedy
    faults = [words for key, words in after.items() if key not in before]
    if faults:
        more = f"；等 {len(faults)} 处" if len(faults) > 3 else ""
        raise Refusal(f"这样改动后，已发布的方案不再合规，没有保存：{'；'.join(faults[:3])}{more}。")


def _not_while_solving(session: orm.Session, cycle: Cycle) -> None:
    running = sa.select(Plan.number).where(Plan.cycle_id == cycle.id, Plan.state.in_(watch.ACTIVE))
    number = session.scalar(running)
    if number is not None:
        raise Refusal(f"第 {number} 版方案正在排程，单位、各轮和小组模板暂不能改；请等它结束或先取消它。")


def _as_seen(session: orm.Session, cycle: Cycle, seen: int) -> None:
    session.refresh(cycle, with_for_update={"of": type(cycle)})
    if cycle.version != seen:
        told = changes.since(session, cycle.uuid, seen)
        raise Conflict("您打开页面后，本周期已被他人修改，您的修改没有保存。", told)
    if cycle.archived_at is not None:
        raise Refusal(f"“{cycle.name}”已归档，先恢复再改动。")


def _record(
    session: orm.Session, cycle: Cycle, act: str, told: dict[str, list[str]], user: User | None
) -> None:
    # rounds and units lie in other tables: the cycle's version must rise all the same
    orm.attributes.flag_modified(cycle, "name")
    session.flush()
    journal.record(session, act, cycle.uuid, user, changes=told, version=cycle.version)


def _fit(session: orm.Session, setting: Setting, cycle: Cycle | None) -> None:
    if not setting.units:
        raise Refusal("请至少选一个单位。")
    taken = session.scalar(sa.select(Cycle.id).where(Cycle.name == setting.name))
    if taken is not None and (cycle is None or taken != cycle.id):
        raise Refusal(f"名为“{setting.name}”的周期已经有了，请换一个名称。")


def _slots(session: orm.Session, template: str) -> list[Any]:
    found = session.scalar(sa.select(TeamTemplate).where(TeamTemplate.name == template))
    if found is None:
        raise Refusal(f"没有名为“{template}”的小组模板。")
    return list(found.slots)


def _units_now(before: Mapping[int, Unit], after: Mapping[int, Unit]) -> str:
    words = [f"{len(after)} 个"]
    for sign, here, there in (("增", after, before), ("减", before, after)):
        names = [unit.name for key, unit in here.items() if key not in there]
        if names:
            words.append(f"{sign} {'、'.join(names[:3])}{'等' if len(names) > 3 else ''} {len(names)} 个")
    return "，".join(words)


def _new_round(position: int, one: RoundSetting, code: str = "") -> Round:
    return Round(
        position=position,
        code=code or one.code,
        name=one.name,
        start=one.start,
        end=one.end,
        release_on=one.release_on,
        teams=one.teams,
        visits_per_team=one.visits_per_team,
    )


def _apart(settings: Sequence[RoundSetting]) -> None:
    """Nothing. Raises Refusal for two rounds that share a day: nobody can be in two places (H04)."""
    in_order = sorted(settings, key=lambda one: one.start)
    for before, after in pairwise(in_order):
        if after.start <= before.end:
            raise Refusal(f"{before.name}和{after.name}的日期重叠，请错开。")


def _known_once(kept: Mapping[str, Round], settings: Sequence[RoundSetting]) -> None:
    codes = [one.code for one in settings if one.code]
    if len(set(codes)) < len(codes) or not kept.keys() >= set(codes):
        raise Refusal("提交的轮次与现有轮次对不上，请刷新页面后重试。")


def _dates(one: RoundSetting) -> None:
    if one.release_on.year < FIRST_YEAR or one.end.year > LAST_YEAR:
        raise Refusal(f"{one.name}：日期应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间。")
    if one.end < one.start:
        raise Refusal(f"{one.name}：结束日期不能早于开始日期。")
    if one.release_on > one.start:
        raise Refusal(f"{one.name}：发布日期不能晚于开始日期。")


FIELDS = {
    "name": "名称",
    "start": "开始日期",
    "end": "结束日期",
    "release_on": "发布日期",
    "teams": "组数",
    "visits_per_team": "每组单位数",
}


def _differences(kept: Mapping[str, Round], settings: Sequence[RoundSetting]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in settings:
        before = kept.get(one.code)
        if before is None:
            continue
        for field, words in FIELDS.items():
            old, new = getattr(before, field), getattr(one, field)
            if old != new:
                told[f"{before.name}{words}"] = [str(old), str(new)]
    now = {one.code for one in settings} & kept.keys()
    if len(now) < len(kept) or len(settings) > len(now):
        told["轮数"] = [f"{len(kept)} 轮", f"{len(settings)} 轮"]
    return told


def _remove(session: orm.Session, cycle: Cycle, wanted: set[str]) -> None:
    for round_ in cycle.standing_rounds:
        if round_.code in wanted:
            continue
        if session.scalar(sa.select(Team.id).where(Team.round_id == round_.id).limit(1)) is not None:
            raise Refusal(f"{round_.name}已有方案用到，不能删除。")
        cycle.rounds.remove(round_)
