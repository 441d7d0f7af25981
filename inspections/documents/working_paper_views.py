"""A working paper as PDF, for whoever may read it."""

import io
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, send_file
from sqlalchemy import select

from inspections import web
from inspections.documents import working_paper
from inspections.documents.facts import issuer_of
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.papers.render import render_pdf
from inspections.web import guarded

bp = Blueprint("working_papers", __name__)


@bp.get("/findings/<uuid:name>/paper.pdf")
@guarded("finding.read")
def paper(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    issuer = issuer_of(web.session(), finding.posting.unit.area)
    names = {entry.code: entry.name for entry in web.session().scalars(select(TaxonomyEntry))}
    photos = Path(current_app.instance_path) / "photos"
    made = render_pdf(working_paper.laid_out(finding, photos, issuer, names))
    answer = send_file(io.BytesIO(made.data), "application/pdf", download_name=f"底稿{finding.number}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer
