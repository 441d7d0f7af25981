"""When a visit is open to answers, and up to which place of the ledger its answers count.

It only reads. A visit is open from its release until some days after the round; its leader may close it
before, the county may open it again until a day, and a letter that cites it closes it for good.
"""

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.database import now
from inspections.fieldwork.models import Operation, VisitStep
from inspections.rounds.models import Posting, Round
from inspections.wording import SHANGHAI

#: after the round: as long as its report takes (DL-05, five working days)
DAYS_AFTER = 7
#: no ledger gets so far
EVERY_PLACE = 2**31 - 1


class Stand(enum.Enum):
    """How a visit stands at a moment."""

    OPEN = "填写中"
    #: its days are over; nothing was closed by anybody
    OVER = "已到期关闭"
    CLOSED = "已关闭"
    #: a letter went out that cites it: nobody opens it again
    LETTER = "已随文书印发关闭"


@dataclass(frozen=True, slots=True)
class Opening:
    """The times in which one visit may be written to: [from, to) each, in order; and what closed it."""

    spans: tuple[tuple[dt.datetime, dt.datetime], ...]
    #: the step that froze its answers and after which none opened it; None: all that arrives counts
    frozen: VisitStep | None

    @property
    def counts_up_to(self) -> int | None:
        """The last place of the ledger that counts; None: every place does."""
        return self.frozen.seq if self.frozen else None

    @property
    def last_day(self) -> dt.date:
        """The last day on which it may be, or might have been, written to."""
        end = self.spans[-1][1].astimezone(SHANGHAI)
        return (end - dt.timedelta(microseconds=1)).date()

    @property
    def stand(self) -> Stand:
        """How it stands now."""
        if self.frozen is not None:
            return Stand.LETTER if self.frozen.what == "letter" else Stand.CLOSED
        return Stand.OPEN if now() < self.spans[-1][1] else Stand.OVER

    def covers(self, at: dt.datetime | None) -> bool:
        """Whether it was open at that instant; None, or one that is still to come, is now. A time before the
        release is a wrong clock's: nobody could write then."""
        written = max(min(at or now(), now()), self.spans[0][0])
        return any(since <= written < until for since, until in self.spans)


def opening_of(session: orm.Session, posting: Posting) -> Opening:
    """The times of one visit."""
    return openings(session, [posting])[posting.id]


def openings(session: orm.Session, postings: Sequence[Posting]) -> dict[int, Opening]:
    """The times of each of these visits, by its id: one statement for all."""
    wanted = select(VisitStep).where(VisitStep.posting_id.in_([each.id for each in postings]))
    taken: dict[int, list[VisitStep]] = defaultdict(list)
    for step in session.scalars(wanted.order_by(VisitStep.id)):
        taken[step.posting_id].append(step)
    return {each.id: _opening(each.team.round, taken[each.id]) for each in postings}


def counts(posting: Posting) -> sa.ColumnElement[bool]:
    """The condition on operations of the visit that they count: of a closed one up to where it was closed."""
    end = sa.case((VisitStep.what == "opened", sa.null()), else_=VisitStep.seq)
    newest = select(end).where(VisitStep.posting_id == posting.id).order_by(VisitStep.id.desc()).limit(1)
    return Operation.seq <= sa.func.coalesce(newest.scalar_subquery(), EVERY_PLACE)


def counted_edits(
    session: orm.Session, postings: Sequence[Posting], ledgers: Mapping[int, Sequence[Operation]]
) -> dict[int, Sequence[Operation]]:
    """Of each visit's ledger what counts: of a closed one nothing that arrived after it was closed."""
    found = openings(session, postings)
    last = {name: opening.counts_up_to for name, opening in found.items()}
    return {
        name: ledger if (end := last[name]) is None else [each for each in ledger if each.seq <= end]
        for name, ledger in ledgers.items()
    }


def steps_of(session: orm.Session, posting: Posting) -> Sequence[VisitStep]:
    """What was done about the visit's end, the oldest first."""
    wanted = select(VisitStep).where(VisitStep.posting_id == posting.id).order_by(VisitStep.id)
    return session.scalars(wanted.options(orm.joinedload(VisitStep.actor))).all()


def newest_place(session: orm.Session, posting: Posting) -> int:
    """The last place of the visit in the ledger; 0 for none."""
    newest = select(sa.func.max(Operation.seq)).where(Operation.posting_id == posting.id)
    return session.scalar(newest) or 0


def _opening(round_: Round, steps: Iterable[VisitStep]) -> Opening:
    since = dt.datetime.combine(round_.release_on, dt.time(), SHANGHAI)
    spans = [(since, _after(round_.end + dt.timedelta(days=DAYS_AFTER)))]
    frozen = None
    for step in steps:
        spans = [(begun, min(end, step.at)) for begun, end in spans]
        if step.until is not None:
            spans.append((step.at, _after(step.until)))
        frozen = None if step.what == "opened" else step
    return Opening(tuple(spans), frozen)


def _after(day: dt.date) -> dt.datetime:
    """The first moment after the day in the county."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)
