"""The page that takes a sheet of many changes, and the empty sheet for it."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SubmitField

from inspections import web
from inspections.lives import sheet
from inspections.roster.faults import RosterFaults, by_cause
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("life_sheets", __name__)


class ChangesForm(FlaskForm):
    file = FileField("人事变动表", [FileRequired("请选择文件。")], description="xlsx，不超过 20 MB")
    submit = SubmitField("登记全部变动")


@bp.get("/people/changes.xlsx")
@guarded("person.write")
def blank() -> Any:
    made = table_xlsx(sheet.CHANGES.name, [column.header for column in sheet.CHANGES.columns], [])
    return send_file(made, XLSX, as_attachment=True, download_name="人事变动.xlsx")


@bp.route("/people/changes", methods=["GET", "POST"])
@guarded("person.write")
def upload() -> Any:
    form, faults = ChangesForm(), []
    if form.validate_on_submit():
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "changes"
                form.file.data.save(file)
                done = sheet.apply(web.session(), file, web.myself())
            web.session().commit()
            flash(f"已登记：{done}。")
            return redirect(url_for("people.listing"))
        except RosterFaults as bad:
            web.session().rollback()
            faults = bad.faults
    page = render_template(
        "lives/changes.html", form=form, faults=faults, causes=by_cause(faults), columns=sheet.CHANGES.columns
    )
    return page, 422 if form.is_submitted() else 200
