"""What happened in units over the years: visits, problems by kind, repeats, rectification. Never a person.

Profile and score sheet read the same counts.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision, FindingStep
from inspections.followup import sorting
from inspections.followup.models import Item, ItemStep
from inspections.rounds.models import Plan, Posting, Round, Team
from inspections.units.models import Unit
from inspections.wording import SHANGHAI


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """A signed working paper that is no lead: of which visit, when signed, which kind and severity."""

    posting_id: int
    visited_on: dt.date
    signed_on: dt.date
    category: str
    severity: str


@dataclass(slots=True)
class Record:
    """One unit's record, in the order of time."""

    unit: Unit
    visits: list[tuple[dt.date, str]] = field(default_factory=list)
    problems: list[FoundProblem] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    #: days on which a verification was rated 一般 or 差
    weak: list[dt.date] = field(default_factory=list)

    def repeats(self) -> list[FoundProblem]:
        """Problems of a kind that the visit before had found too (重复发生)."""
        visits = sorted({(one.visited_on, one.posting_id) for one in self.problems})
        order = {posting: n for n, (_, posting) in enumerate(visits)}
        kinds: dict[int, set[str]] = defaultdict(set)
        for one in self.problems:
            kinds[order[one.posting_id]].add(one.category)
        return [one for one in self.problems if one.category in kinds[order[one.posting_id] - 1]]

    def kinds(self) -> list[tuple[str, int]]:
        """(subcategory, how many), the most frequent first."""
        return Counter(one.category for one in self.problems).most_common()


def records(session: orm.Session, units: Sequence[Unit]) -> list[Record]:
    """The record of each of these units, in their order."""
    found = {unit.id: Record(unit) for unit in units}
    for unit_id, start, name in session.execute(
        select(Posting.unit_id, Round.start, Round.name)
        .join(Posting.team)
        .join(Team.plan)
        .join(Team.round)
        .where(Plan.state == "published", Posting.unit_id.in_(found), Round.start <= today())
        .order_by(Round.start)
    ):
        found[unit_id].visits.append((start, name))
    for unit_id, one in _problems(session, found):
        found[unit_id].problems.append(one)
    wanted = select(Item).where(Item.unit_id.in_(found), Item.state != "withdrawn").order_by(Item.served_on)
    for item in session.scalars(wanted):
        found[item.unit_id].items.append(item)
    weak = (
        select(Item.unit_id, ItemStep.at)
        .join(ItemStep, ItemStep.item_id == Item.id)
        .where(Item.unit_id.in_(found), ItemStep.action.in_(("rate_weak", "rate_poor")))
    )
    for unit_id, at in session.execute(weak):
        found[unit_id].weak.append(at.astimezone(SHANGHAI).date())
    return list(found.values())


def _problems(session: orm.Session, units: Collection[int]) -> list[tuple[int, FoundProblem]]:
    signed = sa.and_(FindingStep.finding_id == Finding.id, FindingStep.state == "signed")
    says = sa.and_(FindingRevision.finding_id == Finding.id, FindingRevision.n == FindingStep.revision)
    papers = select(Finding).join(FindingStep, signed).join(FindingRevision, says)
    rows = session.execute(
        sorting.with_sorting(papers)
        .join(Finding.posting)
        .join(Posting.team)
        .join(Team.round)
        .where(Finding.unit_id.in_(units), sa.or_(FindingRevision.severity != "S4", gate.is_a_problem()))
        .order_by(FindingStep.at, Finding.id)
        .with_only_columns(
            Finding.unit_id,
            Finding.posting_id,
            Round.start,
            FindingStep.at,
            sorting.CATEGORY,
            sorting.SEVERITY,
        )
    )
    return [
        (unit, FoundProblem(posting, start, at.astimezone(SHANGHAI).date(), category, severity))
        for unit, posting, start, at, category, severity in rows
    ]
