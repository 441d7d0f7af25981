"""Pages of cycles and plans: set up, compute, look at, approve, publish."""

import uuid
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import orm
from wtforms import SelectChoice

from inspections import web
from inspections.database import today
from inspections.planning import adjusting, generate, publish, refits, verdicts
from inspections.planning.amending import amendments
from inspections.planning.matrix import Matrix, pinned
from inspections.planning.sentences import wording
from inspections.planning.statement import locks_of, people_of, policy_of
from inspections.recusal.readiness import standings
from inspections.rounds import apart, changes, crossing, curve, cycles, life, memory, selection
from inspections.rounds.forms import (
    CycleForm,
    DecideForm,
    DeskForm,
    MoveForm,
    NewCycleForm,
    RoundsForm,
    SolveForm,
    StopForm,
    next_monday,
    rows_of,
)
from inspections.rounds.models import CROSSINGS, PLAN_STATES, SOLVED, Cycle, Plan, TeamTemplate
from inspections.rounds.watch import is_abandoned
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("rounds", __name__)


@bp.get("/rounds")
@guarded("cycle.read")
def listing() -> Any:
    wanted = web.rows(Cycle).order_by(Cycle.id.desc())
    found = web.session().scalars(
        wanted.options(orm.selectinload(Cycle.plans), orm.selectinload(Cycle.rounds))
    )
    return render_template("rounds/list.html", cycles=found.all(), states=PLAN_STATES, crossings=CROSSINGS)


def _fill_choices(form: CycleForm) -> list[selection.Township]:
    names = web.session().scalars(sa.select(TeamTemplate.name).order_by(TeamTemplate.id))
    form.template.choices = [SelectChoice(name, name) for name in names]
    return selection.townships(web.session())


def _setting(form: CycleForm, listed: list[selection.Township]) -> cycles.Setting:
    units = selection.selected(listed, form.groups.data or [], set(form.left_out.data or []))
    chosen = form.name.data.strip(), form.crossing.data, form.template.data
    return cycles.Setting(*chosen, tuple(units), form.looks_back.data)


@bp.route("/rounds/new", methods=["GET", "POST"])
@guarded("cycle.write")
def new() -> Any:
    form = NewCycleForm()
    listed = _fill_choices(form)
    if form.validate_on_submit():
        numbers = (form.days.data, form.pause.data, form.teams.data, form.visits.data)
        try:
            rounds = cycles.first_rounds(form.count.data, form.start.data, *numbers)
            cycle = cycles.create(web.session(), _setting(form, listed), rounds, current_user)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash(f"已新建“{cycle.name}”，可以调整各轮日期，然后排程。")
            return redirect(url_for("rounds.cycle_page", name=cycle.uuid))
    if not form.is_submitted():
        form.start.data = next_monday(today())
    return _cycle_form(form, listed, None, [], 422 if form.is_submitted() else 200)


@bp.route("/rounds/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("cycle.write")
def edit(name: uuid.UUID) -> Any:
    cycle = web.one(Cycle, name)
    form = CycleForm(
        seen=cycle.version,
        name=cycle.name,
        crossing=cycle.crossing,
        template=cycle.template_name,
        looks_back=cycle.looks_back,
    )
    listed = _fill_choices(form)
    told: list[str] = []
    code = 422 if form.is_submitted() else 200
    if not form.is_submitted():
        form.groups.data, form.left_out.data = selection.boxes_of(listed, cycle.units)
    elif form.validate():
        try:
            cycles.change(
                web.session(), cycle, web.seen(form.seen.data), _setting(form, listed), current_user
            )
            web.session().commit()
            return redirect(url_for("rounds.cycle_page", name=name))
        except Refusal as refusal:
            told, code = _say(form, refusal)
    return _cycle_form(form, listed, cycle, told, code)


def _say(form: Any, refusal: Refusal) -> tuple[list[str], int]:
    """What others changed meanwhile, and the status; the form keeps what was typed and says why not."""
    form.form_errors.append(str(refusal))
    return (refusal.changes, 409) if isinstance(refusal, Conflict) else ([], 422)


def _cycle_form(
    form: CycleForm, listed: list[selection.Township], cycle: Cycle | None, told: list[str], code: int
) -> Any:
    kinds = [kind for kind in selection.UNIT_KINDS if any(kind in township.groups for township in listed)]
    page = render_template(
        "rounds/form.html",
        form=form,
        sections=[(name, list(of)) for name, of in groupby(listed, lambda township: township.section)],
        kinds=kinds,
        kind_names=selection.UNIT_KINDS,
        cycle=cycle,
        changes=told,
        ticked=set(form.groups.data or []),
        left_out=set(form.left_out.data or []),
    )
    return page, code


@bp.route("/rounds/<uuid:name>/dates", methods=["GET", "POST"])
@guarded("cycle.write")
def dates(name: uuid.UUID) -> Any:
    cycle = web.one(Cycle, name)
    form = RoundsForm(data={"seen": cycle.version, "rounds": rows_of(cycle.standing_rounds)})
    told: list[str] = []
    code = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            cycles.change_rounds(
                web.session(),
                cycle,
                web.seen(form.seen.data),
                form.settings(),
                current_user,
                verdicts.spoiled,
            )
            web.session().commit()
            return redirect(url_for("rounds.cycle_page", name=name))
        except Refusal as refusal:
            told, code = _say(form, refusal)
    return render_template("rounds/dates.html", form=form, cycle=cycle, changes=told), code


@bp.get("/rounds/<uuid:name>")
@guarded("cycle.read")
def cycle_page(name: uuid.UUID) -> Any:
    return cycle_answer(web.one(Cycle, name), None, 200)


def cycle_answer(cycle: Cycle, form: SolveForm | None, code: int, act: DeskForm | None = None) -> Any:
    """The cycle's page and its status; `form` and `act` have what was typed and why it was refused."""
    newest = max((plan.number for plan in cycle.plans), default=0)
    standing = standings(web.session(), cycle.id, people_of(web.session(), cycle))
    page = render_template(
        "rounds/cycle.html",
        cycle=cycle,
        idle=sum(not one.ready for one in standing.values()),
        groups=selection.summary(cycle.units),
        form=form or SolveForm(formdata=None, seen=newest, seed=newest + 1),
        act=act or DecideForm(formdata=None),
        amendment=amendments.open_of(web.session(), cycle),
        table=policy_of(cycle),
        crossing_words=crossing.words,
        kept=memory.words(memory.memory_of(cycle)),
        states=PLAN_STATES,
        crossings=CROSSINGS,
        history=changes.history(web.session(), cycle.uuid),
        running=next((plan for plan in cycle.plans if plan.state in generate.ACTIVE), None),
        today=today(),
    )
    return page, code


@bp.post("/rounds/<uuid:name>/solve")
@guarded("plan.solve")
def solve(name: uuid.UUID) -> Any:
    cycle, form = web.one(Cycle, name), SolveForm()
    if not form.validate():
        return cycle_answer(cycle, form, 422)
    asked = form.seed.data, form.seconds.data, current_user
    try:
        plan = generate.queue(web.session(), cycle, *asked, seen=web.seen(form.seen.data))
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        _, code = _say(form, refusal)
        form.form_errors += refusal.changes if isinstance(refusal, Conflict) else []
        return cycle_answer(web.one(Cycle, name), form, code)
    current_app.extensions["jobs"].enqueue(generate.SOLVE_JOB, str(plan.uuid))
    return redirect(url_for("rounds.plan_page", name=plan.uuid))


@bp.get("/plans/<uuid:name>")
@guarded("plan.read")
def plan_page(name: uuid.UUID) -> Any:
    return plan_answer(web.one(Plan, name, with_=SOLVED), MoveForm(formdata=None), 200)


def plan_answer(plan: Plan, form: MoveForm, code: int) -> Any:
    """The plan's page and its status; `form` has what was typed into an act that was refused."""
    session = web.session()
    shown = {"plan": plan, "cycle": plan.cycle, "states": PLAN_STATES, "progress": progress_of(plan)}
    hidden = apart.hidden(session, plan)
    shown["history"] = apart.without(changes.history(session, plan.uuid), hidden)
    if plan.answer is None or plan.problem is None:
        return render_template("rounds/solving.html", **shown), code
    stored = verdicts.read(plan)
    told, verdict = wording(session, plan, stored[0], stored[1].teams), verdicts.judged(plan, stored)
    matrix = Matrix(*stored, hidden, pins=pinned(locks_of(session, plan.cycle)))
    may_adjust = adjusting.may_be_changed(plan) and web.permissions().allows(current_user, "plan.solve")
    steps = adjusting.steps_of(plan)
    faults = verdicts.spoiled(session, plan) if _is_to_come(plan) else {}
    page = render_template(
        "rounds/plan.html",
        matrix=matrix,
        columns=matrix.columns(),
        kilometres=verdicts.kilometres(*stored),
        may_adjust=may_adjust,
        steps=steps,
        # with steps waiting beside it, the plan is changed where these are seen
        bench=may_adjust and not steps,
        hidden=hidden,
        figures=matrix.figures(),
        verdict=verdict,
        broken=[told.broken(fault) for fault in verdict.broken],
        past=[told.broken(fault) for fault in verdict.past],
        repaired=refits.told_changes(session, plan),
        spoiled=list(faults.values()),
        form=form,
        moves=_moves(plan),
        own=publish.made_by(plan, current_user),
        own_words=publish.OWN_PLAN,
        coming=publish.outlook(plan),
        shares=crossing.shares(plan.problem, plan.answer),
        today=today(),
        amendment=amendments.open_of(session, plan.cycle),
        curve=curve.drawn(plan.progress.get("curve", [])),
        may_refit=plan.state in life.MAY_BE_REPAIRED and refits.open_rounds(plan),
        others=[each for each in plan.cycle.plans if each.teams and each.number != plan.number],
        **shown,
    )
    return page, code


def _moves(plan: Plan) -> dict[str, life.Move]:
    """The acts that the plan's state and the role of whoever looks allow."""
    table = web.permissions()
    return {move.act: move for move in life.open_acts(plan) if table.allows(current_user, move.action)}


def _is_to_come(plan: Plan) -> bool:
    """Whether the plan was decided on and teams have still to go out: then it must fit today's roster."""
    last = max((round_.end for round_ in plan.cycle.rounds), default=today())
    return plan.state in ("submitted", "approved", "published") and last >= today()


PHASES = {
    "": "等待后台进程",
    "construct": "正在排出第一个合规方案",
    "bound": "正在计算理论最优",
    "improve": "正在改进方案",
    "done": "正在复核并保存",
}


SILENT = "后台进程早已没有消息；可以取消，然后重新排程"


def progress_of(plan: Plan) -> dict[str, Any]:
    """What the page shows while solving; `ended` tells it to load again."""
    told = {key: plan.progress.get(key) for key in ("objective", "bound", "gap", "seconds")}
    phase = plan.progress.get("phase", "")
    return {
        **told,
        "phase": SILENT if is_abandoned(plan) else PHASES.get(phase, phase),
        "state": plan.state,
        "limit": plan.seconds,
        "curve": curve.drawn(plan.progress.get("curve", []), plan.seconds),
        "stopping": bool(plan.stop_asked),
        "ended": plan.state not in generate.ACTIVE,
    }


@bp.get("/plans/<uuid:name>/progress")
@guarded("plan.read")
def progress(name: uuid.UUID) -> Any:
    return progress_of(web.one(Plan, name))


@bp.get("/plans/<uuid:name>/<any(problem, answer):part>.json")
@guarded("plan.export")
def file(name: uuid.UUID, part: str) -> Any:
    """The stored problem or answer, to be solved or checked again on a machine without a database."""
    plan = web.one(Plan, name)
    content = getattr(plan, part)
    if content is None or apart.hidden(
        web.session(), plan
    ):  # the file says where the own unit's team comes from
        abort(404)
    answer = current_app.json.response(content)
    label = "problem" if part == "problem" else "plan"
    answer.headers["Content-Disposition"] = f'attachment; filename="{label}-{plan.number}.json"'
    return answer


@bp.post("/plans/<uuid:name>/stop")
@guarded("plan.solve")
def stop(name: uuid.UUID) -> Any:
    form = StopForm()
    plan = web.one(Plan, name)
    if form.validate():
        generate.stop(web.session(), plan, form.keep.data == "1", current_user)
        web.session().commit()
    return redirect(url_for("rounds.plan_page", name=name))
