"""Pages of what becomes of people: one form for each kind of event, reached from the person's page."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm

from inspections import web
from inspections.lives import forms, people
from inspections.people import removals
from inspections.people.meant import office_meant, person_meant, qualified
from inspections.people.models import SKILLS, Office, Person
from inspections.site.refusal import Refusal
from inspections.units.fields import choices
from inspections.units.lists import areas_in_order
from inspections.units.meant import qualified as qualified_unit
from inspections.units.meant import unit_meant
from inspections.units.models import Unit
from inspections.web import guarded

bp = Blueprint("lives", __name__)


def known(form: FlaskForm) -> dict[str, list[str]]:
    """What the fields of the form offer while somebody types: names that mean one person or place each."""
    wanted = {(field.render_kw or {}).get("list") for field in form}
    offered: dict[str, list[str]] = {}
    if "known-offices" in wanted:
        offices = web.session().scalars(web.rows(Office, "person.read").order_by(Office.code))
        offered["known-offices"] = [office.called for office in offices]
    if "known-units" in wanted:
        units = web.rows(Unit, "unit.read").where(Unit.ended_on.is_(None)).order_by(Unit.code)
        offered["known-units"] = [qualified_unit(unit) for unit in web.session().scalars(units)]
    if "known-people" in wanted:
        rows = web.rows(Person, "person.read").where(Person.same_as_id.is_(None)).order_by(Person.code)
        offered["known-people"] = [qualified(person) for person in web.session().scalars(rows)]
    return offered


def units_named(text: str) -> list[Unit]:
    """The units that the words name, each once. Raises Refusal for one that is not known."""
    said = [part.strip() for part in re.split(r"[、;；\n]+|[,，](?![^（(]*[)）])", text) if part.strip()]
    return list(dict.fromkeys(unit_meant(web.session(), part) for part in said))


def unit_named(text: str) -> Unit | None:
    """The unit, or None where none is named."""
    return unit_meant(web.session(), text) if text else None


def _move(person: Person, form: Any) -> str:
    office = office_meant(web.session(), form.office.value)
    to = people.Move(
        office,
        unit_named(form.home_unit.value),
        form.day.value,
        units_named(form.former.value),
        form.since.value,
        form.basis.value,
    )
    event = people.move(web.session(), person, to, web.myself())
    when = "" if event.done else f"，{event.day} 起生效"
    barred = f"，登记曾任职 {len(to.former)} 个单位" if to.former else ""
    return f"{person.name}调到{office.called}{when}{barred}。"


def _lend(person: Person, form: Any) -> str:
    when = (form.day.value, form.until.value)
    unit = unit_named(form.unit.value)
    where = form.where.value
    people.lend(web.session(), person, where, *when, web.myself(), unit=unit, basis=form.basis.value)
    return f"{person.name}借调到{where}，{when[0]} 至 {when[1]} 不派。"


def _leave(person: Person, form: Any) -> str:
    people.leave(web.session(), person, form.day.value, web.myself(), form.basis.value)
    return f"{person.name}从 {form.day.value} 起离开，不再派出。"


def _return(person: Person, form: Any) -> str:
    people.return_(web.session(), person, form.day.value, web.myself())
    return f"{person.name}从 {form.day.value} 起返回。账号没有自动启用。"


def _merge(person: Person, form: Any) -> str:
    other = person_meant(web.session(), form.other.value)
    if other.id == web.myself().person_id:
        raise Refusal(removals.OWN)
    people.merge(web.session(), person, other, web.myself())
    return f"{other.name}（{other.whereabouts}）的登记已并入{person.name}。"


@dataclass(frozen=True)
class Kind:
    """One kind of event: what the page is called, its form, what it does, and what will happen."""

    title: str
    form: type[FlaskForm]
    act: Callable[[Person, Any], str]
    warning: str


KINDS: Mapping[str, Kind] = {
    "move": Kind("调动", forms.MoveForm, _move, "已批准的方案不变；要换人请在方案页补位。"),
    "lend": Kind("借调", forms.LendForm, _lend, "借调期间不派，期满自动恢复。"),
    "leave": Kind("离开", forms.LeaveForm, _leave, "历史记录保留；已批准的方案不变，要换人请在方案页补位。"),
    "return": Kind("返回", forms.ReturnForm, _return, "原有的回避关系和亲属仍然有效，请核对。"),
    "merge": Kind("并为一条", forms.MergeForm, _merge, "两条的回避、亲属和请假合在一起，不能拆开。"),
}


def _before(what: str, person: Person) -> dict[str, Any]:
    """What the form offers before anybody types: for a move, the former post."""
    if what != "move":
        return {}
    former = people.former_post(web.session(), person)
    return {
        "home_unit": qualified_unit(person.home_unit) if person.home_unit else "",
        "former": "、".join(qualified_unit(unit) for unit in former),
        "since": str(people.held_since(web.session(), person) or ""),
    }


@bp.route("/people/<uuid:name>/<any(move, lend, leave, return, merge):what>", methods=["GET", "POST"])
@guarded("person.write")
def happened(name: uuid.UUID, what: str) -> Any:
    person, kind = web.one(Person, name), KINDS[what]
    if person.id == web.myself().person_id:
        raise Refusal(removals.OWN)
    form = kind.form(data=_before(what, person))
    if form.validate_on_submit():
        try:
            sentence = kind.act(person, form)
            web.session().commit()
            flash(sentence)
            return redirect(url_for("people.person_page", name=name))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"title": f"{kind.title}：{person.called}", "warning": kind.warning, "known": known(form)}
    back = url_for("people.person_page", name=name)
    page = render_template("lives/event.html", form=form, back=back, **shown)
    return page, 422 if form.is_submitted() else 200


@bp.route("/people/new", methods=["GET", "POST"])
@guarded("person.write")
def new_person() -> Any:
    form = forms.NewPersonForm()
    if form.validate_on_submit():
        try:
            new = people.NewPerson(
                form.name.value,
                office_meant(web.session(), form.office.value),
                unit_named(form.home_unit.value),
                [skill for skill in SKILLS if skill in form.skills.data],
                form.day.value,
                form.mark.value,
                form.basis.value,
            )
            person = people.add(web.session(), new, web.myself(), another=form.another.data)
            web.session().commit()
            flash(f"{person.called}已列入名册。未培训，培训后才参加排程。")
            return redirect(url_for("people.person_page", name=person.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"title": "新增人员", "warning": "编号由系统编，不用填写。", "known": known(form)}
    page = render_template("lives/event.html", form=form, back=url_for("people.listing"), **shown)
    return page, 422 if form.is_submitted() else 200


@bp.route("/offices/new", methods=["GET", "POST"])
@guarded("person.write")
def new_office() -> Any:
    form = forms.NewOfficeForm()
    areas = areas_in_order(web.session())
    form.area.choices = choices(
        ((str(area.uuid), "　" * depth + area.name) for area, depth in areas), "县（市）直，不属乡镇"
    )
    if form.validate_on_submit():
        area = {str(area.uuid): area for area, _ in areas}.get(form.area.data)
        try:
            told = (form.name.value, form.kind.data, area, form.min_home.value or 0)
            office = people.add_office(web.session(), *told, web.myself())
            web.session().commit()
            flash(f"{office.called}已新增。")
            return redirect(url_for("people.office_page", name=office.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    shown = {"title": "新增机构", "warning": "编号由系统编，不用填写。", "known": {}}
    page = render_template("lives/event.html", form=form, back=url_for("people.offices"), **shown)
    return page, 422 if form.is_submitted() else 200
