"""Pages of the roster workbook: template, export, upload with its faults or differences, confirmation."""

import io
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from inspections import web
from inspections.database import today
from inspections.people.catalogue import load_recusal_kinds
from inspections.roster import headings, uploads, workbook, workbook_made
from inspections.roster.faults import RosterFaults, by_cause, mendable, together
from inspections.roster.forms import ConfirmForm, UploadForm
from inspections.roster.kinds import SHEET
from inspections.roster.marked import marked
from inspections.roster.offers import answered, offers
from inspections.roster.roster import Asked, Look, import_roster, look
from inspections.site.privacy import private_number
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
    """Takes a file; what nobody can read, or nobody may keep, is refused here."""
    form, faults = UploadForm(), []
    if form.validate_on_submit():
        try:
            name = uploads.keep(_folder(), form.file.data.stream)
            workbook.read(uploads.where(_folder(), name))  # opened before anything is written
            load_recusal_kinds(web.session())
            found = _look(name).faults
            faults = found if any("不得录入" in fault.sentence for fault in found) else []
            web.session().commit()
        except RosterFaults as bad:
            faults = bad.faults
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        if not faults and not form.form_errors:
            return redirect(url_for("roster.review", name=name))
        if faults:
            uploads.drop(_folder(), name)
    page = render_template("roster/upload.html", form=form, causes=by_cause(faults), faults=faults)
    return page, 422 if form.is_submitted() else 200


def _asked(name: uuid.UUID) -> Asked:
    answers = uploads.answers(_folder(), name)
    return Asked(mends=uploads.mends(_folder(), name), county_id=web.myself().area_id, answers=answers)


def _look(name: uuid.UUID) -> Look:
    return look(web.session(), uploads.where(_folder(), name), _asked(name))


@bp.get("/roster/<uuid:name>")
@guarded("roster.import")
def review(name: uuid.UUID) -> Any:
    return _review(name, [], 200)


def _review(name: uuid.UUID, refused: list[str], code: int) -> Any:
    """The whole conversation on one page: whose columns are whose, what is wrong, what would change."""
    _, digest = uploads.kept(_folder(), name)
    seen = _look(name)
    form = ConfirmForm(formdata=None, file_sha256=digest)
    form.seen.data = seen.differences.digest() if seen.differences else ""
    mends = mendable(seen.faults, seen.said_at)
    page = render_template(
        "roster/review.html",
        form=form,
        look=seen,
        told=together(seen.told),
        name=name,
        causes=by_cause(seen.faults),
        mends=mends,
        offers=list(offers(web.session(), seen.questions)),
        today=today(),
        offered={sheet: headings.offered(sheet) for sheet in {SHEET, *(h.sheet for h in seen.headings)}},
        refused=refused,
    )
    return page, code


@bp.post("/roster/<uuid:name>/headings")
@guarded("roster.import")
def match(name: uuid.UUID) -> Any:
    """Remembers for the county how its own columns are read."""
    uploads.kept(_folder(), name)
    chosen = [(key, value) for key, value in request.form.items() if "|" in key]
    number = headings.remember(web.session(), web.myself().area_id, chosen, web.myself())
    web.session().commit()
    flash(f"{number} 处读法已记住，下次同样的工作表和表头不再询问。")
    return redirect(url_for("roster.review", name=name))


@bp.post("/roster/<uuid:name>/mend")
@guarded("roster.import")
def mend(name: uuid.UUID) -> Any:
    """Puts single cells right: the file stays as it came, the import reads what was typed."""
    uploads.kept(_folder(), name)
    cells: dict[str, str] = {}
    for places, said, was in zip(
        request.form.getlist("places"),
        request.form.getlist("said"),
        request.form.getlist("was"),
        strict=False,
    ):
        if said.strip() != was.strip():
            if private := private_number(said):
                return _review(name, [f"“{places}”含有疑似{private}的数字，不得录入{private}。"], 422)
            cells |= dict.fromkeys(places.split("/"), said.strip()[:2000])
    uploads.mend(_folder(), name, cells)
    flash(f"改了 {len(cells)} 格。" if cells else "没有改动。")
    return redirect(url_for("roster.review", name=name))


@bp.post("/roster/<uuid:name>/transfers")
@guarded("roster.import")
def transfers(name: uuid.UUID) -> Any:
    """Remembers for this upload who moved, whose office was wrong, and who is another person."""
    uploads.kept(_folder(), name)
    asked = (request.form.getlist(each) for each in ("place", "became", "since"))
    day = request.form.get("day", "")
    try:
        said = {
            place: answered(place, became, day, since)
            for place, became, since in zip(*asked, strict=False)
            if became
        }
    except Refusal as refusal:
        return _review(name, [str(refusal)], 422)
    uploads.answer(_folder(), name, said)
    flash(f"{len(said)} 人已说明。")
    return redirect(url_for("roster.review", name=name))


@bp.get("/roster/<uuid:name>/marked.xlsx")
@guarded("roster.import")
def marked_file(name: uuid.UUID) -> Any:
    """The workbook back, each faulty cell red with what is wrong with it."""
    uploads.kept(_folder(), name)
    seen, out = _look(name), io.BytesIO()
    marked(seen.sheets, seen.faults, seen.told, out)
    out.seek(0)
    return send_file(out, XLSX, as_attachment=True, download_name="名册（已标出要改的地方）.xlsx")


@bp.post("/roster/<uuid:name>")
@guarded("roster.import")
def confirm(name: uuid.UUID) -> Any:
    form = ConfirmForm()
    file, _ = uploads.kept(_folder(), name, form.file_sha256.data or "")
    done = import_roster(web.session(), file, current_user, name="网页上传", asked=_asked(name))
    if done.digest() != form.seen.data:
        raise Conflict("名册在您预览之后被他人修改，没有导入任何内容。请返回预览页重新核对差异。")
    web.session().commit()
    uploads.drop(_folder(), name)
    flash(f"名册已导入，共 {len(done.rows)} 处新增、变更或删除；文件中未列入的记录保持原样。")
    return redirect(url_for("people.listing"))


@bp.post("/roster/<uuid:name>/discard")
@guarded("roster.import")
def discard(name: uuid.UUID) -> Any:
    uploads.drop(_folder(), name)
    flash("上传的文件已删除，没有导入任何内容。")
    return redirect(url_for("roster.upload"))
