"""A round's papers as one background job: letters, their receipts and working papers, as zip and one PDF.

What is printed already is taken as it is stored. Each part is a file of its own until the end, so that a job
whose worker was killed goes on where it stopped; pages are laid out in a process of its own, which is
replaced every so often before its memory grows.
"""

import io
import logging
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa
from pypdf import PdfReader, PdfWriter
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import now
from inspections.documents.course.receipt import receipt
from inspections.documents.models import KINDS, Batch, Paper
from inspections.documents.prints import working_paper
from inspections.documents.wording import citing
from inspections.documents.wording.facts import letterhead_of
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.rounds.models import Posting, Round, Team
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.layout import NotReady, letter_paper
from inspections.typesetting.paper import Printout
from inspections.typesetting.render import PaperError, one_of_many

log = logging.getLogger(__name__)

JOB = "make_batch"
ACTIVE = ("queued", "working")
#: papers after which the printing process is replaced
RECYCLED = 40
FAULT = "生成时系统出现故障，已记入系统日志，请重新生成；仍不成功的，请联系系统管理员。"


@dataclass(frozen=True, slots=True)
class _Part:
    """One paper of the batch: its title, and either its bytes or the sheet to be printed."""

    title: str
    data: bytes | None = None
    sheet: Printout | None = None


# ---------------------------------------------------------------- what the office asks for


def ask(session: orm.Session, round_: Round, user: User, folder: Path) -> Batch:
    """The new batch of whatever the user sees of the round; the caller commits and enqueues it.

    The user's former batches of the round go. Conflict while one is being made, Refusal for a round without
    papers.
    """
    session.refresh(round_, with_for_update={"of": type(round_)})
    former = sa.select(Batch).where(Batch.round_id == round_.id, Batch.made_by_id == user.id)
    for old in session.scalars(former).all():
        if old.state in ACTIVE:
            raise Conflict("这一轮的文书正在生成，请等它结束或先取消。")
        shutil.rmtree(folder / str(old.uuid), ignore_errors=True)
        session.delete(old)
    contents = []
    for name, state in session.execute(_papers(round_).add_columns(Paper.state)):
        contents.append(["paper", str(name)])
        if state == "issued":  # it goes out with the paper and comes back signed
            contents.append(["receipt", str(name)])
    contents += [["finding", str(name)] for name in session.scalars(_findings(round_))]
    if not contents:
        raise Refusal(f"{round_.name}还没有文书，也没有已审签的底稿。")
    batch = Batch(round=round_, contents=contents, made_by_id=user.id)
    session.add(batch)
    session.flush()
    journal.record(session, "batch.ask", batch.uuid, user, papers=len(contents))
    return batch


def stop(session: orm.Session, batch: Batch, user: User) -> None:
    """Nothing; the job ends before its next paper. Conflict when it has ended."""
    session.refresh(batch, with_for_update={"of": type(batch)})
    if batch.state not in ACTIVE:
        raise Conflict("这批文书已经结束。")
    batch.stop_asked = True
    if batch.state == "queued":
        batch.state, batch.ended_at = "cancelled", now()
    session.flush()
    journal.record(session, "batch.stop", batch.uuid, user)


def is_seen_whole(session: orm.Session, batch: Batch) -> bool:
    """Whether the session's user still sees everything in it: whoever was tied to a unit since does not."""
    named = {("paper" if kind == "receipt" else kind, uuid.UUID(name)) for kind, name in batch.contents}
    seen = {("paper", name) for name in session.scalars(_papers(batch.round))}
    seen |= {("finding", name) for name in session.scalars(_findings(batch.round))}
    return named <= seen


def _papers(round_: Round) -> sa.Select[uuid.UUID]:
    """The round's papers that have been printed, by number; drafts come last."""
    wanted = sa.select(Paper.uuid).where(
        Paper.round_id == round_.id, Paper.files.any(), Paper.state != "void"
    )
    return wanted.order_by(Paper.number.is_(None), Paper.kind, Paper.number, Paper.id)


def _findings(round_: Round) -> sa.Select[uuid.UUID]:
    """The round's signed working papers by number; none that may be a lead."""
    wanted = sa.select(Finding.uuid).join(Finding.posting).join(Posting.team)
    return wanted.where(Team.round_id == round_.id, citing.may_be_cited()).order_by(Finding.number)


def waiting(session: orm.Session) -> list[str]:
    """The keys of batches that nobody may be working on."""
    return [str(name) for name in session.scalars(sa.select(Batch.uuid).where(Batch.state.in_(ACTIVE)))]


# ---------------------------------------------------------------- the worker's part


def run(open_session: Callable[..., orm.Session], instance: Path, key: str) -> None:
    """Nothing; afterwards the batch is ready, cancelled or failed. Safe to call again after a crash."""
    name = uuid.UUID(key)
    contents = _taken(open_session, name)
    if contents is None:
        return
    folder = instance / "batches" / key
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=RECYCLED) as printer:
            for n, (kind, part) in enumerate(contents):
                if not _told(open_session, name, n):
                    shutil.rmtree(folder, ignore_errors=True)
                    return
                _make(open_session, instance, name, printer, folder, n, kind, uuid.UUID(part))
        pages = _bound(folder)
    except Exception:
        log.exception("batch %s could not be made", key)
        _end(open_session, name, "failed", trouble=FAULT)
        return
    _end(open_session, name, "ready", pages=pages, done=len(contents))


def _make(
    open_session: Callable[..., orm.Session],
    instance: Path,
    name: uuid.UUID,
    printer: ProcessPoolExecutor,
    folder: Path,
    n: int,
    kind: str,
    part: uuid.UUID,
) -> None:
    """The part as a file, unless it is there; whoever cannot be printed is named on the batch."""
    if any(folder.glob(f"{n:04}*.pdf")):
        return
    try:
        with open_session() as session:
            found = _found(session, kind, part, instance / "photos")
        data = found.data
        if found.sheet is not None:
            data = printer.submit(one_of_many, found.sheet).result().data
    except (NotReady, PaperError, Refusal) as refused:
        with open_session() as session:
            batch = session.scalars(sa.select(Batch).where(Batch.uuid == name)).one()
            sentence = str(refused)
            if sentence not in batch.left_out:
                batch.left_out = [*batch.left_out, sentence]
            session.commit()
        return
    if data is not None:
        half = folder / "half"
        half.write_bytes(data)
        half.rename(folder / f"{n:04} {_plain(found.title)}.pdf")


def _found(session: orm.Session, kind: str, name: uuid.UUID, photos: Path) -> _Part:
    if kind == "finding":
        return _finding(session, name, photos)
    paper = session.scalar(sa.select(Paper).where(Paper.uuid == name))
    if paper is None or paper.file is None:
        raise Refusal("有一份文书在生成期间删去了。")
    number = paper.document_number or "草稿"
    if kind == "receipt":
        slip = receipt(paper, letterhead_of(session, paper.township))
        return _Part(f"签收回执 {number} {paper.township.name}", sheet=letter_paper("receipt", slip))
    return _Part(f"{KINDS[paper.kind]} {number} {paper.township.name}", data=paper.file.data)


def _finding(session: orm.Session, name: uuid.UUID, photos: Path) -> _Part:
    finding = session.scalar(sa.select(Finding).where(Finding.uuid == name))
    if finding is None:
        raise Refusal("有一份底稿找不到了。")
    names = {entry.code: entry.name for entry in session.scalars(sa.select(TaxonomyEntry))}
    issuer = letterhead_of(session, finding.posting.unit.area).issuer
    try:
        sheet = working_paper.laid_out(finding, photos, issuer, names)
    except NotReady as refused:
        raise Refusal(f"底稿 {finding.number}：{refused}") from None
    return _Part(f"底稿 {finding.number}", sheet=sheet)


def _plain(title: str) -> str:
    """The title as the name of a file on any system."""
    return "".join("_" if sign in '/\\:*?"<>|' or sign < " " else sign for sign in title)[:80]


def parts(folder: Path) -> Iterator[tuple[str, Path]]:
    """Title and file of each part, in order."""
    for file in sorted(folder.glob("[0-9][0-9][0-9][0-9] *.pdf")):
        yield file.stem[5:], file


def zip_of(folder: Path) -> Path:
    """Where the zip lies."""
    return folder / "all.zip"


def merged_of(folder: Path) -> Path:
    """Where the merged PDF lies."""
    return folder / "all.pdf"


def _bound(folder: Path) -> int:
    """The pages of the merged PDF, made with a bookmark for each paper; the zip is made beside it."""
    writer, pages = PdfWriter(), 0
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for number, (title, file) in enumerate(parts(folder), 1):
            data = file.read_bytes()
            archive.writestr(zipfile.ZipInfo(f"{number:03} {title}.pdf"), data)
            if pages % 2:  # printed on both sides, every paper begins on a sheet of its own
                writer.add_blank_page()
                pages += 1
            reader = PdfReader(io.BytesIO(data))
            for page in reader.pages:
                writer.add_page(page)
            writer.add_outline_item(title=title, page_number=pages)
            pages += len(reader.pages)
    merged = io.BytesIO()
    writer.write(merged)
    for target, content in ((zip_of(folder), packed), (merged_of(folder), merged)):
        half = folder / "half"
        half.write_bytes(content.getvalue())
        half.rename(target)
    return pages


def _taken(open_session: Callable[..., orm.Session], name: uuid.UUID) -> list[list[str]] | None:
    with open_session() as session:
        batch = session.scalar(sa.select(Batch).where(Batch.uuid == name).with_for_update())
        if batch is None or batch.state not in ACTIVE:
            return None
        batch.state = "working"
        session.commit()
        return list(batch.contents)


def _told(open_session: Callable[..., orm.Session], name: uuid.UUID, done: int) -> bool:
    """Whether to go on; how far the job is stands on the batch."""
    with open_session() as session:
        batch = session.scalars(sa.select(Batch).where(Batch.uuid == name).with_for_update()).one()
        batch.done = done
        if batch.stop_asked:
            batch.state, batch.ended_at = "cancelled", now()
        session.commit()
        return batch.state == "working"


def _end(open_session: Callable[..., orm.Session], name: uuid.UUID, state: str, **values: object) -> None:
    with open_session() as session:
        batch = session.scalars(sa.select(Batch).where(Batch.uuid == name).with_for_update()).one()
        if batch.state == "working":
            batch.state, batch.ended_at = state, now()
            for key, value in values.items():
                setattr(batch, key, value)
            session.commit()
