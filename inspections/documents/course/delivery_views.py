"""What happens to an issued paper, entered on its page: delivery, receipt, reply, filing."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from inspections import web
from inspections.documents.course import delivery
from inspections.documents.course.forms import CourseForm, FilingForm
from inspections.documents.course.receipt import receipt
from inspections.documents.models import STEPS, Paper
from inspections.documents.wording.facts import letterhead_of
from inspections.followup import handing_over
from inspections.site.refusal import Refusal
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.views import printed
from inspections.web import guarded

bp = Blueprint("course", __name__)


@bp.post("/papers/<uuid:name>/course")
@guarded("paper.course")
def take(name: uuid.UUID) -> Any:
    """A liaison signs for what was issued to the own place, a bureau replies to what is addressed to it."""
    paper, form = web.one(Paper, name), CourseForm(prefix="course-")
    _valid(form)
    if current_user.role == "recipient" and form.what.data not in delivery.of_recipient(paper):
        raise Refusal("联络员只登记签收，承办部门并登记回复。")
    said = form.day.data, form.person.data or "", web.myself(), form.verdict.data or "", form.text.data or ""
    delivery.take(web.session(), paper, form.what.data, *said)
    web.session().commit()
    flash(f"已登记{STEPS[form.what.data]}。")
    return redirect(url_for("documents.page", name=paper.uuid))


@bp.get("/papers/<uuid:name>/receipt.pdf")
@guarded("paper.read")
def slip(name: uuid.UUID) -> Any:
    """签收回执: goes out with the paper and comes back signed."""
    paper = web.one(Paper, name)
    head = letterhead_of(web.session(), paper.township)
    return printed(letter_paper("receipt", receipt(paper, head)), "签收回执.pdf")


@bp.post("/papers/<uuid:name>/filing")
@guarded("paper.file")
def file(name: uuid.UUID) -> Any:
    paper, form = web.one(Paper, name), FilingForm(prefix="filing-")
    _valid(form)
    said = form.number.data or "", form.day.data, form.to.data or "", web.myself()
    handing_over.file(web.session(), paper.id, *said)
    web.session().commit()
    flash("已登记备案。")
    return redirect(url_for("documents.page", name=paper.uuid))


def _valid(form: FlaskForm) -> None:
    if not form.validate_on_submit():
        words = "".join(
            f"{form[name].label.text}：{error}" for name in form.errors for error in form.errors[name]
        )
        raise Refusal(f"没有登记。{words}")
