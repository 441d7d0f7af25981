"""The page on which the case room gives two counts a month: leads taken over, persons dealt with."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import IntegerField, SelectChoice, SelectField, SubmitField
from wtforms.validators import InputRequired, NumberRange

from inspections import journal, web
from inspections.database import now, today
from inspections.figures.measures import Window
from inspections.figures.models import CaseCount
from inspections.units.models import Area, Unit
from inspections.web import guarded

bp = Blueprint("case_counts", __name__)

MONTHS = 13
MOST = 9999


class CaseCountForm(FlaskForm):
    county = SelectField("县", validators=[InputRequired("请选择县。")])
    month = SelectField("月份", validators=[InputRequired("请选择月份。")])
    leads = IntegerField(
        "移送问题线索（件）", [InputRequired("请填写件数。"), NumberRange(0, MOST, "件数为 0 至 9999。")]
    )
    persons = IntegerField(
        "处理处分（人）", [InputRequired("请填写人数。"), NumberRange(0, MOST, "人数为 0 至 9999。")]
    )
    save = SubmitField("填报")


@bp.route("/figures/cases", methods=["GET", "POST"])
@guarded("case_count.write")
def page() -> Any:
    """Only counts: no place below the county, no person, no lead."""
    form, counties, months = CaseCountForm(), _counties(), _months()
    form.county.choices = [SelectChoice(county.code, county.name) for county in counties]
    form.month.choices = [SelectChoice(f"{month.start:%Y-%m}", month.name) for month in months]
    if form.validate_on_submit():
        county = next(one for one in counties if one.code == form.county.data)
        month = next(one for one in months if f"{one.start:%Y-%m}" == form.month.data)
        _save(county, month, form)
        flash(f"{county.name}{month.name}的数量已填报。")
        return redirect(url_for("case_counts.page"))
    wanted = select(CaseCount).order_by(CaseCount.month.desc(), CaseCount.county_id)
    counts = web.session().scalars(wanted.limit(60)).all()
    return render_template("figures/cases.html", form=form, counts=counts), 422 if form.errors else 200


def _save(county: Area, month: Window, form: CaseCountForm) -> None:
    opened, key = web.session(), (county.id, month.start)
    count = opened.get(CaseCount, key) or CaseCount(county_id=county.id, month=month.start)
    count.leads, count.persons = form.leads.data or 0, form.persons.data or 0
    count.actor_id, count.at = current_user.id, now()
    opened.add(count)
    said = {"month": f"{month.start:%Y-%m}", "leads": count.leads, "persons": count.persons}
    journal.record(opened, "case_count.save", county.uuid, current_user, **said)
    opened.commit()


def _counties() -> list[Area]:
    """Counties with places that may be accused; the real ones have nothing to count."""
    fictional = select(Unit.area_id).where(Unit.planning_only.is_(False))
    areas = web.session().scalars(select(Area).where(Area.id.in_(fictional)))
    found = {top.code: top for area in areas if (top := area.ancestor("county")) is not None}
    return [found[code] for code in sorted(found)]


def _months() -> list[Window]:
    window, found = Window.month(today().year, today().month), []
    for _ in range(MONTHS):
        found.append(window)
        window = window.month_before()
    return found
