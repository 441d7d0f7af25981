"""Once a week, in the worker: is everything still as it was written, and what has been kept long enough."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.database import now
from inspections.journal import JournalEntry
from inspections.operations import retention
from inspections.operations.verify import verified
from inspections.site.settings import ROOT
from inspections.wording import SHANGHAI

JOB = "look_after"


def waiting(session: orm.Session) -> str | None:
    """The week whose look has not been taken yet, e.g. 2026-W49; None where it has."""
    day = now().astimezone(SHANGHAI).date()
    monday = dt.datetime.combine(day - dt.timedelta(days=day.weekday()), dt.time(), SHANGHAI)
    looked = sa.select(JournalEntry.id).where(JournalEntry.act == "verify.run", JournalEntry.at >= monday)
    lived = sa.select(JournalEntry.id).where(JournalEntry.at < monday).limit(1)  # a new county has no past
    if session.scalar(lived) is None or session.scalar(looked.limit(1)) is not None:
        return None
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def run(open_session: Callable[..., orm.Session], instance: Path, key: str) -> None:
    """Nothing; what is wrong stands in the journal, and what was kept long enough is gone.

    A second run of the same week finds the first one's entry and does nothing.
    """
    with open_session(reading=True) as looking:
        if waiting(looking) != key:
            return
        found = verified(looking, instance)
    photos = instance / "photos"
    with open_session() as session:
        first = found[0].sentence if found else ""
        journal.record(session, "verify.run", faults=len(found), first=first)
        cleared = (
            []
            if found
            else retention.clear(session, retention.rules(ROOT / "seeds" / "retention.csv"), photos)
        )
        session.commit()
    for each in cleared:
        for file in each.files:
            file.unlink(missing_ok=True)
