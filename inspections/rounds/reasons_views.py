"""The page of one team in a plan: why these people, who comes next, why not somebody, and one exchange."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for

from inspections import web
from inspections.recusal import waivers
from inspections.refusal import Refusal
from inspections.rounds import generate
from inspections.rounds.models import Plan
from inspections.rounds.reasons import Reasons, barring, exchange, lacking, try_remedy
from inspections.web import guarded

bp = Blueprint("reasons", __name__)


@bp.get("/plans/<uuid:name>/teams/<unit>")
@guarded("plan.read")
def page(name: uuid.UUID, unit: str) -> Any:
    return _page(web.one(Plan, name), unit, "", 200)


def _page(plan: Plan, unit: str, refused: str, code: int, into: str = "") -> Any:
    """`?why_not=` asks about one person; `into` is who was refused, with the ties that stand in the way."""
    if plan.answer is None or plan.problem is None:
        abort(404)
    reasons = Reasons(plan)
    team = reasons.team(unit)
    if team is None:
        abort(404)
    asked, said = request.args.get("why_not", "").strip()[:64], []
    if asked:
        try:
            said = reasons.why_not(unit, asked)
        except Refusal as unknown:
            said = [str(unknown)]
    shown = {"plan": plan, "cycle": plan.cycle, "team": team, "unit": unit, "refused": refused}
    ties = barring(web.session(), plan, unit, into) if into else []
    never = {fact.kind for fact in waivers.never(web.session(), [fact for _, fact in ties])}
    shown |= {"ties": ties, "never": never, "into": into}
    open_ = plan.state in ("ready", "approved")
    shown["picture"] = reasons.picture(unit)
    return render_template("rounds/team.html", asked=asked, said=said, may_exchange=open_, **shown), code


@bp.post("/plans/<uuid:name>/teams/<unit>")
@guarded("plan.solve")
def swap(name: uuid.UUID, unit: str) -> Any:
    plan = web.one(Plan, name)
    out, into, reason = (request.form.get(field, "")[:200] for field in ("out", "into", "reason"))
    try:
        myself = web.myself()
        made = exchange(web.session(), plan, unit, out, into, reason, myself)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _page(plan, unit, str(refusal), 422, into)
    flash(f"已按换人结果保存为第 {made.number} 版方案；第 {plan.number} 版保持原样。")
    return redirect(url_for("rounds.plan_page", name=made.uuid))


@bp.get("/plans/<uuid:name>/shortages")
@guarded("plan.read")
def shortages(name: uuid.UUID) -> Any:
    """What is missing, why, and what would help, each remedy with its computed effect."""
    plan = web.one(Plan, name)
    if plan.answer is None or plan.problem is None:
        abort(404)
    web.pause()  # a county's remedies take seconds to compute
    rows = len(plan.answer["shortages"])
    shown = {"plan": plan, "cycle": plan.cycle, "rows": rows, "lack": lacking(plan)}
    return render_template("rounds/shortages.html", **shown)


@bp.post("/plans/<uuid:name>/shortages")
@guarded("plan.solve")
def attempt(name: uuid.UUID) -> Any:
    plan = web.one(Plan, name)
    myself = web.myself()
    made = try_remedy(
        web.session(), plan, request.form.get("remedy", "")[:1000], max(plan.seconds, 5), myself
    )
    web.session().commit()
    current_app.extensions["jobs"].enqueue(generate.SOLVE_JOB, str(made.uuid))
    flash("正在照此试排；定稿前须先在名册或各轮中作同样的修改，否则不能批准。")
    return redirect(url_for("rounds.plan_page", name=made.uuid))
