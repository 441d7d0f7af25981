"""系统运行 for the administrator, and the pages that monitoring asks without signing in."""

import ipaddress
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, render_template, request

from inspections import migrations, web
from inspections.operations.checks import Machine, answers
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("operations", __name__)


def _machine() -> Machine:
    extensions = current_app.extensions
    return Machine(extensions["settings"], web.session(), extensions["jobs"])


@bp.get("/operations")
@guarded("operations.read")
def page() -> Any:
    return render_template("operations/page.html", answers=answers(_machine()))


@bp.get("/healthz")
@guarded("health.read")
def alive() -> Any:
    _require_listed()
    return _plain("")


@bp.get("/readyz")
@guarded("health.read")
def ready() -> Any:
    _require_listed()
    try:
        at = migrations.refuse_foreign(web.session().connection())
        well = at == migrations.newest_revision()
    except (sa.exc.SQLAlchemyError, Refusal):
        well = False
    return _plain("", 200 if well else 503)


@bp.get("/metrics")
@guarded("health.read")
def metrics() -> Any:
    _require_listed()
    lines = ["# TYPE inspections_check_ok gauge", "# TYPE inspections_check_value gauge"]
    for answer in answers(_machine()):
        own = f'check="{answer.check.key}"'
        lines.append(f"inspections_check_ok{{{own}}} {int(answer.fact.well)}")
        if answer.check.unit:
            lines.append(
                f'inspections_check_value{{{own},unit="{answer.check.unit}"}} {answer.fact.value:.0f}'
            )
    return _plain("\n".join(lines) + "\n")


def _require_listed() -> None:
    """404 for whoever asks from an address that is not listed."""
    try:
        asking = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        abort(404)
    listed = current_app.extensions["settings"].health_from
    if not any(asking in ipaddress.ip_network(each) for each in listed):
        abort(404)


def _plain(words: str, code: int = 200) -> Response:
    return Response(words, code, mimetype="text/plain")
