"""The page of days on which units are not visited: 农忙, 换届, for an area or for one unit."""

import uuid
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField, SelectMultipleField, SubmitField
from wtforms.widgets import CheckboxInput, ListWidget

from inspections import journal, web
from inspections.site.refusal import Refusal
from inspections.units import entries
from inspections.units.entries import DAY_FORMS
from inspections.units.fields import EntryField, choices
from inspections.units.lists import areas_in_order
from inspections.units.meant import unit_meant
from inspections.units.models import UNIT_KINDS, Blackout, Unit
from inspections.web import guarded

bp = Blueprint("blackouts", __name__)


class BlackoutForm(FlaskForm):
    name = EntryField(
        "名称", partial(entries.text, longest=30), required=True, description="如：农忙、换届、汛期"
    )
    start = EntryField("起", entries.day, required=True, description=DAY_FORMS)
    end = EntryField("止", entries.day, required=True, description="含当天")
    area = SelectField("范围", invalid_choice_message="请从列表中选择。")
    kinds = SelectMultipleField(
        "单位类型",
        choices=choices(UNIT_KINDS),
        default=["village", "community", "farm"],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_choice_message="请从列表中选择。",
    )
    unit = EntryField("或者一个单位", entries.code, description="如 枫树村（柳河镇）；填写后只停这个单位")
    submit = SubmitField("登记")


@bp.route("/units/blackouts", methods=["GET", "POST"])
@guarded("blackout.write")
def page() -> Any:
    form = BlackoutForm()
    areas = areas_in_order(web.session())
    form.area.choices = choices((str(area.uuid), "　" * depth + area.name) for area, depth in areas)
    if form.validate_on_submit():
        known = {str(area.uuid): area for area, _ in areas}
        unit = None
        try:
            unit = unit_meant(web.session(), form.unit.value) if form.unit.value else None
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        if form.form_errors:
            pass
        elif form.end.value < form.start.value:
            form.form_errors.append("止的日期早于起的日期。")
        elif unit is None and not form.kinds.data:
            form.form_errors.append("请至少选一种单位类型。")
        else:
            row = Blackout(name=form.name.value, start=form.start.value, end=form.end.value, unit=unit)
            row.kinds = list(form.kinds.data or [])
            row.area = known[form.area.data] if unit is None else None
            web.session().add(row)
            web.session().flush()
            told = {"name": row.name, "start": row.start.isoformat(), "end": row.end.isoformat()}
            journal.record(web.session(), "blackout.add", row.uuid, current_user, **told)
            web.session().commit()
            flash("停检时段已登记，从下一次排程起生效。")
            return redirect(url_for("blackouts.page"))
    rows = web.session().scalars(select(Blackout).order_by(Blackout.start, Blackout.id)).all()
    units = web.session().scalars(select(Unit)).all()
    counts = {row.id: sum(row.closes(unit) for unit in units) for row in rows}
    shown = {"rows": rows, "counts": counts, "kinds": UNIT_KINDS}
    return render_template("units/blackouts.html", form=form, **shown), 422 if form.is_submitted() else 200


@bp.post("/units/blackouts/<uuid:name>/remove")
@guarded("blackout.write")
def remove(name: uuid.UUID) -> Any:
    row = web.one(Blackout, name)
    told = {"name": row.name, "start": row.start.isoformat(), "end": row.end.isoformat()}
    journal.record(web.session(), "blackout.remove", row.uuid, current_user, **told)
    web.session().delete(row)
    web.session().commit()
    flash("停检时段已删除，删除记入日志。")
    return redirect(url_for("blackouts.page"))
