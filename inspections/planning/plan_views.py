"""The acts on a plan: handed in, taken back, sent back, approved, published.

Where one is refused, the plan's page says why and keeps what was typed.
"""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for

from inspections import web
from inspections.planning import publish
from inspections.planning.amending import amendments
from inspections.planning.views import plan_answer
from inspections.rounds.forms import MoveForm
from inspections.rounds.models import Plan
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("plans", __name__)


def _acted(name: uuid.UUID, act: str, do: Callable[[Plan, MoveForm], object], done: str) -> Any:
    """The plan's page after the act; with 409 or 422, the reason and what was typed where it was refused."""
    plan, form = web.one(Plan, name), MoveForm()
    try:
        if not form.validate():
            raise Refusal("；".join(str(error) for errors in form.errors.values() for error in errors))
        do(plan, form)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        told = refusal.changes if isinstance(refusal, Conflict) else []
        form.refused, form.changes = act, told
        form.form_errors.append(str(refusal))
        return plan_answer(web.one(Plan, name), form, 409 if isinstance(refusal, Conflict) else 422)
    flash(f"第 {plan.number} 版方案{done}")
    return redirect(url_for("rounds.plan_page", name=name))


@bp.post("/plans/<uuid:name>/submit")
@guarded("plan.submit")
def submit(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        publish.submit(web.session(), plan, web.seen(form.seen.data), form.note.data or "", web.myself())

    return _acted(name, "submit", do, "已送审，等领导或另一名统筹批准。")


@bp.post("/plans/<uuid:name>/recall")
@guarded("plan.submit")
def recall(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        publish.recall(web.session(), plan, web.seen(form.seen.data), web.myself())

    return _acted(name, "recall", do, "已撤回送审，又是设想。")


@bp.post("/plans/<uuid:name>/send_back")
@guarded("plan.approve")
def send_back(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        publish.send_back(web.session(), plan, web.seen(form.seen.data), form.reason.data or "", web.myself())

    return _acted(name, "send_back", do, "已退回编制人。")


@bp.post("/plans/<uuid:name>/approve")
@guarded("plan.approve")
def approve(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        publish.approve(web.session(), plan, web.seen(form.seen.data), form.reason.data or "", web.myself())

    return _acted(name, "approve", do, "已批准。")


@bp.post("/plans/<uuid:name>/publish")
@guarded("plan.publish")
def publish_plan(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        publish.publish(web.session(), plan, web.seen(form.seen.data), form.typed.data or "", web.myself())

    return _acted(name, "publish", do, "已发布，各组从每轮的发布日期起看到自己的驻点。")


@bp.post("/plans/<uuid:name>/ask_withdrawal")
@guarded("plan.publish")
def ask_withdrawal(name: uuid.UUID) -> Any:
    def do(plan: Plan, form: MoveForm) -> None:
        amendments.ask_withdrawal(
            web.session(), plan, web.seen(form.seen.data), form.reason.data or "", web.myself()
        )

    return _acted(name, "ask_withdrawal", do, "的撤回发布已提出，等第二人同意。")
