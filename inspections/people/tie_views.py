"""Pages of ties: declare and remove a tie or a relative of a person, and who may not come to a unit."""

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.database import today
from inspections.people import doubles, edits, removals
from inspections.people.blueprint import bp
from inspections.people.forms import KeyPostForm, KinForm, KinSetForm, ReasonForm, TieForm
from inspections.people.key_posts import KEY_POSTS, key_post
from inspections.people.kin.kinship import KIN_SETS
from inspections.people.kin.terms import TERMS
from inspections.people.lists import area_name, same_county
from inspections.people.models import KeyPost, Kin, Person, RecusalKind, Removal, Tie
from inspections.people.tie_rules import NEVER_STORED
from inspections.people.ties import chosen_kin_set, ties_on
from inspections.site.refusal import Refusal
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


@bp.route("/ties/<uuid:name>/remove", methods=["GET", "POST"])
@guarded("person.write")
def remove_tie(name: uuid.UUID) -> Any:
    tie = web.one(Tie, name)
    return _asked(tie, url_for("people.person_page", name=tie.person.uuid))


def _asked(row: Tie | Kin | KeyPost, back: str) -> Any:
    """The page that asks for a removal and why, or the way back once it waits for a second person."""
    form = ReasonForm()
    if form.validate_on_submit():
        removals.ask(web.session(), row, form.reason.value, web.myself())
        web.session().commit()
        flash("已提出删除，由另一人确认后生效；此前仍按原登记回避。")
        return redirect(back)
    page = render_template("people/remove.html", form=form, what=f"删除{removals.words_of(row)}", back=back)
    return page, 422 if form.is_submitted() else 200


@bp.route("/removals", methods=["GET", "POST"])
@guarded("removal.decide")
def removals_page() -> Any:
    """What somebody asked to take off the list, for a second person to agree to."""
    if request.method == "POST":
        removal = web.one(Removal, named(request.form.get("name")))
        removals.decide(web.session(), removal, request.form.get("agreed") == "1", web.myself())
        web.session().commit()
        flash("已删除，理由记入日志。" if removal.agreed else "没有同意，原登记不变。")
        return redirect(url_for("people.removals_page"))
    waiting = web.rows(Removal).where(Removal.agreed.is_(None)).order_by(Removal.id)
    return render_template("people/removals.html", waiting=web.session().scalars(waiting).all())


def named(said: str | None) -> uuid.UUID:
    """The random name in a form; 404 for nonsense."""
    try:
        return uuid.UUID(said or "")
    except ValueError:
        abort(404)


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
        "people/kin_new.html", form=form, person=person, terms=TERMS
    ), 422 if form.is_submitted() else 200


@bp.route("/kin/<uuid:name>/remove", methods=["GET", "POST"])
@guarded("person.write")
def remove_kin(name: uuid.UUID) -> Any:
    kin = web.one(Kin, name)
    return _asked(kin, url_for("people.person_page", name=kin.person.uuid))


@bp.route("/units/<uuid:name>/posts", methods=["GET", "POST"])
@guarded("person.write")
def key_posts(name: uuid.UUID) -> Any:
    unit = web.one(Unit, name, "unit.read")
    form = KeyPostForm()
    if form.validate_on_submit():
        try:
            edits.add_key_post(web.session(), unit, form.values(), current_user)
        except Refusal as refusal:
            form.form_errors.append(str(refusal))
        else:
            web.session().commit()
            flash("任职已登记。")
            return redirect(url_for("people.key_posts", name=name))
    held = select(KeyPost).where(KeyPost.unit_id == unit.id).order_by(KeyPost.post, KeyPost.id)
    rows = web.session().scalars(held).all()
    page = render_template(
        "people/key_posts.html", unit=unit, form=form, rows=rows, kinds=KEY_POSTS, kind=key_post
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/posts/<uuid:name>/remove", methods=["GET", "POST"])
@guarded("person.write")
def remove_key_post(name: uuid.UUID) -> Any:
    row = web.one(KeyPost, name)
    return _asked(row, url_for("people.key_posts", name=row.unit.uuid))


@bp.route("/recusal/kinds", methods=["GET", "POST"])
@guarded("recusal.kinds")
def kinds() -> Any:
    """The catalogue as the county uses it, and the choice of the kin set."""
    form = KinSetForm(data={"chosen": chosen_kin_set(web.session())})
    may_choose = web.permissions().allows(current_user, "person.write")
    if may_choose and form.validate_on_submit():
        edits.choose_kin_set(web.session(), form.chosen.data, form.reason.value, current_user)
        web.session().commit()
        flash("亲属范围已保存，从下一次排程起生效。")
        return redirect(url_for("people.kinds"))
    rows = web.session().scalars(select(RecusalKind).order_by(RecusalKind.code)).all()
    chosen = chosen_kin_set(web.session())
    page = render_template(
        "people/kinds.html", rows=rows, form=form, chosen=KIN_SETS[chosen], may_choose=may_choose
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/people/doubles")
@guarded("person.write")
def doubles_page() -> Any:
    found = doubles.doubles(web.session())
    return render_template("people/doubles.html", found=found, waiting=[d for d in found if d.same is None])


@bp.post("/people/doubles")
@guarded("person.write")
def decide_double() -> Any:
    one, other = request.form.get("one", ""), request.form.get("other", "")
    doubles.decide(web.session(), one, other, "same" in request.form, web.myself())
    web.session().commit()
    flash("已确认，回避关系随即按此计算。")
    return redirect(url_for("people.doubles_page"))
