"""The page that repairs a plan after people dropped out, and the page of two versions side by side."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from wtforms import SelectChoice

from inspections import web
from inspections.planning import refits, verdicts
from inspections.rounds import apart, life
from inspections.rounds.forms import RefitForm
from inspections.rounds.models import PLAN_STATES, SOLVED, Plan
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded
from planners.rulebook.table import TERMS

bp = Blueprint("refits", __name__)

#: where what makes a repair necessary is entered
PLACES = (
    ("请假", "recusal.absences"),
    ("人员与回避关系", "people.listing"),
    ("不便接待时段", "blackouts.page"),
)


@bp.route("/plans/<uuid:name>/refit", methods=["GET", "POST"])
@guarded("plan.solve")
def page(name: uuid.UUID) -> Any:
    plan = web.one(Plan, name, with_=SOLVED)
    if plan.answer is None or plan.state not in life.MAY_BE_REPAIRED:
        abort(404)
    form = RefitForm(seen=plan.version)
    form.first.choices = [SelectChoice(row.code, row.name) for row in refits.open_rounds(plan)]
    code = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            said = form.first.data, form.reason.data or ""
            made = refits.refit(web.session(), plan, *said, web.myself(), web.seen(form.seen.data))
            web.session().commit()
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
            code = 409 if isinstance(refusal, Conflict) else 422
        else:
            flash(f"已另存为第 {made.number} 版方案，第 {plan.number} 版保持原样。")
            return redirect(url_for("rounds.plan_page", name=made.uuid))
    elif not form.is_submitted() and (next_round := refits.next_round(plan)) is not None:
        form.first.data = next_round.code
    page = render_template(
        "rounds/refit.html",
        plan=plan,
        cycle=plan.cycle,
        form=form,
        spoiled=list(verdicts.spoiled(web.session(), plan).values()),
        lacking=len(plan.answer["shortages"]),
        places=PLACES,
    )
    return page, code


@bp.get("/plans/<uuid:name>/against")
@guarded("plan.read")
def against(name: uuid.UUID) -> Any:
    """`?version=` is the number of another version of the same cycle."""
    plan = web.one(Plan, name)
    wanted = request.args.get("version", "")
    other = next((each for each in plan.cycle.plans if str(each.number) == wanted), None)
    if other is None or plan.answer is None or other.answer is None:
        abort(404)
    hidden = apart.hidden(web.session(), plan)
    older, newer = sorted((plan, other), key=lambda each: each.number)
    return render_template(
        "rounds/against.html",
        older=older,
        newer=newer,
        cycle=plan.cycle,
        rows=[row for row in refits.compared(older, newer) if hidden.keys().isdisjoint(row.codes)],
        terms=list(newer.answer["objective"]["terms"]) if newer.answer else [],
        term_names=TERMS,
        states=PLAN_STATES,
    )
