"""Pages of the stay in a village: my postings, one posting, a section to fill in, the history of an item."""

import io
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.fieldwork import answers, finding_operations, forms, ledger, own_calendar, schedule, values
from inspections.fieldwork.closing.opening import Stand, opening_of
from inspections.fieldwork.prefill import said_of
from inspections.fieldwork.writing_views import form_page
from inspections.findings import evidence, team
from inspections.findings.forms import PHOTO_LIMITS, filled
from inspections.findings.models import STATES, Finding, Photo
from inspections.findings.views import photos_dir
from inspections.rounds.models import Posting
from inspections.web import guarded

bp = Blueprint("fieldwork", __name__)

DEVICE = "page"


@bp.get("/postings")
@guarded("posting.read")
def listing() -> Any:
    chosen = {name: request.args.get(name, "")[:40] for name in ("round", "township")}
    page = web.page_number()
    papers = web.rows(Finding, "finding.read")
    found = schedule.postings(web.session(), web.rows(Posting), papers, **chosen, page=page)
    return render_template("fieldwork/list.html", found=found, chosen=chosen, page=page, slot=team.slot_name)


@bp.get("/postings.ics")
@guarded("posting.read")
def calendar() -> Any:
    """The user's own visits, as far as they are released."""
    mine = select(Posting).where(Posting.within(Reach.TEAM, web.myself())).options(*schedule.WHOLE)
    body = own_calendar.of_postings(web.session().scalars(mine.order_by(Posting.id)))
    return send_file(io.BytesIO(body), "text/calendar", as_attachment=True, download_name="我的驻点.ics")


@bp.get("/postings/<uuid:name>")
@guarded("posting.read")
def posting(name: uuid.UUID) -> Any:
    found = web.one(Posting, name, with_=schedule.WHOLE)
    papers = _papers(found)
    shown = {"posting": found, "sheet": answers.sheet(web.session(), found), "papers": papers}
    shown |= {"opening": opening_of(web.session(), found), "stands": Stand}
    return render_template("fieldwork/posting.html", **shown, slot=team.slot_name, states=STATES)


@bp.get("/postings/<uuid:name>/sections/<code>")
@guarded("posting.read")
def section(name: uuid.UUID, code: str) -> Any:
    found, sheet, chosen = _section(name, code)
    form = forms.section_form(chosen, sheet.checklist.version, current_user.id)
    return _section_page(found, sheet, chosen, form, 200)


@bp.post("/postings/<uuid:name>/sections/<code>")
@guarded("answer.write")
def save(name: uuid.UUID, code: str) -> Any:
    found, sheet, chosen = _section(name, code)
    form = forms.section_form(chosen, sheet.checklist.version, current_user.id, sent=True)
    web.pause()  # decoding photographs takes seconds
    if not form.validate_on_submit():
        return _section_page(found, sheet, chosen, form, 422)
    author = web.myself()
    edits = {edit.seq: edit for edit in answers.edits(web.session(), [found])}
    changed = forms.changed(form, chosen, author.id, edits)
    acks = ledger.record(web.session(), found, author, changed + _photos_added(form), DEVICE)
    refused = {ack.id for ack in acks if ack.status == "refused"}
    photos = _keep_photos(found, author, form, refused)
    acks = [ack for ack in acks if ack.id not in photos]
    web.session().commit()
    if any(ack.status == "refused" for ack in acks):
        return _refused(found, code, form, acks)
    for sentence in _summary(acks, len(photos), answers.sheet(web.session(), found)):
        flash(sentence)
    following = request.form.get("then", "")
    return redirect(url_for("fieldwork.section", name=name, code=following or code))


@bp.get("/postings/<uuid:name>/items/<code>")
@guarded("posting.read")
def item(name: uuid.UUID, code: str) -> Any:
    found = web.one(Posting, name)
    answer = answers.sheet(web.session(), found).answer(code) or abort(404)
    history = answers.history(web.session(), found, code)
    shown = {"posting": found, "answer": answer, "history": history, "photos": _photos(found, [code])}
    shown["counts_up_to"] = opening_of(web.session(), found).counts_up_to
    return render_template("fieldwork/item.html", **shown, words=values.words)


@bp.get("/postings/<uuid:name>/items/<code>/finding")
@guarded("finding.write")
def problem(name: uuid.UUID, code: str) -> Any:
    found = web.one(Posting, name, "posting.read")
    answer = answers.sheet(web.session(), found).answer(code) or abort(404)
    form = filled(web.session(), said_of(answer, found.unit), item_code=code)
    return form_page(found, form, item=answer.item)


def _section(name: uuid.UUID, code: str) -> tuple[Posting, answers.FilledChecklist, answers.Section]:
    found = web.one(Posting, name, with_=schedule.WHOLE)
    sheet = answers.sheet(web.session(), found)
    return found, sheet, sheet.section(code) or abort(404)


def _section_page(
    found: Posting,
    sheet: answers.FilledChecklist,
    chosen: answers.Section,
    form: forms.SectionForm,
    code: int,
) -> Any:
    codes = [answer.item.code for answer in chosen.answers]
    opening = opening_of(web.session(), found)
    may_write = opening.stand is Stand.OPEN and not found.unit.planning_only
    shown = {
        "posting": found,
        "sheet": sheet,
        "section": chosen,
        "photo_limits": PHOTO_LIMITS,
        "form": form,
        "photos": _photos(found, codes),
        "papers": _papers(found),
        "units": values.UNITS,
        "leads": team.is_leader(found, current_user),
        "writes": team.seat_of(found, current_user) is not None and may_write,
        "opening": opening,
        "stands": Stand,
    }
    return render_template("fieldwork/section.html", **shown), code


def _refused(found: Posting, code: str, form: forms.SectionForm, acks: list[ledger.Ack]) -> Any:
    """The page again with what the ledger refused, and what was typed."""
    sheet = answers.sheet(web.session(), found)
    chosen = sheet.section(code) or abort(404)
    form.form_errors += sorted({ack.sentence for ack in acks if ack.status == "refused"})
    return _section_page(found, sheet, chosen, form, 422)


def _summary(acks: list[ledger.Ack], photos: int, sheet: answers.FilledChecklist) -> list[str]:
    """What to tell the person about what was saved."""
    count = {status: sum(ack.status == status for ack in acks) for status in ("ok", "dup", "conflict")}
    sentences = [f"已保存 {count['ok'] + count['conflict']} 处填写、{photos} 张照片。"]
    if not acks and not photos:
        sentences = ["没有新的填写。"]
    if count["dup"]:
        sentences.append(f"其中 {count['dup']} 处先前已经保存过，页面显示的是现有内容，请核对。")
    if count["conflict"]:
        sentences.append(f"有 {count['conflict']} 处与他人填写不一致：两种填写都已留存，由组长确定。")
    return [*sentences, f"本清单已填 {sheet.done}/{sheet.total} 项。"]


def _photos_added(form: forms.SectionForm) -> list[dict[str, Any]]:
    """The operations that announce the form's photographs, as a tablet announces its own."""
    return [
        finding_operations.photo_added(code, forms.photo_name(form, code, picture))
        for code, card in form.cards()
        for picture in card.pictures
    ]


def _keep_photos(found: Posting, author: User, form: forms.SectionForm, refused: set[str]) -> set[str]:
    """The names of the photographs that are now kept: none whose announcement the ledger refused."""
    kept = set()
    for code, card in form.cards():
        for picture in card.pictures:
            name = forms.photo_name(form, code, picture)
            if str(name) in refused:
                continue
            evidence.keep(web.session(), found, author, picture, photos_dir(), name, item_code=code)
            kept.add(str(name))
    return kept


def _photos(found: Posting, codes: list[str]) -> dict[str, list[Photo]]:
    """The photographs of these items that the user may see, by item."""
    wanted = web.rows(Photo, "photo.read").where(Photo.posting_id == found.id, Photo.item_code.in_(codes))
    removed = answers.removed_photos(web.session(), found)
    by_item: dict[str, list[Photo]] = {}
    for photo in web.session().scalars(wanted.order_by(Photo.received_at)):
        if str(photo.id) in removed:
            continue
        by_item.setdefault(photo.item_code or "", []).append(photo)
    return by_item


def _papers(found: Posting) -> list[Finding]:
    """The working papers of this posting that the user may see."""
    wanted = web.rows(Finding, "finding.read").where(Finding.posting_id == found.id)
    return list(web.session().scalars(wanted.order_by(Finding.number)))
