"""The pages that take a sheet of many changes, among the people or among the units, and the empty sheets."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SubmitField

from inspections import web
from inspections.roster.changes import people, units
from inspections.roster.changes.reading import Changes, Done
from inspections.roster.faults import RosterFaults, by_cause
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("life_sheets", __name__)


class ChangesForm(FlaskForm):
    file = FileField("变动表", [FileRequired("请选择文件。")], description="xlsx，不超过 20 MB")
    submit = SubmitField("登记全部变动")


class Page(NamedTuple):
    """One of the two pages: what its sheets are, what is done with one, and where it belongs."""

    changes: Changes
    apply: Callable[..., Done]
    home: str
    title: str
    words: str


_PEOPLE = Page(
    people.PEOPLE_CHANGES,
    people.apply,
    "people.listing",
    "一张表登记多人的调动、借调、离开、返回和新增",
    "调动没有写“原任职的单位”的：村纪检委员按原所在村、乡镇干部按原乡镇的全部村（社区）登记为曾任职，三年内不派。",
)
_UNITS = Page(
    units.UNIT_CHANGES,
    units.apply,
    "units.listing",
    "一张表登记多个单位的更名、合并、拆分、撤销和新增，以及乡镇更名",
    "合并、拆分后，原有的回避关系转到新的单位；更名前的记录仍用原名。按行的先后办理，先新增再并入的也可以。",
)


@bp.get("/people/changes.xlsx")
@guarded("person.write")
def blank() -> Any:
    return _blank(_PEOPLE)


@bp.get("/units/changes.xlsx")
@guarded("unit.write")
def blank_units() -> Any:
    return _blank(_UNITS)


@bp.route("/people/changes", methods=["GET", "POST"])
@guarded("person.write")
def upload() -> Any:
    return _upload(_PEOPLE)


@bp.route("/units/changes", methods=["GET", "POST"])
@guarded("unit.write")
def upload_units() -> Any:
    return _upload(_UNITS)


def _blank(page: Page) -> Any:
    sheet = page.changes.sheet
    made = table_xlsx(sheet.name, [column.header for column in sheet.columns], [])
    return send_file(made, XLSX, as_attachment=True, download_name=f"{sheet.name}.xlsx")


def _upload(page: Page) -> Any:
    form, faults = ChangesForm(), []
    if form.validate_on_submit():
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "changes"
                form.file.data.save(file)
                done = page.apply(web.session(), file, web.myself())
            web.session().commit()
            flash(f"已登记：{done}。")
            return redirect(url_for(page.home))
        except RosterFaults as bad:
            web.session().rollback()
            faults = bad.faults
    shown = render_template(
        "roster/changes.html", form=form, faults=faults, causes=by_cause(faults), page=page
    )
    return shown, 422 if form.is_submitted() else 200
