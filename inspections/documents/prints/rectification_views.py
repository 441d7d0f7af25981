"""整改台账 as PDF, narrowed like the page of the register; 整改验收单 and 销号审批表 of one problem."""

import uuid
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import select

from inspections import web
from inspections.documents.prints import closing_papers
from inspections.documents.prints.rectification_list import rectification_list
from inspections.documents.wording.facts import issuer_of
from inspections.findings.models import TaxonomyEntry
from inspections.followup.models import Item
from inspections.followup.register import Narrowing
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.views import printed
from inspections.web import guarded

bp = Blueprint("rectification_list", __name__)


@bp.get("/rectification.pdf")
@guarded("item.read")
def paper() -> Any:
    letter = rectification_list(web.session(), web.rows(Item), Narrowing.of(request.args))
    return printed(letter_paper("register", letter), "整改台账.pdf")


#: word in the address → kind of form, its maker, the name of its file
CLOSING = {
    "acceptance": (closing_papers.acceptance, "整改验收单"),
    "closing": (closing_papers.closing, "销号审批表"),
}


@bp.get("/rectification/<uuid:name>/<kind>.pdf")
@guarded("item.read")
def form(name: uuid.UUID, kind: str) -> Any:
    """The form of one problem; before its last step as a draft."""
    if kind not in CLOSING:
        abort(404)
    item = web.one(Item, name)
    make, words = CLOSING[kind]
    taxonomy = {entry.code: entry.name for entry in web.session().scalars(select(TaxonomyEntry))}
    letter = make(item, issuer_of(web.session(), item.township), taxonomy)
    return printed(letter_paper(kind, letter), f"{words}{item.finding.number}.pdf")
