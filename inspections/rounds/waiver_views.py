"""Pages of waivers: asked for by one, decided by another, revoked; each for one cycle."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import orm

from inspections import web
from inspections.people.meant import person_meant
from inspections.people.models import Person
from inspections.recusal import waivers
from inspections.recusal.forms import WaiverDecisionForm, WaiverForm
from inspections.recusal.models import WAIVER_STATES, Waiver
from inspections.rounds.models import Cycle
from inspections.site.refusal import Refusal
from inspections.units.meant import unit_meant
from inspections.units.models import Unit
from inspections.web import guarded

bp = Blueprint("waivers", __name__)


@bp.get("/waivers")
@guarded("waiver.read")
def listing() -> Any:
    found = web.rows(Waiver).options(orm.joinedload(Waiver.person), orm.joinedload(Waiver.unit))
    rows = web.session().scalars(found.order_by(Waiver.id.desc())).all()
    return render_template("recusal/waivers.html", rows=rows, states=WAIVER_STATES)


@bp.route("/waivers/new/<uuid:cycle>", methods=["GET", "POST"])
@guarded("waiver.write")
def new(cycle: uuid.UUID) -> Any:
    """`?person=` and `?goal=` are codes: of the person, and of the unit or colleague."""
    wanted = web.one(Cycle, cycle)
    form = WaiverForm(request.form if request.method == "POST" else request.args)
    facts: list[Any] = []
    code = 200
    if form.person.data and form.goal.data:
        try:
            person, object_ = _pair(form)
            facts = waivers.hard_ties(web.session(), person, object_)
            if request.method == "POST" and form.validate():
                said = form.reason.data or ""
                made = waivers.ask(web.session(), wanted.id, person, object_, said, web.myself())
                web.session().commit()
                flash("豁免申请已提出，须由另一人批准。")
                return redirect(url_for("waivers.page", name=made.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
            code = 422
    never = {fact.kind for fact in waivers.never(web.session(), facts)}
    shown = {"cycle": wanted, "form": form, "facts": facts, "never": never}
    return render_template("recusal/waiver_new.html", **shown), code


def _pair(form: WaiverForm) -> tuple[Person, Unit | Person]:
    person = person_meant(web.session(), form.person.data)
    try:
        return person, unit_meant(web.session(), form.goal.data)
    except Refusal as no_unit:
        try:
            other = person_meant(web.session(), form.goal.data)
        except Refusal:
            raise no_unit from None
    if other is person:
        raise Refusal("对象不能是本人。")
    return person, other


@bp.get("/waivers/<uuid:name>")
@guarded("waiver.read")
def page(name: uuid.UUID) -> Any:
    waiver = web.one(Waiver, name)
    return _page(waiver, WaiverDecisionForm(formdata=None, seen=waiver.version), 200)


def _page(waiver: Waiver, form: WaiverDecisionForm, code: int) -> Any:
    own = waiver.asked_by_id == current_user.id
    return render_template(
        "recusal/waiver.html", waiver=waiver, form=form, states=WAIVER_STATES, own=own
    ), code


@bp.post("/waivers/<uuid:name>/decide")
@guarded("waiver.approve")
def decide(name: uuid.UUID) -> Any:
    waiver, form = web.one(Waiver, name), WaiverDecisionForm()
    agreed = request.form.get("agreed", "")
    if agreed not in ("yes", "no"):
        abort(400)
    if not form.validate():
        return _page(waiver, form, 422)
    waivers.decide(
        web.session(), waiver, agreed == "yes", form.reason.data or "", web.seen(form.seen.data), web.myself()
    )
    web.session().commit()
    return redirect(url_for("waivers.page", name=name))


@bp.post("/waivers/<uuid:name>/revoke")
@guarded("waiver.write")
def revoke(name: uuid.UUID) -> Any:
    waiver, form = web.one(Waiver, name), WaiverDecisionForm()
    if not form.validate():
        return _page(waiver, form, 422)
    waivers.revoke(web.session(), waiver, form.reason.data or "", web.seen(form.seen.data), web.myself())
    web.session().commit()
    return redirect(url_for("waivers.page", name=name))
