"""操作日志 for the auditor: narrowed to what is looked for, taken away as it is shown, alarms above it."""

from typing import Any

from flask import Blueprint, render_template, request, send_file

from inspections import web
from inspections.operations import trail
from inspections.site.refusal import Refusal
from inspections.units.lists import page_of
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("trail", __name__)

HEADER = ("序号", "时间", "账号", "事项", "对象", "说明")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/journal")
@guarded("journal.read")
def page() -> Any:
    told, wanted = "", trail.Wanted()
    try:
        wanted = trail.Wanted.of(request.args)
    except Refusal as refusal:
        told = str(refusal)
    found = page_of(web.session(), trail.entries(wanted), request.args.get("page", ""))
    shown = {
        "lines": trail.lines(web.session(), found.rows, web.permissions()),
        "found": found,
        "wanted": wanted,
        "told": told,
        "kinds": {code: name for code, (name, _) in trail.KINDS.items()} | {"work": trail.WORK},
        "alarms": trail.alarms(web.session()),
    }
    return render_template("operations/journal.html", **shown), 422 if told else 200


@bp.get("/journal.xlsx")
@guarded("journal.read")
def workbook() -> Any:
    taken = trail.taken(web.session(), trail.Wanted.of(request.args), web.permissions())
    rows = [(line.number, web.local_time(line.at), *line[2:]) for line in taken]
    return send_file(
        table_xlsx("操作日志", HEADER, rows), XLSX, as_attachment=True, download_name="操作日志.xlsx"
    )
