"""Reads the records of one round and one township into the letter that will be printed.

It decides what a letter may cite: signed findings below S4, never a draft and never a lead.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, orm, select

from inspections.database import today
from inspections.documents.models import Letterhead, Paper
from inspections.documents.wording import citing, content, own_words
from inspections.documents.wording.blocks import BLOCKS
from inspections.fieldwork.models import Deadline
from inspections.findings import gate
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.followup import deadlines, sorting
from inspections.followup.models import WAYS
from inspections.naming.masking import unnamed
from inspections.rounds.models import Posting, Round, Team
from inspections.site.refusal import Refusal
from inspections.typesetting.letter import Contact, Letter, Status
from inspections.units.models import Area, Unit
from inspections.wording import chinese_number

#: the time limit of the catalogue that a letter sets for the report
REPORT = deadlines.PLAN
#: who signs where no letterhead says it
INNER = "县纪委监委"
#: what stands for 函 in the code of the kinds that are numbered apart
SERIES = {
    "reminder": "督",
    "transfer": "转",
    "advice": "建",
    "bulletin": "通",
    "round_report": "报",
    "minutes": "会纪",
    "lead_transfer": "移",
}


def signed_findings(session: orm.Session, round_: Round, township: Area) -> list[Finding]:
    """The signed findings of that round in that township, by number; S4 only in `withheld_findings`."""
    return list(session.scalars(_of(round_, township).where(citing.may_be_cited())))


def withheld_findings(session: orm.Session, round_: Round, township: Area) -> list[Finding]:
    """Signed S4 findings of which two people have not agreed that they are no leads: no letter has them."""
    grave = sa.and_(Finding.state == "signed", citing.severity_now() == "S4", ~gate.is_a_problem())
    wanted = _of(round_, township).where(grave).options(orm.lazyload(Finding.revisions))
    return list(session.scalars(wanted))


def free_findings(session: orm.Session, kind: str, round_: Round, township: Area) -> list[Finding]:
    """Those of `signed_findings` that stand in no letter of this kind, not even in a draft."""
    wanted = _of(round_, township).where(citing.may_be_cited(), ~citing.stands_in_a_letter(kind))
    return list(session.scalars(wanted))


def _of(round_: Round, township: Area) -> Select[Finding]:
    return (
        select(Finding)
        .join(Finding.posting)
        .join(Posting.team)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Team.round_id == round_.id, Unit.area_id == township.id)
        .options(orm.joinedload(Finding.posting).joinedload(Posting.unit))
        .order_by(Finding.number)
    )


def days_of(session: orm.Session, code: str) -> int | None:
    """The days of that time limit of the catalogue; None where it is not loaded or not counted in days."""
    limit = session.get(Deadline, code)
    return limit.offset if limit is not None and limit.unit == "day" else None


def kind_of_problem(session: orm.Session, code: str) -> str:
    """The name of a subcategory of the taxonomy; the code itself where it has none."""
    entry = session.get(TaxonomyEntry, ("subcategory", code))
    return entry.name if entry else code


def letterhead_of(session: orm.Session, township: Area) -> Letterhead:
    """The letterhead of the township's county. Raises Refusal where the county has none."""
    county = township.ancestor("county")
    head = session.get(Letterhead, county.id) if county is not None else None
    if head is None:
        raise Refusal(f"{township.name}所在的县没有登记发文机关，请先在“文书版头”中填写。")
    return head


def issuer_of(session: orm.Session, area: Area | None) -> str:
    """Who signs an inner paper about the area; a county without a letterhead still wants its papers."""
    try:
        return letterhead_of(session, area).issuer if area is not None else INNER
    except Refusal:
        return INNER


def code_of(head: Letterhead, kind: str) -> str:
    """The series of that kind: 清纪函, from which 清纪督 is made for 督办单, 清纪转, 清纪建 and so on."""
    series = SERIES.get(kind)
    return head.code.removesuffix("函") + series if series else head.code


def sender_of(
    session: orm.Session, paper: Paper, to: tuple[str, ...], number: int | None, day: dt.date | None
) -> content.Sender:
    """Head and foot of the paper."""
    head = letterhead_of(session, paper.township)
    return content.Sender(
        issuer=head.issuer,
        code=code_of(head, paper.kind),
        year=(day or today()).year,
        to=to,
        cc=tuple(paper.wording.get("cc", ())),
        number=number,
        date=day,
        contact=Contact(head.contact_name, head.contact_phone),
        status=Status.ISSUED if number is not None else Status.DRAFT,
        signer=paper.wording.get("signer", ""),
        words=own_words.texts_of(session, paper.township.ancestor("county"), paper.kind)
        if paper.kind in BLOCKS
        else {},
    )


def visit_letter(
    session: orm.Session, paper: Paper, number: int | None = None, day: dt.date | None = None
) -> Letter:
    """What a 交办函 or a 反馈意见 says now. Without number and day it is a draft with visible gaps."""
    # held to the end, so that what each finding asks for again is at hand
    _kept = session.scalars(select(Deadline)).all(), session.scalars(select(TaxonomyEntry)).all()
    round_ = round_of(paper)
    wording = paper.wording
    sender = sender_of(session, paper, _addressees(paper), number, day)
    if day is None:
        sender = replace(sender, year=round_.end.year)
    given = citing.deadlines_given(session, paper)
    sorted_ = sorting.all_as_sorted(session, paper.findings)
    findings = [_outgoing(session, row, day, given) for row in sorted_]
    report_by = _report_by(session, wording, day)
    demands = content.Demands(report_by=report_by, report_to=wording.get("report_to") or "")
    visits = _visits(session, paper, round_, wording)
    if paper.kind == "handover":
        return content.handover_letter(sender, visits, findings, demands)
    return content.feedback_letter(
        sender,
        visits,
        findings,
        demands,
        appraisal=unnamed(wording.get("appraisal", "")),
        suggestions=tuple(map(unnamed, wording.get("suggestions", ()))),
    )


def _cited_departments(paper: Paper) -> list[str]:
    """The departments that the letter is about, each once; empty when it is about villages."""
    units = [finding.posting.unit for finding in paper.findings]
    return list(dict.fromkeys(unit.name for unit in units if unit.kind == "department"))


def _addressees(paper: Paper) -> tuple[str, ...]:
    """A township's Party committee answers for its villages; a department's own Party group for itself."""
    groups = [f"{name}党组" for name in _cited_departments(paper)]
    villages = any(finding.posting.unit.kind != "department" for finding in paper.findings)
    return (*((f"中共{paper.township.name}委员会",) if villages or not groups else ()), *groups)


def _report_by(session: orm.Session, wording: dict[str, Any], day: dt.date | None) -> dt.date | None:
    if wording.get("report_by"):
        return dt.date.fromisoformat(wording["report_by"])
    days = days_of(session, REPORT)
    return day + dt.timedelta(days=days) if day and days is not None else None


def round_of(paper: Paper) -> Round:
    """The round of a paper that is about one, as letters of visits always are. Raises LookupError."""
    if paper.round is None:
        raise LookupError(f"paper {paper.uuid} has no round")
    return paper.round


def _visits(session: orm.Session, paper: Paper, round_: Round, wording: dict[str, Any]) -> content.Visits:
    wanted = (
        select(Posting)
        .join(Posting.team)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Team.round_id == round_.id, Unit.area_id == paper.township_id)
        .where(Team.plan.has(state="published"))
        .options(orm.contains_eager(Posting.team), orm.contains_eager(Posting.unit))
        .order_by(Unit.code)
    )
    postings: Sequence[Posting] = session.scalars(wanted).all()
    departments = _cited_departments(paper)
    if departments:  # the area of the county's departments is no place with a name of its own
        postings = [posting for posting in postings if posting.unit.name in departments]
    teams = sorted({posting.team.position for posting in postings})
    return content.Visits(
        round_name=full_name(round_),
        authority=wording.get("authority") or "",
        start=round_.start,
        end=round_.end,
        team="、".join(f"第{chinese_number(at + 1)}" for at in teams) + "驻点监督检查组",
        town="" if departments else paper.township.name,
        units=tuple(posting.unit.name for posting in postings),
    )


def full_name(round_: Round) -> str:
    """The round's name, behind its cycle's where the cycle has several."""
    return f"{round_.cycle.name}{round_.name}" if len(round_.cycle.rounds) > 1 else round_.name


def _outgoing(
    session: orm.Session, row: sorting.Sorted, day: dt.date | None, given: Mapping[str, dt.date]
) -> content.FindingFacts:
    finding, said = row.finding, row.finding.current
    category = session.get(TaxonomyEntry, ("subcategory", row.category))
    parent = session.get(TaxonomyEntry, ("category", category.parent_code)) if category else None
    known = days_of(session, deadlines.PUT_RIGHT) is not None
    counted = deadlines.to_put_right(session, row.severity, row.way, day).day if day and known else None
    return content.FindingFacts(
        paper_number=finding.number,
        unit=finding.posting.unit.name,
        category=parent.name if parent else row.category,
        description=said.summary,
        basis=said.basis,
        responsible=row.responsible,
        measure=WAYS[row.way],
        deadline=given.get(finding.number, counted),
        amount=said.amount,
    )
