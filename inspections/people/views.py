"""Pages of people: the list, one person with ties and relatives, and the form that changes a person."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.database import today
from inspections.people import office_views, removals, tie_views
from inspections.people.absences import FOR_GOOD, absent_days, days_off
from inspections.people.blueprint import bp
from inspections.people.forms import PersonForm
from inspections.people.kin.kinship import relation
from inspections.people.kin.terms import UnknownTerm, path_words, steps_of
from inspections.people.lists import area_name, narrowed, tie_counts
from inspections.people.models import SKILLS, SOURCES, Office, Person
from inspections.people.sheets import PEOPLE
from inspections.people.ties import TieBook, force_of
from inspections.site.refusal import Refusal
from inspections.units.changes import change
from inspections.units.entries import days_words
from inspections.units.fields import choices
from inspections.units.lists import areas_in_order, page_of
from inspections.units.models import Unit
from inspections.units.sheets import AREA, cells
from inspections.units.table_xlsx import table_xlsx
from inspections.units.views import XLSX
from inspections.web import guarded

__all__ = ["bp", "office_views", "tie_views"]  # all of them put their pages on `bp`


#: the columns of the roster and, behind the office, its township, as the list shows it
COLUMNS = [*PEOPLE.columns]
COLUMNS.insert(1 + [column.field for column in COLUMNS].index("office"), AREA)


def filtered() -> Any:
    """The people in reach that match the address."""
    return narrowed(web.session(), web.rows(Person), request.args)


@bp.get("/people")
@guarded("person.read")
def listing() -> Any:
    page = page_of(web.session(), filtered(), request.args.get("page", ""))
    return render_template(
        "people/list.html",
        page=page,
        counts=tie_counts(web.session()),
        areas=areas_in_order(web.session()),
        skills=SKILLS,
        area_name=area_name,
        days_words=days_words,
    )


@bp.get("/people.xlsx")
@guarded("person.read")
def listing_file() -> Any:
    rows = (
        cells(
            person,
            COLUMNS,
            office=person.office.name,
            area=area_name(person.area),
            home_unit=person.home_unit.name if person.home_unit else "",
        )
        for person in web.session().scalars(filtered())
    )
    made = table_xlsx(PEOPLE.name, [column.header for column in COLUMNS], rows)
    return send_file(made, XLSX, as_attachment=True, download_name="人员.xlsx")


@bp.get("/people/<uuid:name>")
@guarded("person.read")
def person_page(name: uuid.UUID) -> Any:
    person = web.one(Person, name)
    everybody, units = web.session().scalars(select(Person)).all(), web.session().scalars(select(Unit)).all()
    facts = TieBook(web.session(), everybody, units).on(today())
    return render_template(
        "people/person.html",
        person=person,
        skills=SKILLS,
        force={tie.id: force_of(tie, tie.kind, today()) for tie in person.ties},
        kin_kinds={kin.id: kin_words(kin.term) for kin in person.kin},
        derived=[fact for fact in facts if fact.derived and person in (fact.person, fact.other)],
        sources=SOURCES,
        area_name=area_name,
        days_words=days_words,
        off=[days for days in days_off(person, absent_days(web.session())) if days[1] != FOR_GOOD],
    )


def kin_words(term: str) -> str:
    """近姻亲（RC-07）：本人—妻子—弟弟：妻弟, or 不计 for a word that no article lists."""
    try:
        steps = steps_of(term)
    except UnknownTerm:
        return "不计"
    found = relation(steps)
    return f"{found.kind} {path_words(steps)}" if found else "不计"


@bp.route("/people/<uuid:name>/edit", methods=["GET", "POST"])
@guarded("person.write")
def edit(name: uuid.UUID) -> Any:
    person = web.one(Person, name)
    offices = {str(office.uuid): office for office in _all(Office)}
    units = {str(unit.uuid): unit for unit in _all(Unit)}
    if person.id == current_user.person_id:
        raise Refusal(removals.OWN)
    form = PersonForm.of(person)
    form.office.choices = choices((key, office.called) for key, office in offices.items())
    form.home_unit.choices = choices(((key, f"{u.area.name} {u.name}") for key, u in units.items()), "无")
    if form.validate_on_submit():
        values = form.values(offices, units)
        changes = change(web.session(), "person.change", person, values, current_user)
        web.session().commit()
        flash(f"{person.called}已保存。" if changes else "没有改动。")
        return redirect(url_for("people.person_page", name=person.uuid))
    return render_template("people/edit.html", form=form, person=person), 422 if form.is_submitted() else 200


def _all(model: type[Any]) -> Any:
    return web.session().scalars(select(model).options(orm.joinedload(model.area)).order_by(model.code))
