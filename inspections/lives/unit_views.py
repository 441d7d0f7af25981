"""Pages of what becomes of units: added, renamed, joined, divided, given up."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm

from inspections import web
from inspections.lives import areas, forms, units
from inspections.lives.views import known
from inspections.site.refusal import Refusal
from inspections.units.fields import choices
from inspections.units.lists import areas_in_order
from inspections.units.meant import unit_meant
from inspections.units.models import Area, Unit
from inspections.web import guarded

bp = Blueprint("unit_lives", __name__)


def _rename(unit: Unit, form: Any) -> str:
    told = (form.name.value, form.day.value, web.myself(), form.basis.value)
    event = units.rename(web.session(), unit, *told)
    return f"{event.words}已更名为{unit.name}。"


def _join(unit: Unit, form: Any) -> str:
    into = unit_meant(web.session(), form.into.value)
    units.join(web.session(), [unit], into, form.day.value, web.myself(), form.basis.value)
    return f"{unit.name}从 {form.day.value} 起并入{into.called}，回避关系已转过去。"


def _divide(unit: Unit, form: Any) -> str:
    names = [part.strip() for part in re.split(r"[、,，;；\s]+", form.parts.value) if part.strip()]
    day, basis = form.day.value, form.basis.value
    parts = [units.NewUnit(name, unit.kind, unit.area, day, basis) for name in names]
    units.divide(web.session(), unit, parts, web.myself())
    return f"{unit.name}从 {day} 起拆分为{'、'.join(names)}，回避关系已转到每一个新单位。"


def _end(unit: Unit, form: Any) -> str:
    units.end(web.session(), unit, form.day.value, web.myself(), form.basis.value)
    return f"{unit.name}从 {form.day.value} 起不再检查。"


@dataclass(frozen=True)
class Fate:
    """One kind of event: what the page is called, its form, what it does, and what will happen."""

    title: str
    form: type[FlaskForm]
    act: Callable[[Unit, Any], str]
    warning: str


FATES: Mapping[str, Fate] = {
    "rename": Fate("更名", forms.RenameForm, _rename, "此后的名单和文书用新名称。"),
    "join": Fate("合并", forms.JoinForm, _join, "已批准的方案不变；合并不能撤销。"),
    "divide": Fate("拆分", forms.DivideForm, _divide, "原单位不再检查，历史记录保留；拆分不能撤销。"),
    "end": Fate("撤销", forms.EndForm, _end, "原单位不再检查，历史记录保留。"),
}


@bp.route("/units/<uuid:name>/<any(rename, join, divide, end):what>", methods=["GET", "POST"])
@guarded("unit.write")
def happened(name: uuid.UUID, what: str) -> Any:
    unit, fate = web.one(Unit, name), FATES[what]
    form = fate.form()
    if form.validate_on_submit():
        try:
            sentence = fate.act(unit, form)
            web.session().commit()
            flash(sentence)
            return redirect(url_for("units.unit_page", name=name))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"title": f"{fate.title}：{unit.called}", "warning": fate.warning, "known": known(form)}
    back = url_for("units.unit_page", name=name)
    page = render_template("lives/event.html", form=form, back=back, **shown)
    return page, 422 if form.is_submitted() else 200


@bp.route("/areas/<uuid:name>/rename", methods=["GET", "POST"])
@guarded("unit.write")
def rename_area(name: uuid.UUID) -> Any:
    area, form = web.one(Area, name), forms.RenameForm()
    if form.validate_on_submit():
        try:
            told = (form.name.value, form.day.value, web.myself(), form.basis.value)
            former = areas.rename(web.session(), area, *told)
            web.session().commit()
            flash(f"{former.name}已更名为{area.name}。")
            return redirect(url_for("units.listing", area=area.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    words = "此后的名单和文书用新名称，此前的底稿、文书和统计仍用原名。村（社区）的名称不变。"
    shown = {"title": f"更名：{area.name}", "warning": words, "known": {}}
    back = url_for("units.listing", area=area.uuid)
    page = render_template("lives/event.html", form=form, back=back, **shown)
    return page, 422 if form.is_submitted() else 200


@bp.route("/units/new", methods=["GET", "POST"])
@guarded("unit.write")
def new_unit() -> Any:
    form = forms.NewUnitForm()
    places = areas_in_order(web.session())
    form.area.choices = choices((str(area.uuid), "　" * depth + area.name) for area, depth in places)
    if form.validate_on_submit():
        area = {str(area.uuid): area for area, _ in places}[form.area.data]
        try:
            told = (form.name.value, form.kind.data, area, form.day.value, form.basis.value)
            unit = units.add(web.session(), units.NewUnit(*told), web.myself())
            web.session().commit()
            flash(f"{unit.called}已新增。")
            return redirect(url_for("units.unit_page", name=unit.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"title": "新增单位", "warning": "编号由系统编，不用填写。", "known": {}}
    page = render_template("lives/event.html", form=form, back=url_for("units.listing"), **shown)
    return page, 422 if form.is_submitted() else 200
