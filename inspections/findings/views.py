"""Pages of the working paper: the list, the paper, writing and revising it, signing, its photographs."""

import uuid
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.accounts.models import User
from inspections.findings import drafting, evidence, review, team
from inspections.findings.drafting import LABELS, Said
from inspections.findings.forms import PHOTO_LIMITS, DecisionForm, FindingForm, filled, finding_form
from inspections.findings.models import STATES, Finding, Photo, TaxonomyEntry
from inspections.findings.register import names_of, register
from inspections.refusal import Conflict, Refusal
from inspections.rounds.models import Posting
from inspections.web import guarded

bp = Blueprint("findings", __name__)


def room_for_photographs() -> None:
    """Nothing; this request may be as large as photographs are. The token's check reads the form very early,
    and before it nobody has looked at the account: a signed cookie must do.
    """
    if "_user_id" in session:
        request.max_content_length = evidence.MOST_SENT


@bp.url_value_preprocessor
def room(endpoint: str | None, _: Any) -> None:
    """A working paper may bring photographs."""
    if endpoint in ("findings.new", "findings.edit"):
        room_for_photographs()


def photos_dir() -> Path:
    """Where this county's photographs lie."""
    return Path(current_app.instance_path) / "photos"


def myself() -> User:
    """The signed-in user as a row of this request's session."""
    return web.session().get_one(User, current_user.id)


@bp.get("/findings")
@guarded("finding.read")
def listing() -> Any:
    chosen = {name: request.args.get(name, "")[:32] for name in ("state", "township", "category")}
    page = web.page_number()
    found = register(web.session(), web.rows(Finding), **chosen, page=page)
    return render_template("findings/list.html", found=found, chosen=chosen, page=page, states=STATES)


@bp.get("/findings/<uuid:name>")
@guarded("finding.read")
def paper(name: uuid.UUID) -> Any:
    return paper_page(web.one(Finding, name), DecisionForm(), 200)


def paper_page(finding: Finding, decision: DecisionForm, code: int) -> Any:
    """The working paper as it will be printed, with what this user may do to it."""
    decision.seen.data = finding.current.n
    taxonomy = web.session().scalars(select(TaxonomyEntry)).all()
    shown = {
        "finding": finding,
        "form": decision,
        "names": names_of(taxonomy),
        "labels": LABELS,
        "states": STATES,
        "slot": team.slot_name,
        "seat": team.seat_of,
        "may_edit": review.may_edit(finding, current_user),
        "may_sign": review.may_sign(finding, current_user),
        "changed": review.changed_since_return(finding),
        "posting_open": _reaches(finding.posting),
    }
    return render_template("findings/paper.html", **shown), code


def _reaches(posting: Posting) -> bool:
    """Whether the user may open the posting: one's own paper can be read longer than the village."""
    wanted = web.rows(Posting, "posting.read").where(Posting.id == posting.id)
    return web.session().scalar(wanted) is not None


@bp.route("/postings/<uuid:name>/findings/new", methods=["GET", "POST"])
@guarded("finding.write")
def new(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    form = finding_form(web.session(), place=posting.unit.name, responsible=posting.unit.name)
    web.pause()  # decoding photographs takes seconds
    if form.validate_on_submit():
        try:
            finding = drafting.draft(
                web.session(), posting, myself(), form.said(), uuid.UUID(form.name.data), form.item_code.data
            )
            return _saved(finding, form)
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    return form_page(posting, form)


@bp.route("/findings/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("finding.write")
def edit(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    if not review.may_edit(finding, current_user):
        raise Refusal(f"底稿{STATES[finding.state]}，不能修改；确需修改的，由组长退回。")
    posting = finding.posting
    form = filled(web.session(), Said.of(finding.current), name=str(finding.uuid), seen=finding.current.n)
    code = None
    web.pause()
    if form.validate_on_submit():
        try:
            drafting.revise(web.session(), finding, myself(), form.said(), form.seen.data or 0)
            return _saved(finding, form)
        except Refusal as refusal:
            web.session().rollback()
            code = _explain(form, refusal, finding)
    return form_page(posting, form, finding, code)


def _explain(form: FindingForm, refusal: Refusal, finding: Finding) -> int:
    """The status to answer with; the form now says why, and may be sent again knowing it."""
    changed = refusal.changes if isinstance(refusal, Conflict) else []
    form.form_errors.append(str(refusal) + (f"他人改动：{'、'.join(changed)}。" if changed else ""))
    form.seen.raw_data = None
    form.seen.data = finding.current.n
    return 409 if isinstance(refusal, Conflict) else 422


def _saved(finding: Finding, form: FindingForm) -> Any:
    """The way to the paper after its photographs are kept and all is committed."""
    for picture in form.pictures:
        evidence.keep(
            web.session(),
            finding.posting,
            myself(),
            picture,
            photos_dir(),
            name=form.photo_name(picture),
            item_code=finding.item_code,
            finding=finding,
        )
    web.session().commit()
    flash(f"底稿 {finding.number} 已保存。")
    return redirect(url_for("findings.paper", name=finding.uuid))


def form_page(
    posting: Posting,
    form: FindingForm,
    finding: Finding | None = None,
    code: int | None = None,
    item: Any = None,
) -> Any:
    """The page on which a paper is written: anew, out of an `item` of the checklist, or once more."""
    shown = {"posting": posting, "form": form, "finding": finding, "item": item}
    return render_template(
        "findings/edit.html", **shown, posting_open=_reaches(posting), photo_limits=PHOTO_LIMITS
    ), code or (422 if form.is_submitted() else 200)


@bp.post("/findings/<uuid:name>/submit")
@guarded("finding.write")
def hand_in(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    review.submit(web.session(), finding, myself(), DecisionForm().seen.data or 0)
    web.session().commit()
    flash(f"底稿 {finding.number} 已提交，待组长审签。")
    return redirect(url_for("findings.paper", name=name))


@bp.post("/findings/<uuid:name>/sign")
@guarded("finding.sign")
def sign(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    review.sign(web.session(), finding, myself(), DecisionForm().seen.data or 0)
    web.session().commit()
    flash(f"底稿 {finding.number} 已审签。")
    return redirect(url_for("findings.paper", name=name))


@bp.post("/findings/<uuid:name>/return")
@guarded("finding.sign")
def send_back(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    form = DecisionForm()
    try:
        review.send_back(web.session(), finding, myself(), form.seen.data or 0, form.reason.data or "")
    except Conflict:
        raise
    except Refusal as refusal:
        web.session().rollback()
        form.reason.errors = [str(refusal)]
        return paper_page(finding, form, 422)
    web.session().commit()
    flash(f"底稿 {finding.number} 已退回。")
    return redirect(url_for("findings.paper", name=name))


@bp.get("/photos/<uuid:name>")
@guarded("photo.read")
def photo(name: uuid.UUID) -> Any:
    return _picture(web.one(Photo, name), small=False)


@bp.get("/photos/<uuid:name>/small")
@guarded("photo.read")
def small_photo(name: uuid.UUID) -> Any:
    return _picture(web.one(Photo, name), small=True)


def _picture(photo: Photo, small: bool) -> Any:
    """The stored bytes with their own type; never kept by the browser of a shared tablet."""
    path = evidence.path_of(photos_dir(), photo.id, small)
    if not path.is_file():
        abort(404)
    answer = send_file(path, mimetype="image/jpeg" if small else photo.media_type, etag=photo.sha256)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = "inline"
    return answer
