"""Pages of the papers: the list, a draft with what it still lacks, the issue, the stored PDF."""

import io
import json
import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select
from wtforms import SelectChoice

from inspections import web
from inspections.database import today
from inspections.documents.course import appearance, approval, bases, delivery, issue, occasions, signing
from inspections.documents.course.forms import (
    CourseForm,
    DraftForm,
    FilingForm,
    WordingForm,
    occasion_form,
    wording_form,
)
from inspections.documents.course.register import PAGE, register, subjects
from inspections.documents.models import (
    KINDS,
    OF_VISITS,
    OUT,
    REPLIES,
    STATES,
    STEPS,
    UNNUMBERED,
    Paper,
    PaperFile,
)
from inspections.documents.wording.build import letter_and_names
from inspections.documents.wording.consistency import contradictions
from inspections.documents.wording.facts import (
    REPORT,
    days_of,
    free_findings,
    withheld_findings,
)
from inspections.documents.wording.names import decide
from inspections.findings.models import Finding
from inspections.naming.masking import Masking
from inspections.naming.masks import masked_name
from inspections.rounds.models import Posting, Round
from inspections.site.refusal import Refusal
from inspections.typesetting.facts_json import parse_facts
from inspections.typesetting.layout import is_addressed
from inspections.typesetting.layout import lacking as absent
from inspections.typesetting.word_file import word_file
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("documents", __name__)

_WHOLE = (
    orm.selectinload(Paper.findings).joinedload(Finding.posting).joinedload(Posting.unit),
    orm.joinedload(Paper.round).joinedload(Round.cycle),
    orm.selectinload(Paper.files).joinedload(PaperFile.look),
)


@bp.get("/papers")
@guarded("paper.read")
def listing() -> Any:
    state = request.args.get("state", "")[:32]
    page = max(request.args.get("page", 1, int), 1)
    found = register(web.session(), web.rows(Paper), state, page)
    shown = {"state": state, "page": page, "size": PAGE, "states": STATES, "kinds": KINDS}
    return render_template("documents/list.html", found=found, **shown)


@bp.route("/papers/new", methods=["GET", "POST"])
@guarded("paper.write")
def new() -> Any:
    form = DraftForm()
    form.about.choices = [
        SelectChoice(f"{round_.uuid}/{area.uuid}", f"{round_.cycle.name} {round_.name} · {area.name}")
        for round_, area in subjects(web.session())
    ]
    drafted_before = _drafted_before(form)
    if drafted_before is not None:
        return redirect(url_for("documents.page", name=drafted_before.uuid))
    if form.validate_on_submit():
        try:
            paper = _draft(form)
            web.session().commit()
            _print(paper)
            return redirect(url_for("documents.page", name=paper.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    return _new_page(form), 422 if form.is_submitted() else 200


def _new_page(form: DraftForm) -> str:
    """What can be drafted: letters about visits, and what else there is occasion for."""
    found = occasions.occasions(web.session())
    asked = request.args.get("about", "")
    occasion = occasion_form(found, asked if any(one.key == asked for one in found) else None)
    if asked and occasion.about.data != asked:
        flash("这份文书现在不能起草：没有可写的内容，或者时候未到。")
    return render_template("documents/new.html", form=form, found=found, occasion=occasion)


@bp.get("/papers/of-figures")
@guarded("paper.read")
def of_figures() -> Any:
    """The paper about the month or round that the page of figures shows; the office may draft it."""
    area = web.session().scalar(select(Area).where(Area.code == request.args.get("area", "")[:32]))
    if area is None:
        return redirect(url_for("documents.listing"))
    round_ = request.args.get("round", "")[:36]
    month = request.args.get("month", "")[:7]
    kind = "round_report" if round_ or "H" in month else "bulletin"
    wanted = web.rows(Paper).where(Paper.township_id == area.id, Paper.kind == kind).order_by(Paper.id.desc())
    found = next((one for one in web.session().scalars(wanted) if _is_about(one, round_, month)), None)
    if found is not None:
        return redirect(url_for("documents.page", name=found.uuid))
    if web.permissions().allows(current_user, "paper.write"):
        about = f"{kind}/{area.uuid}/{round_ or month}"
        return redirect(url_for("documents.new", about=about))
    flash("这一时期的通报或报告还没有起草。")
    return redirect(url_for("figures.page", _external=False, **request.args.to_dict()))


def _is_about(paper: Paper, round_: str, period: str) -> bool:
    if round_:
        return paper.round is not None and str(paper.round.uuid) == round_
    return period in (paper.wording.get("month"), paper.wording.get("period"))


@bp.post("/papers/occasions")
@guarded("paper.write")
def take_occasion() -> Any:
    form = occasion_form(occasions.occasions(web.session()))
    if not form.validate_on_submit():
        raise Refusal("没有起草：请选择要起草的文书。")
    name = uuid.UUID(form.name.data)
    paper = occasions.draft(web.session(), form.about.data, current_user, name)
    web.session().commit()
    _print(paper)
    return redirect(url_for("documents.page", name=paper.uuid))


def _drafted_before(form: DraftForm) -> Paper | None:
    """The draft that this very form made when it was sent the first time; its subject may be used up now."""
    try:
        name = uuid.UUID(form.name.data)
    except ValueError:
        return None
    paper = web.session().scalar(web.rows(Paper).where(Paper.uuid == name)) if form.is_submitted() else None
    if paper is None or form.kind.data != paper.kind:
        return None
    about = f"{paper.round.uuid if paper.round else ''}/{paper.township.uuid}"
    return paper if form.about.data == about else None


def _draft(form: DraftForm) -> Paper:
    """The draft that the form asks for. Raises Refusal."""
    round_name, _, area_name = form.about.data.partition("/")
    return issue.draft(
        web.session(),
        form.kind.data,
        web.one(Round, uuid.UUID(round_name)),
        web.one(Area, uuid.UUID(area_name)),
        current_user,
        name=uuid.UUID(form.name.data),
    )


def _print(paper: Paper) -> None:
    current_app.extensions["jobs"].enqueue(issue.RENDER_JOB, issue.job_key(paper))


@bp.get("/papers/<uuid:name>")
@guarded("paper.read")
def page(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name, with_=_WHOLE)
    return _page(paper, _form(paper))


def _form(paper: Paper) -> WordingForm:
    """The form about this draft, filled with what it says unless it was just sent."""
    return wording_form(paper, _offered(paper), days_of(web.session(), REPORT))


def _offered(paper: Paper) -> list[Finding]:
    """The working papers that the draft may name: letters about visits take in what is still free."""
    free: list[Finding] = []
    if paper.kind in OF_VISITS and paper.round is not None:
        free = free_findings(web.session(), paper.kind, paper.round, paper.township)
    return sorted({*free, *paper.findings}, key=lambda finding: finding.number)


def _page(paper: Paper, form: WordingForm) -> Any:
    lacking, withheld, doubts, against = [], [], [], []
    chain = approval.chain_of(web.session(), paper)
    found = Masking()
    if paper.state in UNNUMBERED:
        # number and date come with the signing; everything else must be there before it is checked
        trial, found = letter_and_names(web.session(), paper, number=1, day=today())
        lacking = absent(paper.kind, trial)
        against = contradictions(paper.kind, trial)
        if paper.kind in OF_VISITS and paper.round is not None:
            withheld = withheld_findings(web.session(), paper.round, paper.township)
        doubts = bases.doubts(web.session(), paper)
    return render_template(
        "documents/page.html",
        paper=paper,
        form=form,
        lacking=lacking,
        against=against,
        checked=appearance.measured(paper.file),
        withheld=withheld,
        doubts=doubts,
        masked=[(name, masked_name(name)) for name, sure in found.met.items() if sure],
        unsure=found.undecided if paper.state == "draft" else {},
        decided=found.decided if paper.state == "draft" else {},
        kinds=KINDS,
        states=STATES,
        steps=STEPS,
        replies=REPLIES,
        open_steps=delivery.open_steps(paper)
        if web.permissions().allows(current_user, "paper.write")
        else [what for what in delivery.open_steps(paper) if what in delivery.of_recipient(paper)],
        reply_due=delivery.reply_due(web.session(), paper),
        filing=delivery.filing_of(web.session(), paper),
        filing_due=delivery.filing_due(web.session(), paper),
        entering=CourseForm(prefix="course-"),
        filing_form=FilingForm(prefix="filing-"),
        own_words=signing.why_not(web.session(), paper, current_user, chain),
        chain=chain,
        seats=approval.SEATS,
        to_countersign=approval.missing(paper, chain) if paper.state == "checked" else [],
        replacement=next((one for one in paper.replacements if one.state != "void"), None)
        if paper.state in OUT
        else None,
        new_name=uuid.uuid4(),
    )


@bp.post("/papers/<uuid:name>/names")
@guarded("paper.check")
def name_check(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    decide(web.session(), paper, request.form.get("word", ""), "yes" in request.form, web.myself())
    web.session().commit()
    return redirect(url_for("documents.page", name=paper.uuid, _anchor="names"))


@bp.post("/papers/<uuid:name>")
@guarded("paper.write")
def revise(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    form = _form(paper)
    if not form.validate_on_submit():
        return _page(paper, form), 422
    only = {uuid.UUID(name) for name in form.findings.data} if form.offers_findings else None
    issue.revise(web.session(), paper, form.wording(), web.seen(form.seen.data), current_user, only)
    web.session().commit()
    _print(paper)
    flash("草稿已保存，版面正在生成。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.post("/papers/<uuid:name>/issue")
@guarded("paper.issue")
def hand_out(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    issue.issue(web.session(), paper, request.form.get("seen", 0, int), current_user)
    web.session().commit()
    _print(paper)
    flash("正在印发，几秒钟后可以下载正式版面。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.post("/papers/<uuid:name>/layout")
@guarded("paper.write")
def lay_out(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    issue.reprint(web.session(), paper, current_user)
    web.session().commit()
    _print(paper)
    flash("正在重新生成版面。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.get("/papers/<uuid:name>.pdf")
@guarded("paper.read")
def download(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    if paper.file is None:
        abort(404)
    data = _unaltered(paper, paper.file)
    web.note_reading("paper.read", paper.uuid)
    return send_file(
        io.BytesIO(data),
        mimetype="application/pdf",
        download_name=f"{paper.title}.pdf",
        etag=paper.file.sha256,
        max_age=0,
    )


def _unaltered(paper: Paper, file: PaperFile) -> bytes:
    """The bytes that were issued, when neither they nor what was signed was changed since."""
    return web.intact(file.data, file.sha256, paper.uuid, file, paper)


@bp.get("/papers/<uuid:name>/<int:number>.png")
@guarded("paper.read")
def sheet(name: uuid.UUID, number: int) -> Any:
    """One sheet of the stored PDF as a picture, as long as that PDF is the one that was stored."""
    paper = web.one(Paper, name)
    if paper.file is None:
        abort(404)
    drawn = appearance.sheet_of(web.session(), paper.file, number) or abort(404)
    _unaltered(paper, paper.file)
    etag = f"{paper.file.sha256}-{number}"
    return send_file(io.BytesIO(drawn), mimetype="image/png", etag=etag, max_age=0)


@bp.get("/papers/<uuid:name>.docx")
@guarded("paper.read")
def editable(name: uuid.UUID) -> Any:
    """The same words as the PDF, to be edited outside; what is issued is the PDF."""
    paper = web.one(Paper, name)
    web.hold_to_chain(paper.uuid, paper)
    letter = parse_facts(json.dumps(paper.facts).encode(), is_addressed(paper.kind))
    return send_file(
        io.BytesIO(word_file(paper.kind, letter)),
        mimetype="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        as_attachment=True,
        download_name=f"{paper.title}.docx",
    )
