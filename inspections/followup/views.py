"""Pages of the register: the list, one problem with what may be done to it now, its proofs, 回头看."""

import io
import re
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select
from wtforms import SelectChoice

from inspections import web
from inspections.accounts.models import User
from inspections.findings.models import TaxonomyEntry
from inspections.findings.register import names_of
from inspections.followup import (
    checking,
    due_calendar,
    handing_over,
    letter_plan,
    lookback,
    rectification,
    reminders,
)
from inspections.followup.forms import DispatchForm, ItemStepForm, ReminderForm
from inspections.followup.models import DISPATCHES, WAYS, Item, Proof
from inspections.followup.proofs import KINDS
from inspections.followup.register import HEADER, PAGE, Narrowing, register, rows
from inspections.followup.rulebook import ACTIONS, RATINGS, STATES, rulebook
from inspections.site.refusal import Conflict, Refusal
from inspections.units.meant import qualified, unit_meant
from inspections.units.models import Unit
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("followup", __name__)

#: which fields of the step form an action asks for; the rest is not shown
FIELDS = {
    "submit_plan": ("measures", "persons", "until"),
    "report_progress": ("text", "recovered", "households", "documents"),
    "ask_extension": ("until", "text"),
    "report_done": ("text", "recovered", "households", "before", "after", "documents"),
    "assign_check": ("checker",),
    "reopen": ("text", "until"),
    **dict.fromkeys(RATINGS, ("text", "after", "documents")),
    "sign_receipt": (),
    "accept_plan": (),
    "close": ("text",),
}
LABELS = {"submit_plan": "计划完成日期", "ask_extension": "申请延期至", "reopen": "重新确定的整改时限"}


def names() -> dict[str, str]:
    """Code → words of the taxonomy."""
    return names_of(web.session().scalars(select(TaxonomyEntry)).all())


@bp.get("/rectification")
@guarded("item.read")
def listing() -> Any:
    chosen, page = Narrowing.of(request.args), web.page_number()
    found = register(web.session(), web.rows(Item), chosen, page)
    shown = {"chosen": chosen, "page": page, "size": PAGE, "states": STATES, "ways": WAYS, "names": names()}
    return render_template("followup/list.html", found=found, **shown)


@bp.get("/rectification.xlsx")
@guarded("item.read")
def workbook() -> Any:
    lines = rows(web.session(), web.rows(Item), Narrowing.of(request.args), names())
    return send_file(
        table_xlsx("整改台账", HEADER, lines),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name="整改台账.xlsx",
    )


@bp.get("/rectification.ics")
@guarded("item.read")
def dates() -> Any:
    wanted = web.rows(Item).order_by(Item.due, Item.id).options(orm.joinedload(Item.unit))
    items = web.session().scalars(wanted).all()
    body = due_calendar.of_items(items)
    return send_file(
        io.BytesIO(body), mimetype="text/calendar", as_attachment=True, download_name="整改时限.ics"
    )


@bp.get("/rectification/<uuid:name>")
@guarded("item.read")
def item_page(name: uuid.UUID) -> Any:
    partners = orm.selectinload(Item.partners).joinedload(Unit.area)
    return _page(web.one(Item, name, with_=(partners,)), ItemStepForm())


def _page(item: Item, form: ItemStepForm, code: int = 200) -> Any:
    """The problem with its history and a form for each step that this person may take now."""
    may_act = web.permissions().allows(current_user, "item.act")
    rules = [
        rule
        for rule in rulebook().actions(item.state, current_user.role)
        if may_act and _offered(item, rule.action)
    ]
    form.seen.data = item.version
    checkers = (
        checking.candidates(web.session(), item) if any(r.action == "assign_check" for r in rules) else []
    )
    form.checker.choices = [SelectChoice("", "请选择")] + [
        SelectChoice(str(user.uuid), f"{user.name}（{user.role_name}）") for user in checkers
    ]
    shown = {
        "item": item,
        "form": form,
        "rules": rules,
        "fields": FIELDS,
        "labels": LABELS,
        "states": STATES,
        "actions": ACTIONS,
        "ways": WAYS,
        "dispatches": DISPATCHES,
        "kinds": KINDS,
        "names": names(),
        "reminding": ReminderForm(to=item.responsible),
        "dispatching": DispatchForm(
            how=item.dispatch,
            office=item.office,
            partners="、".join(qualified(unit) for unit in item.partners),
        ),
        "plans": letter_plan.plans_of(web.session(), item.paper_id),
    }
    return render_template("followup/item.html", **shown), code


def _offered(item: Item, action: str) -> bool:
    """Whether the step makes sense for this very person; the business decides again."""
    if current_user.role == "recipient" and not item.is_led_by(current_user):
        return action in rectification.OF_PARTNERS
    if action in RATINGS:
        return item.checker_id == current_user.id
    if action in ("grant_extension", "refuse_extension"):
        return item.asked_due is not None
    if action == "ask_extension":
        return item.asked_due is None
    if action == "report_done":
        return item.state != "received" or item.way == "at_once"
    if action in ("recheck_held", "recheck_failed"):
        return not checking.in_the_first_team(web.session(), item, current_user)
    return True


@bp.post("/rectification/<uuid:name>")
@guarded("item.act")
def act(name: uuid.UUID) -> Any:
    item = web.one(Item, name)
    form = ItemStepForm()
    web.pause()  # decoding photographs takes seconds
    form.checker.choices = []
    if not form.validate_on_submit():
        return _page(item, form, 422)
    action = form.action.data or ""
    try:
        what = form.act(FIELDS.get(action, ("text",)), _checker(form.checker.data))
        rectification.act(web.session(), item, action, web.myself(), form.seen.data or 0, what)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        told = refusal.changes if isinstance(refusal, Conflict) else []
        form.form_errors.append("".join([str(refusal), *told]))
        return _page(item, form, 409 if isinstance(refusal, Conflict) else 422)
    flash(f"已办理：{ACTIONS.get(action, action)}。")
    return redirect(url_for("followup.item_page", name=item.uuid))


def _checker(sent: str | None) -> User | None:
    try:
        return web.session().scalar(select(User).where(User.uuid == uuid.UUID(sent or "")))
    except ValueError:
        return None


@bp.post("/rectification/<uuid:name>/reminders")
@guarded("item.manage")
def remind(name: uuid.UUID) -> Any:
    item = web.one(Item, name)
    form = ReminderForm()
    if not form.validate_on_submit():
        raise Refusal("没有登记：" + "".join(error for errors in form.errors.values() for error in errors))
    said = form.channel.data, form.to.data, form.text.data
    reminders.log(web.session(), item, *said, web.myself())
    web.session().commit()
    flash("提醒已登记。")
    return redirect(url_for("followup.item_page", name=item.uuid))


@bp.post("/rectification/<uuid:name>/dispatch")
@guarded("item.manage")
def dispatch(name: uuid.UUID) -> Any:
    item = web.one(Item, name)
    form = DispatchForm()
    if not form.validate_on_submit():
        raise Refusal("没有保存：" + "".join(error for errors in form.errors.values() for error in errors))
    named = re.split(r"[、，,;；\s]+", (form.partners.data or "").strip())
    partners = [unit_meant(web.session(), entry) for entry in named if entry]
    said = form.how.data, form.office.data or "", web.myself(), partners
    handing_over.dispatch(web.session(), item, *said)
    web.session().commit()
    flash("分办方式已保存。")
    return redirect(url_for("followup.item_page", name=item.uuid))


@bp.get("/rectification/proofs/<uuid:name>")
@guarded("item.read")
def proof(name: uuid.UUID) -> Any:
    found = web.one(Proof, name)
    data = web.intact(found.data, found.sha256, found.uuid, found)
    web.note_reading("proof.read", found.uuid)
    return send_file(
        io.BytesIO(data),
        mimetype=found.media_type,
        download_name=found.name,
        as_attachment=not found.media_type.startswith("image/"),
        etag=found.sha256,
        max_age=0,
    )


@bp.post("/rectification/revisits")
@guarded("cycle.write")
def plan_revisits() -> Any:
    """A cycle with the units that are due, to be looked over before it is planned."""
    units = [one.unit for one in lookback.revisits(web.session())]
    cycle = lookback.cycle_of(web.session(), units, web.myself())
    web.session().commit()
    flash(f"已新建“{cycle.name}”，请核对单位和日期，然后排程。")
    return redirect(url_for("rounds.cycle_page", name=cycle.uuid))


@bp.get("/rectification/revisits")
@guarded("item.manage")
def revisits() -> Any:
    found = lookback.revisits(web.session())
    checked = web.session().scalars(select(Item).where(Item.rechecked_on.is_not(None))).all()
    return render_template("followup/revisits.html", found=found, rebound=lookback.rebound(checked))
