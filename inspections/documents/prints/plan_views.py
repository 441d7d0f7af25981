"""The grouping of a plan as files: a paper to be handed round, and a sheet."""

import io
import uuid
from typing import Any

from flask import Blueprint, abort, send_file

from inspections import web
from inspections.documents.prints import plan_file
from inspections.documents.wording.facts import issuer_of
from inspections.planning import verdicts
from inspections.planning.matrix import Matrix
from inspections.recusal.waivers import granted
from inspections.rounds import apart
from inspections.rounds.models import Plan
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("grouping", __name__)


@bp.get("/plans/<uuid:name>/grouping.pdf")
@guarded("plan.read")
def paper(name: uuid.UUID) -> Any:
    plan, matrix = _plan(name)
    units = plan.cycle.units
    issuer = issuer_of(web.session(), units[0].area if units else None)
    waivers = granted(web.session(), plan.cycle_id)
    made = plan_file.printed(plan, matrix, issuer, waivers)
    return send_file(io.BytesIO(made.data), "application/pdf", download_name="分组方案.pdf")


@bp.get("/plans/<uuid:name>/grouping.xlsx")
@guarded("plan.read")
def sheet(name: uuid.UUID) -> Any:
    _, matrix = _plan(name)
    made = table_xlsx("分组方案", ["轮次", "日期", *plan_file.header(matrix)], plan_file.rows(matrix))
    return send_file(made, XLSX, as_attachment=True, download_name="分组方案.xlsx")


def _plan(name: uuid.UUID) -> tuple[Plan, Matrix]:
    plan = web.one(Plan, name)
    if plan.problem is None or plan.answer is None:
        abort(404)
    return plan, Matrix(*verdicts.read(plan), apart.hidden(web.session(), plan))
