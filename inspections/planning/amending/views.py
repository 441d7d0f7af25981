"""The page on which a round is put off or cancelled, the second person's decision, and the archive."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for

from inspections import web
from inspections.planning.amending import amendments
from inspections.planning.amending.models import Amendment
from inspections.planning.views import cycle_answer
from inspections.rounds import archive
from inspections.rounds.forms import ActForm, AmendForm, DecideForm
from inspections.rounds.models import Cycle, Round
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("amending", __name__)


@bp.route("/rounds/<uuid:name>/<code>/amend", methods=["GET", "POST"])
@guarded("cycle.amend")
def page(name: uuid.UUID, code: str) -> Any:
    cycle = web.one(Cycle, name)
    round_ = next((each for each in cycle.standing_rounds if each.code == code), None) or abort(404)
    form = AmendForm(start=round_.start, end=round_.end, release_on=round_.release_on)
    if form.validate_on_submit():
        try:
            asked = _amended(cycle, round_, form)
            web.session().commit()
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
        else:
            flash("已提出，等第二人同意后生效。" if asked else "已改动。")
            return redirect(url_for("rounds.cycle_page", name=name))
    status = 422 if form.is_submitted() else 200
    return render_template("rounds/amend.html", cycle=cycle, round=round_, form=form), status


def _amended(cycle: Cycle, round_: Round, form: AmendForm) -> Amendment | None:
    session, user, reason = web.session(), web.myself(), form.reason.data or ""
    if form.what.data == "cancel":
        return amendments.cancel(session, cycle, round_, reason, user)
    dates = amendments.NewDates(form.start.data, form.end.data, form.release_on.data, onward=form.onward.data)
    return amendments.move(session, cycle, round_, dates, reason, user)


@bp.post("/amendments/<uuid:name>/decide")
@guarded("cycle.second")
def decide(name: uuid.UUID) -> Any:
    amendment, form = web.one(Amendment, name), DecideForm()
    cycle, agreed = amendment.cycle.uuid, form.agreed.data == "1"
    try:
        if not form.validate():
            raise Refusal("意见不能超过 500 字。")
        amendments.decide(web.session(), amendment, agreed, form.answer.data or "", web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.append(str(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return cycle_answer(web.one(Cycle, cycle), None, status, form)
    flash("已同意，变更已生效。" if agreed else "已答复不同意。")
    return redirect(url_for("rounds.cycle_page", name=cycle))


@bp.post("/rounds/<uuid:name>/<any(archive, restore):act>")
@guarded("cycle.archive")
def lay_by(name: uuid.UUID, act: str) -> Any:
    cycle, form = web.one(Cycle, name), ActForm()
    try:
        do = archive.archive if act == "archive" else archive.restore
        do(web.session(), cycle, web.seen(form.seen.data), web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.append(str(refusal))
        status = 409 if isinstance(refusal, Conflict) else 422
        return cycle_answer(web.one(Cycle, name), None, status, form)
    flash("已归档。" if act == "archive" else "已恢复。")
    return redirect(url_for("rounds.cycle_page", name=name))
