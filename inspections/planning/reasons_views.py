"""The page of one team in a plan: why these people, who comes next, why not somebody; and what is short."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for

from inspections import web
from inspections.planning import adjusting, generate
from inspections.planning.reasons import stored
from inspections.planning.shortfall import lacking, try_remedy
from inspections.rounds import apart
from inspections.rounds.models import Plan
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("reasons", __name__)


@bp.get("/plans/<uuid:name>/teams/<unit>")
@guarded("plan.read")
def page(name: uuid.UUID, unit: str) -> Any:
    return _page(web.one(Plan, name), unit)


def _page(plan: Plan, unit: str) -> Any:
    """`?why_not=` asks about one person."""
    if plan.answer is None or plan.problem is None:
        abort(404)
    hidden = apart.hidden(web.session(), plan)
    if unit in hidden:
        abort(404)
    reasons = stored(web.session(), plan)
    team = reasons.team(unit)
    if team is None:
        abort(404)
    asked, said = request.args.get("why_not", "").strip()[:64], []
    if asked:
        try:
            said = reasons.why_not(unit, asked)
        except Refusal as unknown:
            said = [str(unknown)]
    shown = {"plan": plan, "cycle": plan.cycle, "team": team, "unit": unit, "asked": asked, "said": said}
    shown["seen"] = plan.adjustment.version if plan.adjustment is not None else 0
    shown["may_change"] = adjusting.may_be_changed(plan) and not adjusting.steps_of(plan)
    return render_template("rounds/team.html", picture=reasons.picture(unit), **shown)


@bp.get("/plans/<uuid:name>/shortages")
@guarded("plan.read")
def shortages(name: uuid.UUID) -> Any:
    """What is missing, why, and what would help, each remedy with its computed effect."""
    plan = web.one(Plan, name)
    if plan.answer is None or plan.problem is None:
        abort(404)
    rows = len(plan.answer["shortages"])
    shown = {"plan": plan, "cycle": plan.cycle, "rows": rows, "lack": lacking(web.session(), plan)}
    return render_template("rounds/shortages.html", **shown)


@bp.post("/plans/<uuid:name>/shortages")
@guarded("plan.solve")
def attempt(name: uuid.UUID) -> Any:
    plan = web.one(Plan, name)
    myself = web.myself()
    made = try_remedy(web.session(), plan, request.form.get("remedy", "")[:64], max(plan.seconds, 5), myself)
    web.session().commit()
    current_app.extensions["jobs"].enqueue(generate.SOLVE_JOB, str(made.uuid))
    flash("正在照此试排；定稿前须先在名册或各轮中作同样的修改，否则不能批准。")
    return redirect(url_for("rounds.plan_page", name=made.uuid))
