"""Pages on which a working paper is written: anew, out of an abnormal answer, once more.

What they save goes through the ledger, as a tablet's does, so that its history is one.
"""

import json
import uuid
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.accounts.permissions import in_reach
from inspections.fieldwork import finding_operations, ledger
from inspections.fieldwork.entry.rights import Admission
from inspections.findings import evidence, review
from inspections.findings.drafting import Said
from inspections.findings.forms import PHOTO_LIMITS, FindingForm, filled, finding_form
from inspections.findings.models import STATES, Finding
from inspections.findings.views import photos_dir, reaches_posting
from inspections.rounds.models import Posting, Team
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("writing", __name__)

DEVICE = "page"
_WHOLE = (
    orm.joinedload(Finding.posting).joinedload(Posting.unit),
    orm.joinedload(Finding.posting).joinedload(Posting.team).selectinload(Team.members),
)
SEATED = Admission.SEATED


@bp.route("/postings/<uuid:name>/findings/new", methods=["GET", "POST"])
@guarded("finding.write")
def new(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    form = finding_form(web.session(), place=posting.unit.name, responsible=posting.unit.name)
    web.pause()  # decoding photographs takes seconds
    if form.validate_on_submit():
        paper = uuid.UUID(form.name.data)
        more = {"item_code": form.item_code.data} if form.item_code.data else {}
        ack = _record(posting, paper, form, {"seen": None} | more)
        if ack.status != "refused":
            return _saved(posting, paper, form)
        web.session().rollback()
        form.form_errors.append(ack.sentence)
    return form_page(posting, form)


@bp.route("/findings/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("finding.write")
def edit(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name, with_=_WHOLE)
    if not review.may_edit(finding, current_user):
        raise Refusal(f"底稿{STATES[finding.state]}，不能修改；确需修改的，由组长退回。")
    posting = finding.posting
    form = filled(web.session(), Said.of(finding.current), name=str(finding.uuid), seen=finding.current.n)
    code = None
    web.pause()
    if form.validate_on_submit():
        ack = _record(posting, finding.uuid, form, {"seen": form.seen.data or 0})
        if ack.status != "refused":
            return _saved(posting, finding.uuid, form)
        web.session().rollback()
        form.form_errors.append(ack.sentence)
        form.seen.raw_data = None  # whoever sends it again has read what the others changed
        form.seen.data = finding.current.n
        code = 409 if ack.reason == "paper_changed" else 422
    return form_page(posting, form, finding, code)


def _record(posting: Posting, paper: uuid.UUID, form: FindingForm, more: dict[str, Any]) -> ledger.Ack:
    """The ack of the paper as typed; the same form sent twice is the same operation."""
    said = form.said()
    value = asdict(said) | {"amount": None if said.amount is None else f"{said.amount:f}"} | more
    content = json.dumps([current_user.id, value], ensure_ascii=False, sort_keys=True)
    name = uuid.uuid5(paper, content)
    item = f"{finding_operations.PREFIX}{paper}"
    operation: dict[str, Any] = {"id": str(name), "item": item, "field": "paper", "kind": "set"}
    operation |= {"value": value, "base": None}
    (ack,) = ledger.record(
        web.session(), posting, web.myself(), [operation], DEVICE, _mine(), admission=SEATED
    )
    return ack


def _mine() -> Any:
    return in_reach(web.permissions(), current_user, "finding.write", Finding)


def _saved(posting: Posting, paper: uuid.UUID, form: FindingForm) -> Any:
    """The way to the paper after its photographs are kept and all is committed."""
    finding = web.session().scalars(select(Finding).where(Finding.uuid == paper)).one()
    names = {form.photo_name(picture): picture for picture in form.pictures}
    added = [finding_operations.photo_added(f"{finding_operations.PREFIX}{paper}", name) for name in names]
    for ack in ledger.record(web.session(), posting, web.myself(), added, DEVICE, _mine(), admission=SEATED):
        if ack.status == "refused":
            raise Refusal(ack.sentence)
    for name, picture in names.items():
        evidence.keep(
            web.session(),
            posting,
            web.myself(),
            picture,
            photos_dir(),
            name=name,
            item_code=finding.item_code,
            finding=finding,
        )
    web.session().commit()
    flash(f"底稿 {finding.number} 已保存。")
    return redirect(url_for("findings.paper", name=paper))


def form_page(
    posting: Posting,
    form: FindingForm,
    finding: Finding | None = None,
    code: int | None = None,
    item: Any = None,
) -> Any:
    """The page on which a paper is written: anew, out of an `item` of the checklist, or once more."""
    shown = {"posting": posting, "form": form, "finding": finding, "item": item}
    return render_template(
        "findings/edit.html", **shown, posting_open=reaches_posting(posting), photo_limits=PHOTO_LIMITS
    ), code or (422 if form.is_submitted() else 200)
