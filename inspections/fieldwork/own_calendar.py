"""A member's own visits as a calendar file (.ics). Before a round's release day nothing of it is in there."""

from collections.abc import Iterable

from inspections.findings import team
from inspections.rounds.models import Posting
from inspections.site.calendar_file import Days, calendar_file


def of_postings(postings: Iterable[Posting]) -> bytes:
    """One event per visit, from the first to the last day of its round."""
    return calendar_file("postings", [_days(posting) for posting in postings])


def _days(posting: Posting) -> Days:
    round_, unit = posting.team.round, posting.unit
    seats = [f"{team.slot_name(posting, seat.slot)} {seat.person.called}" for seat in posting.team.members]
    said = f"{round_.cycle.name} {posting.team.name}：{'、'.join(seats)}"
    return Days(posting.uuid, round_.start, round_.end, f"驻点：{unit.area.name}{unit.name}", said)
