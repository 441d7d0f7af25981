"""代录: a planner enters what people signed on paper, for many at once, and can take it back.

Who entered it stands with each answer. It can be undone until a plan that counts on it is approved.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.people.meant import person_meant
from inspections.people.models import Person
from inspections.people.sheets import person_name
from inspections.reading.typed import EntryFault, quoted, tidy
from inspections.recusal.declaring import facts_of, said_by
from inspections.recusal.models import Declaration, Training
from inspections.roster.faults import Fault, RosterFaults, cell
from inspections.roster.layout import laid_out
from inspections.roster.workbook import raw_sheets
from inspections.site.refusal import Refusal
from inspections.units import entries
from inspections.units.sheets import Column, Sheet

#: a list of signatures: who is on it, and what stands in the field to sign
SIGNED = Sheet(
    "签字表",
    (
        Column("姓名", "person", person_name, required=True),
        Column("机构", "office", entries.text, empty=""),
        Column("签字", "signed", entries.text, empty=""),
    ),
    key=("person",),
    files=("签字表", "signed"),
    aliases=dict.fromkeys(("签名", "签到", "本人签字", "本人签名", "是否参加", "是否签字", "签收"), "签字"),
)
_NOT_SIGNED = ("否", "无", "未", "未签", "缺", "缺席", "未到", "请假", "×", "x", "X")


@dataclass(frozen=True)
class Batch:
    """One act of standing in: when, by whom, and for how many it still counts."""

    name: UUID
    at: dt.datetime
    actor: User | None
    people: int


@dataclass(frozen=True)
class SignedList:
    """Who signed, by a list; `passed` are those whose field to sign is empty or says no."""

    people: list[Person]
    passed: list[str]


def declare(
    session: orm.Session, cycle_id: int, subject: UUID, people: Sequence[Person], actor: User
) -> UUID:
    """The name of the batch: each of these answered as the paper says, with what is on record for him.

    Nobody may stand in for himself: the own answer is given by the own account. Raises Refusal for nobody.
    """
    if not people:
        raise Refusal("请至少选一人。")
    if any(person.id == actor.person_id for person in people):
        raise Refusal("不能代录自己的申报，请在“回避申报”中提交。")
    batch = uuid.uuid4()
    for person in people:
        said = said_by(person)
        session.add(
            Declaration(
                cycle_id=cycle_id,
                person=person,
                nil=not said,
                said=said,
                facts=facts_of(person),
                on_paper=True,
                batch=batch,
                answered_by_id=actor.id,
            )
        )
    session.flush()
    codes = [person.code for person in people]
    journal.record(session, "declaration.stand_in", subject, actor, batch=str(batch), people=codes)
    return batch


def undo(session: orm.Session, cycle_id: int, subject: UUID, batch: UUID, actor: User) -> int:
    """How many answers of the batch count no more; the rows stay, each with one that takes it back.

    What the person answered afterwards stands. Raises Refusal where nothing is left to take back.
    """
    rows = [row for row in _newest(session, cycle_id).values() if row.batch == batch and not row.withdrawn]
    if not rows:
        raise Refusal("这一批代录已经撤销，或本人已另行申报。")
    for row in rows:
        session.add(
            Declaration(
                cycle_id=cycle_id,
                person_id=row.person_id,
                nil=row.nil,
                said=row.said,
                facts=row.facts,
                on_paper=True,
                batch=batch,
                withdrawn=True,
                answered_by_id=actor.id,
            )
        )
    session.flush()
    journal.record(session, "declaration.take_back", subject, actor, batch=str(batch), people=len(rows))
    return len(rows)


def batches(session: orm.Session, cycle_id: int) -> list[Batch]:
    """The batches that still count for somebody, newest first."""
    found: dict[UUID, list[Declaration]] = {}
    for row in _newest(session, cycle_id).values():
        if row.batch is not None and not row.withdrawn:
            found.setdefault(row.batch, []).append(row)
    made = [Batch(name, rows[0].answered_at, rows[0].answered_by, len(rows)) for name, rows in found.items()]
    return sorted(made, key=lambda batch: batch.at, reverse=True)


def drop_training(session: orm.Session, training: Training, subject: UUID, actor: User) -> None:
    """Nothing; the training was not held, or not like that: it counts for nobody."""
    told = {"day": training.day.isoformat(), "people": len(training.people)}
    journal.record(session, "training.take_back", subject, actor, **told)
    session.delete(training)
    session.flush()


def signed_list(session: orm.Session, file: Path, among: Iterable[Person]) -> SignedList:
    """Who signed, of these people, by the workbook of a list of signatures.

    Raises RosterFaults naming each cell with a name that is none of them.
    """
    known = {person.id for person in among}
    people: list[Person] = []
    passed: list[str] = []
    faults: list[Fault] = []
    for raw in raw_sheets(file).values():
        layout = laid_out(SIGNED, raw.rows, {})
        places = {header: place for place, header in layout.columns.items()}
        if layout.head is None:
            continue
        if "姓名" not in places:
            faults.append(Fault(f"{raw.name}!{layout.head}", "没有找到“姓名”一列"))
            continue
        for number, line in enumerate(raw.rows[layout.head :], layout.head + 1):
            name, office, signed = (_at(line, places.get(header)) for header in ("姓名", "机构", "签字"))
            if not name or number in layout.ignored:
                continue
            if "签字" in places and (not signed or signed in _NOT_SIGNED):
                passed.append(name)
                continue
            try:
                person = _meant(session, name, office)
            except (Refusal, EntryFault) as fault:
                faults.append(Fault(cell(raw.name, number, places["姓名"] + 1), str(fault).rstrip("。")))
                continue
            if person.id not in known:
                said = f"{quoted(name)}不在本周期的人员之内"
                faults.append(Fault(cell(raw.name, number, places["姓名"] + 1), said))
            elif person not in people:
                people.append(person)
    if faults:
        raise RosterFaults(faults)
    if not people:
        raise RosterFaults([Fault("文件", "没有一个签了字的人")])
    return SignedList(people, passed)


def _meant(session: orm.Session, name: str, office: str) -> Person:
    """By name alone where that is enough, else with the office."""
    try:
        return person_meant(session, name)
    except Refusal:
        if not office:
            raise
        return person_meant(session, f"{name}（{office}）")


def _at(line: Sequence[Any], place: int | None) -> str:
    return tidy(line[place]) if place is not None and place < len(line) else ""


def _newest(session: orm.Session, cycle_id: int) -> dict[int, Declaration]:
    rows = select(Declaration).where(Declaration.cycle_id == cycle_id).order_by(Declaration.id)
    return {row.person_id: row for row in session.scalars(rows)}
