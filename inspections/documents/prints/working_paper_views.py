"""A working paper as PDF, for whoever may read it."""

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app
from sqlalchemy import select

from inspections import web
from inspections.documents.prints import working_paper
from inspections.documents.wording.facts import issuer_of
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.site import chain
from inspections.site.refusal import Refusal
from inspections.typesetting.views import printed
from inspections.web import guarded

bp = Blueprint("working_papers", __name__)


@bp.get("/findings/<uuid:name>/paper.pdf")
@guarded("finding.read")
def paper(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name)
    if finding.sealed_at is not None:
        raise Refusal("这份底稿已作为线索移送案管室，内容只由案管室掌握，这里不再打印。")
    issuer = issuer_of(web.session(), finding.posting.unit.area)
    names = {entry.code: entry.name for entry in web.session().scalars(select(TaxonomyEntry))}
    photos = Path(current_app.instance_path) / "photos"
    laid = working_paper.laid_out(finding, photos, issuer, names)
    signed = next((step for step in reversed(finding.steps) if step.state == "signed"), None)
    trace = chain.code(web.session(), signed) if signed and finding.state == "signed" else ""
    return printed(replace(laid, trace=trace), f"底稿{finding.number}.pdf")
