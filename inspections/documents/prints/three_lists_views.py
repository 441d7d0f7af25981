"""三张清单 of an issued 交办函: each as PDF, all as one workbook."""

import uuid
from typing import Any

from flask import Blueprint, send_file

from inspections import web
from inspections.documents.models import Paper
from inspections.documents.prints import three_lists
from inspections.documents.wording.facts import letterhead_of
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.views import printed
from inspections.units.table_xlsx import tables_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("three_lists", __name__)


@bp.get("/papers/<uuid:name>/<any(problem_list, task_list, duty_list):kind>.pdf")
@guarded("paper.read")
def paper(name: uuid.UUID, kind: str) -> Any:
    found = web.one(Paper, name)
    one = next(each for each in three_lists.lists(web.session(), found) if each.kind == kind)
    issuer = letterhead_of(web.session(), found.township).issuer
    made = letter_paper(kind, three_lists.printed_as(found, one, issuer))
    return printed(made, f"{three_lists.NAMES[kind]}.pdf")


@bp.get("/papers/<uuid:name>/lists.xlsx")
@guarded("paper.read")
def workbook(name: uuid.UUID) -> Any:
    found = web.one(Paper, name)
    sheets = [
        (
            three_lists.NAMES[one.kind],
            [column.title for column in one.table.columns],
            one.table.rows,
        )
        for one in three_lists.lists(web.session(), found)
    ]
    return send_file(tables_xlsx(sheets), XLSX, as_attachment=True, download_name="三张清单.xlsx")
