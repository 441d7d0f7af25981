"""The page of the county's calendar: a year at a glance, own days added, imported and removed."""

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import extract, select
from wtforms import DateField, FileField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from inspections import web
from inspections.database import today
from inspections.site.refusal import Refusal
from inspections.web import guarded
from inspections.workdays import days, lived
from inspections.workdays.models import CalendarDay

bp = Blueprint("workdays", __name__)

MOST_BYTES = 200_000


class DayForm(FlaskForm):
    """One day of the county's own."""

    day = DateField("日期", [InputRequired("请填写日期。")])
    works = SelectField("安排", choices=[SelectChoice("1", "上班"), SelectChoice("0", "休息")])
    note = StringField("说明", [Length(max=60)])


class FileForm(FlaskForm):
    """A CSV file of days."""

    file = FileField("调休安排（CSV）", description="三列：日期、上班或休息、说明。")


@bp.get("/calendar")
@guarded("calendar.read")
def page() -> Any:
    return _page(DayForm(), FileForm())


def _page(form: DayForm, file: FileForm, code: int = 200) -> Any:
    year = request.args.get("year", today().year, int)
    if not days.FIRST_YEAR <= year <= days.LAST_YEAR:
        abort(404)
    calendar = days.calendar(web.session())
    own = select(CalendarDay).where(extract("year", CalendarDay.day) == year).order_by(CalendarDay.day)
    months = []
    for month in range(1, 13):
        first = dt.date(year, month, 1)
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        months.append(
            (month, first.weekday(), [first + dt.timedelta(n) for n in range((after - first).days)])
        )
    shown = {"year": year, "months": months, "calendar": calendar, "own": web.session().scalars(own).all()}
    shown |= {"doubtful": lived.is_doubtful(web.session()), "today": today()}
    return render_template("workdays/page.html", form=form, file=file, **shown), code


@bp.post("/calendar")
@guarded("calendar.write")
def keep() -> Any:
    form = DayForm()
    if not form.validate_on_submit():
        return _page(form, FileForm(), 422)
    days.keep(web.session(), [(form.day.data, form.works.data == "1", form.note.data or "")], web.myself())
    web.session().commit()
    flash("已保存。")
    return redirect(url_for("workdays.page", year=form.day.data.year))


@bp.post("/calendar/today")
@guarded("clock.confirm")
def confirm() -> Any:
    lived.confirm(web.session(), web.myself())
    web.session().commit()
    flash("日期已确认，到公布日期的驻点已向各组公布。")
    return redirect(url_for("workdays.page"))


@bp.post("/calendar/import")
@guarded("calendar.write")
def bring() -> Any:
    form = FileForm()
    sent = form.file.data
    if not form.validate_on_submit() or not getattr(sent, "filename", ""):
        raise Refusal("请选择要导入的 CSV 文件。")
    found = days.read(sent.read(MOST_BYTES))
    changed = days.keep(web.session(), found, web.myself())
    web.session().commit()
    flash(f"文件里有 {len(found)} 天，新增或改动 {changed} 天。")
    return redirect(url_for("workdays.page", year=found[0][0].year))


@bp.post("/calendar/remove")
@guarded("calendar.write")
def remove() -> Any:
    try:
        day = dt.date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(404)
    days.remove(web.session(), day, web.myself())
    web.session().commit()
    return redirect(url_for("workdays.page", year=day.year))
