"""Pages of comparing lists: the loop and its exercises, one exercise, the checks of a posting, one
outcome."""

import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from inspections import web
from inspections.comparisons import course, exercises
from inspections.comparisons.faults import SENTENCES_OF_ROWS
from inspections.comparisons.library import library
from inspections.comparisons.lists.kinds import kinds
from inspections.comparisons.loop import loop_of
from inspections.comparisons.models import ACTIVE, STATES, Exercise
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import GRADES, CheckTask
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("comparisons", __name__)

#: a village's count below this names a person and is not shown
FEWEST = 3


class ProposalForm(FlaskForm):
    """What an exercise needs before anybody may bring a list."""

    name = StringField("名称", [InputRequired("请填写名称。"), Length(max=60)])
    purpose = TextAreaField(
        "目的和范围", [InputRequired("请填写目的和范围。"), Length(max=500)], render_kw={"rows": 3}
    )
    basis = TextAreaField(
        "法律依据",
        [InputRequired("请填写法律依据。"), Length(max=500)],
        description="法律名称和条款；没有依据的，不得提取名单。",
        render_kw={"rows": 2},
    )
    until = DateField("结束日期", [InputRequired("请填写结束日期。")], description="最长 180 天。")


@bp.get("/comparisons")
@guarded("comparison.read")
def listing() -> Any:
    found = list(web.session().scalars(web.rows(Exercise).order_by(Exercise.id.desc())))
    counts = loop_of(web.session(), found)
    shown = {"states": STATES, "models": library()}
    return render_template("comparisons/list.html", found=found, loop_counts=counts, **shown)


@bp.route("/comparisons/new", methods=["GET", "POST"])
@guarded("comparison.propose")
def propose() -> Any:
    form = ProposalForm()
    if form.validate_on_submit():
        said = (form.name.data, form.purpose.data, form.basis.data, form.until.data)
        try:
            exercise = exercises.propose(web.session(), web.myself(), *said)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            return redirect(url_for("comparisons.page", name=exercise.uuid))
    return render_template("comparisons/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/comparisons/<uuid:name>")
@guarded("comparison.read")
def page(name: uuid.UUID) -> Any:
    exercise = web.one(Exercise, name)
    precision = tasks.precisions(web.session(), [exercise.id])
    wanted = web.rows(CheckTask, "comparison.read").where(CheckTask.exercise_id == exercise.id)
    places: Counter[tuple[str, str]] = Counter()
    for check in web.session().scalars(wanted.options(orm.joinedload(CheckTask.unit))):
        places[check.model, check.unit.area.name] += 1
    shown = {"models": library(), "grades": GRADES, "states": STATES, "places": places, "fewest": FEWEST}
    shown |= {"kinds": kinds(), "active": exercise.state in ACTIVE, "row_faults": SENTENCES_OF_ROWS}
    townships = sorted({township for _, township in places})
    return render_template(
        "comparisons/exercise.html", exercise=exercise, precision=precision, townships=townships, **shown
    )


@bp.post("/comparisons/<uuid:name>/decision")
@guarded("comparison.approve")
def decide(name: uuid.UUID) -> Any:
    exercise = web.one(Exercise, name)
    exercises.decide(web.session(), exercise, web.myself(), request.form.get("approved") == "1")
    web.session().commit()
    flash("已批准。" if exercise.state == "approved" else "已决定不予批准。")
    return redirect(url_for("comparisons.page", name=name))


@bp.post("/comparisons/<uuid:name>/lists")
@guarded("comparison.load")
def bring(name: uuid.UUID) -> Any:
    """One list, its bytes as the body: a form would lay it on the disk in clear before our code sees it."""
    exercise = web.one(Exercise, name)
    file = unquote(request.headers.get("X-File-Name", ""))
    try:
        row = course.bring(web.session(), exercise, web.myself(), _instance(), file, request.stream)
    except Refusal as refusal:
        web.session().rollback()
        return {"app": "inspections", "error": str(refusal)}, 422
    web.session().commit()
    return {"app": "inspections", "kind": row.kind, "rows": row.rows, "bad": row.bad}


@bp.post("/comparisons/<uuid:name>/run")
@guarded("comparison.load")
def run(name: uuid.UUID) -> Any:
    exercise = web.one(Exercise, name)
    course.queue(web.session(), exercise, web.myself())
    web.session().commit()
    current_app.extensions["jobs"].enqueue(course.JOB, str(name))
    return redirect(url_for("comparisons.page", name=name))


@bp.post("/comparisons/<uuid:name>/cancel")
@guarded("comparison.load")
def cancel(name: uuid.UUID) -> Any:
    course.cancel(web.session(), web.one(Exercise, name), web.myself())
    web.session().commit()
    flash("已要求取消，后台做完手上的一步就停。")
    return redirect(url_for("comparisons.page", name=name))


def _instance() -> Path:
    return Path(current_app.instance_path)
