"""The list of working papers (底稿一览): narrowed by state, township and category, with counts.

It only reads, and only within the reach it is given.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.findings.models import Finding, FindingRevision, TaxonomyEntry
from inspections.rounds.models import Posting, Team
from inspections.units.models import Area, Unit

PAGE = 100


@dataclass(frozen=True, slots=True)
class FindingRegister:
    """One page of the list, what it was narrowed from, and the words for its codes."""

    findings: Sequence[Finding]
    #: how many there are in each state, with the other filters in force
    counts: Counter[str]
    found: int
    townships: Sequence[Area]
    categories: Sequence[TaxonomyEntry]
    names: dict[str, str]


def register(
    session: orm.Session,
    within: sa.Select[Finding],
    state: str = "",
    township: str = "",
    category: str = "",
    page: int = 1,
) -> FindingRegister:
    """The papers of `within` (a select of those in reach), the newest first, 100 a page.

    `township` is an area's code, `category` the letter of a category; what is unknown finds nothing.
    """
    newest = (
        select(sa.func.max(FindingRevision.n))
        .where(FindingRevision.finding_id == Finding.id)
        .correlate(Finding)
        .scalar_subquery()
    )
    wanted = (
        within.join(Unit, Unit.id == Finding.unit_id)
        .join(Area, Area.id == Unit.area_id)
        .join(FindingRevision, sa.and_(FindingRevision.finding_id == Finding.id, FindingRevision.n == newest))
    )
    if township:
        wanted = wanted.where(Area.code == township)
    if category:
        wanted = wanted.where(FindingRevision.category.startswith(category, autoescape=True))
    every = session.execute(wanted.with_only_columns(Finding.id, Finding.state).order_by(Finding.id)).all()
    if state:
        wanted = wanted.where(Finding.state == state)
    loaded = wanted.options(
        orm.selectinload(Finding.revisions),
        orm.joinedload(Finding.posting).joinedload(Posting.unit).joinedload(Unit.area),
        orm.joinedload(Finding.posting).joinedload(Posting.team).joinedload(Team.round),
        orm.joinedload(Finding.created_by),
    )
    findings = session.scalars(
        loaded.order_by(Finding.created_at.desc(), Finding.id.desc()).limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    taxonomy = session.scalars(select(TaxonomyEntry).order_by(TaxonomyEntry.position)).all()
    return FindingRegister(
        findings=findings,
        counts=Counter(each.state for each in every),
        found=sum(not state or each.state == state for each in every),
        townships=_townships(session, within),
        categories=[entry for entry in taxonomy if entry.kind == "category"],
        names=names_of(taxonomy),
    )


def names_of(taxonomy: Sequence[TaxonomyEntry]) -> dict[str, str]:
    """Code → name for categories, subcategories and severities."""
    kinds = ("category", "subcategory", "severity")
    return {entry.code: entry.name for entry in taxonomy if entry.kind in kinds}


def _townships(session: orm.Session, within: sa.Select[Any]) -> Sequence[Area]:
    reached = within.join(Unit, Unit.id == Finding.unit_id).with_only_columns(Unit.area_id)
    return session.scalars(select(Area).where(Area.id.in_(reached)).order_by(Area.code)).all()
