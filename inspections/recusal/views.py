"""Pages of requests for recusal and of days on which somebody cannot be sent."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.accounts.permissions import Reach
from inspections.database import today
from inspections.people import absences as absences_of
from inspections.people.lists import area_name
from inspections.people.meant import person_meant
from inspections.people.models import Absence, Office, Person, RecusalKind
from inspections.people.tie_rules import NEVER_STORED
from inspections.recusal import requests
from inspections.recusal.forms import AbsenceForm, OwnAbsenceForm, RequestForm, RequestStepForm
from inspections.recusal.models import RAISED_BY, STEPS, RecusalRequest
from inspections.site.refusal import Refusal
from inspections.units.entries import days_words
from inspections.units.fields import choices
from inspections.units.meant import unit_meant
from inspections.units.models import Unit
from inspections.web import guarded
from inspections.workdays.days import calendar

bp = Blueprint("recusal", __name__)

#: weeks that the calendar of absences shows
WEEKS = 10
#: step → the action that takes it, what is asked, and the word of the two answers
ACTIONS = {
    "checked": ("recusal.handle", "关系是否属实", "属实", "不属实"),
    "decided": ("recusal.handle", "是否同意回避", "同意回避", "不同意"),
    "substituted": ("recusal.handle", "替补是否落实", "已落实（或不需要）", "无人可替，不回避"),
    "approved": ("recusal.approve", "是否批准", "批准", "不批准"),
}


@bp.get("/recusal")
@guarded("recusal.read")
def listing() -> Any:
    found = web.rows(RecusalRequest).order_by(RecusalRequest.id.desc())
    loaded = found.options(orm.joinedload(RecusalRequest.unit))
    page = web.session().scalars(loaded).all()
    return render_template("recusal/list.html", rows=page, steps=STEPS, raised=RAISED_BY, whole=_whole())


def _whole() -> bool:
    """Whether the reader sees more of a request than that it was made and how it ended."""
    return web.permissions().reach(current_user, "recusal.read") is Reach.COUNTY


@bp.route("/recusal/new", methods=["GET", "POST"])
@guarded("recusal.request")
def new() -> Any:
    form = RequestForm()
    kinds = web.session().scalars(select(RecusalKind).order_by(RecusalKind.code)).all()
    form.kind.choices = choices((k.code, f"{k.code} {k.name}") for k in kinds if k.code not in NEVER_STORED)
    if not _whole():
        form.raised_by.choices = choices({"unit": RAISED_BY["unit"]})
    if form.validate_on_submit():
        try:
            unit = unit_meant(web.session(), form.unit.value, web.rows(Unit, "unit.read"))
            told = (form.kind.data, form.raised_by.data, form.person_words.value, form.ground.value)
            made = requests.apply(web.session(), unit, *told, web.myself())
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash("申请已提出。")
            return redirect(url_for("recusal.page", name=made.uuid))
    return render_template("recusal/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/recusal/<uuid:name>")
@guarded("recusal.read")
def page(name: uuid.UUID) -> Any:
    return _page(web.one(RecusalRequest, name), None, 200)


def _page(made: RecusalRequest, form: RequestStepForm | None, code: int) -> Any:
    step = made.next
    if step is not None and web.permissions().allows(current_user, ACTIONS[step][0]):
        form = form or RequestStepForm(formdata=None, seen=str(made.version), step=step)
        form.agreed.label.text = ACTIONS[step][1]
        form.agreed.choices = choices({"yes": ACTIONS[step][2], "no": ACTIONS[step][3]})
    else:
        form = None
    shown = {"made": made, "form": form, "step": step, "steps": STEPS, "raised": RAISED_BY, "whole": _whole()}
    return render_template("recusal/page.html", actions=ACTIONS, **shown), code


@bp.post("/recusal/<uuid:name>/handle")
@guarded("recusal.handle")
def handle(name: uuid.UUID) -> Any:
    return _take(name, ("checked", "decided", "substituted"))


@bp.post("/recusal/<uuid:name>/approve")
@guarded("recusal.approve")
def approve(name: uuid.UUID) -> Any:
    return _take(name, ("approved",))


def _take(name: uuid.UUID, allowed: tuple[str, ...]) -> Any:
    made, form = web.one(RecusalRequest, name, "recusal.read"), RequestStepForm()
    if form.step.data not in allowed:
        raise Refusal("这一步不能在这里办理。")
    if not form.validate():
        return _page(made, form, 422)
    seen = web.seen(form.seen.data)
    said = requests.Step(
        form.agreed.data == "yes", form.reason.value, form.person.value, form.substitute.value
    )
    requests.take_step(web.session(), made, seen, form.step.data, said, web.myself())
    web.session().commit()
    flash(f"{STEPS[form.step.data]}已记录。")
    return redirect(url_for("recusal.page", name=name))


@bp.route("/absences", methods=["GET", "POST"])
@guarded("absence.write")
def absences() -> Any:
    """Own days for members, anybody's for planner and case room; each withdraws only what they entered."""
    everybody = web.permissions().reach(current_user, "absence.write") is Reach.COUNTY
    form = AbsenceForm() if everybody else OwnAbsenceForm()
    if form.validate_on_submit():
        try:
            person = person_meant(web.session(), form.person.value) if everybody else current_user.person
            if person is None:
                raise Refusal("您的账号没有对应的名册人员。")
            quiet = current_user.role == "case_room"
            absences_of.be_absent(
                web.session(), person, form.start.value, form.end.value, web.myself(), quiet=quiet
            )
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash(f"{person.called}在这段日期不派出，已登记。")
            return redirect(url_for("recusal.absences"))
    mine = select(Absence).where(Absence.entered_by_id == current_user.id, Absence.end >= today())
    shown: dict[str, Any] = {"mine": web.session().scalars(mine.order_by(Absence.start)).all()}
    if web.permissions().allows(current_user, "person.read"):
        shown |= _everybody_away()
    page = render_template(
        "recusal/absences.html", form=form, everybody=everybody, days_words=days_words, **shown
    )
    return page, 422 if form.is_submitted() else 200


def _everybody_away() -> dict[str, Any]:
    """All absences from this week on, joined by person, and the weeks with workdays and people away."""
    entered = absences_of.absent_days(web.session())
    loaded = (
        select(Person).options(orm.joinedload(Person.office).joinedload(Office.area)).order_by(Person.code)
    )
    monday = today() - dt.timedelta(days=today().weekday())
    away = []
    for person in web.session().scalars(loaded.where(Person.left_on.is_(None))):
        days = [one for one in absences_of.days_off(person, entered) if one[1] >= monday.isoformat()]
        if days:
            away.append((person, days))
    known = calendar(web.session())
    weeks = []
    for number in range(WEEKS):
        first = monday + dt.timedelta(days=7 * number)
        last = first + dt.timedelta(days=6)
        worked = sum(known.works(first + dt.timedelta(days=n)) for n in range(7))
        gone = sum(any(a <= last.isoformat() and b >= first.isoformat() for a, b in days) for _, days in away)
        weeks.append((first, last, worked, gone))
    years = sorted({day.year for first, last, _, _ in weeks for day in (first, last)})
    unknown = [year for year in years if not known.is_announced(year)]
    return {"away": away, "weeks": weeks, "unknown": unknown, "area_name": area_name}


@bp.post("/absences/<uuid:name>/withdraw")
@guarded("absence.write")
def withdraw(name: uuid.UUID) -> Any:
    row = web.session().scalar(
        select(Absence).where(Absence.uuid == name, Absence.entered_by_id == current_user.id)
    )
    if row is None:
        abort(404)
    absences_of.be_back(web.session(), row, web.myself(), quiet=current_user.role == "case_room")
    web.session().commit()
    flash("已撤销。")
    return redirect(url_for("recusal.absences"))
