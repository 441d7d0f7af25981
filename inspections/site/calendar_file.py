"""Days as a calendar file (.ics, RFC 5545) that a phone or an office program reads. It decides on no day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from icalendar import Calendar, Event

from inspections.database import now


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days from the first to the last, under the random name of the record that they belong to."""

    name: UUID
    first: dt.date
    last: dt.date
    summary: str
    description: str


def calendar_file(product: str, entries: Iterable[Days]) -> bytes:
    """One all-day event per entry, UTF-8; the uid is the record's random name."""
    calendar = Calendar()
    calendar.add("prodid", f"-//inspections//{product}//ZH")
    calendar.add("version", "2.0")
    for each in entries:
        event = Event()
        event.add("uid", f"{each.name}@inspections")
        event.add("dtstamp", now())
        event.add("dtstart", each.first)
        event.add("dtend", each.last + dt.timedelta(days=1))
        event.add("summary", each.summary)
        event.add("description", each.description)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
