"""The due days of the register as a calendar file (.ics).

It holds only items in the reader's reach; nothing of it says where a team goes next.
"""

from collections.abc import Iterable

from inspections.followup.models import Item
from inspections.site.calendar_file import Days, calendar_file


def of_items(items: Iterable[Item]) -> bytes:
    """One all-day event per open item on its due day."""
    return calendar_file("rectification", [_day(item) for item in items if item.is_open])


def _day(item: Item) -> Days:
    said = f"{item.letter}，责任单位：{item.responsible}"
    return Days(item.uuid, item.due, item.due, f"整改时限：{item.unit.called} {item.title}", said)
