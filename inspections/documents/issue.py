"""A letter from draft to issue: drafts it, reserves its number, prints it in the worker, keeps the bytes.

It writes no sentence of the letter (`content.py`) and no page of it (`render.py`).
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.documents.facts import build_letter, letterhead_of, signed_findings
from inspections.documents.facts_json import dump_facts, parse_facts
from inspections.documents.layout import NotReady, letter_paper
from inspections.documents.letter import Letter, missing
from inspections.documents.models import KINDS, NumberSeries, Paper, PaperFile
from inspections.documents.render import PaperError, render_pdf
from inspections.findings.models import Finding
from inspections.refusal import Conflict, Refusal
from inspections.rounds.models import Round
from inspections.units.models import Area

RENDER_JOB = "render_paper"


def draft(
    session: orm.Session,
    kind: str,
    round_: Round,
    township: Area,
    author: User | None,
    only: Collection[uuid.UUID] | None = None,
) -> Paper:
    """The new draft with the findings it may cite (or `only` those). Raises Refusal when there is none."""
    findings = _chosen(session, round_, township, only)
    if only is None:
        done = _handed_over(session, kind, round_)
        findings = [finding for finding in findings if finding.id not in done]
    if not findings:
        raise Refusal(f"{round_.name}在{township.name}没有可以交办的已审签底稿，不能起草{KINDS[kind]}。")
    head = letterhead_of(session, township)
    paper = Paper(
        kind=kind,
        round=round_,
        township=township,
        title="",
        wording={"authority": head.authority, "report_to": head.report_to},
        facts={},
        findings=findings,
        created_by=author,
    )
    session.add(paper)
    session.flush()
    _rewrite(session, paper)
    journal.record(session, "paper.draft", paper.uuid, author, kind=kind, findings=len(findings))
    return paper


def revise(
    session: orm.Session,
    paper: Paper,
    wording: Mapping[str, Any],
    seen: int,
    author: User | None,
    only: Collection[uuid.UUID] | None = None,
) -> None:
    """Nothing; the draft says what the office added. Raises Conflict when it changed since version `seen`."""
    _unchanged(session, paper, seen)
    if paper.state != "draft":
        raise Refusal("文书已经制发，不能再修改；需要更正的，请另行起草并注明替代。")
    paper.wording = dict(paper.wording) | dict(wording)
    if only is not None:
        paper.findings = _chosen(session, paper.round, paper.township, only)
    if not paper.findings:
        raise Refusal("文书至少要列入一个问题。")
    _rewrite(session, paper)
    journal.record(session, "paper.revise", paper.uuid, author)


def issue(
    session: orm.Session, paper: Paper, seen: int, author: User | None, day: dt.date | None = None
) -> None:
    """Nothing; the paper has its number and date and waits for the worker to print it.

    Raises Refusal naming each missing fact; Conflict when the draft changed since version `seen`. The number
    is the next of its series and year, reserved in this transaction: it is given back if anything fails.
    """
    _unchanged(session, paper, seen)
    if paper.state != "draft":
        raise Refusal("文书已经制发，不必重复操作。")
    day = day or today()
    letter = trial(session, paper, day)
    if gaps := missing(letter):
        raise Refusal(f"还缺少{'、'.join(gaps)}，补齐后才能制发。")
    number = next_number(session, letter.code, letter.year)
    paper.facts = dump_facts(build_letter(session, paper, number, day))
    paper.code, paper.year, paper.number = letter.code, letter.year, number
    paper.title = letter.title
    paper.state = "issuing"
    paper.issued_by = author
    paper.issued_at = now()
    session.flush()
    journal.record(session, "paper.issue", paper.uuid, author, number=paper.number, year=paper.year)


def trial(session: orm.Session, paper: Paper, day: dt.date | None = None) -> Letter:
    """The letter as it would be issued on `day` (default: today), to see what it still lacks."""
    return build_letter(session, paper, number=1, day=day or today())


def next_number(session: orm.Session, code: str, year: int) -> int:
    """The next number of a series: one after the last, without gaps, each given once."""
    wanted = select(NumberSeries).where(NumberSeries.code == code, NumberSeries.year == year)
    series = session.scalar(wanted.with_for_update())
    if series is None:
        series = NumberSeries(code=code, year=year, last=0)
        session.add(series)
    series.last += 1
    session.flush()
    return series.last


def job_key(paper: Paper) -> str:
    """What the worker is told to print: the paper in this very version."""
    return f"{paper.uuid}:{paper.version}"


def unprinted(session: orm.Session) -> list[str]:
    """The job keys of papers that wait for the worker: issued in name only, or drafts never printed."""
    waiting = (Paper.state == "issuing") | ~Paper.files.any()
    wanted = select(Paper).where(waiting, Paper.trouble == "")
    return [job_key(paper) for paper in session.scalars(wanted)]


def render_job(open_session: Callable[[], orm.Session], key: str) -> None:
    """Nothing; the paper's newest text is stored as PDF. Run again after a crash, it stores nothing twice."""
    name, _, version = key.partition(":")
    with open_session() as session:
        paper = session.scalar(select(Paper).where(Paper.uuid == uuid.UUID(name)))
        if paper is None or str(paper.version) != version:
            return  # a newer version has its own job
        facts, kind, state = paper.facts, paper.kind, paper.state
    trouble, printed = "", None
    try:
        printed = render_pdf(letter_paper(kind, parse_facts(json.dumps(facts).encode())))
    except (NotReady, PaperError) as fault:
        trouble = str(fault)
    with open_session() as session:
        paper = session.scalars(select(Paper).where(Paper.uuid == uuid.UUID(name)).with_for_update()).one()
        if str(paper.version) != version:
            return
        paper.trouble = trouble
        if printed is not None:
            status = "draft" if state == "draft" else "issued"
            paper.files.append(
                PaperFile(status=status, data=printed.data, sha256=printed.sha256, pages=printed.pages)
            )
            if status == "issued":
                paper.state = "issued"
            journal.record(session, "paper.print", paper.uuid, sha256=printed.sha256, status=status)
        session.commit()


def _chosen(
    session: orm.Session, round_: Round, township: Area, only: Collection[uuid.UUID] | None
) -> list[Finding]:
    signed = signed_findings(session, round_, township)
    return [finding for finding in signed if only is None or finding.uuid in only]


def _handed_over(session: orm.Session, kind: str, round_: Round) -> set[int]:
    """Findings that a letter of this kind has handed over already."""
    wanted = select(Paper).where(Paper.kind == kind, Paper.round_id == round_.id, Paper.state != "draft")
    return {finding.id for paper in session.scalars(wanted) for finding in paper.findings}


def _rewrite(session: orm.Session, paper: Paper) -> None:
    letter = build_letter(session, paper)
    paper.title = letter.title
    paper.facts = dump_facts(letter)
    session.flush()


def _unchanged(session: orm.Session, paper: Paper, seen: int) -> None:
    if paper.version != seen:
        entries = journal.history(session, paper.uuid)[-3:]
        acts = {"paper.revise": "修改了文书内容", "paper.issue": "制发了文书", "paper.print": "生成了版面"}
        told = [
            f"{entry.actor.name if entry.actor else '系统'}{acts.get(entry.act, entry.act)}"
            for entry in entries
        ]
        raise Conflict("这份文书已被他人修改，您刚才的内容没有保存。", told)
