"""A member's own visits as a calendar file (.ics). Before a round's release day nothing of it is in there."""

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event

from inspections.database import now
from inspections.findings import team
from inspections.rounds.models import Posting


def of_postings(postings: Iterable[Posting]) -> bytes:
    """One all-day event per visit from the first to the last day of its round, RFC 5545, UTF-8."""
    calendar = Calendar()
    calendar.add("prodid", "-//inspections//postings//ZH")
    calendar.add("version", "2.0")
    for posting in postings:
        round_ = posting.team.round
        event = Event()
        event.add("uid", f"{posting.uuid}@inspections")
        event.add("dtstamp", now())
        event.add("dtstart", round_.start)
        event.add("dtend", round_.end + dt.timedelta(days=1))
        event.add("summary", f"驻点：{posting.unit.area.name}{posting.unit.name}")
        seats = [f"{team.slot_name(posting, seat.slot)} {seat.person.name}" for seat in posting.team.members]
        event.add("description", f"{round_.cycle.name} {posting.team.name}：{'、'.join(seats)}")
        event.add("location", f"{posting.unit.area.name}{posting.unit.name}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
