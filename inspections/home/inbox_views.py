"""The page of what was handed to the own place: 收件."""

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from inspections import web
from inspections.home.inbox import MOST, inbox
from inspections.web import guarded

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
@guarded("inbox.read")
def page() -> Any:
    entries = inbox(web.session(), web.permissions(), current_user)
    return render_template("inbox.html", entries=entries, most=MOST)
