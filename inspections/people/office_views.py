"""Pages of offices: the list with who must stay and who may go, one office, and its form."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.people.blueprint import bp
from inspections.people.forms import OfficeForm
from inspections.people.lists import area_name, narrowed_offices, office_sizes
from inspections.people.models import OFFICE_KINDS, SKILLS, Office, Person
from inspections.people.sheets import OFFICES
from inspections.units.changes import change
from inspections.units.fields import choices
from inspections.units.lists import areas_in_order, page_of
from inspections.units.sheets import cells
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded


@bp.get("/offices")
@guarded("person.read")
def offices() -> Any:
    wanted = narrowed_offices(web.session(), web.rows(Office), request.args)
    return render_template(
        "people/offices.html",
        page=page_of(web.session(), wanted, request.args.get("page", "")),
        sizes=office_sizes(web.session()),
        areas=areas_in_order(web.session()),
        kinds=OFFICE_KINDS,
        area_name=area_name,
    )


@bp.get("/offices.xlsx")
@guarded("person.read")
def offices_file() -> Any:
    wanted = narrowed_offices(web.session(), web.rows(Office), request.args)
    rows = [
        cells(office, OFFICES.columns, area=area_name(office.area))
        for office in web.session().scalars(wanted)
    ]
    made = table_xlsx(OFFICES.name, [column.header for column in OFFICES.columns], rows)
    return send_file(made, XLSX, as_attachment=True, download_name="机构.xlsx")


@bp.get("/offices/<uuid:name>")
@guarded("person.read")
def office_page(name: uuid.UUID) -> Any:
    office = web.one(Office, name)
    staff = (
        select(Person)
        .where(Person.office == office, Person.left_on.is_(None))
        .options(orm.joinedload(Person.home_unit))
    )
    return render_template(
        "people/office.html",
        office=office,
        staff=web.session().scalars(staff.order_by(Person.code)).all(),
        kinds=OFFICE_KINDS,
        skills=SKILLS,
        area_name=area_name,
    )


@bp.route("/offices/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("person.write")
def edit_office(name: uuid.UUID) -> Any:
    office = web.one(Office, name)
    areas = areas_in_order(web.session())
    form = OfficeForm.of(office)
    form.area.choices = choices(
        ((str(a.uuid), "　" * depth + a.name) for a, depth in areas), "县（市）直，不属乡镇"
    )
    if form.validate_on_submit():
        values = form.values({str(area.uuid): area for area, _ in areas})
        changes = change(web.session(), "office.change", office, values, current_user)
        web.session().commit()
        flash(f"{office.name}已保存。" if changes else "没有改动。")
        return redirect(url_for("people.office_page", name=office.uuid))
    return render_template(
        "people/office_edit.html", form=form, office=office
    ), 422 if form.is_submitted() else 200
