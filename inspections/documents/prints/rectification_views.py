"""整改台账 as PDF, narrowed like the page of the register."""

from typing import Any

from flask import Blueprint, request

from inspections import web
from inspections.documents.prints.rectification_list import rectification_list
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
