"""A letter's draft and its issue: drafts it, revises it, prints it in the worker, keeps the bytes.

Who checks and signs it in between, and its number, are the matter of `signing.py`; it writes no sentence of
the letter (`content.py`) and no page of it (`render.py`).
"""

import dataclasses
import json
import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Select, orm, select, update

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.documents.course.handing_over import close_visits, hand_over, note_reminder
from inspections.documents.models import KINDS, OF_VISITS, OUT, Paper, PaperFile
from inspections.documents.wording import citing
from inspections.documents.wording.build import build_letter
from inspections.documents.wording.facts import free_findings, letterhead_of, signed_findings
from inspections.findings.models import Finding
from inspections.rounds.models import Round
from inspections.site import chain, privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.facts_json import dump_facts, parse_facts
from inspections.typesetting.layout import NotReady, is_addressed, letter_paper
from inspections.typesetting.render import PaperError, RenderedPaper, render_pdf
from inspections.units.models import Area

log = logging.getLogger(__name__)

RENDER_JOB = "render_paper"
#: nothing of these is printed any more
ENDED = ("issued", "void")
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
    return begin(session, paper, "paper.draft", author, kind=kind, findings=len(findings))


def begin(session: orm.Session, paper: Paper, act: str, author: User | None, **detail: Any) -> Paper:
    """The new draft, which says what the records say now; the journal has the act."""
    session.add(paper)
    session.flush()
    rewrite(session, paper)
    journal.record(session, act, paper.uuid, author, **detail)
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
    unchanged(session, paper, seen)
    if paper.state == "checked":
        raise Refusal("文书已经核稿，要修改的请先退回。")
    if paper.state != "draft":
        raise Refusal("文书已经签发，不能再修改；需要更正的，请作废重拟，或者印发后另行起草替代。")
    if privacy.private_number(json.dumps(dict(wording), ensure_ascii=False)):
        raise Refusal(privacy.SENTENCE)
    paper.wording = dict(paper.wording) | dict(wording)
    if only is not None:
        paper.findings = _kept(session, paper, only)
        if not paper.findings:
            raise Refusal("文书至少要列入一个问题。")
    rewrite(session, paper)
    journal.record(session, "paper.revise", paper.uuid, author)


def replace(session: orm.Session, old: Paper, author: User | None, name: uuid.UUID | None = None) -> Paper:
    """The new draft that will go out in place of an issued paper: the same words and findings to start with.

    `name` is the form's random name: sent twice it is one draft. Raises Refusal for a paper that is not
    issued, or that another one (be it a draft) replaces.
    """
    session.refresh(old, with_for_update={"of": type(old)})
    known = session.scalar(select(Paper).where(Paper.uuid == name)) if name else None
    if known is not None and known.replaces is old:
        return known
    if old.state != "issued":
        raise Refusal("只有已印发的文书可以另行起草替代。")
    if any(paper.state != "void" for paper in old.replacements):
        raise Refusal("这份文书已经有替代的文书（含草稿）。")
    paper = Paper(
        uuid=name or uuid.uuid4(),
        kind=old.kind,
        round=old.round,
        township=old.township,
        title="",
        wording=dict(old.wording),
        facts={},
        findings=list(old.findings),
        created_by=author,
        replaces=old,
    )
    return begin(session, paper, "paper.replace", author, old=old.document_number)


def issue(session: orm.Session, paper: Paper, seen: int, author: User | None) -> None:
    """Nothing; the signed paper waits for the worker. Raises Refusal, or Conflict for an old page."""
    unchanged(session, paper, seen)
    if paper.state in OUT:
        raise Refusal("文书已经印发，不必重复操作。")
    if paper.state != "signed":
        raise Refusal("文书还没有签发，不能印发。")
    paper.trouble = ""
    paper.state = "issuing"
    paper.issued_by = author
    paper.issued_at = now()
    session.flush()
    journal.record(session, "paper.issue", paper.uuid, author, number=paper.number, year=paper.year)


def job_key(paper: Paper) -> str:
    """What the worker is told to print: the paper in this very version."""
    return f"{paper.uuid}:{paper.version}"


def unprinted(session: orm.Session) -> list[str]:
    """The job keys of papers that wait for the worker: no PDF shows what they say now."""
    shown = Paper.files.any(PaperFile.version == Paper.version)
    wanted = select(Paper).where(Paper.state.not_in(ENDED), ~shown, Paper.trouble == "")
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
        facts, kind = dict(paper.facts), paper.kind
        if paper.state != "issuing":  # numbered or not: until it goes out it is marked as a draft
            facts["status"] = "draft"
        trace = chain.code(session, paper) if paper.state == "issuing" else ""
    letter = parse_facts(json.dumps(facts).encode(), is_addressed(kind))
    return render_pdf(dataclasses.replace(letter_paper(kind, letter), trace=trace))


def _keep(open_session: Callable[[], orm.Session], key: str, printed: RenderedPaper) -> None:
    with open_session() as session:
        paper = session.scalar(_of_key(key).with_for_update())
        if paper is None or _stored(paper) is not None:
            return
        status = "issued" if paper.state == "issuing" else "draft"
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
            close_visits(session, paper)
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
            .where(Paper.uuid == name, Paper.version == version, Paper.state.not_in(ENDED))
            .values(trouble=trouble)
        )
        session.commit()


def _parts(key: str) -> tuple[uuid.UUID, int]:
    name, _, version = key.partition(":")
    return uuid.UUID(name), int(version)


def _of_key(key: str) -> Select[Paper]:
    name, version = _parts(key)
    return select(Paper).where(Paper.uuid == name, Paper.version == version, Paper.state.not_in(ENDED))


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


def unchanged(session: orm.Session, paper: Paper, seen: int) -> None:
    """Nothing. Raises Conflict, with what happened meanwhile, when the paper changed since version `seen`."""
    if paper.version != seen:
        entries = journal.history(session, paper.uuid)[-3:]
        told = [
            f"{entry.actor.name if entry.actor else '系统'}{journal.ACTS.get(entry.act, entry.act)}"
            for entry in entries
        ]
        raise Conflict("这份文书已被他人修改，您刚才的内容没有保存。", told)
