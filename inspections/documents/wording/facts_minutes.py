"""Reads the papers that a meeting went through, and how they were sorted, into its minutes."""

import datetime as dt

from sqlalchemy import orm, select

from inspections.documents.models import Paper
from inspections.documents.wording import content_minutes
from inspections.documents.wording.content import outgoing
from inspections.documents.wording.facts import full_name, kind_of_problem, round_of, sender_of
from inspections.findings.models import TaxonomyEntry
from inspections.followup import sorting
from inspections.followup.models import WAYS, Campaign
from inspections.naming.masking import unnamed
from inspections.typesetting.letter import Letter

MERGED = "并入其他底稿"


def minutes(session: orm.Session, paper: Paper, number: int | None, day: dt.date | None) -> Letter:
    """The 会商纪要 about the paper's findings as they are sorted now; the office adds who met and when."""
    wording, round_ = paper.wording, round_of(paper)
    meeting = content_minutes.Meeting(
        day=dt.date.fromisoformat(wording["held_on"]) if wording.get("held_on") else None,
        place=wording.get("place", ""),
        chair=wording.get("chair", ""),
        present=tuple(wording.get("present", ())),
        guests=tuple(wording.get("guests", ())),
    )
    return content_minutes.minutes(
        sender_of(session, paper, (), number, day),
        full_name(round_),
        meeting,
        [_decided(session, row) for row in sorting.all_as_sorted(session, paper.findings)],
        _proposals(session, paper),
        unnamed(wording.get("appraisal", "")),
    )


def _decided(session: orm.Session, row: sorting.Sorted) -> content_minutes.Decided:
    finding = row.finding
    if row.merged_into is not None:
        outcome, detail = MERGED, row.merged_into.number
    else:
        entry = session.get(TaxonomyEntry, ("finding_disposal", row.disposal))
        outcome = entry.name if entry else row.disposal
        detail = row.office or row.reason or (WAYS[row.way] if row.disposal in sorting.HANDED_OVER else "")
    return content_minutes.Decided(
        paper_number=finding.number,
        unit=finding.posting.unit.called,
        title=outgoing(finding.current.title),
        outcome=outcome,
        detail="" if detail == outcome else outgoing(detail),
    )


def _proposals(session: orm.Session, paper: Paper) -> list[content_minutes.Proposal]:
    """The campaigns of the round that were decided on and rest on a paper of these minutes."""
    cited = {finding.id for finding in paper.findings}
    wanted = select(Campaign).where(Campaign.round_id == paper.round_id, Campaign.state != "proposed")
    return [
        content_minutes.Proposal(
            kind_of_problem(session, one.category),
            outgoing(one.text),
            one.state == "adopted",
        )
        for one in session.scalars(wanted.order_by(Campaign.id))
        if cited & {finding.id for finding in one.findings}
    ]
