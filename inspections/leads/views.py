"""Pages of leads: the team's sealing and receipt; the case room's list, one sealed lead, its keys."""

import base64
import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from inspections import web
from inspections.database import today
from inspections.findings import gate, team
from inspections.findings.models import Finding
from inspections.leads import keys, transfer
from inspections.leads.models import DISPOSALS, CaseRoomKey, SealedLead
from inspections.leads.transfer_letter import transfer_letter
from inspections.reading.days import day
from inspections.reading.typed import EntryFault
from inspections.site.refusal import Refusal
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.views import printed
from inspections.web import guarded

bp = Blueprint("leads", __name__)

KEY_STATES = {"enrolled": "待验证", "proved": "待领导确认", "confirmed": "在用", "retired": "已停用"}
STEPS = {"received": "已签收", "disposed": "已登记处置", "finished": "已办结"}


class LeadForm(FlaskForm):
    """What a lead says. It is sealed when it is sent; a form that comes back keeps it on this page only."""

    person = StringField("被反映人", [InputRequired("请填写被反映人。"), Length(max=60)])
    post = StringField("单位及职务", [Optional(), Length(max=120)])
    matter = TextAreaField(
        "主要问题", [InputRequired("请填写主要问题。"), Length(max=transfer.LONGEST)], render_kw={"rows": 6}
    )
    evidence = TextAreaField(
        "已掌握证据目录", [Optional(), Length(max=transfer.LONGEST)], render_kw={"rows": 3}
    )
    advice = StringField("处置建议", [Optional(), Length(max=120)])


class DisposalForm(FlaskForm):
    """What the case room decides on."""

    disposal = SelectField("处置方式", choices=[SelectChoice(code, name) for code, name in DISPOSALS.items()])
    due = DateField("办理期限", [Optional()])


class KeyForm(FlaskForm):
    """A public key of the case room."""

    pem = TextAreaField(
        "公钥（PEM）", [InputRequired("请粘贴公钥。"), Length(max=8000)], render_kw={"rows": 6}
    )


@bp.route("/findings/<uuid:name>/gate", methods=["GET", "POST"])
@guarded("finding.gate")
def gate_page(name: uuid.UUID) -> Any:
    """The two voices on an S4 paper; what the leader may do after both agreed on a lead."""
    finding = web.one(Finding, name)
    told = ""
    if request.method == "POST":
        try:
            _speak(finding)
            web.session().commit()
            return redirect(url_for("leads.gate_page", name=name))
        except Refusal as refusal:
            web.session().rollback()
            told = str(refusal)
    said = gate.voices(web.session(), finding)
    lead = web.session().scalar(
        web.rows(SealedLead, "lead.receipt").where(SealedLead.finding_id == finding.id)
    )
    shown = {
        "finding": finding,
        "said": said,
        "verdicts": gate.VERDICTS,
        "verdict": gate.verdict(web.session(), finding),
        "leads_team": team.is_leader(finding.posting, current_user),
        "mine": bool(said) and said[0].actor_id == current_user.id,
        "lead": lead,
        "told": told,
    }
    return render_template("leads/gate.html", **shown), 422 if told else 200


def _speak(finding: Finding) -> None:
    if "verdict" in request.form:
        gate.propose(web.session(), finding, request.form["verdict"][:16], web.myself())
        flash("研判意见已提出，待第二人确认。")
    else:
        agreed = gate.confirm(web.session(), finding, request.form.get("agrees") == "1", web.myself())
        flash("已确认。" if agreed else "已退回组长重新研判。")


@bp.route("/findings/<uuid:name>/lead", methods=["GET", "POST"])
@guarded("lead.write")
def seal(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name, "finding.gate")
    form = LeadForm()
    if form.validate_on_submit():
        said = {field: form[field].data or "" for field in transfer.FIELDS}
        try:
            lead = transfer.seal(web.session(), finding, said, web.myself())
            web.session().commit()
            return redirect(url_for("leads.receipt", name=lead.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    used = keys.confirmed(web.session())
    shown = {"form": form, "finding": finding, "keys": used}
    return render_template("leads/seal.html", **shown), 422 if form.is_submitted() else 200


@bp.get("/leads/receipts/<uuid:name>")
@guarded("lead.receipt")
def receipt(name: uuid.UUID) -> Any:
    return render_template("leads/receipt.html", lead=web.one(SealedLead, name), steps=STEPS)


@bp.get("/leads/receipts/<uuid:name>.pdf")
@guarded("lead.receipt")
def letter(name: uuid.UUID) -> Any:
    """线索移送函 for whoever sealed it: no word of the lead."""
    return _letter(web.one(SealedLead, name))


@bp.get("/leads/<uuid:name>.pdf")
@guarded("lead.read")
def letter_received(name: uuid.UUID) -> Any:
    """The same letter for the case room, with its own signature once it has received the lead."""
    return _letter(web.one(SealedLead, name))


def _letter(lead: SealedLead) -> Any:
    made = letter_paper("lead_transfer", transfer_letter(web.session(), lead))
    return printed(made, f"线索移送函{lead.number}.pdf")


@bp.get("/leads")
@guarded("lead.read")
def listing() -> Any:
    wanted = web.rows(SealedLead).options(orm.selectinload(SealedLead.steps)).order_by(SealedLead.id.desc())
    found = web.session().scalars(wanted).all()
    late = [lead for lead in found if _is_late(lead)]
    shown = {"found": found, "late": late, "steps": STEPS, "disposals": DISPOSALS}
    return render_template("leads/list.html", **shown)


def _is_late(lead: SealedLead) -> bool:
    last = lead.steps[-1] if lead.steps else None
    return last is not None and last.what != "finished" and last.due is not None and last.due < today()


@bp.get("/leads/<uuid:name>")
@guarded("lead.read")
def page(name: uuid.UUID) -> Any:
    lead = web.one(SealedLead, name)
    web.hold_to_chain(lead.uuid, lead, *lead.envelopes)
    web.note_reading("lead.read", lead.uuid)
    sealed = {part: base64.b64encode(getattr(lead, part)).decode() for part in ("nonce", "body")}
    sealed["wrapped"] = " ".join(base64.b64encode(each.wrapped_key).decode() for each in lead.envelopes)
    shown = {"form": DisposalForm(), "steps": STEPS, "disposals": DISPOSALS, "fields": transfer.SHOWN}
    return render_template("leads/page.html", lead=lead, sealed=sealed, **shown)


@bp.post("/leads/<uuid:name>")
@guarded("lead.dispose")
def handle(name: uuid.UUID) -> Any:
    lead = web.one(SealedLead, name)
    what = request.form.get("what", "")
    if what == "receive":
        transfer.receive(web.session(), lead, request.form.get("sha256", ""), web.myself())
    elif what == "finish":
        transfer.finish(web.session(), lead, web.myself())
    else:
        transfer.dispose(web.session(), lead, request.form.get("disposal", ""), _due(), web.myself())
    web.session().commit()
    flash("已登记。")
    return redirect(url_for("leads.page", name=name))


def _due() -> dt.date | None:
    text = request.form.get("due", "")
    try:
        return day(text) if text else None
    except EntryFault:
        raise Refusal("办理期限应写成 2026-12-31 这样的日期。") from None


@bp.get("/leads/keys")
@guarded("lead.keys")
def key_page() -> Any:
    return _key_page(KeyForm())


def _key_page(form: KeyForm) -> Any:
    listed = web.session().scalars(web.rows(CaseRoomKey, "lead.keys").order_by(CaseRoomKey.id.desc())).all()
    holders = {key.enrolled_by_id for key in listed if key.state == "confirmed"}
    open_ = [key for key in listed if key.state == "enrolled" and key.enrolled_by_id == current_user.id]
    challenges = {key.id: base64.b64encode(key.challenge).decode() for key in open_}
    shown = {"form": form, "keys": listed, "challenges": challenges, "holders": len(holders)}
    return render_template(
        "leads/keys.html", **shown, enough=keys.HOLDERS, states=KEY_STATES
    ), 422 if form.is_submitted() else 200


@bp.post("/leads/keys")
@guarded("lead.enrol_key")
def enrol() -> Any:
    form = KeyForm()
    if form.validate_on_submit():
        try:
            keys.enrol(web.session(), form.pem.data or "", web.myself())
            web.session().commit()
            flash("公钥已登记，请用私钥解开下面的验证内容。")
            return redirect(url_for("leads.key_page"))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    return _key_page(form)


@bp.post("/leads/keys/<uuid:name>")
@guarded("lead.enrol_key")
def prove(name: uuid.UUID) -> Any:
    keys.prove(web.session(), web.one(CaseRoomKey, name), request.form.get("answer", "")[:200], web.myself())
    web.session().commit()
    flash("验证通过，待领导核对指纹并确认后启用。")
    return redirect(url_for("leads.key_page"))


@bp.post("/leads/keys/<uuid:name>/confirm")
@guarded("lead.confirm_key")
def confirm_key(name: uuid.UUID) -> Any:
    """A leader's word on a key: in use from now on, or (`retire`) no longer."""
    key = web.one(CaseRoomKey, name)
    if request.form.get("what") == "retire":
        keys.retire(web.session(), key, web.myself())
        flash("已停用；以前的线索仍可用它的私钥解开。")
    else:
        keys.confirm(web.session(), key, web.myself())
        flash("已确认，今后的线索也用这把公钥密封。")
    web.session().commit()
    return redirect(url_for("leads.key_page"))
