"""Pages of the roster workbook: template, export, upload with its faults or differences, confirmation."""

import io
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask_login import current_user

from inspections import web
from inspections.people.catalogue import load_recusal_kinds
from inspections.roster import uploads, workbook, workbook_made
from inspections.roster.faults import RosterFaults, by_cause
from inspections.roster.forms import ConfirmForm, UploadForm
from inspections.roster.roster import import_roster, preview
from inspections.site.refusal import Conflict, Refusal
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("roster", __name__)


def _folder() -> Path:
    return Path(current_app.instance_path) / "uploads"


@bp.get("/roster/template.xlsx")
@guarded("roster.import")
def blank() -> Any:
    out = io.BytesIO()
    workbook_made.template(out, web.session())
    out.seek(0)
    return send_file(out, XLSX, as_attachment=True, download_name="名册模板.xlsx")


@bp.get("/roster/export.xlsx")
@guarded("roster.export")
def export() -> Any:
    out = io.BytesIO()
    workbook_made.export(web.session(), out)
    out.seek(0)
    return send_file(out, XLSX, as_attachment=True, download_name="名册.xlsx")


@bp.route("/roster", methods=["GET", "POST"])
@guarded("roster.import")
def upload() -> Any:
    form, faults, told = UploadForm(), [], []
    if form.validate_on_submit():
        try:
            name = uploads.keep(_folder(), form.file.data.stream)
            workbook.read(uploads.where(_folder(), name))  # opened before anything is written
            load_recusal_kinds(web.session())
            preview(web.session(), uploads.where(_folder(), name))
            web.session().commit()
            return redirect(url_for("roster.review", name=name))
        except RosterFaults as bad:
            uploads.where(_folder(), name).unlink()
            faults, told = bad.faults, bad.told
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
    return render_template(
        "roster/upload.html", form=form, causes=by_cause(faults), faults=faults, told=told
    ), 422 if form.is_submitted() else 200


@bp.get("/roster/<uuid:name>")
@guarded("roster.import")
def review(name: uuid.UUID) -> Any:
    file, digest = uploads.kept(_folder(), name)
    differences = preview(web.session(), file)
    form = ConfirmForm(file_sha256=digest, seen=differences.digest())
    return render_template("roster/review.html", form=form, differences=differences, name=name)


@bp.post("/roster/<uuid:name>")
@guarded("roster.import")
def confirm(name: uuid.UUID) -> Any:
    form = ConfirmForm()
    file, _ = uploads.kept(_folder(), name, form.file_sha256.data or "")
    done = import_roster(web.session(), file, current_user, name="网页上传")
    if done.digest() != form.seen.data:
        raise Conflict("名册在您预览之后被他人修改，没有导入任何内容。请返回预览页重新核对差异。")
    web.session().commit()
    file.unlink(missing_ok=True)
    flash(f"名册已导入，共 {len(done.rows)} 处新增、变更或删除；文件中未列入的记录保持原样。")
    return redirect(url_for("people.listing"))


@bp.post("/roster/<uuid:name>/discard")
@guarded("roster.import")
def discard(name: uuid.UUID) -> Any:
    uploads.where(_folder(), name).unlink(missing_ok=True)
    flash("上传的文件已删除，没有导入任何内容。")
    return redirect(url_for("roster.upload"))
