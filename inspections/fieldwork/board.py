"""The leader's board of one visit: who did what on which day, what is short, differs or has not arrived.

It only reads; a person's contact is the last word of any tablet in that name, or of a page.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import whole
from inspections.fieldwork import answers
from inspections.fieldwork.answers import Answer
from inspections.fieldwork.finding_operations import PREFIX
from inspections.fieldwork.models import DeviceContact, Operation, Quarantined
from inspections.findings import team
from inspections.findings.models import Photo
from inspections.rounds.models import Posting
from inspections.wording import SHANGHAI

#: the section under which working papers are counted
PAPERS = "底稿"


@dataclass(slots=True)
class PersonRow:
    """One person of the team, or one who had a seat and wrote: how many edits by section and by day."""

    name: str
    slot_name: str
    by_section: Counter[str] = field(default_factory=Counter)
    by_day: Counter[dt.date] = field(default_factory=Counter)
    #: photographs announced whose bytes are not here
    photos_missing: int = 0
    late: int = 0
    #: None: never
    last_contact: dt.datetime | None = None
    #: what still waits on tablets, as they said when they last spoke
    waiting: int = 0

    @property
    def edits(self) -> int:
        return sum(self.by_day.values())


@dataclass(frozen=True, slots=True)
class Board:
    """All that the leader asks in the evening."""

    people: Sequence[PersonRow]
    #: (code, name, answered, asked) of each section
    sections: Sequence[tuple[str, str, int, int]]
    days: Sequence[dt.date]
    short_samples: Sequence[Answer]
    differing: Sequence[Answer]
    #: item code → how many of its photographs have not arrived
    photos_missing: dict[str, int]
    refused: int


def board(session: orm.Session, posting: Posting) -> Board:
    """The board as it stands now."""
    ledgers = answers.ledgers(session, [posting])
    edits = ledgers[posting.id]
    sheet = answers.sheets(session, [posting], ledgers)[posting.id]
    missing = _missing_photos(session, posting, edits)
    absent = {each.id for each in missing}
    people = _people(session, posting, edits)
    section_of = {answer.item.code: section.code for section in sheet.sections for answer in section.answers}
    for edit in edits:
        row = people[edit.author_id]
        row.by_section[PAPERS if edit.item.startswith(PREFIX) else section_of.get(edit.item, "")] += 1
        row.by_day[_written(edit).astimezone(SHANGHAI).date()] += 1
        row.late += edit.late
        row.photos_missing += edit.id in absent
    _contacts(session, people, edits)
    asked = [answer for answer in sheet.answers if answer.asked]
    refused = select(Quarantined.operation_id).where(Quarantined.posting_id == posting.id)
    known = {edit.id for edit in edits}
    return Board(
        people=list(people.values()),
        sections=[(each.code, each.name, each.done, each.total) for each in sheet.sections],
        days=_days(posting, people.values()),
        short_samples=[answer for answer in asked if answer.short_of_sample],
        differing=[answer for answer in asked if answer.merged.held],
        photos_missing=dict(Counter(_place(each) for each in missing)),
        refused=len(set(session.scalars(refused)) - known),
    )


def _people(session: orm.Session, posting: Posting, edits: Iterable[Operation]) -> dict[int, PersonRow]:
    """A row by account: the seats in their order, then whoever wrote and has no seat any more."""
    seats = {seat.person_id: seat for seat in posting.team.members}
    accounts = session.scalars(select(User).where(User.person_id.in_(seats), User.active)).all()
    order = list(seats)
    rows = {
        user.id: PersonRow(user.name, team.slot_name(posting, seats[user.person_id].slot))
        for user in sorted(accounts, key=lambda user: order.index(user.person_id or 0))
        if user.person_id is not None
    }
    for edit in edits:
        if edit.author_id not in rows:
            rows[edit.author_id] = PersonRow(edit.author.name, "已换下")
    return rows


def _contacts(session: orm.Session, people: dict[int, PersonRow], edits: Iterable[Operation]) -> None:
    """Nothing; each row knows when its person was last heard of, and what still waits."""
    for edit in edits:
        row = people[edit.author_id]
        row.last_contact = max(row.last_contact or edit.received_at, edit.received_at)
    wanted = select(DeviceContact).where(DeviceContact.user_id.in_(people))
    for contact in session.scalars(wanted.options(orm.joinedload(DeviceContact.device))):
        row = people[contact.user_id]
        if contact.device.handed_back_at is None:
            row.waiting += contact.waiting
        if contact.seen_at is not None:
            row.last_contact = max(row.last_contact or contact.seen_at, contact.seen_at)


def _missing_photos(session: orm.Session, posting: Posting, edits: Sequence[Operation]) -> list[Operation]:
    """The announcements of photographs whose bytes are not here and which nobody took out again."""
    with whole(session):  # those of a lead are the case room's, and not missing
        here = set(session.scalars(select(Photo.id).where(Photo.posting_id == posting.id)))
    removed = {str(each.value) for each in edits if each.kind == "remove"}
    added = (each for each in edits if each.kind == "add")
    return [each for each in added if each.id not in here and str(each.id) not in removed]


def _written(edit: Operation) -> dt.datetime:
    """When it was written; a clock that ran ahead of its arrival says nothing."""
    return min(edit.client_time or edit.received_at, edit.received_at)


def _place(edit: Operation) -> str:
    return PAPERS if edit.item.startswith(PREFIX) else edit.item


def _days(posting: Posting, people: Iterable[PersonRow]) -> list[dt.date]:
    """The days of the visit, and those outside it on which somebody wrote."""
    round_ = posting.team.round
    length = min((round_.end - round_.start).days, 30)
    days = {round_.start + dt.timedelta(days=n) for n in range(length + 1)}
    return sorted(days.union(*(row.by_day for row in people)))[-31:]
