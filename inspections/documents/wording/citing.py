"""Which findings a letter may cite, which one has cited already, and the deadline it then gave them.

Drafting, issuing and the first page all ask here, so that they agree. It changes nothing.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator

import sqlalchemy as sa
from sqlalchemy import orm

from inspections.documents.models import OUT, Paper, paper_findings
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision
from inspections.followup import sorting
from inspections.rounds.models import Round
from inspections.typesetting.facts_json import BadFacts, parse_facts
from inspections.typesetting.letter import Letter
from inspections.wording import document_number

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def severity_now() -> sa.ScalarSelect[str]:
    """The severity in the newest revision of the finding that the query is about."""
    return (
        sa.select(FindingRevision.severity)
        .where(FindingRevision.finding_id == Finding.id)
        .order_by(FindingRevision.n.desc())
        .limit(1)
        .correlate(Finding)
        .scalar_subquery()
    )


def may_be_cited() -> sa.ColumnElement[bool]:
    """Signed, neither merged into another paper nor sent another way when it was sorted.

    Of an S4 finding two people must first have agreed that it is a problem and no lead.
    """
    no_lead = sa.or_(severity_now() != "S4", gate.is_a_problem())
    return sa.and_(Finding.state == "signed", no_lead, sorting.for_a_letter())


def handed_over(kind: str) -> sa.ColumnElement[bool]:
    """An issued letter of this kind cites it; a draft hands nothing over."""
    return Finding.id.in_(_cited(kind).where(Paper.state.in_(OUT)))


def stands_in_a_letter(kind: str) -> sa.ColumnElement[bool]:
    """A letter of this kind cites it, be it only a draft: it is not offered to another."""
    return Finding.id.in_(_cited(kind))


def _cited(kind: str) -> sa.Select[int]:
    return (
        sa.select(paper_findings.c.finding_id)
        .join(Paper, Paper.id == paper_findings.c.paper_id)
        .where(Paper.kind == kind, Paper.state != "void")
    )


def hold_round(session: orm.Session, round_: Round) -> None:
    """Nothing; until the transaction ends nobody else drafts or issues a letter about this round."""
    session.execute(sa.select(Round.id).where(Round.id == round_.id).with_for_update())


def cited_elsewhere(session: orm.Session, paper: Paper) -> list[tuple[str, str]]:
    """Finding number and document number for each finding that another numbered letter of the kind cites.

    The letter that the paper replaces is no other, and a void one none. The answer holds until the
    transaction ends only after `hold_round`.
    """
    wanted = (
        sa.select(Finding.number, Paper.code, Paper.year, Paper.number)
        .join(paper_findings, paper_findings.c.finding_id == Finding.id)
        .join(Paper, Paper.id == paper_findings.c.paper_id)
        .where(Paper.kind == paper.kind, Paper.round_id == paper.round_id)
        .where(Paper.state.in_(("signed", *OUT)), Paper.id.not_in([paper.id, paper.replaces_id or 0]))
        .where(Finding.id.in_([finding.id for finding in paper.findings]))
        .order_by(Finding.number)
    )
    return [
        (finding, document_number(code, year, number))
        for finding, code, year, number in session.execute(wanted)
        if code and year and number  # they have: numbered_when_signed
    ]


def deadlines_given(session: orm.Session, paper: Paper) -> dict[str, dt.date]:
    """Finding number → the deadline an issued 交办函 gave it: a later letter may not name another day."""
    wanted = (
        sa.select(Paper.facts)
        .where(Paper.kind == "handover", Paper.state.in_(OUT), Paper.id != paper.id)
        .where(Paper.round_id == paper.round_id, Paper.township_id == paper.township_id)
        .order_by(Paper.id)
    )
    given: dict[str, dt.date] = {}
    numbers = {finding.number for finding in paper.findings}
    for facts in session.scalars(wanted):
        try:
            letter = parse_facts(json.dumps(facts).encode())
        except BadFacts:  # such a letter was never printed and gave nobody a deadline
            continue
        given = listed_days(letter, numbers) | given
    return given


def listed_days(letter: Letter, numbers: Collection[str]) -> dict[str, dt.date]:
    """What the annexed list of problems says, for the findings of those numbers."""
    found = {}
    for number, (day,) in _listed(letter, numbers, "整改时限"):
        if said := _DAY.fullmatch(day):
            found[number] = dt.date(*(int(part) for part in said.groups()))
    return found


def listed_words(letter: Letter, numbers: Collection[str]) -> dict[str, tuple[str, str]]:
    """What was found and by which rule, as the annexed list says it, for the findings of those numbers."""
    return {
        number: (found, basis) for number, (found, basis) in _listed(letter, numbers, "问题表现", "定性依据")
    }


def _listed(letter: Letter, numbers: Collection[str], *columns: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Number of the working paper and those columns of its row, from every list of problems."""
    for annex in letter.annexes:
        if annex.table is None:
            continue
        titles = [column.title for column in annex.table.columns]
        if not {"底稿编号", *columns} <= set(titles):
            continue
        at = [titles.index(column) for column in columns]
        for row in annex.table.rows:
            if row[titles.index("底稿编号")] in numbers:
                yield row[titles.index("底稿编号")], tuple(row[column] for column in at)
