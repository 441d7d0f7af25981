"""Reads the records of one round and one township into the letter that will be printed.

It decides what a letter may cite: signed findings below S4, never a draft and never a lead.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import orm, select

from inspections.documents import content
from inspections.documents.letter import Contact, Letter, Status
from inspections.documents.models import Letterhead, Paper
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.refusal import Refusal
from inspections.rounds.models import Posting, Round, Team
from inspections.units.models import Area, Unit
from inspections.wording import chinese_number

#: days from issue to the end of rectification by severity (DL-07: S2 30 days, S1 7 days, S3 60 days)
DAYS_TO_MEND = {"S1": 7, "S2": 30, "S3": 60}
#: days from issue to the written report on rectification (DL-08)
DAYS_TO_REPORT = 15


def signed_findings(session: orm.Session, round_: Round, township: Area) -> list[Finding]:
    """The signed findings of that round in that township, by number; S4 only in `withheld_findings`."""
    return [finding for finding in _signed(session, round_, township) if finding.current.severity != "S4"]


def withheld_findings(session: orm.Session, round_: Round, township: Area) -> list[Finding]:
    """Signed S4 findings: a second person must first decide whether they are leads, so no letter has them."""
    return [finding for finding in _signed(session, round_, township) if finding.current.severity == "S4"]


def _signed(session: orm.Session, round_: Round, township: Area) -> list[Finding]:
    wanted = (
        select(Finding)
        .join(Finding.posting)
        .join(Posting.team)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Team.round_id == round_.id, Unit.area_id == township.id, Finding.state == "signed")
        .order_by(Finding.number)
    )
    return list(session.scalars(wanted))


def letterhead_of(session: orm.Session, township: Area) -> Letterhead:
    """The letterhead of the township's county. Raises Refusal where the county has none."""
    county = township.ancestor("county")
    head = session.get(Letterhead, county.id) if county is not None else None
    if head is None:
        raise Refusal(f"{township.name}所在的县没有登记发文机关，请先在“文书版头”中填写。")
    return head


def build_letter(
    session: orm.Session, paper: Paper, number: int | None = None, day: dt.date | None = None
) -> Letter:
    """What the paper says now. Without number and day it is a draft with visible gaps."""
    head = letterhead_of(session, paper.township)
    wording = paper.wording
    sender = content.Sender(
        issuer=head.issuer,
        code=head.code,
        year=(day or paper.round.end).year,
        to=(f"中共{paper.township.name}委员会",),
        cc=tuple(wording.get("cc", ())),
        number=number,
        date=day,
        contact=Contact(head.contact_name, head.contact_phone),
        status=Status.ISSUED if number is not None else Status.DRAFT,
    )
    findings = [_outgoing(session, finding, day) for finding in paper.findings]
    demands = content.Demands(report_by=_report_by(wording, day), report_to=wording.get("report_to") or "")
    visits = _visits(session, paper, wording)
    if paper.kind == "handover":
        return content.handover_letter(sender, visits, findings, demands)
    return content.feedback_letter(
        sender,
        visits,
        findings,
        demands,
        appraisal=wording.get("appraisal", ""),
        suggestions=wording.get("suggestions", ()),
    )


def _report_by(wording: dict[str, Any], day: dt.date | None) -> dt.date | None:
    if wording.get("report_by"):
        return dt.date.fromisoformat(wording["report_by"])
    return day + dt.timedelta(days=DAYS_TO_REPORT) if day else None


def _visits(session: orm.Session, paper: Paper, wording: dict[str, Any]) -> content.Visits:
    wanted = (
        select(Posting)
        .join(Posting.team)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Team.round_id == paper.round_id, Unit.area_id == paper.township_id)
        .where(Team.plan.has(state="published"))
        .order_by(Unit.code)
    )
    postings: Sequence[Posting] = session.scalars(wanted).all()
    teams = sorted({posting.team.position for posting in postings})
    return content.Visits(
        round_name=f"{paper.round.cycle.name}{paper.round.name}" if _named(paper) else paper.round.name,
        authority=wording.get("authority") or "",
        start=paper.round.start,
        end=paper.round.end,
        team="、".join(f"第{chinese_number(at + 1)}" for at in teams) + "驻点监督检查组",
        town=paper.township.name,
        units=tuple(posting.unit.name for posting in postings),
    )


def _named(paper: Paper) -> bool:
    """Whether the cycle's name must stand before the round's: only where it does not already end with it."""
    return len(paper.round.cycle.rounds) > 1


def _outgoing(session: orm.Session, finding: Finding, day: dt.date | None) -> content.Finding:
    said = finding.current
    category = session.get(TaxonomyEntry, ("subcategory", said.category))
    parent = session.get(TaxonomyEntry, ("category", category.parent_code)) if category else None
    days = DAYS_TO_MEND.get(said.severity)
    return content.Finding(
        paper_number=finding.number,
        unit=finding.posting.unit.name,
        category=parent.name if parent else said.category,
        description=said.summary,
        basis=said.basis,
        responsible=said.responsible,
        measure=content.AT_ONCE if said.severity == "S1" else "限期整改",
        deadline=day + dt.timedelta(days=days) if day and days else None,
        amount=said.amount,
    )
