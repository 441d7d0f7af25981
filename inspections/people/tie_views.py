"""Pages of ties: declare and remove a tie or a relative of a person, and who may not come to a unit."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.database import today
from inspections.people import edits
from inspections.people.blueprint import bp
from inspections.people.forms import KinForm, TieForm
from inspections.people.lists import area_name, same_county
from inspections.people.models import Kin, Person, RecusalKind, Tie
from inspections.people.tie_rules import NEVER_STORED
from inspections.people.ties import ties_on
from inspections.refusal import Refusal
from inspections.units.fields import choices
from inspections.units.models import Unit
from inspections.web import guarded


@bp.get("/units/<uuid:name>/ties")
@guarded("person.read")
def barred(name: uuid.UUID) -> Any:
    unit = web.one(Unit, name, "unit.read")
    people = same_county(web.session(), unit)
    facts = ties_on(web.session(), people, [unit], today())
    to_unit = [fact for fact in facts if fact.unit is unit]
    kinds = {kind.code: kind for kind in web.session().scalars(select(RecusalKind))}
    residents = [person for person in people if person.home_unit_id == unit.id]
    hard = {fact.person.id for fact in to_unit if fact.hard} | {person.id for person in residents}
    soft = {fact.person.id for fact in to_unit if not fact.hard} - hard
    return render_template(
        "people/barred.html",
        unit=unit,
        facts=to_unit,
        residents=residents,
        kinds=kinds,
        hard=hard,
        soft=soft,
        area_name=area_name,
        on=today(),
    )


@bp.route("/people/<uuid:name>/ties/new", methods=["GET", "POST"])
@guarded("person.write")
def new_tie(name: uuid.UUID) -> Any:
    person = web.one(Person, name)
    form = TieForm()
    kinds = web.session().scalars(select(RecusalKind).order_by(RecusalKind.code)).all()
    form.kind.choices = choices((k.code, f"{k.code} {k.name}") for k in kinds if k.code not in NEVER_STORED)
    if form.validate_on_submit():
        try:
            edits.add_tie(web.session(), person, form.values(), current_user)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash("回避关系已登记。")
            return redirect(url_for("people.person_page", name=person.uuid))
    return render_template(
        "people/tie_new.html", form=form, person=person, kinds=kinds
    ), 422 if form.is_submitted() else 200


@bp.post("/ties/<uuid:name>/remove")
@guarded("person.write")
def remove_tie(name: uuid.UUID) -> Any:
    person = edits.remove_tie(web.session(), web.one(Tie, name), current_user)
    web.session().commit()
    flash("回避关系已删除，删除记入日志。")
    return redirect(url_for("people.person_page", name=person.uuid))


@bp.route("/people/<uuid:name>/kin/new", methods=["GET", "POST"])
@guarded("person.write")
def new_kin(name: uuid.UUID) -> Any:
    person = web.one(Person, name)
    form = KinForm()
    if form.validate_on_submit():
        try:
            edits.add_kin(web.session(), person, form.values(), current_user)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash("亲属已登记。")
            return redirect(url_for("people.person_page", name=person.uuid))
    return render_template(
        "people/kin_new.html", form=form, person=person
    ), 422 if form.is_submitted() else 200


@bp.post("/kin/<uuid:name>/remove")
@guarded("person.write")
def remove_kin(name: uuid.UUID) -> Any:
    person = edits.remove_kin(web.session(), web.one(Kin, name), current_user)
    web.session().commit()
    flash("亲属已删除，删除记入日志。")
    return redirect(url_for("people.person_page", name=person.uuid))
