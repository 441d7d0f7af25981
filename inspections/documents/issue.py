"""A letter from draft to issue: drafts it, reserves its number, prints it in the worker, keeps the bytes.

It writes no sentence of the letter (`content.py`) and no page of it (`render.py`).
"""

import contextlib
import datetime as dt
import json
import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Select, exc, orm, select, update

from inspections import journal, privacy
from inspections.accounts.models import User
from inspections.database import now, today
from inspections.documents import citing
from inspections.documents.build import build_letter
from inspections.documents.facts import free_findings, letterhead_of, signed_findings
from inspections.documents.facts_json import BadFacts, dump_facts, parse_facts
from inspections.documents.fonts import uncovered
from inspections.documents.handing_over import hand_over, note_reminder
from inspections.documents.layout import NotReady, lacking, letter_paper
from inspections.documents.letter import Letter, texts
from inspections.documents.models import KINDS, OF_VISITS, NumberSeries, Paper, PaperFile
from inspections.documents.render import PaperError, RenderedPaper, render_pdf
from inspections.findings.models import Finding
from inspections.refusal import Conflict, Refusal
from inspections.rounds.models import Round
from inspections.units.models import Area

log = logging.getLogger(__name__)

RENDER_JOB = "render_paper"
FAULT = "生成版面时系统出现故障，已记入系统日志。请点“重新生成版面”；仍不成功的，请联系系统管理员。"


def draft(
    session: orm.Session,
    kind: str,
    round_: Round,
    township: Area,
    author: User | None,
    only: Collection[uuid.UUID] | None = None,
    name: uuid.UUID | None = None,
) -> Paper:
    """The new draft with the findings that stand in no letter of the kind yet (or `only` those signed ones).

    `name` is the form's random name: sent twice it is one draft. Raises Refusal when nothing is left to cite.
    """
    citing.hold_round(session, round_)
    known = session.scalar(select(Paper).where(Paper.uuid == name)) if name else None
    if known is not None:
        if (known.kind, known.round, known.township) != (kind, round_, township):
            raise Refusal("这张表单已经提交过，起草的是另一份文书；请重新打开“起草文书”。")
        return known
    if only is None:
        findings = free_findings(session, kind, round_, township)
    else:
        findings = _chosen(session, round_, township, only)
    if not findings:
        raise Refusal(
            f"{round_.name}在{township.name}没有可以列入{KINDS[kind]}的已审签底稿："
            "没有审签，或者都已列入其他文书（含草稿）。"
        )
    head = letterhead_of(session, township)
    paper = Paper(
        uuid=name or uuid.uuid4(),
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
    rewrite(session, paper)
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
    if privacy.private_number(json.dumps(dict(wording), ensure_ascii=False)):
        raise Refusal(privacy.SENTENCE)
    paper.wording = dict(paper.wording) | dict(wording)
    if only is not None:
        paper.findings = _kept(session, paper, only)
        if not paper.findings:
            raise Refusal("文书至少要列入一个问题。")
    rewrite(session, paper)
    journal.record(session, "paper.revise", paper.uuid, author)


def issue(
    session: orm.Session, paper: Paper, seen: int, author: User | None, day: dt.date | None = None
) -> None:
    """Nothing; the paper has its number and date and waits for the worker to print it.

    Raises Refusal naming each missing fact, and each finding that another issued letter of the kind cites;
    Conflict when the draft changed since version `seen`. The number is the next of its series and year,
    reserved in this transaction: it is given back if anything fails.
    """
    if paper.round is not None:
        citing.hold_round(session, paper.round)
    session.expire(paper)  # as it is now that nobody else can move it
    _unchanged(session, paper, seen)
    if paper.state != "draft":
        raise Refusal("文书已经制发，不必重复操作。")
    if paper.kind in OF_VISITS and (twice := citing.cited_elsewhere(session, paper)):
        named = "、".join(f"{finding}（{number}）" for finding, number in twice)
        raise Refusal(f"下列底稿已由同文种的文书印发，不能重复交办：{named}。请先从草稿中去掉。")
    day = day or today()
    letter = trial(session, paper, day)
    if gaps := lacking(paper.kind, letter):
        raise Refusal(f"还缺少{'、'.join(gaps)}，补齐后才能制发。")
    if faults := unfit(paper.kind, letter):
        raise Refusal(f"文书还不能制发：{'；'.join(faults)}。")
    number = next_number(session, letter.code, letter.year)
    paper.facts = dump_facts(build_letter(session, paper, number, day))
    paper.code, paper.year, paper.number = letter.code, letter.year, number
    paper.title, paper.trouble = letter.title, ""
    paper.state = "issuing"
    paper.issued_by = author
    paper.issued_at = now()
    session.flush()
    journal.record(session, "paper.issue", paper.uuid, author, number=paper.number, year=paper.year)


def unfit(kind: str, letter: Letter) -> list[str]:
    """Why the letter could not be printed, in Chinese; a number is given only when there is no reason."""
    try:
        letter_paper(kind, parse_facts(json.dumps(dump_facts(letter)).encode()))
    except BadFacts as bad:
        return [fault.words for fault in bad.faults]
    except NotReady as refused:
        return refused.reasons
    lost = uncovered("".join(text for _, text in texts(letter)))
    return [f"没有字体可以印出这些字符：{' '.join(lost)}"] if lost else []


def trial(session: orm.Session, paper: Paper, day: dt.date | None = None) -> Letter:
    """The letter as it would be issued on `day` (default: today), to see what it still lacks."""
    return build_letter(session, paper, number=1, day=day or today())


def next_number(session: orm.Session, code: str, year: int) -> int:
    """The next number of a series: one after the last, without gaps, each given once."""
    wanted = select(NumberSeries).where(NumberSeries.code == code, NumberSeries.year == year)
    if session.scalar(wanted) is None:
        with contextlib.suppress(exc.IntegrityError), session.begin_nested():
            session.add(NumberSeries(code=code, year=year, last=0))  # unless another letter was faster
    series = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
    series.last += 1
    session.flush()
    return series.last


def job_key(paper: Paper) -> str:
    """What the worker is told to print: the paper in this very version."""
    return f"{paper.uuid}:{paper.version}"


def unprinted(session: orm.Session) -> list[str]:
    """The job keys of papers that wait for the worker: no PDF shows what they say now."""
    shown = Paper.files.any(PaperFile.version == Paper.version)
    wanted = select(Paper).where(Paper.state != "issued", ~shown, Paper.trouble == "")
    return [job_key(paper) for paper in session.scalars(wanted)]


def reprint(session: orm.Session, paper: Paper, author: User | None) -> None:
    """Nothing; a paper whose layout failed waits for the worker again, in a new version with a new job.

    Where there is no trouble nothing changes: the button may be pressed twice.
    """
    if not paper.trouble:
        return
    paper.trouble = ""
    session.flush()
    journal.record(session, "paper.reprint", paper.uuid, author)


def render_job(open_session: Callable[[], orm.Session], key: str) -> None:
    """Nothing; the PDF of that very version is stored, or the paper says what is in its way.

    Run again after a crash, it stores nothing twice. A fault of the program goes to the log and leaves a
    sentence on the paper; only when even that cannot be stored does it rise to the worker.
    """
    try:
        printed = _printed(open_session, key)
        if printed is not None:
            _keep(open_session, key, printed)
    except (NotReady, PaperError) as refused:
        _tell(open_session, key, str(refused))
    except Exception:
        log.exception("the layout of paper %s failed", key)
        _tell(open_session, key, FAULT)


def _printed(open_session: Callable[[], orm.Session], key: str) -> RenderedPaper | None:
    """The PDF of the paper in that version; None when a newer version has its own job, or it is stored."""
    with open_session() as session:
        paper = session.scalar(_of_key(key))
        if paper is None or _stored(paper) is not None:
            return None
        facts, kind = paper.facts, paper.kind
    return render_pdf(letter_paper(kind, parse_facts(json.dumps(facts).encode())))


def _keep(open_session: Callable[[], orm.Session], key: str, printed: RenderedPaper) -> None:
    with open_session() as session:
        paper = session.scalar(_of_key(key).with_for_update())
        if paper is None or _stored(paper) is not None:
            return
        status = "draft" if paper.state == "draft" else "issued"
        paper.files.append(
            PaperFile(
                version=paper.version,
                status=status,
                data=printed.data,
                sha256=printed.sha256,
                pages=printed.pages,
                fonts={family: Path(file).name for family, file in printed.fonts.items()},
            )
        )
        if status == "issued":
            paper.state = "issued"
            hand_over(session, paper)
            note_reminder(session, paper)
        journal.record(session, "paper.print", paper.uuid, sha256=printed.sha256, status=status)
        session.commit()


def _tell(open_session: Callable[[], orm.Session], key: str, trouble: str) -> None:
    """Nothing; the sentence stands on the paper. Its version stays: nobody's open form becomes outdated."""
    name, version = _parts(key)
    with open_session() as session:
        session.execute(
            update(Paper)
            .where(Paper.uuid == name, Paper.version == version, Paper.state != "issued")
            .values(trouble=trouble)
        )
        session.commit()


def _parts(key: str) -> tuple[uuid.UUID, int]:
    name, _, version = key.partition(":")
    return uuid.UUID(name), int(version)


def _of_key(key: str) -> Select[Paper]:
    name, version = _parts(key)
    return select(Paper).where(Paper.uuid == name, Paper.version == version, Paper.state != "issued")


def _stored(paper: Paper) -> PaperFile | None:
    return next((file for file in paper.files if file.version == paper.version), None)


def _chosen(
    session: orm.Session, round_: Round, township: Area, only: Collection[uuid.UUID]
) -> list[Finding]:
    return [finding for finding in signed_findings(session, round_, township) if finding.uuid in only]


def _kept(session: orm.Session, paper: Paper, only: Collection[uuid.UUID]) -> list[Finding]:
    """The chosen papers: for a letter about visits of all that may be cited, else of those it began with."""
    if paper.kind in OF_VISITS and paper.round is not None:
        return _chosen(session, paper.round, paper.township, only)
    return [finding for finding in paper.findings if finding.uuid in only]


def rewrite(session: orm.Session, paper: Paper) -> None:
    """Nothing; the draft's title and facts say what the records say now."""
    letter = build_letter(session, paper)
    paper.title, paper.trouble = letter.title, ""
    paper.facts = dump_facts(letter)
    session.flush()


def _unchanged(session: orm.Session, paper: Paper, seen: int) -> None:
    if paper.version != seen:
        entries = journal.history(session, paper.uuid)[-3:]
        told = [
            f"{entry.actor.name if entry.actor else '系统'}{journal.ACTS.get(entry.act, entry.act)}"
            for entry in entries
        ]
        raise Conflict("这份文书已被他人修改，您刚才的内容没有保存。", told)
