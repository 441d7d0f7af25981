"""The list of papers (文书一览): narrowed by state, page by page, and what can still be drafted.

It only reads, and only within the reach it is given.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.documents.models import OF_VISITS, Paper
from inspections.documents.wording import citing
from inspections.findings.models import Finding
from inspections.rounds.models import Posting, Round, Team
from inspections.units.models import Area, Unit

PAGE = 100


@dataclass(frozen=True, slots=True)
class DocumentRegister:
    """One page of the list and how many papers there are in each state."""

    papers: Sequence[Paper]
    counts: Counter[str]
    found: int


def register(
    session: orm.Session, within: sa.Select[Paper], state: str = "", page: int = 1
) -> DocumentRegister:
    """The papers of `within` (a select of those in reach), the newest first, 100 a page."""
    counted = within.with_only_columns(Paper.state, sa.func.count()).group_by(Paper.state)
    counts = Counter(dict(session.execute(counted).all()))
    wanted = within.where(Paper.state == state) if state else within
    loaded = wanted.options(
        orm.joinedload(Paper.township),
        orm.selectinload(Paper.files),
        orm.selectinload(Paper.findings),
        orm.selectinload(Paper.replacements),
    )
    papers = session.scalars(
        loaded.order_by(Paper.created_at.desc(), Paper.id.desc()).limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    return DocumentRegister(papers, counts, counts[state] if state else counts.total())


def subjects(session: orm.Session) -> list[tuple[Round, Area]]:
    """Rounds and townships with a finding that some kind of letter has not cited yet, newest round first."""
    free = sa.or_(*(~citing.stands_in_a_letter(kind) for kind in OF_VISITS))
    wanted = (
        select(Round, Area)
        .select_from(Finding)
        .join(Finding.posting)
        .join(Posting.team)
        .join(Team.round)
        .join(Unit, Unit.id == Posting.unit_id)
        .join(Unit.area)
        .where(citing.may_be_cited(), free)
        .distinct()
        .options(orm.joinedload(Round.cycle))
        .order_by(Round.start.desc(), Area.code)
    )
    return [(round_, area) for round_, area in session.execute(wanted)]
