"""What happens to a draft before it goes out: checked, sent back, signed, given up; and what replaces it."""

import uuid
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_login import current_user

from inspections import web
from inspections.documents.course import issue, signing
from inspections.documents.models import Paper
from inspections.web import guarded

bp = Blueprint("signing", __name__)


@bp.post("/papers/<uuid:name>/check")
@guarded("paper.check")
def check(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    signing.check(web.session(), paper, _seen(), current_user)
    return _done(paper, "已核稿，等待签发。")


@bp.post("/papers/<uuid:name>/send-back")
@guarded("paper.check")
def send_back(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    signing.send_back(web.session(), paper, _reason(), _seen(), current_user)
    return _done(paper, "已退回，由起草人修改。")


@bp.post("/papers/<uuid:name>/sign")
@guarded("paper.sign")
def sign(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    signing.require_seen(paper, request.form.get("page", "")[:64])
    signing.sign(web.session(), paper, _seen(), current_user, confirmed=request.form.getlist("basis"))
    return _done(paper, f"已签发，文号{paper.document_number}。")


@bp.post("/papers/<uuid:name>/void")
@guarded("paper.issue")
def void(name: uuid.UUID) -> Any:
    paper = web.one(Paper, name)
    signing.void(web.session(), paper, _reason(), _seen(), current_user)
    return _done(paper, f"{paper.document_number}已作废，文号不再使用。")


@bp.post("/papers/<uuid:name>/replace")
@guarded("paper.write")
def replace(name: uuid.UUID) -> Any:
    """The draft that is to go out in place of this paper; the form's random name makes it one draft."""
    draft_name = request.form.get("name", type=uuid.UUID)
    made = issue.replace(web.session(), web.one(Paper, name), current_user, draft_name)
    return _done(made, "已起草替代的文书，请修改后送另一人核稿。")


def _seen() -> int:
    return web.seen(request.form.get("seen"))


def _reason() -> str:
    return request.form.get("reason", "")[:500]


def _done(paper: Paper, words: str) -> Any:
    """Its page, with the words; the worker prints what it says now."""
    web.session().commit()
    if paper.state not in issue.ENDED:
        current_app.extensions["jobs"].enqueue(issue.RENDER_JOB, issue.job_key(paper))
    flash(words)
    return redirect(url_for("documents.page", name=paper.uuid))
