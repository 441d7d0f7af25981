"""Pages of the checklists: versions, one of them, a workbook with its faults or differences, publishing."""

import io
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, send_file, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select
from wtforms import HiddenField, SubmitField

from inspections import web
from inspections.fieldwork import checklists, sheets
from inspections.fieldwork.models import CHECKLIST_KINDS, Checklist
from inspections.roster import uploads
from inspections.roster.faults import Fault
from inspections.site.refusal import Conflict, Refusal
from inspections.units.views import XLSX
from inspections.web import guarded

bp = Blueprint("checklists", __name__)


class SheetForm(FlaskForm):
    file = FileField("清单工作簿（.xlsx）", [FileRequired("请选择文件。")])
    submit = SubmitField("检查并预览")


class PublishForm(FlaskForm):
    sha256 = HiddenField()
    seen = HiddenField()
    submit = SubmitField("启用为新的一版")


@bp.route("/checklists", methods=["GET"])
@guarded("checklist.read")
def listing() -> Any:
    return _listing(SheetForm(), [], 200)


@bp.post("/checklists")
@guarded("checklist.write")
def upload() -> Any:
    form = SheetForm()
    if not form.validate_on_submit():
        return _listing(form, [], 422)
    name = uploads.keep(_folder(), form.file.data.stream)
    try:
        sheet = _sheet(uploads.where(_folder(), name))
    except Refusal as refusal:
        uploads.where(_folder(), name).unlink()
        form.form_errors.append(str(refusal))
        return _listing(form, [], 422)
    if sheet.faults:
        uploads.where(_folder(), name).unlink()
        return _listing(form, sheet.faults, 422)
    return redirect(url_for("checklists.preview", name=name))


@bp.get("/checklists/preview/<uuid:name>")
@guarded("checklist.write")
def preview(name: uuid.UUID) -> Any:
    file, digest = uploads.kept(_folder(), name)
    sheet = _sheet(file)
    last = checklists.find_newest(web.session(), sheet.kind)
    form = PublishForm(sha256=digest, seen=str(last.version if last else 0))
    shown = {
        "form": form,
        "sheet": sheet,
        "changes": checklists.changes(last, sheet.items),
        "last": last,
        "name": name,
    }
    return render_template("fieldwork/checklist_preview.html", **shown, kinds=CHECKLIST_KINDS)


@bp.post("/checklists/preview/<uuid:name>")
@guarded("checklist.write")
def publish(name: uuid.UUID) -> Any:
    form = PublishForm()
    file, _ = uploads.kept(_folder(), name, form.sha256.data or "")
    sheet = _sheet(file)
    last = checklists.find_newest(web.session(), sheet.kind)
    if str(last.version if last else 0) != form.seen.data:
        raise Conflict("您预览之后已有别人启用了新的一版，请返回重新核对差异。")
    author = web.myself()
    version = checklists.publish(web.session(), sheet.kind, sheet.items, author)
    web.session().commit()
    file.unlink(missing_ok=True)
    flash(f"已启用{CHECKLIST_KINDS[sheet.kind]}第 {version} 版。已开始的驻点仍用原来的一版。")
    return redirect(url_for("checklists.listing"))


@bp.get("/checklists/<kind>/<int:version>")
@guarded("checklist.read")
def page(kind: str, version: int) -> Any:
    return render_template("fieldwork/checklist.html", checklist=_one(kind, version), kinds=CHECKLIST_KINDS)


@bp.get("/checklists/<kind>/<int:version>.xlsx")
@guarded("checklist.read")
def workbook(kind: str, version: int) -> Any:
    found, out = _one(kind, version), io.BytesIO()
    sheets.write(out, found)
    out.seek(0)
    name = f"{CHECKLIST_KINDS[kind]}第{version}版.xlsx"
    return send_file(out, XLSX, as_attachment=True, download_name=name)


def _one(kind: str, version: int) -> Checklist:
    wanted = select(Checklist).where(Checklist.kind == kind, Checklist.version == version)
    return web.session().scalar(wanted) or abort(404)


def _listing(form: SheetForm, faults: list[Fault], code: int) -> Any:
    found = list(
        web.session().scalars(select(Checklist).order_by(Checklist.kind.desc(), Checklist.version.desc()))
    )
    shown = {"form": form, "faults": faults, "versions": found, "kinds": CHECKLIST_KINDS}
    return render_template("fieldwork/checklists.html", **shown), code


def _sheet(file: Path) -> sheets.ChecklistWorkbook:
    return sheets.read(file.read_bytes(), checklists.categories(web.session()))


def _folder() -> Path:
    return Path(current_app.instance_path) / "checklist_uploads"
