"""The sheet of many changes among the people: moved, lent, left, back, added."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.lives import people
from inspections.people import removals
from inspections.people.meant import office_meant, person_meant
from inspections.people.models import SKILLS
from inspections.people.sheets import person_name
from inspections.reading import days
from inspections.roster.changes.reading import Changes, Done, carried_out
from inspections.site.refusal import Refusal
from inspections.units import entries
from inspections.units.meant import unit_meant
from inspections.units.models import Unit
from inspections.units.sheets import Column, Sheet, words_of

KINDS = {"moved": "调动", "lent": "借调", "left": "离开", "back": "返回", "added": "新增"}
_WORDS = words_of(KINDS, 调出="left", 退休="left", 辞职="left", 回来="back", 调入="added", 调整="moved")
_short = partial(entries.text, longest=60)

CHANGES = Sheet(
    "人事变动",
    (
        Column("姓名", "person", person_name, required=True, note="同名的写明机构，如 张三（柳河镇纪委）"),
        Column(
            "变动",
            "kind",
            partial(entries.choice, words=_WORDS),
            required=True,
            words=tuple(KINDS.values()),
            show=lambda value: KINDS[value],
        ),
        Column("日期", "day", entries.day, required=True, note="从这一天起"),
        Column("止", "until", entries.day, note="只用于借调"),
        Column("机构", "office", _short, empty="", note="调动、新增填写新机构；借调填写借到哪里"),
        Column("所在村", "home", _short, empty="", note="调动后不变的不填"),
        Column("原任职的单位", "former", partial(entries.text, longest=2000), empty="", note="多个用、分隔"),
        Column("原任职起", "since", days.since, note=days.ABOUT_FORMS),
        Column(
            "专长",
            "skills",
            partial(entries.several, words=words_of(SKILLS)),
            empty=[],
            words=tuple(SKILLS.values()),
            note="新增的填写",
        ),
        Column("依据", "basis", _short, empty="", note="如：任免文件及日期；不写事由"),
    ),
    key=("person", "kind", "day"),
    files=("人事变动", "changes"),
)


PEOPLE_CHANGES = Changes(CHANGES, KINDS, "人")


def apply(session: orm.Session, file: Path, actor: User | None) -> Done:
    """What was done with the sheet of changes. Raises RosterFaults as `carried_out` does."""
    return carried_out(file, PEOPLE_CHANGES, lambda values: _do(session, values, actor))


def _do(session: orm.Session, values: Mapping[str, Any], actor: User | None) -> None:
    kind, day, basis = values["kind"], values["day"], values["basis"]
    if kind == "added":
        if not values["skills"]:
            raise Refusal("新增的人员应填写专长。")
        office, home = office_meant(session, values["office"]), _unit(session, values["home"])
        new = people.NewPerson(values["person"], office, home, values["skills"], day, "", basis)
        people.add(session, new, actor)
        return
    person = person_meant(session, values["person"])
    if actor is not None and person.id == actor.person_id:
        raise Refusal(removals.OWN)
    if kind == "moved":
        office = office_meant(session, values["office"]) if values["office"] else person.office
        home = _unit(session, values["home"]) or person.home_unit
        since = values["since"] or people.held_since(session, person)
        former = _units(session, values["former"]) or people.former_post(session, person)
        people.move(session, person, people.Move(office, home, day, former, since, basis), actor)
    elif kind == "lent":
        last: dt.date | None = values["until"]
        if last is None:
            raise Refusal("借调应填写到哪一天止。")
        people.lend(session, person, values["office"], day, last, actor, basis=basis)
    elif kind == "left":
        people.leave(session, person, day, actor, basis)
    else:
        people.return_(session, person, day, actor)


def _unit(session: orm.Session, entry: str) -> Unit | None:
    return unit_meant(session, entry) if entry else None


def _units(session: orm.Session, entry: str) -> list[Unit]:
    return [unit_meant(session, part) for part in re.split(r"[、;；\n]+", entry) if part.strip()]
