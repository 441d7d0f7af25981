"""The due days of the register as a calendar file (.ics) that a phone or an office program reads.

It holds only items in the reader's reach; nothing of it says where a team goes next.
"""

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event

from inspections.database import now
from inspections.followup.models import Item


def of_items(items: Iterable[Item]) -> bytes:
    """One all-day event per open item on its due day, RFC 5545, UTF-8; the uid is the item's random name."""
    calendar = Calendar()
    calendar.add("prodid", "-//inspections//rectification//ZH")
    calendar.add("version", "2.0")
    for item in items:
        if not item.is_open:
            continue
        event = Event()
        event.add("uid", f"{item.uuid}@inspections")
        event.add("dtstamp", now())
        event.add("dtstart", item.due)
        event.add("dtend", item.due + dt.timedelta(days=1))
        event.add("summary", f"整改时限：{item.unit.name} {item.title}")
        event.add("description", f"{item.letter}，责任单位：{item.responsible}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
