"""The county's table of who checks, countersigns and signs which paper; and the countersigning itself."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from inspections import web
from inspections.documents.chain import APPROVALS
from inspections.documents.course import approval, signing
from inspections.documents.models import KINDS, Paper
from inspections.site.refusal import Refusal
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("approval", __name__)


@bp.get("/papers/approval")
@guarded("approval.read")
def listing() -> Any:
    counties = web.session().scalars(web.rows(Area).where(Area.kind == "county").order_by(Area.code)).all()
    if len(counties) == 1:
        return redirect(url_for("approval.page", code=counties[0].code))
    return render_template("documents/approval_counties.html", counties=counties)


@bp.get("/papers/approval/<code>")
@guarded("approval.read")
def page(code: str) -> Any:
    county = _county(code)
    return _page(county, approval.chains(web.session(), county)) if county else web.error_page(404)


@bp.post("/papers/approval/<code>")
@guarded("approval.write")
def arrange(code: str) -> Any:
    county = _county(code)
    if county is None:
        return web.error_page(404)
    wanted = {kind: _told(kind) for kind in KINDS}
    try:
        approval.arrange(web.session(), county, list(wanted.values()), web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _page(county, wanted, str(refusal)), 422
    flash("审批程序已保存，在办的文书按新的程序办理。")
    return redirect(url_for("approval.page", code=code))


@bp.post("/papers/<uuid:name>/countersign")
@guarded("paper.countersign")
def countersign(name: uuid.UUID) -> Any:
    paper, seen = web.one(Paper, name), request.form.get("page", "")[:64]
    signing.require_seen(paper, seen)
    if why := signing.why_not(web.session(), paper, current_user):
        raise Refusal(why)
    approval.countersign(web.session(), paper, seen, request.form.get("text", "")[:500], web.myself())
    web.session().commit()
    flash("已会签。")
    return redirect(url_for("documents.page", name=paper.uuid))


def _county(code: str) -> Area | None:
    return web.session().scalar(web.rows(Area).where(Area.code == code[:32], Area.kind == "county"))


def _told(kind: str) -> approval.Chain:
    seats = {step: tuple(request.form.getlist(f"{kind}-{step}")) for step in APPROVALS}
    return approval.Chain(kind, **seats, apart=frozenset(request.form.getlist(f"{kind}-apart")))


def _page(county: Area, chains: dict[str, approval.Chain], wrong: str = "") -> str:
    shown: dict[str, Any] = {"kinds": KINDS, "steps": APPROVALS, "seats": approval.SEATS, "fit": approval.FIT}
    shown |= {"apart": approval.APART, "own": approval.shipped(), "wrong": wrong}
    return render_template("documents/approval.html", county=county, chains=chains, **shown)
