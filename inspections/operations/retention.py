"""How long what is kept, and how it goes, by `seeds/retention.csv`; what is not in it is kept for good.

A cleared row leaves its kind and number in the journal, and where it stood in the chain a link that says so:
`verify` tells it from one that somebody took out.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.database import now, unguarded
from inspections.fieldwork.models import Quarantined
from inspections.findings.evidence import path_of
from inspections.findings.models import Photo
from inspections.journal import JournalEntry
from inspections.people.models import Kin, Removal
from inspections.questionnaire.models import AnswerSheet, Poll, PollFive, PollSlip
from inspections.recusal.models import Declaration
from inspections.rounds.models import Posting, Round, Team
from inspections.site import chain
from inspections.wording import SHANGHAI

#: so many rows of a kind at one run: nobody waits for the lock
MOST = 2000
#: a clock that was set forward would clear years at once: the journal must know some of the last thirty days
DAYS_SEEN, LOOKED_BACK = 5, dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table; without days what it names is kept for good."""

    code: str
    name: str
    days: int | None
    since: str
    exception: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """What one run took away by a rule: how many rows, and the files that go when that is committed."""

    rule: Rule
    count: int
    files: Sequence[Path]


def rules(file: Path) -> list[Rule]:
    """The table. Raises ValueError for a period without a way to clear, or the other way round."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = [
            Rule(
                row["code"],
                row["名称"],
                int(row["保留天数"]) if row["保留天数"] else None,
                row["起算"],
                row["例外"],
            )
            for row in csv.DictReader(lines)
        ]
    if {rule.code for rule in found if rule.days is not None} != CLEARING.keys():
        raise ValueError(f"{file.name}: the kinds with a period are {', '.join(sorted(CLEARING))}")
    return found


def is_steady(session: orm.Session) -> bool:
    """Whether this clock has been lived by: the journal has entries of several days lately."""
    since = now() - LOOKED_BACK
    seen = session.scalars(
        sa.select(JournalEntry.at).where(JournalEntry.at >= since, JournalEntry.at <= now())
    )
    return len({at.astimezone(SHANGHAI).date() for at in seen}) >= DAYS_SEEN


def clear(session: orm.Session, table: Iterable[Rule], photos: Path) -> list[Cleared]:
    """What was taken away now, each with an entry in the journal; nothing while the clock is doubtful."""
    done: list[Cleared] = []
    if not is_steady(session):
        return done
    for rule in table:
        if rule.days is None:
            continue
        before = now().astimezone(SHANGHAI).date() - dt.timedelta(days=rule.days)
        count, files = CLEARING[rule.code](session, before, photos)
        if count:
            journal.record(session, "retention.clear", kind=rule.name, count=count, before=before.isoformat())
            done.append(Cleared(rule, count, files))
    session.flush()
    return done


def _kin(session: orm.Session, before: dt.date, _: Path) -> tuple[int, list[Path]]:
    last = session.scalar(sa.select(sa.func.max(Round.end)))
    if last is None or last >= before:
        return 0, []
    session.execute(sa.delete(Removal).where(Removal.what == "kin"))  # its words name the relative
    return _delete(session, Kin, session.scalars(sa.select(Kin.id).limit(MOST)).all()), []


def _declarations(session: orm.Session, before: dt.date, _: Path) -> tuple[int, list[Path]]:
    over = sa.select(Round.cycle_id).group_by(Round.cycle_id).having(sa.func.max(Round.end) < before)
    due = sa.select(Declaration.id).where(Declaration.cycle_id.in_(over)).limit(MOST)
    return _delete(session, Declaration, session.scalars(due).all()), []


def _photos(session: orm.Session, before: dt.date, folder: Path) -> tuple[int, list[Path]]:
    loose = (
        sa.select(Photo.id).where(Photo.finding_id.is_(None), Photo.posting_id.in_(_over(before))).limit(MOST)
    )
    due = session.scalars(loose).all()
    files = [path_of(folder, name, small) for name in due for small in (False, True)]
    return _delete(session, Photo, due), files


def _answer_sheets(session: orm.Session, before: dt.date, _: Path) -> tuple[int, list[Path]]:
    polls = session.scalars(sa.select(Poll.id).where(Poll.posting_id.in_(_over(before)))).all()
    session.execute(sa.delete(PollSlip).where(PollSlip.poll_id.in_(polls)))
    fives = session.scalars(sa.select(PollFive.id).where(PollFive.poll_id.in_(polls))).all()
    _delete(session, PollFive, fives)
    sheets = session.scalars(
        sa.select(AnswerSheet.id).where(AnswerSheet.poll_id.in_(polls)).limit(MOST)
    ).all()
    return _delete(session, AnswerSheet, sheets), []


def _quarantined(session: orm.Session, before: dt.date, _: Path) -> tuple[int, list[Path]]:
    of_none = sa.and_(
        Quarantined.posting_id.is_(None),
        Quarantined.received_at < dt.datetime.combine(before, dt.time(), SHANGHAI),
    )
    due = sa.select(Quarantined.id).where(Quarantined.posting_id.in_(_over(before)) | of_none).limit(MOST)
    return _delete(session, Quarantined, session.scalars(due).all()), []


def _over(before: dt.date) -> sa.Select[Any]:
    """The postings whose round ended before that day."""
    teams = sa.select(Team.id).join(Round, Round.id == Team.round_id).where(Round.end < before)
    return sa.select(Posting.id).where(Posting.team_id.in_(teams))


def _delete(session: orm.Session, model: Any, keys: Sequence[Any]) -> int:
    if not keys:
        return 0
    table = model.__table__
    (key,) = table.primary_key.columns
    with unguarded(session, table.name):
        session.execute(sa.delete(table).where(key.in_(keys)))
    for each in keys:
        chain.strike(session, table.name, each)
    return len(keys)


#: code of the table → what clears it: (rows, files) older than a day
CLEARING: Mapping[str, Callable[[orm.Session, dt.date, Path], tuple[int, list[Path]]]] = {
    "kin": _kin,
    "declarations": _declarations,
    "photos": _photos,
    "answer_sheets": _answer_sheets,
    "quarantined": _quarantined,
}
