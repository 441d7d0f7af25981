"""Which rows figures are about: a window of days, one round or not, and the places below one area.

Every figure and every list behind a figure asks here, so that they count the same rows.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.figures.measures import Window
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision, FindingStep
from inspections.followup import sorting
from inspections.followup.models import Item
from inspections.rounds.models import Plan, Posting, Round, Team
from inspections.units.models import Area, Unit
from inspections.wording import SHANGHAI


@dataclass(frozen=True, slots=True)
class Scope:
    """The window, the round where figures are of one round, and the ids of the townships in question."""

    window: Window
    townships: frozenset[int]
    round_id: int | None = None

    def during(self, window: Window) -> "Scope":
        """The same places in other days."""
        return replace(self, window=window, round_id=None)

    def visits(self) -> sa.Select[Posting]:
        """Postings of published plans whose round began in the window, by today at the latest (or of the
        round), in these places."""
        wanted = (
            select(Posting)
            .join(Posting.team)
            .join(Team.plan)
            .join(Team.round)
            .join(Unit, Unit.id == Posting.unit_id)
            .where(Plan.state == "published", Unit.area_id.in_(self.townships))
        )
        if self.round_id is not None:
            return wanted.where(Team.round_id == self.round_id)
        return wanted.where(Round.start.between(self.window.start, min(self.window.end, today())))

    def problems(self) -> sa.Select[Finding]:
        """Signed working papers (S4 only past the gate) of the window or the round.

        The select is joined with FindingStep (the signature), FindingRevision (what was signed), Unit and the
        newest sorting, so that `sorting.CATEGORY` is what the county made of it.
        """
        signed = sa.and_(FindingStep.finding_id == Finding.id, FindingStep.state == "signed")
        no_lead = sa.or_(FindingRevision.severity != "S4", gate.is_a_problem())
        says = sa.and_(FindingRevision.finding_id == Finding.id, FindingRevision.n == FindingStep.revision)
        wanted = (
            sorting.with_sorting(select(Finding).join(FindingStep, signed).join(FindingRevision, says))
            .join(Unit, Unit.id == Finding.unit_id)
            .where(no_lead, Unit.area_id.in_(self.townships))
        )
        if self.round_id is not None:
            of_round = select(Posting.id).join(Posting.team).where(Team.round_id == self.round_id)
            return wanted.where(Finding.posting_id.in_(of_round))
        return wanted.where(
            FindingStep.at >= instant(self.window.start), FindingStep.at < _after(self.window)
        )

    def items(self) -> sa.Select[Item]:
        """Problems handed over, in these places; of the round where figures are of one round."""
        wanted = select(Item).where(Item.township_id.in_(self.townships), Item.state != "withdrawn")
        if self.round_id is None:
            return wanted
        of_round = (
            select(Finding.id).join(Finding.posting).join(Posting.team).where(Team.round_id == self.round_id)
        )
        return wanted.where(Item.finding_id.in_(of_round))

    def served(self) -> sa.Select[Item]:
        """Handed over in the window; for a round whenever it was."""
        if self.round_id is not None:
            return self.items()
        return self.items().where(Item.served_on.between(self.window.start, self.window.end))

    def up_to_now(self) -> sa.Select[Item]:
        """Handed over at any time up to the window's end."""
        return self.items().where(Item.served_on <= self.window.end)


def below(session: orm.Session, area: Area) -> frozenset[int]:
    """The ids of the area and everything below it in the area tree, whatever its depth."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for own, parent in session.execute(select(Area.id, Area.parent_id)):
        children[parent].append(own)
    found: set[int] = set()
    waiting = [area.id]
    while waiting:
        own = waiting.pop()
        if own not in found:
            found.add(own)
            waiting += children[own]
    return frozenset(found)


def instant(day: dt.date) -> dt.datetime:
    """The first instant of that day in the county."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def _after(window: Window) -> dt.datetime:
    return instant(window.end + dt.timedelta(days=1))
