"""Pages of the tablets: which there are, what each still holds, revoking one; and what was refused."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import orm, select

from inspections import web
from inspections.fieldwork.entry import quarantine
from inspections.fieldwork.models import Device, Quarantined
from inspections.fieldwork.tablet import acceptance, devices
from inspections.web import guarded

bp = Blueprint("devices", __name__)


@bp.get("/tablets")
@guarded("device.read")
def listing() -> Any:
    wanted = select(Device).options(orm.joinedload(Device.user)).order_by(Device.last_seen.desc()).limit(500)
    shown = {"devices": web.session().scalars(wanted).all(), "silent_for": devices.silent_for}
    return render_template("fieldwork/devices.html", **shown)


@bp.post("/tablets/<uuid:name>/revoke")
@guarded("device.revoke")
def revoke(name: uuid.UUID) -> Any:
    found = web.session().scalar(select(Device).where(Device.id == name)) or abort(404)
    devices.revoke(web.session(), found, web.myself(), request.form.get("reason", ""))
    web.session().commit()
    flash("已停用。这台平板再传来的内容会留在“被退回的记录”，核对后收入。")
    return redirect(url_for("devices.listing"))


@bp.get("/quarantine")
@guarded("quarantine.read")
def refused() -> Any:
    kept = quarantine.listing(web.session(), web.rows(Quarantined))
    return render_template("fieldwork/quarantine.html", kept=kept)


@bp.post("/quarantine/<int:row>/accept")
@guarded("quarantine.accept")
def accept(row: int) -> Any:
    found = web.session().scalar(web.rows(Quarantined).where(Quarantined.id == row)) or abort(404)
    acceptance.accept(web.session(), found, web.myself(), request.form.get("reason", ""))
    web.session().commit()
    flash("已收入清单。")
    return redirect(url_for("devices.refused"))
