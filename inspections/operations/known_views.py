"""What is known of a person, as a workbook to be handed to that person."""

import uuid
from typing import Any

from flask import Blueprint, send_file

from inspections import web
from inspections.operations.known import known
from inspections.people.models import Person
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("known", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/people/<uuid:name>/known.xlsx")
@guarded("person.known")
def of_person(name: uuid.UUID) -> Any:
    person = web.one(Person, name)
    made = table_xlsx("本人信息", ("来源", "内容", "日期"), known(web.session(), person))
    return send_file(made, XLSX, as_attachment=True, download_name=f"{person.name}的信息.xlsx")
