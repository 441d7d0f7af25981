"""Pages of the checks of one posting: what to look at and whom to ask, what came of it, the paper it
opens."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from inspections import web
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import GRADES, OUTCOMES, SOURCES, TRUE, CheckTask
from inspections.fieldwork.writing_views import form_page
from inspections.findings.forms import filled, yuan
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("checks", __name__)


class OutcomeForm(FlaskForm):
    """What came of one check."""

    outcome = SelectField("核查结果", choices=[SelectChoice(code, name) for code, name in OUTCOMES.items()])
    amount = StringField("查实金额（元）")
    note = TextAreaField(
        "核查情况", description="写事不写人：不写姓名、证件号、卡号。", render_kw={"rows": 2}
    )


@bp.get("/postings/<uuid:name>/checks")
@guarded("check.read")
def page(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    return _page(posting, OutcomeForm(formdata=None))


@bp.post("/checks/<uuid:name>")
@guarded("check.answer")
def settle(name: uuid.UUID) -> Any:
    check, form = web.one(CheckTask, name), OutcomeForm()
    posting = _posting(check)
    try:
        amount = yuan(form.amount.data)
        tasks.settle(web.session(), check, web.myself(), form.outcome.data, amount, form.note.data or "")
    except (Refusal, ValueError) as fault:
        web.session().rollback()
        said = str(fault) if isinstance(fault, Refusal) else "金额应为数字，如 1200.50。"
        return _page(_posting(check), form, check.uuid, said), 422
    web.session().commit()
    if check.outcome in TRUE:
        return redirect(url_for("checks.problem", name=name))
    flash(f"已记为“{OUTCOMES[check.outcome]}”。")
    return redirect(url_for("checks.page", name=posting.uuid) if posting else url_for("home.home"))


@bp.get("/checks/<uuid:name>/finding")
@guarded("finding.write")
def problem(name: uuid.UUID) -> Any:
    check = web.one(CheckTask, name, "check.answer")
    posting = _posting(check)
    if posting is None or check.outcome not in TRUE:
        raise Refusal("只有核查属实的，才能起草底稿。")
    form = filled(web.session(), tasks.said_of(check), name=str(check.finding_name))
    return form_page(posting, form)


def _posting(check: CheckTask) -> Posting | None:
    return tasks.posting_of(web.session(), check, web.rows(Posting, "posting.read"))


def _page(posting: Posting | None, form: OutcomeForm, typed: uuid.UUID | None = None, said: str = "") -> Any:
    """The checks of the posting; what was typed for the check `typed` stands there still, with what is
    wrong."""
    if posting is None:
        raise Refusal(said or "没有这个驻点。")
    mine = web.rows(CheckTask, "check.read").where(CheckTask.unit_id == posting.unit_id)
    found = tasks.released(web.session(), web.session().scalars(mine.order_by(CheckTask.id)))
    shown = {"outcomes": OUTCOMES, "grades": GRADES, "sources": SOURCES, "true": TRUE}
    return render_template(
        "checks/page.html", posting=posting, found=found, form=form, typed=typed, said=said, **shown
    )
