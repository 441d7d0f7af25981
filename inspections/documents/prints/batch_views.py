"""A round's papers at once: asked for, watched, cancelled, downloaded."""

import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, send_file, url_for
from sqlalchemy import orm, select

from inspections import web
from inspections.documents.models import BATCH_STATES, Batch, Paper
from inspections.documents.prints import batches
from inspections.rounds.models import Plan, Round, Team
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("batches", __name__)


def _folder() -> Path:
    return Path(current_app.instance_path) / "batches"


@bp.get("/batches")
@guarded("paper.batch")
def listing() -> Any:
    begun = select(Team.round_id).join(Team.plan).where(Plan.state == "published")
    wanted = select(Round).where(Round.id.in_(begun) | Round.id.in_(select(Paper.round_id)))
    wanted = wanted.options(orm.joinedload(Round.cycle)).order_by(Round.start.desc())
    rounds = web.session().scalars(wanted).all()
    mine = web.rows(Batch).order_by(Batch.id.desc()).options(orm.joinedload(Batch.round))
    own = web.session().scalars(mine).all()
    return render_template("documents/batches.html", rounds=rounds, batches=own, states=BATCH_STATES)


@bp.post("/batches")
@guarded("paper.batch")
def ask() -> Any:
    try:
        name = uuid.UUID(request.form.get("round", ""))
    except ValueError:
        abort(404)
    round_ = web.one(Round, name, "cycle.read")
    made = batches.ask(web.session(), round_, web.myself(), _folder())
    web.session().commit()
    current_app.extensions["jobs"].enqueue(batches.JOB, str(made.uuid))
    return redirect(url_for("batches.page", name=made.uuid))


@bp.get("/batches/<uuid:name>")
@guarded("paper.batch")
def page(name: uuid.UUID) -> Any:
    batch = web.one(Batch, name)
    active = batch.state in batches.ACTIVE
    return render_template("documents/batch.html", batch=batch, states=BATCH_STATES, active=active)


@bp.post("/batches/<uuid:name>/stop")
@guarded("paper.batch")
def stop(name: uuid.UUID) -> Any:
    batch = web.one(Batch, name)
    batches.stop(web.session(), batch, web.myself())
    web.session().commit()
    return redirect(url_for("batches.page", name=name))


@bp.get("/batches/<uuid:name>.<any(zip, pdf):form>")
@guarded("paper.batch")
def download(name: uuid.UUID, form: str) -> Any:
    batch = web.one(Batch, name)
    folder = _folder() / str(batch.uuid)
    file = batches.zip_of(folder) if form == "zip" else batches.merged_of(folder)
    if batch.state != "ready" or not file.is_file():
        abort(404)
    if not batches.is_seen_whole(web.session(), batch):
        raise Refusal("这批文书中有您现在不能查看的内容，请重新生成。")
    called = f"{batch.round.cycle.name}{batch.round.name}文书.{form}"
    answer = send_file(file, as_attachment=True, download_name=called)
    answer.headers["Cache-Control"] = "no-store"
    return answer
