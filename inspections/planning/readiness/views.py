"""Pages of a cycle's readiness: who answered, is trained, may be sent; and the member's own answer."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.people.forms import KinForm, OwnTieForm
from inspections.people.kin.terms import TERMS
from inspections.people.lists import area_name
from inspections.people.models import Person, RecusalKind
from inspections.planning.readiness.asking import asking_for
from inspections.planning.statement import people_of
from inspections.recusal import declaring, readiness, stand_in
from inspections.recusal.forms import AnswerForm, RuleForm, StandInForm, TrainingForm
from inspections.recusal.models import Training
from inspections.rounds.models import Cycle
from inspections.site.refusal import Refusal
from inspections.units.fields import choices
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded
from inspections.workdays.days import calendar

bp = Blueprint("readiness", __name__)

SHOWN = {
    "": "还不能派的",
    "silent": "未申报的",
    "untrained": "未培训的",
    "declared": "申报了关系的",
    "all": "全部",
}


def _table(cycle: Cycle, show: str) -> tuple[list[Person], dict[int, readiness.Standing], list[Person]]:
    people = people_of(web.session(), cycle)
    found = readiness.standings(web.session(), cycle.id, people)
    wanted = {
        "silent": lambda one: one.answer is None,
        "untrained": lambda one: "未培训" in one.missing,
        "declared": lambda one: one.answer is not None and not one.answer.nil,
        "all": lambda one: True,
    }.get(show, lambda one: not one.ready)
    return people, found, [person for person in people if wanted(found[person.id])]


@bp.get("/rounds/<uuid:name>/readiness")
@guarded("readiness.read")
def page(name: uuid.UUID) -> Any:
    return page_of_cycle(web.one(Cycle, name), 200)


def page_of_cycle(
    cycle: Cycle,
    code: int,
    rule_form: RuleForm | None = None,
    form: TrainingForm | None = None,
    stand_in_form: StandInForm | None = None,
) -> Any:
    """The page, with the form that was refused as it was typed."""
    people, found, rows = _table(cycle, request.args.get("show", ""))
    rule = readiness.rule_of(web.session(), cycle.id)
    given = {"declarations": rule.declarations, "training": rule.training}
    form = form or training_form(people, formdata=None)
    trainings = select(Training).where(Training.cycle_id == cycle.id).order_by(Training.day)
    shown = {
        "cycle": cycle,
        "people": people,
        "found": found,
        "rows": rows,
        "rule": rule,
        "counts": {
            "answered": sum(one.answer is not None for one in found.values()),
            "untrained": sum("未培训" in one.missing for one in found.values()),
            "ready": sum(one.ready for one in found.values()),
        },
        "trainings": web.session().scalars(trainings.options(orm.selectinload(Training.people))).all(),
        "rounds": _workdays(cycle),
        "shown": SHOWN,
        "area_name": area_name,
        "rule_form": rule_form or RuleForm(formdata=None, data=given),
        "form": form,
        "stand_in_form": stand_in_form or StandInForm(formdata=None),
        "batches": stand_in.batches(web.session(), cycle.id),
        "ticked": set(request.form.getlist("person")),
        "settled": any(plan.state in ("approved", "published") for plan in cycle.plans),
    }
    return render_template("recusal/readiness.html", **shown), code


def _workdays(cycle: Cycle) -> list[tuple[Any, int, int, bool]]:
    """For each round its worked days, its days of rest, and whether the year's moved workdays are known."""
    known = calendar(web.session())
    listed = []
    for round_ in cycle.rounds:
        days = [round_.start + dt.timedelta(days=n) for n in range((round_.end - round_.start).days + 1)]
        worked = sum(known.works(day) for day in days)
        announced = all(known.is_announced(day.year) for day in (round_.start, round_.end))
        listed.append((round_, worked, len(days) - worked, announced))
    return listed


def training_form(people: list[Person], **given: Any) -> TrainingForm:
    """The form with the people and offices of the cycle to choose from."""
    form = TrainingForm(**given)
    offices = {str(person.office.uuid): person.office.called for person in people}
    first = {"ticked": "名单中勾选的人，或签到表上的人", "": f"全部 {len(people)} 人"}
    form.whom.choices = choices(first | offices)
    return form


@bp.get("/rounds/<uuid:name>/readiness.xlsx")
@guarded("readiness.read")
def reminders(name: uuid.UUID) -> Any:
    """Who is still to answer or to be trained, office by office: the list by which people are called."""
    _, found, rows = _table(web.one(Cycle, name), request.args.get("show", ""))
    rows.sort(key=lambda person: (person.office.code, person.code))
    lines = (
        [
            person.office.name,
            area_name(person.area),
            person.code,
            person.called,
            "、".join(found[person.id].missing),
        ]
        for person in rows
    )
    made = table_xlsx("催报名单", ["机构", "乡镇", "人员编号", "姓名", "尚缺"], lines)
    return send_file(made, XLSX, as_attachment=True, download_name="催报名单.xlsx")


@bp.post("/rounds/<uuid:name>/readiness/rule")
@guarded("readiness.write")
def set_rule(name: uuid.UUID) -> Any:
    cycle, form = web.one(Cycle, name), RuleForm()
    if not form.validate():
        return page_of_cycle(cycle, 422, rule_form=form)
    asked = (form.declarations.data, form.training.data, form.reason.value)
    readiness.set_rule(web.session(), cycle.id, cycle.uuid, *asked, web.myself())
    web.session().commit()
    flash("要求已更改，从下一次排程起生效。")
    return redirect(url_for("readiness.page", name=name))


# ---------------------------------------------------------------- the member's own


def _own(name: uuid.UUID) -> Cycle:
    cycles = asking_for(web.session(), current_user.person)
    cycle = next((one for one in cycles if one.uuid == name), None)
    return cycle if cycle is not None else abort(404)


@bp.get("/declarations")
@guarded("declaration.write")
def mine() -> Any:
    cycles = asking_for(web.session(), current_user.person)
    answers = readiness.answers(web.session(), [cycle.id for cycle in cycles])
    person_id = current_user.person_id
    shown = [(cycle, answers[cycle.id].get(person_id)) for cycle in cycles]
    return render_template("recusal/mine.html", shown=shown)


@bp.get("/declarations/<uuid:name>")
@guarded("declaration.write")
def declare(name: uuid.UUID) -> Any:
    return _declaration(_own(name), None, None, 200)


def _declaration(cycle: Cycle, kin: KinForm | None, tie: OwnTieForm | None, code: int) -> Any:
    person = current_user.person
    page = render_template(
        "recusal/declare.html",
        cycle=cycle,
        person=person,
        ties=[one for one in person.ties if one.source == "self"],
        answer=readiness.answers_of(web.session(), cycle.id).get(person.id),
        kin_form=kin or KinForm(formdata=None, prefix="kin"),
        tie_form=tie or _tie_form(formdata=None),
        form=AnswerForm(formdata=None),
        terms=TERMS,
    )
    return page, code


def _tie_form(**given: Any) -> OwnTieForm:
    form = OwnTieForm(prefix="tie", **given)
    kinds = web.session().scalars(select(RecusalKind).order_by(RecusalKind.code))
    form.kind.choices = choices((k.code, k.name) for k in kinds if k.code in declaring.DECLARABLE)
    return form


@bp.post("/declarations/<uuid:name>/kin")
@guarded("declaration.write")
def declare_kin(name: uuid.UUID) -> Any:
    cycle, form = _own(name), KinForm(prefix="kin")
    if form.validate():
        try:
            declaring.declare_kin(web.session(), current_user.person, form.values(), web.myself())
            web.session().commit()
            flash("已登记，立即生效。还有的请继续登记，最后提交申报。")
            return redirect(url_for("readiness.declare", name=name))
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
    return _declaration(cycle, form, None, 422)


@bp.post("/declarations/<uuid:name>/ties")
@guarded("declaration.write")
def declare_tie(name: uuid.UUID) -> Any:
    cycle, form = _own(name), _tie_form()
    if form.validate():
        try:
            declaring.declare_tie(web.session(), current_user.person, form.values(), web.myself())
            web.session().commit()
            flash("已登记，立即生效。还有的请继续登记，最后提交申报。")
            return redirect(url_for("readiness.declare", name=name))
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
    return _declaration(cycle, None, form, 422)


@bp.post("/declarations/<uuid:name>/answer")
@guarded("declaration.write")
def answer(name: uuid.UUID) -> Any:
    cycle = _own(name)
    nil = request.form.get("nil") == "1"
    declaring.answer(web.session(), cycle.id, cycle.uuid, current_user.person, web.myself(), nil)
    web.session().commit()
    flash("申报已提交。以后有新的关系，请随时回来登记。")
    return redirect(url_for("readiness.mine"))
