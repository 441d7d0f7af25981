"""手工调整 on the pages: the panel of a seat, a try with its price, steps, undo, saving, and locks."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from inspections import web
from inspections.planning import adjusting
from inspections.planning.matrix import Matrix, pinned
from inspections.planning.reasons import stored
from inspections.planning.sentences import wording
from inspections.planning.statement import locks_of
from inspections.planning.steps import Step
from inspections.recusal import waivers
from inspections.rounds import apart
from inspections.rounds.forms import ActForm
from inspections.rounds.models import PLAN_STATES, SOLVED, Lock, Plan
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("adjusting", __name__)

#: candidates of the panel
NAMED = 8


def _plan(name: uuid.UUID) -> Plan:
    plan = web.one(Plan, name, with_=SOLVED)
    if plan.answer is None or plan.problem is None:
        abort(404)
    return plan


def _may_change(plan: Plan) -> bool:
    return web.permissions().allows(current_user, "plan.solve") and adjusting.may_be_changed(plan)


@bp.get("/plans/<uuid:name>/seat")
@guarded("plan.read")
def seat(name: uuid.UUID) -> Any:
    """The panel, part of a page: `?unit=` of the team, `?person=` in a seat or `?slot=` that has room.

    With `?bench=1` of the plan with its steps and as things are today, else of the plan as it was made.
    """
    plan = _plan(name)
    unit, person, slot = (request.args.get(key, "")[:64] for key in ("unit", "person", "slot"))
    if unit in apart.hidden(web.session(), plan):
        abort(404)
    bench = bool(request.args.get("bench")) and _may_change(plan)
    reasons = adjusting.reasons(web.session(), plan) if bench else stored(web.session(), plan)
    team = reasons.team(unit, NAMED)
    if team is None:
        abort(404)
    held = next((one for one in team.seats if one.person == person), None)
    shown = {"plan": plan, "team": team, "unit": unit, "held": held, "slot": slot}
    shown["free"] = reasons.openings(unit, slot, NAMED) if held is None else ()
    shown["may_change"] = bench
    return render_template("rounds/seat.html", **shown)


@bp.post("/plans/<uuid:name>/try")
@guarded("plan.solve")
def attempt(name: uuid.UUID) -> Any:
    """What a step would do, part of a page; nothing is kept."""
    plan = _plan(name)
    try:
        step = Step.of(request.form)
        trial = adjusting.tried(web.session(), plan, step)
    except Refusal as refusal:
        return render_template("rounds/trial.html", plan=plan, refused=str(refusal)), 422
    never = {fact.kind for fact in waivers.never(web.session(), [fact for _, fact in trial.ties])}
    seen = plan.adjustment.version if plan.adjustment is not None else 0
    shown = {"plan": plan, "cycle": plan.cycle, "step": step, "trial": trial, "never": never, "seen": seen}
    return render_template("rounds/trial.html", **shown)


@bp.get("/plans/<uuid:name>/adjust")
@guarded("plan.solve")
def page(name: uuid.UUID) -> Any:
    return _page(_plan(name), [], 200)


def _page(plan: Plan, refused: list[str], code: int, step: Step | None = None) -> Any:
    """The plan with its steps; `step` is one that was refused, with the ties that stand in its way."""
    if not adjusting.may_be_changed(plan):
        abort(404)
    now = adjusting.standing(web.session(), plan)
    locks = locks_of(web.session(), plan.cycle)
    trial = None
    if step is not None:
        try:
            trial = adjusting.tried(web.session(), plan, step, now)
        except Refusal:
            trial = None  # the sentence is on the page already
    ties = trial.ties if trial is not None else ()
    hidden = apart.hidden(web.session(), plan)
    told = wording(web.session(), plan, now.problem, now.answer.teams)
    page = render_template(
        "rounds/adjust.html",
        plan=plan,
        cycle=plan.cycle,
        states=PLAN_STATES,
        steps=adjusting.steps_seen(web.session(), plan),
        seen=plan.adjustment.version if plan.adjustment is not None else 0,
        matrix=Matrix(now.problem, now.answer, hidden, now.before.teams, pinned(locks)),
        total=now.report.total,
        change=now.report.total - now.before.objective_total,
        broken=[told.broken(fault) for fault in now.broken.values()],
        locks=[lock for lock in locks if hidden.keys().isdisjoint(lock.pin["units"])],
        bench=True,
        refused=refused,
        ties=ties,
        never={fact.kind for fact in waivers.never(web.session(), [fact for _, fact in ties])},
    )
    return page, code


def _refused(name: uuid.UUID, refusal: Refusal, step: Step | None = None) -> Any:
    lines = str(refusal).splitlines()
    if isinstance(refusal, Conflict):
        return _page(web.one(Plan, name), [*lines, *refusal.changes], 409)
    return _page(web.one(Plan, name), lines, 422, step)


@bp.post("/plans/<uuid:name>/steps")
@guarded("plan.solve")
def take(name: uuid.UUID) -> Any:
    plan = _plan(name)
    step = Step.of(request.form)
    reason = request.form.get("reason", "")[:200]
    try:
        seen = web.seen(request.form.get("seen"))
        adjusting.take(web.session(), plan, step, reason, web.myself(), seen)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _refused(name, refusal, step)
    flash("已记入调整稿；满意以后另存为新的一版。")
    return redirect(url_for("adjusting.page", name=name))


@bp.post("/plans/<uuid:name>/adjust/<any(undo, drop, save):act>")
@guarded("plan.solve")
def end(name: uuid.UUID, act: str) -> Any:
    plan, form = _plan(name), ActForm()
    what = {"undo": adjusting.undo, "drop": adjusting.drop, "save": adjusting.save}[act]
    try:
        made = what(web.session(), plan, web.myself(), web.seen(form.seen.data))
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _refused(name, refusal)
    if isinstance(made, Plan):
        flash(f"已另存为第 {made.number} 版方案；第 {plan.number} 版保持原样。")
        return redirect(url_for("rounds.plan_page", name=made.uuid))
    return redirect(url_for("rounds.plan_page" if act == "drop" else "adjusting.page", name=name))


@bp.post("/plans/<uuid:name>/locks")
@guarded("plan.solve")
def lock(name: uuid.UUID) -> Any:
    plan = _plan(name)
    kind, unit, person = (request.form.get(key, "")[:64] for key in ("kind", "unit", "person"))
    made = adjusting.lock(web.session(), plan, kind, unit, person, web.myself())
    web.session().commit()
    flash(f"已锁定：{made.words}。以后各版都照此不动，直到解除锁定或发布方案。")
    return redirect(url_for("adjusting.page", name=name))


@bp.post("/plans/<uuid:name>/locks/<uuid:held>")
@guarded("plan.solve")
def unlock(name: uuid.UUID, held: uuid.UUID) -> Any:
    found = web.one(Lock, held)
    adjusting.unlock(web.session(), found, web.myself())
    web.session().commit()
    flash("已解除锁定。")
    return redirect(url_for("adjusting.page", name=name))
