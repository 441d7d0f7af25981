"""Pages of units: the list with its filters, one unit, and the form that changes it."""

import uuid
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import SelectField, SubmitField, ValidationError

from inspections import web
from inspections.accounts.permissions import Reach
from inspections.database import today
from inspections.units import entries
from inspections.units.changes import change
from inspections.units.fields import EntryField, NoteField, choices, select_field
from inspections.units.lists import SECRET_SORTS, areas_in_order, counts_by_kind, narrowed, page_of
from inspections.units.models import TIERS, UNIT_KINDS, Area, Blackout, Unit
from inspections.units.sheets import UNITS, cells
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("units", __name__)

#: what whoever may see a unit sees of it
KNOWN_TO_ALL = ("code", "name", "kind", "area")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnitForm(FlaskForm):
    name = EntryField("名称", partial(entries.text, longest=60), required=True)
    kind = select_field("类型", UNIT_KINDS)
    area = SelectField("所属乡镇", invalid_choice_message="请从列表中选择。")
    risk = EntryField(
        "风险分", partial(entries.whole, low=0, high=1000), empty=0, description="0 至 1000 的整数"
    )
    tier = select_field("分级", TIERS)
    lng = EntryField("经度", partial(entries.degree, low=73, high=136), description="73 至 136 度，可不填")
    lat = EntryField("纬度", partial(entries.degree, low=3, high=54), description="3 至 54 度，可不填")
    closed = EntryField(
        "停检日期", entries.days, empty=[], description="如 2026-03-02至2026-03-13，多段用、分隔"
    )
    note = NoteField("备注", entries.text, empty="")
    submit = SubmitField("保存")

    def validate_lat(self, field: EntryField) -> None:
        """A place is both figures or neither."""
        if (field.value is None) is not (self.lng.value is None) and not self.lng.errors:
            raise ValidationError("经度和纬度应同时填写。")

    def values(self, areas: dict[str, Area]) -> dict[str, Any]:
        """What the form says, by field of the unit."""
        read = {name: self[name].value for name in ("name", "risk", "lng", "lat", "closed", "note")}
        return read | {"kind": self.kind.data, "tier": self.tier.data, "area": areas[self.area.data]}


def plans() -> bool:
    """Whether the user may see what decides who is visited early: risk, tier, closed days, place, note."""
    return web.permissions().allows(current_user, "cycle.read")


def filtered() -> Any:
    """The units in reach that match the address; those who may not see a tier cannot ask for it either."""
    units = web.rows(Unit).options(orm.joinedload(Unit.area).joinedload(Area.parent))
    asked = request.args.to_dict()
    if not plans():
        asked.pop("tier", None)
        if asked.get("sort", "").removeprefix("-") in SECRET_SORTS:
            asked.pop("sort")
    return narrowed(web.session(), units, asked)


@bp.get("/units")
@guarded("unit.read")
def listing() -> Any:
    page = page_of(web.session(), filtered(), request.args.get("page", ""))
    whole = web.permissions().reach(current_user, "unit.read") is Reach.COUNTY
    return render_template(
        "units/list.html",
        page=page,
        counts=counts_by_kind(web.session(), filtered()),
        areas=areas_in_order(web.session()) if whole else [],
        kinds=UNIT_KINDS,
        tiers=TIERS,
        plans=plans(),
    )


@bp.get("/units.xlsx")
@guarded("unit.read")
def listing_file() -> Any:
    columns = [column for column in UNITS.columns if plans() or column.field in KNOWN_TO_ALL]
    rows = (
        cells(unit, columns, area=unit.area.name, zone=zone.name if zone else "")
        for unit in web.session().scalars(filtered())
        for zone in (unit.area.ancestor("zone"),)
    )
    made = table_xlsx(UNITS.name, [column.header for column in columns], rows)
    return send_file(made, XLSX, as_attachment=True, download_name="单位.xlsx")


@bp.get("/units/<uuid:name>")
@guarded("unit.read")
def unit_page(name: uuid.UUID) -> Any:
    unit = web.one(Unit, name)
    shown = {"kinds": UNIT_KINDS, "tiers": TIERS, "days_words": entries.days_words, "plans": plans()}
    closed = sa.select(Blackout).where(Blackout.end >= today()).order_by(Blackout.start)
    blackouts = [one for one in web.session().scalars(closed) if one.closes(unit)] if plans() else []
    return render_template("units/unit.html", unit=unit, blackouts=blackouts, **shown)


@bp.route("/units/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("unit.write")
def edit(name: uuid.UUID) -> Any:
    unit = web.one(Unit, name)
    areas = areas_in_order(web.session())
    now = {name: getattr(unit, name) for name in ("name", "kind", "risk", "tier", "lng", "lat", "note")}
    form = UnitForm(data=now | {"area": str(unit.area.uuid), "closed": entries.days_words(unit.closed)})
    form.area.choices = choices((str(area.uuid), "　" * depth + area.name) for area, depth in areas)
    if form.validate_on_submit():
        known = {str(area.uuid): area for area, _ in areas}
        changes = change(web.session(), "unit.change", unit, form.values(known), current_user)
        web.session().commit()
        flash(f"{unit.name}已保存。" if changes else "没有改动。")
        return redirect(url_for("units.unit_page", name=unit.uuid))
    return render_template("units/edit.html", form=form, unit=unit), 422 if form.is_submitted() else 200
