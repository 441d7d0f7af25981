"""One plan for a whole 交办函: the page on which a township or a bureau answers all its problems at once."""

import datetime as dt
import io
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import DateField, FileField, StringField
from wtforms.validators import Length, Optional

from inspections import web
from inspections.database import today
from inspections.documents.course import delivery
from inspections.documents.models import Paper
from inspections.followup import letter_plan
from inspections.followup.letter_plan import Line
from inspections.followup.models import WAYS, Item, LetterPlan
from inspections.followup.proofs import MOST_BYTES, Received, receive
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("letter_plans", __name__)


class LetterPlanForm(FlaskForm):
    held_on = DateField("党委（党组）会研究日期", [Optional()])
    leader = StringField("负责整改的班子成员", [Length(max=60, message="最多 60 字。")])
    page = FileField(
        "盖章或者签名的方案", description=f"照片、PDF 或 Word，不超过 {MOST_BYTES // 1024 // 1024} MB"
    )

    def received(self) -> Received | None:
        """The file that came. Raises Refusal for one that cannot be kept."""
        file = self.page.data
        if not getattr(file, "filename", ""):
            return None
        return receive("document", file.filename, file.read(MOST_BYTES * 2))


@bp.route("/papers/<uuid:name>/plan", methods=["GET", "POST"])
@guarded("item.plan")
def page(name: uuid.UUID) -> Any:
    paper, form = web.one(Paper, name), LetterPlanForm()
    items = _wanting(paper)
    lines = {item: _line(item) for item in items}
    if form.validate_on_submit():
        try:
            told = form.held_on.data, form.leader.data or "", form.received(), web.myself()
            if items and paper.step("received") is None:
                delivery.take(web.session(), paper, "received", today(), web.myself().name, web.myself())
            letter_plan.submit(web.session(), paper.id, lines, *told)
            web.session().commit()
            flash(f"{paper.document_number}的整改方案已报送，等待县统筹答复。")
            return redirect(url_for("inbox.page"))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"paper": paper, "form": form, "lines": lines, "ways": WAYS}
    return render_template("documents/letter_plan.html", **shown), 422 if form.is_submitted() else 200


@bp.get("/rectification/plans/<uuid:name>")
@guarded("item.read")
def signed_page(name: uuid.UUID) -> Any:
    """The signed page of a plan as it came."""
    plan = web.one(LetterPlan, name)
    data = web.intact(plan.data, plan.sha256, plan.uuid, plan)
    web.note_reading("proof.read", plan.uuid)
    return send_file(
        io.BytesIO(data),
        mimetype=plan.media_type,
        download_name=plan.name,
        as_attachment=not plan.media_type.startswith("image/"),
        etag=plan.sha256,
        max_age=0,
    )


def _wanting(paper: Paper) -> list[Item]:
    within = web.rows(Item).where(Item.paper_id == paper.id).options(orm.joinedload(Item.unit))
    return letter_plan.wanting(web.session(), web.session().scalars(within.order_by(Item.id)).all())


def _line(item: Item) -> Line:
    def said(what: str, longest: int) -> str:
        return request.form.get(f"{what}-{item.uuid}", "").replace("\r\n", "\n")[:longest]

    try:
        until = dt.date.fromisoformat(said("until", 10))
    except ValueError:
        until = None
    return Line(said("measures", 2001), said("persons", 200), until)
