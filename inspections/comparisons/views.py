"""Pages of comparing lists: the loop and its exercises, one exercise, the checks of a posting, one
outcome."""

import uuid
from collections import Counter
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from inspections import web
from inspections.comparisons import exercises, tasks
from inspections.comparisons.library import library
from inspections.comparisons.models import GRADES, OUTCOMES, STATES, TRUE, Check, Exercise
from inspections.fieldwork.writing_views import form_page
from inspections.findings.forms import filled, yuan
from inspections.rounds.models import Posting
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


class OutcomeForm(FlaskForm):
    """What came of one check."""

    outcome = SelectField("核查结果", choices=[SelectChoice(code, name) for code, name in OUTCOMES.items()])
    amount = StringField("查实金额（元）")
    note = TextAreaField(
        "核查情况", description="写事不写人：不写姓名、证件号、卡号。", render_kw={"rows": 2}
    )


@bp.get("/comparisons")
@guarded("comparison.read")
def listing() -> Any:
    found = list(web.session().scalars(web.rows(Exercise).order_by(Exercise.id.desc())))
    counts = tasks.loop(web.session(), found)
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
    precision = tasks.precision(web.session(), exercise.id)
    wanted = web.rows(Check, "comparison.read").where(Check.exercise_id == exercise.id)
    places: Counter[tuple[str, str]] = Counter()
    for check in web.session().scalars(wanted.options(orm.joinedload(Check.unit))):
        places[check.model, check.unit.area.name] += 1
    shown = {"models": library(), "grades": GRADES, "states": STATES, "places": places, "fewest": FEWEST}
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


@bp.get("/postings/<uuid:name>/checks")
@guarded("check.read")
def checks(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    found = _tasks(posting)
    shown = {"models": library(), "outcomes": OUTCOMES, "grades": GRADES, "true": TRUE}
    return render_template(
        "comparisons/checks.html", posting=posting, found=found, form=OutcomeForm(), **shown
    )


@bp.post("/checks/<uuid:name>")
@guarded("check.answer")
def settle(name: uuid.UUID) -> Any:
    check, form = web.one(Check, name), OutcomeForm()
    posting = _posting(check)
    try:
        amount = yuan(form.amount.data)
    except ValueError:
        raise Refusal("金额应为数字，如 1200.50。") from None
    tasks.settle(web.session(), check, web.myself(), form.outcome.data, amount, form.note.data or "")
    web.session().commit()
    if check.outcome in TRUE:
        return redirect(url_for("comparisons.problem", name=name))
    flash(f"已记为“{OUTCOMES[check.outcome]}”。")
    return redirect(url_for("comparisons.checks", name=posting.uuid) if posting else url_for("home.home"))


@bp.get("/checks/<uuid:name>/finding")
@guarded("finding.write")
def problem(name: uuid.UUID) -> Any:
    check = web.one(Check, name, "check.answer")
    posting = _posting(check)
    if posting is None or check.outcome not in TRUE:
        raise Refusal("只有核查属实的，才能起草底稿。")
    form = filled(web.session(), tasks.said_of(check), name=str(check.finding_name))
    return form_page(posting, form)


@bp.get("/api/visits/<uuid:name>/checks")
@guarded("check.read")
def for_tablet(name: uuid.UUID) -> Any:
    """The released checks of one posting, for the tablet: what to look at and whom to ask, no name."""
    posting = web.one(Posting, name, "posting.read")
    found = [
        {
            "id": str(check.uuid),
            "model": library()[check.model].name,
            "groups": list(library()[check.model].topics),
            "grade": check.grade,
            "reason": check.reason,
            "ask": library()[check.model].ask,
            "household": check.subject,
            "outcome": check.outcome or None,
        }
        for check in _tasks(posting)
    ]
    return jsonify({"app": "inspections", "checks": found, "outcomes": OUTCOMES})


def _posting(check: Check) -> Posting | None:
    """The posting in reach whose village the check is about."""
    wanted = web.rows(Posting, "posting.read").where(Posting.unit_id == check.unit_id)
    return web.session().scalars(wanted.order_by(Posting.id.desc())).first()


def _tasks(posting: Posting) -> list[Check]:
    mine = web.rows(Check, "check.read").where(Check.unit_id == posting.unit_id).order_by(Check.id)
    return tasks.released(web.session(), web.session().scalars(mine.options(orm.joinedload(Check.unit))))
