"""The first page (what waits for me) and the help pages, one for each role."""

from typing import Any

from flask import Blueprint, abort, current_app, render_template
from flask_login import current_user

from inspections import web
from inspections.accounts.permissions import ROLES
from inspections.clocks import counting
from inspections.home.ladder import ladder
from inspections.home.waiting import stages, tasks
from inspections.operations.checks import Machine
from inspections.web import guarded

bp = Blueprint("home", __name__)


@bp.get("/")
@guarded("home.read")
def home() -> Any:
    opened, table = web.session(), web.permissions()
    extensions = current_app.extensions
    machine = Machine(extensions["settings"], opened, extensions["jobs"])
    return render_template(
        "home.html",
        clocks=counting.words(counting.running(opened, table, current_user)),
        tasks=tasks(opened, table, current_user, machine),
        stages=stages(opened, table, current_user),
        ladder=ladder(opened, table, current_user),
    )


@bp.get("/help")
@bp.get("/help/<role>")
@guarded("help.read")
def help_page(role: str | None = None) -> Any:
    chosen = role or getattr(current_user, "role", "planner")
    if chosen not in ROLES or chosen == "anonymous":
        abort(404)
    return render_template(f"help/{chosen}.html", roles=ROLES, chosen=chosen)
