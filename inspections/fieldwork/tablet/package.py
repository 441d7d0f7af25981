"""A visit for a laptop that never sees the network: everything of it in one file, and its ledger back.

The laptop is an installation of its own (`init`, then `fieldwork unpack`); what is written there comes home
as the file that a tablet would have exported.
"""

import base64
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.accounts.sign_in import hash_password, one_time_password
from inspections.fieldwork import answers, checklists
from inspections.fieldwork.entry.edits import MOST_SETTLED
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.fieldwork.tablet import rescue
from inspections.findings import evidence
from inspections.findings.models import Photo
from inspections.people.models import Office, Person
from inspections.rounds.models import Cycle, Plan, Posting, Round, Seat, Team
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit

FORMAT = "inspections.visit/1"
_AREA = ("code", "name", "kind")
_UNIT = ("code", "name", "kind", "planning_only")
_OFFICE = ("code", "name", "kind")
_PERSON = ("code", "name", "skills")
_USER = ("login", "name", "role")
_CYCLE = ("name", "crossing", "template_name", "slots")
_ROUND = ("code", "name", "position", "teams")
_DAYS = ("start", "end", "release_on")


def pack(session: orm.Session, posting: Posting) -> dict[str, Any]:
    """The visit as JSON: place, team with its accounts (no password), round, checklist; no answer."""
    checklist = answers.checklist_of(session, posting)
    round_, people = posting.team.round, [seat.person for seat in posting.team.members]
    accounts = session.scalars(
        select(User).where(User.person_id.in_([each.id for each in people]), User.active)
    )
    codes = {person.id: person.code for person in people}
    return {
        "format": FORMAT,
        "visit": str(posting.uuid),
        "area": _values(posting.unit.area, _AREA),
        "unit": _values(posting.unit, _UNIT) | {"uuid": str(posting.unit.uuid)},
        "cycle": _values(round_.cycle, _CYCLE),
        "round": _values(round_, _ROUND) | {name: getattr(round_, name).isoformat() for name in _DAYS},
        "team": {"code": posting.team.code, "position": posting.team.position},
        "people": [
            _values(seat.person, _PERSON)
            | {"slot": seat.slot, "office": _values(seat.person.office, _OFFICE)}
            for seat in posting.team.members
        ],
        "accounts": [
            _values(each, _USER) | {"uuid": str(each.uuid), "person": codes[each.person_id or 0]}
            for each in accounts
        ],
        "checklist": {
            "kind": checklist.kind,
            "version": checklist.version,
            "items": [checklists.content(item) for item in checklist.items],
        },
    }


def read(path: Path) -> dict[str, Any]:
    """The package in that file. Raises Refusal where it is none."""
    return rescue.opened(path, FORMAT, "驻点包")


def unpack(session: orm.Session, packed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(login, name, one-time password) of each account of the visit, which is now in this installation.

    Raises Refusal where the visit is here already, or the file is not whole; then nothing has changed.
    """
    try:
        return _unpacked(session, packed)
    except (KeyError, TypeError, ValueError) as fault:
        raise Refusal(f"驻点包不完整：{fault}。请重新导出。") from None


def _unpacked(session: orm.Session, packed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    name = uuid.UUID(packed["visit"])
    if session.scalar(select(Posting.id).where(Posting.uuid == name)) is not None:
        raise Refusal("这个驻点已在本机。")
    area = _area(session, packed["area"])
    unit = session.scalar(select(Unit).where(Unit.code == packed["unit"]["code"]))
    if unit is None:
        unit = Unit(**{key: packed["unit"][key] for key in _UNIT}, area=area)
        unit.uuid = uuid.UUID(packed["unit"]["uuid"])
    cycle = Cycle(**{key: packed["cycle"][key] for key in _CYCLE})
    days = {key: dt.date.fromisoformat(packed["round"][key]) for key in _DAYS}
    round_ = Round(cycle=cycle, **{key: packed["round"][key] for key in _ROUND}, **days)
    plan = Plan(cycle=cycle, number=1, state="published", seed=1, seconds=1, progress={})
    team = Team(plan=plan, round=round_, **{key: packed["team"][key] for key in ("code", "position")})
    session.add_all([unit, cycle, round_, plan, team])
    people: dict[str, Person] = {}
    for place, each in enumerate(packed["people"]):
        person = session.scalar(select(Person).where(Person.code == each["code"]))
        if person is None:
            office = _office(session, each["office"], area)
            person = Person(**{key: each[key] for key in _PERSON}, office=office, trained=True)
            session.add(person)
        people[person.code] = person
        team.members.append(Seat(person=person, slot=each["slot"], position=place))
    posting = Posting(team=team, unit=unit, position=0)
    posting.uuid = name
    session.add(posting)
    session.flush()
    _checklist(session, packed["checklist"], round_.release_on)
    shown = []
    for each in packed["accounts"]:
        if session.scalar(select(User.id).where(User.login == each["login"])) is not None:
            continue
        secret = one_time_password()
        said = {key: each[key] for key in _USER}
        made = User(
            **said, person=people[each["person"]], password_hash=hash_password(secret), must_change=True
        )
        made.uuid = uuid.UUID(each["uuid"])  # what is written here comes home under the same author
        session.add(made)
        shown.append((made.login, made.name, secret))
    journal.record(session, "visit.unpack", posting.uuid)
    session.flush()
    return shown


def ledger_file(session: orm.Session, posting: Posting, photos_dir: Path) -> dict[str, Any]:
    """The visit's whole ledger with its photographs, as a tablet would export it."""
    operations = answers.edits(session, [posting])
    checklist = answers.checklist_of(session, posting)
    photos = session.scalars(select(Photo).where(Photo.posting_id == posting.id))
    return {
        "format": rescue.FORMAT,
        "device": "laptop",
        "ops": [
            {
                "id": str(each.id),
                "visit": str(posting.uuid),
                "item": each.item,
                "field": each.field,
                "kind": each.kind,
                "value": each.value,
                # a place in this ledger means nothing in the county's; the name of what was seen does
                "base": None,
                "reason": each.reason,
                "at": each.client_time.isoformat() if each.client_time else None,
                "template_version": checklist.version,
                "author": str(each.author.uuid),
            }
            | _seen(each, operations)
            for each in operations
        ],
        "photos": [
            {
                "id": str(each.id),
                "bytes": base64.b64encode(evidence.path_of(photos_dir, each.id).read_bytes()).decode("ascii"),
            }
            for each in photos
        ],
    }


def _seen(edit: Operation, ledger: Sequence[Operation]) -> dict[str, Any]:
    """What its author had seen, or what a resolution ends, by name."""
    if edit.field != "answer":
        return {}
    before = [each for each in ledger if (each.item, each.field) == (edit.item, "answer")]
    by_name = set(edit.settles or ())
    named = [each for each in before if each.seq in by_name or (edit.seen and each.seq <= edit.seen)]
    names = [*(str(each.id) for each in named), *(edit.awaits or ())][-MOST_SETTLED:]
    return {"settles": [], "settles_ids": names} if edit.kind == "resolve" else {"saw": names}


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _area(session: orm.Session, said: Mapping[str, Any]) -> Area:
    known = session.scalar(select(Area).where(Area.code == said["code"]))
    if known is None:
        known = Area(**{key: said[key] for key in _AREA})
        session.add(known)
    return known


def _office(session: orm.Session, said: Mapping[str, Any], area: Area) -> Office:
    session.flush()
    known = session.scalar(select(Office).where(Office.code == said["code"]))
    if known is None:
        known = Office(**{key: said[key] for key in _OFFICE}, area=area)
        session.add(known)
    return known


def _checklist(session: orm.Session, said: Mapping[str, Any], day: dt.date) -> None:
    """Nothing; the visit's version of the checklist is here and in force on the day of its release."""
    named = select(Checklist).where(Checklist.kind == said["kind"], Checklist.version == said["version"])
    known = session.scalar(named)
    if known is not None:
        if [checklists.content(item) for item in known.items] != said["items"]:
            raise Refusal(f"本机已有另一份第 {said['version']} 版清单，请在空的安装中导入驻点包。")
        return
    since = dt.datetime.combine(day, dt.time(), dt.UTC)
    made = Checklist(kind=said["kind"], version=said["version"], published_at=since)
    made.items = [ChecklistItem(**item) for item in said["items"]]
    session.add(made)
    session.flush()
