"""Pages of the working paper: the list, the paper, handing in, signing, its photographs."""

import io
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
    url_for,
)
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.findings import evidence, review, team
from inspections.findings.drafting import LABELS
from inspections.findings.forms import DecisionForm
from inspections.findings.models import STATES, Finding, Photo, TaxonomyEntry
from inspections.findings.register import names_of, register
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("findings", __name__)


def photos_dir() -> Path:
    """Where this county's photographs lie."""
    return Path(current_app.instance_path) / "photos"


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
        "may_review": review.may_review(web.session(), finding, current_user),
        "may_sign": review.may_sign(finding, current_user),
        "may_send_back": finding.state in ("in_review", "submitted")
        and review.may_send_back(web.session(), finding, current_user),
        "changed": review.changed_since_return(finding),
        "posting_open": reaches_posting(finding.posting),
    }
    return render_template("findings/paper.html", **shown), code


def reaches_posting(posting: Posting) -> bool:
    """Whether the user may open the posting: one's own paper can be read longer than the village."""
    wanted = web.rows(Posting, "posting.read").where(Posting.id == posting.id)
    return web.session().scalar(wanted) is not None


@bp.post("/findings/<uuid:name>/submit")
@guarded("finding.write")
def hand_in(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    review.submit(web.session(), finding, web.myself(), DecisionForm().seen.data or 0)
    web.session().commit()
    flash(f"底稿 {finding.number} 已提交，{STATES[finding.state]}。")
    return redirect(url_for("findings.paper", name=name))


@bp.post("/findings/<uuid:name>/check")
@guarded("finding.review")
def check(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    review.check(web.session(), finding, web.myself(), DecisionForm().seen.data or 0)
    web.session().commit()
    flash(f"底稿 {finding.number} 已复核，待组长审签。")
    return redirect(url_for("findings.paper", name=name))


@bp.post("/findings/<uuid:name>/sign")
@guarded("finding.sign")
def sign(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    review.sign(web.session(), finding, web.myself(), DecisionForm().seen.data or 0)
    web.session().commit()
    flash(f"底稿 {finding.number} 已审签。")
    return redirect(url_for("findings.paper", name=name))


@bp.post("/findings/<uuid:name>/return")
@guarded("finding.send_back")
def send_back(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    form = DecisionForm()
    try:
        review.send_back(web.session(), finding, web.myself(), form.seen.data or 0, form.reason.data or "")
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
    data = path.read_bytes()
    told = photo.small_sha256 if small else photo.sha256
    if told is not None:
        web.intact(data, told, photo.id, photo)
    if not small:
        web.note_reading("photo.read", photo.id)
    media = "image/jpeg" if small else photo.media_type
    answer = send_file(io.BytesIO(data), mimetype=media, etag=photo.sha256)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = "inline"
    return answer
