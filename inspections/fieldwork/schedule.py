"""The list of postings: narrowed by round and township, with how far each checklist is.

It only reads, and only within the reach it is given; plans are made elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import today
from inspections.fieldwork import answers
from inspections.findings.models import Finding
from inspections.rounds.models import Plan, Posting, Round, Seat, Team
from inspections.units.models import Area, Unit

PAGE = 50
#: a posting with its place, its days and its people, however many are read
WHOLE = (
    orm.joinedload(Posting.unit).joinedload(Unit.area),
    orm.joinedload(Posting.team).joinedload(Team.round).joinedload(Round.cycle),
    orm.joinedload(Posting.team).selectinload(Team.members).joinedload(Seat.person),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One page of postings with (answered, total) and the number of papers of each, by its id."""

    postings: Sequence[Posting]
    found: int
    progress: dict[int, tuple[int, int]]
    papers: dict[int, int]
    rounds: Sequence[Round]
    townships: Sequence[Area]

    @staticmethod
    def released(posting: Posting) -> bool:
        """Whether the team itself can see the posting by now."""
        return posting.team.round.release_on <= today()


def postings(
    session: orm.Session,
    within: sa.Select[Posting],
    papers: sa.Select[Finding],
    round: str = "",
    township: str = "",
    page: int = 1,
) -> Schedule:
    """The postings of published plans in `within` (a select of those in reach), by round, team and order.

    Of the working papers only those in `papers`, again a select of those in reach, are counted.
    `round` and `township` are the codes of a round and of an area; what is unknown finds nothing.
    """
    every = (
        within.join(Team, Team.id == Posting.team_id)
        .join(Plan, Plan.id == Team.plan_id)
        .join(Round, Round.id == Team.round_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .join(Area, Area.id == Unit.area_id)
        .where(Plan.state == "published")
    )
    wanted = every
    if round:
        wanted = wanted.where(Round.code == round)
    if township:
        wanted = wanted.where(Area.code == township)
    found = session.scalar(wanted.with_only_columns(sa.func.count(Posting.id))) or 0
    ordered = wanted.options(*WHOLE).order_by(Round.start, Round.position, Team.position, Posting.position)
    shown = session.scalars(ordered.limit(PAGE).offset(PAGE * (page - 1))).unique().all()
    counted = (
        papers.where(Finding.posting_id.in_([posting.id for posting in shown]))
        .with_only_columns(Finding.posting_id, sa.func.count(Finding.id))
        .group_by(Finding.posting_id)
    )
    return Schedule(
        postings=shown,
        found=found,
        progress=answers.progress(session, shown),
        papers={row[0]: row[1] for row in session.execute(counted)},
        rounds=_rounds(session, every),
        townships=_townships(session, every),
    )


def _rounds(session: orm.Session, every: sa.Select[Posting]) -> Sequence[Round]:
    reached = every.with_only_columns(Round.id)
    return session.scalars(select(Round).where(Round.id.in_(reached)).order_by(Round.start, Round.code)).all()


def _townships(session: orm.Session, every: sa.Select[Posting]) -> Sequence[Area]:
    reached = every.with_only_columns(Area.id)
    return session.scalars(select(Area).where(Area.id.in_(reached)).order_by(Area.code)).all()
